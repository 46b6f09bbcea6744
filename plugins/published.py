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
CATALOG = "catalog.json"


class NothingPublishedError(RuntimeError):
    """No version has been published in this warehouse folder."""


class UnknownVersionError(RuntimeError):
    """No version of that name is kept."""


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

    @cached_property
    def catalog(self) -> dict[str, Any] | None:
        """What the version tells of its metrics and models, see `plugins/catalog.py`.

        None where it was published before versions held one. Raises FileNotFoundError where it is removed.
        """
        try:
            catalog: dict[str, Any] = json.loads((self.folder / CATALOG).read_text(encoding="utf-8"))
        except FileNotFoundError:
            if not (self.folder / FACTS).is_file():
                raise
            return None
        return catalog

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


def kept_versions(warehouse: Path) -> list[Version]:
    """The versions that are kept, the latest first: publishing another removes the oldest."""
    names = sorted(
        (facts.parent.name for facts in published_folder(warehouse).glob(f"*/{FACTS}")), reverse=True
    )
    return [Version(published_folder(warehouse) / name) for name in names]


def find_version(warehouse: Path, name: str = "") -> Version:
    """The version of that name, or the one that serves.

    Raises UnknownVersionError where no version of that name is kept, else as `require_version` does.
    """
    if not name:
        return require_version(warehouse)
    for version in kept_versions(warehouse):
        if version.name == name:
            return version
    raise UnknownVersionError(
        f"The version \u201c{name[:40]}\u201d is not kept: a warehouse keeps its last versions only."
    )


def connect(warehouse: Path, name: str = "") -> tuple[Version, duckdb.DuckDBPyConnection]:
    """The version of that name, or the one that serves, with a read-only connection to it.

    A version may be removed between reading the pointer and opening the file, when three newer ones were
    published meanwhile: the pointer is then read again. Raises as `find_version` does.
    """
    while True:
        version = find_version(warehouse, name)
        try:
            return version, duckdb.connect(str(version.database), read_only=True)
        except (duckdb.IOException, FileNotFoundError):
            if find_version(warehouse, name) == version:
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
