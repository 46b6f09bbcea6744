"""The stores page: its numbers equal independent SQL, and a new store has no change."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboard.charts.tilegrid import HEADING, TILE
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Compare, Grain, Period
from dashboard.queries import store_charts, stores
from dashboard.queries.stores import Network, Store
from tests.conftest import Built
from tests.dashboard.conftest import Run, text
from tests.dashboard.versions import publish_copy

EXACT = 0.0049  # Half a cent: sums of money agree to the cent.
LONDON, ONLINE, EDINBURGH = "Larkspur London", "Larkspur Online", "Larkspur Edinburgh"
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "all": {},
    "a region": {"region": ("Northern Europe",)},
    "two stores": {"store": (LONDON, ONLINE)},
    "all filters": {
        "region": ("Southern Europe", "Northern Europe"),
        "store": (ONLINE,),
        "category": ("Kitchen",),
    },
}
BY_STORE = """
    with sold as (
        select store_id, sum(sales_usd) as sales, sum(cost_of_goods_usd) as cost,
            sum(uncosted_sales_usd) as uncosted, count(distinct order_id) filter (not is_cancelled) as orders
        from marts.fct_order_items
        where order_date between $first and $last
            and (len($region) = 0 or list_contains($region, region))
            and (len($category) = 0 or list_contains($category, category))
        group by 1
    ),
    refunded as (
        select store_id, sum(refund_usd) as refunds, sum(uncosted_refund_usd) as uncosted
        from marts.fct_refunds
        where refund_date between $first and $last
            and (len($region) = 0 or list_contains($region, region))
            and (len($category) = 0 or list_contains($category, category))
        group by 1
    )
    select store_label, coalesce(sales, 0) - coalesce(refunds, 0), coalesce(orders, 0), coalesce(sales, 0),
        coalesce(sales, 0) - coalesce(refunds, 0) - coalesce(sold.uncosted, 0)
            + coalesce(refunded.uncosted, 0),
        coalesce(cost, 0)
    from sold full join refunded using (store_id) join marts.dim_stores using (store_id)
    where len($store) = 0 or list_contains($store, store_label)
"""


def filters(served: Served, preset: str = "Last 12 months", **chosen: tuple[str, ...]) -> Filters:
    return Filters(PRESETS[preset](served.data), Grain.MONTH, chosen)


def by_store(
    marts: duckdb.DuckDBPyConnection, chosen: Filters, days: Period | None, *, all_stores: bool = True
) -> dict[str, tuple[float, ...]]:
    """Net sales, orders, sales, net sales of known cost and cost by store."""
    if days is None:
        return {}
    values = {name: [*chosen.of(name)] for name in ("region", "category", "store")}
    if all_stores:
        values["store"] = []
    found = marts.execute(BY_STORE, {"first": days.start, "last": days.end, **values}).fetchall()
    return {row[0]: tuple(map(float, row[1:])) for row in found}


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("preset", ["Last 90 days", "Last 12 months"])
def test_stores_and_tiles_equal_the_ledger(
    served: Served, marts: duckdb.DuckDBPyConnection, preset: str, choice: str
) -> None:
    chosen = filters(served, preset, **CHOICES[choice])
    shown = stores.read(served, chosen)
    now, then = (by_store(marts, chosen, days) for days in (chosen.period, shown.before))
    assert then
    assert {store.name for store in shown.stores if store.now} == now.keys()
    for store in shown.stores:
        if store.name in now:
            net, orders, sales, costed, cost = now[store.name]
            assert store.net_sales == pytest.approx(net, abs=EXACT)
            assert store.now["orders"] == orders
            assert store.now["average_order_value"] == pytest.approx(sales / orders)
            assert store.now["gross_margin"] == pytest.approx(costed - cost, abs=EXACT)
            assert store.now["gross_margin_rate"] == pytest.approx((costed - cost) / costed)
        before = then.get(store.name)
        assert store.before == (pytest.approx(before[0], abs=EXACT) if before else None)
    for ranks, amounts in ((shown.ranks, now), (shown.ranks_before, then)):
        order = sorted(amounts, key=lambda name: -amounts[name][0])
        assert ranks == {name: place for place, name in enumerate(order, 1)}
    own = by_store(marts, chosen, chosen.period, all_stores=False)
    net, orders, _, costed, cost = (sum(column) for column in zip(*own.values(), strict=True))
    assert shown.now["net_sales"] == pytest.approx(net, abs=EXACT)
    assert shown.now["gross_margin"] == pytest.approx(costed - cost, abs=EXACT)
    assert shown.now["gross_margin_rate"] == pytest.approx((costed - cost) / costed)
    assert shown.now["orders"] == orders
    assert {row["store"] for row in stores.numbers_table(shown).to_pylist()} >= own.keys()


def test_regions_are_those_of_the_sale(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    chosen = filters(served, region=("Western Europe",), store=(ONLINE,))
    shown = stores.read(served, chosen)
    expected = {
        name: pytest.approx(float(amount), abs=EXACT)
        for name, amount in marts.execute(
            """
            select items.region, sum(amount) from (
                select region, store_id, order_date as day, sales_usd as amount from marts.fct_order_items
                union all
                select region, store_id, refund_date, -refund_usd from marts.fct_refunds
            ) as items join marts.dim_stores using (store_id)
            where store_type = 'online' and day between $1 and $2 group by 1
            """,
            [chosen.period.start, chosen.period.end],
        ).fetchall()
    }
    assert len(expected) > 1
    assert shown.regions[0] == expected
    drawn = store_charts.regions_table(shown).to_pylist()
    assert [row["region"] for row in drawn if row["is_chosen"]] == ["Western Europe"]
    amounts = [row["net_sales"] for row in drawn]
    assert amounts == sorted(amounts, reverse=True)


def test_a_store_opened_within_the_days_compared_is_new(served: Served) -> None:
    shown = stores.read(served, filters(served))
    new = {store.name for store in shown.stores if store.is_new}
    assert new == {"Larkspur Köln", "Larkspur München", "Larkspur San Francisco", EDINBURGH}
    for row in store_charts.ranking_table(shown).to_pylist():
        assert (row["change_words"] == "new") == (row["store"] in new)
        assert (row["rank_words"] == "new") == (row["store"] in new)
        assert (row["before"] is None) == (row["store"] in new)
    for row in stores.numbers_table(shown).to_pylist():
        assert (row["change_rate"] is None) == (row["store"] in new)
    [koeln] = [row for row in shown.stores if row.name == "Larkspur Köln"]
    assert koeln.before  # It did sell in a part of the days compared.


def test_only_new_stores_are_compared_with_nothing(served: Served) -> None:
    shown = stores.read(served, filters(served, store=("Larkspur Köln",)))
    assert shown.then == {}
    assert shown.regions[1] == {}
    assert stores.read(served, filters(served, store=("Larkspur Köln", LONDON))).then


def test_of_all_the_data_there_is_no_change(served: Served) -> None:
    shown = stores.read(served, filters(served, "All"))
    assert shown.before is None
    assert {store.name for store in shown.stores if store.is_new} == {
        "Larkspur Köln",
        "Larkspur München",
        "Larkspur San Francisco",
        EDINBURGH,
    }
    assert {store.change for store in shown.stores} == {"new", ""}
    assert (
        store_charts.change_subtitle(shown)
        == "There is nothing to compare them with; new: opened in the period."
    )


def test_regions_of_tiles_are_said_to_be_without_online_sales(served: Served) -> None:
    words = "Regions here are without online sales."
    everywhere = stores.read(served, filters(served))
    assert words in store_charts.tiles_subtitle(everywhere)
    shops = [store for store in everywhere.stores if not store.is_online]
    assert words not in store_charts.tiles_subtitle(replace(everywhere, stores=shops))


def network(**changes: Any) -> Network:
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    values: dict[str, Any] = {
        "filters": Filters(period, Grain.MONTH),
        "before": period.before(),
        "parts": [],
        "now": {},
        "then": {},
        "rows": [],
        "stores": [],
        "ranks": {},
        "ranks_before": {},
        "regions": ({}, {}),
        "year_before": [],
    }
    return Network(**{**values, **changes})


def store(name: str, amount: float | None = 1.0, **changes: Any) -> Store:
    values: dict[str, Any] = {
        "region": "North",
        "is_online": False,
        "opened_on": date(2020, 1, 1),
        "is_new": False,
        "now": {} if amount is None else {"net_sales": amount, "gross_margin_rate": 0.5},
        "before": 1.0,
    }
    return Store(name, **{**values, **changes})


def test_equal_stores_share_the_better_rank() -> None:
    assert stores.ranks({"a": 5.0, "b": 7.0, "c": 5.0, "d": -1.0}) == {"a": 2, "b": 1, "c": 2, "d": 4}


@pytest.mark.parametrize(
    ("now", "before", "words"), [(1, 3, "▲ 2"), (4, 3, "▼ 1"), (2, 2, "="), (1, None, ""), (None, 1, "")]
)
def test_the_rank_says_how_it_changed(now: int | None, before: int | None, words: str) -> None:
    shown = network(
        ranks={} if now is None else {"a": now}, ranks_before={} if before is None else {"a": before}
    )
    assert stores.rank_words(shown, store("a")) == words


def test_stores_lie_under_their_region_and_online_ones_apart() -> None:
    found = [store("a", 5, region="West"), store("b", 9, is_online=True), store("c", 1), store("d", 3)]
    found += [store("e", 2), store("f", None, opened_on=date(2026, 2, 1)), store("g", None)]
    shown = network(stores=found, filters=Filters(network().filters.period, Grain.MONTH, {"store": ("a",)}))
    drawn, height = store_charts.tile_tables(shown)
    assert [(row["group"], row["words"]) for row in drawn["rows"].to_pylist()] == [
        ("North", "$6 \u00b7 5 stores"),
        ("West", "$5 \u00b7 1 store"),
        ("Online", "$9 \u00b7 1 store"),
    ]
    tiles = {row["store"]: row for row in drawn["numbers"].to_pylist()}
    assert (tiles["c"]["column"], tiles["c"]["y"]) == (0, HEADING)
    assert (tiles["d"]["column"], tiles["d"]["y"]) == (1, HEADING)
    assert (tiles["a"]["column"], tiles["a"]["y"]) == (0, 2 * HEADING + 3 * TILE)
    assert height == 3 * HEADING + 5 * TILE
    assert [name for name, row in tiles.items() if row["stands_out"]] == ["a"]
    assert (tiles["b"]["length"], tiles["a"]["length"]) == (1, pytest.approx(5 / 9))
    assert tiles["f"]["amount_words"] == "not open yet"
    assert tiles["g"]["amount_words"] == "no sales"
    ranked = store_charts.ranking_table(network(stores=found[:3], ranks={"a": 2, "b": 1, "c": 3}))
    assert ranked["store"].to_pylist() == ["a", "b", "c"]
    assert ranked["note"].to_pylist() == ["", "online", ""]


def test_names_lose_what_all_begin_with() -> None:
    found = stores.short_names([store("Shop of Leeds"), store("Shop of York"), store("Shop of York West")])
    assert [*found.values()] == ["Leeds", "York", "York West"]
    assert stores.short_names([store("Shop of Leeds")]) == {"Shop of Leeds": "Shop of Leeds"}
    assert stores.short_names([store("Shop"), store("Shop East")]) == {"Shop": "Shop", "Shop East": "East"}


def test_the_trend_begins_with_the_store(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    chosen = filters(served, store=("Larkspur San Francisco",))
    shown = stores.read(served, chosen)
    drawn = {row["label"]: row for row in stores.trend_table(shown).to_pylist()}
    assert [label for label, row in drawn.items() if row["net_sales"] is None] == ["Jul 2025", "Aug 2025"]
    assert {row["year_before"] for row in drawn.values()} == {None}
    days = Period(date(2026, 3, 1), date(2026, 3, 31))
    expected = by_store(marts, Filters(days, Grain.MONTH, chosen.chosen), days, all_stores=False)
    assert drawn["Mar 2026"]["net_sales"] == pytest.approx(expected["Larkspur San Francisco"][0], abs=EXACT)


def test_the_year_before_equals_the_ledger(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    chosen = filters(served, store=(LONDON,))
    drawn = {row["label"]: row for row in stores.trend_table(stores.read(served, chosen)).to_pylist()}
    days = Period(date(2025, 3, 1), date(2025, 3, 31))
    expected = by_store(marts, chosen, days)[LONDON][0]
    assert drawn["Mar 2026"]["year_before"] == pytest.approx(expected, abs=EXACT)


def test_a_region_leaves_its_stores_and_who_sells_there(served: Served) -> None:
    shown = stores.read(served, filters(served, region=("Southern Europe",)))
    assert [found.name for found in shown.stores] == [ONLINE]


def test_the_page_opens_and_filters_hold(open_page: Run) -> None:
    app = open_page("stores")
    shown = text(app)
    for title in ("Net sales by region", "Net sales by region and store", "Stores ranked by net sales"):
        assert f"<h2>{title}</h2>" in shown
    app = open_page("stores", store=[LONDON, "Larkspur Atlantis' or 1=1"], compare=str(Compare.YEAR))
    assert app.multiselect(key="store").value == [LONDON]
    assert f"Net sales of {LONDON} by month" in text(app)
    app.multiselect(key="region").set_value(["Northern Europe"]).run()
    assert not app.exception
    assert app.multiselect(key="store").value == [LONDON]


def test_an_empty_selection_is_said_in_words(open_page: Run) -> None:
    app = open_page("stores", store=EDINBURGH, period="Custom", dates=["2025-07-01", "2025-07-31"])
    assert "No sales match these filters" in text(app)
    assert f"{EDINBURGH} had neither orders nor refunds in 1\u201331 July 2025" in text(app)
    assert not app.get("vega_lite_chart")


def test_a_version_without_stores_is_said_in_words(open_page: Run, built: Built, tmp_path: Path) -> None:
    version = publish_copy(built.published, tmp_path, "1")
    take_out_stores(version.semantic_manifest)
    assert "This version does not divide sales by store" in text(open_page("stores", tmp_path))


def take_out_stores(manifest: Path) -> None:
    """Take out the semantic model of the stores, and what leads to it, as in a version before it."""
    found = json.loads(manifest.read_text(encoding="utf-8"))
    found["semantic_models"] = [model for model in found["semantic_models"] if model["name"] != "stores"]
    for model in found["semantic_models"]:
        model["entities"] = [entity for entity in model["entities"] if entity["name"] != "store"]
    manifest.write_text(json.dumps(found), encoding="utf-8")
