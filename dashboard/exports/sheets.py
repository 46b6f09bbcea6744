"""A table as Excel and as Parquet: exact values, and what the file is. As CSV `tables.csv` writes it,

which has no room to say what it is: `about` does so in a file beside it.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from math import isfinite
from re import sub
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from dashboard.components.tables import COUNT, RATE, RATIO, USD
from dashboard.exports import cells
from dashboard.exports.report import Page, Table, shortened
from dashboard.exports.words import legal, plain

NUMBER_FORMATS = {USD: "$#,##0.00;\u2212$#,##0.00", COUNT: "#,##0", RATE: "0.0%", RATIO: "#,##0.00"}
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
FIRST_DAY = date(1900, 3, 1)
"""Before it Excel counts a day that never was."""
MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767
MOST_SHEET_NAME = 31
LEAST_WIDTH, MOST_WIDTH, MEASURED_ROWS = 8, 48, 200
EXACT = 2**53


def facts(page: Page, table: Table) -> dict[str, str]:
    """What a file says of itself."""
    return {
        "title": table.title,
        "subtitle": plain(table.subtitle),
        "page": page.title,
        "period": page.summary,
        "filters": page.stamp_of(table).filters or "none",
        "version": page.stamp.version,
        "published": page.stamp.published_at.astimezone(UTC).isoformat(timespec="seconds"),
        "exported": page.stamp.exported_at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def about(table: Table, page: Page) -> bytes:
    """What a table's file is, a line for each fact: UTF-8."""
    said = facts(page, table).items()
    return "".join(f"{name.capitalize()}: {' '.join(words.split())}\n" for name, words in said).encode()


def parquet(table: Table, page: Page) -> bytes:
    """The table as it is; the schema's metadata says what it is, a column's what readers call it."""
    numbers = table.numbers
    fields = [
        field.with_metadata({"label": label})
        for field, label in zip(numbers.schema, cells.labels(table), strict=True)
    ]
    schema = pa.schema(fields, metadata={"larkspur": json.dumps(facts(page, table), ensure_ascii=False)})
    file = BytesIO()
    pq.write_table(numbers.cast(schema), file)
    return file.getvalue()


def excel(table: Table, page: Page) -> bytes:
    """A workbook: the numbers with their formats, and a sheet that says what they are.

    Raises ValueError where a sheet does not take so many rows.
    """
    if len(table.numbers) > MOST_ROWS:
        raise ValueError(
            f"A sheet of Excel takes {MOST_ROWS:,} rows, and the table has {len(table.numbers):,}. "
            "Take CSV or Parquet, or filter further."
        )
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties(
        {"title": shortened(legal(table.title), 255), "created": page.stamp.exported_at.replace(tzinfo=None)}
    )
    numbers_sheet(book, table)
    about_sheet(book, facts(page, table))
    book.close()
    return file.getvalue()


def numbers_sheet(book: Any, table: Table) -> None:
    """The sheet with the table, its heading frozen and filterable."""
    sheet = book.add_worksheet(sheet_name(table.title))
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    numbers = table.numbers
    first_rows = replace(table, numbers=numbers.slice(0, MEASURED_ROWS))
    for place, (name, label) in enumerate(zip(numbers.column_names, cells.labels(table), strict=True)):
        column = table.columns.get(name)
        form = NUMBER_FORMATS.get(column.format, "") if column else ""
        values = numbers[name].to_pylist()
        sheet.write_string(0, place, label, heading)
        style = book.add_format({"num_format": form} if form else {})
        day, moment = book.add_format({"num_format": DAY}), book.add_format({"num_format": MOMENT})
        for row, value in enumerate(values, start=1):
            write(sheet, row, place, value, style, day, moment)
        shown = [label, *cells.column_words(first_rows, name)]
        longest = max(len(words) for words in shown)
        sheet.set_column(place, place, min(MOST_WIDTH, max(LEAST_WIDTH, longest + 2)))
    sheet.freeze_panes(1, 0)
    if numbers.num_columns:
        sheet.autofilter(0, 0, len(numbers), numbers.num_columns - 1)


def write(sheet: Any, row: int, place: int, value: Any, style: Any, day: Any, moment: Any) -> None:
    """Write one value by its type; text always as text, never as a formula or a link."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        sheet.write_blank(row, place, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, datetime):
        clock = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, place, clock, moment)
    elif isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(row, place, value, day)
    elif isinstance(value, int | float | Decimal) and -EXACT <= value <= EXACT:
        sheet.write_number(row, place, float(value), style)
    else:
        sheet.write_string(row, place, str(value)[:MOST_CHARACTERS])


def about_sheet(book: Any, said: dict[str, str]) -> None:
    """The sheet that says what the workbook is."""
    sheet = book.add_worksheet("About")
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 90)
    for row, (name, words) in enumerate(said.items()):
        sheet.write_string(row, 0, name.capitalize(), bold)
        sheet.write_string(row, 1, words[:MOST_CHARACTERS], wrapped)


def sheet_name(title: str) -> str:
    """The title as a sheet's name: at most 31 characters of those that Excel allows and counts as one."""
    name = sub("[^\\u0020-\\ud7ff\\ue000-\\ufffd]|[\\[\\]:*?/\\\\']", " ", title)[:MOST_SHEET_NAME].strip()
    return name if name and name.casefold() not in ("about", "history") else "Numbers"
