"""What lies behind a tile: the gap to a target, the change that it shows, no more rows than are shown."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard import formats
from dashboard.components import details
from dashboard.components.drill import Drill
from dashboard.definitions import counted
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Compare, Grain, Period
from dashboard.queries import (
    acquisition,
    attribution,
    changes,
    cohorts,
    contributions,
    customers,
    funnel,
    overview,
    sales,
    segments,
    stores,
    waterfalls,
)
from dashboard.queries.contributions import Step
from dashboard.queries.figures import Figures, Shown
from dashboard.requests import Query, Selection, parameters
from tests.dashboard.conftest import Run, text

CUT = Period(date(2026, 1, 10), date(2026, 6, 20))
MONEY = Shown(formats.money_short, formats.relative_change)
GAP = """
    with amounts as (
        select category, sales_usd as amount from marts.fct_order_items
        where order_date between $first and $last
        union all
        select category, -refund_usd from marts.fct_refunds where refund_date between $first and $last
        union all
        select category, -target_net_sales_usd from marts.fct_sales_targets
        where target_date between $first and $last
    )
    select if(category in (select category from marts.fct_sales_targets), category, $others), sum(amount)
    from amounts
    where len($categories) = 0 or list_contains($categories, category)
    group by 1
    having sum(amount) <> 0
"""

NORTH = ("Northern Europe",)
WITHIN = """
    with amounts as (
        select category, region, order_date as day, sales_usd as amount from marts.fct_order_items
        union all
        select category, region, refund_date, -refund_usd from marts.fct_refunds
    )
    select sum(amount)
    from amounts
    where day between $first and $last
        and region = $region
        and (len($categories) = 0 or list_contains($categories, category))
"""
SUMMED = {
    "net_sales": ("sum(sales_usd)", "-sum(refund_usd)"),
    "gross_margin": (
        "sum(sales_usd) - sum(uncosted_sales_usd) - sum(cost_of_goods_usd)",
        "sum(uncosted_refund_usd) - sum(refund_usd)",
    ),
    "costed_net_sales": (
        "sum(sales_usd) - sum(uncosted_sales_usd)",
        "sum(uncosted_refund_usd) - sum(refund_usd)",
    ),
    **{name: (f"sum({name}_usd)",) for name in ("gross_sales", "sales", "uncosted_sales")},
    "discounts": ("sum(discount_usd)",),
    "refunds": ("sum(refund_usd)",),
    "orders": ("count(distinct order_id)",),
    "units": ("sum(unit_count)",),
    **dict.fromkeys(("customers", "new_customers", "returning_customers"), ("count(distinct customer_id)",)),
    "sessions": ("count(*)",),
    "visitors": ("count(distinct anonymous_id)",),
    "ad_spend": ("sum(spend_usd)",),
    "acquired_customers": ("count(distinct customer_id)",),
    **dict.fromkeys(map(attribution.attributed, attribution.MODELS), ("sum(credit_usd)",)),
}
"""What the rows behind a metric sum up to it by, in the order of its marts."""

cents = st.integers(-10_000_000, 10_000_000).map(lambda amount: amount / 100)
by_name = st.dictionaries(st.sampled_from("abcdef"), cents)


def exactly(amounts: list[float]) -> Decimal:
    """The sum of amounts with two decimals."""
    return sum((Decimal(f"{amount:.2f}") for amount in amounts), Decimal(0))


@given(by_name, by_name)
def test_the_gap_to_the_target_adds_up_to_the_cent(planned: dict[str, float], sold: dict[str, float]) -> None:
    target, now = (float(exactly([*amounts.values()])) for amounts in (planned, sold))
    found = contributions.target_split(planned, sold, target, now)
    assert exactly([target, *(step.amount for step in found.steps)]) == exactly([now])
    steps = {step.name: exactly([step.amount]) for step in found.steps}
    assert contributions.SEVERAL not in steps
    untargeted = [amount for name, amount in sold.items() if name not in planned]
    assert steps.pop(contributions.WITHOUT_TARGET, 0) == exactly(untargeted)
    assert steps.keys() <= planned.keys()


def test_what_has_no_target_is_a_step_of_its_own() -> None:
    found = contributions.target_split({"a": 10.0, "b": 4.0}, {"a": 12.5, "c": 1.0, "d": 0.25}, 14.0, 13.75)
    assert found.steps == (Step("b", -4.0), Step("a", 2.5), Step(contributions.WITHOUT_TARGET, 1.25))
    assert waterfalls.sentence("Net sales", found, "the target", MONEY) == (
        "Net sales fell short of the target by $0.25 (1.8%): b −$4.00, a +$2.50 and Without a target +$1.25."
    )
    above = contributions.target_split({"a": 10.0}, {"a": 12.5}, 10.0, 12.5)
    assert waterfalls.sentence("Net sales", above, "the target", MONEY) == (
        "Net sales exceeded the target by $2.50 (25.0%): a +$2.50."
    )
    met = contributions.target_split({"a": 10.0, "b": 2.0}, {"a": 9.0, "b": 3.0}, 12.0, 12.0)
    assert waterfalls.sentence("Net sales", met, "the target", MONEY, "by category") == (
        "Net sales met the target; by category: a −$1.00 and b +$1.00."
    )


@pytest.mark.parametrize("categories", [(), ("Kitchen", "Decor")], ids=str)
def test_the_gap_is_split_as_sql_does(
    served: Served, marts: duckdb.DuckDBPyConnection, categories: tuple[str, ...]
) -> None:
    chosen = Filters(CUT, Grain.MONTH, {"category": categories}, compare=Compare.TARGET)
    found = changes.gap(served, chosen)
    values = {"first": CUT.start, "last": CUT.end, "categories": list(categories)}
    expected = dict(marts.execute(GAP, {**values, "others": contributions.WITHOUT_TARGET}).fetchall())
    assert (contributions.WITHOUT_TARGET in expected) is (not categories)
    assert {step.name: Decimal(f"{step.amount:.2f}") for step in found.steps} == expected
    sales = overview.read(served, chosen)
    assert (found.now, found.before) == pytest.approx((sales.now["net_sales"], sales.then["net_sales"]))


def opened(app: AppTest, metric: str = "net_sales") -> str:
    """What the dialog of a metric says of its change."""
    app.button(key=f"more-{metric}").click().run()
    assert not app.exception
    return " ".join([*(info.value for info in app.info), text(app)])


def test_a_tile_tells_why_the_target_is_missed(open_page: Run) -> None:
    app = open_page("overview", compare="Target")
    assert re.search(r"Net sales fell short of the target by \$[^;]*; by category: ", opened(app))
    assert not [box for box in app.selectbox if str(box.key).startswith("split-by")]
    found = opened(app, "orders")
    assert "There are targets for net sales alone, none for orders: choose another comparison." in found
    app.multiselect(key="region").set_value(["Northern Europe"]).run()
    found = opened(app)
    assert "Targets are set by category, not by region: choose all regions, or another comparison." in found


def test_a_tile_without_a_change_has_none_behind_it(open_page: Run) -> None:
    app = open_page("stores", store=["Larkspur San Francisco"])
    assert "nothing to compare with" in text(app)
    assert "In the 365 days before there is nothing to compare with: " in opened(app)
    assert not [box for box in app.selectbox if str(box.key).startswith("split-by")]
    app = open_page("overview", period="All")
    assert "there are no days to compare with. Choose a shorter or a later period, or another" in opened(app)


@pytest.mark.parametrize(
    ("metric", "state", "has_target", "expected"),
    [
        (
            "orders",
            {"now": {}},
            True,
            "It has no value in this period: choose another period, or other filters.",
        ),
        (
            "orders",
            {"compare": Compare.TARGET},
            False,
            "This version has no targets: choose another comparison.",
        ),
        (
            "orders",
            {"compare": Compare.TARGET},
            True,
            "There are targets for net sales alone, none for orders: choose another comparison.",
        ),
        (
            "net_sales",
            {"compare": Compare.TARGET},
            True,
            "No target is set for what is chosen in these days: choose another period or category, or "
            "another comparison.",
        ),
        (
            "net_sales",
            {"compare": Compare.TARGET, "chosen": {"customer_type": ("new",)}},
            True,
            "Targets are set by category, not by customer type: choose all customer types, or "
            "another comparison.",
        ),
    ],
)
def test_what_shows_no_change_says_what_helps(
    metric: str, state: dict[str, Any], has_target: bool, expected: str
) -> None:
    known = {"now": {metric: 1.0}, "chosen": {}, "compare": Compare.BEFORE} | state
    filters = Filters(CUT, Grain.MONTH, known["chosen"], compare=known["compare"])
    shown = Figures(filters, None, [], known["now"], {}, [])
    served: Any = SimpleNamespace(has=lambda *_: has_target, data=CUT)
    label = metric.replace("_", " ").capitalize()
    assert not changes.is_comparable(shown, metric, MONEY)
    assert changes.nothing_words(served, shown, metric, label) == expected


def test_a_change_from_below_zero_is_told_without_a_share() -> None:
    shown = Figures(Filters(CUT, Grain.MONTH), CUT, [], {"net_sales": 5.0}, {"net_sales": -2.5}, [])
    assert changes.is_comparable(shown, "net_sales", MONEY)
    found = contributions.sum_split({"a": -2.5}, {"a": 5.0}, -2.5, 5.0)
    assert waterfalls.sentence("Net sales", found, "a year before", MONEY) == (
        "Net sales rose by $7.50 against a year before: a +$7.50."
    )
    assert not changes.is_comparable(replace(shown, then={"net_sales": 0.0}), "net_sales", MONEY)


def test_no_more_rows_are_read_than_are_shown(served: Served) -> None:
    def body(served, shown):  # type: ignore[no-untyped-def]
        from dashboard.components import details

        details.rows(served, shown, "net_sales")

    counts = []

    def read(*query: Any) -> pa.Table:
        found = served.read(*query)
        counts.append(len(found))
        return found

    shown = overview.read(served, Filters(served.data, Grain.MONTH))
    app = AppTest.from_function(body, args=(replace(served, read=read), shown)).run()
    assert not app.exception
    assert max(counts) == details.MOST_ROWS
    assert any("the first 1,000 of them here" in words.value for words in app.markdown)


def test_a_card_without_its_own_filter_tells_the_change_of_all_that_it_shows(
    served: Served, marts: duckdb.DuckDBPyConnection
) -> None:
    page = overview.read(served, Filters(CUT, Grain.MONTH, {"category": ("Kitchen",), "region": NORTH}))
    span = Period(date(2026, 1, 1), date(2026, 6, 30))
    asked = Drill(served, page, "net_sales", MONEY)
    assert asked.read() is page
    for opened, days in ((replace(asked, without=("category",)), CUT), (replace(asked, days=span), span)):
        shown = opened.read()
        assert shown.filters.period == days
        assert shown.before
        assert shown.before == Compare.BEFORE.period(days, Grain.MONTH)
        categories = [] if opened.without else ["Kitchen"]
        for found, period in ((shown.now, days), (shown.then, shown.before)):
            values = {"first": period.start, "last": period.end, "region": NORTH[0], "categories": categories}
            [(amount,)] = marts.execute(WITHIN, values).fetchall()
            assert found["net_sales"] == pytest.approx(float(amount), abs=0.005)
            assert amount > 0


@pytest.mark.parametrize("chosen", [{}, {"region": NORTH}, {"customer_type": ("new",)}], ids=str)
def test_the_rows_behind_all_customers_are_theirs(served: Served, chosen: dict[str, tuple[str, ...]]) -> None:
    buyers = customers.read(served, Filters(CUT, Grain.MONTH, chosen))
    shown = customers.over(buyers, served.data)
    total = segments.read(served, buyers.filters).total
    selection = shown.selection_of("net_sales")
    assert amount_of(served, "net_sales", served.data, selection) == pytest.approx(total, abs=0.005)
    assert total > 0


@pytest.mark.parametrize("chosen", [{}, {"region": NORTH}, {"segment": ("champions", "lost")}], ids=str)
def test_the_rows_behind_cohorts_are_those_of_their_customers(
    served: Served, chosen: dict[str, tuple[str, ...]]
) -> None:
    filters = Filters(CUT, Grain.MONTH, chosen)
    found = cohorts.read(served, filters, cohorts.VALUE)
    rows = cohorts.rows_behind(served, found, filters)
    assert [each.name for each in rows] == ["fct_order_items", "fct_refunds"]
    sold, refunded = (served.read(each.all(), each.values) for each in rows)
    expected = exactly([row["net_sales_usd"] for row in found.rows])
    assert exactly(sold["sales_usd"].to_pylist()) - exactly(refunded["refund_usd"].to_pylist()) == expected
    assert expected > 0
    sizes = {row["cohort_month_date"]: row["cohort_customer_count"] for row in found.rows}
    assert len(sold["customer_id"].unique()) == sum(sizes.values())
    [bought] = cohorts.rows_behind(served, replace(found, view=cohorts.RETENTION), filters)
    counted = (
        f"select count(distinct (customer_id, date_trunc('month', order_date))) as n from ({bought.all()})"
    )
    returned = sum(row["active_customer_count"] for row in found.rows)
    assert served.read(counted, bought.values)["n"].to_pylist() == [returned]


@pytest.mark.parametrize("view", [cohorts.RETENTION, cohorts.VALUE])
@pytest.mark.parametrize("chosen", [{}, {"region": NORTH}, {"segment": ("champions", "lost")}], ids=str)
def test_the_sql_of_cohorts_gives_what_they_are(
    served: Served, chosen: dict[str, tuple[str, ...]], view: str
) -> None:
    filters = Filters(CUT, Grain.MONTH, chosen)
    found = cohorts.read(served, filters, view)
    meant = cohorts.meaning(served, found, filters)
    values = parameters(cohorts.bought(served, customers.of_all_orders(filters))) if chosen else {}
    rows = served.read(meant.sql, values).to_pylist()
    assert [row["value"] for row in rows] == pytest.approx([found.measured([row]) for row in found.rows])
    assert [row["month_number"] for row in rows] == [row["month_number"] for row in found.rows]
    assert {*meant.columns} <= {*served.rows(cohorts.MART).column_names}
    assert bool(meant.note) == bool(chosen)


def amount_of(served: Served, metric: str, period: Period, selection: Selection) -> float:
    """What SUMMED says of a metric, over the rows behind it."""
    amounts = []
    for behind, summed in zip(served.behind(metric), SUMMED[metric], strict=True):
        rows = behind.rows(period, selection)
        [row] = served.read(f"select {summed} as amount from ({rows.all()})", rows.values).to_pylist()
        amounts.append(float(row["amount"] or 0))
    return sum(amounts)


def test_the_rows_behind_a_tile_are_those_that_it_counts(served: Served) -> None:
    tiles = overview.TILES | stores.TILES | funnel.TILES | customers.TILES | acquisition.VISIT_TILES
    sums = {metric for metric in (*tiles, *sales.METRICS) if served.parts(metric) == (metric,)}
    assert sums <= SUMMED.keys()
    assert {*map(attribution.attributed, attribution.MODELS)} <= SUMMED.keys()
    for metric in SUMMED:
        [row] = served.run(Query((metric,), CUT)).to_pylist()
        assert amount_of(served, metric, CUT, ()) == pytest.approx(row[metric], abs=0.005), metric
        assert row[metric], metric


def test_a_measure_of_some_rows_says_which() -> None:
    def where(*measures: tuple[str, str]) -> str:
        return counted([SimpleNamespace(expr=expr, agg=SimpleNamespace(value=agg)) for agg, expr in measures])

    some = ("sum", "case when is_a or is_b then amount else 0 end\n")
    assert where(some) == "is_a or is_b"
    assert where(some, ("count_distinct", "case when is_c then id end")) == "is_a or is_b or is_c"
    for whole in (
        ("sum", ""),
        ("sum", "amount"),
        ("count_distinct", "case when is_a then id else 0 end"),
        ("sum", "case when is_a then amount else 1 end"),
        ("sum", "case when is_a then 1 when is_b then 2 else 0 end"),
    ):
        assert where(some, whole) == ""


def test_what_no_period_is_compared_with_has_no_why(open_page: Run) -> None:
    app = open_page("customers")
    app.button(key="more-customers").click().run()
    assert app.button_group(key="behind").options == [*details.VIEWS]
    for title in ("Lifetime net sales of all customers", "Customers and their net sales by segment"):
        app.button(key=f"drill-{title}").click().run()
        assert not app.exception
        assert app.button_group(key="behind").options == [details.ROWS, details.MEANING]
        assert not any("choose another period" in info.value for info in app.info)
