"""Payment attempts and refunds: what the customers of the orders paid, and what they got back."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sample_company import parameters as p
from sample_company.orders import CANCELLED, CARD, COMPLETED, GIFT_CARD, INVOICE, Lines, Orders
from sample_company.parameters import DAY, Bools, Ints

CAPTURED, FAILED = 0, 1
PAYMENT_STATUSES = ("captured", "failed")
REASONS = (
    "changed mind",
    "damaged",
    "not as described",
    "late delivery",
    "wrong item",
    "order cancelled",
    "recalled",
)
CANCELLED_REASON, RECALLED_REASON = 5, 6
SPLIT_SHARE, FAILED_SHARE, NEXT_DAY_SHARE = 0.06, 0.05, 0.07
LINE_REFUNDED, ORDER_REFUNDED = 0.045, 0.014


@dataclass(frozen=True)
class Payments:
    """Payment attempts of one shard, sorted by the time they were processed."""

    order: Ints
    method: Ints
    status: Ints
    amount: Ints
    processed_at: Ints

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.order)


@dataclass(frozen=True)
class Refunds:
    """Refunds of one shard, sorted by time; reason -1 is none given."""

    line: Ints
    quantity: Ints
    amount: Ints
    reason: Ints
    refunded_at: Ints

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.line)


def make_payments(rng: np.random.Generator, orders: Orders) -> Payments:
    """Payments that capture exactly what each paid order owes, and failed attempts before them."""
    count = len(orders)
    at = orders.purchases.ordered_at
    amount = np.where(orders.is_paid, orders.due, 0)
    gift = rng.choice(np.array([1_000, 2_000, 2_500, 5_000]), count)
    splits = (rng.random(count) < SPLIT_SHARE) & (amount > gift + 500)
    gift = np.where(splits, gift, 0)
    next_day = (rng.random(count) < NEXT_DAY_SHARE) & (orders.purchases.store == p.ONLINE)
    next_day |= orders.method == INVOICE
    after_midnight = (at // DAY + 1) * DAY + rng.integers(300, 3 * 3600, count)
    at_once = at + rng.integers(2, 90, count)
    processed_at = np.where(next_day, after_midnight, at_once)
    retried = after_midnight + rng.integers(8 * 3600, 40 * 3600, count)
    processed_at = np.where(orders.card_failed, np.maximum(retried, _failure_end()), processed_at)
    processed_at = np.minimum(processed_at, p.END - 1)

    paid = np.flatnonzero(amount - gift > 0)
    split = np.flatnonzero(splits)
    sometimes = (rng.random(count) < FAILED_SHARE) & (orders.method == CARD) & (orders.due > 0)
    failed = np.flatnonzero(sometimes | orders.card_failed)
    again = np.flatnonzero(orders.card_failed & (rng.random(count) < 0.7))
    rows = np.concatenate([paid, split, failed, again])
    late = rng.integers(60, 600, len(again))
    times = [processed_at[paid], np.minimum(at + 1, p.END - 1)[split], at[failed], at[again] + late]
    amounts = [(amount - gift)[paid], gift[split], (orders.due - gift)[failed], (orders.due - gift)[again]]
    attempted = np.concatenate([failed, again])
    method = np.concatenate([orders.method[paid], np.full(len(split), GIFT_CARD), orders.method[attempted]])
    status = np.repeat([CAPTURED, FAILED], [len(paid) + len(split), len(failed) + len(again)])
    processed = np.concatenate(times)
    order = np.lexsort((rows, processed))
    return Payments(
        rows[order], method[order], status[order], np.concatenate(amounts)[order], processed[order]
    )


def _failure_end() -> int:
    return p.second_of(p.PAYMENT_FAILURE[1] + timedelta(days=1))


def _recalled(rng: np.random.Generator, lines: Lines, at: Ints) -> Bools:
    """Lines of the recalled product sold in the weeks before its recall that come back."""
    first = p.RECALL_DAYS[0] - timedelta(days=p.RECALL_LOOKBACK_DAYS)
    sold = p.within(at, first, p.RECALL_DAYS[0] - timedelta(days=1))
    back: Bools = sold & (lines.product == p.RECALLED_PRODUCT) & (rng.random(len(lines)) < p.RECALL_SHARE)
    return back


def make_refunds(rng: np.random.Generator, orders: Orders, lines: Lines) -> Refunds:
    """Refunds of (parts of) lines; never more than was paid for a line."""
    count = len(lines)
    at = orders.purchases.ordered_at[lines.order]
    status = orders.status[lines.order]
    whole_order = (rng.random(len(orders)) < ORDER_REFUNDED)[lines.order] & (status == COMPLETED)
    some = (rng.random(count) < LINE_REFUNDED) & (status == COMPLETED)
    undone = (status == CANCELLED) & orders.is_paid[lines.order]
    recalled = _recalled(rng, lines, at) & (status == COMPLETED)
    everything = whole_order | undone | recalled

    quantity = np.where(everything, lines.quantity, (rng.random(count) * lines.quantity).astype(np.int64) + 1)
    kindness = np.where(~everything & (rng.random(count) < 0.15), 0.5, 1.0)
    amount = np.floor(lines.net * quantity / lines.quantity * kindness).astype(np.int64)
    whole = everything | ((quantity == lines.quantity) & (kindness == 1.0))
    amount = np.where(whole, lines.net, amount)
    days = 2 + rng.gamma(1.6, 7.0, len(orders)).clip(0, 58)[lines.order]
    refunded_at = orders.updated_at[lines.order] + (days * DAY).astype(np.int64)
    refunded_at = np.where(undone, orders.updated_at[lines.order] + 3_600, refunded_at)
    recall_at = p.second_of(p.RECALL_DAYS[0]) + rng.integers(8 * 3600, 3 * DAY - 4 * 3600, count)
    refunded_at = np.where(recalled, recall_at, refunded_at)
    reason = rng.choice(np.array([0, 1, 2, 3, 4, -1]), count, p=[0.34, 0.20, 0.16, 0.08, 0.10, 0.12])
    reason = np.where(undone, CANCELLED_REASON, np.where(recalled, RECALLED_REASON, reason))

    first = np.flatnonzero((some | everything) & (amount > 0) & (refunded_at < p.END))
    partly = (quantity < lines.quantity) & (rng.random(count) < 0.3) & (kindness == 1.0)
    second_at = refunded_at + rng.integers(DAY, 20 * DAY, count)
    second = first[partly[first] & (second_at[first] < p.END)]
    line = np.concatenate([first, second])
    quantities = np.concatenate([quantity[first], (lines.quantity - quantity)[second]])
    amounts = np.concatenate([amount[first], (lines.net - amount)[second]])
    times = np.concatenate([refunded_at[first], second_at[second]])
    order = np.lexsort((line, times))
    return Refunds(line[order], quantities[order], amounts[order], reason[line[order]], times[order])
