"""Bars over time, each in parts."""

from functools import lru_cache

import altair as alt

from dashboard.charts.annotations import strip, strip_height
from dashboard.charts.base import (
    BRUSHED,
    CHOSEN,
    COUNT_AXIS,
    MONEY_AXIS,
    NUMBERS,
    ROWS,
    Spec,
    bar_axis,
    finished,
    tooltips,
)
from dashboard.theme import Palette

HEIGHT = 280


@lru_cache(maxsize=32)
def mix(kinds: tuple[tuple[str, str], ...], *, is_money: bool, colours: Palette, lanes: int = 0) -> Spec:
    """A measure by part of the period, divided by kind; `kinds`: each with its palette's colour.

    Data: `numbers`, a row per part and kind: `part` (as for a trend), `kind`, `value`, `is_chosen` (of its
    kind), `is_whole` (of its part), `label`, `words`. `rows`, a row per part: `part`, `label`, `total_words`
    and per kind `<kind>_words`. What is below zero hangs below it. A click selects a part, a brush several.
    Below stands what happened, in so many `lanes` (see `annotations.strip`).
    """
    x = alt.X("part:O", axis=bar_axis(strip_height(lanes)), scale=alt.Scale(type="band", padding=0.25))
    names = [kind for kind, _ in kinds]
    scale = alt.Scale(domain=names, range=[getattr(colours, colour) for _, colour in kinds])
    is_whole = "datum.is_whole"
    bar = (
        alt.Chart(NUMBERS)
        .transform_calculate(order=f"indexof({names}, datum.kind)")
        .mark_bar(cornerRadiusEnd=0, strokeWidth=1.5)
        .encode(
            x=x,
            y=alt.Y(
                "value:Q",
                stack="zero",
                axis=alt.Axis(
                    labelExpr=MONEY_AXIS if is_money else COUNT_AXIS,
                    tickCount=5,
                    tickMinStep=alt.Undefined if is_money else 1,
                ),
                scale=alt.Scale(zero=True, nice=True),
            ),
            order="order:Q",
            color=alt.Color("kind:N", legend=None, scale=scale),
            stroke=alt.Stroke("kind:N", legend=None, scale=scale),
            strokeDash=alt.condition(is_whole, alt.value([1, 0]), alt.value([3, 3])),
            fillOpacity=alt.condition(is_whole, alt.value(1), alt.value(0.35)),
            opacity=alt.condition("datum.is_chosen", alt.value(1), alt.value(0.25)),
            description=alt.value(
                alt.ExprRef("datum.label + ', ' + datum.kind + ' customers: ' + datum.words")
            ),
        )
    )
    click = alt.selection_point(name=CHOSEN, fields=["part"], toggle=False)
    brush = alt.selection_interval(
        name=BRUSHED,
        encodings=["x"],
        mark=alt.BrushConfig(
            fill=colours.accent, fillOpacity=0.12, stroke=colours.accent, cursor="col-resize"
        ),
    )
    lines = {"label": "Period", **{f"{kind}_words": kind.capitalize() for kind in names}}
    hit = (
        alt.Chart(ROWS)
        .mark_bar(color="transparent", cursor="pointer", aria=False)
        .encode(
            x=x,
            y=alt.value(0),
            y2=alt.value(alt.ExprRef("height")),
            tooltip=tooltips({**lines, "total_words": "Together"}),
        )
        .add_params(click, brush)
    )
    chart = alt.layer(bar, hit, *strip(lanes, colours, x))
    return finished(chart.properties(height=HEIGHT + strip_height(lanes)), colours)
