"""Every tile of every page: its number is the metric's own, and with its change and note what SQL finds."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from html import unescape
from typing import Any

import duckdb
import pytest

from dashboard import formats
from dashboard.components import tiles
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Compare, Period
from dashboard.queries import changes
from dashboard.queries.figures import Figures, Shown
from dashboard.requests import Query
from tests.dashboard.conftest import Run, text
from tests.dashboard.sales_marts import ORDER_CHANNEL

STORE_LABEL = "(select store_label from marts.dim_stores as stores where stores.store_id = own.store_id)"
Words = Callable[[float | None], str]
LINES, REFUNDS, VISITS = "marts.fct_order_items", "marts.fct_refunds", "marts.fct_sessions"
SPENDING, CREDITS = "marts.fct_ad_spend", "marts.fct_attribution"
TARGETS, STORES = "marts.fct_sales_targets", "marts.dim_stores"
SALES = (LINES, REFUNDS)
DAYS = {
    LINES: "order_date",
    REFUNDS: "refund_date",
    VISITS: "session_date",
    SPENDING: "spend_date",
    CREDITS: "conversion_date",
    TARGETS: "target_date",
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
    "returning": (LINES, "sum(sales_usd) filter (customer_type = 'returning')"),
    "returned": (REFUNDS, "sum(refund_usd) filter (customer_type = 'returning')"),
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
    "target": (TARGETS, "sum(target_net_sales_usd)"),
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


def share(numerator: str, denominator: str, words: str) -> Callable[[dict[str, float]], str]:
    return lambda found: f"{formats.percent(found[numerator] / found[denominator])} {words}"


NOTES: Mapping[tuple[str, str], Callable[[dict[str, float]], str]] = {
    ("sales", "discounts"): share("discounts", "gross_sales", "of gross sales"),
    ("sales", "refunds"): share("refunds", "sales", "of sales"),
    ("sales", "gross_margin"): lambda found: (
        f"{formats.percent((known_cost(found) - found['cost']) / known_cost(found))} "
        f"{'where the cost is known' if found['uncosted'] else 'of net sales'}"
    ),
    ("sales", "units"): lambda found: f"at {formats.money(found['sales'] / found['units'])} each",
    ("customers", "customers"): lambda found: (
        "Some are both new and returning"
        if found["new_customers"] + found["returning_customers"] > found["customers"]
        else ""
    ),
    ("customers", "net_sales"): lambda found: (
        f"{formats.money_short(found['returning'] - found['returned'])} of it from returning customers"
    ),
    ("acquisition", "return_on_ad_spend_time_decay"): lambda _: "Time decay, paid channels",
    ("acquisition", "cost_per_new_customer"): lambda _: "Last non-direct, paid channels",
}
"""What a tile says below its number."""

SHOP = {
    "region": ["Northern Europe", "Western Europe"],
    "category": ["Decor", "Kitchen"],
    "channel": ["Email", "In store"],
}
WEB = {"channel": ["Paid Search", "Paid Social"]}
STORE = {"store": ["Larkspur London", "Larkspur Online"]}
KITCHEN = {"category": ["Kitchen"]}
QUESTION = {"metrics": ["Net sales", "Orders", "Repeat rate", "Conversion rate"], "by": ""}
BEFORE, YEAR, TARGET = (str(each) for each in Compare)
STATES: list[tuple[str, str, str, dict[str, list[str]]]] = [
    *(
        (page, *state)
        for page, choice in (
            ("overview", SHOP),
            ("sales", SHOP),
            ("customers", SHOP),
            ("stores", SHOP | STORE),
            ("acquisition", WEB),
            ("funnel", WEB),
        )
        for state in (("Last 12 months", BEFORE, {}), ("This quarter", YEAR, choice))
    ),
    ("overview", "This quarter", TARGET, KITCHEN),
    ("sales", "Last 90 days", TARGET, STORE),
    ("customers", "Last 28 days", BEFORE, STORE),
    ("explore", "This quarter", YEAR, {}),
]
NOTHING = "nothing to compare with"


def shown(app: Any) -> dict[str, tuple[str, str, str]]:
    """What each tile of a page shows, by its metric: its number, its change and its note."""
    names = [button.key.removeprefix("more-") for button in app.button if button.key.startswith("more-")]
    tiles = [unescape(tile) for tile in re.findall(r'<dl class="tile".*?</dl>', text(app))]
    return {name: read(tile) for name, tile in zip(names, tiles, strict=True)}


def read(tile: str) -> tuple[str, str, str]:
    """The number, the change without its arrow, and the note of a tile's HTML."""
    value, change, note = (
        re.search(rf'<dd class="{kind}[^>]*>(.*?)</dd>', tile) for kind in ("value", "change", "note")
    )
    assert value
    assert change
    words = re.sub("<.*?>|[▲▼] ", "", change[1]).split(" vs ")[0].strip()
    return value[1], words, note[1] if note else ""


def compared_with(compare: str, period: Period) -> Period:
    """The days before: as many, or those of the year before, by weeks where a period has few."""
    if compare == BEFORE:
        day_count = timedelta(days=(period.end - period.start).days + 1)
        return Period(period.start - day_count, period.end - day_count)
    if (period.end - period.start).days < 183:
        return Period(period.start - timedelta(weeks=52), period.end - timedelta(weeks=52))
    return Period(
        period.start.replace(year=period.start.year - 1), period.end.replace(year=period.end.year - 1)
    )


def change_words(write: Words, now: float | None, then: float | None) -> str:
    """A change as a tile shows it: of a rate in percentage points."""
    if now is None or then is None or (write is not formats.percent and then <= 0):
        return NOTHING
    change = (now - then) * 100 if write is formats.percent else (now / then - 1) * 100
    digits = f"{abs(change):.1f}"
    sign = "" if digits == "0.0" else "+" if change > 0 else formats.MINUS
    return f"{sign}{digits}{' pp' if write is formats.percent else '%'}"


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
        known = {name: name for name in columns}
        if mart in SALES:
            known |= {"channel": ORDER_CHANNEL, "store": STORE_LABEL}
        for key in chosen.keys() & known.keys():
            conditions.append(f"list_contains(${key}, {known[key]})")
            values[key] = chosen[key]
        query = f"select {expression} from {mart} as own where {' and '.join(conditions)}"
        [(value,)] = marts.execute(query, values).fetchall()
        found[name] = float(value or 0)
    return found


@pytest.mark.parametrize(("page", "preset", "compare", "chosen"), STATES, ids=lambda value: str(value)[:16])
def test_a_tile_shows_its_metric_and_what_the_marts_hold(
    open_page: Run,
    served: Served,
    marts: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    preset: str,
    compare: str,
    chosen: dict[str, list[str]],
) -> None:
    drawn: list[tuple[Figures, Mapping[str, Shown]]] = []
    draw = tiles.show

    def show(served: Served, shown: Figures, how: Mapping[str, Shown]) -> None:
        drawn.append((shown, how))
        draw(served, shown, how)

    monkeypatch.setattr(tiles, "show", show)
    period = PRESETS[preset](served.data).within(served.data)
    found, before = sums(marts, period, chosen), None
    if compare != TARGET and compared_with(compare, period).start >= served.data.start:
        before = sums(marts, compared_with(compare, period), chosen)
    selection = tuple((name, tuple(values)) for name, values in chosen.items())
    paid = tuple(name for (name,) in marts.execute(f"select distinct channel from {SPENDING}").fetchall())
    link = {**chosen, **(QUESTION if page == "explore" else {})}
    found_tiles = shown(open_page(page, period=preset, compare=compare, **link))
    assert len(found_tiles) >= 3
    for metric, (words, change, note) in found_tiles.items():
        write, expected = METRICS[metric]
        now, then = expected(found), expected(before) if before else None
        if compare == TARGET and metric == "net_sales" and chosen.keys() <= {"category"}:
            then = found["target"]
        within = (("channel", paid),) if metric in OF_PAID_CHANNELS and not selection else selection
        [row] = served.run(Query((metric,), period, (), within)).to_pylist()
        assert row[metric] == pytest.approx(now, rel=1e-9, abs=1e-6), metric
        assert words == write(now), metric
        assert change == change_words(write, now, then), metric
        assert note == (NOTES[page, metric](found) if (page, metric) in NOTES else ""), metric
        [(figures, how)] = drawn
        if figures.before is None or not (ways := changes.ways(served, metric)):
            continue
        why = changes.split(
            served, metric, ways[0], figures.before, figures.filters.period, figures.selection_of(metric)
        )
        if why and how[metric].change(now, then):
            assert (why.before, why.now) == pytest.approx((then, now), rel=1e-9, abs=0.006), metric
