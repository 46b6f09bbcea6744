"""Who the customers are, and when they buy: a beta-geometric/NBD process on the demand clock."""

from dataclasses import dataclass

import numpy as np

from sample_company import parameters as p
from sample_company.clock import DemandClock
from sample_company.parameters import DAY, Bools, Floats, Ints

FIRST_NAMES = (
    "Ada", "Amir", "Anna", "Ben", "Carla", "Chloe", "Daniel", "Elena", "Emma", "Felix", "Grace", "Hannah",
    "Ines", "Jack", "James", "Jonas", "Karim", "Laura", "Leo", "Lucía", "Maria", "Marta", "Max", "Maya",
    "Nina", "Noah", "Olga", "Oliver", "Paula", "Priya", "Rosa", "Sam", "Sofia", "Theo", "Tom", "Zoë",
)  # fmt: skip
LAST_NAMES = (
    "Adams", "Bauer", "Becker", "Bianchi", "Brown", "Campbell", "Clark", "Davies", "Dubois", "Evans",
    "Fischer", "Garcia", "Hall", "Hughes", "Jansen", "Kelly", "Klein", "Lopez", "Martin", "Meyer", "Miller",
    "Moreau", "Müller", "Murphy", "Nguyen", "Patel", "Petit", "Ricci", "Russo", "Schmidt", "Smith", "Taylor",
    "Visser", "Wagner", "Walker", "Wilson", "Wolf", "Wood", "Wright", "Young",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """The customers of one shard in the order of their accounts, one array entry each."""

    region: Ints
    city: Ints
    country: Ints
    first_name: Ints
    last_name: Ints
    opt_in: Ints  # 1 yes, 0 no, -1 never asked
    created_at: Ints
    changed_at: Ints
    first_purchase: Floats  # demand clock; NaN for those who only registered
    home_store: Ints  # 0: none nearby
    visits_stores: Floats

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.region)


def region_countries() -> Ints:
    """The country (an index into COUNTRIES) of each region."""
    return np.array([p.COUNTRIES.index(region.country) for region in p.REGIONS])


def make_people(rng: np.random.Generator, clock: DemandClock) -> People:
    """The customers of one shard."""
    count = p.BUYERS + p.REGISTERED_ONLY
    first_purchase = np.sort(clock.arrivals(rng, p.BUYERS))
    bought_at = clock.seconds(first_purchase)
    planned = np.where(rng.random(p.BUYERS) < 0.7, 60, rng.exponential(12 * DAY, p.BUYERS))
    registered = rng.integers(0, p.END - 10 * DAY, p.REGISTERED_ONLY)
    account_at = bought_at - planned.astype(np.int64)
    account_at = np.where(account_at < 0, bought_at - 60, account_at)
    created_at = np.concatenate([account_at.clip(0), registered])
    first_purchase = np.concatenate([first_purchase, np.full(p.REGISTERED_ONLY, np.nan)])
    order = np.argsort(created_at, kind="stable")

    shares = np.array([region.share for region in p.REGIONS])
    region = rng.choice(len(p.REGIONS), count, p=shares / shares.sum())
    cities = np.array([len(r.cities) for r in p.REGIONS])[region]
    home_store = np.zeros(count, dtype=np.int64)
    for number, place in enumerate(p.REGIONS):
        nearby = [i for i, store in enumerate(p.STORES) if store.region == place.name]
        if nearby:
            here = np.flatnonzero(region == number)
            weights = np.array([p.STORES[i].share for i in nearby])
            home_store[here] = rng.choice(nearby, len(here), p=weights / weights.sum())
    fans = rng.random(count) < p.RETAIL_FANS
    created_at = created_at[order]
    changed = rng.random(count) < 0.05
    later = created_at + (rng.random(count) * (p.END - 1 - created_at)).astype(np.int64)
    return People(
        region=region,
        city=(rng.random(count) ** 1.5 * cities).astype(np.int64),
        country=region_countries()[region],
        first_name=rng.integers(0, len(FIRST_NAMES), count),
        last_name=rng.integers(0, len(LAST_NAMES), count),
        opt_in=rng.choice(np.array([1, 0, -1]), count, p=[0.55, 0.40, 0.05]),
        created_at=created_at,
        changed_at=np.where(changed, later, created_at),
        first_purchase=first_purchase[order],
        home_store=home_store,
        visits_stores=np.where(home_store > 0, np.where(fans, p.FAN_VISITS, p.OTHER_VISITS), 0.0),
    )


def make_purchases(rng: np.random.Generator, people: People, clock: DemandClock) -> tuple[Ints, Ints, Bools]:
    """All purchases of the shard's customers: customer, second, whether it is the first; in no order.

    Source: Fader, Hardie, Lee (2005), "Counting Your Customers" the Easy Way. A customer buys at rate
    gamma(r, alpha) from the first purchase on, and after each repeat purchase leaves for good with
    probability beta(a, b).
    """
    model = p.REPEAT
    buyers = np.flatnonzero(~np.isnan(people.first_purchase))
    rate = rng.gamma(model.r, 1 / (model.alpha_weeks * 7), len(buyers))
    leaves = rng.beta(model.a, model.b, len(buyers))
    now = people.first_purchase[buyers].copy()
    customers, readings, firsts = [buyers], [now], [np.ones(len(buyers), dtype=bool)]
    active = np.arange(len(buyers))
    while len(active):
        now = now + rng.exponential(1.0, len(active)) / rate[active]
        inside = now < clock.end
        active, now = active[inside], now[inside]
        customers.append(buyers[active])
        readings.append(now)
        firsts.append(np.zeros(len(active), dtype=bool))
        stays = rng.random(len(active)) >= leaves[active]
        active, now = active[stays], now[stays]
    return np.concatenate(customers), clock.seconds(np.concatenate(readings)), np.concatenate(firsts)
