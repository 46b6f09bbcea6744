"""Lines over time."""

from dataclasses import dataclass
from functools import lru_cache

import altair as alt

from dashboard.charts.annotations import strip, strip_height
from dashboard.charts.base import (
    BRUSHED,
    CHOSEN,
    MONEY_AXIS,
    NUMBERS,
    RATE_AXIS,
    Spec,
    finished,
    time_axis,
    tooltips,
)
from dashboard.theme import Palette, mix

HEIGHT = 300
LABEL_GAP = 17
SMALLEST_SPAN = 1e-3


@dataclass(frozen=True)
class Series:
    """A line: its column, its name for readers, and its colour as the palette names it."""

    name: str
    label: str
    colour: str


@dataclass(frozen=True)
class Look:
    """What a trend shows, the main series first. Sums of parts that are cut are dashed; rates are not."""

    series: tuple[Series, ...]
    is_rate: bool = False

    def of(self, columns: frozenset[str]) -> "Look":
        """Only the series that have values."""
        return Look(tuple(series for series in self.series if series.name in columns), self.is_rate)


@lru_cache(maxsize=64)
def trend(look: Look, has_whole_parts: bool, is_single: bool, colours: Palette, lanes: int = 0) -> Spec:
    """The series by part of the period, their names at their ends.

    Data: `part` (its first day, ISO 8601, `|`, what the axis says), `label`, `is_marked` (an open dot); per
    series `<name>`, `<name>_words` and, in the last row, `<name>_place`: where its name stands. Of sums, the
    main series is joined by dashes, and above it `<main>_whole`, joined by a line, without parts that the
    period cuts. A click selects the nearest part, a brush those under it. Below stands what happened, in so
    many `lanes` (see `annotations.strip`).
    """
    base = alt.Chart(NUMBERS).encode(x=time_axis(offset=strip_height(lanes)))
    main, *others = look.series
    lines = [
        base.mark_line(
            color=getattr(colours, series.colour),
            strokeWidth=2 if look.is_rate else 1.5,
            point={"size": 40, "filled": True, "color": getattr(colours, series.colour)}
            if is_single
            else False,
        ).encode(y=place(series.name, look))
        for series in reversed(others)
    ]
    chart = alt.layer(
        *lines,
        *main_lines(base, main, look, has_whole_parts, colours),
        *pointer(base, look, colours),
        *end_labels(base, look, colours),
        *strip(lanes, colours),
    )
    return finished(chart.properties(height=HEIGHT + strip_height(lanes)), colours)


def main_lines(
    base: alt.Chart, main: Series, look: Look, has_whole_parts: bool, colours: Palette
) -> list[alt.Chart]:
    """The main series: a line, dashes to what is cut, and dots where `is_marked`."""
    colour = getattr(colours, main.colour)
    dashes = base.mark_line(color=colour, strokeWidth=2, strokeDash=[2, 4], strokeCap="round")
    solid = base.mark_line(color=colour, strokeWidth=2.5, strokeJoin="round")
    dots = base.mark_point(color=colour, fill=colours.surface, size=50, strokeWidth=2).encode(
        y=place(main.name, look), opacity=alt.condition("datum.is_marked", alt.value(1), alt.value(0))
    )
    if look.is_rate:
        return [solid.encode(y=place(main.name, look)), dots]
    whole = [solid.encode(y=place(f"{main.name}_whole", look))] if has_whole_parts else []
    return [dashes.encode(y=place(main.name, look)), *whole, dots]


def place(name: str, look: Look) -> alt.Y:
    """The vertical place of a value."""
    axis = alt.Axis(labelExpr=RATE_AXIS if look.is_rate else MONEY_AXIS, tickCount=5)
    return alt.Y(f"{name}:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))


def pointer(base: alt.Chart, look: Look, colours: Palette) -> list[alt.Chart]:
    """The rule and dot under the pointer, with the part's numbers."""
    nearest = alt.selection_point(
        name="pointer", nearest=True, on="pointerover", clear="pointerout", fields=["part"], empty=False
    )
    lines = {"label": "Period"} | {f"{series.name}_words": series.label for series in look.series}
    click = alt.selection_point(name=CHOSEN, nearest=True, on="click", fields=["part"], toggle=False)
    brush = alt.selection_interval(
        name=BRUSHED,
        encodings=["x"],
        mark=alt.BrushConfig(
            fill=colours.accent, fillOpacity=0.12, stroke=colours.accent, cursor="col-resize"
        ),
    )
    rule = (
        base.mark_rule(color=colours.muted, strokeWidth=1, cursor="pointer")
        .encode(opacity=alt.condition(nearest, alt.value(0.6), alt.value(0)), tooltip=tooltips(lines))
        .add_params(nearest, click, brush)
    )
    dots = [
        base.mark_point(filled=True, color=getattr(colours, series.colour), size=60).encode(
            y=place(series.name, look), opacity=alt.condition(nearest, alt.value(1), alt.value(0))
        )
        for series in (look.series if look.is_rate else look.series[:1])
    ]
    return [rule, *dots]


def end_labels(base: alt.Chart, look: Look, colours: Palette) -> list[alt.Chart]:
    """The series' names at their last points."""
    return [
        base.mark_text(
            align="left",
            baseline="middle",
            dx=10,
            color=mix(colours, f"{series.colour}_text"),
            fontWeight=600,
            text=series.label,
        ).encode(y=place(f"{series.name}_place", look))
        for series in look.series
    ]


def label_places(series: dict[str, list[float | None]]) -> dict[str, float]:
    """Where the series' names stand: at their last values, apart enough to be read."""
    known = {name: [value for value in values if value is not None] for name, values in series.items()}
    last = {name: values[-1] for name, values in known.items() if values}
    numbers = [value for values in known.values() for value in values]
    span = max(SMALLEST_SPAN, max(0.0, *numbers) - min(0.0, *numbers)) * 1.15
    places = spread([*last.values()], LABEL_GAP * span / HEIGHT)
    return dict(zip(last, places, strict=True))


def spread(values: list[float], gap: float) -> list[float]:
    """The values, moved apart as little as it takes for each two to differ by the gap, in their order."""
    order = sorted(range(len(values)), key=values.__getitem__)
    groups: list[tuple[float, list[int]]] = []
    for index in order:
        centre, members = values[index], [index]
        while groups and centre - groups[-1][0] < gap * (len(members) + len(groups[-1][1])) / 2:
            below, others = groups.pop()
            centre = (below * len(others) + centre * len(members)) / (len(others) + len(members))
            members = others + members
        groups.append((centre, members))
    placed = [0.0] * len(values)
    for centre, members in groups:
        for position, index in enumerate(members):
            placed[index] = centre + gap * (position - (len(members) - 1) / 2)
    return placed
