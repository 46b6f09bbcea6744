"""Charts of any metric: what they show is in the data, in long form; the unit of the axis is given."""

from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.charts.annotations import strip, strip_height
from dashboard.charts.base import (
    BRUSHED,
    CHOSEN,
    NUMBERS,
    Spec,
    bar_axis,
    emphasis,
    finished,
    time_axis,
    tooltips,
)
from dashboard.theme import Palette, mix

HEIGHT, STEP, HEAT_STEP = 320, 34, 32
SERIES = ("accent", "target", "better", "earlier", "accent_strong")
"""The colours of series, as the palette names them, the largest first."""
REST = "accent_soft"
LABELS_WIDTH = "min(170, width / 3)"
AMOUNT_WIDTH, CHANGE_WIDTH = 76, 84
NAME_AXIS = "slice(datum.value, indexof(datum.value, '|') + 1)"
"""Names on an axis stand after their place in the order and `|`."""
CELL_ROOM = 44
"""The least width of a cell for its words, in pixels."""


def amounts(axis: str, column: str = "value", **scale: Any) -> alt.Y:
    """The vertical place of a value, from 0."""
    return alt.Y(
        f"{column}:Q",
        axis=alt.Axis(labelExpr=axis, tickCount=5),
        scale=alt.Scale(zero=True, nice=True, **scale),
        stack=None,
    )


def colour_of_series(colours: Palette) -> alt.Color:
    """The colour by `slot`, the place among the series; the last one is the rest."""
    found = [getattr(colours, name) for name in (*SERIES, REST)]
    return alt.Color("slot:O", legend=None, scale=alt.Scale(domain=[*range(len(found))], range=found))


def end_labels(base: alt.Chart, axis: str, colours: Palette) -> alt.Chart:
    """The names of series at their last points, `place`."""
    named: alt.Chart = base.mark_text(
        align="left",
        baseline="middle",
        dx=10,
        fontWeight=600,
        limit=alt.ExprRef(LABELS_WIDTH),
    )
    colour = alt.when(f"datum.slot >= {len(SERIES)}").then(alt.value(colours.muted))
    for slot, name in enumerate(SERIES[1:], 1):
        colour = colour.when(f"datum.slot == {slot}").then(alt.value(mix(colours, f"{name}_text")))
    return named.encode(
        y=amounts(axis, "place"),
        text="series:N",
        color=colour.otherwise(alt.value(mix(colours, f"{SERIES[0]}_text"))),
    )


def choices(colours: Palette) -> list[alt.Parameter]:
    """A click on a part and a brush over some, as `sections.chart_over_time` reads them."""
    click = alt.selection_point(name=CHOSEN, nearest=True, on="click", fields=["part"], toggle=False)
    brush = alt.selection_interval(
        name=BRUSHED,
        encodings=["x"],
        mark=alt.BrushConfig(
            fill=colours.accent, fillOpacity=0.12, stroke=colours.accent, cursor="col-resize"
        ),
    )
    return [click, brush]


def pointer(base: alt.Chart, axis: str, lines: dict[str, str], colours: Palette) -> alt.Chart:
    """The nearest point, with its numbers; a click or a brush chooses parts."""
    nearest = alt.selection_point(
        name="pointer",
        nearest=True,
        on="pointerover",
        clear="pointerout",
        fields=["part", "series"],
        empty=False,
    )
    dot: alt.Chart = base.mark_point(filled=True, size=70, cursor="pointer")
    return dot.encode(
        y=amounts(axis),
        color=colour_of_series(colours),
        opacity=alt.condition(nearest, alt.value(1), alt.value(0)),
        tooltip=tooltips(lines),
    ).add_params(nearest, *choices(colours))


@lru_cache(maxsize=64)
def lines(
    axis: str, is_single: bool, has_names: bool, has_forecast: bool, colours: Palette, lanes: int = 0
) -> Spec:
    """Series over time, named at their ends where `has_names`; dashes and open dots: the period cuts a part.

    Data, a row per part and series: `part` (as for `time_axis`), `label`, `series`, `slot` (0 to 5), `value`,
    `whole` (null where the part is cut), `is_cut`, `words`, `place` (where the series is named, in its last
    row); with a forecast `forecast`, `lower`, `upper`. Below stands what happened, in so many `lanes` (see
    `annotations.strip`).
    """
    base = alt.Chart(NUMBERS).encode(x=time_axis(offset=strip_height(lanes)), detail="series:N")
    colour = colour_of_series(colours)
    dashed = base.mark_line(strokeWidth=2, strokeDash=[2, 4], strokeCap="round")
    solid = base.mark_line(
        strokeWidth=2.5, strokeJoin="round", point={"size": 50, "filled": True} if is_single else False
    )
    dots = base.mark_point(fill=colours.surface, size=45, strokeWidth=2)
    told = {"label": "Period", "series": "Of", "words": "Value"}
    layers = [
        dashed.encode(y=amounts(axis), color=colour),
        solid.encode(y=amounts(axis, "whole"), color=colour),
        dots.encode(
            y=amounts(axis),
            color=colour,
            opacity=alt.condition("datum.is_cut", alt.value(1), alt.value(0)),
        ),
    ]
    if has_forecast:
        band = base.mark_area(color=colours.target, opacity=0.2).encode(y=amounts(axis, "lower"), y2="upper")
        middle = base.mark_line(
            color=colours.target,
            strokeWidth=2,
            strokeDash=[6, 3],
            point={"size": 36, "filled": True, "color": colours.target},
        ).encode(y=amounts(axis, "forecast"), tooltip=tooltips(told))
        layers = [band, *layers, middle]
    names = [end_labels(base, axis, colours)] if has_names else []
    chart = alt.layer(*layers, pointer(base, axis, told, colours), *names, *strip(lanes, colours))
    return finished(chart.properties(height=HEIGHT + strip_height(lanes)), colours)


@lru_cache(maxsize=32)
def areas(axis: str, has_names: bool, colours: Palette, lanes: int = 0) -> Spec:
    """Series stacked over time, above the lanes of what happened.

    Data: as for `lines`, with `start` and `end` for `value`: from where to where the series reaches.
    """
    base = alt.Chart(NUMBERS).encode(x=time_axis(offset=strip_height(lanes)), detail="series:N")
    area = base.mark_area(stroke=colours.surface, strokeWidth=1).encode(
        y=amounts(axis, "start"), y2="end", color=colour_of_series(colours)
    )
    told = {"label": "Period", "series": "Of", "words": "Value"}
    ends = base.transform_calculate(value="datum.end")
    names = [end_labels(base, axis, colours)] if has_names else []
    chart = alt.layer(area, pointer(ends, axis, told, colours), *names, *strip(lanes, colours))
    return finished(chart.properties(height=HEIGHT + strip_height(lanes)), colours)


@lru_cache(maxsize=32)
def columns(axis: str, colours: Palette, lanes: int = 0) -> Spec:
    """A value per part of time, pale where the period cuts the part, and the lanes. Data: as for `lines`."""
    x = alt.X(
        "part:O",
        axis=bar_axis(strip_height(lanes)),
        scale=alt.Scale(type="band", paddingInner=0.25, paddingOuter=0.1),
    )
    bar = (
        alt.Chart(NUMBERS)
        .mark_bar(cursor="pointer")
        .encode(
            x=x,
            y=amounts(axis),
            color=alt.condition("datum.is_cut", alt.value(colours.accent_soft), alt.value(colours.accent)),
            tooltip=tooltips({"label": "Period", "words": "Value"}),
        )
        .add_params(*choices(colours))
    )
    chart = alt.layer(bar, *strip(lanes, colours, x))
    return finished(chart.properties(height=HEIGHT + strip_height(lanes)), colours)


@lru_cache(maxsize=256)
def bars(name: str, has_before: bool, is_clickable: bool, colours: Palette) -> Spec:
    """A metric by a group-by name, a bar per row in the order of the data; ticks: what it is compared with.

    Data: `<name>`, `value`, `before`, `is_chosen`, `words`, `before_words`, `change_words`, `share_words`.
    """
    told = {
        name: name.replace("_", " ").capitalize(),
        "words": "Value",
        "share_words": "Share",
        "before_words": "Compared with",
        "change_words": "Change",
    }
    axis = alt.Axis(
        labelColor=colours.text, labelFontSize=13, labelLimit=alt.ExprRef("width < 420 ? 96 : 210")
    )
    base = alt.Chart(NUMBERS).encode(y=alt.Y(f"{name}:N", sort=None, axis=axis), tooltip=tooltips(told))
    words_width = AMOUNT_WIDTH + (CHANGE_WIDTH if has_before else 0)
    room = alt.ExprRef(f"max(30, width - {words_width})")
    scale = alt.Scale(range=[0, room], nice=False, zero=True)
    bar = base.mark_bar(height=16, cursor="pointer" if is_clickable else "default").encode(
        x=alt.X("value:Q", axis=None, scale=scale), color=emphasis(colours)
    )
    if is_clickable:
        bar = bar.add_params(alt.selection_point(name=CHOSEN, fields=[name], toggle=False))
    text = base.mark_text(align="right", fontSize=13)
    amount = text.encode(
        x=alt.value(alt.ExprRef(f"width - {CHANGE_WIDTH if has_before else 0}")), text="words:N"
    )
    layers = [bar, amount]
    if has_before:
        tick = base.mark_tick(color=colours.text, thickness=1.5, height=24).encode(
            x=alt.X("before:Q", axis=None, scale=scale)
        )
        change = text.encode(x=alt.value("width"), text="change_words:N", color=alt.value(colours.muted))
        layers = [bar, tick, amount, change]
    return finished(alt.layer(*layers).properties(height=alt.Step(STEP)), colours)


@lru_cache(maxsize=64)
def heat_map(rows: int, columns: int, has_losses: bool, colours: Palette) -> Spec:
    """A shade per row and column; words where there is room.

    Data, a row per cell: `row`, `column` (place in the order, `|`, name), `row_label`, `column_label`,
    `share` (of the largest value without its sign, -1 to 1; null: none), `words`, `short_words`. The words
    stand out from the darkest shade by 4.5:1.
    """
    axis = alt.Axis(labelExpr=NAME_AXIS, labelAngle=0, labelOverlap="parity", labelSeparation=8, orient="top")
    row_axis = alt.Axis(
        labelExpr=NAME_AXIS, labelColor=colours.text, labelLimit=alt.ExprRef("width < 420 ? 90 : 180")
    )
    base = alt.Chart(NUMBERS).encode(
        x=alt.X("column:O", axis=axis, scale=alt.Scale(type="band", padding=0.04)),
        y=alt.Y("row:O", axis=row_axis, scale=alt.Scale(type="band", padding=0.06)),
        tooltip=tooltips({"row_label": "Row", "column_label": "Column", "words": "Value"}),
    )
    most, least = mix(colours, "much"), mix(colours, "less")
    shades = [least, colours.page, most] if has_losses else [colours.page, most]
    scale = alt.Scale(domain=[-1, 0, 1] if has_losses else [0, 1], range=shades, interpolate="rgb")
    cell = base.mark_rect(cornerRadius=3).encode(
        color=alt.condition(
            "isValid(datum.share)",
            alt.Color("share:Q", legend=None, scale=scale),
            alt.value(colours.surface),
        )
    )
    words = base.mark_text(
        fontSize=12, text=alt.ExprRef(f"width / {columns} < {CELL_ROOM} ? '' : datum.short_words"), aria=False
    ).encode(color=alt.condition("datum.is_strong", alt.value(colours.on_accent), alt.value(colours.text)))
    return finished(alt.layer(cell, words).properties(height=HEAT_STEP * rows + 28), colours)


@lru_cache(maxsize=32)
def scatter(x_axis: str, y_axis: str, x_title: str, y_title: str, colours: Palette) -> Spec:
    """A point per name, by two metrics; the axes need not begin at 0, for places are compared.

    Data: `name`, `title` (the name where there is room for it), `x`, `y`, `x_words`, `y_words`.
    """
    title: dict[str, Any] = {"titleColor": colours.muted, "titleFontWeight": 500, "titleFontSize": 12}
    base = alt.Chart(NUMBERS).encode(
        x=alt.X(
            "x:Q",
            axis=alt.Axis(labelExpr=x_axis, tickCount=5, grid=True, title=x_title, **title),
            scale=alt.Scale(zero=False, nice=True, padding=24),
        ),
        y=alt.Y(
            "y:Q",
            axis=alt.Axis(
                labelExpr=y_axis,
                tickCount=5,
                title=y_title,
                titleAngle=0,
                titleAlign="left",
                titleAnchor="end",
                titleX=0,
                titleY=-14,
                **title,
            ),
            scale=alt.Scale(zero=False, nice=True, padding=24),
        ),
        tooltip=tooltips({"name": "Of", "x_words": x_title, "y_words": y_title}),
    )
    points = base.mark_point(filled=True, size=90, color=colours.accent, opacity=0.8)
    names = base.mark_text(align="left", baseline="middle", dx=9, fontSize=12).encode(text="title:N")
    chart = alt.layer(points, names)
    return finished(chart.properties(height=HEIGHT + 60), colours)
