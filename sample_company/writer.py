"""Writes the raw tables, chunk by chunk, as CSV or Parquet; every value is text, as systems send it."""

from errno import EEXIST
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROWS_PER_GROUP = 250_000


class TableWriter(Protocol):
    """Appends chunks of one table to one file."""

    rows: int

    def write(self, chunk: pa.Table) -> None:
        """Append the rows of `chunk`."""

    def close(self) -> None:
        """Finish the file."""


def _quoted(column: pa.StringArray) -> pa.StringArray:
    """The column with its values that contain a comma in double quotes."""
    has_comma = pc.match_substring(column, ",")
    if not pc.any(has_comma).as_py():
        return column
    return pc.if_else(has_comma, pc.binary_join_element_wise('"', column, '"', ""), column)


def _bytes(lines: pa.StringArray) -> memoryview:
    """The lines' text end to end, which is how Arrow holds it already."""
    _, offsets, data = lines.buffers()
    first, last = (memoryview(offsets).cast("i")[lines.offset + i] for i in (0, len(lines)))
    return memoryview(data)[first:last]


class CsvWriter:
    """Comma, header, line feed; quotes only around a comma; an empty field is null.

    Arrow's own CSV writer quotes all text or none, so the lines are joined here. No value holds a
    quote or a line break.
    """

    def __init__(self, path: Path) -> None:
        """Create or replace the file."""
        self._file = path.open("wb")
        self._has_header = False
        self.rows = 0

    def write(self, chunk: pa.Table) -> None:
        """Append the rows of `chunk`."""
        if not self._has_header:
            self._file.write((",".join(chunk.column_names) + "\n").encode())
            self._has_header = True
        columns = [_quoted(column.combine_chunks()) for column in chunk.columns]
        joined = pc.binary_join_element_wise(*columns, ",", null_handling="replace", null_replacement="")
        lines = pc.binary_join_element_wise(joined, "", "\n")
        self._file.write(_bytes(lines))
        self.rows += len(chunk)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class ParquetWriter:
    """Parquet with row groups of at least ROWS_PER_GROUP rows, except the last."""

    def __init__(self, path: Path) -> None:
        """Create or replace the file, once there are rows."""
        self._path = path
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self.rows = 0

    def write(self, chunk: pa.Table) -> None:
        """Append the rows of `chunk`."""
        self._waiting.append(chunk)
        self._waiting_rows += len(chunk)
        self.rows += len(chunk)
        if self._waiting_rows >= ROWS_PER_GROUP:
            self._flush()

    def _flush(self) -> None:
        table = pa.concat_tables(self._waiting).combine_chunks()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table, row_group_size=len(table))
        self._waiting, self._waiting_rows = [], 0

    def close(self) -> None:
        """Finish the file."""
        if self._waiting:
            self._flush()
        if self._writer is not None:
            self._writer.close()


SYSTEMS = ("shop", "web", "ads", "experiments", "planning")
FORMATS: dict[str, type[CsvWriter] | type[ParquetWriter]] = {"csv": CsvWriter, "parquet": ParquetWriter}


class Folder:
    """The output: `<directory>/<system>/<table>.<format>`, one open writer per table."""

    def __init__(self, directory: Path, file_format: str) -> None:
        """Write under `directory`, made if it is missing, in one of FORMATS.

        Raises FileExistsError if it holds tables in another format: a reader could not tell which to take.
        """
        others = [f"{system}/*.{other}" for system in SYSTEMS for other in FORMATS if other != file_format]
        for path in (path for pattern in others for path in sorted(directory.glob(pattern))):
            raise FileExistsError(EEXIST, f"{path} is there, in another format", str(path))
        self.directory = directory
        self._format = file_format
        self._writers: dict[str, TableWriter] = {}

    def write(self, name: str, chunk: pa.Table) -> None:
        """Append `chunk` to the table `name`, which is '<system>.<table>'."""
        if name not in self._writers:
            path = self.directory / f"{name.replace('.', '/')}.{self._format}"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[name] = FORMATS[self._format](path)
        self._writers[name].write(chunk)

    def close(self) -> dict[str, int]:
        """Finish every file; rows written by table."""
        for writer in self._writers.values():
            writer.close()
        return {name: writer.rows for name, writer in self._writers.items()}
