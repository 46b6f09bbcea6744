"""Every metric of sales as `mf query` answers it, against SQL that is written for the test alone."""

import json
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from tests.conftest import Built
from tests.integration.test_metrics_web import METRICS as METRICS_WEB
from tests.metric_answers import Metrics, asked_by_command

# Sums over the two facts that the ledger rests on, by month and category.
LEDGER = """
    with items as (
        select
            date_trunc('month', ordered_at) as metric_month, category,
            sum(gross_sales_usd) as gross, sum(discount_usd) as discount, sum(cost_of_goods_usd) as cost,
            sum(case when cost_of_goods_usd = 0 then gross_sales_usd - discount_usd else 0 end) as uncosted,
            sum(unit_count) as units,
            count(distinct case when order_status <> 'cancelled' then order_id end) as orders,
            count(distinct case when order_status <> 'cancelled' then customer_id end) as customers,
            count(distinct case when order_id = first_order_id then customer_id end) as new_customers,
            count(distinct case
                when order_status <> 'cancelled' and order_id <> first_order_id then customer_id
            end) as returning_customers
        from (
            select fct_order_items.*, fct_orders.order_status, first_orders.order_id as first_order_id
            from marts.fct_order_items
            inner join marts.fct_orders using (order_id)
            left join (
                select customer_id, arg_min(order_id, (ordered_at, order_id)) as order_id
                from marts.fct_orders
                where order_status <> 'cancelled' and item_count > 0 and customer_id is not null
                group by customer_id
            ) as first_orders on fct_order_items.customer_id = first_orders.customer_id
        )
        group by all
    ),
    refunds as (
        select
            date_trunc('month', refunded_at) as metric_month, refunds.category,
            sum(refund_usd) as refund,
            sum(case when items.cost_of_goods_usd = 0 then refund_usd else 0 end) as uncosted_refund
        from marts.fct_refunds as refunds
        inner join marts.fct_order_items as items using (order_item_id)
        group by all
    ),
    targets as (
        select month_start_date as metric_month, category, sum(target_net_sales_usd) as target
        from staging.stg_planning__sales_targets group by all
    )
    select
        metric_month, category,
        coalesce(gross, 0) as gross, coalesce(discount, 0) as discount, coalesce(cost, 0) as cost,
        coalesce(uncosted, 0) as uncosted, coalesce(units, 0) as units, coalesce(orders, 0) as orders,
        coalesce(customers, 0) as customers, coalesce(new_customers, 0) as new_customers,
        coalesce(returning_customers, 0) as returning_customers,
        coalesce(refund, 0) as refund, coalesce(uncosted_refund, 0) as uncosted_refund, target
    from items
    full join refunds using (metric_month, category)
    full join targets using (metric_month, category)
"""
COSTED = "(gross - discount - refund - uncosted + uncosted_refund)"
METRICS = {
    "gross_sales": "gross",
    "discounts": "discount",
    "discount_rate": "discount::double / nullif(gross, 0)",
    "sales": "gross - discount",
    "refunds": "refund",
    "net_sales": "gross - discount - refund",
    "cost_of_goods": "cost",
    "uncosted_sales": "uncosted",
    "uncosted_refunds": "uncosted_refund",
    "costed_net_sales": COSTED,
    "gross_margin": f"{COSTED} - cost",
    "gross_margin_rate": f"({COSTED} - cost)::double / nullif({COSTED}, 0)",
    "orders": "orders",
    "units": "units",
    "average_price": "(gross - discount)::double / nullif(units, 0)",
    "average_order_value": "(gross - discount)::double / nullif(orders, 0)",
    "customers": "customers",
    "new_customers": "new_customers",
    "returning_customers": "returning_customers",
    "repeat_rate": "returning_customers::double / nullif(customers, 0)",
    "refund_rate": "refund::double / nullif(gross - discount, 0)",
    "sales_target": "target",
    "target_attainment": "(gross - discount - refund)::double / nullif(target, 0)",
}
GROUPS = [
    "sales_order",
    "sales_order__order_channel",
    "customer",
    "customer__segment",
    "customer_type",
    "product",
    "product__product_label",
    "product__subcategory",
    "store",
    "store__store_name",
    "store__store_type",
    "store__country_name",
    "category",
    "region",
]
# Guests have neither a customer nor a segment.
NAMELESS = {"customer", "customer__segment"}


@pytest.fixture(scope="module")
def answers(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, str]]:
    """What `mf query` says of all metrics of sales, by month and category."""
    rows = asked_by_command(
        built, tmp_path_factory.mktemp("metrics"), list(METRICS), ["metric_time__month", "category"]
    )
    return {(row["metric_time__month"][:10], row["category"]): row for row in rows}


def test_every_metric_is_compared(built: Built) -> None:
    manifest = json.loads((built.target / "semantic_manifest.json").read_text(encoding="utf-8"))
    assert sorted(metric["name"] for metric in manifest["metrics"]) == sorted([*METRICS, *METRICS_WEB])


@pytest.mark.parametrize("metric", METRICS)
def test_metric_by_month_and_category(
    metric: str, warehouse: duckdb.DuckDBPyConnection, answers: dict[tuple[str, str], dict[str, str]]
) -> None:
    expected = warehouse.execute(
        f"select strftime(metric_month, '%Y-%m-%d'), category, {METRICS[metric]} from ({LEDGER})"
    ).fetchall()
    assert len(expected) > 190
    compared = 0
    for month, category, value in expected:
        answer = answers[month, category][metric] or None
        if value is None:
            assert answer is None
        elif isinstance(value, float):
            assert float(answer or "nan") == pytest.approx(value, rel=1e-12)
        else:
            assert Decimal(answer or "nan") == value
        compared += 1
    assert compared == len(answers)


@pytest.mark.parametrize("group", GROUPS)
def test_net_sales_by_every_name_sum_to_the_whole(group: str, metrics: Metrics) -> None:
    grouped = metrics.answer(["net_sales"], [group])
    [whole] = metrics.answer(["net_sales"], []).values()
    assert len(grouped) > 1
    assert sum(row["net_sales"] for row in grouped.values()) == whole["net_sales"]
    assert group in NAMELESS or (None,) not in grouped


def test_refunds_by_reason_sum_to_the_whole(metrics: Metrics) -> None:
    by_reason = metrics.answer(["refunds"], ["refund_reason"])
    [whole] = metrics.answer(["refunds"], []).values()
    assert ("not stated",) in by_reason
    assert (None,) not in by_reason
    assert sum(row["refunds"] for row in by_reason.values()) == whole["refunds"]


def test_guests_alone_have_no_segment(metrics: Metrics) -> None:
    by_segment = metrics.answer(["net_sales"], ["customer__segment"])
    by_type = metrics.answer(["net_sales"], ["customer_type"])
    assert by_segment[None,] == by_type["guest",]


def test_cohorts_have_the_net_sales_of_customers_by_month(
    metrics: Metrics, warehouse: duckdb.DuckDBPyConnection
) -> None:
    answer = metrics.answer(["net_sales"], ["metric_time__month", "customer_type"])
    expected: dict[date, Decimal] = {}
    for (month, customer_type), row in answer.items():
        if customer_type != "guest":
            expected[month] = expected.get(month, Decimal(0)) + row["net_sales"]
    found = warehouse.execute(
        "select month_start_date, sum(net_sales_usd) from marts.fct_customer_cohorts group by all"
    ).fetchall()
    assert dict(found) == expected


def test_cohorts_are_those_of_the_orders(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Each month of each cohort, asked of the orders by itself."""
    different = warehouse.execute("""
        with
        bought as (
            select *, date_trunc('month', min(ordered_at) over (partition by customer_id)) as cohort
            from marts.fct_orders where is_sale and customer_id is not null
        )
        select cohort_month_date, month_number
        from marts.fct_customer_cohorts as cohorts
        where (
            select
                count(distinct customer_id) <> cohorts.active_customer_count
                or count(*) <> cohorts.order_count
                or coalesce(sum(sales_usd), 0) <> cohorts.sales_usd
            from bought
            where
                cohort = cohorts.cohort_month_date
                and date_trunc('month', ordered_at) = cohorts.month_start_date
        )
    """).fetchall()
    assert different == []
    [shape] = warehouse.execute("""
        select
            count(*), count(distinct cohort_month_date), max(month_number), count(*) filter (not is_complete)
        from marts.fct_customer_cohorts
    """).fetchall()
    assert shape == (300, 24, 23, 0), "two years of months, the last of them over"
