"""What the catalog shows, as tables for export: entries, columns, tests. Draws nothing."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from dashboard.components.tables import COUNT, TEXT, Column
from dashboard.exports.words import plain
from dashboard.queries import catalog as catalogs
from dashboard.queries.catalog import Catalog, Entry, Facts, Found

ENTRIES = {
    "name": Column("Name", TEXT),
    "label": Column("Label", TEXT),
    "kind": Column("Kind", TEXT),
    "description": Column("Meaning", TEXT),
    "owner": Column("Owner", TEXT),
    "tests": Column("Tests", COUNT),
    "tests_warned": Column("Of them warned", COUNT),
    "rows": Column("Rows", COUNT),
}
COLUMNS = {
    "name": Column("Column", TEXT),
    "type": Column("Type", TEXT),
    "description": Column("Meaning", TEXT),
    "tests": Column("Tests", TEXT),
}
TESTS = {
    "description": Column("Test", TEXT),
    "status": Column("Status", TEXT),
    "column": Column("Column", TEXT),
    "rows": Column("Rows", COUNT),
    "name": Column("Name", TEXT),
}
SAID = {"fact": Column("What", TEXT), "value": Column("Value", TEXT)}


def entries(catalog: Catalog, found: Sequence[Found]) -> pa.Table:
    """A row per entry; rows are null where they are not counted."""
    listed = [one.entry for one in found]
    tests = [catalog.tests(entry) for entry in listed]
    return pa.table(
        {
            "name": pa.array([entry.name for entry in listed], pa.string()),
            "label": pa.array([entry.facts["label"] for entry in listed], pa.string()),
            "kind": pa.array([entry.kind_words for entry in listed], pa.string()),
            "description": pa.array([entry.summary for entry in listed], pa.string()),
            "owner": pa.array([entry.owner_words for entry in listed], pa.string()),
            "tests": pa.array([len(ones) for ones in tests], pa.int64()),
            "tests_warned": pa.array([catalogs.warned(ones) for ones in tests], pa.int64()),
            "rows": pa.array([entry.facts.get("rows") for entry in listed], pa.int64()),
        }
    )


def columns(entry: Entry) -> pa.Table:
    """A row per column of an entry, with the names of its tests."""
    return pa.table(
        {
            **{
                name: pa.array([column[name] for column in entry.columns], pa.string())
                for name in ("name", "type", "description")
            },
            "tests": pa.array([", ".join(column["tests"]) for column in entry.columns], pa.string()),
        }
    )


def tests(found: Sequence[Facts]) -> pa.Table:
    """A row per test; rows are null where it is not known how many it looked at."""
    types = {name: pa.int64() if name == "rows" else pa.string() for name in TESTS}
    return pa.table({name: pa.array([test[name] for test in found], kind) for name, kind in types.items()})


def said(facts: Mapping[str, str]) -> pa.Table:
    """A row per fact, which is HTML by name; what is empty is left out."""
    known = {name: plain(words.replace("<br>", "; ")) for name, words in facts.items() if words}
    values = (pa.array(words, pa.string()) for words in ([*known], [*known.values()]))
    return pa.table(dict(zip(SAID, values, strict=True)))
