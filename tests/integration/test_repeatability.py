"""Two builds of the same raw data make the same warehouse, row by row."""

import math
from pathlib import Path

import duckdb

from tests.commands import dbt
from tests.conftest import Built

# What dbt stamps with the moment of the build.
STAMPED = {"products_snapshot"}


Rows = list[tuple[object, ...]]


def contents(database: Path) -> dict[str, Rows]:
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema || '.' || table_name, table_name from information_schema.tables "
            "where table_schema not in ('operations', 'main')"
        ).fetchall()
        return {
            table: connection.execute(f"select * from {table} order by all").fetchall()
            for table, name in tables
            if name not in STAMPED
        }


def agree(first: object, second: object) -> bool:
    """Sums of doubles differ in their last bits from run to run, by the order in which threads add them."""
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-9)
    return first == second


def same(first: Rows, second: Rows) -> bool:
    if first == second:
        return True
    rows = zip(first, second, strict=False)
    return len(first) == len(second) and all(all(map(agree, *pair)) for pair in rows)


def test_a_second_build_makes_the_same_tables(built: Built, tmp_path: Path) -> None:
    dbt("build", "--threads", "1", "--exclude-resource-types", "unit_test", "test", home=tmp_path)
    first, second = contents(built.database), contents(tmp_path / "warehouse" / "larkspur.duckdb")
    assert first.keys() == second.keys()
    assert len(first) > 50
    assert [table for table in first if not same(first[table], second[table])] == []
