"""The parts of publishing by themselves: reasons, files, the pointer, messages, other engines."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest

from plugins import publication, published
from plugins.project_state import ADVICE, Project, Result, reasons, what_is_missing
from plugins.publication import Table
from plugins.publisher import explain_refusal

MACROS = Path(__file__).parents[2] / "macros" / "operations"


def node(kind: str, name: str, *parents: str, macros: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    return {
        "resource_type": kind,
        "name": name,
        "fqn": ["larkspur", "staging", name],
        "checksum": {"name": "sha256", "checksum": name},
        "raw_code": f"select {name}",
        "original_file_path": f"seeds/{name}.csv",
        "config": {"materialized": more.pop("materialized", "table")},
        "depends_on": {"nodes": list(parents), "macros": list(macros)},
        **more,
    }


def manifest() -> dict[str, Any]:
    """raw (seed), source → staged → hidden (ephemeral) → mart, each with a test; mart has a unit test."""
    return {
        "nodes": {
            "raw": node("seed", "raw"),
            "staged": node("model", "staged", "raw", "source"),
            "hidden": node("model", "hidden", "staged", materialized="ephemeral"),
            "mart": node(
                "model", "mart", "hidden", macros=("outer",), fqn=["larkspur", "marts", "core", "mart"]
            ),
            "kept": node("snapshot", "kept", "staged"),
            "tested": node("test", "tested", "mart"),
            "hook": node("operation", "hook"),
        },
        "unit_tests": {"unit": node("unit_test", "unit", "mart")},
        "sources": {"source": node("source", "source")},
        "macros": {
            "outer": {"macro_sql": "outer", "depends_on": {"macros": ["inner"]}},
            "inner": {"macro_sql": "inner", "depends_on": {"macros": ["outer"]}},
        },
    }


COUNTED = {"raw", "staged", "mart", "kept", "tested", "unit"}
PROJECT = Project(manifest(), Path())


def green(project: Project = PROJECT) -> dict[str, Result]:
    return {node_id: Result("success", 1, signature) for node_id, signature in project.signatures.items()}


def missing(project: Project, results: Mapping[str, Result]) -> dict[str, str]:
    found = {node_id: what_is_missing(project, results, node_id) for node_id in project.nodes}
    return {node_id: cause for node_id, cause in found.items() if cause}


def test_what_has_to_pass_and_what_is_published() -> None:
    assert PROJECT.nodes.keys() == COUNTED
    assert [mart["name"] for mart in PROJECT.marts] == ["mart"]
    assert reasons(PROJECT, green()) == []


@pytest.mark.parametrize("status", ["pass", "warn", "success"])
def test_a_test_that_only_warns_has_passed(status: str) -> None:
    assert missing(PROJECT, green() | {"tested": replace(green()["tested"], status=status)}) == {}


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"status": "error"}, "failed"),
        ({"status": "fail"}, "failed"),
        ({"status": "partial success"}, "failed"),
        ({"status": "skipped"}, "skipped"),
        ({"limits": "--empty"}, "limited"),
        ({"signature": "other"}, "changed"),
    ],
)
def test_each_cause_is_told_apart(change: dict[str, Any], cause: str) -> None:
    results = green() | {"tested": replace(green()["tested"], **change)}
    assert missing(PROJECT, results) == {"tested": cause}
    assert reasons(PROJECT, results) == [f"1 node (tested): {ADVICE[cause]}"]


@pytest.mark.parametrize("node_id", sorted(COUNTED))
def test_every_node_has_to_have_run(node_id: str) -> None:
    results = {key: result for key, result in green().items() if key != node_id}
    assert missing(PROJECT, results) == {node_id: "not run"}


@pytest.mark.parametrize(
    ("rebuilt", "older"),
    [
        ("raw", {"staged"}),
        ("staged", {"mart", "kept"}),
        ("mart", {"tested"}),
        ("kept", set()),
        ("tested", set()),
        ("unit", set()),
    ],
)
def test_nothing_may_be_older_than_a_parent(rebuilt: str, older: set[str]) -> None:
    """An ephemeral model passes its parent's age on; a unit test reads no data, so has no age."""
    results = green() | {rebuilt: replace(green()[rebuilt], build=2)}
    assert missing(PROJECT, results) == dict.fromkeys(older, "older")


def test_at_most_five_names_are_told() -> None:
    nodes = {f"model_{i}": node("model", f"model_{i}") for i in range(7)}
    project = Project({"nodes": nodes, "unit_tests": {}, "sources": {}, "macros": {}}, Path())
    assert reasons(project, {}) == [
        f"7 nodes (model_0, model_1, model_2, model_3, model_4 and 2 more): {ADVICE['not run']}"
    ]


def set_config(changed: dict[str, Any]) -> None:
    changed["nodes"]["raw"]["config"]["delimiter"] = ";"


def set_ephemeral_code(changed: dict[str, Any]) -> None:
    changed["nodes"]["hidden"]["raw_code"] = "select other"


def set_source(changed: dict[str, Any]) -> None:
    changed["sources"]["source"]["config"]["location"] = "elsewhere"


def set_called_macro(changed: dict[str, Any]) -> None:
    changed["macros"]["inner"]["macro_sql"] = "other"


def set_column_type(changed: dict[str, Any]) -> None:
    changed["nodes"]["kept"]["columns"] = {"a": {"data_type": "int"}}


def set_test_code(changed: dict[str, Any]) -> None:
    changed["nodes"]["tested"]["raw_code"] = "select other"


def set_expectation(changed: dict[str, Any]) -> None:
    changed["unit_tests"]["unit"]["expect"] = {"rows": []}


def set_description(changed: dict[str, Any]) -> None:
    changed["nodes"]["mart"]["description"] = "other words"


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (set_config, {"raw"}),
        (set_ephemeral_code, {"mart", "unit"}),
        (set_source, {"staged"}),
        (set_called_macro, {"mart", "unit"}),
        (set_column_type, {"kept"}),
        (set_test_code, {"tested"}),
        (set_expectation, {"unit"}),
        (set_description, set()),
    ],
)
def test_what_changed_since_it_passed_is_not_current(
    change: Callable[[dict[str, Any]], None], changed: set[str]
) -> None:
    later = copy.deepcopy(manifest())
    change(later)
    assert missing(Project(later, Path()), green()) == dict.fromkeys(changed, "changed")


def test_other_variables_make_everything_not_current() -> None:
    assert missing(replace(PROJECT, settings="other"), green()) == dict.fromkeys(COUNTED, "changed")


def test_a_seed_too_large_for_dbt_to_hash_is_hashed_here(tmp_path: Path) -> None:
    large = manifest()
    large["nodes"]["raw"]["checksum"] = {"name": "path", "checksum": "seeds/raw.csv"}
    file = tmp_path / "seeds" / "raw.csv"
    file.parent.mkdir()
    file.write_text("a\n1\n")
    results = green(Project(large, tmp_path))
    assert missing(Project(large, tmp_path), results) == {}
    file.write_text("a\n2\n")
    assert missing(Project(large, tmp_path), results) == {"raw": "changed"}


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "larkspur.duckdb"))
    connection.execute('create schema marts; create table marts."a ""b""" as select 1 as n')
    return connection


TABLE = Table("larkspur", "marts", 'a "b"')


Describe = Callable[[dict[str, int]], dict[str, Any]]


def publish(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Path,
    *tables: Table,
    catalog: Describe = lambda rows: {"rows": rows},
) -> published.Version:
    facts = {"invocation_id": "0123456789"}
    return publication.publish(
        connection, warehouse, tables or [TABLE], "larkspur.duckdb", b"{}", catalog, facts
    )


def names(warehouse: Path) -> set[str]:
    return {entry.name for entry in published.published_folder(warehouse).iterdir()}


def test_the_last_three_versions_are_kept(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    versions = [publish(connection, tmp_path) for _ in range(5)]
    assert names(tmp_path) == {"current", *(version.name for version in versions[-3:])}
    assert published.current_version(tmp_path) == versions[-1]
    assert versions[-1].facts["rows"] == {'a "b"': 1}


def test_leftovers_of_killed_builds_are_cleared(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    version = publish(connection, tmp_path)
    folder = published.published_folder(tmp_path)
    never_served = folder / "29990101T000000000000Z-01234567"
    unfinished = folder / "unfinished-20260101T000000000000Z-01234567"
    for leftover in (never_served, unfinished):
        leftover.mkdir()
        (leftover / "larkspur.duckdb").touch()
    (folder / "unfinished-current").write_text("half a na")
    (folder / "notes.txt").write_text("somebody's own file")
    assert len(publication.clear(tmp_path)) == 3
    assert names(tmp_path) == {"current", "notes.txt", version.name}


def test_a_failure_leaves_no_trace(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    version = publish(connection, tmp_path)
    with pytest.raises(duckdb.CatalogException, match="absent"):
        publish(connection, tmp_path, TABLE, Table("larkspur", "marts", "absent"))
    with pytest.raises(ZeroDivisionError):
        publish(connection, tmp_path, catalog=lambda rows: {"n": rows[TABLE.name] // 0})
    assert names(tmp_path) == {"current", version.name}
    assert publish(connection, tmp_path) != version


def test_a_catalog_is_read_where_there_is_one(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    folder = publish(connection, tmp_path).folder
    assert published.Version(folder).catalog == {"rows": {'a "b"': 1}}
    (folder / "catalog.json").unlink()
    assert published.Version(folder).catalog is None
    (folder / "build.json").unlink()
    with pytest.raises(FileNotFoundError):
        _ = published.Version(folder).catalog


def test_without_a_version_the_error_names_the_command(tmp_path: Path) -> None:
    assert published.current_version(tmp_path) is None
    assert published.last_attempt(tmp_path) is None
    with pytest.raises(published.NothingPublishedError, match=r"Run `make build` \(or `dbt build`\)"):
        published.connect(tmp_path)


def test_a_reader_that_loses_the_race_reads_the_pointer_again(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed, current = published.Version(tmp_path / "published" / "20200101"), publish(connection, tmp_path)
    answers = iter([removed, current, current])
    monkeypatch.setattr(published, "require_version", lambda _: next(answers))
    version, reader = published.connect(tmp_path)
    assert version == current
    assert reader.execute('select * from marts."a ""b"""').fetchall() == [(1,)]
    reader.close()


def test_a_version_that_is_broken_is_told(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    publish(connection, tmp_path).database.unlink()
    with pytest.raises(duckdb.IOException, match="does not exist"):
        published.connect(tmp_path)


def test_a_file_that_is_not_a_database_is_told() -> None:
    message = explain_refusal(Path("w.duckdb"), "IO Error: not a valid DuckDB database file")
    assert (
        message == "The warehouse file w.duckdb cannot be opened: IO Error: not a valid DuckDB database file"
    )


class Returned(Exception):  # noqa: N818
    """How dbt's `return` leaves a macro."""

    def __init__(self, value: object) -> None:
        self.value = value


def load_macros(target: str, which: str, calls: list[str]) -> dict[str, Callable[[], Any]]:
    """The macros of operations, with a stand-in for dbt that writes down what is run on the warehouse."""

    def leave(value: object) -> None:
        raise Returned(value)

    def run_query(sql: str) -> None:
        calls.append(sql)
        raise AssertionError(sql)

    context: dict[str, Any] = {
        "execute": True,
        "target": {"type": target},
        "flags": {"WHICH": which, "FULL_REFRESH": False},
        "model": {"unique_id": "m", "config": {"materialized": "incremental"}},
        "config": {},
        "invocation_id": "now",
        "return": leave,
        "run_query": run_query,
    }
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])

    def load(file: Path) -> Callable[[], Any]:
        macro = getattr(environment.from_string(file.read_text(), globals=context).module, file.stem)

        def call(*arguments: Any) -> Any:
            try:
                return macro(*arguments)
            except Returned as returned:
                return returned.value

        return call

    for file in sorted(MACROS.glob("*.sql")):
        context[file.stem] = load(file)
    return context


@pytest.mark.parametrize(
    ("target", "which"), [("spark", "build"), ("duckdb", "compile"), ("duckdb", "generate")]
)
def test_hooks_leave_other_engines_and_commands_alone(target: str, which: str) -> None:
    calls: list[str] = []
    macros = load_macros(target, which, calls)
    assert macros["start_build"]().strip() == ""
    assert macros["publish"]().strip() == ""
    assert macros["builds_or_tests"]() is False
    if target == "spark":
        assert macros["should_full_refresh"]() is False
    assert calls == []


def test_a_build_on_duckdb_asks_the_warehouse() -> None:
    calls: list[str] = []
    macros = load_macros("duckdb", "build", calls)
    assert macros["builds_or_tests"]() is True
    with pytest.raises(AssertionError, match=r"operations\.unpublished_writes where node_id = 'm'"):
        macros["should_full_refresh"]()
