"""Cohorts over the months since they began: as a triangle of shades, and as curves."""

from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.charts.base import MONEY_AXIS, NUMBERS, RATE_AXIS, ROWS, Spec, finished, tooltips
from dashboard.theme import Palette

STEP, HEADING = 28, 24
NARROW = "width < 520"
NAMES = f"({NARROW} ? 80 : 118)"
"""What the names and sizes of the cohorts take at the left, in pixels."""
ROOM, LEAST_ROOM = 34, 17
"""The least width of a cell, in pixels, for its words, and for its short words."""
HEIGHT, LABEL_ROOM = 300, 76
GAP = 1.5


@lru_cache(maxsize=64)
def triangle(count: int, months: int, unit: str, colours: Palette) -> Spec:
    """`count` rows of cells over `months` months, shaded by strength; the first row is that of all.

    Data: `numbers`, a row per cell: `cohort`, `place`, `end`, `words`, `short_words`, `detail`,
    `month_words`, `note`, `tone` (`plain`, `grey`, `less`: below zero), `strength` (0 to 1), `is_open`
    (dashed). `rows`: `cohort`, `size`.
    """
    x_scale = alt.Scale(
        domain=[0, months], range=[alt.ExprRef(NAMES), alt.ExprRef("width - 1")], nice=False, zero=False
    )
    y = alt.Y(
        "cohort:N",
        sort=None,
        axis=None,
        scale=alt.Scale(type="band", padding=0, range=[HEADING, HEADING + STEP * count]),
    )
    narrow = alt.param(name="narrow", expr=NARROW)
    room = alt.param(name="room", expr=f"(width - {NAMES}) / {months}")
    lines = {"cohort": "First order", "month_words": "Month", "detail": unit, "note": "Of"}
    base = alt.Chart(NUMBERS).encode(y=y)
    x = alt.X("place:Q", axis=None, scale=x_scale)
    colour = (
        alt.when("datum.tone == 'less'")
        .then(alt.value(colours.target))
        .when("datum.tone == 'grey'")
        .then(alt.value(colours.earlier))
        .otherwise(alt.value(colours.accent))
    )
    ground = base.mark_bar(height=STEP - GAP, cornerRadius=0, color=colours.page).encode(
        x=x, x2="end", tooltip=tooltips(lines)
    )
    shade = base.mark_bar(height=STEP - GAP, cornerRadius=0, aria=False, stroke=colours.surface).encode(
        x=x, x2="end", color=colour, fillOpacity=alt.Opacity("strength:Q", scale=None)
    )
    shade = shade.encode(tooltip=tooltips(lines))
    outline = (
        base.transform_filter("datum.is_open")
        .mark_bar(
            height=STEP - 5,
            fillOpacity=0,
            stroke=colours.text,
            strokeDash=[3, 2],
            strokeWidth=1,
            cornerRadius=0,
            aria=False,
        )
        .encode(x=x, x2="end")
    )
    text = base.mark_text(
        align="center",
        baseline="middle",
        fontSize=alt.ExprRef(f"room < {ROOM} ? 10 : 12"),
        text=alt.ExprRef(f"room < {LEAST_ROOM} ? '' : room < {ROOM} ? datum.short_words : datum.words"),
    ).encode(
        x=alt.value(alt.ExprRef("scale('x', datum.place + 0.5)")),
        description=alt.value(
            alt.ExprRef(f"datum.cohort + ', ' + datum.month_words + ': {unit} ' + datum.detail")
        ),
    )
    rows = alt.Chart(ROWS).encode(y=y)
    left: dict[str, Any] = {"baseline": "middle", "fontSize": alt.ExprRef("narrow ? 10.5 : 12.5")}
    name = rows.mark_text(align="left", fontWeight=600, **left).encode(x=alt.value(0), text="cohort:N")
    size = rows.mark_text(align="right", color=colours.muted, **left).encode(
        x=alt.value(alt.ExprRef(f"{NAMES} - 8")), text="size:N"
    )
    chart = alt.layer(ground, shade, outline, text, name, size, *headings(months, colours))
    return finished(
        chart.add_params(narrow, room).properties(height=HEADING + STEP * count), colours, has_axes=False
    )


def headings(months: int, colours: Palette) -> list[alt.Chart]:
    """The months since, above the cells, which belong to the chart and not to its data."""
    look: dict[str, Any] = {
        "baseline": "middle",
        "color": colours.muted,
        "fontSize": alt.ExprRef("narrow ? 9.5 : 12"),
    }
    numbers = alt.Data(values=[{"place": month + 0.5, "month": month} for month in range(months)])  # type: ignore[no-untyped-call]
    of = alt.Data(values=[{"words": "Customers"}])  # type: ignore[no-untyped-call]
    at = alt.value(HEADING / 2)
    said = f"room < {LEAST_ROOM} && datum.month % 3 ? '' : datum.month"
    return [
        alt.Chart(numbers)
        .mark_text(align="center", aria=False, text=alt.ExprRef(said), **look)
        .encode(x=alt.value(alt.ExprRef("scale('x', datum.place)")), y=at),
        alt.Chart(of)
        .mark_text(align="right", aria=False, **look)
        .encode(x=alt.value(alt.ExprRef(f"{NAMES} - 8")), y=at, text="words:N"),
    ]


@lru_cache(maxsize=16)
def curves(unit: str, *, is_rate: bool, colours: Palette) -> Spec:
    """A line per cohort over the months since; that of all cohorts stands out and is named at its end.

    Data: `numbers`, a row per cohort and month, and `rows`, a row per month of all cohorts: `cohort`,
    `month`, `value`, `whole` (null where the month is not over, to which dashes lead), `words`,
    `month_words`, `note`.
    """
    axis = alt.Axis(grid=False, format="d", tickMinStep=1, labelOverlap="parity", tickCount=12)
    x = alt.X(
        "month:Q",
        axis=axis,
        scale=alt.Scale(nice=False, zero=False, range=[0, alt.ExprRef(f"width - {LABEL_ROOM}")]),
    )
    y_axis = alt.Axis(labelExpr=RATE_AXIS if is_rate else MONEY_AXIS, tickCount=5)
    y_scale = alt.Scale(zero=True, nice=True)
    near = alt.selection_point(
        name="pointer",
        nearest=True,
        on="pointerover",
        clear="pointerout",
        fields=["cohort"],
        empty=False,
    )

    def at(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", axis=y_axis, scale=y_scale)

    lines = {"cohort": "First order", "month_words": "Month", "words": unit, "note": "Of"}
    each = alt.Chart(NUMBERS).encode(x=x, detail="cohort:N")
    colour = alt.condition(near, alt.value(colours.target), alt.value(colours.accent_soft))
    dashes = each.mark_line(strokeWidth=1.25, strokeDash=[2, 3]).encode(y=at("value"), color=colour)
    solid = each.mark_line(strokeWidth=1.5).encode(y=at("whole"), color=colour)
    dots = (
        each.mark_point(size=28, filled=True, opacity=0.001)
        .encode(y=at("value"), tooltip=tooltips(lines))
        .add_params(near)
    )
    found = each.mark_point(size=26, filled=True, color=colours.target).encode(
        y=at("value"), opacity=alt.condition(near, alt.value(1), alt.value(0))
    )
    of_all = alt.Chart(ROWS).encode(x=x, y=at("value"))
    average = of_all.mark_line(
        color=colours.accent, strokeWidth=3, strokeJoin="round", point={"size": 34, "color": colours.accent}
    ).encode(tooltip=tooltips(lines))
    label = (
        of_all.transform_window(last="last_value(month)", frame=[None, None], sort=[alt.SortField("month")])
        .transform_filter("datum.month == datum.last")
        .mark_text(align="left", baseline="middle", dx=9, color=colours.accent, fontWeight=600)
        .encode(text="cohort:N")
    )
    chart = alt.layer(dashes, solid, average, found, label, dots)
    return finished(chart.properties(height=HEIGHT), colours)
