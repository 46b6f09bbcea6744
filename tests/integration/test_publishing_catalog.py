"""The catalog of a version: complete against dbt's manifest, true to the build, without what is private."""

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from plugins import catalog
from plugins.published import CATALOG
from tests.conftest import Built
from tests.integration.publishing_project.harness import Sandbox, new_sandbox

ROOT = Path(__file__).parents[2]
Entry = dict[str, Any]


@pytest.fixture(scope="module")
def manifest(built: Built) -> Entry:
    found: Entry = json.loads((built.target / "manifest.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def nodes(built: Built) -> dict[str, Entry]:
    assert built.published.catalog is not None
    return {entry["id"]: entry for entry in built.published.catalog["nodes"]}


@pytest.fixture(scope="module")
def metrics(built: Built) -> dict[str, Entry]:
    assert built.published.catalog is not None
    return {entry["name"]: entry for entry in built.published.catalog["metrics"]}


def test_every_node_and_metric_is_in_it_once(
    built: Built, manifest: Entry, nodes: dict[str, Entry], metrics: dict[str, Entry]
) -> None:
    kinds = ("model", "seed", "snapshot")
    expected = {key for key, node in manifest["nodes"].items() if node["resource_type"] in kinds}
    assert nodes.keys() == expected | manifest["sources"].keys() | manifest["exposures"].keys()
    assert metrics.keys() == {metric["name"] for metric in manifest["metrics"].values()}
    assert built.published.catalog is not None
    for entries in built.published.catalog.values():
        ids = [entry["id"] for entry in entries]
        assert ids == sorted(set(ids))


def test_every_column_is_in_it_with_type_and_meaning(manifest: Entry, nodes: dict[str, Entry]) -> None:
    counted = 0
    for key, node in {**manifest["nodes"], **manifest["sources"]}.items():
        if key in nodes:
            columns = {column["name"]: column for column in nodes[key]["columns"]}
            assert list(columns) == [column["name"] for column in node["columns"].values()]
            assert all(column["type"] and column["description"] for column in columns.values()), key
            counted += len(columns)
    assert counted > 1000


def test_parents_are_those_of_the_manifest(manifest: Entry, nodes: dict[str, Entry]) -> None:
    for key, entry in nodes.items():
        assert entry["parents"] == sorted(set(manifest["parent_map"][key])), key


def test_owners_are_those_of_the_groups(manifest: Entry, nodes: dict[str, Entry]) -> None:
    groups = {group["name"]: group["owner"] for group in manifest["groups"].values()}
    marts = {key: entry for key, entry in nodes.items() if entry["layer"] == "marts"}
    assert marts
    for key, entry in marts.items():
        assert [one["name"] for one in entry["owners"]] == [groups[manifest["nodes"][key]["group"]]["name"]]


def test_rows_are_those_of_the_published_tables(built: Built, nodes: dict[str, Entry]) -> None:
    shown = {entry["name"]: entry["rows"] for entry in nodes.values() if entry.get("rows") is not None}
    with duckdb.connect(str(built.published.database), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        counted = {
            name: connection.execute(f"select count(*) from marts.{name}").fetchall()[0][0]
            for (name,) in tables
        }
    assert shown == counted


def test_every_test_of_the_build_is_in_it_with_its_status(built: Built, nodes: dict[str, Entry]) -> None:
    with duckdb.connect(str(built.database), read_only=True) as connection:
        recorded = connection.execute(
            "select node_id, status from operations.node_results"
            " where node_id like 'test.%' or node_id like 'unit_test.%'"
        ).fetchall()
    tests = {test["name"]: test for entry in nodes.values() for test in entry["tests"]}
    assert len(recorded) > 400
    assert {node_id.split(".")[-1] for node_id, _ in recorded if node_id.startswith("unit_")} <= tests.keys()
    assert {node_id.split(".")[2] for node_id, _ in recorded if node_id.startswith("test.")} <= tests.keys()
    assert {status for _, status in recorded} == {"pass"}
    assert {test["status"] for test in tests.values()} == {"passed"}
    unique = tests["unique_fct_orders_order_id"]
    orders = nodes["model.larkspur.fct_orders"]
    assert unique["description"] == "`order_id` is unique."
    assert unique["rows"] == orders["rows"]
    [column] = [column for column in orders["columns"] if column["name"] == "order_id"]
    assert column["tests"] == ["not_null_fct_orders_order_id", "unique_fct_orders_order_id"]
    assert tests["relationships_fct_orders_store_id__store_id__ref_dim_stores_"]["description"] == (
        "Each `store_id` is in `dim_stores`."
    )


def test_a_metric_says_what_it_is_made_of(manifest: Entry, metrics: dict[str, Entry]) -> None:
    assert metrics["net_sales"]["expression"] == "sales - refunds"
    assert metrics["net_sales"]["parents"] == ["metric.larkspur.refunds", "metric.larkspur.sales"]
    assert [one["expression"] for one in metrics["net_sales"]["measures"]] == ["sales_usd", "refund_usd"]
    for metric in manifest["metrics"].values():
        reached: set[str] = set()
        waiting = [metric["unique_id"]]
        while waiting:
            parents = manifest["parent_map"][waiting.pop()]
            reached |= {parent for parent in parents if parent.startswith("model.")}
            waiting += [parent for parent in parents if not parent.startswith("model.")]
        assert set(metrics[metric["name"]]["models"]) == reached, metric["name"]
        assert metrics[metric["name"]]["owners"], metric["name"]


def test_nothing_private_is_in_it(built: Built) -> None:
    text = (built.published.folder / CATALOG).read_text(encoding="utf-8")
    with (ROOT / "seeds" / "shop" / "customers.csv").open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    values = {row[name].strip() for row in people for name in ("email", "full_name")}
    private = {value for value in values if "@" in value or " " in value}
    assert len(private) > 1000
    assert {value for value in private if value in text} == set()
    assert [path for path in (built.home, ROOT, Path.home(), Path("/tmp")) if str(path) in text] == []


def test_it_costs_little(built: Built) -> None:
    facts = built.published.facts
    assert facts["publishing_seconds"] < 0.05 * facts["seconds"]
    assert (built.published.folder / CATALOG).stat().st_size < 1_000_000


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    sandbox = new_sandbox(tmp_path_factory.mktemp("catalog") / "project")
    sandbox.build()
    return sandbox


def test_a_test_that_warned_is_told(small: Sandbox) -> None:
    known = small.version.catalog
    assert known is not None
    tests = {test["name"]: test for entry in known["nodes"] for test in entry["tests"]}
    assert {name for name, test in tests.items() if test["status"] == "warned"} == {"amount_is_usual"}
    assert tests["amount_is_usual"]["description"] == "`amount` is one of `20.5`."
    assert tests["sales_are_summed_by_day"]["kind"] == "unit_test"
    assert known["metrics"] == []


def test_the_same_project_gives_the_same_catalog(small: Sandbox) -> None:
    before = (small.version.folder / CATALOG).read_bytes()
    first = small.version
    small.build()
    assert small.version != first
    assert (small.version.folder / CATALOG).read_bytes() == before


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"expr": "a - b", "measure": None}, "a - b"),
        ({"numerator": {"name": "a"}, "denominator": {"name": "b"}}, "a / b"),
        ({"measure": {"name": "orders"}}, "orders"),
        ({}, ""),
    ],
)
def test_formulas_in_words(settings: Entry, words: str) -> None:
    assert catalog.metric_words(settings) == words


def test_many_accepted_values_are_cut_short() -> None:
    metadata = {"name": "accepted_values", "kwargs": {"values": [*range(10)]}}
    words = catalog.test_words({"name": "t", "column_name": "n", "test_metadata": metadata})
    assert words.endswith("`6`, `7` or 2 more.")
