"""The ledger, computed once more from the raw files in plain Python and compared with the marts to the cent.

The computation shares nothing with the models: it reads the seeds as text, keeps the rows whose keys the
marts hold, and follows the definitions of the documentation.
Which rows are kept at all is checked against the answer key.
"""

import csv
import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
import pytest

from tests.commands import ROOT

CENT = Decimal("0.01")
SHOP = ROOT / "seeds" / "shop"
DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"]
FORMS = [*(f"{day} %H:%M:%S" for day in DAYS), "%Y-%m-%dT%H:%M:%SZ", *DAYS]
Row = dict[str, str]


def raw(table: str) -> list[Row]:
    with (SHOP / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return [{name: value.strip() for name, value in row.items()} for row in csv.DictReader(file)]


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "")) if text and text.upper() != "N/A" else Decimal(0)


def moment(text: str) -> dt.datetime:
    for form in (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y/%m/%d %H:%M:%S",
        "%d.%m.%Y %H:%M:%S",
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%d.%m.%Y",
    ):
        try:
            return dt.datetime.strptime(text, form)
        except ValueError:
            continue
    return dt.datetime.max


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


class Rates:
    """US dollars per unit of a currency on a day: the last published rate on or before it."""

    def __init__(self) -> None:
        self.by_currency: dict[str, list[tuple[dt.date, Decimal]]] = defaultdict(list)
        for row in raw("exchange_rates"):
            day = moment(row["rate_date"])
            if day is not dt.datetime.max and row["usd_per_unit"].replace(".", "").isdigit():
                self.by_currency[row["currency_code"].upper()].append(
                    (day.date(), number(row["usd_per_unit"]))
                )
        for rates in self.by_currency.values():
            rates.sort()

    def usd(self, amount: Decimal, currency: str, day: dt.date) -> Decimal:
        if currency == "USD":
            return cents(amount)
        rates = self.by_currency[currency]
        return cents(amount * rates[bisect_right(rates, day, key=lambda rate: rate[0]) - 1][1])


@pytest.fixture(scope="module")
def rates() -> Rates:
    return Rates()


@pytest.fixture(scope="module")
def orders(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Row]:
    """The latest sound version of each order that the mart holds."""
    held = {row[0] for row in warehouse.execute("select order_id from marts.fct_orders").fetchall()}
    latest: dict[str, Row] = {}
    statuses = {"placed", "shipped", "completed", "cancelled"}
    for row in raw("orders"):
        sound = row["order_status"].lower() in statuses and moment(row["ordered_at"]) < dt.datetime.max
        if row["order_id"] in held and sound and moment(row["updated_at"]) < dt.datetime.max:
            known = latest.get(row["order_id"])
            if known is None or moment(row["updated_at"]) > moment(known["updated_at"]):
                latest[row["order_id"]] = row
    assert latest.keys() == held
    return latest


@pytest.fixture(scope="module")
def lines(warehouse: duckdb.DuckDBPyConnection) -> dict[str, Row]:
    held = {row[0] for row in warehouse.execute("select order_item_id from marts.fct_order_items").fetchall()}
    found = {row["order_item_id"]: row for row in raw("order_items") if row["order_item_id"] in held}
    assert found.keys() == held
    return found


def test_sales_of_each_day(
    warehouse: duckdb.DuckDBPyConnection, rates: Rates, orders: dict[str, Row], lines: dict[str, Row]
) -> None:
    expected: Counter[tuple[dt.date, str]] = Counter()
    for line in lines.values():
        order = orders[line["order_id"]]
        day = moment(order["ordered_at"]).date()
        currency = order["currency_code"].upper()
        if order["order_status"].lower() != "cancelled":
            gross = rates.usd(number(line["quantity"]) * number(line["unit_price"]), currency, day)
            discount = rates.usd(number(line["discount_amount"]), currency, day)
            expected[day, "gross"] += gross  # type: ignore[assignment]
            expected[day, "discount"] += discount  # type: ignore[assignment]
            expected[day, "units"] += int(number(line["quantity"]))
    days = warehouse.execute(
        """
        select sale_date, sum(gross_sales_usd), sum(discount_usd), sum(sales_usd), sum(unit_count)
        from marts.fct_daily_sales group by sale_date
        """
    ).fetchall()
    assert len(days) > 700
    for day, gross, discount, sales, units in days:
        assert (gross, discount, units) == tuple(
            expected[day, name] for name in ("gross", "discount", "units")
        )
        assert sales == gross - discount


def test_cost_of_goods_is_the_one_valid_at_the_moment(
    warehouse: duckdb.DuckDBPyConnection, rates: Rates, orders: dict[str, Row], lines: dict[str, Row]
) -> None:
    versions: dict[str, dict[dt.datetime, Row]] = defaultdict(dict)
    for row in raw("product_prices"):
        digits = row["list_price"].replace(",", "").replace(".", "")
        if digits.isdigit() and not row["unit_cost"].startswith("-"):
            versions[row["product_id"]][moment(row["effective_at"])] = row
    actual = dict(
        warehouse.execute(
            "select order_item_id, (cost_of_goods_usd, uncosted_sales_usd) from marts.fct_order_items"
        ).fetchall()
    )
    costed = 0
    for key, line in lines.items():
        order = orders[line["order_id"]]
        ordered_at = moment(order["ordered_at"])
        known = [at for at in versions[line["product_id"]] if at <= ordered_at]
        version = versions[line["product_id"]][max(known)] if known else None
        cost, uncosted = actual[key]
        if order["order_status"].lower() == "cancelled":
            assert cost == uncosted == 0
        elif version is None or version["unit_cost"].upper() in ("", "N/A"):
            assert cost == 0
            assert uncosted > 0
        else:
            total = number(line["quantity"]) * number(version["unit_cost"])
            assert cost == rates.usd(total, version["currency_code"].upper(), ordered_at.date())
            assert uncosted == 0
            costed += 1
    assert costed > 15_000


def test_refunds_and_payments_of_each_day(
    warehouse: duckdb.DuckDBPyConnection, rates: Rates, orders: dict[str, Row], lines: dict[str, Row]
) -> None:
    refunds = {row["refund_id"]: row for row in raw("refunds")}
    for key, day, booked in warehouse.execute(
        "select refund_id, refund_date, refund_usd + cancelled_refund_usd from marts.fct_refunds"
    ).fetchall():
        order = orders[lines[refunds[key]["order_item_id"]]["order_id"]]
        assert day == moment(refunds[key]["refunded_at"]).date()
        assert booked == rates.usd(number(refunds[key]["amount"]), order["currency_code"].upper(), day)
    payments = {row["payment_id"]: row for row in raw("payments")}
    for key, day, paid, failed in warehouse.execute(
        "select payment_id, payment_date, paid_usd, failed_usd from marts.fct_payments"
    ).fetchall():
        payment = payments[key]
        amount = rates.usd(
            number(payment["amount"]), orders[payment["order_id"]]["currency_code"].upper(), day
        )
        assert day == moment(payment["processed_at"]).date()
        assert (paid, failed) == (
            (amount, 0) if payment["payment_status"].lower() == "captured" else (0, amount)
        )


def test_what_is_kept_and_what_is_not(warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]) -> None:
    """Accepted, duplicate and rejected rows of each table are those that the generator planted.

    `fct_rejected_records` holds the rejected ones of every system.
    """
    expected = deepcopy(key["rows"])
    # The generator leaves it to the models what becomes of assignments before the start.
    early = key["experiments"]["X03"]["true_counts"]["units_assigned_early"]
    assignments = expected["experiments.assignments"]
    assignments["accepted"] -= early
    assignments["rejected_by_reason"]["assignment_before_start"] = early
    compared = set()
    for name, rows in expected.items():
        system, table = name.split(".")
        delivered, duplicate = warehouse.execute(
            f"""
            select count(*), count(*) filter (where record_status = 'duplicate')
            from staging.base_{system}__{table}
            """
        ).fetchone() or (0, 0)
        rejected = dict(
            warehouse.execute(
                """
                select rejection_reason, count(*) from marts.fct_rejected_records
                where (source_system, source_table) = (?, ?) group by all
                """,
                [system, table],
            ).fetchall()
        )
        accepted = delivered - duplicate - sum(rejected.values())
        assert (name, delivered, accepted, duplicate, rejected) == (
            name,
            rows["raw"],
            rows["accepted"],
            rows["duplicate"],
            rows["rejected_by_reason"],
        )
        compared.add((system, table))
    recorded = warehouse.execute(
        "select distinct source_system, source_table from marts.fct_rejected_records"
    )
    assert (
        {("web", "events"), ("ads", "ad_spend"), ("experiments", "assignments")}
        <= set(recorded.fetchall())
        <= compared
    )


def test_an_accepted_event_or_day_of_spend_is_one_row(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]
) -> None:
    """Each accepted event is in a session of a person, or a crawler's; each campaign's day is in its mart."""
    rows = key["rows"]
    counts = warehouse.execute(
        """
        select
            (select count(distinct event_id) from staging.stg_web__events),
            (select sum(event_count) from marts.fct_sessions),
            (select count(*) from intermediate.int_events_sessionized where crawler_kind is not null),
            (select sum(event_count) from marts.fct_tracking_quality),
            (select sum(crawler_event_count) from marts.fct_tracking_quality),
            (select count(*) from marts.fct_ad_spend)
        """
    ).fetchall()[0]
    events, of_people, of_crawlers, *_ = counts
    assert events == of_people + of_crawlers == rows["web.events"]["accepted"]
    assert counts[3:] == (of_people, of_crawlers, rows["ads.ad_spend"]["accepted"])
    assert min(of_people, of_crawlers) > 0


def test_the_ledger_of_the_answer_key(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any], orders: dict[str, Row]
) -> None:
    """Quantities, amounts in their own currency and statuses are what the generator knows it made."""
    ledger = key["ledger"]
    assert Counter(order["order_status"].lower() for order in orders.values()) == ledger["orders_by_status"]
    assert (
        Counter(order["currency_code"].upper() for order in orders.values()) == ledger["orders_by_currency"]
    )
    gross: Counter[str] = Counter()
    for currency, amount in warehouse.execute(
        """
        select orders.currency_code, cast(sum(items.quantity * items.unit_price) * 100 as bigint)
        from staging.stg_shop__order_items as items
        inner join marts.fct_order_items using (order_item_id)
        inner join marts.fct_orders as orders on items.order_id = orders.order_id
        group by all
        """
    ).fetchall():
        gross[currency] = amount
    assert gross == ledger["gross_cents"]
