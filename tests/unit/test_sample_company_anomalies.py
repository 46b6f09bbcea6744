"""Every anomaly of the answer key stands out of its daily figures in the seeds, in its direction."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any

import duckdb
import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
KEY: dict[str, Any] = json.loads((SEEDS / "answer_key.json").read_text(encoding="utf-8"))
ANOMALIES = {anomaly["anomaly_id"]: anomaly for anomaly in KEY["anomalies"]}
WEEKS = 4

VIEWS = """
create table orders as
    select *, try_cast(ordered_at as timestamp)::date as day from (select distinct * from shop_orders)
    qualify row_number() over (partition by order_id order by updated_at desc) = 1;
create table lines as
    select distinct lines.*, day from shop_order_items as lines join orders using (order_id);
create table payments as
    select distinct *, try_cast(processed_at as timestamp)::date as day from shop_payments;
create table events as
    select *, try_cast(event_at as timestamp)::date as day,
        try_cast(received_at as timestamp)::date as received
    from (select distinct * from web_events) where event_id is not null
    qualify row_number() over (partition by event_id order by received_at) = 1;
"""

# The anomaly, its figure, the figure by day, and the factor of the usual that it must at least reach.
FIGURES = [
    ("outage", "online orders", "select day, count(*) from orders where store_id = 'S00' group by all", 0.0),
    ("outage", "events", "select day, count(*) from events group by all", 0.02),
    (
        "payment_failure",
        "failed payments",
        "select day, count(*) from payments where payment_status = 'failed' group by all",
        5.0,
    ),
    (
        "payment_failure",
        "cancelled orders",
        "select day, count(*) from orders where order_status = 'cancelled' group by all",
        4.0,
    ),
    ("crawler_flood", "events", "select day, count(*) from events group by all", 5.0),
    ("crawler_flood", "visitors", "select day, count(distinct anonymous_id) from events group by all", 1.5),
    (
        "mispriced_product",
        "units of the product",
        "select day, sum(quantity::int) from lines where product_id = '{product_id}' group by all",
        20.0,
    ),
    ("day_loaded_late", "events received", "select received, count(*) from events group by all", 0.2),
    (
        "day_loaded_late",
        "hours from event to receipt",
        "select day, avg(date_diff('hour', try_cast(event_at as timestamp),"
        " try_cast(received_at as timestamp)))"
        " from events where abs(date_diff('day', day, received)) < 30 group by all",
        5.0,
    ),
    (
        "day_loaded_twice",
        "raw rows",
        "select try_cast(processed_at as timestamp)::date, count(*) from shop_payments group by all",
        1.5,
    ),
    (
        "day_loaded_twice",
        "duplicates",
        "select day, count(*) - count(distinct order_item_id) from"
        " (select raw.*, day from shop_order_items as raw join orders using (order_id)) group by all",
        10.0,
    ),
    (
        "viral_day",
        "sessions by social",
        "select day, count(*) from events where referrer like '%instagram%' group by all",
        20.0,
    ),
    (
        "viral_day",
        "units of the product",
        "select day, sum(quantity::int) from lines where product_id = '{product_id}' group by all",
        8.0,
    ),
    (
        "tracking_loss",
        "mobile events",
        "select day, count(*) from events where device_type = '{device_type}' group by all",
        0.3,
    ),
    (
        "tracking_loss",
        "tracked share of online orders",
        "select day, avg((order_id in (select order_id from events where order_id is not null))::int)"
        " from orders where store_id = 'S00' group by all",
        0.75,
    ),
    (
        "store_closed",
        "orders of the store",
        "select day, count(*) from orders where store_id = '{store_id}' group by all",
        0.0,
    ),
    (
        "recall",
        "refunds",
        "select try_cast(refunded_at as timestamp)::date, count(*) from shop_refunds group by all",
        3.0,
    ),
    (
        "recall",
        "refunds of the product",
        "select try_cast(refunded_at as timestamp)::date, count(*) from shop_refunds"
        " join lines using (order_item_id) where product_id = '{product_id}' group by all",
        20.0,
    ),
]


@pytest.fixture(scope="module")
def raw() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name in ("shop/orders", "shop/order_items", "shop/payments", "shop/refunds", "web/events"):
            table = name.replace("/", "_")
            connection.execute(
                f"create table {table} as"
                f" from read_csv('{SEEDS / name}.csv', all_varchar = true, header = true)"
            )
        connection.execute(VIEWS)
        yield connection


def days_of(anomaly: dict[str, Any]) -> list[date]:
    first, last = (date.fromisoformat(day) for day in anomaly["days"])
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


@pytest.mark.parametrize(
    ("anomaly", "figure", "query", "factor"), FIGURES, ids=lambda value: str(value).replace(" ", "_")[:32]
)
def test_anomaly_stands_out(
    raw: duckdb.DuckDBPyConnection, anomaly: str, figure: str, query: str, factor: float
) -> None:
    facts = ANOMALIES[anomaly]
    direction = facts["figures"][figure]
    by_day = {day: float(value) for day, value in raw.execute(query.format(**facts)).fetchall() if day}
    days = days_of(facts)
    around = [days[0] - timedelta(days=i) for i in range(1, 7 * WEEKS + 1)]
    around += [days[-1] + timedelta(days=i) for i in range(1, 7 * WEEKS + 1)]
    found = mean(by_day.get(day, 0.0) for day in days)
    usual = mean(by_day.get(day, 0.0) for day in around)
    assert usual > 0
    if direction == "up":
        assert found >= factor * usual
        assert factor > 1
    else:
        assert found <= factor * usual
        assert factor < 1


def test_each_figure_of_each_anomaly_is_looked_at() -> None:
    looked_at = {(anomaly, figure) for anomaly, figure, _, _ in FIGURES}
    named = {(name, figure) for name, facts in ANOMALIES.items() for figure in facts["figures"]}
    assert looked_at | {("mispriced_product", "gross margin of the product")} == named
    assert len(ANOMALIES) >= 8


def test_the_wrong_price_is_below_cost(raw: duckdb.DuckDBPyConnection) -> None:
    facts = ANOMALIES["mispriced_product"]
    first, last = facts["days"]
    query = f"""
        select median(unit_price::double) filter (day between '{first}' and '{last}'),
            median(unit_price::double) filter (day not between '{first}' and '{last}')
        from lines where product_id = '{facts["product_id"]}'
    """
    wrong, usual = raw.execute(query).fetchall()[0]
    assert wrong == pytest.approx(usual / 10, rel=0.25)


def test_anomalies_keep_apart_from_each_other_and_from_promotions_and_holidays() -> None:
    ordinary = {date.fromisoformat(holiday["day"]) for holiday in KEY["not_anomalies"]["holidays"]}
    for sale in KEY["not_anomalies"]["promotions"]:
        ordinary |= set(days_of({"days": [sale["first"], sale["last"]]}))
    taken: set[date] = set()
    for anomaly in KEY["anomalies"]:
        days = set(days_of(anomaly))
        assert not days & (taken | ordinary)
        taken |= days


def test_promotions_raise_and_holidays_lower_the_orders(raw: duckdb.DuckDBPyConnection) -> None:
    by_day = dict(
        raw.execute("select day, count(*) from orders where day is not null group by all").fetchall()
    )

    def usual(day: date) -> float:
        return float(median(by_day.get(day + timedelta(days=7 * i), 0) for i in (-4, -3, 3, 4)))

    promotions = [
        days_of({"days": [sale["first"], sale["last"]]}) for sale in KEY["not_anomalies"]["promotions"][1:]
    ]
    for days in promotions:
        assert sum(by_day[day] for day in days) > 1.1 * sum(usual(day) for day in days)
    holidays = [date.fromisoformat(holiday["day"]) for holiday in KEY["not_anomalies"]["holidays"]]
    assert sum(by_day.get(day, 0) for day in holidays) < 0.75 * sum(usual(day) for day in holidays)
