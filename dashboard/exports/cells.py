"""A table's values in words, for files that people read."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.components.tables import COUNT, RATE, RATIO, TEXT, USD, Columns
from dashboard.exports.report import Table
from dashboard.periods import Grain
from dashboard.queries.figures import Tile

UP, DOWN = "\u25b2", "\u25bc"
WORDS: dict[str, Callable[[float | None], str]] = {
    USD: formats.money,
    COUNT: formats.count,
    RATE: formats.percent,
    RATIO: formats.ratio,
}


def labels(table: Table) -> list[str]:
    """What the columns are called, in their order."""
    return [label(name, table.columns, table.grain) for name in table.numbers.column_names]


def label(name: str, columns: Columns, grain: Grain) -> str:
    """What a column is called: as the page says, or its name in words."""
    if name in columns:
        return columns[name].label
    return str(grain).capitalize() if name == "from" else name.replace("_", " ").capitalize()


def is_right(kind: pa.DataType) -> bool:
    """Whether a column of this type stands at the right."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def column_words(table: Table, name: str) -> list[str]:
    """A column's values in words, a dash where there is none."""
    column = table.columns.get(name)
    form = column.format if column else TEXT
    day = day_words(table.grain) if name == "from" else str
    return [words(value, form, day) for value in table.numbers[name].to_pylist()]


def words(value: Any, form: str, day: Callable[[date], str] = str) -> str:
    """One value: a number in the column's format, a day, a time in UTC, or text."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return formats.NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC) if value.tzinfo else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float | Decimal):
        return number(float(value), form)
    return str(value)


def number(value: float, form: str) -> str:
    """A number in the format of its column; in that of text, as short as it can be written."""
    if form in WORDS:
        return WORDS[form](value)
    if form.startswith("%"):
        return (form % value).replace("-", formats.MINUS)
    return f"{value:,.10g}".replace("-", formats.MINUS)


def day_words(grain: Grain) -> Callable[[date], str]:
    """How the first day of a part is written: Jul 2025, Q3 2025, or the day itself."""
    match grain:
        case Grain.MONTH:
            return lambda day: f"{day:%b %Y}"
        case Grain.QUARTER:
            return lambda day: f"Q{(day.month + 2) // 3} {day.year}"
        case _ if str(grain) == "year":
            return lambda day: f"{day.year}"
        case _:
            return lambda day: f"{day.day} {day:%b %Y}"


def change(tile: Tile) -> tuple[str, str]:
    """A tile's change in words with its arrow, and whether it is `better`, `worse` or neither."""
    if tile.change is None:
        return "nothing to compare with", ""
    size, words = tile.change
    if words[0].isdigit():
        return words, ""
    kind = {1: "better", -1: "worse"}.get(tile.better if size > 0 else -tile.better, "")
    return f"{UP if size > 0 else DOWN} {words}", kind
