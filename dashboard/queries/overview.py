"""What the overview shows, as numbers and words: metrics in, tables out. Draws nothing."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.trend import Look, Series
from dashboard.components.tables import COUNT, RATE, USD, Column
from dashboard.filters import CHANNEL, Filters, selection_words
from dashboard.metrics import Served
from dashboard.periods import Compare, Grain, Part, Period
from dashboard.queries import annotations, figures
from dashboard.queries.annotations import Notes
from dashboard.queries.figures import (
    ATTAINMENT,
    NET_SALES,
    TARGET,
    TARGETED_BY,
    Bundle,
    Figures,
    Row,
    Shown,
    untargeted,
)
from dashboard.requests import PART, Query

TILES = {
    NET_SALES: Shown(formats.money_short, formats.relative_change),
    "orders": Shown(formats.count, formats.relative_change),
    "average_order_value": Shown(formats.money, formats.relative_change, missing=None),
    "gross_margin_rate": Shown(formats.percent, formats.point_change, missing=None),
    "new_customers": Shown(formats.count, formats.relative_change),
}
METRICS = tuple(TILES)
BREAKDOWNS = (("category", "subcategory", "product"), ("region", "store"))
"""What net sales are divided by: each name below the one before."""
NAMES = ("region", "store", "category", "subcategory", "product", CHANNEL)
TREND = Look(
    (
        Series("net_sales", "This period", "accent"),
        Series("year_before", "Year before", "earlier"),
        Series("target", "Target", "target"),
    )
)
COLUMNS = {
    "net_sales_usd": Column("Net sales", USD),
    "year_before_usd": Column("Year before", USD),
    "target_usd": Column("Target", USD),
    "target_attainment": Column("Of target", RATE),
    "orders": Column("Orders", COUNT),
    "average_order_value_usd": Column("Average order value", USD),
    "gross_margin_rate": Column("Gross margin rate", RATE),
    "new_customers": Column("New customers", COUNT),
}


@dataclass(frozen=True)
class Sales(Figures):
    """The numbers of a selection.

    `year_before`, `targets` and `attained`, the shares of the targets that net sales reach, hold a value per
    part, None where there is none; `by` the net sales and what they are compared with, per value of each
    breakdown's level.
    """

    year_before: list[float | None]
    targets: list[float | None]
    attained: list[float | None]
    has_targets: bool
    by: dict[str, tuple[dict[str, float], dict[str, float]]]
    notes: Notes

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sold or refunded."""
        return not self.now.get("orders") and not self.now.get(NET_SALES)


def names(served: Served) -> list[str]:
    """What the page filters by, as far as the version knows it."""
    return [name for name in NAMES if name in served.group_bys((NET_SALES,))]


def read(served: Served, filters: Filters) -> Sales:
    """Every number that the page shows."""
    shown = figures.read(served, filters, [Bundle(METRICS, filters.selection())])
    has_targets = served.has(TARGET)
    planned = targets(served, shown.parts, filters) if has_targets else [{}] * len(shown.parts)
    known = names(served)
    levels = [filters.level(*(name for name in breakdown if name in known)) for breakdown in BREAKDOWNS]
    return Sales(
        **vars(shown),
        year_before=year_before(served, shown.parts, filters),
        targets=[row.get(TARGET) for row in planned],
        attained=[row.get(ATTAINMENT) for row in planned],
        has_targets=has_targets,
        by={
            name: (
                by_name(served, NET_SALES, name, filters.period, filters),
                by_name_then(served, name, shown.before, filters),
            )
            for name in levels
        },
        notes=annotations.read(served, shown),
    )


def year_before(served: Served, found: list[Part], filters: Filters) -> list[float | None]:
    """Net sales of the same parts a year before, cut alike; None where the data does not reach back.

    One value among many parts is None too: it would be a line of one point.
    """
    grain = filters.grain
    start, end = (grain.year_before(day) for day in (filters.period.start, filters.period.end))
    known = by_part(served, NET_SALES, Period(start, end), filters)
    values: list[float | None] = []
    for part in found:
        if grain.year_before(part.days.start) < served.data.start:
            values.append(None)
        else:
            values.append(known.get(grain.year_before(part.whole.start)) or 0.0)
    reached = sum(value is not None for value in values)
    return values if reached > 1 or len(found) == 1 else [None] * len(found)


def targets(served: Served, found: list[Part], filters: Filters) -> list[Row]:
    """The targets of the parts, for the days that count, and how far they are reached.

    Nothing within what targets are not set by.
    """
    if untargeted(filters):
        return [{}] * len(found)
    query = Query((TARGET, ATTAINMENT), filters.period, filters.grain, filters.selection())
    known = {row[PART]: row for row in served.run(query).to_pylist()}
    return [known.get(part.whole.start, {}) for part in found]


def by_part(served: Served, metric: str, period: Period, filters: Filters) -> dict[Any, float | None]:
    """A metric by the first day of each part that has a value."""
    rows = served.run(Query((metric,), period, filters.grain, filters.selection())).to_pylist()
    return {row[PART]: row[metric] for row in rows}


def by_name(
    served: Served, metric: str, name: str, period: Period | None, filters: Filters
) -> dict[str, float]:
    """A metric by a breakdown's level, whatever is chosen of it; empty without a period."""
    return figures.values_by(served, metric, period, name, filters.selection(without=name))


def by_name_then(served: Served, name: str, before: Period | None, filters: Filters) -> dict[str, float]:
    """What net sales by a breakdown's level are compared with: those of other days, or their targets."""
    if filters.compare is not Compare.TARGET:
        return by_name(served, NET_SALES, name, before, filters)
    if not served.has(TARGET) or name not in TARGETED_BY or untargeted(filters, without=name):
        return {}
    return by_name(served, TARGET, name, filters.period, filters)


def net_sales_by_part(sales: Sales) -> list[float]:
    """Net sales of each part; a part without a row sold nothing."""
    return [row.get(NET_SALES) or 0.0 for row in sales.rows]


def trend_table(sales: Sales) -> pa.Table:
    """What `charts.trend` draws."""
    sold = net_sales_by_part(sales)
    is_whole = [part.is_whole for part in sales.parts]
    series: dict[str, list[float | None]] = {
        "net_sales": [*sold],
        "year_before": sales.year_before,
        "target": sales.targets,
    }
    columns = figures.time_columns(sales) | {
        "is_marked": [not whole or len(is_whole) == 1 for whole in is_whole],
        "net_sales_whole": pa.array(
            [value if whole else None for value, whole in zip(sold, is_whole, strict=True)], pa.float64()
        ),
    }
    return pa.table(columns | figures.series_columns(series, formats.money))


def trend_subtitle(sales: Sales) -> str:
    """The trend's unit, what it is compared with, and how far the target is reached."""
    sentences = ["US dollars"]
    if any(value is not None for value in sales.year_before):
        weeks = sales.filters.grain in (Grain.DAY, Grain.WEEK)
        sentences[0] += f", against the same {sales.filters.grain} {'52 weeks' if weeks else 'a year'} before"
    if sales.has_targets and (name := untargeted(sales.filters)):
        sentences.append(
            f"Targets are set by category, not by {name}: none is shown while a {name} is chosen"
        )
    else:
        planned = [
            (sold, goal) for sold, goal in zip(net_sales_by_part(sales), sales.targets, strict=True) if goal
        ]
        if planned:
            sold, goal = (sum(column) for column in zip(*planned, strict=True))
            sentences.append(f"{formats.percent(sold / goal)} of the target of {formats.money_short(goal)}")
    if not sales.are_parts_whole:
        sentences.append(f"Dashes and open dots: part of a {sales.filters.grain}")
    return ". ".join(sentences) + "."


def breakdown_subtitle(sales: Sales, name: str) -> str:
    """The unit of the bars, and what can be read from them."""
    tick = f" The tick marks {sales.against or figures.THE_TARGET}." if sales.by[name][1] else ""
    return f"US dollars.{tick} Click a bar to filter by it."


def breakdown_table(sales: Sales, name: str) -> pa.Table:
    """What `charts.bars` draws of a breakdown."""
    return figures.bars_table(name, *sales.by[name], sales.filters.of(name))


def numbers_table(sales: Sales) -> pa.Table:
    """The table behind the page: a row per part, null where a number has no value."""
    sold = net_sales_by_part(sales)
    columns: dict[str, list[Any]] = figures.part_columns(sales)
    columns["net_sales_usd"] = sold
    if any(value is not None for value in sales.year_before):
        columns["year_before_usd"] = sales.year_before
    if any(value is not None for value in sales.targets):
        columns["target_usd"] = sales.targets
        columns["target_attainment"] = sales.attained
    columns["orders"] = [row.get("orders") or 0 for row in sales.rows]
    columns["average_order_value_usd"] = [row.get("average_order_value") for row in sales.rows]
    columns["gross_margin_rate"] = [row.get("gross_margin_rate") for row in sales.rows]
    columns["new_customers"] = [row.get("new_customers") or 0 for row in sales.rows]
    return pa.table(columns)


def empty_words(filters: Filters) -> str:
    """Why there is nothing to show, and what to do."""
    words = selection_words(filters.selection()) or "all categories"
    return (
        f"{words[0].upper()}{words[1:]} had neither orders nor refunds in {filters.period.words}. "
        "Choose a longer period, or fewer filters."
    )
