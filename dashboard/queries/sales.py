"""What the sales page shows, as numbers and words: metrics in, tables out. Draws nothing.

Its products are in `queries.products`, its days in `queries.days`, its refunds in `queries.refunds`.
"""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.bullets import BANDS
from dashboard.components.tables import COUNT, RATE, TEXT, USD, Column
from dashboard.filters import Filters, Setting
from dashboard.metrics import Served
from dashboard.periods import Grain, Period, parts
from dashboard.queries import figures
from dashboard.queries.days import Days
from dashboard.queries.days import read as days_read
from dashboard.queries.figures import ATTAINMENT, NET_SALES, TARGET, Bundle, Figures, Row, Shown, untargeted
from dashboard.requests import Query, Selection

CATEGORY, PRODUCT, REASON = "category", "product", "refund_reason"
REFUNDS, RATE_OF_REFUNDS, MARGIN, MARGIN_RATE = "refunds", "refund_rate", "gross_margin", "gross_margin_rate"
UNCOSTED = "uncosted_sales"
MONEY = ("gross_sales", "discounts", "sales", REFUNDS, NET_SALES, "costed_net_sales", UNCOSTED, MARGIN)
AVERAGE_PRICE = "average_price"
METRICS = (*MONEY, "discount_rate", MARGIN_RATE, RATE_OF_REFUNDS, "orders", "units", AVERAGE_PRICE)
NOT_STATED = "Not stated"
ROWS = Setting("rows", "Rows of the table", ("By period", "By category", "By product"))
COLUMNS = {
    CATEGORY: Column("Category", TEXT),
    PRODUCT: Column("Product", TEXT),
    "gross_sales_usd": Column("Gross sales", USD),
    "discounts_usd": Column("Discounts", USD),
    "refunds_usd": Column("Refunds", USD),
    "net_sales_usd": Column("Net sales", USD),
    "target_usd": Column("Target", USD),
    "target_attainment": Column("Of target", RATE),
    "gross_margin_usd": Column("Gross margin", USD),
    "gross_margin_rate": Column("Gross margin rate", RATE),
    "orders": Column("Orders", COUNT),
    "units": Column("Units", COUNT),
}


@dataclass(frozen=True)
class Goal:
    """A target in US dollars, and the share of it that net sales reach."""

    amount: float
    share: float


@dataclass(frozen=True)
class Ledger(Figures):
    """The sales of a selection.

    `by_category` and `by_product`: the metrics of each, chosen or not, the largest net sales first.
    `target`: the whole one and how far it is reached, `targets`: those of each category, none where none is
    set for what is chosen; `reasons` and `reasons_then`: refunds by reason, which is None where it is not
    stated; `days`: the calendar's.
    """

    by_category: dict[str, Row]
    by_product: dict[str, Row]
    has_targets: bool
    target: Goal | None
    targets: dict[str, Goal]
    reasons: dict[str, float]
    reasons_then: dict[str, float]
    days: Days

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sold or refunded."""
        return not self.now.get("orders") and not self.now.get(REFUNDS)


def read(served: Served, filters: Filters) -> Ledger:
    """Every number that the page shows."""
    selection = filters.selection()
    shown = figures.read(served, filters, [Bundle(METRICS, selection)])
    return Ledger(
        **vars(shown),
        by_category=by_name(served, CATEGORY, filters),
        by_product=by_name(served, PRODUCT, filters),
        has_targets=served.has(TARGET),
        target=targets(served, filters, ()).get(""),
        targets=targets(served, filters, (CATEGORY,)),
        reasons=reasons(served, filters.period, selection),
        reasons_then=reasons(served, shown.before, selection),
        days=days_read(served, filters),
    )


def by_name(served: Served, name: str, filters: Filters) -> dict[str, Row]:
    """The metrics by a group-by name, whatever is chosen of it, of all with something sold or refunded."""
    if name not in served.group_bys((NET_SALES,)):
        return {}
    query = Query(METRICS, filters.period, name, filters.selection(without=name))
    found = [row for row in served.run(query).to_pylist() if row["units"] or row["sales"] or row[REFUNDS]]
    found.sort(key=lambda row: (-(row[NET_SALES] or 0.0), row[name] or ""))
    return {row[name] or NOT_STATED: row for row in found}


def targets(served: Served, filters: Filters, by: tuple[str, ...]) -> dict[str, Goal]:
    """The target of each category, or the whole one, whatever category is chosen.

    None within what targets are not set by.
    """
    if not served.has(TARGET) or untargeted(filters, without=CATEGORY):
        return {}
    rows = served.run(Query((TARGET, ATTAINMENT), filters.period, by)).to_pylist()
    return {row.get(CATEGORY, ""): Goal(row[TARGET], row[ATTAINMENT]) for row in rows if row[TARGET]}


def reasons(served: Served, period: Period | None, selection: Selection) -> dict[str, float]:
    """Refunds by reason, the largest first; empty without a period."""
    if period is None or REASON not in served.group_bys((REFUNDS,)):
        return {}
    rows = served.run(Query((REFUNDS,), period, REASON, selection)).to_pylist()
    found = {row[REASON]: row[REFUNDS] for row in rows if row[REFUNDS]}
    return {
        (NOT_STATED if reason is None else f"{reason[:1].upper()}{reason[1:]}"): found[reason]
        for reason in sorted(found, key=lambda reason: (-found[reason], reason or ""))
    }


def tiles(ledger: Ledger) -> dict[str, Shown]:
    """The tiles: from gross sales to what is left of them."""
    now = ledger.now
    price = now.get(AVERAGE_PRICE)
    return {
        "gross_sales": Shown(formats.money_short, formats.relative_change),
        "discounts": Shown(
            formats.money_short,
            formats.relative_change,
            better=0,
            note=noted(now.get("discount_rate"), "of gross sales"),
        ),
        REFUNDS: Shown(
            formats.money_short,
            formats.relative_change,
            better=-1,
            note=noted(now.get(RATE_OF_REFUNDS), "of sales"),
        ),
        NET_SALES: Shown(formats.money_short, formats.relative_change),
        MARGIN: Shown(
            formats.money_short,
            formats.relative_change,
            note=noted(now.get(MARGIN_RATE), "where the cost is known" if now[UNCOSTED] else "of net sales"),
        ),
        "units": Shown(
            formats.count,
            formats.relative_change,
            note="" if price is None else f"at {formats.money(price)} each",
        ),
    }


def noted(rate: float | None, words: str) -> str:
    """A rate and what it is a share of, where it has a value."""
    return "" if rate is None else f"{formats.percent(rate)} {words}"


def bullets_table(ledger: Ledger) -> pa.Table:
    """What `charts.bullets` draws: the largest net sales first, with categories that have only a target."""
    chosen = ledger.filters.of(CATEGORY)
    sold = {name: row[NET_SALES] for name, row in ledger.by_category.items()}
    rows = []
    for name in (*sold, *sorted(ledger.targets.keys() - sold.keys())):
        amount, target = sold.get(name, 0.0), ledger.targets.get(name)
        goal, share, reached, rest = None, formats.NOTHING, "", formats.NOTHING
        if target:
            goal, share = target.amount, formats.percent(target.share)
            reached = f" \u00b7 {share} of {formats.money_short(goal)}"
            rest = formats.signed(amount - goal, formats.money(abs(amount - goal)))
        rows.append(
            {
                CATEGORY: name,
                NET_SALES: amount,
                "target": goal,
                **{band: goal and goal * share_of for band, share_of in BANDS.items()},
                "is_chosen": not chosen or name in chosen,
                "words": formats.money_short(amount)
                + (reached or (" \u00b7 no target" if ledger.targets else "")),
                "net_sales_words": formats.money(amount),
                "target_words": formats.money(goal),
                "share_words": share,
                "rest_words": rest,
            }
        )
    numbers = pa.Table.from_pylist(rows)
    for name in ("target", *BANDS):
        numbers = numbers.set_column(numbers.column_names.index(name), name, numbers[name].cast(pa.float64()))
    return numbers


def bullets_sentence(ledger: Ledger) -> str:
    """How many categories reached their targets, and how far all together are; nothing without targets."""
    if not ledger.targets or not ledger.target:
        return ""
    sold = {name: ledger.by_category.get(name, {}).get(NET_SALES) or 0.0 for name in ledger.targets}
    reached = sum(sold[name] >= target.amount for name, target in ledger.targets.items())
    return (
        f"{reached} of {len(sold)} reached the target, all sales together"
        f" {formats.percent(ledger.target.share)} of {formats.money_short(ledger.target.amount)}"
    )


def bullets_subtitle(ledger: Ledger) -> str:
    """The unit, how far the targets are reached, what the bands mean, or why there are none."""
    name = untargeted(ledger.filters, without=CATEGORY)
    sentences = ["US dollars"]
    if ledger.targets:
        sentences[0] += f". {bullets_sentence(ledger)}"
        ends = [formats.percent_short(share) for share in BANDS.values()]
        sentences.append(f"The tick is the target; shades end at {', '.join(ends[:-1])} and {ends[-1]} of it")
        if any(not part.is_whole for part in parts(ledger.filters.period, Grain.MONTH)):
            sentences.append("Where the period cuts a month, its target is cut evenly by day")
    elif ledger.has_targets and name:
        sentences.append(
            f"Targets are set by category, not by {name}: none is shown while a {name} is chosen"
        )
    elif ledger.has_targets:
        sentences.append("No target is set for these days")
    return ". ".join([*sentences, "Click a row to filter by it"]) + "."


def numbers_table(ledger: Ledger, by: str) -> pa.Table:
    """The table behind the page: a row per part, category or product; null where a number has no value."""
    if by == ROWS.options[0]:
        return pa.table(figures.part_columns(ledger) | number_columns(ledger.rows))
    name, rows = (CATEGORY, ledger.by_category) if by == ROWS.options[1] else (PRODUCT, ledger.by_product)
    chosen = ledger.filters.of(name)
    shown = {key: row for key, row in rows.items() if not chosen or key in chosen}
    goals = [ledger.targets.get(key) for key in shown] if name == CATEGORY and ledger.targets else []
    return pa.table({name: [*shown]} | number_columns([*shown.values()], goals))


def number_columns(rows: list[Row], goals: list[Goal | None] | None = None) -> dict[str, Any]:
    """The columns of rows of metrics: money to the cent, with targets where there are any."""

    def cents(name: str) -> list[float]:
        return [round(row.get(name) or 0.0, 2) for row in rows]

    columns: dict[str, Any] = {f"{name}_usd": cents(name) for name in ("gross_sales", "discounts", REFUNDS)}
    columns["net_sales_usd"] = cents(NET_SALES)
    if goals:
        columns["target_usd"] = [goal and round(goal.amount, 2) for goal in goals]
        columns["target_attainment"] = [goal and goal.share for goal in goals]
    columns["gross_margin_usd"] = pa.array(margins(rows), pa.float64())
    columns["gross_margin_rate"] = pa.array([row.get(MARGIN_RATE) for row in rows], pa.float64())
    columns["orders"] = [int(row.get("orders") or 0) for row in rows]
    columns["units"] = [int(row.get("units") or 0) for row in rows]
    return columns


def margins(rows: list[Row]) -> list[float | None]:
    """Gross margins to the cent; none where no cost is known."""
    return [None if row.get(MARGIN_RATE) is None else round(row[MARGIN], 2) for row in rows]
