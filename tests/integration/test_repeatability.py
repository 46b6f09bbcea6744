"""Two builds of the same raw data make the same warehouse, row by row."""

from pathlib import Path

import duckdb

from tests.commands import dbt
from tests.conftest import Built

# What dbt stamps with the moment of the build.
STAMPED = {"products_snapshot"}


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
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


def test_a_second_build_makes_the_same_tables(built: Built, tmp_path: Path) -> None:
    dbt("build", "--threads", "1", "--exclude-resource-type", "unit_test", home=tmp_path)
    first, second = contents(built.database), contents(tmp_path / "warehouse" / "larkspur.duckdb")
    assert first.keys() == second.keys()
    assert len(first) > 50
    assert [table for table in first if first[table] != second[table]] == []
