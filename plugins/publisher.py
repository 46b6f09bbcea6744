"""The dbt-duckdb plugin behind the hooks `start_build` and `publish` (see macros/operations).

It adds two functions to the build's connection. `start_build(json)` repairs what a rejected build left and
forgets the results of the selected nodes; `finish_build(json)` records results and publishes if the whole
project is green. Both take and give JSON; the macros describe the keys.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from plugins import catalog, publication, published, records
from plugins.project_state import RETRIED, Project, reasons


@dataclass(frozen=True)
class Begun:
    """What a build read of dbt's artifacts when it began: another dbt command may replace them meanwhile."""

    invocation_id: str
    project: Project
    semantic_manifest: bytes


class Plugin(BasePlugin):
    """One per dbt process, for the one file that the profile names."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:  # noqa: ARG002
        """Make the folder of the working warehouse."""
        path = self.creds.path if self.creds else ":memory:"
        self.begun: Begun | None = None
        self.in_memory = path == ":memory:"
        self.file = Path(path).absolute()
        self.warehouse = self.file.parent
        if not self.in_memory:
            published.published_folder(self.warehouse).mkdir(parents=True, exist_ok=True)

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Open the warehouse file, so that a lock held elsewhere is told in plain words.

        DuckDB shares this connection's database with the one that the adapter opens next.
        """
        try:
            self.opened = duckdb.connect(creds.path, config=config)
        except duckdb.Error as error:
            raise RuntimeError(explain_refusal(self.file, str(error))) from error

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Make the tables of records, clear leftovers, and add the two functions.

        Holding the warehouse file means that no other build runs: leftovers belong to builds that died.
        """
        self.connection = conn
        self.opened.close()
        conn.execute(records.SCHEMA)
        if not self.in_memory:
            publication.clear(self.warehouse)
        for function in (self.start_build, self.finish_build):
            conn.create_function(function.__name__, function, ["VARCHAR"], "VARCHAR", side_effects=True)

    def start_build(self, request: str) -> str:
        """Repair, forget, remember: returns `messages` and `dropped` (tables for dbt to drop)."""
        build = json.loads(request)
        self.begun = begin(build)
        project = self.begun.project
        selected = build["selected"] or retried_nodes(Path(build["target_path"]))
        with self.connection.cursor() as cursor:
            records.forget_results(cursor, selected)
            repairs = records.prepare_writes(cursor, project, selected, build["invocation_id"])
        self.keep_attempt(build, "started", [])
        messages = [
            f"{project.nodes[node_id]['name']}: {repair}."
            for repair, node_ids in (
                ("written by a build that was not published; rebuilt in full", repairs.rebuilt),
                ("written by another definition or under other settings; rebuilt in full", repairs.outdated),
                (
                    "written by a build that was not published; its rows before that build are put back",
                    repairs.restored,
                ),
            )
            for node_id in node_ids
        ] + [
            f"{table.name}: begun by a build that was not published; begun anew." for table in repairs.dropped
        ]
        return json.dumps({"messages": messages, "dropped": [vars(table) for table in repairs.dropped]})

    def finish_build(self, request: str) -> str:
        """Record and publish: returns `messages`, and `error` where publishing itself failed."""
        build = json.loads(request)
        try:
            with self.connection.cursor() as cursor:
                version, missing = self.record_and_publish(cursor, build)
            self.keep_attempt(build, "published" if version else "not published", missing)
        except Exception as error:
            reason = f"Publishing failed, {self.what_serves()}: {error}"
            with suppress(OSError):
                self.keep_attempt(build, "failed", [reason])
            return json.dumps({"messages": [], "error": reason})
        if version is None:
            messages = [f"Not published, {self.what_serves()}:", *missing]
        else:
            rows = version.facts["rows"]
            messages = [
                f"Published version {version.name}: {len(rows)} marts, {sum(rows.values()):,} rows, "
                f"in {version.facts['publishing_seconds']:.2f} s."
            ]
        return json.dumps({"messages": messages, "error": None})

    def record_and_publish(
        self, cursor: duckdb.DuckDBPyConnection, build: dict[str, Any]
    ) -> tuple[published.Version | None, list[str]]:
        """Record the results; returns the new version, or None and why there is none."""
        if self.begun is None or self.begun.invocation_id != build["invocation_id"]:
            raise RuntimeError("The hook start_build did not run. Name it under on-run-start.")
        project = self.begun.project
        invocation_id, results = build["invocation_id"], build["results"]
        records.record_results(cursor, project, results, invocation_id, build["limits"])
        skipped = [result["node_id"] for result in results if result["status"] == "skipped"]
        records.unmark_skipped(cursor, skipped, invocation_id)
        results = records.load_results(cursor)
        missing = reasons(project, results)
        if missing or self.in_memory:
            return None, missing or ["The warehouse is in memory. Give the profile's target a path."]
        version = publication.publish(
            cursor,
            self.warehouse,
            [records.table_of(mart) for mart in project.marts],
            self.file.name,
            self.begun.semantic_manifest,
            lambda rows: catalog.describe(
                catalog.Build(project, results, rows, records.column_types(cursor))
            ),
            build_facts(build, project, cursor),
        )
        records.unmark_all(cursor)
        return version, []

    def what_serves(self) -> str:
        """The version that goes on serving, in words."""
        version = published.current_version(self.warehouse)
        return f"version {version.name} goes on serving" if version else "no version serves yet"

    def keep_attempt(self, build: Mapping[str, Any], outcome: str, missing: list[str]) -> None:
        """Write `last_attempt.json`."""
        if self.in_memory:
            return
        version = published.current_version(self.warehouse)
        publication.write_attempt(
            self.warehouse,
            {
                "outcome": outcome,
                "at": build["now"],
                "command": build["command"],
                "invocation_id": build["invocation_id"],
                "version": version and version.name,
                "reasons": missing,
            },
        )


def explain_refusal(file: Path, error: str) -> str:
    """What to do when DuckDB does not open the warehouse file."""
    holder = re.search(r"held in (?P<program>.*?)(?: \(PID (?P<pid>\d+)\))", error)
    if holder is None:
        return f"The warehouse file {file} cannot be opened: {error}"
    program, pid = holder["program"], holder["pid"]
    return (
        f"The warehouse file {file} is held by process {pid} ({command_of(pid) or program}). Only one build, "
        f"and no other program, can have it open. Wait until that process ends, or end it (kill {pid}), and "
        "run this again. To read data meanwhile, open the version that is published under "
        f"{file.parent / published.PUBLISHED}."
    )


def command_of(pid: str) -> str:
    """The start of a process's command line where the system tells it, else nothing."""
    try:
        return " ".join(Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ").split())[
            :80
        ]
    except OSError:
        return ""


def begin(build: Mapping[str, Any]) -> Begun:
    """The project and the metrics' definitions as dbt has just parsed them."""
    target, invocation_id = Path(build["target_path"]), build["invocation_id"]
    file = target / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {"metadata": {}}
    if manifest["metadata"].get("invocation_id") != invocation_id:
        raise RuntimeError(
            f"{file} is not of this run, and publishing reads it. Run dbt without --no-write-json, "
            "and start no other dbt command in the same second."
        )
    root = Path(build["project_root"])
    settings = json.dumps(build["settings"], sort_keys=True) + (root / "dbt_project.yml").read_text("utf-8")
    project = Project(manifest, root, settings)
    return Begun(invocation_id, project, (target / published.SEMANTIC_MANIFEST).read_bytes())


def retried_nodes(target: Path) -> list[str]:
    """What `dbt retry` runs: it tells its hooks no selection, but goes by the last run's results."""
    file = target / "run_results.json"
    if not file.is_file():
        return []
    results = json.loads(file.read_text(encoding="utf-8"))["results"]
    return [result["unique_id"] for result in results if result["status"] in RETRIED]


def build_facts(
    build: Mapping[str, Any], project: Project, cursor: duckdb.DuckDBPyConnection
) -> dict[str, Any]:
    """The facts of this build that `build.json` keeps.

    `invocation_id`, `command`, `dbt_version`, `started_at` (UTC), `seconds` (up to publishing), `nodes`
    (enabled ones by type, data tests as `test`), `warnings` (names of the tests that warned).
    """
    types = [node["resource_type"] for node in project.nodes.values()]
    recorded = records.load_results(cursor)
    return {
        "invocation_id": build["invocation_id"],
        "command": build["command"],
        "dbt_version": build["dbt_version"],
        "started_at": build["started_at"],
        "seconds": build["seconds"],
        "nodes": {kind: types.count(kind) for kind in sorted(set(types))},
        "warnings": sorted(
            str(node["name"]) for node_id, node in project.nodes.items() if recorded[node_id].status == "warn"
        ),
    }
