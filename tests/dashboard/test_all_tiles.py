"""Every tile of every page: the number that is shown is the metric's own, and what SQL on the marts finds."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from html import unescape
from typing import Any

import duckdb
import pytest

from dashboard import formats
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Period
from dashboard.requests import Query
from tests.dashboard.conftest import Run, text
from tests.dashboard.sales_marts import ORDER_CHANNEL

Words = Callable[[float | None], str]
LINES, REFUNDS, VISITS = "marts.fct_order_items", "marts.fct_refunds", "marts.fct_sessions"
SPENDING, CREDITS = "marts.fct_ad_spend", "marts.fct_attribution"
SALES = (LINES, REFUNDS)
DAYS = {
    LINES: "order_date",
    REFUNDS: "refund_date",
    VISITS: "session_date",
    SPENDING: "spend_date",
    CREDITS: "conversion_date",
}
PAID = f"channel in (select channel from {SPENDING})"
OF_PAID_CHANNELS = {"return_on_ad_spend_time_decay", "cost_per_new_customer"}
SUMS: Mapping[str, tuple[str, str]] = {
    "gross_sales": (LINES, "sum(gross_sales_usd)"),
    "discounts": (LINES, "sum(discount_usd)"),
    "sales": (LINES, "sum(sales_usd)"),
    "cost": (LINES, "sum(cost_of_goods_usd)"),
    "uncosted": (LINES, "sum(uncosted_sales_usd)"),
    "units": (LINES, "sum(unit_count)"),
    "orders": (LINES, "count(distinct order_id) filter (not is_cancelled)"),
    "customers": (LINES, "count(distinct customer_id) filter (not is_cancelled)"),
    "new_customers": (LINES, "count(distinct customer_id) filter (is_first_order)"),
    "returning_customers": (
        LINES,
        "count(distinct customer_id) filter (customer_type = 'returning' and not is_cancelled)",
    ),
    "refunds": (REFUNDS, "sum(refund_usd)"),
    "uncosted_refunds": (REFUNDS, "sum(uncosted_refund_usd)"),
    "sessions": (VISITS, "count(*)"),
    "visitors": (VISITS, "count(distinct anonymous_id)"),
    "product_views": (VISITS, "count(*) filter (has_reached_product_view)"),
    "carts": (VISITS, "count(*) filter (has_reached_cart)"),
    "checkouts": (VISITS, "count(*) filter (has_reached_checkout)"),
    "purchases": (VISITS, "count(*) filter (has_reached_purchase)"),
    "ad_spend": (SPENDING, "sum(spend_usd)"),
    "credit": (CREDITS, f"sum(credit_usd) filter (attribution_model = 'time_decay' and {PAID})"),
    "acquired": (
        CREDITS,
        "count(distinct customer_id) filter (is_first_order and credit_rate > 0"
        f" and attribution_model = 'last_non_direct' and {PAID})",
    ),
}
"""What the marts hold, as SQL of one mart."""


def over(numerator: str, denominator: str) -> Callable[[dict[str, float]], float | None]:
    return lambda found: found[numerator] / found[denominator] if found[denominator] else None


def known_cost(found: dict[str, float]) -> float:
    return found["sales"] - found["refunds"] - found["uncosted"] + found["uncosted_refunds"]


METRICS: Mapping[str, tuple[Words, Callable[[dict[str, float]], float | None]]] = {
    "net_sales": (formats.money_short, lambda found: found["sales"] - found["refunds"]),
    "gross_sales": (formats.money_short, lambda found: found["gross_sales"]),
    "discounts": (formats.money_short, lambda found: found["discounts"]),
    "refunds": (formats.money_short, lambda found: found["refunds"]),
    "gross_margin": (formats.money_short, lambda found: known_cost(found) - found["cost"]),
    "gross_margin_rate": (
        formats.percent,
        lambda found: (known_cost(found) - found["cost"]) / known_cost(found),
    ),
    "average_order_value": (formats.money, over("sales", "orders")),
    "orders": (formats.count, lambda found: found["orders"]),
    "units": (formats.count, lambda found: found["units"]),
    "customers": (formats.count, lambda found: found["customers"]),
    "new_customers": (formats.count, lambda found: found["new_customers"]),
    "returning_customers": (formats.count, lambda found: found["returning_customers"]),
    "repeat_rate": (formats.percent, over("returning_customers", "customers")),
    "sessions": (formats.count, lambda found: found["sessions"]),
    "visitors": (formats.count, lambda found: found["visitors"]),
    "product_view_rate": (formats.percent, over("product_views", "sessions")),
    "add_to_cart_rate": (formats.percent, over("carts", "sessions")),
    "checkout_rate": (formats.percent, over("checkouts", "sessions")),
    "conversion_rate": (formats.percent, over("purchases", "sessions")),
    "ad_spend": (formats.money_short, lambda found: found["ad_spend"]),
    "return_on_ad_spend_time_decay": (formats.ratio, over("credit", "ad_spend")),
    "cost_per_new_customer": (formats.money, over("ad_spend", "acquired")),
}
"""How each metric of a tile is written, and what it is of the sums."""

SHOP = {
    "region": ["Northern Europe", "Western Europe"],
    "category": ["Decor", "Kitchen"],
    "channel": ["Email", "In store"],
}
WEB = {"channel": ["Paid Search", "Paid Social"]}
STATES = [
    (page, preset, chosen)
    for page, choice in (
        ("overview", SHOP),
        ("sales", SHOP),
        ("customers", SHOP),
        ("stores", SHOP),
        ("acquisition", WEB),
        ("funnel", WEB),
    )
    for preset, chosen in (("Last 12 months", {}), ("This quarter", choice))
]


def shown(app: Any) -> dict[str, str]:
    """What each tile of a page shows, by its metric."""
    names = [button.key.removeprefix("more-") for button in app.button if button.key.startswith("more-")]
    values = re.findall(r'<dd class="value">(.*?)</dd>', text(app))
    return dict(zip(names, map(unescape, values), strict=True))


def sums(
    marts: duckdb.DuckDBPyConnection, period: Period, chosen: Mapping[str, list[str]]
) -> dict[str, float]:
    """Each sum over the period, within what is chosen."""
    found = {}
    for name, (mart, expression) in SUMS.items():
        columns = {
            column
            for (column,) in marts.execute(
                "select column_name from duckdb_columns() where schema_name || '.' || table_name = ?", [mart]
            ).fetchall()
        }
        conditions = [f"{DAYS[mart]} between $first and $last"]
        values: dict[str, date | list[str]] = {"first": period.start, "last": period.end}
        known = {name: name for name in columns} | ({"channel": ORDER_CHANNEL} if mart in SALES else {})
        for key in chosen.keys() & known.keys():
            conditions.append(f"list_contains(${key}, {known[key]})")
            values[key] = chosen[key]
        query = f"select {expression} from {mart} as own where {' and '.join(conditions)}"
        [(value,)] = marts.execute(query, values).fetchall()
        found[name] = float(value or 0)
    return found


@pytest.mark.parametrize(("page", "preset", "chosen"), STATES, ids=lambda value: str(value)[:16])
def test_a_tile_shows_its_metric_and_what_the_marts_hold(
    open_page: Run,
    served: Served,
    marts: duckdb.DuckDBPyConnection,
    page: str,
    preset: str,
    chosen: dict[str, list[str]],
) -> None:
    period = PRESETS[preset](served.data).within(served.data)
    found = sums(marts, period, chosen)
    selection = tuple((name, tuple(values)) for name, values in chosen.items())
    paid = tuple(name for (name,) in marts.execute(f"select distinct channel from {SPENDING}").fetchall())
    tiles = shown(open_page(page, period=preset, **chosen))
    assert len(tiles) >= 4
    for metric, words in tiles.items():
        write, expected = METRICS[metric]
        within = (("channel", paid),) if metric in OF_PAID_CHANNELS and not selection else selection
        [row] = served.run(Query((metric,), period, (), within)).to_pylist()
        assert row[metric] == pytest.approx(expected(found), rel=1e-9, abs=1e-6), metric
        assert words == write(expected(found)), metric
