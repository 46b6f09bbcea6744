"""A table in a PDF: its heading on each sheet, long texts in several lines, in bands where it is too wide."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.exports import cells, lettering
from dashboard.exports.lettering import BOLD, REGULAR
from dashboard.exports.paper import GAP, MARGIN, Paper, draw_head, head_of, height_of
from dashboard.exports.report import Table
from dashboard.theme import LIGHT

SIZES = (8.5, 7.5, 6.5)
"""The sizes of the type; the largest at which the columns fit is taken."""
SPACE = 14.0
MOST_EMS = 18
"""How wide a column is at most, in sizes of the type, where there is no room to spare."""
MOST_LINES = 12
"""A text of more lines is cut."""
MOST_ROWS = 2000
"""A longer table is cut: the other files have it whole."""
LEADING, LINE = 1.75, 1.3
"""The height of a row of one line, and of each line more, in sizes of the type."""


@dataclass(frozen=True)
class Column:
    """A column in words: its heading's lines, its values in lines, and whether it stands at the right.

    `width` and `natural`, that of its longest value, in points.
    """

    heading: tuple[str, ...]
    values: Sequence[Sequence[str]]
    is_right: bool
    width: float
    natural: float


def draw(paper: Paper, table: Table) -> None:
    """The table from where the sheet stands, over as many sheets as it needs."""
    shown = replace(table, numbers=table.numbers.slice(0, min(MOST_ROWS, len(table.numbers))))
    subtitle = table.subtitle + cut_words(len(table.numbers), MOST_ROWS)
    head = head_of(table.title, subtitle, paper.epw)
    size = SIZES[-1]
    columns: list[Column] = []
    for size in SIZES:
        columns = [column_of(shown, name, size) for name in shown.numbers.column_names]
        if sum(column.width + SPACE for column in columns) <= paper.epw + SPACE:
            break
    bands = [fitted(band, paper.epw, size) for band in banded(columns, paper.epw)]
    count = len(shown.numbers)
    high = sum(row_height(band, row, size) for band in bands for row in range(count))
    height = height_of(head) + high + len(bands) * 4 * size * LEADING
    paper.ensure(height if height < paper.whole else height_of(head) + 8 * size * LEADING)
    draw_head(paper, head, MARGIN, paper.y)
    for band in bands:
        draw_band(paper, band, count, size)
    if not len(shown.numbers):
        paper.write_at(MARGIN, paper.y + 4, "No rows.", size, LIGHT.muted)
    paper.set_y(paper.y + GAP)


def cut_words(count: int, most: int) -> str:
    """That a long table is cut, where it is."""
    if count <= most:
        return ""
    return f" The first {most:,} of {count:,} rows: CSV, Excel and Parquet have all of them."


def column_of(table: Table, name: str, size: float) -> Column:
    """A column as it is drawn at a size."""
    is_right = cells.is_right(table.numbers.schema.field(name).type)
    label = lettering.legible(cells.label(name, table.columns, table.grain))
    values = [lettering.legible(words) for words in cells.column_words(table, name)]
    longest_word = max((lettering.width(word, size, BOLD) for word in label.split()), default=0.0)
    natural = max([lettering.width(words, size) for words in values], default=0.0)
    two_lines = lettering.width(label, size, BOLD) * 0.75
    width = min(MOST_EMS * size, max(natural, longest_word, two_lines, 3 * size))
    heading = tuple(lettering.wrapped(label, size, width, BOLD))
    return Column(heading, [(words,) for words in values], is_right, width, natural)


def banded(columns: list[Column], room: float) -> list[list[Column]]:
    """The columns in bands no wider than the room, each beginning with the first column."""
    bands: list[list[Column]] = [[]]
    for column in columns:
        used = sum(each.width + SPACE for each in bands[-1])
        if len(bands[-1]) > 1 and used + column.width > room:
            bands.append([columns[0]])
        bands[-1].append(column)
    return bands


def fitted(columns: list[Column], room: float, size: float) -> list[Column]:
    """The columns with their values in lines; what they leave of the room goes to those that need more."""
    free = room + SPACE - sum(column.width + SPACE for column in columns)
    needy = sorted(
        (column.natural - column.width, place)
        for place, column in enumerate(columns)
        if column.natural > column.width
    )
    more = dict.fromkeys(range(len(columns)), 0.0)
    for others, (need, place) in zip(range(len(needy), 0, -1), needy, strict=True):
        more[place] = max(0.0, min(need, free / others))
        free -= more[place]
    return [fitted_to(column, column.width + more[place], size) for place, column in enumerate(columns)]


def fitted_to(column: Column, width: float, size: float) -> Column:
    """The column at a width, its longer values in lines."""
    if column.natural <= width:
        return replace(column, width=width)
    values = [lettering.wrapped(words, size, width, most=MOST_LINES) or [""] for (words,) in column.values]
    return replace(column, width=width, values=values)


def row_height(columns: list[Column], row: int, size: float) -> float:
    """How high a row is."""
    count = max((len(column.values[row]) for column in columns), default=1)
    return size * (LEADING + (count - 1) * LINE)


def draw_band(paper: Paper, columns: list[Column], count: int, size: float) -> None:
    """A band's rows, below its heading on each sheet; wide room is shared out among the columns."""
    free = paper.epw - sum(column.width for column in columns)
    space = min(3 * SPACE, free / max(1, len(columns) - 1))
    paper.ensure(4 * size * LEADING)
    draw_row(paper, columns, None, size, space)
    for row in range(count):
        if paper.room < row_height(columns, row, size):
            paper.add_page()
            draw_row(paper, columns, None, size, space)
        draw_row(paper, columns, row, size, space)
    paper.set_y(paper.y + size * LEADING)


def draw_row(paper: Paper, columns: list[Column], row: int | None, size: float, space: float) -> None:
    """A row, or the heading without one, and the hairline below it."""
    is_heading = row is None
    style = BOLD if is_heading else REGULAR
    shown = [column.heading if row is None else column.values[row] for column in columns]
    count = max(map(len, shown), default=1)
    x, top = MARGIN, paper.y
    for column, lines in zip(columns, shown, strict=True):
        for place, words in enumerate(lines, start=count - len(lines) if is_heading else 0):
            start = x + column.width - lettering.width(words, size, style) if column.is_right else x
            colour = LIGHT.muted if is_heading else LIGHT.text
            paper.write_at(start, top + place * size * LINE + size * 1.15, words, size, colour, style)
        x += column.width + space
    bottom = top + size * (LEADING + (count - 1) * LINE)
    paper.rule(bottom)
    paper.set_y(bottom)
