"""One small area over time for each row."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import (
    CHANGE_WIDTH,
    CHOSEN,
    NUMBERS,
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
def ridges(name: str, measure: str, count: int, is_single: bool, colours: Palette) -> Spec:
    """A measure over time for each of `count` rows.

    Data, a row per row and part: `<name>`, `part` (as for a trend), `label`, `base` and `top` (the area's
    lower and upper edge in rows from the top), `words` (the value), `words_at` (where the row's words stand,
    in its first part only), `total_words`, `change_words`, `is_chosen`. A click selects a row.
    """
    y_scale = alt.Scale(domain=[0, count], reverse=True, nice=False, zero=False)
    base = alt.Chart(NUMBERS)

    def height(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", axis=None, scale=y_scale)

    click = alt.selection_point(name=CHOSEN, fields=[name], nearest=True, toggle=False)
    nearest = alt.selection_point(
        name="pointer", nearest=True, on="pointerover", clear="pointerout", fields=[name, "part"], empty=False
    )
    floor = base.mark_rule(color=colours.line).encode(y=height("base"))
    area = base.mark_area(opacity=0.22).encode(
        x=time_axis(is_flush=True), y=height("top"), y2="base", detail=f"{name}:N", fill=emphasis(colours)
    )
    line = base.mark_line(
        strokeWidth=1.75, strokeJoin="round", point={"size": 40} if is_single else False
    ).encode(x=time_axis(is_flush=True), y=height("top"), detail=f"{name}:N", color=emphasis(colours))
    lines = {name: name.capitalize(), "label": "Period", "words": measure}
    dots = (
        base.mark_point(filled=True, color=colours.accent, size=60, cursor="pointer")
        .encode(
            x=time_axis(is_flush=True),
            y=height("top"),
            opacity=alt.condition(nearest, alt.value(1), alt.value(0)),
            tooltip=tooltips(lines),
        )
        .add_params(nearest, click)
    )
    text = base.mark_text(fontSize=13, baseline="middle").encode(y=height("words_at"))
    names = text.mark_text(fontSize=13, baseline="middle", align="left", fontWeight=600)
    right = text.mark_text(fontSize=13, baseline="middle", align="right")
    chart = alt.layer(
        floor,
        area,
        line,
        names.encode(x=alt.value(0), text=f"{name}:N"),
        right.encode(x=alt.value(alt.ExprRef(f"width - {CHANGE_WIDTH}")), text="total_words:N"),
        right.encode(x=alt.value("width"), text="change_words:N", color=change_colour(colours)),
        dots,
    )
    return finished(chart.properties(height=STEP * count), colours)
