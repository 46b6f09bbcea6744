"""Refunds of the sales page by their reasons, as numbers and words. Draws nothing."""

import pyarrow as pa

from dashboard import formats
from dashboard.queries.sales import RATE_OF_REFUNDS, REASON, REFUNDS, Ledger, noted

LINES = (
    (REASON, "Reason"),
    ("amount_words", "Refunds"),
    ("share_words", "Share"),
    ("before_words", "Compared with"),
)


def table(ledger: Ledger) -> pa.Table:
    """What `charts.pareto.pareto` draws of refunds: the reasons with the most first."""
    total = sum(ledger.reasons.values())
    then = ledger.reasons_then
    names = [*ledger.reasons, *(name for name in then if name not in ledger.reasons)]
    amounts = [ledger.reasons.get(name, 0.0) for name in names]
    before = [None if ledger.before is None else then.get(name, 0.0) for name in names]
    return pa.table(
        {
            REASON: names,
            "amount": pa.array(amounts, pa.float64()),
            "before": pa.array(before, pa.float64()),
            "is_chosen": [True] * len(names),
            "is_last": [False] * len(names),
            "words": [formats.money_short(amount) for amount in amounts],
            "amount_words": [formats.money(amount) for amount in amounts],
            "before_words": [formats.money(amount) for amount in before],
            "share_words": [
                formats.percent(amount / total) if total else formats.NOTHING for amount in amounts
            ],
        }
    )


def sentence(ledger: Ledger) -> str:
    """Which reason has the most refunds; nothing without refunds."""
    if not ledger.reasons:
        return ""
    name, amount = next(iter(ledger.reasons.items()))
    share = formats.percent(amount / sum(ledger.reasons.values()))
    return f"Most for: {name.lower()}, {formats.money(amount)}, {share} of all"


def subtitle(ledger: Ledger) -> str:
    """How much was refunded, and what can be read from the rows."""
    refunded = ledger.now.get(REFUNDS) or 0.0
    of_sales = noted(ledger.now.get(RATE_OF_REFUNDS), "of sales")
    tick = f" The tick marks {ledger.against}." if ledger.before else ""
    return (
        f"{formats.money_short(refunded)} refunded{f', {of_sales}' if of_sales else ''}, each on the day of "
        f"the refund. US dollars; at the right the share of all refunds.{tick}"
    )
