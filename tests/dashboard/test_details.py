"""What lies behind a tile: the gap to a target, the change that it shows, no more rows than are shown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard import formats
from dashboard.components import details
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Compare, Grain, Period
from dashboard.queries import changes, overview
from dashboard.queries.changes import Step
from dashboard.queries.figures import Shown
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

cents = st.integers(-10_000_000, 10_000_000).map(lambda amount: amount / 100)
by_name = st.dictionaries(st.sampled_from("abcdef"), cents)


def exactly(amounts: list[float]) -> Decimal:
    """The sum of amounts with two decimals."""
    return sum((Decimal(f"{amount:.2f}") for amount in amounts), Decimal(0))


@given(by_name, by_name)
def test_the_gap_to_the_target_adds_up_to_the_cent(planned: dict[str, float], sold: dict[str, float]) -> None:
    target, now = (float(exactly([*amounts.values()])) for amounts in (planned, sold))
    found = changes.target_split(planned, sold, target, now)
    assert exactly([target, *(step.amount for step in found.steps)]) == exactly([now])
    steps = {step.name: exactly([step.amount]) for step in found.steps}
    assert changes.SEVERAL not in steps
    untargeted = [amount for name, amount in sold.items() if name not in planned]
    assert steps.pop(changes.WITHOUT_TARGET, 0) == exactly(untargeted)
    assert steps.keys() <= planned.keys()


def test_what_has_no_target_is_a_step_of_its_own() -> None:
    found = changes.target_split({"a": 10.0, "b": 4.0}, {"a": 12.5, "c": 1.0, "d": 0.25}, 14.0, 13.75)
    assert found.steps == (Step("b", -4.0), Step("a", 2.5), Step(changes.WITHOUT_TARGET, 1.25))
    assert changes.sentence("Net sales", found, "the target", MONEY) == (
        "Net sales is $0.25 (1.8%) below the target: b −$4.00, a +$2.50, Without a target +$1.25."
    )
    above = changes.target_split({"a": 10.0}, {"a": 12.5}, 10.0, 12.5)
    assert changes.sentence("Net sales", above, "the target", MONEY) == (
        "Net sales is $2.50 (25.0%) above the target: a +$2.50."
    )


@pytest.mark.parametrize("categories", [(), ("Kitchen", "Decor")], ids=str)
def test_the_gap_is_split_as_sql_does(
    served: Served, marts: duckdb.DuckDBPyConnection, categories: tuple[str, ...]
) -> None:
    chosen = Filters(CUT, Grain.MONTH, {"category": categories}, compare=Compare.TARGET)
    found = changes.gap(served, chosen)
    values = {"first": CUT.start, "last": CUT.end, "categories": list(categories)}
    expected = dict(marts.execute(GAP, {**values, "others": changes.WITHOUT_TARGET}).fetchall())
    assert (changes.WITHOUT_TARGET in expected) is (not categories)
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
    assert "below the target: " in opened(app)
    assert not [box for box in app.selectbox if box.key == "split-by"]
    assert "Targets are those of net sales alone: " in opened(app, "orders")
    app.multiselect(key="region").set_value(["Northern Europe"]).run()
    assert "Targets are set by category, not by region: " in opened(app)


def test_a_tile_without_a_change_has_none_behind_it(open_page: Run) -> None:
    app = open_page("stores", store=["Larkspur San Francisco"])
    assert "nothing to compare with" in text(app)
    assert "In the 365 days before there is nothing to compare with: " in opened(app)
    assert not [box for box in app.selectbox if box.key == "split-by"]
    app = open_page("overview", period="All")
    assert "There are no days to compare with: " in opened(app)


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
