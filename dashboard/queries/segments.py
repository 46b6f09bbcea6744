"""What all of a customer's orders make: segments, lifetime net sales, and how concentrated they are.

It is as of the data's last day, over all orders, whatever the period; within filters, over those that they
leave. A customer's segment is that of all their orders.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard import formats
from dashboard.charts.base import NUMBERS, ROWS
from dashboard.components.tables import COUNT, RATE, TEXT, USD, Column
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries import catalog
from dashboard.queries.customers import CUSTOMER_TYPE, SEGMENT, of_all_orders
from dashboard.queries.figures import NET_SALES, Row
from dashboard.requests import Query, Selection

MART = "dim_customer_segments"
CUSTOMERS = "customers"
RULE = re.compile(r"\| `(?P<segment>[^`|]+)` \| (?P<rule>[^|]+) \| (?P<who>[^|]+) \|")
"""A row of the table of segments in the mart's description."""
CENTS, STEPS = 100, 100
TOP = 0.1
EDGES = [digit * 10.0**power for power in range(8) for digit in (1, 2, 5)]
OUTER = 0.02
"""The share of the customers at each end who may share a bracket without an edge."""
COLUMNS = {
    SEGMENT: Column("Segment", TEXT),
    "customer_count": Column("Customers", COUNT),
    "customer_rate": Column("Of the customers", RATE),
    "net_sales_usd": Column("Net sales so far", USD),
    "net_sales_rate": Column("Of their net sales", RATE),
    "net_sales_per_customer_usd": Column("Per customer", USD),
    "period_customers": Column("Customers in the period", COUNT),
    "period_net_sales_usd": Column("Net sales in the period", USD),
}


@dataclass(frozen=True)
class Rule:
    """A segment's rule and who its customers are, as the documentation says."""

    rule: str
    who: str


@dataclass(frozen=True)
class Lifetimes:
    """Lifetime net sales: `by_segment` with customers and net sales of each, the largest net sales first.

    `cents`: those of each customer of the chosen segments in cents (int64), the highest first; `is_within`:
    whether other filters leave something out.
    """

    by_segment: list[Row]
    cents: pa.Array
    chosen: tuple[str, ...]
    is_within: bool = False

    @property
    def total(self) -> float:
        """Net sales of the chosen segments."""
        return float(pc.sum(self.cents).as_py() or 0) / CENTS

    @property
    def customer_count(self) -> int:
        """The customers of the chosen segments."""
        return len(self.cents)

    def top(self, counts: list[int]) -> list[float]:
        """The net sales that so many customers with the highest make, for each count."""
        cumulative = pc.cumulative_sum(self.cents)
        return [cumulative[count - 1].as_py() / CENTS if count else 0.0 for count in counts]

    @property
    def of(self) -> str:
        """Whose they are, in words."""
        within = " within the filters" if self.is_within else ""
        if not self.chosen:
            return f"customers{within}" if within else "all customers"
        segments = "segment" if len(self.chosen) == 1 else "segments"
        return f"customers in the {segments} {' and '.join(self.chosen)}{within}"


def read(served: Served, filters: Filters) -> Lifetimes:
    """The segments, and the amounts of the chosen ones."""
    selection = of_all_orders(filters, without=SEGMENT)
    rows = within(served, selection) if selection else served.rows(MART)
    grouped = rows.group_by(SEGMENT).aggregate([("net_sales_usd", "sum"), ("customer_id", "count")])
    found = [
        {
            SEGMENT: row[SEGMENT],
            "customer_count": row["customer_id_count"],
            "net_sales_usd": float(row["net_sales_usd_sum"]),
        }
        for row in grouped.to_pylist()
    ]
    chosen = filters.of(SEGMENT)
    if chosen:
        rows = rows.filter(pc.is_in(rows[SEGMENT], pa.array(chosen)))
    cents = pc.round(pc.multiply(rows["net_sales_usd"].cast(pa.float64()), CENTS)).cast(pa.int64())
    return Lifetimes(
        sorted(found, key=lambda row: (-row["net_sales_usd"], row[SEGMENT])),
        cents.combine_chunks().sort("descending"),
        chosen,
        bool(selection),
    )


def within(served: Served, selection: Selection) -> pa.Table:
    """Each customer whose orders a selection leaves, with the columns of the mart that are shown."""
    query = Query(("orders", NET_SALES), Period(date.min, date.max), ("customer", SEGMENT), selection)
    found = served.run(query)
    bought = found.filter(pc.and_(pc.is_valid(found["customer"]), pc.greater(found["orders"], 0)))
    return bought.select(["customer", SEGMENT, NET_SALES]).rename_columns(
        ["customer_id", SEGMENT, "net_sales_usd"]
    )


def rules(warehouse: Path, served: Served) -> dict[str, Rule]:
    """Each segment's rule, from the version's documentation; empty where it was published without one."""
    found = catalog.read(warehouse, served.name)
    entry = found.by_link.get(("node", MART)) if found else None
    text = str(entry.facts["description"]) if entry else ""
    return {row["segment"]: Rule(row["rule"], row["who"]) for row in RULE.finditer(text)}


def rules_html(lifetimes: Lifetimes, known: Mapping[str, Rule]) -> str:
    """The rules as a description list; nothing where they are not known."""
    rows = [(row[SEGMENT], known[row[SEGMENT]]) for row in lifetimes.by_segment if row[SEGMENT] in known]
    items = "".join(
        f"<dt><strong>{escape(name)}</strong>: {escape(rule.who)}</dt><dd>{escape(rule.rule)}</dd>"
        for name, rule in rows
    )
    return f'<dl class="seen">{items}</dl>' if items else ""


def segments_table(lifetimes: Lifetimes) -> pa.Table:
    """What `charts.pairs` draws: each segment's share of the customers and of their net sales."""
    return pairs_table(
        SEGMENT,
        [(row[SEGMENT], row["customer_count"], row["net_sales_usd"]) for row in lifetimes.by_segment],
        lifetimes.chosen,
    )


def brackets_table(lifetimes: Lifetimes) -> pa.Table:
    """What `charts.pairs` draws: customers and their net sales by brackets of lifetime net sales."""
    edges = edges_of(lifetimes.cents)
    # An amount on an edge lies in the bracket that it ends: those of nothing at all in the first.
    above = [pc.sum(pc.greater(lifetimes.cents, round(edge * CENTS))).as_py() for edge in edges]
    counts = [lifetimes.customer_count, *above, 0]
    sums = lifetimes.top(counts)
    rows = [
        (name, counts[place] - counts[place + 1], sums[place] - sums[place + 1])
        for place, name in enumerate(bracket_names(edges))
        if counts[place] > counts[place + 1]
    ]
    return pairs_table("bracket", rows, ())


def pairs_table(name: str, rows: list[tuple[str, int, float]], chosen: tuple[str, ...]) -> pa.Table:
    """Names, customers and net sales with the shares of both; a share of what is not above 0 is none."""
    customers = sum(count for _, count, _ in rows)
    total = sum(amount for *_, amount in rows)
    found = []
    for label, count, amount in rows:
        share = amount / total if total > 0 else None
        customers_share = count / customers
        found.append(
            {
                name: label,
                "is_chosen": not chosen or label in chosen,
                "customer_rate": customers_share,
                "net_sales_rate": share,
                "words": f"{formats.percent(customers_share)} \u00b7 {share_words(share)}",
                "customers_words": f"{formats.count(count)} ({formats.percent(customers_share)})",
                "net_sales_words": f"{formats.money(amount)} ({share_words(share)})",
                "each_words": formats.money(amount / count),
            }
        )
    schema = pa.schema(
        {
            name: pa.string(),
            "is_chosen": pa.bool_(),
            "customer_rate": pa.float64(),
            "net_sales_rate": pa.float64(),
            **{word: pa.string() for word in ("words", "customers_words", "net_sales_words", "each_words")},
        }
    )
    return pa.Table.from_pylist(found, schema)


def share_words(share: float | None) -> str:
    """A share as a percentage, without a sign where it is rounded to nothing."""
    return formats.percent(abs(share) if share and abs(share) < 0.0005 else share)


def edges_of(cents: pa.Array) -> list[float]:
    """Round edges in US dollars between the amounts of nearly all customers, 0 the first."""
    outer = int(len(cents) * OUTER)
    low, high = (cents[place].as_py() / CENTS for place in (len(cents) - 1 - outer, outer))
    inner = [edge for edge in EDGES if low < edge < high]
    return [0.0, *inner]


def bracket_names(edges: list[float]) -> list[str]:
    """Names of the brackets that end with each edge, and of the last one, which has no end."""
    ends = [f"${edge:,.0f}" for edge in edges]
    inner = [f"{low} {formats.DASH} {high}" for low, high in pairwise(ends)]
    return ["Nothing or less", *inner, f"More than {ends[-1]}"]


def scope(filters: Filters, end: date, *without: str) -> str:
    """Up to which day all orders count, and within which filters but those left out."""
    return filters.scope(CUSTOMER_TYPE, *without, days=f"Orders up to {formats.day_words(end)}")


def lifetime_words(lifetimes: Lifetimes) -> str:
    """The mean and the median in a sentence."""
    mean = formats.money(lifetimes.total / lifetimes.customer_count)
    half = formats.money(pc.quantile(lifetimes.cents)[0].as_py() / CENTS)
    return f"Net sales per customer: {mean} on average; the median is {half}."


def concentration_tables(lifetimes: Lifetimes) -> dict[str, pa.Table]:
    """What `charts.concentration` draws: the share of net sales that the top customers make, and one mark."""
    everybody, total = lifetimes.customer_count, lifetimes.total
    marked_count = top_count(lifetimes)
    counts = sorted({marked_count, *(round(everybody * step / STEPS) for step in range(STEPS + 1))})
    points: dict[int, Row] = {
        count: {
            "customer_rate": count / everybody,
            "net_sales_rate": amount / total,
            "customers_words": f"{formats.count(count)} ({formats.percent(count / everybody)})",
            "net_sales_words": f"{formats.money(amount)} ({formats.percent(amount / total)})",
        }
        for count, amount in zip(counts, lifetimes.top(counts), strict=True)
    }
    marked = points[marked_count]
    label = f"{formats.percent_short(marked['customer_rate'])} make "
    label += formats.percent(marked["net_sales_rate"])
    return {
        NUMBERS.name: pa.Table.from_pylist([*points.values()]),
        ROWS.name: pa.Table.from_pylist([{**marked, "label": label}]),
    }


def top_count(lifetimes: Lifetimes) -> int:
    """How many customers a tenth are, one at least."""
    return max(1, round(lifetimes.customer_count * TOP))


def concentration_words(lifetimes: Lifetimes) -> str:
    """How much of net sales the top tenth makes, in a sentence; why there is none where there is none."""
    count, everybody = top_count(lifetimes), lifetimes.customer_count
    if lifetimes.total <= 0:
        return "Their net sales are not above 0: there is nothing of which to take a share."
    share = formats.percent(lifetimes.top([count])[0] / lifetimes.total)
    top = f"{formats.percent_short(count / everybody)} of {lifetimes.of} ({formats.count(count)})"
    return f"{top} make {share} of net sales."


def numbers_table(served: Served, filters: Filters, lifetimes: Lifetimes) -> pa.Table:
    """The table of the segments, with what they bought in the period, within the other filters."""
    query = Query((CUSTOMERS, NET_SALES), filters.period, SEGMENT, filters.selection(without=SEGMENT))
    bought = {row[SEGMENT]: row for row in served.run(query).to_pylist()}
    rows = [row for row in lifetimes.by_segment if not lifetimes.chosen or row[SEGMENT] in lifetimes.chosen]
    pairs = {row[SEGMENT]: row for row in segments_table(lifetimes).to_pylist()}
    columns: dict[str, Any] = {
        **{name: [row[name] for row in rows] for name in (SEGMENT, "customer_count", "net_sales_usd")},
        **{
            name: pa.array([pairs[row[SEGMENT]][name] for row in rows], pa.float64())
            for name in ("customer_rate", "net_sales_rate")
        },
        "net_sales_per_customer_usd": [row["net_sales_usd"] / row["customer_count"] for row in rows],
        "period_customers": [bought.get(row[SEGMENT], {}).get(CUSTOMERS) or 0.0 for row in rows],
        "period_net_sales_usd": [bought.get(row[SEGMENT], {}).get(NET_SALES) or 0.0 for row in rows],
    }
    return pa.table({name: columns[name] for name in COLUMNS})
