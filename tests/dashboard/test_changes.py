"""Why a metric changed: the contributions add up, and each is what SQL on the marts finds."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import formats, metrics
from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries import changes
from dashboard.queries.changes import PRICE, Sold, Step
from dashboard.queries.figures import Shown
from dashboard.requests import Selection
from tests.conftest import Built
from tests.dashboard.conftest import Run

NOW, BEFORE = Period(date(2026, 1, 1), date(2026, 6, 30)), Period(date(2025, 7, 1), date(2025, 12, 31))
KITCHEN = (("category", ("Kitchen",)),)
MONEY = Shown(formats.money_short, formats.relative_change)
RATE = Shown(formats.percent, formats.point_change)


@pytest.fixture(scope="module")
def served(built: Built) -> Served:
    return metrics.serving(built.warehouse)


cents = st.integers(-10_000_000, 10_000_000).map(lambda amount: amount / 100)
by_name = st.dictionaries(st.sampled_from("abcdef"), cents)


def exactly(amounts: list[float]) -> Decimal:
    """The sum of amounts with two decimals."""
    return sum((Decimal(f"{amount:.2f}") for amount in amounts), Decimal(0))


@given(by_name, by_name, cents, cents)
def test_a_sum_is_split_to_the_cent(
    then: dict[str, float], now: dict[str, float], before: float, after: float
) -> None:
    found = changes.sum_split(then, now, before, after)
    assert exactly([found.before, *(step.amount for step in found.steps)]) == exactly([after])
    own = {step.name: step.amount for step in found.steps if step.name != changes.SEVERAL}
    changed = {name: round(now.get(name, 0) - then.get(name, 0), 2) for name in {*then, *now}}
    assert own == pytest.approx({name: amount for name, amount in changed.items() if amount})


products = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 10**9), st.integers(0, 500)))
less = st.fixed_dictionaries({"discounts": st.integers(0, 10**8), "refunds": st.integers(0, 10**8)})
everything_sold = st.builds(Sold, products, less)


@given(everything_sold, everything_sold)
def test_volume_mix_and_price_add_up_to_the_cent(then: Sold, now: Sold) -> None:
    found = changes.price_split(then, now)
    assert exactly([found.before, *(step.amount for step in found.steps)]) == exactly([found.now])


def test_each_part_of_what_is_sold_is_its_own() -> None:
    then = Sold({"a": (1000, 10), "b": (4000, 10)}, {"discounts": 100, "refunds": 0})
    dearer = Sold({"a": (1200, 10), "b": (4000, 10)}, {"discounts": 100, "refunds": 0})
    assert changes.price_split(then, dearer).steps == (Step("Price", 2.0),)
    doubled = Sold({"a": (2000, 20), "b": (8000, 20)}, {"discounts": 100, "refunds": 0})
    assert changes.price_split(then, doubled).steps == (Step("Volume", 50.0),)
    shifted = Sold({"a": (500, 5), "b": (6000, 15)}, {"discounts": 100, "refunds": 0})
    assert changes.price_split(then, shifted).steps == (Step("Mix of products", 15.0),)
    others = Sold({"b": (4000, 10), "c": (700, 1)}, {"discounts": 0, "refunds": 250})
    assert {step.name: step.amount for step in changes.price_split(then, others).steps} == {
        "Products not sold any more": -10.0,
        "New products": 7.0,
        "Refunds": -2.5,
        "Discounts": 1.0,
    }


weights = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)), min_size=1
)


@given(weights, weights)
def test_a_ratio_is_split_into_its_change(
    then: dict[str, tuple[float, float]], now: dict[str, tuple[float, float]]
) -> None:
    before, after = (
        [{name: pair[place] for name, pair in side.items()} for place in (0, 1)] for side in (then, now)
    )
    whole_before, whole_after = ([sum(part.values()) for part in side] for side in (before, after))
    found = changes.ratio_split(before, after, whole_before, whole_after)
    assert found is not None
    scale = max(1.0, *(abs(step.amount) for step in found.steps), abs(found.before), abs(found.now))
    assert sum(step.amount for step in found.steps) == pytest.approx(
        found.now - found.before, abs=1e-6 * scale
    )


def test_a_ratio_changes_within_its_parts_or_between_them() -> None:
    then = ({"a": 10.0, "b": 10.0}, {"a": 100.0, "b": 50.0})
    better = ({"a": 20.0, "b": 10.0}, {"a": 100.0, "b": 50.0})
    found = changes.ratio_split(then, better, (20.0, 150.0), (30.0, 150.0))
    assert found is not None
    assert [step.name for step in found.steps] == ["a"]
    moved = ({"a": 5.0, "b": 20.0}, {"a": 50.0, "b": 100.0})
    found = changes.ratio_split(then, moved, (20.0, 150.0), (25.0, 150.0))
    assert found is not None
    assert [(step.name, round(step.amount, 9)) for step in found.steps] == [("Mix", round(5 / 150, 9))]


def test_a_ratio_whose_parts_overlap_is_not_split() -> None:
    sides = ({"a": 1.0}, {"a": 60.0, "b": 60.0})
    assert changes.ratio_split(sides, sides, (1.0, 100.0), (1.0, 100.0)) is None
    assert changes.ratio_split(({}, {}), sides, (0.0, 0.0), (1.0, 120.0)) is None


def answer(built: Built, query: str, **values: Any) -> dict[str, Decimal]:
    with duckdb.connect(str(built.published.database), read_only=True) as connection:
        return dict(connection.execute(query, values).fetchall())


NET_SALES = """
    with movements as (
        select {key} as name, order_date as day, sales_usd as amount, category from marts.fct_order_items
        union all
        select {key}, refund_date, -refund_usd, category from marts.fct_refunds
    )
    select name, sum(case when day between $now_start and $now_end then amount else -amount end) as change
    from movements
    where (day between $now_start and $now_end or day between $start and $end)
        and (len($categories) = 0 or list_contains($categories, category))
    group by name
    having change <> 0
"""


@pytest.mark.parametrize("selection", [(), KITCHEN], ids=["everything", "kitchen"])
@pytest.mark.parametrize(
    ("way", "key"),
    [
        ("category", "category"),
        ("region", "region"),
        ("store", "(select store_name from marts.dim_stores where dim_stores.store_id = found.store_id)"),
    ],
)
def test_net_sales_are_split_as_sql_does(
    built: Built, served: Served, way: str, key: str, selection: Selection
) -> None:
    found = changes.split(served, "net_sales", way, BEFORE, NOW, selection)
    assert found is not None
    query = NET_SALES.format(key=key).replace("marts.fct_order_items", "marts.fct_order_items as found")
    query = query.replace("marts.fct_refunds", "marts.fct_refunds as found")
    expected = answer(
        built,
        query,
        now_start=NOW.start,
        now_end=NOW.end,
        start=BEFORE.start,
        end=BEFORE.end,
        categories=[value for _, values in selection for value in values],
    )
    assert {step.name: Decimal(f"{step.amount:.2f}") for step in found.steps} == expected


def test_volume_is_units_at_the_price_before(built: Built, served: Served) -> None:
    found = changes.split(served, "net_sales", PRICE, BEFORE, NOW, ())
    assert found is not None
    whole = changes.whole(served, ("net_sales",), NOW, ())
    assert found.now == pytest.approx(whole[0], abs=0.005)
    expected = answer(
        built,
        """
        with lines as (
            select
                *,
                order_date between $start and $end as is_then,
                order_date between $now_start and $now_end as is_now
            from marts.fct_order_items
        ),

        sold as (
            select
                product_id,
                sum(unit_count) filter (is_then) as units_then,
                sum(gross_sales_usd) filter (is_then) as gross_then,
                sum(unit_count) filter (is_now) as units_now
            from lines
            group by product_id
        )

        select 'Volume', (sum(units_now) - sum(units_then)) * sum(gross_then) / sum(units_then)
        from sold
        where units_then > 0 and units_now > 0
        """,
        now_start=NOW.start,
        now_end=NOW.end,
        start=BEFORE.start,
        end=BEFORE.end,
    )
    [volume] = [step.amount for step in found.steps if step.name == "Volume"]
    assert volume == pytest.approx(float(expected["Volume"]), abs=0.011)


@pytest.mark.parametrize("metric", ["orders", "sales", "refund_rate", "gross_margin_rate", "conversion_rate"])
def test_every_way_of_a_metric_adds_up(served: Served, metric: str) -> None:
    ways = changes.ways(served, metric)
    assert ways
    found = [changes.split(served, metric, way, BEFORE, NOW, ()) for way in ways]
    assert any(found)
    for split in filter(None, found):
        assert sum(step.amount for step in split.steps) == pytest.approx(split.now - split.before, abs=1e-6)
        shortened = split.shortened()
        assert len(shortened.steps) <= changes.MOST_STEPS
        assert sum(step.amount for step in shortened.steps) == pytest.approx(
            split.now - split.before, abs=1e-6
        )


def test_what_is_neither_sum_nor_ratio_has_no_parts(served: Served) -> None:
    assert changes.ways(served, "cost_per_new_customer") == []


def test_the_sentence_names_the_largest() -> None:
    found = changes.sum_split({"a": 10.0, "b": 5.0}, {"a": 12.5, "c": 1.0}, 15.0, 13.5)
    assert changes.sentence("Net sales", found, "the day before", MONEY) == (
        "Net sales fell by $1.50 (−10.0%) against the day before: b −$5.00, a +$2.50, c +$1.00."
    )
    same = changes.sum_split({"a": 1.0}, {"a": 1.0}, 1.0, 1.0)
    assert changes.sentence("Net sales", same, "a year before", MONEY) == (
        "Net sales is the same as a year before."
    )
    rate = changes.ratio_split(({"a": 10.0}, {"a": 100.0}), ({"a": 20.0}, {"a": 100.0}), (10, 100), (20, 100))
    assert rate is not None
    assert changes.sentence("Rate", rate, "a year before", RATE) == (
        "Rate rose by 10.0 pp against a year before: a +10.0 pp."
    )


def test_the_waterfall_leads_from_before_to_now() -> None:
    found = changes.sum_split({"a": 10.0, "b": 5.0}, {"a": 12.5, "c": 1.0}, 15.0, 13.5)
    rows = changes.table(found, "the day before", MONEY).to_pylist()
    assert [row["name"] for row in rows] == ["The day before", "b", "a", "c", "This period"]
    assert rows[0]["end"] == 15.0
    for above, row in pairwise(rows[:-1]):
        assert row["start"] == above["end"]
    assert rows[-2]["end"] == pytest.approx(rows[-1]["end"])


def test_a_tile_tells_why_what_and_which_rows(open_page: Run) -> None:
    app = open_page("overview")
    app.button(key="more-net_sales").click().run()
    assert not app.exception
    assert app.selectbox(key="split-by").options[0] == "Price, volume and mix"
    assert "against the 365 days before" in "".join(element.proto.body for element in app.get("html"))
