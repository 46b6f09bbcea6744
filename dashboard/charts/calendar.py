"""A calendar: a column per week, a row per weekday, half a year beside the other or below it."""

from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, ROWS, Spec, finished, tooltips
from dashboard.theme import Palette

CELL, HEADING = 23, 1
"""The height of a day in pixels, and of the names of months above a half-year, in days."""
SLOTS = HEADING + 7
WEEKDAYS_WIDTH = 34
ROOM = 38
"""The least width of a day, in pixels, for its words."""
NARROW = 14
"""Of days that are less wide, in pixels, the names of months are smaller."""
STRENGTHS = (0.07, 0.2, 0.35, 0.5, 1.0)
"""How opaque the shades are. Upon all but the last, dark words are read; upon the last, light ones."""
BELOW_ZERO = 0.45
PALE = 0.4
"""How much of its strength a day keeps that is not chosen."""
EDGES = alt.NamedData("edges")


@lru_cache(maxsize=32)
def calendar(weeks: int, halves: int, colours: Palette) -> Spec:
    """The days of some half-years, one below the other, each of up to so many `weeks`.

    Data: `numbers`, a row per day: `part` (ISO 8601), `label`, `week` and `slot` (its place from 0: across,
    and down over all half-years), `strength` (how opaque), `is_less` (below zero), `is_strong`, `is_chosen`,
    `words`, `short_words`, `events` (what happened, if anything), `is_marked` (underlined). `rows`: the names
    of months: `week`, `slot`, `span` (weeks to the next name), `words`, `short_words`. `edges`, the lines
    between months: `week`, `week_end`, `slot`, `slot_end`. A click selects a day.
    """
    x_scale = alt.Scale(domain=[0, weeks], range=[WEEKDAYS_WIDTH, alt.ExprRef("width")], nice=False)
    y_scale = alt.Scale(domain=[0, SLOTS * halves], range=[0, CELL * SLOTS * halves], nice=False)

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", axis=None, scale=x_scale)

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", axis=None, scale=y_scale)

    room = alt.param(name="room", expr=f"(width - {WEEKDAYS_WIDTH}) / {weeks}")
    click = alt.selection_point(name=CHOSEN, fields=["part"], toggle=False)
    days = alt.Chart(NUMBERS).transform_calculate(
        week_end="datum.week + 1",
        slot_end="datum.slot + 1",
        middle="datum.week + 0.5",
        centre="datum.slot + 0.5",
        line="datum.week + 0.2",
        line_end="datum.week + 0.8",
        line_slot="datum.slot + 0.88",
    )
    cells = days.mark_rect(stroke=colours.surface, strokeWidth=2, cornerRadius=3, cursor="pointer").encode(
        x=x("week"),
        x2="week_end",
        y=y("slot"),
        y2="slot_end",
        color=alt.condition("datum.is_less", alt.value(colours.target), alt.value(colours.accent)),
        opacity=alt.Opacity("strength:Q", scale=None),
    )
    said = {"label": "Day", "words": "Net sales"}
    usual = (
        cells.transform_filter("!datum.events")
        .encode(
            tooltip=tooltips(said),
            description=alt.value(alt.ExprRef("datum.label + ': ' + datum.words")),
        )
        .add_params(click)
    )
    eventful = cells.transform_filter("datum.events").encode(
        tooltip=tooltips({**said, "events": "Events"}),
        description=alt.value(alt.ExprRef("datum.label + ': ' + datum.words + '. ' + datum.events")),
    )
    lines = (
        days.transform_filter("datum.is_marked")
        .mark_rule(strokeWidth=2, cursor="pointer", aria=False)
        .encode(
            x=x("line"),
            x2="line_end",
            y=y("line_slot"),
            color=alt.condition("datum.is_strong", alt.value(colours.on_accent), alt.value(colours.text)),
        )
    )
    amounts = (
        days.transform_filter(f"datum.is_chosen && room >= {ROOM}")
        .mark_text(fontSize=10.5, baseline="middle", cursor="pointer", aria=False)
        .encode(
            x=x("middle"),
            y=y("centre"),
            text="short_words:N",
            color=alt.condition("datum.is_strong", alt.value(colours.on_accent), alt.value(colours.text)),
        )
    )
    months = (
        alt.Chart(ROWS)
        .mark_text(
            align="left",
            baseline="middle",
            color=colours.muted,
            dx=1,
            fontSize=alt.ExprRef(f"room < {NARROW} ? 10.5 : 12"),
            text=alt.ExprRef(
                f"{fits('words')} ? datum.words : {fits('short_words')} ? datum.short_words : ''"
            ),
        )
        .encode(x=x("week"), y=y("slot"))
    )
    edges = (
        alt.Chart(EDGES)
        .mark_rule(color=colours.muted, strokeWidth=1, aria=False)
        .encode(x=x("week"), x2="week_end", y=y("slot"), y2="slot_end")
    )
    chart = alt.layer(usual, eventful, amounts, lines, edges, months, weekdays(halves, y_scale, colours))
    return finished(chart.add_params(room).properties(height=CELL * SLOTS * halves), colours, has_axes=False)


def full_width(weeks: int) -> int:
    """The least pixels at which the days of so many weeks have room for their words."""
    return WEEKDAYS_WIDTH + ROOM * weeks


def fits(words: str) -> str:
    """Whether the name of a month has room up to the next one, with a gap, as Vega takes it."""
    return f"room * datum.span >= (room < {NARROW} ? 5.7 : 6.5) * length(datum.{words}) + 8"


def weekdays(halves: int, y_scale: Any, colours: Palette) -> alt.Chart:
    """The names of every other weekday, which belong to the chart and not to its data."""
    values = [
        {"slot": half * SLOTS + HEADING + place + 0.5, "weekday": name}
        for half in range(halves)
        for place, name in ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun"))
    ]
    marks: alt.Chart = alt.Chart(alt.Data(values=values)).mark_text(  # type: ignore[no-untyped-call]
        align="left", baseline="middle", color=colours.muted, fontSize=11
    )
    return marks.encode(x=alt.value(0), y=alt.Y("slot:Q", axis=None, scale=y_scale), text="weekday:N")
