"""What happened, marked between a chart over time and the labels of its axis: a strip, a lane per kind."""

from typing import Any

import altair as alt

from dashboard.charts.base import time_axis, tooltips
from dashboard.theme import Palette

LANE, GAP = 18, 4
MARK, DOT = 4, 55
WIDE, NARROW, MARGIN = 8, 5.6, 20
NAME: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 11}
NOTES = alt.NamedData("notes")
PLACE = f"height + {GAP + LANE / 2} + datum.lane * {LANE}"


def strip_height(lanes: int) -> int:
    """How much higher the strip makes a chart, in pixels."""
    return lanes * LANE + (GAP if lanes else 0)


def strip(lanes: int, colours: Palette, axis: alt.X | None = None) -> list[alt.Chart]:
    """The layers of the strip: what happened as dots and spans, named where there is room, more in tooltips.

    `axis`: that of the chart's parts, its labels below the strip, where it is not `time_axis`'s.
    Data `notes`: `part` and `until`, the first and last part of a mark (as in `time_axis`); `lane`, from 0;
    `note`, its name; `note_width`, the pixels that it takes; `room` and `length`, the shares of the chart's
    width that are free after the mark, and that it covers; `words`, all of it for the tooltip; `kind`, the
    lane's name, which stands at the lane's end, once as `lane_name`; `is_fault`, whether the mark is a
    warning.
    """
    if not lanes:
        return []
    y: Any = alt.value(alt.expr(PLACE))
    base = alt.Chart(NOTES).encode(x=axis or time_axis(offset=strip_height(lanes)), y=y)
    said = {"kind": "Kind", "words": "Events"}
    colour: Any = (
        alt.when("datum.is_fault").then(alt.value(colours.worse)).otherwise(alt.value(colours.earlier))
    )
    spans = base.mark_rule(strokeWidth=MARK, strokeCap="round").encode(
        x2="until:O", color=colour, tooltip=tooltips(said)
    )
    dots = (
        base.transform_filter("datum.part == datum.until")
        .mark_point(filled=True, size=DOT, opacity=1)
        .encode(color=colour, tooltip=tooltips(said))
    )
    fits_after = "datum.note_width < datum.room * width"
    fits_within = f"!({fits_after}) && datum.note_width < datum.length * width"
    after = base.mark_text(dx=8, color=colours.muted, **NAME).encode(
        x="until:O", text=alt.condition(fits_after, "note:N", alt.value(""))
    )
    within = [
        base.mark_text(dx=14, **NAME, **drawn).encode(
            text=alt.condition(fits_within, "note:N", alt.value(""))
        )
        for drawn in ({"stroke": colours.surface, "strokeWidth": 6}, {"color": colours.muted})
    ]
    ends: Any = alt.value(alt.expr("width"))
    labels = (
        alt.Chart(NOTES).mark_text(dx=14, color=colours.muted, **NAME).encode(x=ends, y=y, text="lane_name:N")
    )
    return [spans, dots, after, *within, labels]


def note_width(note: str) -> float:
    """The pixels that a name in the strip takes, with what stands between it and the marks on both sides."""
    return MARGIN + sum(WIDE if letter.isupper() or letter.isdigit() else NARROW for letter in note)
