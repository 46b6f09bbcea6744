"""The tracker's events and the experiments' assignments of one shard as they are delivered."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample_company import defects as d
from sample_company import parameters as p
from sample_company import text
from sample_company.catalogue import CATEGORIES
from sample_company.defects import Account, Delivery
from sample_company.delivery_shop import PRODUCT_IDS
from sample_company.events import (
    AGENTS,
    CRAWLER_IDS,
    EVENT_NAMES,
    FLOOD_IDS,
    PAGE_VIEW,
    PRODUCT_VIEW,
    PURCHASED,
    Events,
)  # fmt: skip
from sample_company.experiments import CUSTOMER_LEVEL, VARIANTS
from sample_company.parameters import DAY, Bools, Ints
from sample_company.shard import Shard
from sample_company.streams import stream
from sample_company.visits import DEVICE_TYPES

SOURCES = ("google", "facebook", "newsletter")
MEDIA = ("cpc", "paid_social", "email")
MAILINGS = ("weekly", "welcome", "sale")
REFERRERS = ("https://www.google.com/", "https://homeblog.example/", "https://www.instagram.com/")
PATHS = (
    "/", *(f"/c/{name.lower()}" for name in CATEGORIES), "/cart", "/checkout", "/thanks",
    *(f"/p/{product}" for product in PRODUCT_IDS),
)  # fmt: skip
CART_PATH = 1 + len(CATEGORIES)
SKEWED_DEVICES = 14


def _paths(rng: np.random.Generator, events: Events) -> Ints:
    """The page of each event, as a position in PATHS."""
    landing = rng.integers(0, 1 + len(CATEGORIES), len(events)) * (rng.random(len(events)) < 0.5)
    of_name = [-1, 3, 0, 1, 2]  # product_view, add_to_cart, checkout_start, purchase
    path = (
        CART_PATH
        + np.array(of_name)[events.name]
        + np.maximum(events.product, 0) * (events.name == PRODUCT_VIEW)
    )
    return np.where(events.name == PAGE_VIEW, landing, path)


def _campaign_names(rng: np.random.Generator, events: Events) -> tuple[Ints, list[str]]:
    """The campaign of each landing: the advertisement's, or the mailing's."""
    names = [*(campaign.name for campaign in p.CAMPAIGNS), *MAILINGS]
    mailing = len(p.CAMPAIGNS) + rng.integers(0, 2, len(events))
    for promotion in p.PROMOTIONS:
        mailing[p.within(events.at, promotion.first, promotion.last)] = len(names) - 1
    is_mail = events.channel == p.CHANNELS.index("email")
    return np.where(is_mail, mailing, events.campaign), names


def _source(channel: Ints) -> Ints:
    """The utm source and medium of each landing, as a position in SOURCES; -1: none."""
    return np.array([0, 1, -1, 2, -1, -1, -1, -1])[channel]


def _referrer(channel: Ints) -> Ints:
    """The referrer of each landing, as a position in REFERRERS; -1: none."""
    return np.array([0, -1, 0, -1, -1, 1, 2, -1])[channel]


def _skewed(rng: np.random.Generator, shard: Shard) -> tuple[Ints, Bools]:
    """Seconds by which the clock of each event's device is fast: hours, on a few devices heard at once."""
    events = shard.events
    prompt = np.ones(len(shard.anonymous), dtype=bool)
    prompt[events.device[events.received_at - events.at > 60]] = False
    bought = np.unique(events.device[events.name == PURCHASED])
    prompt[bought] = False
    heard = np.bincount(events.device, minlength=len(prompt))
    candidates = np.flatnonzero(prompt & (heard >= 3) & (np.arange(len(prompt)) < len(shard.devices)))
    ahead = np.zeros(len(prompt), dtype=np.int64)
    ahead[rng.choice(candidates, SKEWED_DEVICES, replace=False)] = rng.integers(2, 10, SKEWED_DEVICES) * 3_600
    return ahead[events.device], ahead[events.device] > 0


def _reserved(events: Events) -> dict[str, Bools]:
    """Events that are peculiar as they are."""
    late = events.received_at - events.at > DAY
    on_late_day = p.within(events.at, p.LATE_DAY, p.LATE_DAY)
    return {"late_by_days": late & ~on_late_day, "day_loaded_late": late & on_late_day}


def deliver_events(shard: Shard, account: Account) -> pa.Table:
    """Events: delivered twice or late, by wrong clocks, by crawlers, and some that make no sense."""
    events = shard.events
    count = len(events)
    rng = stream(shard.seed, shard.number, "delivery of events")
    ahead, is_skewed = _skewed(rng, shard)
    campaign, campaigns = _campaign_names(rng, events)
    source = _source(events.channel)
    columns = {
        "event_id": text.ids(shard.prefix("E"), np.arange(count), 5),
        "anonymous_id": text.ids(shard.prefix("A"), shard.anonymous[events.device], 5),
        "customer_id": text.ids(shard.prefix("C"), events.customer, 4),
        "event_name": text.labels(events.name, EVENT_NAMES),
        "event_at": text.timestamps(events.at + ahead),
        "received_at": text.timestamps(events.received_at),
        "page_path": text.labels(_paths(rng, events), PATHS),
        "referrer": text.labels(_referrer(events.channel), REFERRERS),
        "utm_source": text.labels(source, SOURCES),
        "utm_medium": text.labels(source, MEDIA),
        "utm_campaign": text.labels(campaign, campaigns),
        "device_type": text.labels(events.device_type, DEVICE_TYPES),
        "user_agent": text.labels(events.agent, AGENTS),
        "product_id": text.labels(events.product, PRODUCT_IDS),
        "order_id": text.ids(shard.prefix("O"), events.order, 5),
    }
    crawler = events.device - len(shard.devices)
    peculiar = {
        **_reserved(events),
        "clock_hours_ahead": is_skewed,
        "crawler_announced": (crawler >= 0) & (crawler < CRAWLER_IDS),
        "crawler_flood": (crawler >= CRAWLER_IDS) & (crawler < CRAWLER_IDS + FLOOD_IDS),
        "crawler_unannounced": crawler == CRAWLER_IDS + FLOOD_IDS,
    }
    reserved = np.logical_or.reduce(list(peculiar.values()))
    delivery = Delivery("web.events", columns, rng, account, reserved=reserved)
    for case, is_so in peculiar.items():
        delivery.note(case, np.flatnonzero(is_so))
    delivery.again("exact_copy", delivery.pick(300))
    again = delivery.pick(220, events.received_at < p.END - DAY)
    later = events.received_at[again] + rng.integers(2, 20 * 3_600, len(again))
    delivery.again("delivered_again_later", again, received_at=text.timestamps(later))
    delivery.spoil("blank_for_null", "utm_source", 50, d.blank, where=source < 0)
    delivery.spoil(
        "not_available_for_null", "referrer", 50, d.not_available, where=_referrer(events.channel) < 0
    )
    delivery.spoil("padded_text", "event_name", 60, d.padded)
    delivery.spoil("mixed_case", "event_name", 50, d.mixed_case)
    delivery.spoil("mixed_case", "device_type", 50, d.mixed_case)
    delivery.spoil("other_time_format", "event_at", 60, d.other_format)
    _add_nonsense(delivery, shard, columns)
    return delivery.table_text()


def _add_nonsense(delivery: Delivery, shard: Shard, columns: dict[str, pa.StringArray]) -> None:
    """Events that the warehouse must reject, each an altered page view by a browser never seen again."""
    page_views = (shard.events.visit >= 0) & shard.events.is_landing & (shard.events.customer < 0)
    source = delivery.pick(55, page_views)
    new = text.ids(shard.prefix("E"), len(shard.events) + np.arange(len(source)), 5)
    browsers = text.ids(shard.prefix("A"), len(shard.anonymous) + np.arange(len(source)), 5)
    absurd = [("1970-01-01 00:12:43", "2037-03-01 08:00:00", "2019-06-24 17:45:10")[n % 3] for n in range(25)]
    times = columns["event_at"].take(pa.array(source[25:33])).to_pylist()
    for case, a, b, reason, values in (
        ("clock_years_off", 0, 25, d.CLOCK_SKEW, {"event_at": absurd}),
        (
            "ambiguous_time",
            25,
            33,
            d.BAD_TIMESTAMP,
            {"event_at": [d.ambiguous(t, n) for n, t in enumerate(times)]},
        ),
        ("unknown_event", 33, 41, d.UNKNOWN_VALUE, {"event_name": "video_play"}),
        ("no_anonymous_id", 41, 48, d.MISSING, {"anonymous_id": "N/A"}),
        ("no_event_id", 48, 55, d.MISSING, {"event_id": None}),
    ):
        delivery.again(
            case, source[a:b], outcome=d.REJECTED, reason=reason,
            **({"event_id": new[a:b], "anonymous_id": browsers[a:b]} | values),
        )  # fmt: skip


def deliver_assignments(shard: Shard, account: Account) -> pa.Table:
    """Exposures to the experiments: copies, arms written in other ways, and unknown experiments and arms."""
    assignments = shard.assignments
    is_customer = assignments.experiment == CUSTOMER_LEVEL
    visitor = text.ids(shard.prefix("A"), shard.anonymous[np.where(is_customer, 0, assignments.unit)], 5)
    customer = text.ids(shard.prefix("C"), np.where(is_customer, assignments.unit, 0), 4)
    columns = {
        "experiment_id": text.labels(assignments.experiment, [e.experiment_id for e in p.EXPERIMENTS]),
        "unit_id": pc.if_else(pa.array(is_customer), customer, visitor),
        "variant": text.labels(assignments.variant, VARIANTS),
        "assigned_at": text.timestamps(assignments.at),
    }
    rng = stream(shard.seed, shard.number, "delivery of assignments")
    starts = np.array([p.second_of(e.first) for e in p.EXPERIMENTS])[assignments.experiment]
    early = assignments.at < starts
    delivery = Delivery("experiments.assignments", columns, rng, account, reserved=early)
    delivery.note("assigned_before_start", np.flatnonzero(early))
    delivery.again("exact_copy", delivery.pick(20))
    delivery.spoil("padded_text", "variant", 12, d.padded)
    delivery.spoil("mixed_case", "variant", 12, d.mixed_case)
    delivery.spoil("other_time_format", "assigned_at", 12, d.other_format)
    source = delivery.pick(9)
    for case, a, b, reason, values in (
        ("unknown_experiment", 0, 3, d.UNKNOWN_EXPERIMENT, {"experiment_id": "X99"}),
        ("unknown_variant", 3, 6, d.UNKNOWN_VARIANT, {"variant": "blue"}),
        ("no_unit", 6, 9, d.MISSING, {"unit_id": "N/A"}),
    ):
        delivery.again(case, source[a:b], outcome=d.REJECTED, reason=reason, **values)
    return delivery.table_text()
