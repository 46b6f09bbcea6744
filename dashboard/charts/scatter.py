"""Points: two measures of each product, and a third as its size."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import (
    CHOSEN,
    MONEY_AXIS,
    NUMBERS,
    RATE_AXIS,
    ROWS,
    Spec,
    emphasis,
    finished,
    tooltips,
)
from dashboard.theme import Palette

HEIGHT = 556
LARGEST = 900
"""The area of the largest circle, in square pixels; the others are in proportion."""
LEADING = "round(datum.value / pow(10, floor(log(datum.value) / LN10 + 1e-9)))"
PRICE_AXIS = f"domain('x')[1] > 5 * domain('x')[0] && indexof([1, 2, 5], {LEADING}) < 0 ? '' : {MONEY_AXIS}"
"""Of prices that are far apart, the axis names those that begin with 1, 2 or 5."""


@lru_cache(maxsize=16)
def scatter(name: str, lines: tuple[tuple[str, str], ...], colours: Palette) -> Spec:
    """A rate against a price, which is on a logarithmic axis; the area of a circle is its amount.

    Data: `numbers`, a row per circle, the largest first: `<name>`, `price`, `rate`, `amount` (none negative),
    `is_chosen`, `title` (beside it; null: none), `is_right` (whether that stands on its left side); `lines`:
    the columns of the tooltip, each with its title. `rows`: one, the line across: `price` and `price_end`
    (how far the axis reaches), `rate`. A click selects a circle.
    """
    x_scale = alt.Scale(type="log", nice=False)
    y_scale = alt.Scale(zero=False, nice=True)
    x_axis = alt.Axis(labelExpr=PRICE_AXIS, labelOverlap="greedy", labelSeparation=8)
    y_axis = alt.Axis(labelExpr=RATE_AXIS, tickCount=6, tickMinStep=0.01)
    x = alt.X("price:Q", axis=x_axis, scale=x_scale)
    y = alt.Y("rate:Q", axis=y_axis, scale=y_scale)
    base = alt.Chart(NUMBERS).encode(x=x, y=y)
    circles = base.mark_point(
        filled=True,
        shape="circle",
        opacity=0.75,
        stroke=colours.surface,
        strokeWidth=1,
        cursor="pointer",
    ).encode(
        color=emphasis(colours),
        size=alt.Size("amount:Q", legend=None, scale=alt.Scale(zero=True, nice=False, range=[0, LARGEST])),
        tooltip=tooltips(dict(lines)),
    )
    circles = circles.add_params(alt.selection_point(name=CHOSEN, fields=[name], toggle=False))
    titles = base.mark_text(
        baseline="bottom", fontWeight=600, dy=-12, align=alt.ExprRef("datum.is_right ? 'right' : 'left'")
    ).encode(text="title:N")
    line = alt.Chart(ROWS).encode(x=x, y=y)
    chart = alt.layer(
        line.mark_rule(color=colours.muted, strokeDash=[4, 3], aria=False).encode(x2="price_end:Q"),
        circles,
        titles.transform_filter("datum.title != null"),
    )
    return finished(chart.properties(height=HEIGHT), colours)
