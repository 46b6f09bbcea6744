"""What is published, and what is not: each rule shown on a small project built by dbt itself."""

import json
from pathlib import Path

import pytest

from plugins import published
from tests.integration.publishing_project.harness import (
    SALE_IDS,
    Sandbox,
    assert_cured,
    cure,
    new_sandbox,
    poison,
)

MARTS = ["dim_products", "fct_arrivals", "fct_daily_sales", "fct_sales"]
HISTORY = "select product_id, price, dbt_valid_to is null from snapshots.products_history order by all"


@pytest.fixture(scope="module")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    sandbox = new_sandbox(tmp_path_factory.mktemp("published") / "project")
    assert "Published version" in sandbox.build().output
    return sandbox


@pytest.fixture
def built(first_build: Sandbox, tmp_path: Path) -> Sandbox:
    """A project that has been built and published once."""
    return first_build.copy(tmp_path / "project")


def assert_not_published(sandbox: Sandbox, before: published.Version, *reasons: str) -> None:
    attempt = sandbox.attempt
    assert attempt["outcome"] == "not published"
    assert attempt["version"] == before.name
    assert sandbox.version == before
    assert [reason for reason in reasons if not any(reason in kept for kept in attempt["reasons"])] == []


def test_a_version_holds_the_marts_the_metrics_and_the_facts(first_build: Sandbox) -> None:
    version = first_build.version
    names = {file.name for file in version.folder.iterdir()}
    assert names == {"larkspur.duckdb", "semantic_manifest.json", "catalog.json", "build.json"}
    assert version.semantic_manifest.read_text() == first_build.read("target/semantic_manifest.json")
    facts = version.facts
    assert facts["version"] == version.name
    assert facts["invocation_id"] == first_build.manifest()["metadata"]["invocation_id"]
    assert facts["nodes"] == {"model": 5, "seed": 2, "snapshot": 1, "test": 9, "unit_test": 1}
    assert facts["warnings"] == ["amount_is_usual"]
    assert facts["rows"] == {"dim_products": 2, "fct_arrivals": 3, "fct_daily_sales": 2, "fct_sales": 3}
    assert facts["bytes"] == version.database.stat().st_size
    assert 0 < facts["publishing_seconds"] < facts["seconds"]
    assert facts["published_at"].endswith("+00:00")
    assert first_build.attempt["outcome"] == "published"


def test_a_version_equals_the_working_warehouse_and_holds_nothing_else(first_build: Sandbox) -> None:
    tables = "select schema_name, table_name from duckdb_tables() where not internal order by all"
    assert first_build.query(tables) == [("marts", name) for name in MARTS]
    assert first_build.query("select count(*) from duckdb_views() where not internal") == [(0,)]
    for name in MARTS:
        for sql in (f"describe marts.{name}", f"select * from marts.{name} order by all"):
            assert first_build.query(sql) == first_build.query_working(sql)
            assert first_build.query(sql) != []


def test_commands_that_build_nothing_change_nothing(built: Sandbox) -> None:
    before, attempt = built.version, built.attempt
    recorded = "select * from operations.node_results order by all"
    results = built.query_working(recorded)
    built.replace("models/marts/core/fct_daily_sales.sql", "group by all", "where false group by all")
    for command in (["docs", "generate"], ["compile"], ["show", "-s", "fct_sales"], ["source", "freshness"]):
        run = built.dbt(*command)
        assert run.code == 0, run.output
        assert built.query_working(recorded) == results
    assert (built.version, built.attempt) == (before, attempt)
    assert built.query_working("select * from operations.unpublished_writes") == []


def test_run_alone_is_not_published_until_the_tests_have_passed(built: Sandbox) -> None:
    before = built.version
    run = built.dbt("run")
    assert run.code == 0
    assert_not_published(built, before, "8 nodes (amount_is_usual, ", "and 3 more): older than a parent")
    assert all(reason in run.output for reason in built.attempt["reasons"])
    assert "Published version" in built.dbt("test").output
    assert built.version != before


def test_partial_builds_publish_once_they_cover_everything_in_order(built: Sandbox) -> None:
    before = built.version
    built.add_sale("4,vase,2026-01-03,7.00")
    built.build("-s", "raw_sales", "stg_sales")
    assert_not_published(built, before, "fct_arrivals, fct_sales): older than a parent")
    built.build("-s", "fct_daily_sales")
    assert_not_published(built, before, "fct_sales): older than a parent")
    built.build("-s", "fct_sales", "fct_arrivals")
    assert_not_published(built, before, "fct_daily_sales")
    built.build("-s", "fct_daily_sales")
    assert built.version != before
    assert built.query(SALE_IDS) == [(1,), (2,), (3,), (4,)]


def test_an_empty_build_is_not_published_and_harms_no_later_one(built: Sandbox) -> None:
    before, history = built.version, built.query_working(HISTORY)
    built.build("--empty")
    assert_not_published(built, before, "18 nodes (", "run with --empty")
    built.build()
    assert built.version != before
    assert built.query(SALE_IDS) == [(1,), (2,), (3,)]
    assert built.query_working(HISTORY) == history


def test_a_failing_test_keeps_the_old_version_and_retry_publishes_the_mended_one(built: Sandbox) -> None:
    before = built.version
    built.replace("tests/prices_are_positive.sql", "price <= 0", "price <= 10")
    run = built.dbt("build")
    assert run.code == 1
    assert_not_published(
        built, before, "1 node (prices_are_positive): failed", "2 nodes (dim_products, not_null_"
    )
    assert "`dbt retry`" in run.output
    built.replace("tests/prices_are_positive.sql", "price <= 10", "price <= 1")
    retry = built.dbt("retry")
    assert retry.code == 0
    assert "START seed" not in retry.output
    assert built.version.facts["invocation_id"] in str(built.query("select built_by from marts.dim_products"))


def test_a_node_removed_from_the_project_does_not_count(built: Sandbox) -> None:
    before = built.version
    built.write("models/marts/core/dim_broken.sql", "select error('broken') as broken")
    assert built.dbt("build").code == 1
    assert_not_published(built, before, "1 node (dim_broken): failed")
    (built.root / "models/marts/core/dim_broken.sql").unlink()
    built.build("-s", "dim_products")
    assert built.version != before
    assert sorted(built.version.facts["rows"]) == MARTS


def test_another_variable_in_the_project_file_makes_every_node_run_again(built: Sandbox) -> None:
    before = built.version
    built.write("dbt_project.yml", built.read("dbt_project.yml") + "\nvars:\n  first_year: 2026\n")
    built.build("-s", "dim_products")
    assert_not_published(built, before, "(amount_is_usual, ", "changed since last passed")


def test_what_a_failed_build_wrote_never_reaches_a_later_version(built: Sandbox) -> None:
    before = built.version
    poison(built)
    assert built.dbt("build").code == 1
    assert_not_published(built, before, "1 node (amounts_are_positive): failed")
    assert built.query_working("select count(*) from marts.fct_sales where amount in (-5, 777)") == [(2,)]
    assert built.query_working("select max(price) from snapshots.products_history") == [(777.0,)]
    cure(built)
    run = built.build()
    assert "fct_sales: written by a build that was not published; rebuilt in full." in run.output
    for name in ("products_history", "fct_arrivals"):
        assert f"{name}: written by a build that was not published; its rows before" in run.output
    assert_cured(built)
    arrivals = built.query("select sale_id, arrived_with from marts.fct_arrivals order by all")
    first, latest = before.facts["invocation_id"], built.version.facts["invocation_id"]
    assert arrivals == [(1, first), (2, first), (3, first), (6, latest)]


def test_a_first_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    sandbox = new_sandbox(tmp_path / "project")
    poison(sandbox)
    run = sandbox.dbt("build")
    assert run.code == 1
    assert "Not published, no version serves yet:" in run.output
    with pytest.raises(published.NothingPublishedError, match="make build"):
        published.require_version(sandbox.warehouse)
    cure(sandbox)
    assert "products_history: begun by a build that was not published; begun anew." in sandbox.build().output
    assert_cured(sandbox)


def test_a_skipped_incremental_model_is_not_rebuilt_in_full(built: Sandbox) -> None:
    built.replace("models/staging/stg_sales.sql", "sale_id,", "1 as sale_id,")
    assert built.dbt("build").code == 1
    marks = "select node_id from operations.unpublished_writes where node_id like '%fct_%'"
    assert built.query_working(marks) == []
    built.replace("models/staging/stg_sales.sql", "1 as sale_id,", "sale_id,")
    assert "rebuilt in full" not in built.dbt("retry").output


def test_an_incremental_model_of_another_definition_is_rebuilt_in_full(built: Sandbox) -> None:
    total = "select sum(amount) from marts.fct_sales"
    [(before,)] = built.query_working(total)
    doubled = "select * replace (cast(amount * 2 as decimal(18, 2)) as amount) from"
    built.replace("models/marts/core/fct_sales.sql", "select * from", doubled)
    rebuilt = "fct_sales: written by another definition or under other settings; rebuilt in full."
    assert rebuilt in built.dbt("build").output
    assert built.query_working(total) == [(2 * before,)]
    assert rebuilt not in built.dbt("build").output


def test_semantic_manifest_and_results_must_be_of_the_same_run(built: Sandbox) -> None:
    before = built.version
    run = built.dbt("build", "--no-write-json")
    assert run.code != 0
    assert "Run dbt without --no-write-json" in run.output
    assert built.version == before


def test_the_record_of_the_attempt_is_json_that_the_dashboard_can_show(first_build: Sandbox) -> None:
    text = (published.published_folder(first_build.warehouse) / "last_attempt.json").read_text()
    assert set(json.loads(text)) == {"outcome", "at", "command", "invocation_id", "version", "reasons"}
