"""Effects with their intervals, as numbers and words: experiment results in, tables out. Draws nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.queries.figures import Row

FARTHEST, MOST_DECIMALS = 2.0, 8
SEGMENTS = {"device": "Device", "visitor_type": "Visitor"}


@dataclass(frozen=True)
class Unit:
    """How a metric's values are written: times `scale`, with at least so many decimals."""

    scale: float = 1.0
    before: str = ""
    after: str = ""
    after_difference: str = ""
    decimals: int = 2
    axis: str = "difference"

    def value(self, value: float | None, spread: float | None = None) -> str:
        """A value, as precise as a spread around it allows."""
        if value is None:
            return formats.NOTHING
        return formats.negative(value, self.digits(value, self.after, spread))

    def difference(self, value: float | None, spread: float | None = None) -> str:
        """A difference of two values, with its sign."""
        if value is None:
            return formats.NOTHING
        return formats.signed(value, self.digits(value, self.after_difference, spread))

    def digits(self, value: float, after: str, spread: float | None) -> str:
        """The absolute value; of the spread two digits would be seen."""
        decimals = max(self.decimals, decimals_for((spread or 0.0) * self.scale))
        return f"{self.before}{abs(value) * self.scale:,.{decimals}f}{after}"


RELATIVE = Unit(100.0, after="%", after_difference="%", decimals=1)
RATE = Unit(100.0, after="%", after_difference=" pp", decimals=1, axis="difference in percentage points")
MONEY = Unit(before="$", axis="difference in US dollars")
UNITS = {"share": RATE, "usd": MONEY}


def unit_of(row: Row) -> Unit:
    """The unit of a metric's values, as it is declared."""
    return UNITS.get(row["metric_unit"], Unit())


def decimals_for(spread: float) -> int:
    """How many decimals show two digits of the spread."""
    if not 0 < spread < math.inf:
        return 0
    return min(MOST_DECIMALS, max(0, 1 - math.floor(math.log10(spread))))


@dataclass(frozen=True)
class Interval:
    """An estimate between two bounds; all None where it cannot be computed."""

    estimate: float | None
    lower: float | None
    upper: float | None

    @classmethod
    def of(cls, row: Row, name: str) -> "Interval":
        """An estimate of a row, by the name of its column."""
        return cls(row.get(name), row.get(f"{name}_lower"), row.get(f"{name}_upper"))

    @property
    def is_known(self) -> bool:
        """Whether there are an estimate and bounds."""
        return None not in (self.estimate, self.lower, self.upper)

    @property
    def is_off_zero(self) -> bool:
        """Whether it is known and no effect lies outside of it."""
        return self.lower is not None and self.upper is not None and (self.lower > 0 or self.upper < 0)

    @property
    def reach(self) -> float:
        """The farthest bound's distance from no effect."""
        return max(abs(self.lower or 0.0), abs(self.upper or 0.0))

    def words(self, unit: Unit = RELATIVE) -> str:
        """The estimate and its bounds, as precise as they allow: +36.8% (+17.1% to +56.5%)."""
        if self.estimate is None:
            return formats.NOTHING
        if self.lower is None or self.upper is None:
            return unit.difference(self.estimate)
        spread = (self.upper - self.lower) / 2
        estimate, lower, upper = (
            unit.difference(value, spread) for value in (self.estimate, self.lower, self.upper)
        )
        return f"{estimate} ({lower} to {upper})"


def relative(row: Row, *, cuped: bool) -> Interval:
    """The relative effect; with CUPED where the row has it so."""
    adjusted = Interval.of(row, "cuped_relative_effect")
    return adjusted if cuped and adjusted.is_known else Interval.of(row, "relative_effect")


def has_cuped(row: Row) -> bool:
    """Whether there is something from before the experiment to adjust the row with."""
    return Interval.of(row, "cuped_relative_effect").is_known


def p_words(p_value: float | None) -> str:
    """A p-value: p = 0.0034; below 0.0001 only that."""
    if p_value is None:
        return f"p {formats.NOTHING}"
    if p_value < 1e-4:
        return "p < 0.0001"
    return f"p = {p_value:.2f}" if p_value >= 0.0995 else f"p = {p_value:.2g}"


def tone(row: Row, *, cuped: bool, alpha: float | None, is_readable: bool) -> str:
    """How a row is drawn: `better` or `worse` where the corrected test finds an effect, else `plain`.

    An interval that crosses no effect is drawn `plain`, whatever the test finds.
    """
    effect, p_value = relative(row, cuped=cuped), row.get("adjusted_p_value")
    if not is_readable:
        return "quiet"
    is_found = alpha is not None and p_value is not None and p_value < alpha
    if effect.estimate is None or not is_found or not effect.is_off_zero:
        return "plain"
    return "better" if (effect.estimate > 0) == row["is_more_better"] else "worse"


def note(row: Row, *, cuped: bool) -> str:
    """From what to what the metric goes, how likely by chance, and what CUPED took away."""
    if row.get("untestable_reason"):
        return f"Not tested: {row['untestable_reason']}"
    unit = unit_of(row)
    spread = (row.get("effect_se") or 0.0) * 2
    values = f"{unit.value(row['control_mean'], spread)} \u2192 {unit.value(row['treatment_mean'], spread)}"
    corrected = p_words(row.get("adjusted_p_value"))
    if cuped and has_cuped(row):
        taken = row.get("cuped_variance_reduction_rate")
        shrunk = f", variance {formats.signed(-taken, formats.percent_short(abs(taken)))}" if taken else ""
        return f"raw {values} \u00b7 CUPED {p_words(row.get('cuped_p_value'))}{shrunk}"
    without = " (no CUPED)" if cuped else ""
    return f"{values} \u00b7 {corrected} corrected{without}"


def units_words(row: Row) -> str:
    """How many units the control and the arm have."""
    return f"{formats.count(row['control_unit_count'])} and {formats.count(row['treatment_unit_count'])}"


Titled = tuple[str, Row]
"""A row of results, and how the plot calls it."""


def domain(rows: Sequence[Titled], *, cuped: bool) -> tuple[float, float]:
    """The scale of a forest plot: all intervals, but for what is much wider than the first one."""
    intervals = [effect for _, row in rows if (effect := relative(row, cuped=cuped)).is_known]
    if not intervals:
        return -0.1, 0.1
    farthest = FARTHEST * intervals[0].reach or math.inf
    low = max(-farthest, min(0.0, *(effect.lower or 0.0 for effect in intervals)))
    high = min(farthest, max(0.0, *(effect.upper or 0.0 for effect in intervals)))
    margin = 0.04 * ((high - low) or 1.0)
    return low - margin, high + margin


def forest_table(rows: Sequence[Titled], *, cuped: bool, alpha: float | None, is_readable: bool) -> pa.Table:
    """What `charts.intervals.forest` draws: a row per effect."""
    low, high = domain(rows, cuped=cuped)
    found: list[dict[str, Any]] = []
    for place, (title, row) in enumerate(rows):
        shown, plain = relative(row, cuped=cuped), relative(row, cuped=False)
        cut_low, cut_high = (shown.lower or 0.0) < low, (shown.upper or 0.0) > high
        has_point = shown.estimate is not None and low <= shown.estimate <= high
        found.append(
            {
                "row": f"{place:03d}",
                "title": title,
                "words": shown.words(),
                "note": note(row, cuped=cuped),
                "estimate": shown.estimate if has_point else None,
                "lower": within(shown.lower, low, high),
                "upper": within(shown.upper, low, high),
                "cut_lower": low if shown.is_known and cut_low else None,
                "cut_upper": high if shown.is_known and cut_high else None,
                "plain_lower": within(plain.lower, low, high) if plain != shown else None,
                "plain_upper": within(plain.upper, low, high) if plain != shown else None,
                "tone": tone(row, cuped=cuped, alpha=alpha, is_readable=is_readable),
                "detail": Interval.of(row, "cuped_effect" if shown != plain else "effect").words(
                    unit_of(row)
                ),
                "units": units_words(row),
            }
        )
    numbers = ("estimate", "lower", "upper", "cut_lower", "cut_upper", "plain_lower", "plain_upper")
    schema = [(name, pa.float64() if name in numbers else pa.string()) for name in (found or [{}])[0]]
    return pa.Table.from_pylist(found, schema=pa.schema(schema))


def within(value: float | None, low: float, high: float) -> float | None:
    """The value, cut to a scale."""
    return None if value is None else min(high, max(low, value))


def forest_words(numbers: pa.Table) -> str:
    """The plot in one sentence, for who cannot see it."""
    return "; ".join(f"{row['title']} {row['words']}" for row in numbers.to_pylist())
