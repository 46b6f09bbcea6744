"""One small area over time for each row."""

from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.charts.annotations import strip, strip_height
from dashboard.charts.base import (
    CHANGE_WIDTH,
    CHOSEN,
    NUMBERS,
    ROWS,
    Spec,
    change_colour,
    emphasis,
    finished,
    time_axis,
    tooltips,
)
from dashboard.theme import Palette

STEP = 62
FILLED = 0.58
"""The share of a row's height that its largest value takes; the rest is for the words."""
WORDS_AT = 13 / STEP


@lru_cache(maxsize=64)
def ridges(name: str, measure: str, count: int, is_single: bool, colours: Palette, lanes: int = 0) -> Spec:
    """A measure over time for each of `count` rows.

    Data: `numbers`, a row per row and part: `<name>`, `part` (as for a trend), `label`, `top` (the value's
    height, in rows from the top; the row ends at the next whole number), `words` (the value), `is_chosen`.
    `rows`: `<name>`, `place` (from 0), `total_words`, `change_words`. A click anywhere on a row selects it.
    Below stands what happened, in so many `lanes` (see `annotations.strip`).
    """
    y_scale = alt.Scale(domain=[0, count], reverse=True, nice=False, zero=False)
    click = alt.selection_point(name=CHOSEN, fields=[name], toggle=False)
    pointer = alt.selection_point(
        name="pointer", on="pointerover", clear="pointerout", fields=[name, "part"], empty=False
    )

    def height(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", axis=None, scale=y_scale)

    def in_row(of: str) -> Any:
        return alt.value(alt.ExprRef(f"scale('y', {of})"))

    rows = alt.Chart(ROWS)
    floor = rows.mark_rule(color=colours.line, aria=False).encode(
        x=alt.value(0), x2=alt.value(alt.ExprRef("width")), y=in_row("datum.place + 1")
    )
    names = rows.mark_text(fontSize=13, baseline="middle", align="left", fontWeight=600)
    right = rows.mark_text(fontSize=13, baseline="middle", align="right")

    x = time_axis(is_flush=True, offset=strip_height(lanes))
    parts = alt.Chart(NUMBERS).encode(x=x)
    area = (
        parts.mark_area(opacity=0.22, aria=False)
        .encode(y=height("top"), y2="base", detail=f"{name}:N", fill=emphasis(colours))
        .transform_calculate(base="ceil(datum.top)")
    )
    line = parts.mark_line(
        strokeWidth=1.75, strokeJoin="round", point={"size": 40} if is_single else False
    ).encode(y=height("top"), detail=f"{name}:N", color=emphasis(colours))
    dot = (
        parts.mark_point(filled=True, color=colours.accent, size=60, opacity=1)
        .encode(y=height("top"))
        .transform_filter(pointer)
    )
    lines = {name: name.capitalize(), "label": "Period", "words": measure}
    hit = (
        parts.mark_bar(
            height=STEP,
            width=alt.ExprRef("part_width"),
            color="transparent",
            cursor="pointer",
            clip=True,
        )
        .encode(y=in_row("ceil(datum.top) - 0.5"), tooltip=tooltips(lines))
        .add_params(click, pointer)
    )
    place = in_row(f"datum.place + {WORDS_AT}")
    chart = alt.layer(
        floor,
        area,
        line,
        names.encode(x=alt.value(0), y=place, text=f"{name}:N"),
        right.encode(x=alt.value(alt.ExprRef(f"width - {CHANGE_WIDTH}")), y=place, text="total_words:N"),
        right.encode(x=alt.value("width"), y=place, text="change_words:N", color=change_colour(colours)),
        dot,
        hit,
        *strip(lanes, colours, x),
    ).add_params(alt.param(name="part_width", expr="width / max(0.5, length(domain('x')) - 1)"))
    return finished(chart.properties(height=STEP * count + strip_height(lanes)), colours)
