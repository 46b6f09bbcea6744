"""The shop's tables of one shard as they are delivered, with their defects."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample_company import defects as d
from sample_company import parameters as p
from sample_company import text
from sample_company.catalogue import PRODUCTS
from sample_company.customers import FIRST_NAMES, LAST_NAMES
from sample_company.defects import Account, Delivery
from sample_company.orders import COMPLETED, COUPONS, METHODS, STATUSES
from sample_company.parameters import DAY, Bools
from sample_company.payments import FAILED, PAYMENT_STATUSES, REASONS
from sample_company.shard import Shard
from sample_company.streams import stream

NO_SUCH_ORDER, NO_SUCH_LINE = 99_000, 99_000  # numbers that no order and no line reaches
PRODUCT_IDS = [f"P{number:03}" for number in range(PRODUCTS)]
CITIES = [city for region in p.REGIONS for city in region.cities]
FIRST_CITY = np.cumsum([0, *(len(region.cities) for region in p.REGIONS)])


@dataclass(frozen=True)
class Verdict:
    """Which clean rows the warehouse must reject, by position."""

    orders: Bools
    lines: Bools
    refunds: Bools


def _numbered(shard: Shard, letter: str, first: int, count: int, width: int) -> pa.StringArray:
    return text.ids(shard.prefix(letter), first + np.arange(count), width)


def _rng(shard: Shard, table: str) -> np.random.Generator:
    return stream(shard.seed, shard.number, f"delivery of {table}")


def deliver_customers(shard: Shard, account: Account) -> pa.Table:
    """Customers: older versions, copies, blanks, other formats, and three kinds of broken rows."""
    people = shard.people
    count = len(people)
    number = np.arange(count)
    first, last = text.labels(people.first_name, FIRST_NAMES), text.labels(people.last_name, LAST_NAMES)
    mailbox = pc.binary_join_element_wise(
        pc.utf8_lower(first), pc.utf8_lower(last), text.numbers(number + 10_000 * shard.number), "."
    )
    columns = {
        "customer_id": text.ids(shard.prefix("C"), number, 4),
        "email": pc.binary_join_element_wise(mailbox, "example.com", "@"),
        "full_name": pc.binary_join_element_wise(first, last, " "),
        "country_code": text.labels(people.country, p.COUNTRIES),
        "region": text.labels(people.region, [region.name for region in p.REGIONS]),
        "city": text.labels(FIRST_CITY[people.region] + people.city, CITIES),
        "marketing_opt_in": text.labels(people.opt_in, ("false", "true")),
        "created_at": text.timestamps(people.created_at),
        "updated_at": text.timestamps(people.changed_at),
    }
    delivery = Delivery("shop.customers", columns, _rng(shard, "customers"), account)
    changed = delivery.pick(140, people.changed_at > people.created_at)
    opposite = text.labels(np.where(people.opt_in[changed] == 1, 0, 1), ("false", "true"))
    delivery.again(
        "older_version",
        changed,
        marketing_opt_in=opposite,
        updated_at=text.timestamps(people.created_at[changed]),
    )
    delivery.again("exact_copy", delivery.pick(18))
    delivery.spoil("blank_for_null", "email", 12, d.blank)
    delivery.spoil("not_available_for_null", "full_name", 10, d.not_available)
    delivery.spoil("padded_text", "region", 20, d.padded)
    delivery.spoil("padded_text", "country_code", 10, d.padded)
    delivery.spoil("mixed_case", "country_code", 20, d.mixed_case)
    delivery.spoil("other_time_format", "created_at", 15, d.other_format)
    sound = delivery.pick(7)
    delivery.again("no_id", sound[:2], outcome=d.REJECTED, reason=d.MISSING, customer_id="N/A")
    wrong = [d.ambiguous(value, 0) for value in columns["updated_at"].take(pa.array(sound[2:5])).to_pylist()]
    delivery.again("ambiguous_time", sound[2:5], outcome=d.REJECTED, reason=d.BAD_TIMESTAMP, updated_at=wrong)
    delivery.again(
        "not_a_boolean", sound[5:], outcome=d.REJECTED, reason=d.BAD_BOOLEAN, marketing_opt_in="maybe"
    )
    return delivery.table_text()


def deliver_orders(shard: Shard, account: Account) -> tuple[pa.Table, Bools]:
    """Orders, and which of them are rejected; what hangs on those is rejected with them."""
    orders, purchases = shard.orders, shard.orders.purchases
    count = len(orders)
    at = purchases.ordered_at
    columns = {
        "order_id": text.ids(shard.prefix("O"), np.arange(count), 5),
        "customer_id": text.ids(shard.prefix("C"), purchases.customer, 4),
        "store_id": text.labels(purchases.store, [store.store_id for store in p.STORES]),
        "order_status": text.labels(orders.status, STATUSES),
        "currency_code": text.labels(orders.currency, p.CURRENCIES),
        "shipping_amount": text.money(orders.shipping, orders.shipping < 0),
        "coupon_code": text.labels(orders.coupon, COUPONS),
        "ordered_at": text.timestamps(at),
        "updated_at": text.timestamps(orders.updated_at),
    }
    twice = p.within(at, p.TWICE_DAY, p.TWICE_DAY)
    delivery = Delivery("shop.orders", columns, _rng(shard, "orders"), account, reserved=twice)
    delivery.note("guest", np.flatnonzero(purchases.customer < 0))
    delivery.again("day_loaded_twice", np.flatnonzero(twice))

    usual = purchases.has_lines & (purchases.product < 0) & ~p.within(at, *p.PAYMENT_FAILURE)
    rejected = np.zeros(count, dtype=bool)
    for case, column, number, change, reason in (
        ("unknown_currency", "currency_code", 6, lambda _t, n: ("CHF", "XXX")[n % 2], d.UNKNOWN_CURRENCY),
        ("unknown_status", "order_status", 5, lambda _t, n: ("teleported", "lost")[n % 2], d.UNKNOWN_VALUE),
        ("ambiguous_time", "ordered_at", 5, d.ambiguous, d.BAD_TIMESTAMP),
        ("no_store", "store_id", 3, d.nothing, d.MISSING),
        ("negative_shipping", "shipping_amount", 2, lambda _t, _n: "-4.90", d.NEGATIVE),
    ):
        rejected[
            delivery.spoil(case, column, number, change, where=usual, outcome=d.REJECTED, reason=reason)
        ] = True

    empty = delivery.pick(count, ~purchases.has_lines)
    delivery.note("order_without_lines", empty)
    online = (purchases.store == p.ONLINE) & (orders.status == COMPLETED)
    placed = delivery.pick(420, online)
    delivery.again(
        "older_version",
        placed,
        order_status="placed",
        updated_at=text.timestamps(np.minimum(at[placed] + 5, p.END - 1)),
    )
    shipped = placed[: len(placed) // 3]
    delivery.again(
        "older_version",
        shipped,
        order_status="shipped",
        updated_at=text.timestamps(orders.shipped_at[shipped]),
    )
    superseded = delivery.pick(4, online & (orders.updated_at < p.END - DAY))
    delivery.again(
        "broken_latest_version", superseded, outcome=d.REJECTED, reason=d.UNKNOWN_VALUE,
        order_status="returned?", updated_at=text.timestamps(orders.updated_at[superseded] + 3_600),
    )  # fmt: skip
    delivery.again("exact_copy", delivery.pick(35, purchases.has_lines))
    delivery.spoil("blank_for_null", "coupon_code", 20, d.blank, where=orders.coupon < 0)
    delivery.spoil("not_available_for_null", "coupon_code", 20, d.not_available, where=orders.coupon < 0)
    delivery.spoil("padded_text", "order_status", 15, d.padded)
    delivery.spoil("padded_text", "currency_code", 10, d.padded)
    delivery.spoil("mixed_case", "order_status", 15, d.mixed_case)
    delivery.spoil("mixed_case", "currency_code", 10, d.mixed_case)
    delivery.spoil("other_time_format", "ordered_at", 30, d.other_format)
    return delivery.table_text(), rejected


def deliver_lines(shard: Shard, account: Account, rejected_orders: Bools) -> tuple[pa.Table, Bools]:
    """Order lines, and which of them are rejected."""
    lines, orders = shard.lines, shard.orders
    count = len(lines)
    at = orders.purchases.ordered_at[lines.order]
    columns = {
        "order_item_id": text.ids(shard.prefix("I"), np.arange(count), 5),
        "order_id": text.ids(shard.prefix("O"), lines.order, 5),
        "product_id": text.labels(lines.product, PRODUCT_IDS),
        "quantity": text.numbers(lines.quantity),
        "unit_price": text.money(lines.unit_price),
        "discount_amount": text.money(lines.discount, lines.discount == 0),
    }
    orphaned = rejected_orders[lines.order]
    twice = p.within(at, p.TWICE_DAY, p.TWICE_DAY)
    delivery = Delivery("shop.order_items", columns, _rng(shard, "lines"), account, reserved=orphaned | twice)
    delivery.note("line_of_rejected_order", np.flatnonzero(orphaned), d.REJECTED, d.UNKNOWN_ORDER)
    delivery.again("day_loaded_twice", np.flatnonzero(twice))

    has_refund = np.zeros(count, dtype=bool)
    has_refund[shard.refunds.line] = True
    ordinary = ~has_refund & (lines.unit_price < 30_000) & (lines.product != p.MISPRICED_PRODUCT)
    ordinary &= orders.status[lines.order] == COMPLETED
    too_high = delivery.spoil(
        "price_a_thousand_times_too_high", "unit_price", 6, lambda t, _n: f"{t.replace('.', '')}0.00",
        where=ordinary, outcome=d.REJECTED, reason=d.PRICE_RANGE,
    )  # fmt: skip
    rejected = orphaned.copy()
    rejected[too_high] = True
    delivery.spoil("unknown_product", "product_id", 15, lambda _t, n: f"P9{n:02}", where=ordinary)
    delivery.spoil("thousands_separator", "unit_price", 10, d.thousands, where=lines.unit_price >= 100_000)
    delivery.spoil("blank_for_null", "discount_amount", 25, d.blank, where=lines.discount == 0)
    delivery.spoil(
        "not_available_for_null", "discount_amount", 20, d.not_available, where=lines.discount == 0
    )
    delivery.spoil("padded_text", "product_id", 25, d.padded)
    delivery.again("exact_copy", delivery.pick(60))

    source = delivery.pick(34)
    new = _numbered(shard, "I", count, len(source), 5)
    for case, a, b, reason, column, values in (
        ("quantity_zero", 0, 5, d.NOT_POSITIVE, "quantity", ["0"] * 5),
        ("quantity_negative", 5, 10, d.NOT_POSITIVE, "quantity", ["-1", "-1", "-2", "-1", "-3"]),
        ("price_negative", 10, 13, d.NEGATIVE, "unit_price", ["-19.00"] * 3),
        ("not_a_number", 13, 18, d.BAD_NUMBER, "unit_price", ["12,5O", "free", "12,50", "?", "1.2.3"]),
        ("no_product", 18, 22, d.MISSING, "product_id", [None, " ", "N/A", None]),
    ):
        delivery.again(
            case, source[a:b], outcome=d.REJECTED, reason=reason, order_item_id=new[a:b], **{column: values}
        )
    absent = _numbered(shard, "O", NO_SUCH_ORDER, 12, 5)
    delivery.again(
        "line_without_order", source[22:], outcome=d.REJECTED, reason=d.UNKNOWN_ORDER, order_item_id=new[22:],
        order_id=absent,
    )  # fmt: skip
    return delivery.table_text(), rejected


def deliver_payments(shard: Shard, account: Account, rejected_orders: Bools) -> pa.Table:
    """Payment attempts; those of rejected orders are rejected with them."""
    payments = shard.payments
    count = len(payments)
    columns = {
        "payment_id": text.ids(shard.prefix("Y"), np.arange(count), 5),
        "order_id": text.ids(shard.prefix("O"), payments.order, 5),
        "payment_method": text.labels(payments.method, METHODS),
        "payment_status": text.labels(payments.status, PAYMENT_STATUSES),
        "amount": text.money(payments.amount),
        "processed_at": text.timestamps(payments.processed_at),
    }
    orphaned = rejected_orders[payments.order]
    twice = p.within(payments.processed_at, p.TWICE_DAY, p.TWICE_DAY)
    delivery = Delivery("shop.payments", columns, _rng(shard, "payments"), account, reserved=orphaned | twice)
    delivery.note("payment_of_rejected_order", np.flatnonzero(orphaned), d.REJECTED, d.UNKNOWN_ORDER)
    delivery.again("day_loaded_twice", np.flatnonzero(twice & ~orphaned))
    delivery.again("exact_copy", delivery.pick(40))
    delivery.spoil("thousands_separator", "amount", 15, d.thousands, where=payments.amount >= 100_000)
    delivery.spoil("padded_text", "payment_status", 20, d.padded)
    delivery.spoil("mixed_case", "payment_status", 20, d.mixed_case)
    delivery.spoil("mixed_case", "payment_method", 15, d.mixed_case)
    delivery.spoil("other_time_format", "processed_at", 25, d.other_format)

    source = delivery.pick(19, payments.status == FAILED)
    new = _numbered(shard, "Y", count, len(source), 5)
    wrong = [
        d.ambiguous(value, n)
        for n, value in enumerate(columns["processed_at"].take(pa.array(source[:3])).to_pylist())
    ]
    for case, a, b, reason, column, values in (
        ("ambiguous_time", 0, 3, d.BAD_TIMESTAMP, "processed_at", wrong),
        ("unknown_status", 3, 7, d.UNKNOWN_VALUE, "payment_status", ["pending"] * 4),
        ("not_a_number", 7, 10, d.BAD_NUMBER, "amount", ["all", "12,50", "--"]),
        ("amount_negative", 10, 12, d.NEGATIVE, "amount", ["-10.00", "-0.01"]),
        ("no_amount", 12, 14, d.MISSING, "amount", [None, "n/a"]),
        ("payment_without_order", 14, 19, d.UNKNOWN_ORDER, "order_id",
         _numbered(shard, "O", NO_SUCH_ORDER + 100, 5, 5)),
    ):  # fmt: skip
        delivery.again(
            case, source[a:b], outcome=d.REJECTED, reason=reason, payment_id=new[a:b], **{column: values}
        )
    return delivery.table_text()


def deliver_refunds(shard: Shard, account: Account, rejected_lines: Bools) -> tuple[pa.Table, Bools]:
    """Refunds, and which of the clean ones are rejected because their line is."""
    refunds, lines = shard.refunds, shard.lines
    count = len(refunds)
    columns = {
        "refund_id": text.ids(shard.prefix("R"), np.arange(count), 5),
        "order_item_id": text.ids(shard.prefix("I"), refunds.line, 5),
        "quantity": text.numbers(refunds.quantity),
        "amount": text.money(refunds.amount),
        "reason": text.labels(refunds.reason, REASONS),
        "refunded_at": text.timestamps(refunds.refunded_at),
    }
    orphaned = rejected_lines[refunds.line]
    delivery = Delivery("shop.refunds", columns, _rng(shard, "refunds"), account, reserved=orphaned)
    delivery.note("refund_of_rejected_line", np.flatnonzero(orphaned), d.REJECTED, d.UNKNOWN_LINE)
    delivery.again("exact_copy", delivery.pick(10))
    delivery.spoil("thousands_separator", "amount", 5, d.thousands, where=refunds.amount >= 100_000)
    delivery.spoil("blank_for_null", "reason", 10, d.blank, where=refunds.reason < 0)
    delivery.spoil("not_available_for_null", "reason", 10, d.not_available, where=refunds.reason < 0)
    delivery.spoil("padded_text", "reason", 10, d.padded, where=refunds.reason >= 0)
    delivery.spoil("other_time_format", "refunded_at", 10, d.other_format)

    complete = (refunds.amount == lines.net[refunds.line]) & (refunds.refunded_at < p.END - 5 * DAY)
    source = delivery.pick(18, complete)
    new = _numbered(shard, "R", count, len(source), 5)
    later = text.timestamps(refunds.refunded_at[source] + 2 * DAY)
    columns_of = {name: column.take(pa.array(source)) for name, column in columns.items()}
    more = text.money(refunds.amount[source] + 1_000)
    for case, a, b, reason, values in (
        ("line_refunded_twice", 0, 4, d.REFUND_EXCEEDS, {"amount": columns_of["amount"][0:4]}),
        ("refund_above_sale", 4, 7, d.REFUND_EXCEEDS, {"amount": more[4:7]}),
        (
            "refund_without_line",
            7,
            12,
            d.UNKNOWN_LINE,
            {"order_item_id": _numbered(shard, "I", NO_SUCH_LINE, 5, 5)},
        ),
        ("quantity_zero", 12, 14, d.NOT_POSITIVE, {"quantity": "0"}),
        ("amount_negative", 14, 15, d.NEGATIVE, {"amount": "-5.00"}),
        ("not_a_number", 15, 17, d.BAD_NUMBER, {"amount": ["12,5O", "full"]}),
        ("no_line", 17, 18, d.MISSING, {"order_item_id": "N/A"}),
    ):
        delivery.again(
            case, source[a:b], outcome=d.REJECTED, reason=reason,
            **({"refund_id": new[a:b], "refunded_at": later[a:b]} | values),
        )  # fmt: skip
    return delivery.table_text(), orphaned


def deliver_shop(shard: Shard, account: Account) -> tuple[dict[str, pa.Table], Verdict]:
    """All of the shop's tables that grow with the shards, and the verdict on the clean rows."""
    orders, rejected_orders = deliver_orders(shard, account)
    lines, rejected_lines = deliver_lines(shard, account, rejected_orders)
    refunds, rejected_refunds = deliver_refunds(shard, account, rejected_lines)
    tables = {
        "shop.customers": deliver_customers(shard, account),
        "shop.orders": orders,
        "shop.order_items": lines,
        "shop.payments": deliver_payments(shard, account, rejected_orders),
        "shop.refunds": refunds,
    }
    return tables, Verdict(rejected_orders, rejected_lines, rejected_refunds)
