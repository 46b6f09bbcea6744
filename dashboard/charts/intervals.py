"""Estimates with their intervals, one below the other: a forest plot."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import NUMBERS, Spec, finished, tooltips
from dashboard.formats import MINUS
from dashboard.theme import Palette

STEP, AXIS_HEIGHT = 66, 40
WORDS_WIDTH, NARROW_WORDS_WIDTH = 310, 178
TRACK = 18
EFFECT_AXIS = f"(datum.value > 0 ? '+' : datum.value < 0 ? '{MINUS}' : '') + format(abs(datum.value), '~%')"


def height_of(count: int) -> int:
    """The height in pixels of a plot of so many rows."""
    return STEP * count + AXIS_HEIGHT


@lru_cache(maxsize=64)
def forest(
    count: int,
    names_width: int,
    narrow_below: int,
    domain: tuple[float, float],
    columns: frozenset[str],
    colours: Palette,
) -> Spec:
    """`count` relative effects on one scale, no effect marked. Names stand at the left, words at the right.

    Where the chart is narrower than `narrow_below`, both stand above the interval.
    Data: `row` (unique, sorted), `title`, `words`, `note`, `estimate`, `lower`, `upper` (null where unknown),
    `cut_lower`, `cut_upper` (the scale's end where the interval reaches beyond), `plain_lower`, `plain_upper`
    (a second, pale interval; of these four only what `columns` names is drawn), `tone` (`better`, `worse`,
    `plain`, `quiet`), `detail` and `units` (tooltip).
    """
    narrow = f"width < {narrow_below}"
    left, right = f"({narrow} ? 0 : {names_width})", f"({narrow} ? width : width - {WORDS_WIDTH})"
    scale = alt.Scale(domain=[*domain], range=[alt.ExprRef(left), alt.ExprRef(right)], nice=False, zero=False)
    axis = alt.Axis(
        labelExpr=EFFECT_AXIS,
        tickCount=5,
        orient="bottom",
        grid=False,
        labelFlush=False,
        labelOverlap="greedy",
    )
    lines = {"title": "Of", "words": "Relative effect", "detail": "Effect", "note": "From", "units": "Units"}
    rows = alt.Y("row:N", axis=None, scale=alt.Scale(type="band", padding=0, range=[0, STEP * count]))
    base = alt.Chart(NUMBERS).encode(y=rows)
    told = base.encode(tooltip=tooltips(lines))
    down = alt.ExprRef(f"{narrow} ? 1 : 0")

    def across(column: str) -> alt.X:
        return alt.X(f"{column}:Q", axis=axis, scale=scale)

    colour = (
        alt.when("datum.tone == 'better'")
        .then(alt.value(colours.better))
        .when("datum.tone == 'worse'")
        .then(alt.value(colours.worse))
        .when("datum.tone == 'quiet'")
        .then(alt.value(colours.earlier))
        .otherwise(alt.value(colours.accent))
    )
    ground = told.mark_bar(
        height=alt.ExprRef(f"{narrow} ? {TRACK} : {STEP - 16}"),
        yOffset=down,
        cornerRadius=4,
        color=colours.page,
    ).encode(x=alt.value(alt.ExprRef(left)), x2=alt.value(alt.ExprRef(right)))
    zero = base.mark_tick(
        orient="vertical",
        thickness=1,
        size=alt.ExprRef(f"{narrow} ? {TRACK} : {STEP}"),
        yOffset=down,
        color=colours.muted,
        opacity=1,
    ).encode(x=alt.X(datum=0, type="quantitative", scale=scale, axis=axis))
    pale = base.mark_bar(height=4, yOffset=alt.ExprRef(f"{narrow} ? 7 : 10"), cornerRadius=2).encode(
        x=across("plain_lower"), x2="plain_upper", color=alt.value(colours.accent_soft)
    )
    plain = [pale] if "plain_lower" in columns else []
    interval = told.mark_bar(height=5, yOffset=down, cornerRadius=2, opacity=0.75).encode(
        x=across("lower"), x2="upper", color=colour
    )
    ends = [
        base.mark_point(shape=shape, size=70, filled=True, yOffset=down, opacity=1, xOffset=offset).encode(
            x=across(column), color=colour
        )
        for column, shape, offset in (("cut_lower", "triangle-left", -3), ("cut_upper", "triangle-right", 3))
        if column in columns
    ]
    dot = told.mark_point(
        shape="circle",
        size=110,
        filled=True,
        yOffset=down,
        opacity=1,
        stroke=colours.surface,
        strokeWidth=1.5,
    ).encode(x=across("estimate"), color=colour)
    at_left = base.mark_text(align="left", baseline="middle").encode(x=alt.value(0))
    limit = alt.ExprRef(f"{narrow} ? width - {NARROW_WORDS_WIDTH} : {names_width - 12}")
    titles = at_left.mark_text(
        align="left",
        baseline="middle",
        fontSize=alt.ExprRef(f"{narrow} ? 12 : 13"),
        fontWeight=600,
        dy=alt.ExprRef(f"{narrow} ? -20 : 0"),
        limit=limit,
    ).encode(text="title:N")
    words = base.mark_text(
        align="right",
        baseline="middle",
        fontSize=alt.ExprRef(f"{narrow} ? 12 : 13"),
        dy=alt.ExprRef(f"{narrow} ? -20 : -9"),
    ).encode(x=alt.value(alt.ExprRef("width")), text="words:N")
    notes = base.mark_text(
        align=alt.ExprRef(f"{narrow} ? 'left' : 'right'"),
        baseline="middle",
        fontSize=11,
        color=colours.muted,
        dy=alt.ExprRef(f"{narrow} ? 20 : 10"),
        limit=alt.ExprRef(f"{narrow} ? width : {WORDS_WIDTH - 16}"),
    ).encode(x=alt.value(alt.ExprRef(f"{narrow} ? 0 : width")), text="note:N")
    chart = alt.layer(ground, zero, *plain, interval, *ends, dot, titles, words, notes)
    return finished(chart.properties(height=height_of(count)), colours)
