"""The catalog without a browser: search, the page by links, and what a tile knows of its metric."""

import shutil
from functools import partial
from pathlib import Path

import pyarrow.compute as pc
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import catalog_cards, sections
from dashboard.components.about import about
from dashboard.components.markdown import literal
from dashboard.metrics import Served
from dashboard.queries import catalog, catalog_tables
from dashboard.queries.catalog import Catalog, Entry
from dashboard.requests import GROUP_BYS, Query
from plugins.published import CATALOG, Version, published_folder
from tests.conftest import Built
from tests.dashboard.conftest import Run, text
from tests.dashboard.versions import publish_copy

HOSTILE = "\"><img src=x onerror=alert(1)> ' or 1=1; drop table marts.fct_orders --"


@pytest.fixture(scope="module")
def known(built: Built) -> Catalog:
    found = catalog.read(built.warehouse, built.published.name)
    assert found is not None
    return found


@pytest.fixture
def page(open_page: Run) -> Run:
    """Opens the catalog."""
    return partial(open_page, "catalog")


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def first(known: Catalog, words: str, *kinds: str) -> str:
    return catalog.search(known, words, kinds)[0].entry.name


def test_search_ranks_names_first(known: Catalog) -> None:
    assert first(known, "net sales") == "net_sales"
    assert first(known, "NET_SALES") == "net_sales"
    assert first(known, "fct_orders") == "fct_orders"
    assert first(known, "orders", "mart") == "fct_orders"
    assert first(known, "  guests   CANCELLED ", "mart") == "fct_orders", "both words, in the meaning"


def test_search_finds_columns_owners_and_meanings(known: Catalog) -> None:
    found = {one.entry.name: one.columns for one in catalog.search(known, "customer_order_number")}
    assert found["fct_orders"] == ("customer_order_number",)
    owned = {one.entry.owner_words for one in catalog.search(known, "web analytics", ["mart"])}
    assert owned == {"Web Analytics"}
    by_meaning = catalog.search(known, "less refunds, in us dollars")
    assert by_meaning[0].entry.name == "net_sales"


def test_search_finds_tags() -> None:
    facts = {"id": "a", "kind": "seed", "name": "a", "label": "", "description": "", "tags": ["Finance"]}
    entry = Entry({**facts, "owners": [], "columns": [], "parents": []})
    found = catalog.search(Catalog({"a": entry}), "finance")
    assert [one.entry for one in found] == [entry]


@pytest.mark.parametrize("words", [HOSTILE, "%%", "[a-z]*", "net_sales nonsense", "x" * 10_000])
def test_what_is_nowhere_is_not_found(known: Catalog, words: str) -> None:
    assert catalog.search(known, words) == []


def test_no_words_give_everything_of_the_kinds(known: Catalog) -> None:
    assert len(catalog.search(known, " ")) == len(known.entries)
    kinds = {one.entry.kind for one in catalog.search(known, "", ["mart", "metric"])}
    assert kinds == {"mart", "metric"}


def test_every_entry_has_a_link_of_its_own(known: Catalog) -> None:
    assert len({entry.link for entry in known.entries.values()}) == len(known.entries)
    assert known.by_link["node", "exposure.experiments"].kind == "exposure"
    assert known.by_link["node", "experiments"].kind == "seed"
    assert known.by_link["node", "shop.orders"].kind == "source"


def test_models_and_group_bys_are_what_metricflow_says(served: Served, known: Catalog) -> None:
    metrics = known.of("metric")
    assert {metric.name for metric in metrics} == served.metrics.keys()
    for metric in metrics:
        behind = {mart.mart.split(".")[-1] for mart in served.behind(metric.name)}
        assert {model.name for model in known.models(metric)} == behind, metric.name
        offered = {*metric.facts["group_bys"]}
        for name in served.group_bys((metric.name,)):
            assert GROUP_BYS.get(name, name) in offered or name in offered, (metric.name, name)


def test_what_is_exported_is_what_is_shown(page: Run, known: Catalog) -> None:
    items = page(node="fct_orders").session_state["report"].items
    assert [item.split(" ")[0] for item in items] == ["Note", "Table", "chart", "Table", "Table"]
    entry = known.by_link["node", "fct_orders"]
    assert catalog_tables.columns(entry)["name"].to_pylist() == [one["name"] for one in entry.columns]
    tests = catalog_tables.tests(known.tests(entry))
    assert tests["status"].to_pylist() == ["passed"] * len(known.tests(entry))
    listed = catalog_tables.entries(known, catalog.search(known, "", ["mart"]))
    rows = {mart.name: mart.facts["rows"] for mart in known.of("mart")}
    assert dict(zip(listed["name"].to_pylist(), listed["rows"].to_pylist(), strict=True)) == rows
    [found] = listed.filter(pc.equal(listed["name"], "fct_orders")).to_pylist()
    assert found["owner"] == "Sales Analytics"
    assert found["tests"] == len(known.tests(entry))


def test_the_list_shows_metrics_and_marts(page: Run, known: Catalog) -> None:
    app = page()
    shown = text(app)
    assert f"Metrics ({len(known.of('metric'))})" in shown
    assert f"Marts ({len(known.of('mart'))})" in shown
    assert "tests passed" in shown
    assert "Sales Analytics" in shown
    app.button(key="more-metrics").click().run()
    assert {metric.title for metric in known.of("metric")} <= {*links(app)}


def test_search_and_kind_are_taken_from_the_url(page: Run) -> None:
    app = page(search="customer_order_number", kind="Marts")
    assert app.text_input(key="search").value == "customer_order_number"
    assert links(app)[0] == "fct_orders"
    assert "<code>customer_order_number</code>" in text(app)
    app.text_input(key="search").set_value("").run()
    assert "The tables that are published" in text(app)


@pytest.mark.parametrize("words", ["net sales of zebras", HOSTILE])
def test_an_empty_search_is_said_in_words(page: Run, words: str) -> None:
    app = page(search=words)
    assert "Nothing answers this search" in text(app)
    assert "<img" not in text(app)


def test_a_mart_by_link(page: Run, known: Catalog) -> None:
    app = page(node="fct_orders")
    shown = text(app)
    entry = known.by_link["node", "fct_orders"]
    assert "<h1>fct_orders</h1>" in shown
    assert f"{entry.facts['rows']:,}" in shown
    assert all(f">{column['name']}</th>" in shown for column in entry.columns)
    assert all(test["name"] in shown for test in known.tests(entry))
    assert "models/marts/sales/fct_orders.sql" in shown
    assert "Lineage of fct_orders" in shown
    assert "int_orders_sequenced" in links(app)
    app.button(key="back").click().run()
    assert not app.exception
    assert "<h1>Catalog</h1>" in text(app)


def test_a_metric_by_link(page: Run, served: Served) -> None:
    app = page(metric="net_sales")
    shown = text(app)
    assert "Sales less refunds, in US dollars." in shown
    assert "<code>sales - refunds</code>" in shown
    assert "sum of <code>refund_usd</code> in <code>fct_refunds</code>" in shown
    assert app.code[0].value == served.sql(Query(("net_sales",), served.data))
    assert {"Sales", "Refunds", "Target attainment"} <= {*links(app)}


@pytest.mark.parametrize("node", ["shop.orders", "orders", "exposure.overview", "products_snapshot"])
def test_everything_else_by_link(page: Run, known: Catalog, node: str) -> None:
    app = page(node=node)
    assert not app.info
    assert f"<h1>{known.by_link['node', node].title}</h1>" in text(app)


@pytest.mark.parametrize("asked", [{"kind": "Nope"}, {"metric": "net_sales", "steps": "99"}], ids=str)
def test_a_choice_that_is_not_there_is_named(page: Run, asked: dict[str, str]) -> None:
    *_, (key, value) = asked.items()
    assert page(**asked).info[0].value == f"The link asked for {key} `{value}`, which is not there."


@pytest.mark.parametrize("key", ["node", "metric"])
@pytest.mark.parametrize("name", ["nobody", HOSTILE, "x" * 5000])
def test_an_unknown_link_is_named(page: Run, key: str, name: str) -> None:
    app = page(**{key: name})
    assert app.info[0].value == f"The link asked for {key} {literal(name[:40])}, which is not there."
    assert "<h1>Catalog</h1>" in text(app)


def test_a_version_without_a_catalog_is_said_in_words(page: Run, built: Built, tmp_path: Path) -> None:
    (publish_copy(built.published, tmp_path, "old").folder / CATALOG).unlink()
    assert "No catalog in this version" in text(page(tmp_path))


def test_a_version_that_was_removed_is_told(built: Built, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        catalog.read(tmp_path, built.published.name)


def test_links_lead_to_the_docs_where_there_are_any(
    page: Run, known: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "dbt docs" not in text(page(metric="net_sales"))
    monkeypatch.setenv("DOCS_URL", "https://docs.larkspur.example/")
    address = "https://docs.larkspur.example/#!/metric/metric.larkspur.net_sales"
    assert f'href="{address}"' in text(page(metric="net_sales"))
    mart = catalog_cards.docs_url(known.by_link["node", "fct_orders"])
    assert mart == "https://docs.larkspur.example/#!/model/model.larkspur.fct_orders"
    monkeypatch.setenv("DOCS_URL", "javascript:alert(1)")
    assert catalog_cards.docs_url(known.by_link["node", "fct_orders"]) == ""


@pytest.fixture
def dialog(open_page: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Opens a page that ends with what a tile knows of a metric."""

    def run(metric: str, warehouse: Path) -> AppTest:
        monkeypatch.setattr(sections, "served_line", lambda served: about(served, metric))
        return open_page("experiments", warehouse)

    return run


def test_a_tile_knows_its_metric(dialog: Run, built: Built, served: Served) -> None:
    app = dialog("average_order_value", built.warehouse)
    shown = text(app)
    assert served.metrics["average_order_value"].description in shown
    assert "Sales Analytics" in shown
    assert "tests passed" in shown
    assert "data to 30 June 2026" in shown
    assert app.code[0].value == served.sql(Query(("average_order_value",), served.data))
    assert links(app) == ["fct_order_items", "All about it in the catalog"]


def test_a_tile_says_what_is_not_known(dialog: Run, built: Built, tmp_path: Path) -> None:
    version = publish_copy(built.published, tmp_path, "old")
    assert "There is no metric" in dialog("happiness", tmp_path).info[0].value
    (version.folder / CATALOG).unlink()
    app = dialog("net_sales", tmp_path)
    assert "Sales less refunds, in US dollars." in text(app)
    assert "published before versions held a catalog" in app.caption[-1].value


def test_a_table_in_a_description_is_no_part_of_its_summary(known: Catalog) -> None:
    entry = known.by_link["node", "fct_experiment_health"]
    assert "|" not in entry.summary
    assert entry.notes.startswith("| check |")


def test_the_catalog_of_a_version_is_read_once(built: Built, tmp_path: Path) -> None:
    version = publish_copy(built.published, tmp_path, "once")
    read = catalog.read(tmp_path, "once")
    shutil.rmtree(version.folder)
    assert catalog.read(tmp_path, "once") is read
    assert Version(published_folder(tmp_path) / "once").folder == version.folder
