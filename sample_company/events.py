"""The events of the sessions, click by click, and of the crawlers among them."""

from dataclasses import dataclass

import numpy as np

from sample_company import parameters as p
from sample_company.catalogue import PRODUCTS, Catalogue
from sample_company.orders import Lines
from sample_company.parameters import DAY, Bools, Ints
from sample_company.visits import (
    AT_CHECKOUT,
    AT_START,
    BROWSE,
    CART,
    CHECKOUT,
    DESKTOP,
    PURCHASE,
    USER_AGENTS,
    Devices,
    Visits,
)

EVENT_NAMES = ("page_view", "product_view", "add_to_cart", "checkout_start", "purchase")
PAGE_VIEW, PRODUCT_VIEW, ADD_TO_CART, CHECKOUT_START, PURCHASED = range(5)
CRAWLERS = ("Googlebot/2.1", "bingbot/2.0", "AhrefsBot/7.0")
AGENTS = (*USER_AGENTS, *CRAWLERS)
CRAWLER_IDS, FLOOD_IDS = 9, 30
CRAWLER_EVENTS_A_DAY = 0.9
QUIET_CRAWLER_EVENTS, QUIET_CRAWLER_GAP = 360, 4


@dataclass(frozen=True)
class Events:
    """The events of one shard sorted by the time they were received; -1 where a value is absent.

    `visit` is the row of the human visit that an event belongs to, -1 for crawlers.
    """

    visit: Ints
    device: Ints
    customer: Ints
    name: Ints
    at: Ints
    received_at: Ints
    channel: Ints  # on the first event of a visit only
    campaign: Ints
    is_landing: Bools
    device_type: Ints
    agent: Ints
    product: Ints
    order: Ints

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.visit)


def _gaps(rng: np.random.Generator, count: int) -> Ints:
    return rng.lognormal(3.6, 0.9, count).clip(3, 1_200).astype(np.int64)


def _keep_apart(device: Ints, start: Ints, end: Ints, is_purchase: Bools) -> Bools:
    """Which visits stay so that no two of a device are closer than SESSION_GAP_SECONDS."""
    order = np.lexsort((start, device))
    while True:
        device_, start_, end_ = device[order], start[order], end[order]
        too_close = (device_[1:] == device_[:-1]) & (start_[1:] < end_[:-1] + p.SESSION_GAP_SECONDS)
        if not too_close.any():
            break
        drop_earlier = too_close & is_purchase[order][1:] & ~is_purchase[order][:-1]
        keep = np.ones(len(order), dtype=bool)
        keep[:-1] &= ~drop_earlier
        keep[1:] &= ~(too_close & ~drop_earlier)
        order = order[keep]
    stays = np.zeros(len(device), dtype=bool)
    stays[order] = True
    return stays


def make_events(
    rng: np.random.Generator, visits: Visits, devices: Devices, lines: Lines, catalogue: Catalogue
) -> tuple[Events, Ints]:
    """Events of one shard, and the start of each visit (-1 for the visits that did not happen after all)."""
    count = len(visits)
    views = np.where(visits.kind >= BROWSE, rng.geometric(0.76, count).clip(1, 5), 0)
    adds = np.where(visits.kind >= CART, 1 + (rng.random(count) < 0.18), 0)
    checkouts = (visits.kind >= CHECKOUT).astype(np.int64)
    is_purchase = visits.kind == PURCHASE
    length = 1 + views + adds + checkouts + is_purchase

    visit = np.repeat(np.arange(count), length)
    begins = np.cumsum(length) - length
    step = np.arange(len(visit)) - begins[visit]
    gap = np.where(step == 0, 0, _gaps(rng, len(visit)))
    running = np.cumsum(gap)
    offset = running - running[begins][visit]
    duration = offset[begins + length - 1]
    start = np.where(is_purchase, visits.at - duration, visits.at)
    stays = _keep_apart(visits.device, start, start + duration, is_purchase)
    stays &= (start >= 0) & (start + duration < p.END - 60)

    name = np.select(
        [step == 0, step <= views[visit], step <= (views + adds)[visit], step == (views + adds)[visit] + 1],
        [PAGE_VIEW, PRODUCT_VIEW, ADD_TO_CART, CHECKOUT_START],
        PURCHASED,
    )
    at = start[visit] + offset
    wanted = catalogue.draw(rng, visits.at.clip(0, p.END - 1))
    first_line = np.searchsorted(lines.order, np.maximum(visits.order, 0))
    wanted = np.where(visits.order >= 0, lines.product[first_line], wanted)
    looked_at = catalogue.draw(rng, at.clip(0, p.END - 1))
    is_wanted = (step == views[visit]) | (step == (views + 1)[visit])
    product = np.where(is_wanted, wanted[visit], looked_at)
    product = np.where((name == PRODUCT_VIEW) | (name == ADD_TO_CART), product, -1)

    checkout_step = (views + adds + 1)[visit]
    login = visits.login[visit]
    known = (login == AT_START) | ((login == AT_CHECKOUT) & (step >= checkout_step))
    device = visits.device[visit]
    landing = step == 0
    human = Events(
        visit, device, np.where(known, visits.customer[visit], -1), name, at, _received(rng, visit, at),
        np.where(landing, visits.channel[visit], -1), np.where(landing, visits.campaign[visit], -1), landing,
        devices.device_type[device], devices.agent[device], product,
        np.where(name == PURCHASED, visits.order[visit], -1),
    )  # fmt: skip
    human = _rows(human, np.flatnonzero(stays[visit]))
    crawlers = _crawlers(rng, len(devices), catalogue)
    both = [np.concatenate(pair) for pair in zip(vars(human).values(), vars(crawlers).values(), strict=True)]
    events = Events(*both)
    return _rows(events, np.lexsort((events.at, events.received_at))), np.where(stays, start, -1)


def _rows(events: Events, rows: Ints) -> Events:
    return Events(**{name: column[rows] for name, column in vars(events).items()})


def _received(rng: np.random.Generator, visit: Ints, at: Ints) -> Ints:
    """Server time: seconds later; days later on LATE_DAY and for the odd visit made without a network."""
    received = at + rng.integers(1, 4, len(at))
    on_late_day = p.within(at, p.LATE_DAY, p.LATE_DAY)
    received = np.where(on_late_day, received + p.LATE_DAYS * DAY, received)
    offline = (rng.random(int(visit.max()) + 1) < 0.004)[visit] & ~on_late_day & (at < p.END - 8 * DAY)
    days_late = rng.integers(2 * DAY, 6 * DAY, int(visit.max()) + 1)[visit]
    return np.where(offline, received + days_late, received)


def _crawlers(rng: np.random.Generator, first_device: int, catalogue: Catalogue) -> Events:
    """Announced crawlers all year, a flood of one of them on CRAWLER_DAY, and one in a browser's clothes."""
    usual = int(CRAWLER_EVENTS_A_DAY * p.DAYS)
    at = rng.integers(0, p.END - DAY, usual)
    at = at[~p.within(at, p.OUTAGE_DAY, p.OUTAGE_DAY) & ~p.within(at, p.LATE_DAY, p.LATE_DAY)]
    who = rng.integers(0, CRAWLER_IDS, len(at))
    agent = len(USER_AGENTS) + who % len(CRAWLERS)
    flood_at = p.second_of(p.CRAWLER_DAY) + rng.integers(2 * 3600, 22 * 3600, p.CRAWLER_EVENTS)
    flood = CRAWLER_IDS + rng.integers(0, FLOOD_IDS, p.CRAWLER_EVENTS)
    nights = np.array([p.second_of(day, 2) for day in p.QUIET_CRAWLER_DAYS])
    each = QUIET_CRAWLER_EVENTS // len(nights)
    quiet_at = (nights[:, None] + np.arange(each) * QUIET_CRAWLER_GAP).ravel()
    quiet = np.full(len(quiet_at), CRAWLER_IDS + FLOOD_IDS)

    at = np.concatenate([at, flood_at, quiet_at])
    device = first_device + np.concatenate([who, flood, quiet])
    quiet_agent = USER_AGENTS.index("Firefox/127 (Linux)")
    agent = np.concatenate([agent, np.full(len(flood), len(AGENTS) - 1), np.full(len(quiet), quiet_agent)])
    count = len(at)
    nothing = np.full(count, -1)
    product = np.concatenate(
        [catalogue.draw(rng, at[: count - len(quiet)]), np.arange(len(quiet)) % PRODUCTS]
    )
    views = (rng.random(count) < 0.7) | (np.arange(count) >= count - len(quiet))
    return Events(
        nothing, device, nothing, np.where(views, PRODUCT_VIEW, PAGE_VIEW), at, at + 1, nothing, nothing,
        np.zeros(count, dtype=bool), np.full(count, DESKTOP), agent, np.where(views, product, -1), nothing,
    )  # fmt: skip
