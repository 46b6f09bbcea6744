"""Every number of the story: what the company is, how its customers behave, what happened on which day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FIRST_DAY = date(2024, 7, 1)
LAST_DAY = date(2026, 6, 30)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
DAY = 86_400
END = DAYS * DAY
DEFAULT_SEED = 16  # one whose small sample shows the effects near their true sizes


def day_number(day: date) -> int:
    """Days from FIRST_DAY to `day`."""
    return (day - FIRST_DAY).days


def second_of(day: date, hour: int = 0) -> int:
    """The second at which `hour` of `day` begins."""
    return day_number(day) * DAY + hour * 3600


# --- demand ---------------------------------------------------------------------------------------------

WEEKDAY_FACTOR = (0.93, 0.90, 0.92, 0.97, 1.08, 1.25, 0.95)  # Monday first
MONTH_FACTOR = (0.97, 0.95, 0.98, 0.99, 1.00, 0.95, 0.94, 0.90, 0.99, 1.04, 1.16, 1.24)  # January first
HOUR_FACTOR = (3, 2, 1, 1, 1, 2, 5, 12, 26, 42, 54, 60, 64, 60, 56, 54, 56, 60, 60, 52, 46, 38, 24, 10)


@dataclass(frozen=True)
class Holiday:
    """A day on which people shop less, every year, for a reason in the calendar."""

    day: date
    name: str
    factor: float


@dataclass(frozen=True)
class Promotion:
    """Days with more demand, on which a coupon takes `discount` off every line."""

    coupon: str
    first: date
    last: date
    discount: float
    factor: float


HOLIDAYS = (
    Holiday(date(2024, 12, 25), "Christmas Day", 0.30),
    Holiday(date(2024, 12, 26), "Boxing Day", 0.60),
    Holiday(date(2025, 1, 1), "New Year's Day", 0.45),
    Holiday(date(2025, 4, 20), "Easter Sunday", 0.55),
    Holiday(date(2025, 12, 25), "Christmas Day", 0.30),
    Holiday(date(2025, 12, 26), "Boxing Day", 0.60),
    Holiday(date(2026, 1, 1), "New Year's Day", 0.45),
    Holiday(date(2026, 4, 5), "Easter Sunday", 0.55),
)
PROMOTIONS = (
    Promotion("SUMMER24", date(2024, 7, 18), date(2024, 7, 28), 0.15, 1.35),
    Promotion("BLACK24", date(2024, 11, 25), date(2024, 12, 2), 0.20, 1.90),
    Promotion("JANSALE25", date(2025, 1, 2), date(2025, 1, 12), 0.15, 1.40),
    Promotion("SUMMER25", date(2025, 7, 17), date(2025, 7, 27), 0.15, 1.35),
    Promotion("BLACK25", date(2025, 11, 24), date(2025, 12, 1), 0.20, 1.90),
    Promotion("JANSALE26", date(2026, 1, 2), date(2026, 1, 12), 0.15, 1.40),
)
PROMOTION_USE = 0.55  # share of the orders of these days that carry the coupon
WELCOME_COUPON, WELCOME_DISCOUNT, WELCOME_USE = "WELCOME5", 0.05, 0.20  # first orders only

# --- one shard: about 3,000 customers and all they do ---------------------------------------------------

BUYERS = 2_720
REGISTERED_ONLY = 280
GUEST_ORDERS = 1_180
GUEST_RETAIL_SHARE = 0.88
LAUNCH_BOOST, LAUNCH_DAYS, YEARLY_GROWTH = 1.6, 60.0, 0.18  # arrival of new customers and of guests


@dataclass(frozen=True)
class BetaGeometricNbd:
    """Repeat purchases: rates are gamma(r, alpha) per week of the demand clock, drop-out is beta(a, b)."""

    r: float
    alpha_weeks: float
    a: float
    b: float


REPEAT = BetaGeometricNbd(r=0.75, alpha_weeks=8.0, a=1.25, b=2.75)


@dataclass(frozen=True)
class Region:
    """A part of a country: its share of the customers, its cities, and the stores nearby."""

    country: str
    name: str
    share: float
    cities: tuple[str, ...]


REGIONS = (
    Region("US", "California", 0.14, ("Los Angeles", "San Francisco", "San Diego")),
    Region("US", "New York", 0.13, ("New York", "Buffalo")),
    Region("US", "Texas", 0.11, ("Austin", "Houston", "Dallas")),
    Region("CA", "Ontario", 0.04, ("Toronto", "Ottawa")),
    Region("GB", "England", 0.175, ("London", "Manchester", "Bristol", "Leeds")),
    Region("GB", "Scotland", 0.05, ("Edinburgh", "Glasgow")),
    Region("DE", "Bayern", 0.06, ("München", "Nürnberg")),
    Region("DE", "Berlin", 0.07, ("Berlin",)),
    Region("DE", "Nordrhein-Westfalen", 0.07, ("Köln", "Düsseldorf", "Essen")),
    Region("AT", "Wien", 0.02, ("Wien",)),
    Region("FR", "Île-de-France", 0.045, ("Paris", "Versailles")),
    Region("NL", "Noord-Holland", 0.03, ("Amsterdam", "Haarlem")),
    Region("IE", "Leinster", 0.02, ("Dublin",)),
    Region("ES", "Madrid", 0.02, ("Madrid",)),
    Region("IT", "Lombardia", 0.02, ("Milano", "Bergamo")),
)
CURRENCIES = ("USD", "GBP", "EUR")
COUNTRY_CURRENCY = {"US": 0, "CA": 0, "GB": 1, "IE": 2, "DE": 2, "AT": 2, "FR": 2, "NL": 2, "ES": 2, "IT": 2}
COUNTRIES = tuple(COUNTRY_CURRENCY)


@dataclass(frozen=True)
class Store:
    """A place of sale; `region` is the region whose customers shop there."""

    store_id: str
    name: str
    country: str
    city: str | None
    region: str | None
    opened_on: date
    share: float


STORES = (
    Store("S00", "Larkspur Online", "US", None, None, date(2019, 3, 1), 0.0),
    Store("S01", "Larkspur New York", "US", "New York", "New York", date(2019, 5, 18), 0.15),
    Store("S02", "Larkspur Los Angeles", "US", "Los Angeles", "California", date(2020, 9, 5), 0.10),
    Store("S03", "Larkspur Austin", "US", "Austin", "Texas", date(2022, 4, 9), 0.11),
    Store("S04", "Larkspur London", "GB", "London", "England", date(2019, 10, 12), 0.20),
    Store("S05", "Larkspur Manchester", "GB", "Manchester", "England", date(2021, 6, 19), 0.06),
    Store("S06", "Larkspur Berlin", "DE", "Berlin", "Berlin", date(2021, 9, 25), 0.11),
    Store("S07", "Larkspur Bristol", "GB", "Bristol", "England", date(2023, 3, 4), 0.04),
    Store("S08", "Larkspur Köln", "DE", "Köln", "Nordrhein-Westfalen", date(2024, 11, 16), 0.08),
    Store("S09", "Larkspur München", "DE", "München", "Bayern", date(2025, 3, 8), 0.06),
    Store("S10", "Larkspur San Francisco", "US", "San Francisco", "California", date(2025, 9, 20), 0.05),
    Store("S11", "Larkspur Edinburgh", "GB", "Edinburgh", "Scotland", date(2026, 2, 14), 0.04),
)
ONLINE = 0
RETAIL_HOURS = (9, 21)
RETAIL_FANS, FAN_VISITS, OTHER_VISITS = 0.86, 0.95, 0.45  # who shops in a store nearby, and how often

SHIPPING_CENTS, FREE_SHIPPING_FROM_CENTS = 490, 7_500

# --- the policy -----------------------------------------------------------------------------------------

POLICY_REGION = "England"
POLICY_DAY = date(2025, 10, 6)
POLICY_CONTROLS = (
    "New York",
    "Texas",
    "Ontario",
    "Wien",
    "Île-de-France",
    "Noord-Holland",
    "Madrid",
    "Lombardia",
)
POLICY_EFFECT = 1.35  # online orders of the region from that day on, against what they would have been

# --- the web --------------------------------------------------------------------------------------------

STRANGERS = 11_700
TRACKED = 0.95
SESSION_GAP_SECONDS = 45 * 60  # two sessions of one visitor are never closer than this
CHANNELS = ("paid_search", "paid_social", "organic_search", "email", "direct", "referral", "social")


@dataclass(frozen=True)
class Campaign:
    """An advertising campaign; `countries` are those it is shown in."""

    name: str
    channel: str
    currency: str
    countries: tuple[str, ...]
    cost_per_click: float
    click_rate: float


CAMPAIGNS = (
    Campaign("brand_us", "paid_search", "USD", ("US", "CA"), 1.10, 0.090),
    Campaign("generic_us", "paid_search", "USD", ("US", "CA"), 2.60, 0.031),
    Campaign("search_gb", "paid_search", "GBP", ("GB", "IE"), 1.70, 0.045),
    Campaign("search_eu", "paid_search", "EUR", ("DE", "AT", "FR", "NL", "ES", "IT"), 1.55, 0.048),
    Campaign("social_us", "paid_social", "USD", ("US", "CA"), 0.90, 0.011),
    Campaign(
        "social_europe", "paid_social", "EUR", ("GB", "IE", "DE", "AT", "FR", "NL", "ES", "IT"), 0.75, 0.012
    ),
)
UNTRACKED_CLICKS_PER_DAY = 0.35  # per campaign and shard: clicks that no session was seen for
CLICK_GROWTH = 1.12

# --- the experiments ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Experiment:
    """An experiment with two arms of equal allocation; `effect` is the ratio of their primary metrics."""

    experiment_id: str
    name: str
    hypothesis: str
    owner: str
    unit: str
    primary_metric: str
    first: date
    last: date
    effect: float


EXPERIMENTS = (
    Experiment(
        "X01", "Delivery date on the product page", "Knowing the day of delivery makes more visitors buy",
        "Web team", "anonymous_id", "purchase_rate", date(2025, 9, 1), date(2025, 12, 21), 1.35,
    ),
    Experiment(
        "X02", "Loyalty letter by e-mail", "A monthly letter makes customers order more often",
        "CRM team", "customer_id", "orders_per_customer", date(2025, 2, 3), date(2025, 6, 29), 1.0,
    ),
    Experiment(
        "X03", "Larger pictures", "Larger pictures make more visitors buy",
        "Web team", "anonymous_id", "purchase_rate", date(2026, 2, 2), date(2026, 5, 31), 1.0,
    ),
)  # fmt: skip
LOST_CONTROLS = 0.30  # X03: share of the control arm's visitors without a purchase whose assignment is lost
LEAKED_UNITS = 50  # X03: units seen in both arms, per shard
EARLY_ASSIGNMENTS = 25  # X03: assigned before the start, per shard

# --- what went wrong, or viral ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Anomaly:
    """Something out of the ordinary in daily figures, from the first to the last of `days`.

    `figures` names each figure and its direction; `size` says by how much, in words.
    """

    anomaly_id: str
    days: tuple[date, date]
    tables: tuple[str, ...]
    figures: dict[str, str]
    size: str
    store_id: str | None = None
    product_id: str | None = None
    device_type: str | None = None


OUTAGE_DAY = date(2025, 3, 11)
PAYMENT_FAILURE = (date(2025, 5, 20), date(2025, 5, 21))
CRAWLER_DAY = date(2025, 11, 12)
MISPRICED_DAYS = (date(2025, 8, 13), date(2025, 8, 14))
LATE_DAY = date(2026, 4, 15)
TWICE_DAY = date(2026, 2, 10)
VIRAL_DAY = date(2026, 1, 22)
MOBILE_LOSS = (date(2025, 6, 16), date(2025, 6, 20))
CLOSURE = (date(2026, 3, 9), date(2026, 3, 22))
RECALL_DAYS = (date(2024, 10, 14), date(2024, 10, 16))
QUIET_CRAWLER_DAYS = (date(2025, 5, 2), date(2025, 5, 3), date(2025, 5, 4))

CLOSED_STORE = 6
MISPRICED_PRODUCT, VIRAL_PRODUCT, RECALLED_PRODUCT = 5, 67, 46
MISPRICED_ORDERS, VIRAL_ORDERS, VIRAL_SESSIONS, CRAWLER_EVENTS = 36, 16, 320, 1_100
RECALL_LOOKBACK_DAYS, RECALL_SHARE = 75, 0.85
MOBILE_LOSS_SHARE = 0.92
LATE_DAYS = 2


def within(seconds: Ints, first: date, last: date) -> Bools:
    """Which seconds lie on the days from `first` to `last`, both included."""
    return (seconds >= second_of(first)) & (seconds < second_of(last + timedelta(days=1)))
