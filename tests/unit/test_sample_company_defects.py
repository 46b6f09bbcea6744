"""Every defect that the answer key counts is in the committed seeds, found by SQL of its own."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
KEY: dict[str, Any] = json.loads((SEEDS / "answer_key.json").read_text(encoding="utf-8"))

CLEANING = r"""
create macro clean(x) as case when upper(trim(x)) not in ('', 'N/A') then trim(x) end;
create macro as_time(x) as coalesce(
    try_strptime(trim(x), '%Y-%m-%d %H:%M:%S'), try_strptime(trim(x), '%Y-%m-%dT%H:%M:%SZ'),
    try_strptime(trim(x), '%Y/%m/%d %H:%M:%S'), try_strptime(trim(x), '%d.%m.%Y %H:%M:%S'),
    try_strptime(trim(x), '%Y-%m-%d'), try_strptime(trim(x), '%Y/%m/%d'), try_strptime(trim(x), '%d.%m.%Y'));
create macro other_format(x) as as_time(x) is not null
    and not regexp_matches(x, '^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?$');
create macro as_number(x) as case when regexp_matches(clean(x), '^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$')
    then cast(replace(clean(x), ',', '') as decimal(18, 6)) end;
create macro blank(x) as coalesce(regexp_matches(x, '^ +$'), false);
create macro says_na(x) as coalesce(upper(trim(x)) = 'N/A', false);
create macro on_day(x) as coalesce(as_time(x)::date = date '2026-02-10', false);
create macro padded(x) as coalesce(x <> trim(x) and trim(x) <> '', false);
create macro thousands(x) as coalesce(contains(x, ',') and as_number(x) is not null, false);
"""

VIEWS = """
create table order_versions as
    select distinct *, lower(clean(order_status)) as status, upper(clean(currency_code)) as currency,
        as_time(ordered_at) as ordered, as_time(updated_at) as updated
    from shop.orders;
create macro line_of_day(x) as x in (select order_id from order_versions where on_day(ordered_at));
create table sound_versions as
    select * from order_versions
    where status in ('placed', 'shipped', 'completed', 'cancelled') and currency in ('USD', 'GBP', 'EUR')
        and ordered is not null and clean(store_id) is not null
        and coalesce(as_number(shipping_amount), 0) >= 0;
create table good_orders as
    select * from sound_versions qualify row_number() over (partition by order_id order by updated desc) = 1;
create table rates as
    select distinct as_time(rate_date)::date as day, upper(clean(currency_code)) as currency,
        as_number(usd_per_unit) as rate
    from shop.exchange_rates where as_time(rate_date) is not null and as_number(usd_per_unit) is not null;
create table prices as
    select distinct clean(product_id) as product, as_time(effective_at) as since,
        as_number(list_price) as price
    from shop.product_prices where as_number(list_price) >= 0;
create table sound_lines as
    select distinct order_item_id, order_id, clean(product_id) as product, as_number(quantity) as quantity,
        as_number(unit_price) as price, coalesce(as_number(discount_amount), 0) as discount
    from shop.order_items
    where as_number(quantity) > 0 and as_number(unit_price) >= 0 and clean(product_id) is not null;
create table priced_lines as
    select lines.*, orders.currency, lines.price * rates.rate / prices.price as times_list_price
    from sound_lines as lines
    join good_orders as orders using (order_id)
    asof left join rates on orders.currency = rates.currency and orders.ordered::date >= rates.day
    asof left join prices on lines.product = prices.product and orders.ordered >= prices.since;
create table good_lines as
    select *, quantity * price - discount as net from priced_lines where coalesce(times_list_price, 1) <= 100;
create table sound_refunds as
    select distinct refund_id, clean(order_item_id) as order_item_id, as_number(quantity) as quantity,
        as_number(amount) as amount, as_time(refunded_at) as refunded
    from shop.refunds
    where as_number(quantity) > 0 and as_number(amount) >= 0 and clean(order_item_id) is not null;
create table judged_refunds as
    select refunds.*, lines.net, lines.currency,
        sum(refunds.amount) over (
            partition by refunds.order_item_id order by refunds.refunded, refunds.refund_id
        ) > lines.net as exceeds
    from sound_refunds as refunds join good_lines as lines using (order_item_id);
create table good_payments as
    select distinct payments.payment_id, payments.order_id, lower(clean(payment_status)) as status,
        as_number(amount) as amount, orders.currency
    from shop.payments as payments join good_orders as orders using (order_id)
    where lower(clean(payment_status)) in ('captured', 'failed') and as_number(amount) >= 0
        and as_time(processed_at) is not null;
create table heard as
    select distinct *, as_time(event_at) as happened, as_time(received_at) as received from web.events
    where clean(event_id) is not null and clean(anonymous_id) is not null and as_time(event_at) is not null;
create table first_heard as
    select * from heard qualify row_number() over (partition by event_id order by received) = 1;
create table bots as
    select *, min(happened::date) over (partition by anonymous_id) as first_day,
        max(happened::date) over (partition by anonymous_id) as last_day
    from first_heard where user_agent ilike '%bot/%';
"""

# One query for each case, headed by the table and the case; it counts the rows.
QUERIES = r"""
-- shop.customers older_version
select count(*) - count(distinct customer_id) from (select distinct * from shop.customers where
    clean(customer_id) is not null and as_time(updated_at) is not null and coalesce(marketing_opt_in,
    'true') in ('true', 'false'))
-- shop.customers exact_copy
select count(*) - (select count(*) from (select distinct * from shop.customers)) from shop.customers
-- shop.customers blank_for_null
select count(*) from shop.customers where blank(email)
-- shop.customers not_available_for_null
select count(*) from shop.customers where says_na(full_name)
-- shop.customers padded_text
select count(*) from shop.customers where padded(region) or padded(country_code)
-- shop.customers mixed_case
select count(*) from shop.customers where country_code <> upper(country_code)
-- shop.customers other_time_format
select count(*) from shop.customers where other_format(created_at)
-- shop.customers no_id
select count(*) from shop.customers where clean(customer_id) is null
-- shop.customers ambiguous_time
select count(*) from shop.customers where as_time(updated_at) is null
-- shop.customers not_a_boolean
select count(*) from shop.customers where marketing_opt_in not in ('true', 'false')
-- shop.stores padded_text
select count(*) from shop.stores where padded(store_type)
-- shop.stores mixed_case
select count(*) from shop.stores where country_code <> upper(country_code)
-- shop.stores other_time_format
select count(*) from shop.stores where other_format(opened_on)
-- shop.products older_version
select count(*) - count(distinct product_id) from (select distinct * from shop.products where product_id
    is not null and lower(is_active) in ('true', 'false'))
-- shop.products exact_copy
select count(*) - (select count(*) from (select distinct * from shop.products)) from shop.products
-- shop.products blank_for_null
select count(*) from shop.products where blank(sku)
-- shop.products not_available_for_null
select count(*) from shop.products where says_na(subcategory)
-- shop.products padded_text
select count(*) from shop.products where padded(category)
-- shop.products mixed_case
select count(*) from shop.products where is_active <> lower(is_active)
-- shop.products other_time_format
select count(*) from shop.products where other_format(created_at)
-- shop.products no_id
select count(*) from shop.products where product_id is null
-- shop.products not_a_boolean
select count(*) from shop.products where lower(is_active) not in ('true', 'false')
-- shop.product_prices unknown_cost
select count(*) from (select distinct * from shop.product_prices) where clean(unit_cost) is null and
    as_number(list_price) >= 0
-- shop.product_prices exact_copy
select count(*) - (select count(*) from (select distinct * from shop.product_prices)) from
    shop.product_prices
-- shop.product_prices thousands_separator
select count(*) from shop.product_prices where thousands(list_price)
-- shop.product_prices other_time_format
select count(*) from shop.product_prices where other_format(effective_at)
-- shop.product_prices mixed_case
select count(*) from shop.product_prices where currency_code <> upper(currency_code)
-- shop.product_prices blank_for_null
select count(*) from shop.product_prices where blank(unit_cost)
-- shop.product_prices not_available_for_null
select count(*) from shop.product_prices where says_na(unit_cost)
-- shop.product_prices price_negative
select count(*) from shop.product_prices where as_number(list_price) < 0
-- shop.product_prices not_a_number
select count(*) from shop.product_prices where as_number(list_price) is null
-- shop.orders guest
select count(distinct order_id) from shop.orders where customer_id is null
-- shop.orders day_loaded_twice
select count(*) - (select count(*) from (select distinct * from shop.orders where on_day(ordered_at)))
    from shop.orders where on_day(ordered_at)
-- shop.orders exact_copy
select count(*) - (select count(*) from (select distinct * from shop.orders where not on_day(ordered_at)))
    from shop.orders where not on_day(ordered_at)
-- shop.orders unknown_currency
select count(*) from order_versions where currency not in ('USD', 'GBP', 'EUR')
-- shop.orders unknown_status
select count(*) from order_versions where status not in ('placed', 'shipped', 'completed', 'cancelled')
    and order_id not in (select order_id from good_orders)
-- shop.orders broken_latest_version
select count(*) from order_versions as broken join good_orders as good using (order_id) where
    broken.status not in ('placed', 'shipped', 'completed', 'cancelled') and broken.updated > good.updated
-- shop.orders ambiguous_time
select count(*) from order_versions where ordered is null
-- shop.orders no_store
select count(*) from order_versions where clean(store_id) is null
-- shop.orders negative_shipping
select count(*) from order_versions where as_number(shipping_amount) < 0
-- shop.orders order_without_lines
select count(*) from good_orders where order_id not in (select order_id from shop.order_items)
-- shop.orders older_version
select count(*) - count(distinct order_id) from sound_versions
-- shop.orders blank_for_null
select count(*) from shop.orders where blank(coupon_code)
-- shop.orders not_available_for_null
select count(*) from shop.orders where says_na(coupon_code)
-- shop.orders padded_text
select count(*) from shop.orders where padded(order_status) or padded(currency_code)
-- shop.orders mixed_case
select count(*) from shop.orders where order_status <> lower(order_status) or currency_code <>
    upper(currency_code)
-- shop.orders other_time_format
select count(*) from shop.orders where other_format(ordered_at)
-- shop.order_items line_of_rejected_order
select count(*) from sound_lines where order_id in (select order_id from order_versions) and order_id not
    in (select order_id from good_orders)
-- shop.order_items line_without_order
select count(*) from sound_lines where order_id not in (select order_id from order_versions)
-- shop.order_items day_loaded_twice
select count(*) - (select count(*) from (select distinct * from shop.order_items where
    line_of_day(order_id))) from shop.order_items where line_of_day(order_id)
-- shop.order_items exact_copy
select count(*) - (select count(*) from (select distinct * from shop.order_items where not
    line_of_day(order_id))) from shop.order_items where not line_of_day(order_id)
-- shop.order_items price_a_thousand_times_too_high
select count(*) from priced_lines where times_list_price between 900 and 1100
-- shop.order_items unknown_product
select count(*) from good_lines where product not in (select clean(product_id) from shop.products where
    product_id is not null)
-- shop.order_items thousands_separator
select count(*) from shop.order_items where thousands(unit_price)
-- shop.order_items blank_for_null
select count(*) from shop.order_items where blank(discount_amount)
-- shop.order_items not_available_for_null
select count(*) from shop.order_items where says_na(discount_amount)
-- shop.order_items padded_text
select count(*) from shop.order_items where padded(product_id)
-- shop.order_items quantity_zero
select count(*) from shop.order_items where as_number(quantity) = 0
-- shop.order_items quantity_negative
select count(*) from shop.order_items where as_number(quantity) < 0
-- shop.order_items price_negative
select count(*) from shop.order_items where as_number(unit_price) < 0
-- shop.order_items not_a_number
select count(*) from shop.order_items where as_number(unit_price) is null
-- shop.order_items no_product
select count(*) from shop.order_items where clean(product_id) is null
-- shop.payments payment_of_rejected_order
select count(*) from (select distinct * from shop.payments) where order_id in (select order_id from
    order_versions) and order_id not in (select order_id from good_orders)
-- shop.payments payment_without_order
select count(*) from shop.payments where order_id not in (select order_id from order_versions)
-- shop.payments day_loaded_twice
select count(*) - (select count(*) from (select distinct * from shop.payments where on_day(processed_at)))
    from shop.payments where on_day(processed_at)
-- shop.payments exact_copy
select count(*) - (select count(*) from (select distinct * from shop.payments where not
    on_day(processed_at))) from shop.payments where not on_day(processed_at)
-- shop.payments thousands_separator
select count(*) from shop.payments where thousands(amount)
-- shop.payments padded_text
select count(*) from shop.payments where padded(payment_status)
-- shop.payments mixed_case
select count(*) from shop.payments where payment_status <> lower(payment_status) or payment_method <>
    lower(payment_method)
-- shop.payments other_time_format
select count(*) from shop.payments where other_format(processed_at)
-- shop.payments ambiguous_time
select count(*) from shop.payments where as_time(processed_at) is null
-- shop.payments unknown_status
select count(*) from shop.payments where lower(clean(payment_status)) not in ('captured', 'failed')
-- shop.payments not_a_number
select count(*) from shop.payments where clean(amount) is not null and as_number(amount) is null
-- shop.payments amount_negative
select count(*) from shop.payments where as_number(amount) < 0
-- shop.payments no_amount
select count(*) from shop.payments where clean(amount) is null
-- shop.refunds refund_of_rejected_line
select count(*) from sound_refunds where order_item_id in (select order_item_id from shop.order_items) and
    order_item_id not in (select order_item_id from good_lines)
-- shop.refunds refund_without_line
select count(*) from sound_refunds where order_item_id not in (select order_item_id from shop.order_items)
-- shop.refunds line_refunded_twice
select count(*) from judged_refunds where exceeds and amount = net
-- shop.refunds refund_above_sale
select count(*) from judged_refunds where exceeds and amount > net
-- shop.refunds exact_copy
select count(*) - (select count(*) from (select distinct * from shop.refunds)) from shop.refunds
-- shop.refunds thousands_separator
select count(*) from shop.refunds where thousands(amount)
-- shop.refunds blank_for_null
select count(*) from shop.refunds where blank(reason)
-- shop.refunds not_available_for_null
select count(*) from shop.refunds where says_na(reason)
-- shop.refunds padded_text
select count(*) from shop.refunds where padded(reason)
-- shop.refunds other_time_format
select count(*) from shop.refunds where other_format(refunded_at)
-- shop.refunds quantity_zero
select count(*) from shop.refunds where as_number(quantity) = 0
-- shop.refunds amount_negative
select count(*) from shop.refunds where as_number(amount) < 0
-- shop.refunds not_a_number
select count(*) from shop.refunds where as_number(amount) is null
-- shop.refunds no_line
select count(*) from shop.refunds where clean(order_item_id) is null
-- shop.exchange_rates exact_copy
select count(*) - (select count(*) from (select distinct * from shop.exchange_rates)) from
    shop.exchange_rates
-- shop.exchange_rates other_time_format
select count(*) from shop.exchange_rates where other_format(rate_date)
-- shop.exchange_rates mixed_case
select count(*) from shop.exchange_rates where currency_code <> upper(currency_code)
-- shop.exchange_rates padded_text
select count(*) from shop.exchange_rates where padded(currency_code)
-- shop.exchange_rates not_a_number
select count(*) from shop.exchange_rates where as_number(usd_per_unit) is null
-- shop.exchange_rates ambiguous_day
select count(*) from shop.exchange_rates where as_time(rate_date) is null
-- web.events late_by_days
select count(*) from first_heard where received - happened between interval 1 day and interval 30 days and
    happened::date <> date '2026-04-15'
-- web.events day_loaded_late
select count(*) from first_heard where received - happened between interval 1 day and interval 30 days and
    happened::date = date '2026-04-15'
-- web.events clock_hours_ahead
select count(*) from first_heard where happened - received between interval 1 hour and interval 1 day
-- web.events clock_years_off
select count(*) from first_heard where abs(date_diff('day', happened, received)) > 365
-- web.events crawler_announced
select count(*) from bots where not (first_day = date '2025-11-12' and last_day = first_day)
-- web.events crawler_flood
select count(*) from bots where first_day = date '2025-11-12' and last_day = first_day
-- web.events crawler_unannounced
select sum(n) from (select count(*) as n from first_heard where user_agent not ilike '%bot/%'
    group by anonymous_id, happened::date having count(*) > 60)
-- web.events exact_copy
select count(*) - (select count(*) from (select distinct * from web.events)) from web.events
-- web.events delivered_again_later
select count(*) - count(distinct event_id) from heard
-- web.events blank_for_null
select count(*) from web.events where blank(utm_source)
-- web.events not_available_for_null
select count(*) from web.events where says_na(referrer)
-- web.events padded_text
select count(*) from web.events where padded(event_name)
-- web.events mixed_case
select count(*) from web.events where event_name <> lower(event_name) or device_type <> lower(device_type)
-- web.events other_time_format
select count(*) from web.events where other_format(event_at)
-- web.events ambiguous_time
select count(*) from web.events where as_time(event_at) is null
-- web.events unknown_event
select count(*) from web.events where lower(clean(event_name)) not in ('page_view', 'product_view',
    'add_to_cart', 'checkout_start', 'purchase')
-- web.events no_anonymous_id
select count(*) from web.events where clean(anonymous_id) is null
-- web.events no_event_id
select count(*) from web.events where clean(event_id) is null
-- ads.ad_spend exact_copy
select count(*) - (select count(*) from (select distinct * from ads.ad_spend)) from ads.ad_spend
-- ads.ad_spend thousands_separator
select count(*) from ads.ad_spend where thousands(impressions)
-- ads.ad_spend padded_text
select count(*) from ads.ad_spend where padded(campaign)
-- ads.ad_spend mixed_case
select count(*) from ads.ad_spend where channel <> lower(channel)
-- ads.ad_spend other_time_format
select count(*) from ads.ad_spend where other_format(spend_date)
-- ads.ad_spend not_a_number
select count(*) from ads.ad_spend where as_number(clicks) is null
-- ads.ad_spend cost_negative
select count(*) from ads.ad_spend where as_number(cost) < 0
-- experiments.assignments assigned_before_start
select count(*) from experiments.assignments join experiments.experiments using (experiment_id) where
    as_time(assigned_at) < as_time(started_at)
-- experiments.assignments exact_copy
select count(*) - (select count(*) from (select distinct * from experiments.assignments)) from
    experiments.assignments
-- experiments.assignments padded_text
select count(*) from experiments.assignments where padded(variant)
-- experiments.assignments mixed_case
select count(*) from experiments.assignments where variant <> lower(variant)
-- experiments.assignments other_time_format
select count(*) from experiments.assignments where other_format(assigned_at)
-- experiments.assignments unknown_experiment
select count(*) from experiments.assignments where experiment_id not in (select experiment_id from
    experiments.experiments)
-- experiments.assignments unknown_variant
select count(*) from experiments.assignments where lower(clean(variant)) not in (select variant from
    experiments.variants)
-- experiments.assignments no_unit
select count(*) from experiments.assignments where clean(unit_id) is null
-- planning.sales_targets exact_copy
select count(*) - (select count(*) from (select distinct * from planning.sales_targets)) from
    planning.sales_targets
-- planning.sales_targets thousands_separator
select count(*) from planning.sales_targets where thousands(target_net_sales_usd)
-- planning.sales_targets padded_text
select count(*) from planning.sales_targets where padded(category)
-- planning.sales_targets other_time_format
select count(*) from planning.sales_targets where other_format(target_month)
-- planning.sales_targets not_a_number
select count(*) from planning.sales_targets where as_number(target_net_sales_usd) is null
"""

COUNTS = {
    (table, case): query
    for table, case, query in re.findall(r"^-- (\S+) (\S+)\n((?:(?!--).*\n)+)", QUERIES, re.MULTILINE)
}


@pytest.fixture(scope="module")
def raw() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for system in ("shop", "web", "ads", "experiments", "planning"):
            connection.execute(f"create schema {system}")
            for file in sorted((SEEDS / system).glob("*.csv")):
                connection.execute(
                    f"create table {system}.{file.stem} as"
                    f" from read_csv('{file}', all_varchar = true, header = true)"
                )
        connection.execute(CLEANING)
        connection.execute(VIEWS)
        yield connection


def count(raw: duckdb.DuckDBPyConnection, query: str) -> Any:
    return raw.execute(query).fetchall()[0][0]


def test_every_case_of_the_key_is_looked_for() -> None:
    assert set(COUNTS) == {(table, case) for table, cases in KEY["defects"].items() for case in cases}


@pytest.mark.parametrize(("table", "case"), COUNTS)
def test_defect_is_there_as_often_as_the_key_says(
    raw: duckdb.DuckDBPyConnection, table: str, case: str
) -> None:
    assert count(raw, COUNTS[table, case]) == KEY["defects"][table][case]["count"] > 0


@pytest.mark.parametrize("table", sorted(KEY["rows"]))
def test_rows_add_up(raw: duckdb.DuckDBPyConnection, table: str) -> None:
    account = KEY["rows"][table]
    cases = KEY["defects"].get(table, {}).values()
    assert account["raw"] == count(raw, f"select count(*) from {table}")
    assert account["raw"] == account["accepted"] + account["duplicate"] + account["rejected"]
    assert account["duplicate"] == sum(case["count"] for case in cases if case["outcome"] == "duplicate")
    assert account["rejected"] == sum(account["rejected_by_reason"].values())
    assert all((case["reason"] is not None) == (case["outcome"] == "rejected") for case in cases)


@pytest.mark.parametrize(
    ("table", "query"),
    [
        ("shop.orders", "select count(*) from good_orders"),
        ("shop.order_items", "select count(*) from good_lines"),
        ("shop.payments", "select count(*) from good_payments"),
        ("shop.refunds", "select count(*) from judged_refunds where not exceeds"),
        ("shop.exchange_rates", "select count(*) from rates"),
        ("shop.product_prices", "select count(*) from prices"),
    ],
)
def test_accepted_rows_are_found_by_judging_each(
    raw: duckdb.DuckDBPyConnection, table: str, query: str
) -> None:
    assert count(raw, query) == KEY["rows"][table]["accepted"]


@pytest.mark.parametrize(
    ("figure", "query"),
    [
        ("orders_by_status", "select status, count(*) from good_orders"),
        ("orders_by_currency", "select currency, count(*) from good_orders"),
        ("shipping_cents", "select currency, sum(100 * as_number(shipping_amount)) from good_orders"),
        ("units", "select currency, sum(quantity) from good_lines"),
        ("gross_cents", "select currency, sum(100 * quantity * price) from good_lines"),
        ("discount_cents", "select currency, sum(100 * discount) from good_lines"),
        ("refunded_cents", "select currency, sum(100 * amount) from judged_refunds where not exceeds"),
        ("refunded_units", "select currency, sum(quantity) from judged_refunds where not exceeds"),
        ("captured_cents", "select currency, sum(100 * amount) from good_payments where status = 'captured'"),
    ],
)
def test_ledger_of_the_key_is_the_sum_of_the_accepted_rows(
    raw: duckdb.DuckDBPyConnection, figure: str, query: str
) -> None:
    assert dict(raw.execute(f"{query} group by all").fetchall()) == KEY["ledger"][figure]


def test_days_without_rates_are_counted(raw: duckdb.DuckDBPyConnection) -> None:
    published, first = raw.execute("select count(distinct day), min(day) from rates").fetchall()[0]
    assert published == KEY["exchange_rates"]["days_published"]
    assert published + KEY["exchange_rates"]["days_missing"] == KEY["company"]["days"]
    assert str(first) == KEY["company"]["first_day"]
    assert count(raw, f"select count(*) from rates where day = '{first}'") == 3
