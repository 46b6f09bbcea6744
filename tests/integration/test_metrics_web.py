"""Metrics of visits, advertising and what it returns, against SQL on the events, the spend and the credits.

The SQL is written for the test alone. It counts what happened in a session from its events, converts spend
anew, and finds the session that acquired a customer among the touches; MetricFlow reads the published marts.
"""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Built
from tests.metric_answers import Answer, Metrics, asked_by_command, differences, fetched

TIME = "metric_time__"
DAY, MONTH, QUARTER = f"{TIME}day", f"{TIME}month", f"{TIME}quarter"
MODELS = ("first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay", "markov")

# One row per session of a person.
SESSIONS = """
    with events as (
        select * from intermediate.int_events_sessionized where crawler_kind is null
    ),
    bought as (
        select order_id, arg_min(session_id, (event_at, event_id)) as session_id
        from events where event_name = 'purchase' and order_id is not null
        group by order_id
    ),
    sold as (
        select session_id, sum(net_sales_usd) as net_sales
        from bought inner join marts.fct_orders using (order_id)
        where order_status <> 'cancelled' and item_count > 0
        group by session_id
    ),
    counted as (
        select
            session_id, anonymous_id,
            count(*) as events,
            count(*) filter (event_name = 'page_view') as pages,
            count(*) filter (event_name = 'product_view') as products,
            max(case event_name
                when 'purchase' then 4 when 'checkout_start' then 3 when 'add_to_cart' then 2
                when 'product_view' then 1 else 0
            end) as step,
            min(event_at) as started_at,
            date_diff('second', min(event_at), max(event_at)) as seconds
        from events
        group by session_id, anonymous_id
    )
    select
        counted.*, coalesce(net_sales, 0) as net_sales,
        cast(counted.started_at as date) as day,
        marts.fct_sessions.channel, marts.fct_sessions.campaign, marts.fct_sessions.device_type as device,
        marts.fct_sessions.landing_page, marts.fct_sessions.exit_page, counted.anonymous_id as visitor,
        case
            when row_number() over (
                partition by counted.anonymous_id order by counted.started_at, session_id
            ) = 1 then 'new'
            else 'returning'
        end as visitor_type
    from counted
    left join sold using (session_id)
    left join marts.fct_sessions using (session_id)
"""
WEB = {
    "sessions": "count(*)",
    "visitors": "count(distinct anonymous_id)",
    "new_visitors": "count(*) filter (visitor_type = 'new')",
    "page_views": "sum(pages)",
    "bounces": "count(*) filter (events = 1)",
    "engaged_sessions": "count(*) filter (seconds > 10 or pages + products >= 2 or step = 4)",
    "product_view_sessions": "count(*) filter (step >= 1)",
    "cart_sessions": "count(*) filter (step >= 2)",
    "checkout_sessions": "count(*) filter (step >= 3)",
    "purchase_sessions": "count(*) filter (step >= 4)",
    "session_net_sales": "sum(net_sales)",
    "session_seconds": "sum(seconds)",
    "average_session_seconds": "avg(seconds)",
    "bounce_rate": "avg(case when events = 1 then 1e0 else 0e0 end)",
    "product_view_rate": "avg(case when step >= 1 then 1e0 else 0e0 end)",
    "add_to_cart_rate": "avg(case when step >= 2 then 1e0 else 0e0 end)",
    "product_view_to_cart_rate": "avg(case when step >= 2 then 1e0 else 0e0 end) filter (step >= 1)",
    "cart_to_checkout_rate": "avg(case when step >= 3 then 1e0 else 0e0 end) filter (step >= 2)",
    "checkout_to_purchase_rate": "avg(case when step >= 4 then 1e0 else 0e0 end) filter (step >= 3)",
    "checkout_rate": "avg(case when step >= 3 then 1e0 else 0e0 end)",
    "conversion_rate": "avg(case when step >= 4 then 1e0 else 0e0 end)",
}

# One row per day and campaign of advertising.
SPENDING = """
    select
        spend_date as day, ad_channels.channel, campaign,
        round(cost_amount * usd_per_unit, 2) as spend, impression_count as shown, click_count as clicked
    from staging.stg_ads__ad_spend as ads
    inner join reference.ad_channels using (platform_channel)
    inner join intermediate.int_exchange_rates_filled as rates
        on ads.currency_code = rates.currency_code and ads.spend_date = rates.rate_date
"""
ADS = {
    "ad_spend": "coalesce(sum(spend), 0)",
    "impressions": "coalesce(sum(shown), 0)",
    "clicks": "coalesce(sum(clicked), 0)",
    "cost_per_click": "sum(spend)::double / nullif(sum(clicked), 0)",
    "click_rate": "sum(clicked)::double / nullif(sum(shown), 0)",
}

# One row per order and touch, with each model's credit, and the customer whom the touch acquired, if it did.
CREDITS = f"""
    with touches as (
        select
            order_id, session_id, channel, campaign, device_type, conversion_date, touch_number,
            {
    ", ".join(
        f"sum(credit_usd) filter (attribution_model = '{model}') as {model}_usd, "
        f"sum(credit_rate) filter (attribution_model = '{model}') as {model}_rate"
        for model in MODELS
    )
}
        from marts.fct_attribution
        group by all
    ),
    acquiring as (
        select order_id, arg_max(session_id, (channel <> 'Direct', touch_number)) as session_id
        from touches group by order_id
    ),
    first_orders as (
        select customer_id as acquired, arg_min(order_id, (ordered_at, order_id)) as order_id
        from marts.fct_orders
        where order_status <> 'cancelled' and item_count > 0 and customer_id is not null
        group by customer_id
    )
    select
        touches.*, conversion_date as day, device_type as device,
        orders.order_id as sales_order, orders.customer_id as customer, acquired
    from touches
    inner join marts.fct_orders as orders using (order_id)
    left join acquiring using (order_id, session_id)
    left join first_orders on acquiring.order_id = first_orders.order_id
"""
ATTRIBUTION = {
    **{f"attributed_net_sales_{model}": f"coalesce(sum({model}_usd), 0)" for model in MODELS},
    **{f"attributed_orders_{model}": f"coalesce(sum({model}_rate), 0)" for model in MODELS},
    "acquired_customers": "count(distinct acquired)",
}

# One row per day and device.
TRACKING_DAYS = """
    select
        event_date as day, device_type as device, event_count as tracked,
        missing_device_event_count + missing_page_event_count + missing_product_event_count
        + unknown_product_event_count + missing_order_event_count + unknown_order_event_count as breaches,
        is_tracking_loss
    from marts.fct_tracking_quality
"""
TRACKING = {
    "tracked_events": "coalesce(sum(tracked), 0)",
    "tracking_plan_breaches": "coalesce(sum(breaches), 0)",
    "tracking_loss_days": "count(*) filter (is_tracking_loss)",
}

BOTH = f"select * from ({SPENDING}) union all by name select * from ({CREDITS})"
RETURNS = {
    **{
        f"return_on_ad_spend_{model}": f"coalesce(sum({model}_usd), 0)::double / nullif(sum(spend), 0)"
        for model in MODELS
    },
    "cost_per_new_customer": "nullif(sum(spend), 0)::double / nullif(count(distinct acquired), 0)",
}


@dataclass(frozen=True)
class Area:
    """Metrics of the same rows: their SQL by name, the rows' SQL, and the names they can be grouped by."""

    metrics: dict[str, str]
    rows: str
    groups: tuple[str, ...]

    def expected(self, connection: duckdb.DuckDBPyConnection, groups: tuple[str, ...]) -> Answer:
        keys = [
            f"date_trunc('{name.removeprefix(TIME)}', day)" if name.startswith(TIME) else name
            for name in groups
        ]
        values = [f"{sql} as {metric}" for metric, sql in self.metrics.items()]
        grouped = f" group by {', '.join(keys)}" if keys else ""
        sql = f"select {', '.join([*keys, *values])} from ({self.rows}){grouped}"
        return fetched(connection, sql, len(groups))


AREAS = {
    "web": Area(
        WEB,
        SESSIONS,
        ("channel", "campaign", "device", "landing_page", "exit_page", "visitor", "visitor_type"),
    ),
    "tracking": Area(TRACKING, TRACKING_DAYS, ("device",)),
    "ads": Area(ADS, SPENDING, ("channel", "campaign")),
    "attribution": Area(ATTRIBUTION, CREDITS, ("channel", "campaign", "device", "sales_order", "customer")),
    "returns": Area(ADS | ATTRIBUTION | RETURNS, BOTH, ("channel", "campaign")),
}
METRICS = WEB | TRACKING | ADS | ATTRIBUTION | RETURNS
GROUPINGS = [
    (name, groups)
    for name, area in AREAS.items()
    for groups in [
        (),
        *((group,) for group in (DAY, MONTH, QUARTER, *area.groups)),
        *([(DAY, "channel"), (MONTH, "channel", "campaign")] if "campaign" in area.groups else []),
    ]
]


@pytest.mark.parametrize(("name", "groups"), GROUPINGS)
def test_metrics_grouped(
    name: str, groups: tuple[str, ...], metrics: Metrics, warehouse: duckdb.DuckDBPyConnection
) -> None:
    area = AREAS[name]
    expected = area.expected(warehouse, groups)
    assert len(expected) > len(groups)
    assert differences(metrics.answer(list(area.metrics), groups), expected) == []


@pytest.mark.parametrize("name", ["web", "returns"])
def test_metrics_by_command(
    name: str, built: Built, tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """`mf query` says the same, by channel and month."""
    area = AREAS[name]
    answer = {
        (dt.date.fromisoformat(row[MONTH][:10]), row["channel"]): {
            metric: row[metric] or None for metric in area.metrics
        }
        for row in asked_by_command(built, tmp_path, list(area.metrics), [MONTH, "channel"])
    }
    assert differences(answer, area.expected(warehouse, (MONTH, "channel"))) == []


def test_every_name_to_group_by_is_compared(built: Built) -> None:
    """The areas' groups are all that their semantic models offer, besides time and their own rows."""
    manifest = json.loads((built.target / "semantic_manifest.json").read_text(encoding="utf-8"))
    offered = {
        model["name"]: {entity["name"] for entity in model["entities"] if entity["type"] == "foreign"}
        for model in manifest["semantic_models"]
    }
    assert offered["sessions"] == set(AREAS["web"].groups)
    assert offered["tracking_quality"] == set(AREAS["tracking"].groups)
    assert offered["ad_spend"] == set(AREAS["ads"].groups)
    assert offered["attribution"] == set(AREAS["attribution"].groups)
    assert offered["ad_spend"] & offered["attribution"] == set(AREAS["returns"].groups)


def test_a_difference_shows() -> None:
    """Of a value, of a group, and of nothing against zero."""
    expected: Answer = {("a",): {"count": 1, "rate": 0.5}, ("b",): {"count": 0, "rate": None}}
    assert (
        differences({("a",): {"count": 1, "rate": 0.5}, ("b",): {"count": 0, "rate": None}}, expected) == []
    )
    assert len(differences({("a",): {"count": 2, "rate": 0.5001}}, expected)) == 3
    assert len(differences({**expected, ("b",): {"count": None, "rate": 0.0}}, expected)) == 2
