"""A grid of rows and columns: each cell a bar or a shade, and its value in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import altair as alt
import pyarrow as pa

from dashboard.charts.base import CHOSEN, NUMBERS, Spec, finished, tooltips
from dashboard.theme import Palette

STEP, HEADING_HEIGHT = 44, 34
NARROW = "width < 520"
NAMES = f"({NARROW} ? 0 : 150)"
"""Names of rows stand left of the cells, on a phone above them."""
FILLED = 0.95
"""The share of a column's width that a cell takes."""


@dataclass(frozen=True)
class Cell:
    """What a cell shows: its words (and fewer of them on a phone), and a bar of a length from 0 to 1.

    `tone`: `plain`, `grey` (a number of another kind) or `less` (below zero); `strength`: how opaque the bar
    is, from 0 to 1. `detail` is what the tooltip says.
    """

    words: str
    short_words: str = ""
    length: float = 1.0
    tone: str = "plain"
    strength: float = 0.3
    detail: str = ""


def cells(
    name: str, headings: Sequence[str], rows: Mapping[str, Sequence[Cell]], chosen: Sequence[str] = ()
) -> pa.Table:
    """The rows of cells as `grid` draws them; headings have one line or two.

    `chosen`: the rows that stand out, by default all.
    """
    found = []
    for number, (row, values) in enumerate(rows.items()):
        is_chosen = not chosen or row in chosen
        for place, (heading, cell) in enumerate(zip(headings, values, strict=True)):
            above, _, below = heading.rpartition("\n")
            found.append(
                {
                    name: row,
                    "title": "" if place else row,
                    "column": heading.replace("\n", " "),
                    "heading_above": "" if number else above,
                    "heading": "" if number else below,
                    "place": float(place),
                    "place_end": place + FILLED,
                    "middle": place + FILLED / 2,
                    "bar_end": place + FILLED * min(1.0, max(0.0, cell.length)),
                    "words": cell.words,
                    "short_words": cell.short_words or cell.words,
                    "detail": cell.detail or cell.words,
                    "tone": cell.tone,
                    "strength": cell.strength * (1.0 if is_chosen else 0.35),
                    "is_chosen": is_chosen,
                }
            )
    return pa.Table.from_pylist(found)


@lru_cache(maxsize=128)
def grid(name: str, columns: int, count: int, is_clickable: bool, colours: Palette) -> Spec:
    """`count` rows of `columns` cells.

    Data: as `cells` makes it. A click selects a row where `is_clickable`.
    """
    click = alt.selection_point(name=CHOSEN, fields=[name], toggle=False)
    scale = alt.Scale(
        domain=[0, columns], range=[alt.ExprRef(NAMES), alt.ExprRef("width")], nice=False, zero=False
    )
    base = alt.Chart(NUMBERS).encode(
        y=alt.Y(
            f"{name}:N",
            sort=None,
            axis=None,
            scale=alt.Scale(type="band", padding=0, range=[HEADING_HEIGHT, HEADING_HEIGHT + STEP * count]),
        )
    )
    lines = {name: name.replace("_", " ").capitalize(), "column": "Of", "detail": "Value"}
    cursor: Literal["pointer", "default"] = "pointer" if is_clickable else "default"
    height = alt.ExprRef(f"{NARROW} ? 24 : 34")
    down = alt.ExprRef(f"{NARROW} ? 8 : 0")
    cells = base.mark_bar(height=height, yOffset=down, cursor=cursor, cornerRadius=4).encode(
        x=alt.X("place:Q", axis=None, scale=scale),
        x2="place_end",
        color=alt.value(colours.page),
        tooltip=tooltips(lines),
    )
    colour = (
        alt.when("datum.tone == 'less'")
        .then(alt.value(colours.target))
        .when("datum.tone == 'grey'")
        .then(alt.value(colours.earlier))
        .otherwise(alt.value(colours.accent))
    )
    shades = base.mark_bar(height=height, yOffset=down, cursor=cursor, cornerRadius=4).encode(
        x=alt.X("place:Q", axis=None, scale=scale),
        x2="bar_end",
        color=colour,
        opacity=alt.Opacity("strength:Q", scale=None),
        tooltip=tooltips(lines),
    )
    words = base.mark_text(
        align="center",
        baseline="middle",
        fontSize=alt.ExprRef(f"{NARROW} ? 11 : 13"),
        dy=down,
        text=alt.ExprRef(f"{NARROW} ? datum.short_words : datum.words"),
    ).encode(
        x=alt.X("middle:Q", axis=None, scale=scale),
        color=alt.condition("datum.is_chosen", alt.value(colours.text), alt.value(colours.muted)),
    )
    titles = base.mark_text(
        align="left",
        baseline="middle",
        fontSize=alt.ExprRef(f"{NARROW} ? 12 : 13"),
        dy=alt.ExprRef(f"{NARROW} ? -13 : 0"),
        limit=alt.ExprRef(f"{NARROW} ? width : 142"),
        fontWeight=600,
    ).encode(
        x=alt.value(0),
        text="title:N",
        color=alt.condition("datum.is_chosen", alt.value(colours.text), alt.value(colours.muted)),
    )
    headings = [
        alt.Chart(NUMBERS)
        .mark_text(
            align="center",
            baseline="middle",
            color=colours.muted,
            fontSize=alt.ExprRef(f"{NARROW} ? 10 : 12"),
        )
        .encode(x=alt.X("middle:Q", axis=None, scale=scale), y=alt.value(y), text=f"{line}:N")
        for line, y in (("heading_above", HEADING_HEIGHT - 25), ("heading", HEADING_HEIGHT - 11))
    ]
    shades = shades.add_params(click) if is_clickable else shades
    chart = alt.layer(cells, shades, words, titles, *headings)
    return finished(chart.properties(height=HEADING_HEIGHT + STEP * count), colours)
