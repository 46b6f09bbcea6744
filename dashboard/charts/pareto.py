"""Rows from the largest to the smallest, what they make together, and the curve of it."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, RATE_AXIS, ROWS, Spec, finished, tooltips
from dashboard.charts.rows import across, row_axis, words
from dashboard.theme import Palette

STEP, BAR_AT = 46, 29
SHARE_WIDTH, WORDS_WIDTH = 62, 150
CURVE_HEIGHT = 96


@lru_cache(maxsize=32)
def pareto(
    name: str,
    lines: tuple[tuple[str, str], ...],
    *,
    is_clickable: bool,
    has_before: bool,
    colours: Palette,
) -> Spec:
    """A row per amount in the order of the data; ticks: what they are compared with, where that is known.

    Data: `<name>`, `amount`, `before`, `is_chosen`, `is_last` (a line below the row: here the
    rows reach the share that is told), at the right `words` and `share_words`; `lines`: the columns of the
    tooltip, each with its title. A click anywhere on a row selects it where `is_clickable`.
    """
    base = alt.Chart(NUMBERS).encode(y=row_axis(name), tooltip=tooltips(dict(lines)))
    at = BAR_AT - STEP / 2
    hit = base.mark_bar(
        height=STEP, color="transparent", cursor="pointer" if is_clickable else "default", aria=False
    ).encode(x=alt.value(0), x2=alt.value(alt.ExprRef("width")))
    if is_clickable:
        hit = hit.add_params(alt.selection_point(name=CHOSEN, fields=[name], toggle=False))
    colour = (
        alt.when("datum.amount < 0")
        .then(alt.value(colours.target))
        .when("datum.is_chosen")
        .then(alt.value(colours.accent))
        .otherwise(alt.value(colours.accent_soft))
    )
    bar = base.mark_bar(height=12, yOffset=at, cursor="pointer" if is_clickable else "default").encode(
        x=across("amount"), color=colour
    )
    tick = base.mark_tick(color=colours.text, thickness=1.5, height=18, yOffset=at, aria=False).encode(
        x=across("before")
    )
    line = (
        base.mark_rule(color=colours.target, strokeWidth=1.5, strokeDash=[4, 3], yOffset=STEP / 2 - 3)
        .encode(x=alt.value(0), x2=alt.value(alt.ExprRef("width")))
        .transform_filter("datum.is_last")
    )
    amounts = words(name, "words", STEP, align="right").encode(
        x=alt.value(alt.ExprRef(f"width - {SHARE_WIDTH}"))
    )
    chart = alt.layer(
        hit,
        bar,
        *([tick] if has_before else []),
        line,
        words(name, name, STEP, limit=alt.ExprRef(f"width - {WORDS_WIDTH}")),
        amounts,
        words(name, "share_words", STEP, align="right", color=colours.muted),
    )
    return finished(chart.properties(height=alt.Step(STEP)), colours, has_axes=False)


@lru_cache(maxsize=8)
def curve(colours: Palette) -> Spec:
    """The share that the largest make together, against how many they are.

    Data: `numbers`, a row per member, the first for none: `rank`, `share` (0 to 1, more where later members
    are negative), `words`. `rows`, one, where the curve reaches the share that is told: `rank`, `share`,
    `origin` (0), `words`, `is_right` (whether they stand at its left).
    """
    x = alt.X("rank:Q", axis=None, scale=alt.Scale(nice=False, zero=True))
    axis = alt.Axis(labelExpr=RATE_AXIS, tickCount=3)
    y = alt.Y("share:Q", axis=axis, scale=alt.Scale(nice=False, zero=True))
    base = alt.Chart(NUMBERS).encode(x=x, y=y)
    reached = alt.Chart(ROWS).encode(x=x, y=y)
    rule = reached.mark_rule(color=colours.target, strokeWidth=1.5, strokeDash=[4, 3], aria=False)
    chart = alt.layer(
        base.mark_area(color=colours.accent, opacity=0.16, aria=False),
        base.mark_line(color=colours.accent, strokeWidth=2.5, strokeJoin="round"),
        rule.encode(x=alt.X("origin:Q"), x2="rank:Q"),
        rule.encode(y=alt.Y("origin:Q"), y2="share:Q"),
        reached.mark_point(filled=True, color=colours.target, size=60, opacity=1),
        reached.mark_text(
            align=alt.ExprRef("datum.is_right ? 'right' : 'left'"),
            baseline="bottom",
            dx=alt.ExprRef("datum.is_right ? -8 : 8"),
            fontWeight=600,
        ).encode(y=alt.value(alt.ExprRef("height - 6")), text="words:N"),
        base.mark_rule(strokeWidth=6, opacity=0, aria=False).encode(
            y=alt.value(0), y2=alt.value(alt.ExprRef("height")), tooltip=tooltips({"words": "Together"})
        ),
    )
    return finished(chart.properties(height=CURVE_HEIGHT), colours)
