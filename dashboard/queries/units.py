"""What kind of number each metric is: its unit, how it is written, and whether its parts add up."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard import formats
from dashboard.charts.base import COUNT_AXIS, MONEY_AXIS, RATE_AXIS
from dashboard.components.tables import COUNT, RATE, RATIO, USD
from dashboard.formats import NOTHING, Change, negative
from dashboard.metrics import Served

MINUTE, HOUR = 60, 3600
THOUSAND = 1000


def count(value: float | None) -> str:
    """A count: 12,345; with one decimal where shares of things are counted and they are few: 12.5."""
    if value is None or abs(value) >= THOUSAND or float(value).is_integer():
        return formats.count(value)
    return negative(value, f"{abs(value):,.1f}")


def duration(value: float | None) -> str:
    """Seconds as one reads them: 45 s, 3 min 25 s, 12.4 h."""
    if value is None:
        return NOTHING
    size = abs(value)
    if size >= HOUR:
        return negative(value, f"{size / HOUR:,.1f} h")
    minutes, seconds = divmod(round(size), MINUTE)
    return negative(value, f"{minutes} min {seconds} s" if minutes else f"{seconds} s")


def number(value: float | None) -> str:
    """A number of no known unit: up to two decimals."""
    return NOTHING if value is None else negative(value, f"{abs(value):,.2f}".rstrip("0").rstrip("."))


@dataclass(frozen=True)
class Unit:
    """How values of a unit are written: exactly, shortly, on an axis (Vega), in a table; and its name."""

    words: Callable[[float | None], str]
    short: Callable[[float | None], str]
    axis: str
    column: str
    name: str
    change: Change = formats.relative_change


SECONDS_AXIS = (
    f"abs(datum.value) >= {2 * HOUR} ? format(datum.value / {HOUR}, ',.3~r') + ' h'"
    " : format(datum.value, ',.3~r') + ' s'"
)
UNITS = {
    "usd": Unit(formats.money, formats.money_short, MONEY_AXIS, USD, "US dollars"),
    "count": Unit(count, formats.count_short, COUNT_AXIS, COUNT, "counts"),
    "share": Unit(
        formats.percent, formats.percent_short, RATE_AXIS, RATE, "per cent", change=formats.point_change
    ),
    "seconds": Unit(duration, duration, SECONDS_AXIS, "%.0f s", "seconds"),
    "ratio": Unit(formats.ratio, formats.ratio, "format(datum.value, ',.2~f')", RATIO, "ratios"),
}
PLAIN = Unit(number, number, "format(datum.value, ',.3~r')", "localized", "numbers")
"""For a metric whose YAML names no unit."""


@dataclass(frozen=True)
class Nature:
    """A metric's unit, whether its parts add up to the whole, and its value where nothing happened."""

    unit: Unit = PLAIN
    adds_up: bool = False
    nothing: float | None = None


def natures(served: Served) -> dict[str, Nature]:
    """Each metric's nature, by its name."""
    return {
        name: Nature(UNITS.get(metric.unit, PLAIN), metric.adds_up, metric.nothing)
        for name, metric in served.metrics.items()
    }
