"""The tables behind the pages: how their columns are named and written, on the page and as CSV."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st
from pyarrow import csv as arrow_csv

from dashboard.periods import Grain

USD, COUNT, RATE, RATIO, TEXT = "$%,.2f", "localized", "%.1f%%", "%.2f", "text"
FORMULA = r"^([=+\-@\t\r])"
"""How text begins that a spreadsheet takes for a formula."""


@dataclass(frozen=True)
class Column:
    """A column's name for readers, how its values are written, and its width in pixels where it needs one."""

    label: str
    format: str
    width: int | None = None


Columns = Mapping[str, Column]


def column_config(columns: Columns, grain: Grain) -> dict[str, Any]:
    """The columns as Streamlit takes them, and those that say which part a row is."""
    first_days = {Grain.MONTH: "MMM YYYY", Grain.QUARTER: "[Q]Q YYYY", Grain.YEAR: "YYYY"}
    first_day = first_days.get(grain, "D MMM YYYY")
    return {
        "from": st.column_config.DateColumn(str(grain).capitalize(), format=first_day),
        "days": st.column_config.TextColumn("Days"),
    } | {
        name: st.column_config.TextColumn(column.label, pinned=True)
        if column.format == TEXT
        else st.column_config.NumberColumn(column.label, format=column.format, width=column.width)
        for name, column in columns.items()
    }


def as_percentages(numbers: pa.Table, columns: Columns) -> pa.Table:
    """The table with its rates (0 to 1) as percentages, which Streamlit's number formats need."""
    for index, name in enumerate(numbers.column_names):
        if name in columns and columns[name].format == RATE:
            numbers = numbers.set_column(index, name, pc.multiply(numbers[name], 100.0))
    return numbers


def with_whole_counts(numbers: pa.Table, columns: Columns) -> pa.Table:
    """The table with its counts as whole numbers, where all of a column are."""
    for index, field in enumerate(numbers.schema):
        is_count = field.name in columns and columns[field.name].format == COUNT
        if is_count and not pa.types.is_integer(field.type):
            with suppress(pa.ArrowInvalid):
                numbers = numbers.set_column(index, field.name, numbers[field.name].cast(pa.int64()))
    return numbers


def csv(numbers: pa.Table) -> bytes:
    """UTF-8 with a header: exact numbers, rates from 0 to 1, ISO dates, nothing for null.

    Text that a spreadsheet would take for a formula gets an apostrophe before it. What the file is says its
    name: a line within would spoil it for programs.
    """
    for index, field in enumerate(numbers.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            safe = pc.replace_substring_regex(numbers[field.name], FORMULA, r"'\1")
            numbers = numbers.set_column(index, field.name, safe)
    file = BytesIO()
    arrow_csv.write_csv(numbers, file)
    return file.getvalue()
