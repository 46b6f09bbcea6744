"""Who comes to the web shop, when, by which channel and on which device: the sessions of a shard."""

from dataclasses import dataclass

import numpy as np

from sample_company import parameters as p
from sample_company.clock import DemandClock
from sample_company.customers import People, region_countries
from sample_company.parameters import DAY, Bools, Ints
from sample_company.purchases import Purchases

DEVICE_TYPES = ("mobile", "desktop", "tablet")
MOBILE, DESKTOP = 0, 1
USER_AGENTS = (
    "Safari/17 (iPhone)", "Chrome/126 (Android)", "Samsung/25 (Android)",
    "Chrome/126 (Windows)", "Edge/126 (Windows)", "Safari/17 (Mac)", "Firefox/127 (Linux)",
    "Safari/17 (iPad)", "Chrome/126 (Tablet)",
)  # fmt: skip
AGENTS_OF_TYPE = ((0, 1, 2), (3, 4, 5, 6), (7, 8))
BOUNCE, BROWSE, CART, CHECKOUT, PURCHASE = range(5)
BEHAVIOUR = (0.55, 0.32, 0.09, 0.04)
#                 search, paid social, organic, e-mail, direct, referral, social
STRANGERS_COME_BY = (0.21, 0.14, 0.31, 0.00, 0.14, 0.08, 0.12)
RESEARCHERS_COME_BY = (0.26, 0.16, 0.26, 0.08, 0.09, 0.07, 0.08)
BUYERS_COME_BY = (0.17, 0.05, 0.19, 0.27, 0.27, 0.03, 0.02)
PAID = (0, 1)
SOCIAL = 6
NEVER, AT_START, AT_CHECKOUT = 0, 1, 2
SHARED_DEVICES = 0.05


@dataclass(frozen=True)
class Devices:
    """Browsers of one shard: an anonymous id each. Owner -1 has no account."""

    device_type: Ints
    agent: Ints
    country: Ints
    owner: Ints

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.owner)


@dataclass(frozen=True)
class Visits:
    """Intended sessions of one shard; `order` and `customer` are -1 where there is none.

    `at` is the start, or for a purchase the moment of the order.
    """

    device: Ints
    customer: Ints
    order: Ints
    at: Ints
    kind: Ints
    login: Ints
    channel: Ints
    campaign: Ints

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.device)


def _make_devices(
    rng: np.random.Generator, people: People, guests: Ints, strangers: int
) -> tuple[Devices, Ints, Ints]:
    """Devices, and each customer's first device and number of them. Guests and strangers have one each."""
    owned = rng.choice(np.array([1, 2, 3]), len(people), p=[0.60, 0.30, 0.10])
    first = np.cumsum(owned) - owned
    owner = np.concatenate([np.repeat(np.arange(len(people)), owned), np.full(len(guests) + strangers, -1)])
    shares = np.array([region.share for region in p.REGIONS])
    somewhere = region_countries()[rng.choice(len(shares), strangers, p=shares / shares.sum())]
    country = np.concatenate([np.repeat(people.country, owned), guests, somewhere])
    device_type = rng.choice(3, len(owner), p=[0.56, 0.37, 0.07])
    offsets = np.array([0, 3, 7])[device_type]
    sizes = np.array([len(agents) for agents in AGENTS_OF_TYPE])[device_type]
    agent = offsets + (rng.random(len(owner)) ** 1.7 * sizes).astype(np.int64)
    return Devices(device_type, agent, country, owner), first, owned


def _share_devices(rng: np.random.Generator, people: People, first: Ints) -> Ints:
    """First devices, where some customers use the first device of a neighbour in the same city instead."""
    place = people.region * 10 + people.city
    by_place = np.argsort(place, kind="stable")
    neighbour = np.arange(len(people))
    same = place[by_place[1:]] == place[by_place[:-1]]
    neighbour[by_place[1:]] = np.where(same, by_place[:-1], by_place[1:])
    shares = rng.random(len(people)) < SHARED_DEVICES
    return np.where(shares, first[neighbour], first)


@dataclass(frozen=True)
class _Part:
    """Visits of one origin, before a channel is drawn for them; the fields are those of Visits."""

    device: Ints
    customer: Ints
    order: Ints
    at: Ints
    kind: Ints
    login: Ints
    come_by: tuple[float, ...]


class _Browsers:
    """Which device a customer, or the guest of an order, uses."""

    def __init__(self, rng: np.random.Generator, people: People, purchases: Purchases, guests: Ints) -> None:
        strangers = p.STRANGERS + p.VIRAL_SESSIONS
        self.devices, self._first, self._owned = _make_devices(
            rng, people, purchases.country[guests], strangers
        )
        self._usual = _share_devices(rng, people, self._first)
        self._guest = np.full(len(purchases), -1)
        self._guest[guests] = int(self._owned.sum()) + np.arange(len(guests))
        self.first_stranger = len(self.devices) - strangers

    def used(self, rng: np.random.Generator, customer: Ints, order: Ints) -> Ints:
        """The customer's usual device or any of theirs; for a guest (-1) the device of the order."""
        other = self._first[customer] + (rng.random(len(customer)) * self._owned[customer]).astype(np.int64)
        own = np.where(rng.random(len(customer)) < 0.65, self._usual[customer], other)
        return np.where(customer < 0, self._guest[order], own)


def _behaviour(rng: np.random.Generator, count: int) -> Ints:
    return rng.choice(4, count, p=BEHAVIOUR)


def _buying(rng: np.random.Generator, browsers: _Browsers, purchases: Purchases, tracked: Ints) -> _Part:
    """The visits in which the tracked orders were made; customers sign in at the latest at the checkout."""
    buyer = purchases.customer[tracked]
    login = np.where(rng.random(len(tracked)) < 0.4, AT_START, AT_CHECKOUT)
    return _Part(
        device=browsers.used(rng, buyer, tracked),
        customer=buyer,
        order=tracked,
        at=purchases.ordered_at[tracked],
        kind=np.full(len(tracked), PURCHASE),
        login=np.where(buyer < 0, NEVER, login),
        come_by=BUYERS_COME_BY,
    )


def _researching(
    rng: np.random.Generator, browsers: _Browsers, purchases: Purchases, people: People, tracked: Ints
) -> _Part:
    """Up to two visits in the days before a tracked order, most of them without signing in."""
    order = np.repeat(tracked, rng.choice(3, len(tracked), p=[0.62, 0.26, 0.12]))
    customer = purchases.customer[order]
    before = (rng.exponential(3.5 * DAY, len(order)) + 7_200).astype(np.int64)
    at = purchases.ordered_at[order] - before
    known = (customer >= 0) & (rng.random(len(order)) < 0.2) & (at > people.created_at[customer])
    return _Part(
        device=browsers.used(rng, customer, order),
        customer=customer,
        order=np.full(len(order), -1),
        at=at,
        kind=_behaviour(rng, len(order)).clip(BROWSE),
        login=np.where(known, AT_START, NEVER),
        come_by=RESEARCHERS_COME_BY,
    )


def _looking_around(rng: np.random.Generator, browsers: _Browsers, people: People) -> _Part:
    """Account holders signed in: those who only registered on that day, and some others one day."""
    only_registered = np.flatnonzero(np.isnan(people.first_purchase))
    others = np.flatnonzero(rng.random(len(people)) < 0.12)
    customer = np.concatenate([only_registered, others])
    since = people.created_at[customer]
    at = since + 60 + (rng.random(len(customer)) * (p.END - 3_600 - since)).astype(np.int64)
    at[: len(only_registered)] = since[: len(only_registered)]
    nothing = np.full(len(customer), -1)
    return _Part(
        device=browsers.used(rng, customer, nothing),
        customer=customer,
        order=nothing,
        at=at,
        kind=_behaviour(rng, len(customer)).clip(BROWSE),
        login=np.full(len(customer), AT_START),
        come_by=RESEARCHERS_COME_BY,
    )


def _passing_by(rng: np.random.Generator, browsers: _Browsers, clock: DemandClock) -> _Part:
    """Strangers, some of whom return within weeks."""
    arrival = clock.seconds(clock.arrivals(rng, p.STRANGERS))
    visits = rng.geometric(0.84, p.STRANGERS).clip(1, 6)
    stranger = np.repeat(np.arange(p.STRANGERS), visits)
    earlier = np.arange(len(stranger)) - np.repeat(np.cumsum(visits) - visits, visits)
    later = (earlier * rng.exponential(9 * DAY, len(stranger))).astype(np.int64)
    return _by_strangers(
        rng, browsers.first_stranger + stranger, arrival[stranger] + later, STRANGERS_COME_BY
    )


def _talk_of_the_day(rng: np.random.Generator, browsers: _Browsers) -> _Part:
    """Strangers who all come on VIRAL_DAY from a social network."""
    device = browsers.first_stranger + p.STRANGERS + np.arange(p.VIRAL_SESSIONS)
    at = p.second_of(p.VIRAL_DAY) + (rng.beta(3, 3, p.VIRAL_SESSIONS) * DAY).astype(np.int64)
    return _by_strangers(rng, device, at, (0.0,) * SOCIAL + (1.0,))


def _by_strangers(rng: np.random.Generator, device: Ints, at: Ints, come_by: tuple[float, ...]) -> _Part:
    nobody = np.full(len(device), -1)
    kind = _behaviour(rng, len(device))
    return _Part(device, nobody, nobody, at, kind, np.full(len(device), NEVER), come_by)


def make_visits(
    rng: np.random.Generator, people: People, purchases: Purchases, clock: DemandClock
) -> tuple[Devices, Visits, Ints]:
    """Sessions that end in an order, those that prepare one, account holders' and strangers' visits.

    Also the clicks on advertisements, by campaign and day: those of visits that no tracker saw too.
    """
    online = (purchases.store == p.ONLINE) & purchases.has_lines
    tracked = np.flatnonzero(online & (rng.random(len(purchases)) < p.TRACKED))
    browsers = _Browsers(rng, people, purchases, tracked[purchases.customer[tracked] < 0])
    parts = (
        _buying(rng, browsers, purchases, tracked),
        _researching(rng, browsers, purchases, people, tracked),
        _looking_around(rng, browsers, people),
        _passing_by(rng, browsers, clock),
        _talk_of_the_day(rng, browsers),
    )
    device = np.concatenate([part.device for part in parts])
    channel = np.concatenate([rng.choice(len(p.CHANNELS), len(part.at), p=part.come_by) for part in parts])
    intended = Visits(
        device=device,
        customer=np.concatenate([part.customer for part in parts]),
        order=np.concatenate([part.order for part in parts]),
        at=np.concatenate([part.at for part in parts]),
        kind=np.concatenate([part.kind for part in parts]),
        login=np.concatenate([part.login for part in parts]),
        channel=channel,
        campaign=_campaigns(rng, channel, browsers.devices.country[device]),
    )
    return browsers.devices, _happening(rng, browsers.devices, intended), _clicks(intended)


def _clicks(visits: Visits) -> Ints:
    """Paid visits by campaign and day."""
    paid = (visits.campaign >= 0) & (visits.at >= 0) & (visits.at < p.END)
    cells = visits.campaign[paid] * p.DAYS + visits.at[paid] // DAY
    return np.bincount(cells, minlength=len(p.CAMPAIGNS) * p.DAYS).reshape(len(p.CAMPAIGNS), p.DAYS)


def _campaigns(rng: np.random.Generator, channel: Ints, country: Ints) -> Ints:
    """The campaign of each paid visit, one shown in the visitor's country; -1 for the others."""
    campaign = np.full(len(channel), -1)
    for number in PAID:
        for index, name in enumerate(p.COUNTRIES):
            shown = [
                i
                for i, c in enumerate(p.CAMPAIGNS)
                if c.channel == p.CHANNELS[number] and name in c.countries
            ]
            here = np.flatnonzero((channel == number) & (country == index))
            campaign[here] = rng.choice(shown, len(here))
    return campaign


def _happening(rng: np.random.Generator, devices: Devices, visits: Visits) -> Visits:
    """The visits within the window that neither the outage prevented nor the tracker missed."""
    at = visits.at
    prevented = p.within(at, p.OUTAGE_DAY, p.OUTAGE_DAY)
    mobile = devices.device_type[visits.device] == MOBILE
    missed: Bools = mobile & p.within(at, *p.MOBILE_LOSS) & (rng.random(len(at)) < p.MOBILE_LOSS_SHARE)
    keep = (at >= 3_600) & (at < p.END - 3_600) & ~prevented & ~missed
    return Visits(**{name: column[keep] for name, column in vars(visits).items()})
