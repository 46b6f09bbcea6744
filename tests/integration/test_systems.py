"""With a source system absent the rest builds, tests and publishes, and nothing of that system remains.

What a resource needs is read from the lineage of the complete project: the systems of all sources and seeds
that it comes from. So the tests know nothing of the switches they test.
A build of the shop alone is also the subject of test_incremental.py; here its resources are listed.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from plugins.published import Version, require_version
from tests.commands import dbt
from tests.conftest import Built

ALL = frozenset({"shop", "planning", "web", "ads", "experiments"})
KINDS = ("nodes", "sources", "semantic_models", "metrics", "exposures")
# These take what there is of some systems, and need only one of the sets.
CONTENT_WITH = {
    "fct_rejected_records": ({"shop"},),
    "int_reference_records_rejected": ({"shop"},),
    "fct_channel_daily": ({"shop", "web"},),
    "fct_calendar_events": ({"shop"},),
    "fct_sales_anomalies": ({"shop"},),
    "overview": ({"shop"},),
    "sales": ({"shop"},),
    "customers": ({"shop"},),
    "stores": ({"shop"},),
    "explore": ({"shop"},),
    "acquisition": ({"shop", "web"},),
    "funnel": ({"shop", "web"},),
    "int_traffic_records_rejected": ({"web"}, {"ads"}),
}
BUILT = ["shop,planning,ads", "shop,web"]


def manifest(target: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return parsed


def resources(project: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is enabled, by its id: all but tests and hooks."""
    return {
        key: node
        for kind in KINDS
        for key, node in project[kind].items()
        if node["resource_type"] not in ("test", "operation")
    }


class Lineage:
    """Which systems each resource of the complete project comes from."""

    def __init__(self, project: dict[str, Any]) -> None:
        self.resources = resources(project)
        self.needed: dict[str, set[str]] = {}

    def systems(self, key: str) -> set[str]:
        if key not in self.needed:
            node = self.resources[key]
            parents = node.get("depends_on", {}).get("nodes", [])
            if node["resource_type"] == "source":
                self.needed[key] = {node["source_name"]}
            elif node["resource_type"] == "seed":
                self.needed[key] = {Path(node["original_file_path"]).parent.name} & ALL
            else:
                self.needed[key] = set().union(*map(self.systems, parents))
        return self.needed[key]

    def remaining(self, present: set[str]) -> set[str]:
        """The ids of what can be made of the systems that are present."""
        return {
            key
            for key, node in self.resources.items()
            if any(needed <= present for needed in CONTENT_WITH.get(node["name"], (self.systems(key),)))
        }


@dataclass(frozen=True)
class Partial:
    """A build without some systems, and the published version it led to."""

    present: set[str]
    home: Path
    version: Version


@pytest.fixture(scope="module")
def complete(built: Built) -> Lineage:
    return Lineage(manifest(built.target))


@pytest.fixture(scope="module", params=BUILT)
def partial(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Partial:
    home = tmp_path_factory.mktemp("partial")
    dbt("--warn-error", "build", home=home, SYSTEMS=request.param)
    dbt("--warn-error", "docs", "generate", home=home, SYSTEMS=request.param)
    return Partial(set(request.param.split(",")), home, require_version(home / "warehouse"))


def test_the_complete_project_needs_every_system(complete: Lineage) -> None:
    """So that the lineage below tells the systems apart."""
    by_name = {node["name"]: complete.systems(key) for key, node in complete.resources.items()}
    assert by_name["fct_rejected_records"] == ALL
    assert by_name["net_sales"] == {"shop"}
    assert by_name["target_attainment"] == {"shop", "planning"}
    assert by_name["conversion_rate"] == {"shop", "web"}
    assert by_name["ad_spend"] == {"shop", "ads"}
    assert by_name["cost_per_new_customer"] == {"shop", "web", "ads"}
    assert by_name["fct_experiment_results"] == {"shop", "web", "experiments"}
    assert complete.remaining(set(ALL)) == complete.resources.keys()


def test_exactly_what_can_be_made_is_built(partial: Partial, complete: Lineage) -> None:
    enabled = resources(manifest(partial.home / "target"))
    assert enabled.keys() == complete.remaining(partial.present)


def test_the_shop_alone_leaves_nothing_of_the_others(complete: Lineage, tmp_path: Path) -> None:
    dbt("--warn-error", "parse", home=tmp_path, SYSTEMS="shop")
    enabled = resources(manifest(tmp_path / "target"))
    assert enabled.keys() == complete.remaining({"shop"})
    assert not [node for node in enabled.values() if node["name"].startswith(("int_traffic", "fct_ad_"))]


def published_marts(version: Version) -> set[str]:
    with duckdb.connect(str(version.database), read_only=True) as connection:
        tables = "select table_name from information_schema.tables where table_schema = 'marts'"
        return {name for (name,) in connection.execute(tables).fetchall()}


def test_the_published_version_holds_the_marts_and_metrics_of_the_present_systems(
    partial: Partial, complete: Lineage, built: Built
) -> None:
    remaining = [complete.resources[key] for key in complete.remaining(partial.present)]
    marts = {
        node["name"]
        for node in remaining
        if node["resource_type"] == "model" and node["original_file_path"].startswith("models/marts/")
    }
    metrics = {node["name"] for node in remaining if node["resource_type"] == "metric"}
    published = json.loads(partial.version.semantic_manifest.read_text(encoding="utf-8"))
    assert published_marts(partial.version) == marts
    assert {metric["name"] for metric in published["metrics"]} == metrics
    assert published_marts(partial.version) < published_marts(built.published)


def test_what_remains_is_what_it_is_with_all_systems(partial: Partial, built: Built) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.published.database}' as whole (read_only)")
        connection.execute(f"attach '{partial.version.database}' as part (read_only)")
        connection.execute("use whole")
        same = published_marts(partial.version) - CONTENT_WITH.keys()
        different = [
            mart
            for mart in sorted(same)
            if connection.execute(
                f"(from marts.{mart} except all from part.marts.{mart}) "
                f"union all (from part.marts.{mart} except all from marts.{mart}) limit 1"
            ).fetchall()
        ]
        assert different == []
        rejected = (
            "select source_system, source_table, count(*) from {}marts.fct_rejected_records group by all"
        )
        everything = connection.execute(rejected.format("")).fetchall()
        assert sorted(connection.execute(rejected.format("part.")).fetchall()) == sorted(
            row for row in everything if row[0] in partial.present
        )


def test_channels_are_there_without_their_spend(partial: Partial, built: Built) -> None:
    """What is known of a channel besides its spend is the same; without the web there are no channels."""
    sums = (
        "select sum(session_count), sum(order_count), sum(markov_net_sales_usd) from marts.fct_channel_daily"
    )
    with (
        duckdb.connect(str(partial.version.database), read_only=True) as part,
        duckdb.connect(str(built.published.database), read_only=True) as whole,
    ):
        if "web" in partial.present:
            assert part.execute(sums).fetchall() == whole.execute(sums).fetchall()
            assert part.execute("select count(spend_usd) from marts.fct_channel_daily").fetchall() == [(0,)]
        else:
            with pytest.raises(duckdb.CatalogException, match="fct_channel_daily does not exist"):
                part.execute(sums)
