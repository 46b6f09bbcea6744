"""Every purchase of a shard before it is priced: by whom, when, and in which store."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sample_company import parameters as p
from sample_company.clock import DemandClock
from sample_company.customers import People, make_purchases, region_countries
from sample_company.parameters import DAY, Bools, Floats, Ints

ORDERS_WITHOUT_LINES = 12


@dataclass(frozen=True)
class Purchases:
    """Orders to be, sorted by time; customer -1 is a guest, product -1 means no product in particular."""

    customer: Ints
    country: Ints
    store: Ints
    ordered_at: Ints
    is_first: Bools
    product: Ints
    has_lines: Bools

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.customer)


def opening_seconds() -> Ints:
    """The first second on which each store can sell."""
    return np.array([p.second_of(store.opened_on) for store in p.STORES])


def store_countries() -> Ints:
    """The country of each store."""
    return np.array([p.COUNTRIES.index(store.country) for store in p.STORES])


def _is_open(store: Ints, at: Ints) -> Bools:
    """Whether a retail store can sell at that second."""
    hour = at % DAY // 3600
    closed = (store == p.CLOSED_STORE) & p.within(at, *p.CLOSURE)
    holiday = np.isin(at // DAY, [p.day_number(h.day) for h in p.HOLIDAYS if h.name == "Christmas Day"])
    open_hours = (hour >= p.RETAIL_HOURS[0]) & (hour < p.RETAIL_HOURS[1])
    can_sell: Bools = (at >= opening_seconds()[store]) & open_hours & ~closed & ~holiday
    return can_sell


def _after_outage(rng: np.random.Generator, at: Ints, store: Ints) -> Ints:
    """Online purchases of the outage's day happen one to four days later."""
    missed = (store == p.ONLINE) & p.within(at, p.OUTAGE_DAY, p.OUTAGE_DAY)
    return np.where(missed, at + rng.integers(1, 5, len(at)) * DAY, at)


def _guests(rng: np.random.Generator, clock: DemandClock) -> tuple[Ints, Ints]:
    """Second and store of the guests' purchases; those before a store opens do not happen."""
    at = clock.seconds(clock.arrivals(rng, p.GUEST_ORDERS))
    shares = np.array([store.share for store in p.STORES])
    shares = shares / shares.sum() * p.GUEST_RETAIL_SHARE
    shares[p.ONLINE] = 1 - p.GUEST_RETAIL_SHARE
    store = rng.choice(len(p.STORES), len(at), p=shares)
    happens = (store == p.ONLINE) | _is_open(store, at)
    return at[happens], store[happens]


def _policy_extras(
    rng: np.random.Generator, people: People, customer: Ints, at: Ints, store: Ints
) -> tuple[Ints, Ints]:
    """The additional online orders that free shipping brings: by customers of the region, lapsed ones too."""
    region = [r.name for r in p.REGIONS].index(p.POLICY_REGION)
    concerned = (store == p.ONLINE) & (customer >= 0) & (at >= p.second_of(p.POLICY_DAY))
    concerned &= people.region[customer] == region
    times = at[concerned]
    times = times[rng.random(len(times)) < p.POLICY_EFFECT - 1]
    times = (times + rng.integers(-3 * DAY, 3 * DAY, len(times))).clip(p.second_of(p.POLICY_DAY), p.END - 1)
    locals_ = np.flatnonzero(people.region == region)
    known = np.searchsorted(people.created_at[locals_], times)
    return locals_[(rng.random(len(times)) * known).astype(np.int64)], times


def _surge(rng: np.random.Generator, count: int, first: int, seconds: int) -> Ints:
    return first + np.sort(rng.integers(8 * 3600, seconds, count))


def make_all_purchases(rng: np.random.Generator, people: People, clock: DemandClock) -> Purchases:
    """All purchases of one shard: customers', guests', and what policy and mishaps add."""
    customer, at, is_first = make_purchases(rng, people, clock)
    visits = rng.random(len(customer)) < people.visits_stores[customer]
    home = people.home_store[customer]
    store = np.where(visits & _is_open(home, at), home, p.ONLINE)
    at = _after_outage(rng, at, store)
    extra_customer, extra_at = _policy_extras(rng, people, customer, at, store)
    guest_at, guest_store = _guests(rng, clock)
    guest_at = _after_outage(rng, guest_at, guest_store)
    two_days = (p.MISPRICED_DAYS[1] - p.MISPRICED_DAYS[0] + timedelta(days=1)).days * DAY
    wrong_price = _surge(rng, p.MISPRICED_ORDERS, p.second_of(p.MISPRICED_DAYS[0]), two_days)
    viral = _surge(rng, p.VIRAL_ORDERS, p.second_of(p.VIRAL_DAY), DAY)
    empty = np.sort(rng.integers(30 * DAY, p.END - 30 * DAY, ORDERS_WITHOUT_LINES))
    empty = empty[~p.within(empty, p.OUTAGE_DAY, p.OUTAGE_DAY)]

    guests = [guest_at, wrong_price, viral, empty]
    online_guests = len(wrong_price) + len(viral) + len(empty)
    customer = np.concatenate([customer, extra_customer, np.full(sum(map(len, guests)), -1)])
    at = np.concatenate([at, extra_at, *guests])
    online = np.full(len(extra_at), p.ONLINE)
    store = np.concatenate([store, online, guest_store, np.full(online_guests, p.ONLINE)])
    product = np.full(len(at), -1)
    tail = len(at) - online_guests
    product[tail : tail + len(wrong_price)] = p.MISPRICED_PRODUCT
    product[tail + len(wrong_price) : len(at) - len(empty)] = p.VIRAL_PRODUCT
    has_lines = np.arange(len(at)) < len(at) - len(empty)
    is_first = np.concatenate([is_first, np.zeros(len(at) - len(is_first), dtype=bool)])
    shares: Floats = np.array([region.share for region in p.REGIONS])
    somewhere = region_countries()[rng.choice(len(shares), len(at), p=shares / shares.sum())]
    country = np.where(customer >= 0, people.country[customer], somewhere)
    country = np.where(store == p.ONLINE, country, store_countries()[store])
    order = np.argsort(at, kind="stable")
    order = order[at[order] < p.END]
    return Purchases(
        customer[order], country[order], store[order], at[order], is_first[order], product[order],
        has_lines[order],
    )  # fmt: skip
