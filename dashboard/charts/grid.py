"""A grid of rows and columns: each cell a bar or a shade, and its value in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import altair as alt
import pyarrow as pa

from dashboard.charts.base import CHOSEN, NUMBERS, ROWS, Spec, finished, tooltips
from dashboard.theme import Palette

STEP, HEADING_HEIGHT = 44, 34
NARROW = "width < 520"
NAMES = f"({NARROW} ? 0 : 150)"
"""Names of rows stand left of the cells, on a phone above them."""
FILLED = 0.95
"""The share of a column's width that a cell takes."""
PALE = 0.35
"""How much of its strength a cell keeps that does not stand out."""
ROOM, LEAST_ROOM = 56, 26
"""The least width of a column, in pixels, for its words, and for its short words."""


@dataclass(frozen=True)
class Cell:
    """What a cell shows: its words (and fewer of them on a phone), and a bar of a length from 0 to 1.

    `tone`: `plain`, `grey` (a number of another kind) or `less` (below zero); `strength`: how opaque the bar
    is, from 0 to 1; `is_pale`: whether it tells little. `detail` is what the tooltip says.
    """

    words: str
    short_words: str = ""
    length: float = 1.0
    tone: str = "plain"
    strength: float = 0.3
    detail: str = ""
    is_pale: bool = False


def cells(
    name: str,
    columns: Sequence[str],
    rows: Mapping[str, Sequence[Cell]],
    chosen: Sequence[str] = (),
) -> dict[str, pa.Table]:
    """The rows of cells as `grid` draws them: `numbers`, a row per cell, and `rows`.

    `columns`: what the columns are called in tooltips; `chosen`: the rows that stand out, by default all.
    """
    stands_out = {row: not chosen or row in chosen for row in rows}
    found = [
        {
            name: row,
            "column": column.replace("\n", " "),
            "place": float(place),
            "end": place + FILLED * min(1.0, max(0.0, cell.length)),
            "words": cell.words,
            "short_words": cell.short_words or cell.words,
            "detail": cell.detail or cell.words,
            "tone": cell.tone,
            "strength": cell.strength * (PALE if cell.is_pale or not stands_out[row] else 1.0),
            "stands_out": stands_out[row] and not cell.is_pale,
        }
        for row, values in rows.items()
        for place, (column, cell) in enumerate(zip(columns, values, strict=True))
    ]
    return {
        NUMBERS.name: pa.Table.from_pylist(found),
        ROWS.name: pa.table({name: [*stands_out], "stands_out": [*stands_out.values()]}),
    }


@lru_cache(maxsize=128)
def grid(name: str, headings: tuple[str, ...], count: int, is_clickable: bool, colours: Palette) -> Spec:
    """`count` rows of a cell per heading, which has one line or two.

    Data: as `cells` makes it. A click anywhere on a row selects it where `is_clickable`.
    """
    columns = len(headings)
    x_scale = alt.Scale(
        domain=[0, columns], range=[alt.ExprRef(NAMES), alt.ExprRef("width")], nice=False, zero=False
    )
    y = alt.Y(
        f"{name}:N",
        sort=None,
        axis=None,
        scale=alt.Scale(type="band", padding=0, range=[HEADING_HEIGHT, HEADING_HEIGHT + STEP * count]),
    )
    lines = {name: name.replace("_", " ").capitalize(), "column": "Of", "detail": "Value"}
    cursor: Literal["pointer", "default"] = "pointer" if is_clickable else "default"
    narrow = alt.param(name="narrow", expr=NARROW)
    room = alt.param(name="room", expr=f"(width - {NAMES}) / {columns}")
    text_colour = alt.condition("datum.stands_out", alt.value(colours.text), alt.value(colours.muted))
    middle = alt.value(alt.ExprRef(f"scale('x', datum.place + {FILLED / 2})"))

    rows = alt.Chart(ROWS).encode(y=y)
    hit = rows.mark_bar(height=STEP, color="transparent", cursor=cursor, aria=False).encode(
        x=alt.value(0), x2=alt.value(alt.ExprRef("width"))
    )
    names = rows.mark_text(
        align="left",
        baseline="middle",
        fontSize=alt.ExprRef("narrow ? 12 : 13"),
        dy=alt.ExprRef("narrow ? -13 : 0"),
        limit=alt.ExprRef("narrow ? width : 142"),
        fontWeight=600,
    ).encode(x=alt.value(0), text=f"{name}:N", color=text_colour)

    base = alt.Chart(NUMBERS).encode(y=y)
    bar = base.mark_bar(
        height=alt.ExprRef("narrow ? 24 : 34"),
        yOffset=alt.ExprRef("narrow ? 8 : 0"),
        cursor=cursor,
        cornerRadius=4,
        aria=False,
    ).encode(x=alt.X("place:Q", axis=None, scale=x_scale))
    grounds = bar.encode(
        x2="ground_end", color=alt.value(colours.page), tooltip=tooltips(lines)
    ).transform_calculate(ground_end=f"datum.place + {FILLED}")
    shades = bar.encode(
        x2="end",
        color=alt.when("datum.tone == 'less'")
        .then(alt.value(colours.target))
        .when("datum.tone == 'grey'")
        .then(alt.value(colours.earlier))
        .otherwise(alt.value(colours.accent)),
        opacity=alt.Opacity("strength:Q", scale=None),
    )
    words = base.mark_text(
        align="center",
        baseline="middle",
        fontSize=alt.ExprRef(f"room < {ROOM} ? 11 : 13"),
        dy=alt.ExprRef("narrow ? 8 : 0"),
        text=alt.ExprRef(f"room < {LEAST_ROOM} ? '' : room < {ROOM} ? datum.short_words : datum.words"),
    ).encode(
        x=middle,
        color=text_colour,
        description=alt.value(alt.ExprRef(f"datum.{name} + ', ' + datum.column + ': ' + datum.detail")),
    )
    if is_clickable:
        hit = hit.add_params(alt.selection_point(name=CHOSEN, fields=[name], toggle=False))
    chart = alt.layer(hit, grounds, shades, words, names, heading_layer(headings, middle, colours))
    return finished(
        chart.add_params(narrow, room).properties(height=HEADING_HEIGHT + STEP * count),
        colours,
        has_axes=False,
    )


def heading_layer(headings: tuple[str, ...], middle: Any, colours: Palette) -> alt.Chart:
    """The headings of the columns, which belong to the chart and not to its data; they end above the rows."""
    values = [{"place": float(place), "heading": heading} for place, heading in enumerate(headings)]
    data = alt.Data(values=values)  # type: ignore[no-untyped-call]
    marks: alt.Chart = alt.Chart(data).mark_text(
        align="center",
        baseline="line-bottom",
        lineBreak="\n",
        lineHeight=14,
        color=colours.muted,
        fontSize=alt.ExprRef(f"room < {ROOM} ? (narrow ? 9 : 10) : 12"),
        dy=alt.ExprRef("indexof(datum.heading, '\\n') < 0 ? 0 : -14"),
    )
    return marks.encode(x=middle, y=alt.value(HEADING_HEIGHT - 4), text="heading:N")
