"""Calls of macros, and what their SQL gives on DuckDB over columns of given values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

Floats = npt.NDArray[np.float64]
Values = Sequence[object] | npt.NDArray[np.generic]


def call(macro: str, *arguments: object) -> str:
    """The Jinja that calls a macro with these arguments, as Python writes them."""
    listed = ", ".join("none" if argument is None else repr(argument) for argument in arguments)
    return f"{{{{ {macro}({listed}) }}}}"


def write(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Values]) -> None:
    """A table of these columns; numbers are doubles unless an array says otherwise, None is null."""
    arrays = {}
    for column, values in columns.items():
        numeric = not isinstance(values, np.ndarray) and all(
            value is None or (isinstance(value, int | float) and not isinstance(value, bool))
            for value in values
        )
        arrays[column] = pa.array(values, pa.float64() if numeric else None)
    connection.register("written", pa.table(arrays))
    connection.execute(f"create or replace table {name} as from written")
    connection.unregister("written")


@dataclass(frozen=True)
class Macros:
    """Rendered macros and a connection on which they run."""

    sql: Mapping[str, str]
    connection: duckdb.DuckDBPyConnection

    def values(self, name: str, columns: Mapping[str, Values]) -> list[object]:
        """An expression over columns of equal length, in one query, row by row."""
        write(self.connection, "inputs", columns)
        rows = self.connection.execute(f"select {self.sql[name]} from inputs order by rowid").fetchall()
        return [value for (value,) in rows]

    def floats(self, name: str, columns: Mapping[str, Values]) -> Floats:
        """The same, null as NaN. Fails where the macro itself gave NaN or an infinity."""
        found = self.values(name, columns)
        floats = np.array([np.nan if value is None else value for value in found], dtype=float)
        sound = [value is None or bool(np.isfinite(value)) for value in np.array(found, dtype=object)]
        assert all(sound), (name, [row for row, is_sound in enumerate(sound) if not is_sound][:5])
        return floats

    def number(self, name: str, **values: float) -> float:
        """An expression over one row, which is not null."""
        (found,) = self.floats(name, {column: [value] for column, value in values.items()})
        assert not np.isnan(found), name
        return float(found)

    def is_null(self, name: str, **values: float | None) -> bool:
        """Whether an expression over one row is null."""
        (found,) = self.floats(name, {column: [value] for column, value in values.items()})
        return bool(np.isnan(found))

    def rows(self, name: str, **tables: Mapping[str, Values]) -> list[dict[str, Any]]:
        """A query over these tables, row by row."""
        for table, columns in tables.items():
            write(self.connection, table, columns)
        result: list[dict[str, Any]] = self.connection.sql(self.sql[name]).to_arrow_table().to_pylist()
        return result


def tolerance(published: Mapping[str, object]) -> dict[str, Any]:
    """How near a vector's figures must be, as `pytest.approx` takes it: a bare number is absolute."""
    given = published["tolerance"]
    if isinstance(given, Mapping):
        return {"abs": 0.0, "rel": 0.0, **given}
    assert isinstance(given, int | float)
    return {"abs": float(given), "rel": 0.0}


def worst(found: Floats, expected: Floats) -> float:
    """The largest relative difference; both must be null (NaN) in the same places."""
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    known = ~np.isnan(expected)
    scale = np.where(expected[known] == 0, 1.0, np.abs(expected[known]))
    return float(np.max(np.abs(found[known] - expected[known]) / scale, initial=0.0))


def check(found: Mapping[str, object], published: Mapping[str, object]) -> None:
    """Every figure is found as it was published, at the vector's tolerance."""
    expected = published["expected"]
    assert isinstance(expected, Mapping)
    for name, value in found.items():
        assert value == pytest.approx(expected[name], **tolerance(published)), name
