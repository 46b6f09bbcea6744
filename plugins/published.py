"""The reading side of publishing: which version serves, and where its files are.

A warehouse folder (`$WAREHOUSE_PATH`, by default `warehouse`) holds the working warehouse and the folder
`published`. In it lie one folder per version, the pointer `current` (the name of the version that serves)
and `last_attempt.json` (how the last build ended, and why it was not published if it was not).

Imports no dbt, so that the dashboard starts fast and can run without it.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

PUBLISHED = "published"
POINTER = "current"
LAST_ATTEMPT = "last_attempt.json"
SEMANTIC_MANIFEST = "semantic_manifest.json"
FACTS = "build.json"


class NothingPublishedError(RuntimeError):
    """No version has been published in this warehouse folder."""


@dataclass(frozen=True)
class Version:
    """A published version: a folder that never changes once it serves."""

    folder: Path

    @property
    def name(self) -> str:
        """The version's name, which no other version ever has."""
        return self.folder.name

    @property
    def semantic_manifest(self) -> Path:
        """The definitions of the metrics, as MetricFlow reads them."""
        return self.folder / SEMANTIC_MANIFEST

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What is known of the build: see `plugins/publication.py` for the keys."""
        facts: dict[str, Any] = json.loads((self.folder / FACTS).read_text(encoding="utf-8"))
        return facts

    @property
    def database(self) -> Path:
        """The DuckDB file with the marts; open it read-only. The metrics' SQL names its catalog."""
        return self.folder / str(self.facts["database_file"])


def published_folder(warehouse: Path) -> Path:
    """The folder of the versions within a warehouse folder."""
    return warehouse / PUBLISHED


def current_version(warehouse: Path) -> Version | None:
    """The version that serves, or None where none was ever published."""
    published = published_folder(warehouse)
    try:
        return Version(published / (published / POINTER).read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None


def require_version(warehouse: Path) -> Version:
    """The version that serves.

    Raises NothingPublishedError, with the command that makes one, where none was ever published.
    """
    version = current_version(warehouse)
    if version is None:
        raise NothingPublishedError(
            f"No version of the warehouse is published in {published_folder(warehouse).resolve()}. "
            "Run `make build` (or `dbt build`) to make one; if it did not publish, its last lines say why."
        )
    return version


def connect(warehouse: Path) -> tuple[Version, duckdb.DuckDBPyConnection]:
    """The version that serves, with a read-only connection to it.

    A version may be removed between reading the pointer and opening the file, when three newer ones were
    published meanwhile: the pointer is then read again.
    """
    while True:
        version = require_version(warehouse)
        try:
            return version, duckdb.connect(str(version.database), read_only=True)
        except (duckdb.IOException, FileNotFoundError):
            if current_version(warehouse) == version:
                raise


def last_attempt(warehouse: Path) -> dict[str, Any] | None:
    """How the last build ended, or None where none ever started.

    Keys: `outcome` (`started`: it still runs, or was killed; `published`; `not published`; `failed`), `at`
    (UTC), `command`, `invocation_id`, `version` (what serves after it), `reasons` (sentences).
    """
    try:
        text = (published_folder(warehouse) / LAST_ATTEMPT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    attempt: dict[str, Any] = json.loads(text)
    return attempt
