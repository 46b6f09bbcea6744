"""What the working warehouse remembers about builds, in its schema `operations`.

`node_results`: how each node's last run ended. `unpublished_writes`: the models and snapshots that were
written since the last publication, by a build that may have been rejected. A model that can be rebuilt from
what it reads is rebuilt in full by the next build that selects it. What cannot be rebuilt (a snapshot, an
incremental model with `full_refresh: false` or the microbatch strategy) is copied before it is first
written, and the copy put back by the next build that selects it.

`definitions`: by which definition (code, macros, settings) the rows of an incremental table were made.
Under another one it is rebuilt in full.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from plugins.project_state import Project, Result
from plugins.publication import Table, quoted

EARLIER_DEFINITION = "an earlier definition"
SCHEMA = """
    create schema if not exists operations;
    create table if not exists operations.node_results (
        node_id varchar, status varchar, build bigint, signature varchar, limits varchar,
        invocation_id varchar, completed_at timestamp, seconds double
    );
    create table if not exists operations.unpublished_writes (
        node_id varchar, first_written_by varchar, backup varchar
    );
    create table if not exists operations.definitions (node_id varchar, signature varchar)
"""


@dataclass(frozen=True)
class Repairs:
    """What a build repairs before it runs: node ids, and the tables that have to be dropped."""

    rebuilt: list[str]
    outdated: list[str]
    restored: list[str]
    dropped: list[Table]


def load_results(connection: duckdb.DuckDBPyConnection) -> dict[str, Result]:
    """The recorded results by node id."""
    rows = connection.execute(
        "select node_id, status, build, signature, limits from operations.node_results"
    ).fetchall()
    return {
        node_id: Result(status, build, signature, limits)
        for node_id, status, build, signature, limits in rows
    }


def column_types(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], str]:
    """The type of each column of the working warehouse's tables and views, by schema, table and column."""
    rows = connection.execute(
        """
        select schema_name, table_name, column_name, data_type
        from duckdb_columns()
        where database_name = current_database() and not internal
        """
    ).fetchall()
    return {(schema, table, column): data_type for schema, table, column, data_type in rows}


def forget_results(connection: duckdb.DuckDBPyConnection, node_ids: Iterable[str]) -> None:
    """Delete the recorded results of these nodes: until they pass again, they count as not run."""
    connection.execute(
        "delete from operations.node_results where list_contains(?, node_id)", [list(node_ids)]
    )


def record_results(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    results: list[dict[str, Any]],
    invocation_id: str,
    limits: str,
) -> None:
    """Record this invocation's results (`node_id`, `status`, `completed_at`, `seconds`) and what was made."""
    counted = [
        {**result, "signature": project.signatures[result["node_id"]]}
        for result in results
        if result["node_id"] in project.nodes
    ]
    connection.begin()
    [(build,)] = connection.execute(
        "select coalesce(max(build), 0) + 1 from operations.node_results"
    ).fetchall()
    forget_results(connection, [result["node_id"] for result in counted])
    connection.execute(
        """
        insert into operations.node_results by name
        select r.node_id, r.status, $build as build, r.signature, $limits as limits,
            $invocation_id as invocation_id, r.completed_at, r.seconds
        from (
            select unnest(from_json($results, '[{"node_id": "varchar", "status": "varchar",
                "signature": "varchar", "completed_at": "timestamp", "seconds": "double"}]')) as r
        )
        """,
        {"build": build, "limits": limits, "invocation_id": invocation_id, "results": json.dumps(counted)},
    )
    made = "from operations.node_results where invocation_id = ? and status = 'success'"
    connection.execute(
        f"delete from operations.definitions where node_id in (select node_id {made})", [invocation_id]
    )
    connection.execute(
        f"insert into operations.definitions by name select node_id, signature {made}", [invocation_id]
    )
    connection.commit()


def is_irreplaceable(node: Mapping[str, Any]) -> bool:
    """Whether a full rebuild cannot give this table back: it holds what its parents no longer say."""
    config = node["config"]
    return node["resource_type"] == "snapshot" or (
        config["materialized"] == "incremental"
        and (config["full_refresh"] is False or config["incremental_strategy"] == "microbatch")
    )


def table_of(node: Mapping[str, Any]) -> Table:
    """The node's table in the working warehouse."""
    return Table(node["database"], node["schema"], node["alias"])


def exists(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Whether the table is there, and a table."""
    [(count,)] = connection.execute(
        "select count(*) from duckdb_tables() where (database_name, schema_name, table_name) = (?, ?, ?)",
        [table.database, table.schema, table.name],
    ).fetchall()
    return bool(count)


def prepare_writes(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    selected: Iterable[str],
    invocation_id: str,
) -> Repairs:
    """Repair what a rejected build wrote, and remember what this one is about to write.

    An incremental table of another definition is marked like the write of a rejected build. Tables to drop
    are returned, not dropped: dbt has to know of it.
    """
    written = {
        node_id: project.nodes[node_id]
        for node_id in selected
        if node_id in project.nodes and project.nodes[node_id]["resource_type"] in ("model", "snapshot")
    }
    marked = dict(connection.execute("select node_id, backup from operations.unpublished_writes").fetchall())
    repairs = Repairs([], [], [], [])
    for node_id in sorted(written.keys() & marked.keys()):
        node = written[node_id]
        if not is_irreplaceable(node):
            if node["config"]["materialized"] == "incremental":
                repairs.rebuilt.append(node_id)
        elif marked[node_id]:
            restore(connection, table_of(node), Table(node["database"], "operations", marked[node_id]))
            repairs.restored.append(node_id)
        elif exists(connection, table_of(node)):
            repairs.dropped.append(table_of(node))
    repairs.outdated.extend(
        node_id
        for node_id in sorted(written.keys() - marked.keys())
        if is_outdated(connection, written[node_id], project.signatures[node_id])
    )
    connection.begin()
    connection.execute(
        "insert into operations.unpublished_writes select unnest(?::varchar[]), ?, null",
        [repairs.outdated, EARLIER_DEFINITION],
    )
    new = sorted(written.keys() - marked.keys() - set(repairs.outdated))
    backups = [
        back_up(connection, written[node_id]) if is_irreplaceable(written[node_id]) else None
        for node_id in new
    ]
    connection.execute(
        "insert into operations.unpublished_writes select unnest(?::varchar[]), ?, unnest(?::varchar[])",
        [new, invocation_id, backups],
    )
    connection.commit()
    return repairs


def is_outdated(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any], signature: str) -> bool:
    """Whether an incremental table stands whose rows are not known to be of the present definition."""
    if node["config"]["materialized"] != "incremental" or is_irreplaceable(node):
        return False
    [(current,)] = connection.execute(
        "select count(*) from operations.definitions where (node_id, signature) = (?, ?)",
        [node["unique_id"], signature],
    ).fetchall()
    return not current and exists(connection, table_of(node))


def back_up(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> str | None:
    """Copy the node's table into the schema `operations`; returns the copy's name, None without a table."""
    table = table_of(node)
    if not exists(connection, table):
        return None
    copy = Table(table.database, "operations", f"before__{table.schema}__{table.name}")
    connection.execute(f"create or replace table {copy.sql} as from {table.sql}")
    return copy.name


def restore(connection: duckdb.DuckDBPyConnection, table: Table, copy: Table) -> None:
    """Give the table the rows of the copy; its keys and columns stay. Killed half-way, it can be repeated."""
    connection.execute(f"create table if not exists {table.sql} as from {copy.sql} limit 0")
    connection.execute(f"delete from {table.sql}")
    connection.execute(f"insert into {table.sql} by name from {copy.sql}")


def unmark_skipped(connection: duckdb.DuckDBPyConnection, skipped: Iterable[str], invocation_id: str) -> None:
    """Forget the marks that this build set on nodes that it then skipped: it wrote nothing there."""
    drop_marks(
        connection,
        "where first_written_by = ? and list_contains(?, node_id)",
        [invocation_id, list(skipped)],
    )


def unmark_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget every mark: what has been written is published."""
    drop_marks(connection, "", [])


def drop_marks(connection: duckdb.DuckDBPyConnection, condition: str, parameters: list[Any]) -> None:
    """Delete these marks with their copies, in one transaction."""
    connection.begin()
    deleted = connection.execute(
        f"delete from operations.unpublished_writes {condition} returning backup", parameters
    ).fetchall()
    for (backup,) in deleted:
        if backup:
            connection.execute(f"drop table operations.{quoted(backup)}")
    connection.commit()
