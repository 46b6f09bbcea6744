"""Products of the sales page: the few that make most, and price against margin. Draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.base import NUMBERS, ROWS
from dashboard.filters import Setting
from dashboard.queries.figures import NET_SALES, Row
from dashboard.queries.sales import AVERAGE_PRICE, MARGIN_RATE, PRODUCT, UNCOSTED, Ledger

MOST_LISTED = 25
LISTED = Setting("listed", "Products", (f"The first {MOST_LISTED}", "All"))
"""How many rows the card of products has, where there are more than the first ones."""
MOST = 0.8
"""The share of net sales that the few products make."""
PARETO_LINES = (
    (PRODUCT, "Product"),
    ("amount_words", "Net sales"),
    ("own_words", "Share"),
    ("share_words", "With those above"),
    ("units_words", "Units"),
)
SCATTER_LINES = (
    (PRODUCT, "Product"),
    ("price_words", "Average price"),
    ("rate_words", "Gross margin rate"),
    ("amount_words", "Net sales"),
    ("uncosted_words", "Sales of unknown cost"),
)
LEAST_RATE = -1.0
"""The lowest margin rate that is drawn: below it, refunds have left next to nothing to divide by."""
CLOSE = 0.3, 0.06
"""How near two circles are, across and up, as shares of the picture, for their names to run into another."""
ROOM = 1.12
"""How far the axis of prices reaches beyond the outermost ones, as a factor."""


@dataclass(frozen=True)
class Few:
    """How many products, the largest first, make MOST of net sales; `count` is None where none can."""

    products: int
    count: int | None
    shares: list[float | None]


def few(ledger: Ledger) -> Few:
    """The products' shares of their net sales, each with those above."""
    amounts = [row[NET_SALES] for row in ledger.by_product.values()]
    total = sum(amounts)
    if total <= 0:
        return Few(len(amounts), None, [None] * len(amounts))
    shares: list[float | None] = []
    reached = 0.0
    for amount in amounts:
        reached += amount
        shares.append(reached / total)
    # Sums of cents are not exact in binary: half a cent is no difference.
    count = next(
        place for place, share in enumerate(shares, 1) if share and share * total >= MOST * total - 0.005
    )
    return Few(len(amounts), count, shares)


def pareto_title(ledger: Ledger) -> str:
    """How many products make most of net sales."""
    found = few(ledger)
    if found.count is None:
        return "Net sales by product"
    if found.products == 1:
        return "One product makes all net sales"
    makes = "makes" if found.count == 1 else "make"
    return f"{found.count} of {found.products} products {makes} {formats.percent_short(MOST)} of net sales"


def pareto_subtitle(ledger: Ledger, listed: pa.Table) -> str:
    """The unit, and what the columns mean and, where rows of `pareto_table` stand below it, the line."""
    found = few(ledger)
    if found.count is None:
        return "US dollars. They add up to nothing or less: no share is shown. Click a row to filter by it."
    are_last = listed["is_last"].to_pylist()
    below = are_last[::-1].index(True) if True in are_last else 0
    others = found.products - found.count
    which = "the" if below == others else f"{below} of the"
    line = f" Below the dashed line come {which} other {others}." if below else ""
    return (
        "US dollars, the largest first; at the right the share of net sales that a product makes together "
        f"with those above it.{line} Click a row to filter by it."
    )


def pareto_table(ledger: Ledger) -> pa.Table:
    """What `charts.pareto.pareto` draws of all products: the largest first."""
    chosen = ledger.filters.of(PRODUCT)
    found = few(ledger)
    names, rows = [*ledger.by_product], [*ledger.by_product.values()]
    amounts = [row[NET_SALES] for row in rows]
    total = sum(amounts)
    return pa.table(
        {
            PRODUCT: names,
            "amount": pa.array(amounts, pa.float64()),
            "is_chosen": [not chosen or name in chosen for name in names],
            "is_last": [place == found.count and place < len(rows) for place in range(1, len(rows) + 1)],
            "words": [formats.money_short(amount) for amount in amounts],
            "amount_words": [formats.money(amount) for amount in amounts],
            "own_words": [
                formats.percent(amount / total) if total > 0 else formats.NOTHING for amount in amounts
            ],
            "share_words": [formats.percent(share) for share in found.shares],
            "units_words": [formats.count(row["units"]) for row in rows],
        }
    )


def first_listed(numbers: pa.Table) -> pa.Table:
    """Of the rows of `pareto_table` the first ones, and those of products that are chosen one by one."""
    are_chosen = numbers["is_chosen"].to_pylist()
    kept = [
        place < MOST_LISTED or (is_chosen and not all(are_chosen))
        for place, is_chosen in enumerate(are_chosen)
    ]
    return numbers.filter(pa.array(kept))


def curve_tables(ledger: Ledger) -> dict[str, pa.Table]:
    """What `charts.pareto.curve` draws, where some products make most of net sales."""
    found = few(ledger)
    shares = [0.0, *(share or 0.0 for share in found.shares)]
    count = found.count or 0
    return {
        NUMBERS.name: pa.table(
            {
                "rank": [float(rank) for rank in range(len(shares))],
                "share": shares,
                "words": [f"The first {rank}: {formats.percent(share)}" for rank, share in enumerate(shares)],
            }
        ),
        ROWS.name: pa.table(
            {
                "rank": [float(count)],
                "share": [shares[count]],
                "origin": [0.0],
                "is_right": [count > found.products / 2],
                "words": [f"{count} product{'s' * (count > 1)}: {formats.percent(shares[count])}"],
            }
        ),
    }


def is_drawn(row: Row) -> bool:
    """Whether a product has a price, a margin rate and an amount to be drawn with."""
    rate = row[MARGIN_RATE]
    has_margin = rate is not None and row["costed_net_sales"] > 0 and rate >= LEAST_RATE
    return bool(row[AVERAGE_PRICE]) and has_margin and row[NET_SALES] > 0


def is_uncosted(row: Row) -> bool:
    """Whether nothing is known of what a product cost."""
    return bool(row[UNCOSTED]) and row[MARGIN_RATE] is None


def told(rows: dict[str, Row]) -> set[str]:
    """The products that are named beside their circles: the largest, and those of least and most margin.

    One of them that is close to another one stays without its name.
    """
    by_margin = sorted(rows, key=lambda name: (rows[name][MARGIN_RATE], name))
    places = {name: (log(row[AVERAGE_PRICE]), row[MARGIN_RATE]) for name, row in rows.items()}
    spans = [(max(axis) - min(axis)) or 1.0 for axis in zip(*places.values(), strict=True)]
    found: list[str] = []
    for name in [*rows][:1] + by_margin[:1] + by_margin[-1:]:
        apart = [
            any(
                abs(one - other) / span > close
                for one, other, span, close in zip(places[name], places[known], spans, CLOSE, strict=True)
            )
            for known in found
        ]
        if all(apart):
            found.append(name)
    return {*found}


def scatter_tables(ledger: Ledger) -> dict[str, pa.Table]:
    """What `charts.scatter` draws."""
    chosen = ledger.filters.of(PRODUCT)
    rows = {name: row for name, row in ledger.by_product.items() if is_drawn(row)}
    named = told({name: row for name, row in rows.items() if not chosen or name in chosen} or rows)
    prices = [row[AVERAGE_PRICE] for row in rows.values()]
    middle = (min(prices, default=1.0) * max(prices, default=1.0)) ** 0.5
    points = [
        {
            PRODUCT: name,
            "price": amount,
            "rate": row[MARGIN_RATE],
            "amount": row[NET_SALES],
            "is_chosen": not chosen or name in chosen,
            "title": name if name in named else None,
            "is_right": amount > middle,
            "price_words": formats.money(amount),
            "rate_words": formats.percent(row[MARGIN_RATE]),
            "amount_words": formats.money(row[NET_SALES]),
            "uncosted_words": formats.money(row[UNCOSTED]) if row[UNCOSTED] else "none",
        }
        for (name, row), amount in zip(rows.items(), prices, strict=True)
    ]
    return {NUMBERS.name: pa.Table.from_pylist(points), ROWS.name: pa.Table.from_pylist(line(ledger, prices))}


def line(ledger: Ledger, prices: Sequence[float]) -> list[dict[str, Any]]:
    """The line across the circles, at the margin rate of all that is chosen."""
    rate = ledger.now.get(MARGIN_RATE)
    if rate is None or not prices:
        return []
    return [{"price": min(prices) / ROOM, "price_end": max(prices) * ROOM, "rate": rate}]


def scatter_sentence(ledger: Ledger) -> str:
    """Between which rates and prices the products lie; nothing where none is drawn."""
    rows = [row for row in ledger.by_product.values() if is_drawn(row)]
    if not rows:
        return ""
    rates, prices = [row[MARGIN_RATE] for row in rows], [row[AVERAGE_PRICE] for row in rows]
    return (
        f"{len(rows)} products from {formats.money(min(prices))} to {formats.money(max(prices))}, "
        f"with margins from {formats.percent(min(rates))} to {formats.percent(max(rates))}"
    )


def scatter_subtitle(ledger: Ledger) -> str:
    """What the axes, the circles and the line mean, and which products are missing."""
    sentences = [
        "Across: average price of a unit in US dollars, after discounts, on a logarithmic scale",
        "Up: gross margin rate of the sales whose cost is known",
        "Area: net sales",
    ]
    if (rate := ledger.now.get(MARGIN_RATE)) is not None:
        sentences.append(f"Dashed: the margin rate of all together, {formats.percent(rate)}")
    sentences.append("Click a circle to filter by it")
    left_out = left_out_words(ledger)
    return ". ".join(sentences) + f". {left_out}".rstrip()


def left_out_words(ledger: Ledger) -> str:
    """Which products are not drawn, as a sentence; nothing where all are."""
    left = [row for row in ledger.by_product.values() if not is_drawn(row)]
    uncosted = [row for row in left if is_uncosted(row)]
    found = []
    if uncosted:
        amount = formats.money_short(sum(row[NET_SALES] for row in uncosted))
        found.append(f"{len(uncosted)} of unknown cost ({amount} of net sales)")
    if others := len(left) - len(uncosted):
        found.append(f"{others} of which nothing, or next to nothing, is left after refunds")
    return f"Not drawn: {', '.join(found)}." if found else ""
