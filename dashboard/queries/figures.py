"""A page's leading numbers: over the period, over the one before, and part by part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.trend import label_places
from dashboard.filters import Filters
from dashboard.formats import Change
from dashboard.metrics import Served
from dashboard.periods import Compare, Grain, Part, Period, parts
from dashboard.requests import PART, Query, Selection

Row = dict[str, Any]
MOST_LABELS = 12
EXACT: dict[Callable[[float | None], str], Callable[[float | None], str]] = {
    formats.money_short: formats.money,
    formats.count_short: formats.count,
}
NET_SALES, TARGET, ATTAINMENT = "net_sales", "sales_target", "target_attainment"
TARGETED_BY = frozenset({"category"})
"""What targets are set by: within any other selection there are none."""
THE_TARGET = "the target"


@dataclass(frozen=True)
class Shown:
    """How a metric is shown in its tile; `missing` is its value in a part without rows.

    `better` is the sign of a change for the better; `label` replaces the metric's own.
    """

    words: Callable[[float | None], str]
    change: Change
    missing: float | None = 0.0
    better: int = 1
    label: str = ""
    note: str = ""

    def exact(self, value: float) -> str:
        """A value in words, to the cent or the unit."""
        return EXACT.get(self.words, self.words)(value)

    def size(self, amount: float) -> str:
        """The size of a difference in words, exactly: of a rate in percentage points."""
        if self.change is formats.point_change:
            return f"{abs(amount) * 100:.1f} pp"
        return self.exact(abs(amount))


@dataclass(frozen=True)
class Tile:
    """A number with its history. `change` is its size and words, None where nothing can be compared.

    `better` is the sign of a change for the better, 0 where it is neither better nor worse.
    """

    label: str
    meaning: str
    value: str
    change: tuple[float, str] | None
    compared_with: str
    history: Sequence[float | None]
    better: int = 1
    note: str = ""


@dataclass(frozen=True)
class Bundle:
    """Metrics that are asked for together, in one query, within one selection."""

    metrics: tuple[str, ...]
    selection: Selection


@dataclass(frozen=True)
class Figures:
    """The numbers of a selection, `now`, and `then`: those of the days or the target compared with.

    `before` is None where no days are compared with: the data does not reach back over all of them, or the
    target was asked for. `rows` holds the metrics of each part; a part without data has none. `selections`
    are those within which the metrics were asked for, by their names.
    """

    filters: Filters
    before: Period | None
    parts: list[Part]
    now: Row
    then: Row
    rows: list[Row]
    selections: Mapping[str, Selection] = field(default_factory=dict, kw_only=True)

    def selection_of(self, metric: str) -> Selection:
        """The selection that a metric was asked for within: the filters, and what its bundle adds to them."""
        return self.selections.get(metric, self.filters.selection())

    @property
    def against(self) -> str:
        """What `then` is, in words; nothing where there is nothing to compare with."""
        if self.before is None:
            return THE_TARGET if self.then else ""
        if self.filters.compare is Compare.YEAR:
            weeks = self.filters.grain in (Grain.DAY, Grain.WEEK)
            return "52 weeks before" if weeks else "a year before"
        days = self.before.day_count
        return "the day before" if days == 1 else f"the {days:,} days before"

    @property
    def are_parts_whole(self) -> bool:
        """Whether the period cuts none of its parts."""
        return all(part.is_whole for part in self.parts)


def read(served: Served, filters: Filters, bundles: Sequence[Bundle]) -> Figures:
    """The bundles' metrics over the period, what it is compared with, and the parts."""
    period = filters.period
    before = filters.compare.period(period, filters.grain)
    if before and before.start < served.data.start:
        before = None
    found = parts(period, filters.grain)
    by_part: dict[date, Row] = {}
    for bundle in bundles:
        for row in served.run(Query(bundle.metrics, period, filters.grain, bundle.selection)).to_pylist():
            by_part.setdefault(row[PART], {}).update(row)
    return Figures(
        filters=filters,
        before=before,
        parts=found,
        now=totals(served, period, bundles),
        then=totals(served, before, bundles) if before else target(served, filters),
        rows=[by_part.get(part.whole.start, {}) for part in found],
        selections={metric: bundle.selection for bundle in bundles for metric in bundle.metrics},
    )


def totals(served: Served, period: Period, bundles: Sequence[Bundle]) -> Row:
    """The bundles' metrics over a whole period."""
    values: Row = {}
    for bundle in bundles:
        for row in served.run(Query(bundle.metrics, period, (), bundle.selection)).to_pylist():
            values |= row
    return values


def target(served: Served, filters: Filters) -> Row:
    """The target of net sales over the period, where one is asked for and the selection has one."""
    if filters.compare is not Compare.TARGET or not served.has(TARGET) or untargeted(filters):
        return {}
    [row] = served.run(Query((TARGET,), filters.period, (), filters.selection())).to_pylist()
    return {NET_SALES: row[TARGET]} if row[TARGET] else {}


def untargeted(filters: Filters, *, without: str = "") -> str:
    """A name that is chosen from, though targets are not set by it; nothing where there are targets."""
    return next((name for name, _ in filters.selection(without=without) if name not in TARGETED_BY), "")


def values_by(
    served: Served, metric: str, period: Period | None, name: str, selection: Selection
) -> dict[str, float]:
    """A metric by a group-by name, nameless rows left out; empty without a period."""
    if period is None:
        return {}
    table = served.run(Query((metric,), period, name, selection))
    return {row[name]: row[metric] or 0.0 for row in table.to_pylist() if row[name] is not None}


def tiles_of(served: Served, figures: Figures, shown: Mapping[str, Shown]) -> list[Tile]:
    """A tile per metric."""
    compared_with = f"vs {figures.against}" if figures.against else ""
    return [
        Tile(
            label=how.label or served.metrics[name].label,
            meaning=served.metrics[name].description,
            value=how.words(figures.now.get(name)),
            change=how.change(figures.now.get(name), figures.then.get(name)),
            compared_with=compared_with,
            history=[row.get(name, how.missing) for row in figures.rows],
            better=how.better,
            note=how.note,
        )
        for name, how in shown.items()
    ]


def time_columns(figures: Figures) -> dict[str, Any]:
    """The columns of a chart over time that say which part a row is: `part` and `label`."""
    labels = axis_labels([part.whole.start for part in figures.parts], figures.filters.grain)
    return {
        PART: [f"{part.whole.start}|{label}" for part, label in zip(figures.parts, labels, strict=True)],
        "label": [part.label for part in figures.parts],
    }


def axis_labels(starts: list[date], grain: Grain) -> list[str]:
    """What the axis says of each part; the year where it is new.

    Of many parts the axis leaves labels out, so that where they are of several years, each names its own.
    """
    labels = []
    has_all_years = len(starts) > MOST_LABELS and starts[0].year != starts[-1].year
    for before, start in zip([None, *starts], starts, strict=False):
        quarter = f"Q{(start.month + 2) // 3}"
        names = {Grain.YEAR: "", Grain.QUARTER: quarter, Grain.MONTH: f"{start:%b}"}
        name = names.get(grain, f"{start.day} {start:%b}")
        is_new = before is None or before.year != start.year
        has_year = is_new or has_all_years or grain is Grain.QUARTER
        labels.append(f"{name} {start.year}".lstrip() if has_year else name)
    return labels


def series_columns(
    series: dict[str, list[float | None]], words: Callable[[float | None], str]
) -> dict[str, Any]:
    """The columns of each line of a trend: its values, them in words, and where its name stands."""
    places = label_places(series)
    columns: dict[str, Any] = {}
    for name, values in series.items():
        columns[name] = pa.array(values, pa.float64())
        columns[f"{name}_words"] = [words(value) for value in values]
        columns[f"{name}_place"] = pa.array([None] * (len(values) - 1) + [places.get(name)], pa.float64())
    return columns


def part_columns(figures: Figures) -> dict[str, Any]:
    """The columns of a table that say which part a row is: `from`, and `days` where the period cuts one."""
    columns: dict[str, Any] = {"from": [part.days.start for part in figures.parts]}
    if not figures.are_parts_whole:
        columns["days"] = [f"{part.days.day_count} of {part.whole.day_count}" for part in figures.parts]
    return columns


def columns_with_values(table: pa.Table) -> frozenset[str]:
    """The columns in which not everything is null."""
    return frozenset(name for name in table.column_names if table[name].null_count < len(table))


def change_words(now: float | None, before: float | None) -> str:
    """The relative change in words, nothing where there is none."""
    change = formats.relative_change(now, before)
    return change[1] if change else ""


def bars_table(
    name: str, now: Mapping[str, float], then: Mapping[str, float], chosen: Sequence[str]
) -> pa.Table:
    """What `charts.bars` draws: the largest first, with those that have only what they are compared with."""
    names = sorted({**then, **now}, key=lambda key: (-now.get(key, 0.0), key))
    amounts = [now.get(key, 0.0) for key in names]
    before = [then.get(key, 0.0) if then else None for key in names]
    total = sum(amounts)
    return pa.table(
        {
            name: names,
            "is_chosen": [not chosen or key in chosen for key in names],
            "net_sales": pa.array(amounts, pa.float64()),
            "before": pa.array(before, pa.float64()),
            "amount_words": [formats.money_short(amount) for amount in amounts],
            "before_words": [formats.money_short(amount) for amount in before],
            "change_words": [change_words(*pair) for pair in zip(amounts, before, strict=True)],
            "share_words": [
                formats.percent(amount / total) if total > 0 else formats.NOTHING for amount in amounts
            ],
        }
    )
