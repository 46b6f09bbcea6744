"""The writing side of publishing: a new version's files, the pointer, and what is cleared away.

A version's folder holds a DuckDB file with the marts, `semantic_manifest.json`, `catalog.json` and
`build.json`. It is written under a temporary name, forced to disk and renamed; only then is the pointer
replaced, in one step.
Whatever happens before that step leaves the old version serving, and nothing after it can be half done.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from plugins.published import (
    CATALOG,
    FACTS,
    LAST_ATTEMPT,
    POINTER,
    SEMANTIC_MANIFEST,
    Version,
    current_version,
    published_folder,
)

KEPT_VERSIONS = 3
UNFINISHED = "unfinished-"
ATTACHED_AS = "publication"


@dataclass(frozen=True)
class Table:
    """A table as the warehouse knows it."""

    database: str
    schema: str
    name: str

    @property
    def sql(self) -> str:
        """The quoted three-part name."""
        return ".".join(quoted(part) for part in (self.database, self.schema, self.name))


def quoted(identifier: str) -> str:
    """The identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def sync(path: Path) -> None:
    """Force a file's content, or a folder's entries, to disk; Windows has no such call for folders."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, text: str) -> None:
    """Give the file this content in one step: a reader sees the old or the new, never a part."""
    temporary = path.with_name(f"{UNFINISHED}{path.name}")
    temporary.write_text(text, encoding="utf-8")
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def write_attempt(warehouse: Path, attempt: dict[str, Any]) -> None:
    """Keep how this build ended where `published.last_attempt` finds it."""
    replace_file(published_folder(warehouse) / LAST_ATTEMPT, json.dumps(attempt, indent=2) + "\n")


def copy_tables(connection: duckdb.DuckDBPyConnection, file: Path, tables: Iterable[Table]) -> dict[str, int]:
    """Copy the tables into a new DuckDB file, under the same schema names; returns the rows of each."""
    path = str(file).replace("'", "''")
    connection.execute(f"attach '{path}' as {ATTACHED_AS}")
    try:
        return {table.name: copy_table(connection, table) for table in tables}
    finally:
        connection.execute(f"detach {ATTACHED_AS}")


def copy_table(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Copy one table into the attached file; returns its rows."""
    copy = Table(ATTACHED_AS, table.schema, table.name)
    connection.execute(f"create schema if not exists {ATTACHED_AS}.{quoted(copy.schema)}")
    connection.execute(f"create table {copy.sql} as from {table.sql}")
    [(rows,)] = connection.execute(f"select count(*) from {copy.sql}").fetchall()
    return int(rows)


def point_to(version: Version) -> None:
    """Let this version serve from now on."""
    replace_file(version.folder.with_name(POINTER), f"{version.name}\n")


def publish(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Path,
    tables: Iterable[Table],
    database_file: str,
    semantic_manifest: bytes,
    catalog: Callable[[dict[str, int]], dict[str, Any]],
    facts: dict[str, Any],
) -> Version:
    """Write the tables as a new version and let it serve; `catalog` describes it, given the rows per table.

    `build.json` gets `facts` and: `version`, `published_at` (UTC), `database_file`, `duckdb_version`,
    `rows` (per table), `bytes` (of the database file), `publishing_seconds`. On any error what was written
    is removed, the old version goes on serving, and the error is raised.
    """
    started = datetime.now(UTC)
    name = f"{started:%Y%m%dT%H%M%S%fZ}-{str(facts['invocation_id'])[:8]}"
    published = published_folder(warehouse)
    unfinished, version = published / f"{UNFINISHED}{name}", Version(published / name)
    try:
        unfinished.mkdir(parents=True)
        rows = copy_tables(connection, unfinished / database_file, tables)
        (unfinished / SEMANTIC_MANIFEST).write_bytes(semantic_manifest)
        (unfinished / CATALOG).write_text(json.dumps(catalog(rows), indent=1) + "\n", encoding="utf-8")
        finished = datetime.now(UTC)
        all_facts = {
            "version": name,
            "published_at": finished.isoformat(timespec="seconds"),
            **facts,
            "database_file": database_file,
            "duckdb_version": duckdb.__version__,
            "rows": rows,
            "bytes": (unfinished / database_file).stat().st_size,
            "publishing_seconds": round((finished - started).total_seconds(), 3),
        }
        (unfinished / FACTS).write_text(json.dumps(all_facts, indent=2) + "\n", encoding="utf-8")
        for file in unfinished.iterdir():
            sync(file)
        sync(unfinished)
        unfinished.rename(version.folder)
        sync(published)
        point_to(version)
    except BaseException:
        if current_version(warehouse) != version:
            for folder in (unfinished, version.folder):
                shutil.rmtree(folder, ignore_errors=True)
            with suppress(FileNotFoundError):
                (published / f"{UNFINISHED}{POINTER}").unlink()
        raise
    clear(warehouse)
    return version


def clear(warehouse: Path) -> list[Path]:
    """Remove what no reader needs: leftovers of killed builds, and versions older than the last three.

    Only the process that holds the working warehouse may call it. Returns what was removed.
    """
    published = published_folder(warehouse)
    current = current_version(warehouse)
    entries = sorted(published.iterdir()) if published.is_dir() else []
    served = [entry for entry in entries if current and entry.is_dir() and entry.name <= current.name]
    finished = [entry for entry in served if not entry.name.startswith(UNFINISHED)]
    kept = {*finished[-KEPT_VERSIONS:], *([current.folder] if current else [])}
    removed = [
        entry
        for entry in entries
        if entry not in kept and (entry.is_dir() or entry.name.startswith(UNFINISHED))
    ]
    for entry in removed:
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
    return removed
