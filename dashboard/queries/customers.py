"""What the customers page shows over time, as numbers and words: metrics in, tables out. Draws nothing."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.base import NUMBERS, ROWS
from dashboard.components.tables import COUNT, RATE, USD, Column
from dashboard.filters import CHANNEL, Filters, Setting
from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries import figures
from dashboard.queries.figures import NET_SALES, Bundle, Figures, Row, Shown
from dashboard.requests import PART, Query, Selection

PAGE = "customers"
ORDERS, CUSTOMER_TYPE, SEGMENT = "orders", "customer_type", "segment"
NAMES = ("region", "store", "category", CHANNEL, CUSTOMER_TYPE, SEGMENT)
RETURNING = "returning"
WITH_ACCOUNT = ("new", RETURNING)
TYPES = {"new": "accent", RETURNING: "accent_strong", "guest": "earlier"}
"""Who orders, and the colour of each, as the palette names it; all but guests are customers."""
MEASURES = {"Net sales": NET_SALES, "Orders": ORDERS}
SPLIT = Setting("split", "New and returning", tuple(MEASURES))
OVER_TIME, COHORTS, SEGMENTS = "Over time", "Cohorts", "Segments"
TABLE = Setting("customers_table", "Table", (OVER_TIME, COHORTS, SEGMENTS))
TILES = {
    "customers": Shown(formats.count, formats.relative_change),
    "new_customers": Shown(formats.count, formats.relative_change),
    "returning_customers": Shown(formats.count, formats.relative_change),
    "repeat_rate": Shown(formats.percent, formats.point_change, missing=None),
    NET_SALES: Shown(formats.money_short, formats.relative_change),
}
SHOWN = TILES | {ORDERS: Shown(formats.count, formats.relative_change)}
"""How the metrics of the page's cards are shown."""
PEOPLE = tuple(name for name in TILES if name != NET_SALES)
COLUMNS = {
    "customers": Column("Customers", COUNT),
    "new_customers": Column("New customers", COUNT),
    "returning_customers": Column("Returning customers", COUNT),
    "repeat_rate": Column("Repeat rate", RATE),
    **{f"net_sales_{kind}_usd": Column(f"Net sales, {kind}", USD) for kind in TYPES},
    **{f"orders_{kind}": Column(f"Orders, {kind}", COUNT) for kind in TYPES},
}


@dataclass(frozen=True)
class Buyers(Figures):
    """Who bought. `by_type`: net sales and orders by customer type and first day of a part, of all types."""

    by_type: dict[tuple[str, date], Row]

    @property
    def is_empty(self) -> bool:
        """Whether nobody bought and nothing was refunded."""
        return not any(row[NET_SALES] or row[ORDERS] for row in self.by_type.values())

    def value(self, measure: str, kind: str, start: date) -> float:
        """Net sales or orders of a customer type in the part that starts on a day."""
        return self.by_type.get((kind, start), {}).get(measure) or 0.0

    def total(self, measure: str, kind: str) -> float:
        """Net sales or orders of a customer type over the period."""
        return sum(self.value(measure, kind, part.whole.start) for part in self.parts)


def names(served: Served) -> list[str]:
    """What the page filters by, as far as the version and the filters know it."""
    known = served.group_bys((NET_SALES,))
    return [name for name in NAMES if name in known]


def of_all_orders(filters: Filters, *, without: str = "") -> Selection:
    """The filters for what follows customers over all their orders, first ones and others."""
    return tuple(
        (name, values) for name, values in filters.selection(without=without) if name != CUSTOMER_TYPE
    )


def over(buyers: Buyers, days: Period, *, without: str = "") -> Buyers:
    """Figures of other days, not read, within the filters for all orders of customers; guests are none."""
    chosen = {**dict(of_all_orders(buyers.filters, without=without)), CUSTOMER_TYPE: WITH_ACCOUNT}
    filters = replace(buyers.filters, period=days, chosen=chosen)
    return replace(buyers, filters=filters, before=None, now={}, then={}, selections={})


def tiles(buyers: Buyers) -> dict[str, Shown]:
    """The tiles; where no customer type is chosen, with notes of who is in them."""
    if buyers.filters.of(CUSTOMER_TYPE):
        return TILES
    amount = buyers.total(NET_SALES, RETURNING)
    notes = {NET_SALES: f"{formats.money_short(amount)} of it from returning customers"}
    if twice(buyers):
        notes["customers"] = "Some are both new and returning"
    return TILES | {name: replace(TILES[name], note=note) for name, note in notes.items()}


def twice(buyers: Buyers) -> bool:
    """Whether any of the customers were both new and returning within the period."""
    parts = sum(buyers.now.get(name) or 0 for name in ("new_customers", "returning_customers"))
    return parts > (buyers.now.get("customers") or 0)


def read(served: Served, filters: Filters) -> Buyers:
    """Every number that the page shows over time."""
    others: Selection = filters.selection(without=CUSTOMER_TYPE)
    by_type = served.run(
        Query((NET_SALES, ORDERS), filters.period, (filters.grain, CUSTOMER_TYPE), others)
    ).to_pylist()
    return Buyers(
        **vars(figures.read(served, filters, [Bundle(tuple(TILES), filters.selection())])),
        by_type={(row[CUSTOMER_TYPE], row[PART]): row for row in by_type},
    )


def mix_words(buyers: Buyers, measure: str) -> str:
    """What each customer type has of a measure over the period."""
    words = formats.money if measure == NET_SALES else formats.count
    return "; ".join(f"{kind.capitalize()}: {words(buyers.total(measure, kind))}" for kind in TYPES)


def mix_tables(buyers: Buyers, measure: str) -> dict[str, pa.Table]:
    """What `charts.mix` draws: a measure by part and customer type, and each part's numbers in words."""
    words = formats.money if measure == NET_SALES else formats.count
    chosen = buyers.filters.of(CUSTOMER_TYPE)
    times = figures.time_columns(buyers)
    bars, parts = [], []
    for number, part in enumerate(buyers.parts):
        of_part = {name: column[number] for name, column in times.items()}
        values = {kind: buyers.value(measure, kind, part.whole.start) for kind in TYPES}
        bars += [
            {
                **of_part,
                "kind": kind,
                "value": value,
                "words": words(value),
                "is_chosen": not chosen or kind in chosen,
                "is_whole": part.is_whole,
            }
            for kind, value in values.items()
            if value
        ]
        total = sum(values.values())
        parts.append(
            {
                **of_part,
                "total_words": words(total),
                **{
                    f"{kind}_words": f"{words(value)} ({formats.percent_short(value / total)})"
                    if total > 0
                    else words(value)
                    for kind, value in values.items()
                },
            }
        )
    schema = pa.schema(
        {
            **{name: pa.string() for name in ("part", "label", "kind", "words")},
            **{"value": pa.float64(), "is_chosen": pa.bool_(), "is_whole": pa.bool_()},
        }
    )
    return {NUMBERS.name: pa.Table.from_pylist(bars, schema), ROWS.name: pa.Table.from_pylist(parts)}


def mix_subtitle(buyers: Buyers, measure: str) -> str:
    """The unit, who is who, and what the bars leave open."""
    unit = "US dollars" if measure == NET_SALES else "Orders"
    cut = "" if buyers.are_parts_whole else f" Dashed: part of a {buyers.filters.grain}."
    return f"{unit}. New: up to the first order, that one included.{cut}"


def numbers_table(buyers: Buyers) -> pa.Table:
    """The table behind the page: a row per part, null where a number has no value; only the chosen types."""
    kinds = [kind for kind in TYPES if kind in (buyers.filters.of(CUSTOMER_TYPE) or TYPES)]
    columns: dict[str, Any] = figures.part_columns(buyers)
    for name in PEOPLE:
        missing = TILES[name].missing
        columns[name] = pa.array([row.get(name, missing) for row in buyers.rows], pa.float64())
    for measure, suffix in ((NET_SALES, "_usd"), (ORDERS, "")):
        for kind in kinds:
            columns[f"{measure}_{kind}{suffix}"] = [
                buyers.value(measure, kind, part.whole.start) for part in buyers.parts
            ]
    return pa.table(columns)
