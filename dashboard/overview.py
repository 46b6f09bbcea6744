"""What the overview shows, as numbers and words: metrics in, tables out. Draws nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st
from pyarrow import csv as arrow_csv

from dashboard import charts, formats
from dashboard.filters import Filters
from dashboard.formats import Change
from dashboard.metrics import PART, Query, Served
from dashboard.periods import Grain, Part, Period, parts
from dashboard.tiles import Tile

NET_SALES, TARGET = "net_sales", "sales_target"


@dataclass(frozen=True)
class Shown:
    """How a metric is shown in its tile; `missing` is its value in a part without sales."""

    words: Callable[[float | None], str]
    change: Change
    missing: float | None = 0.0


TILES = {
    NET_SALES: Shown(formats.money_short, formats.relative_change),
    "orders": Shown(formats.count, formats.relative_change),
    "average_order_value": Shown(formats.money, formats.relative_change, missing=None),
    "gross_margin_rate": Shown(formats.percent, formats.point_change, missing=None),
    "new_customers": Shown(formats.count, formats.relative_change),
}
METRICS = tuple(TILES)
LABEL_GAP = 17
RATES = ("target_attainment", "gross_margin_rate")

Row = dict[str, Any]


@dataclass(frozen=True)
class Sales:
    """The numbers of a selection. `before` is None where the data does not reach back over all of it.

    `year_before` and `targets` hold a value per part, None where there is none; `by` the net sales and those
    of the period before, per category and per region.
    """

    filters: Filters
    before: Period | None
    now: Row
    then: Row
    parts: list[Part]
    rows: list[Row]
    year_before: list[float | None]
    targets: list[float | None]
    has_targets: bool
    by: dict[str, tuple[dict[str, float], dict[str, float]]]
    tile_texts: dict[str, tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sold or refunded."""
        return not self.now.get("orders") and not self.now.get(NET_SALES)


def options(served: Served) -> tuple[list[str], list[str]]:
    """The regions and the categories that ever sold, by name."""
    regions, categories = (
        served.run(Query((NET_SALES,), served.data, name))[name].drop_null().to_pylist()
        for name in ("region", "category")
    )
    return regions, categories


def read(served: Served, filters: Filters) -> Sales:
    """Every number that the page shows."""
    period, grain, selection = filters.period, filters.grain, filters.selection()
    before = period.before() if period.before().start >= served.data.start else None
    found = parts(period, grain)
    by_part = by_first(served.run(Query(METRICS, period, grain, selection)), PART)
    has_targets = TARGET in served.metrics
    return Sales(
        filters=filters,
        before=before,
        now=totals(served, period, filters),
        then=totals(served, before, filters) if before else {},
        parts=found,
        rows=[by_part.get(part.whole.start, {}) for part in found],
        year_before=year_before(served, found, filters),
        targets=targets(served, found, filters) if has_targets else [None] * len(found),
        has_targets=has_targets,
        by={
            name: (by_name(served, name, period, filters), by_name(served, name, before, filters))
            for name in ("category", "region")
        },
        tile_texts={name: (served.metrics[name].label, served.metrics[name].description) for name in METRICS},
    )


def by_first(table: pa.Table, name: str) -> dict[Any, Row]:
    """The rows by the value of one column."""
    return {row[name]: row for row in table.to_pylist()}


def totals(served: Served, period: Period, filters: Filters) -> Row:
    """The tiles' metrics over a whole period."""
    rows: list[Row] = served.run(Query(METRICS, period, None, filters.selection())).to_pylist()
    return rows[0] if rows else {}


def year_before(served: Served, found: list[Part], filters: Filters) -> list[float | None]:
    """Net sales of the same parts a year before, cut alike; None where the data does not reach back.

    One value among many parts is None too: it would be a line of one point.
    """
    grain = filters.grain
    start, end = (grain.year_before(day) for day in (filters.period.start, filters.period.end))
    known = by_first(served.run(Query((NET_SALES,), Period(start, end), grain, filters.selection())), PART)
    values: list[float | None] = []
    for part in found:
        if grain.year_before(part.days.start) < served.data.start:
            values.append(None)
        else:
            values.append(known.get(grain.year_before(part.whole.start), {}).get(NET_SALES) or 0.0)
    reached = sum(value is not None for value in values)
    return values if reached > 1 or len(found) == 1 else [None] * len(found)


def targets(served: Served, found: list[Part], filters: Filters) -> list[float | None]:
    """The targets of the parts, for the days that count; none while a region is chosen: regions have none."""
    if filters.regions:
        return [None] * len(found)
    query = Query((TARGET,), filters.period, filters.grain, filters.selection())
    known = by_first(served.run(query), PART)
    return [known.get(part.whole.start, {}).get(TARGET) for part in found]


def by_name(served: Served, name: str, period: Period | None, filters: Filters) -> dict[str, float]:
    """Net sales by category or region, whatever is chosen of it; empty without a period."""
    if period is None:
        return {}
    table = served.run(Query((NET_SALES,), period, name, filters.selection(without=name)))
    return {row[name]: row[NET_SALES] for row in table.to_pylist() if row[name] is not None}


def days_before(before: Period) -> str:
    """The period before in words, by its length."""
    return "the day before" if before.day_count == 1 else f"the {before.day_count:,} days before"


def tiles_of(sales: Sales) -> list[Tile]:
    """The five tiles."""
    compared_with = f"vs {days_before(sales.before)}" if sales.before else ""
    return [
        Tile(
            label=sales.tile_texts[name][0],
            meaning=sales.tile_texts[name][1],
            value=shown.words(sales.now.get(name)),
            change=shown.change(sales.now.get(name), sales.then.get(name)),
            compared_with=compared_with,
            history=[row.get(name, shown.missing) for row in sales.rows],
        )
        for name, shown in TILES.items()
    ]


def net_sales_by_part(sales: Sales) -> list[float]:
    """Net sales of each part; a part without a row sold nothing."""
    return [row.get(NET_SALES) or 0.0 for row in sales.rows]


def columns_with_values(table: pa.Table) -> frozenset[str]:
    """The columns in which not everything is null."""
    return frozenset(name for name in table.column_names if table[name].null_count < len(table))


def trend_table(sales: Sales) -> pa.Table:
    """What `charts.trend` draws."""
    sold = net_sales_by_part(sales)
    is_whole = [part.is_whole for part in sales.parts]
    labels = axis_labels([part.whole.start for part in sales.parts], sales.filters.grain)
    series: dict[str, list[float | None]] = {
        "net_sales": [*sold],
        "year_before": sales.year_before,
        "target": sales.targets,
    }
    columns = {
        PART: [f"{part.whole.start}|{label}" for part, label in zip(sales.parts, labels, strict=True)],
        "label": [part.label for part in sales.parts],
        "is_marked": [not whole or len(is_whole) == 1 for whole in is_whole],
        "net_sales_whole": pa.array(
            [value if whole else None for value, whole in zip(sold, is_whole, strict=True)], pa.float64()
        ),
    }
    places = label_places(series)
    for name, values in series.items():
        columns[name] = pa.array(values, pa.float64())
        columns[f"{name}_words"] = [formats.money(value) for value in values]
        columns[f"{name}_place"] = pa.array([None] * (len(values) - 1) + [places.get(name)], pa.float64())
    return pa.table(columns)


def axis_labels(starts: list[date], grain: Grain) -> list[str]:
    """What the axis says of each part; the year where it is new."""
    labels = []
    for before, start in zip([None, *starts], starts, strict=False):
        quarter = f"Q{(start.month + 2) // 3}"
        name = {Grain.QUARTER: quarter, Grain.MONTH: f"{start:%b}"}.get(grain, f"{start.day} {start:%b}")
        is_new = before is None or before.year != start.year
        labels.append(f"{name} {start.year}" if is_new or grain is Grain.QUARTER else name)
    return labels


def label_places(series: dict[str, list[float | None]]) -> dict[str, float]:
    """Where the series' names stand: at their last values, apart enough to be read."""
    known = {name: [value for value in values if value is not None] for name, values in series.items()}
    last = {name: values[-1] for name, values in known.items() if values}
    numbers = [value for values in known.values() for value in values]
    span = max(charts.SMALLEST_SPAN, max(0.0, *numbers) - min(0.0, *numbers)) * 1.15
    places = charts.spread([*last.values()], LABEL_GAP * span / charts.TREND_HEIGHT)
    return dict(zip(last, places, strict=True))


def trend_subtitle(sales: Sales) -> str:
    """The trend's unit, what it is compared with, and how far the target is reached."""
    sentences = ["US dollars"]
    if any(value is not None for value in sales.year_before):
        weeks = sales.filters.grain in (Grain.DAY, Grain.WEEK)
        sentences[0] += f", against the same {sales.filters.grain} {'52 weeks' if weeks else 'a year'} before"
    if sales.has_targets and sales.filters.regions:
        sentences.append("Targets are set by category, not by region: none is shown while a region is chosen")
    else:
        planned = [
            (sold, goal) for sold, goal in zip(net_sales_by_part(sales), sales.targets, strict=True) if goal
        ]
        if planned:
            sold, goal = (sum(column) for column in zip(*planned, strict=True))
            sentences.append(f"{formats.percent(sold / goal)} of the target of {formats.money_short(goal)}")
    if not all(part.is_whole for part in sales.parts):
        sentences.append(f"Dashes and open dots: part of a {sales.filters.grain}")
    return ". ".join(sentences) + "."


def breakdown_subtitle(sales: Sales) -> str:
    """The unit of the bars, and what can be read from them."""
    tick = " The tick marks the period before." if sales.before else ""
    return f"US dollars.{tick} Click a bar to filter by it."


def breakdown_table(sales: Sales, name: str) -> pa.Table:
    """What `charts.bars` draws: the largest first, with those that sold only in the period before."""
    chosen = sales.filters.categories if name == "category" else sales.filters.regions
    now, then = sales.by[name]
    names = sorted({**then, **now}, key=lambda key: (-now.get(key, 0.0), key))
    amounts = [now.get(key, 0.0) for key in names]
    before = [then.get(key, 0.0) if sales.before else None for key in names]
    total = sum(amounts)
    changes = [formats.relative_change(*pair) for pair in zip(amounts, before, strict=True)]
    return pa.table(
        {
            name: names,
            "is_chosen": [not chosen or key in chosen for key in names],
            "net_sales": pa.array(amounts, pa.float64()),
            "before": pa.array(before, pa.float64()),
            "change": pa.array([change[0] if change else None for change in changes], pa.float64()),
            "amount_words": [formats.money_short(amount) for amount in amounts],
            "before_words": [formats.money_short(amount) for amount in before],
            "change_words": [change[1] if change else "" for change in changes],
            "share_words": [
                formats.percent(amount / total) if total > 0 else formats.NOTHING for amount in amounts
            ],
        }
    )


def numbers_table(sales: Sales) -> pa.Table:
    """The table behind the page: a row per part, null where a number has no value."""
    sold = net_sales_by_part(sales)
    columns: dict[str, list[Any]] = {"from": [part.days.start for part in sales.parts]}
    if not all(part.is_whole for part in sales.parts):
        columns["days"] = [f"{part.days.day_count} of {part.whole.day_count}" for part in sales.parts]
    columns["net_sales_usd"] = sold
    if any(value is not None for value in sales.year_before):
        columns["year_before_usd"] = sales.year_before
    if any(value is not None for value in sales.targets):
        columns["target_usd"] = sales.targets
        columns["target_attainment"] = [
            amount / goal if goal else None for amount, goal in zip(sold, sales.targets, strict=True)
        ]
    columns["orders"] = [row.get("orders") or 0 for row in sales.rows]
    columns["average_order_value_usd"] = [row.get("average_order_value") for row in sales.rows]
    columns["gross_margin_rate"] = [row.get("gross_margin_rate") for row in sales.rows]
    columns["new_customers"] = [row.get("new_customers") or 0 for row in sales.rows]
    return pa.table(columns)


def as_percentages(numbers: pa.Table) -> pa.Table:
    """The table with its rates (0 to 1) as percentages, which Streamlit's number formats need."""
    for name in set(RATES) & set(numbers.column_names):
        index = numbers.column_names.index(name)
        numbers = numbers.set_column(index, name, pc.multiply(numbers[name], 100.0))
    return numbers


def column_config(grain: Grain) -> dict[str, Any]:
    """How the table's columns are named and formatted."""
    number = st.column_config.NumberColumn
    first_day = {Grain.MONTH: "MMM YYYY", Grain.QUARTER: "[Q]Q YYYY"}.get(grain, "D MMM YYYY")
    return {
        "from": st.column_config.DateColumn(str(grain).capitalize(), format=first_day),
        "days": st.column_config.TextColumn("Days"),
        "net_sales_usd": number("Net sales", format="$%,.2f"),
        "year_before_usd": number("Year before", format="$%,.2f"),
        "target_usd": number("Target", format="$%,.2f"),
        "target_attainment": number("Of target", format="%.1f%%"),
        "orders": number("Orders", format="localized"),
        "average_order_value_usd": number("Average order value", format="$%,.2f"),
        "gross_margin_rate": number("Gross margin rate", format="%.1f%%"),
        "new_customers": number("New customers", format="localized"),
    }


def csv(numbers: pa.Table) -> bytes:
    """The table as CSV with a header: ISO dates, plain numbers, rates from 0 to 1."""
    file = BytesIO()
    arrow_csv.write_csv(numbers, file)
    return file.getvalue()


def selection_words(filters: Filters) -> str:
    """What is chosen, as the subject of a sentence."""
    categories = " and ".join(filters.categories) or "All categories"
    regions = " and ".join(filters.regions)
    return f"{categories} in {regions}" if regions else categories


def served_words(served: Served) -> str:
    """Which version is shown, when it was published, and how far its data reaches."""
    published = served.published_at.astimezone(UTC)
    return (
        f"Data to {formats.day_words(served.data.end)}. "
        f"Version {served.name}, published {formats.day_words(published.date())} at {published:%H:%M} UTC."
    )
