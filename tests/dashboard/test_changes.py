"""Why a metric changed: the contributions add up, as numbers and as they are written, as SQL finds them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import formats, metrics
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Grain, Period
from dashboard.queries import (
    acquisition,
    changes,
    contributions,
    customers,
    funnel,
    overview,
    sales,
    stores,
    units,
    waterfalls,
)
from dashboard.queries.changes import PARTS, PRICE
from dashboard.queries.contributions import Sold, Split, Step
from dashboard.queries.figures import Figures, Shown
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
    found = contributions.sum_split(then, now, before, after)
    assert exactly([found.before, *(step.amount for step in found.steps)]) == exactly([after])
    own = {step.name: step.amount for step in found.steps if step.name != contributions.SEVERAL}
    changed = {name: round(now.get(name, 0) - then.get(name, 0), 2) for name in {*then, *now}}
    assert own == pytest.approx({name: amount for name, amount in changed.items() if amount})


products = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 10**9), st.integers(0, 500)))
less = st.fixed_dictionaries({"discounts": st.integers(0, 10**8), "refunds": st.integers(0, 10**8)})
everything_sold = st.builds(Sold, products, less)


@given(everything_sold, everything_sold)
def test_volume_mix_and_price_add_up_to_the_cent(then: Sold, now: Sold) -> None:
    found = contributions.price_split(then, now)
    assert exactly([found.before, *(step.amount for step in found.steps)]) == exactly([found.now])


def test_each_part_of_what_is_sold_is_its_own() -> None:
    then = Sold({"a": (1000, 10), "b": (4000, 10)}, {"discounts": 100, "refunds": 0})
    dearer = Sold({"a": (1200, 10), "b": (4000, 10)}, {"discounts": 100, "refunds": 0})
    assert contributions.price_split(then, dearer).steps == (Step("Price", 2.0),)
    doubled = Sold({"a": (2000, 20), "b": (8000, 20)}, {"discounts": 100, "refunds": 0})
    assert contributions.price_split(then, doubled).steps == (Step("Volume", 50.0),)
    shifted = Sold({"a": (500, 5), "b": (6000, 15)}, {"discounts": 100, "refunds": 0})
    assert contributions.price_split(then, shifted).steps == (Step("Mix of products", 15.0),)
    others = Sold({"b": (4000, 10), "c": (700, 1)}, {"discounts": 0, "refunds": 250})
    assert {step.name: step.amount for step in contributions.price_split(then, others).steps} == {
        "Products not sold any more": -10.0,
        "New products": 7.0,
        "Refunds": -2.5,
        "Discounts": 1.0,
    }


weights = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)), min_size=1
)


wholes = st.none() | st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))


@given(weights, weights, wholes, wholes)
def test_a_ratio_is_split_into_its_change(
    then: dict[str, tuple[float, float]],
    now: dict[str, tuple[float, float]],
    whole_then: tuple[float, float] | None,
    whole_now: tuple[float, float] | None,
) -> None:
    before, after = (
        [{name: pair[place] for name, pair in side.items()} for place in (0, 1)] for side in (then, now)
    )
    whole_before, whole_after = (
        whole or [sum(part.values()) for part in side]
        for side, whole in ((before, whole_then), (after, whole_now))
    )
    found = contributions.ratio_split(before, after, whole_before, whole_after)
    assert found is not None
    assert (found.before, found.now) == tuple(
        numerator / denominator for numerator, denominator in (whole_before, whole_after)
    )
    scale = max(1.0, *(abs(step.amount) for step in found.steps), abs(found.before), abs(found.now))
    assert sum(step.amount for step in found.steps) == pytest.approx(
        found.now - found.before, abs=1e-6 * scale
    )
    both = contributions.parts_split(("a", "b"), whole_before, whole_after)
    assert both
    scale = max([1.0, *(abs(step.amount) for step in both.steps)])
    assert sum(step.amount for step in both.steps) == pytest.approx(both.now - both.before, abs=1e-6 * scale)


def test_a_ratio_changes_within_its_parts_or_between_them() -> None:
    then = ({"a": 10.0, "b": 10.0}, {"a": 100.0, "b": 50.0})
    better = ({"a": 20.0, "b": 10.0}, {"a": 100.0, "b": 50.0})
    found = contributions.ratio_split(then, better, (20.0, 150.0), (30.0, 150.0))
    assert found is not None
    assert [step.name for step in found.steps] == ["a"]
    moved = ({"a": 5.0, "b": 20.0}, {"a": 50.0, "b": 100.0})
    found = contributions.ratio_split(then, moved, (20.0, 150.0), (25.0, 150.0))
    assert found is not None
    assert [(step.name, round(step.amount, 9)) for step in found.steps] == [("Mix", round(5 / 150, 9))]


def test_a_ratio_whose_parts_overlap_is_split_too() -> None:
    then = ({"a": 60.0, "b": 40.0}, {"a": 8.0, "b": 8.0})
    now = ({"a": 60.0, "b": 60.0}, {"a": 8.0, "b": 8.0})
    found = contributions.ratio_split(then, now, (100.0, 10.0), (120.0, 10.0))
    assert found == Split(10.0, 12.0, (Step("b", 2.0),))
    buyers = ({"a": 3.0, "b": 3.0}, {"a": 8.0, "b": 8.0})
    found = contributions.ratio_split(buyers, buyers, (6.0, 10.0), (4.0, 10.0))
    assert found
    assert [(step.name, round(step.amount, 9)) for step in found.steps] == [(contributions.SEVERAL, -0.2)]


def test_what_has_no_denominator_adds_what_its_numerator_does() -> None:
    then = ({"paid": 10.0, "free": 5.0}, {"paid": 5.0})
    now = ({"paid": 10.0, "free": 15.0}, {"paid": 5.0})
    found = contributions.ratio_split(then, now, (15.0, 5.0), (25.0, 5.0))
    assert found == Split(3.0, 5.0, (Step("free", 2.0),))
    assert contributions.ratio_split(({}, {}), now, (0.0, 0.0), (25.0, 5.0)) is None
    assert contributions.parts_split(("a", "b"), (0.0, 0.0), (25.0, 5.0)) is None


def test_numerator_and_denominator_do_what_they_do_on_average_first_and_last() -> None:
    found = contributions.parts_split(("Spend", "Customers"), (100.0, 10.0), (150.0, 12.0))
    first, last = 150 / 10 - 100 / 10, 150 / 12 - 100 / 12
    assert found
    assert (found.before, found.now) == (10.0, 12.5)
    assert {step.name: round(step.amount, 9) for step in found.steps} == {
        "Spend": round((first + last) / 2, 9),
        "Customers": round(2.5 - (first + last) / 2, 9),
    }


@dataclass(frozen=True)
class Said:
    """What is said of a change, read back: before, now, the change, and each step."""

    before: Decimal
    now: Decimal
    change: Decimal
    listed: list[Decimal]
    told: list[Decimal]


def read(words: str) -> Decimal:
    """A number as readers read it, durations in seconds."""
    seconds = {"h": 3600, "min": 60, "s": 1}
    found = re.findall(r"([\d,.]+)(?: (h|min|s)\b)?", words)
    size = sum(Decimal(number.replace(",", "")) * seconds.get(unit, 1) for number, unit in found)
    return Decimal(-size if words[0] == formats.MINUS else size)


AMOUNT = rf"(?<= )[+{formats.MINUS}]\$?[\d,.]+(?: pp| h| min \d+ s| s)?"


def said(found: Split, how: Shown, by: str = "") -> Said:
    """What the waterfall and the sentence say."""
    first, *steps, last = waterfalls.table(found, "the day before", how).to_pylist()
    words = waterfalls.sentence("It", found, "the day before", how, by)
    verb, _, told = words.removesuffix(".").partition(f"; {by}: " if by else ": ")
    size = verb.removeprefix("It rose by ").removeprefix("It fell by ").partition(" against ")[0]
    change = Decimal(0) if verb.startswith("It stayed at ") else read(size.partition(" (")[0])
    for above, row in pairwise([first, *steps]):
        assert row["start"] == above["end"]
        assert (row["kind"] == "worse") == ((row["words"][0] == "+") is (how.better < 0) and how.better != 0)
    return Said(
        read(first["words"]),
        read(last["words"]),
        -change if verb.startswith("It fell") else change,
        [read(row["words"]) for row in steps],
        [read(amount) for amount in re.findall(AMOUNT, told)],
    )


def adds_up(found: Split, how: Shown, by: str = "") -> Said:
    """What is said of a change, once it is known to add up."""
    shown = said(found, how, by)
    assert shown.before + sum(shown.listed) == shown.now
    assert shown.change == sum(shown.told) == shown.now - shown.before
    assert 0 not in shown.listed
    assert 0 not in shown.told
    assert len(shown.listed) <= contributions.MOST_STEPS
    assert len(shown.told) <= waterfalls.FEW
    return shown


HOWS = {
    "money": Shown(formats.money, formats.relative_change),
    "short": MONEY,
    "count": Shown(formats.count, formats.relative_change),
    "some": Shown(units.count, formats.relative_change),
    "rate": RATE,
    "ratio": Shown(formats.ratio, formats.relative_change),
    "duration": Shown(units.duration, formats.relative_change),
    "number": Shown(units.number, formats.relative_change),
}
sizes = st.sampled_from([1e-3, 1.0, 30.0, 1e3, 1e5, 1e8])
changes_of_parts = st.lists(st.floats(-1.0, 1.0), max_size=14)


@pytest.mark.parametrize("how", HOWS.values(), ids=HOWS)
@given(st.floats(-1.0, 1.0), changes_of_parts, sizes, sizes)
def test_what_is_written_of_any_change_adds_up(
    how: Shown, before: float, parts: list[float], size: float, whole: float
) -> None:
    steps = [Step(chr(ord("A") + place), part * size) for place, part in enumerate(parts)]
    start = before * whole
    found = Split(start, start + sum(step.amount for step in steps), contributions.ordered(steps))
    shown = adds_up(found, how)
    if how.words not in (units.duration, units.count):
        assert (shown.before, shown.now) == (read(how.exact(found.before)), read(how.exact(found.now)))


def test_the_rounding_that_is_left_goes_to_the_largest_remainders() -> None:
    steps = (Step("b", 5.924), Step("c", -4.898), Step("d", -0.072))
    found = waterfalls.written(Split(164.641, 165.596, steps), HOWS["money"])
    assert found == Split(164.64, 165.6, (Step("b", 5.93), Step("c", -4.9), Step("d", -0.07)))
    hours = waterfalls.written(Split(-2000.0, 2000.0, (Step("b", 4000.0),)), HOWS["duration"])
    assert hours == Split(-2160.0, 2160.0, (Step("b", 4320.0),))
    steps = (Step("b", -0.0042), Step("c", -0.0003), Step("d", 0.0001))
    found = waterfalls.written(Split(0.4666, 0.4622, steps), RATE)
    assert found == Split(0.467, 0.462, (Step("b", -0.004), Step("c", -0.001)))


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


SPLIT = (
    *("orders", "sales", "refunds", "repeat_rate", "gross_margin_rate", "average_order_value"),
    *("conversion_rate", "average_session_seconds", "cost_per_new_customer", "target_attainment"),
)


@pytest.mark.parametrize("metric", SPLIT)
def test_every_way_of_a_metric_adds_up(served: Served, metric: str) -> None:
    nature = units.natures(served)[metric]
    how = Shown(nature.unit.short if nature.adds_up else nature.unit.words, nature.unit.change)
    [then], [now] = (changes.whole(served, (metric,), period, ()) for period in (BEFORE, NOW))
    ways = changes.ways(served, metric)
    assert {*served.group_bys((metric,))} <= {*ways}
    for way in ways:
        found = changes.split(served, metric, way, BEFORE, NOW, ())
        assert found, way
        assert (found.before, found.now) == pytest.approx((then, now), rel=1e-9), way
        scale = max(1.0, *(abs(step.amount) for step in found.steps))
        change = sum(step.amount for step in found.steps)
        assert change == pytest.approx(now - then, abs=1e-8 * scale), way
        adds_up(found, how, changes.by_words(way))


Page = tuple[Callable[..., Figures], Callable[..., Mapping[str, Shown]], Mapping[str, tuple[str, ...]]]
REGIONS = {"region": ("Northern Europe", "Western Europe")}
CHANNELS = {"channel": ("Paid Search", "Paid Social")}
PAGES: Mapping[str, Page] = {
    "overview": (overview.read, lambda _: overview.TILES, REGIONS),
    "sales": (sales.read, sales.tiles, REGIONS),
    "customers": (customers.read, customers.tiles, REGIONS),
    "stores": (stores.read, lambda _: stores.TILES, REGIONS),
    "acquisition": (
        acquisition.read,
        lambda origins: acquisition.tiles(origins, origins.filters.setting),
        CHANNELS,
    ),
    "funnel": (funnel.read, lambda _: funnel.TILES, CHANNELS),
}


@pytest.mark.parametrize("is_chosen", [False, True], ids=["everything", "two"])
@pytest.mark.parametrize("page", PAGES)
def test_each_tile_opens_with_an_answer(served: Served, page: str, is_chosen: bool) -> None:
    read_page, tiles, chosen = PAGES[page]
    filters = Filters(NOW, Grain.MONTH, chosen if is_chosen else {}, setting=acquisition.MODEL.options[0])
    shown = read_page(served, filters)
    assert shown.before
    hows = tiles(shown)
    assert len(hows) >= 3
    for metric, how in hows.items():
        assert changes.is_comparable(shown, metric, how), metric
        selection = shown.selection_of(metric)
        way = changes.ways(served, metric, selection)[0]
        found = changes.split(served, metric, way, shown.before, NOW, selection)
        assert found, metric
        assert (found.before, found.now) == pytest.approx((shown.then[metric], shown.now[metric])), metric
        said_of = adds_up(found, how, changes.by_words(way))
        assert said_of.now == read(how.exact(shown.now[metric])), metric
        assert said_of.before == read(how.exact(shown.then[metric])), metric
        names = [step.name for step in found.steps]
        assert contributions.SEVERAL not in names, metric
        assert names[0] != contributions.NAMELESS, metric
        assert len(names) > 1, metric


def test_the_best_way_comes_first(served: Served) -> None:
    assert changes.ways(served, "net_sales")[:2] == [PRICE, "region"]
    assert changes.ways(served, "gross_margin_rate")[:2] == ["region", "channel"]
    orders = changes.ways(served, "average_order_value")
    assert orders[0] == "region"
    assert orders[-4:] == [PARTS, "category", "subcategory", "product"]
    assert changes.ways(served, "visitors")[0] == "device"
    assert changes.ways(served, "conversion_rate")[-2:] == ["campaign", PARTS]
    one, two = (("region", ("Northern Europe",)),), (("region", REGIONS["region"]),)
    assert changes.ways(served, "orders", one)[0] == "channel"
    assert "region" not in changes.ways(served, "orders", one)
    assert changes.ways(served, "orders", two)[0] == "region"
    settled = (("channel", ("Paid Search",)), ("campaign", ("Brand",)))
    assert changes.ways(served, "ad_spend", settled) == ["channel", "campaign"]


@pytest.mark.parametrize("metric", changes.COUNTED_ONCE)
def test_what_is_counted_once_adds_up(served: Served, metric: str) -> None:
    names = changes.COUNTED_ONCE[metric]
    assert names <= {*served.group_bys((metric,))}
    [total] = changes.whole(served, (metric,), NOW, ())
    for name in names:
        [amounts] = changes.by_name(served, (metric,), name, NOW, ())
        assert sum(amounts.values()) == total > 0, name


def test_cost_per_new_customer_is_split_as_sql_does(built: Built, served: Served) -> None:
    found = changes.split(served, "cost_per_new_customer", PARTS, BEFORE, NOW, ())
    expected = answer(
        built,
        """
        select 'spend', sum(spend_usd) filter (spend_date between $now_start and $now_end)
        from marts.fct_ad_spend
        union all
        select 'customers', count(distinct customer_id)
        from marts.fct_attribution
        where is_first_order and attribution_model = 'last_non_direct' and credit_rate > 0
            and conversion_date between $now_start and $now_end
        """,
        now_start=NOW.start,
        now_end=NOW.end,
    )
    assert found
    assert found.now == pytest.approx(float(expected["spend"] / expected["customers"]))
    assert {step.name for step in found.steps} == {"Ad spend", "Acquired customers"}
    words = changes.way_words(served, "cost_per_new_customer", PARTS)
    assert words == "Ad spend and acquired customers"


def test_a_value_called_as_a_row_of_its_own_is_told_apart() -> None:
    table = pa.table({"category": ["Mix", None, "Not stated", ""], "orders": [1.0, 2.0, 3.0, 4.0]})
    served = SimpleNamespace(run=lambda _: table)
    found = changes.by_name(cast("Served", served), ("orders",), "category", NOW, ())
    assert found == [{"\u201cMix\u201d": 1.0, "Not stated": 9.0}]


def test_the_sentence_names_the_largest() -> None:
    found = contributions.sum_split({"a": 10.0, "b": 5.0}, {"a": 12.5, "c": 1.0}, 15.0, 13.5)
    assert waterfalls.sentence("Net sales", found, "the day before", MONEY) == (
        "Net sales fell by $1.50 (−10.0%) against the day before: b −$5.00, a +$2.50 and c +$1.00."
    )
    same = contributions.sum_split({"a": 1.0}, {"a": 1.0}, 1.0, 1.0)
    assert waterfalls.sentence("Orders", same, "a year before", HOWS["count"]) == (
        "Orders stayed at 1 against a year before."
    )
    rate = contributions.ratio_split(
        ({"a": 10.0}, {"a": 100.0}), ({"a": 20.0}, {"a": 100.0}), (10, 100), (20, 100)
    )
    assert rate is not None
    assert waterfalls.sentence("Rate", rate, "a year before", RATE, "by region") == (
        "Rate rose by 10.0 pp against a year before; by region: a +10.0 pp."
    )
    pages = {"/p/P077": 5.0, "/": -4.0, "Home, garden": 3.0, "tablet": 2.0, "mobile": 1.0}
    many = contributions.sum_split({}, pages, 0.0, 7.0)
    assert waterfalls.sentence("Sessions", many, "the day before", HOWS["count"], "by landing page") == (
        "Sessions rose by 7 against the day before; by landing page: "
        "“/p/P077” +5, “/” −4, “Home, garden” +3 and all others +3."
    )


def test_the_waterfall_leads_from_before_to_now() -> None:
    found = contributions.sum_split({"a": 10.0, "b": 5.0}, {"a": 12.5, "c": 1.0}, 15.0, 13.5)
    rows = waterfalls.table(found, "the day before", MONEY).to_pylist()
    assert [row["name"] for row in rows] == ["The day before", "b", "a", "c", "This period"]
    assert rows[0]["end"] == 15.0
    for above, row in pairwise(rows[:-1]):
        assert row["start"] == above["end"]
    assert rows[-2]["end"] == pytest.approx(rows[-1]["end"])
    kinds = [
        [
            row["kind"]
            for row in waterfalls.table(found, "before", replace(MONEY, better=better)).to_pylist()[1:3]
        ]
        for better in (1, -1, 0)
    ]
    assert kinds == [["worse", "better"], ["better", "worse"], ["neither", "neither"]]


def test_a_tile_tells_why_what_and_which_rows(open_page: Run) -> None:
    app = open_page("overview")
    app.button(key="more-net_sales").click().run()
    assert not app.exception
    assert app.selectbox(key="split-by-net_sales").options[0] == "Price, volume and mix"
    assert "against the 365 days before" in "".join(element.proto.body for element in app.get("html"))


def test_a_ratio_is_split_into_its_two_parts_where_the_reader_asks(open_page: Run) -> None:
    app = open_page("acquisition")
    app.session_state["split-by-cost_per_new_customer"] = PARTS
    app.button(key="more-cost_per_new_customer").click().run()
    assert not app.exception
    [box] = [box for box in app.selectbox if str(box.key).startswith("split-by")]
    assert box.options == ["Channel", "Campaign", "Ad spend and acquired customers"]
    answer = re.search(r'<p class="answer">(.*?)</p>', "".join(each.proto.body for each in app.get("html")))
    assert answer
    assert re.fullmatch(
        r"Cost per new customer rose by \S+ \(\S+\) against the 365 days before: "
        r"A\w+ \w+ [+−]\$\S+ and A\w+ \w+ [+−]\$\S+\.",
        answer[1],
    )
    assert any("changes first" in caption.value for caption in app.caption)
