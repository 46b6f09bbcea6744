"""What all charts share: where the data comes in, the look, and a few marks."""

from typing import Any, TypeAlias

import altair as alt
import pyarrow as pa

from dashboard.formats import MINUS
from dashboard.theme import Palette, chart_config

PADDING = {"left": 0, "top": 6, "right": 0, "bottom": 8}
BELOW_ZERO = f"(datum.value < 0 ? '{MINUS}' : '')"
COMPACT = (
    "(abs(datum.value) < 1 ? format(abs(datum.value), '.3~f')"
    " : upper(replace(format(abs(datum.value), '.3~s'), 'G', 'B')))"
)
MONEY_AXIS = f"{BELOW_ZERO} + '$' + {COMPACT}"
COUNT_AXIS = f"{BELOW_ZERO} + {COMPACT}"
RATE_AXIS = f"{BELOW_ZERO} + format(abs(datum.value), '~%')"
"""How axes name their values, exactly: 1.5K, 0.25, 45.5%."""
TIME_AXIS = "split(datum.value, '|')[1]"
CHOSEN, BRUSHED = "chosen", "brushed"
CHANGE_WIDTH = 70
NUMBERS, ROWS = alt.NamedData("numbers"), alt.NamedData("rows")

Spec = dict[str, Any]
Tables: TypeAlias = pa.Table | dict[str, pa.Table]
"""A chart's data: `numbers` alone, or each table by its name, `numbers` first."""


def time_axis(*, is_flush: bool = False, offset: int = 0) -> alt.X:
    """The parts of a period from left to right, their labels `offset` pixels below the drawing.

    `is_flush`: the outer labels end where the chart ends.
    Data: `part`, its first day (ISO 8601), `|`, what the axis says.
    """
    align: Any = "center"
    if is_flush:
        align = {
            "condition": [
                {"test": "datum.index === 0", "value": "left"},
                {"test": "datum.index === 1", "value": "right"},
            ],
            "value": "center",
        }
    axis = alt.Axis(
        labelExpr=TIME_AXIS,
        labelOverlap="parity",
        labelSeparation=12,
        labelAngle=0,
        labelAlign=align,
        offset=offset,
    )
    return alt.X("part:O", axis=axis, scale=alt.Scale(type="point", padding=0))


def bar_axis(offset: int = 0) -> alt.Axis:
    """The names of parts of time below bars; `offset` in pixels makes room for what stands above them."""
    return alt.Axis(
        labelExpr=TIME_AXIS, labelOverlap="parity", labelSeparation=12, labelAngle=0, offset=offset
    )


def change_colour(colours: Palette) -> Any:
    """The colour of `change_words` by its sign, where more is better."""
    return (
        alt.when("datum.change_words[0] == '+'")
        .then(alt.value(colours.better))
        .when(f"datum.change_words[0] == '{MINUS}'")
        .then(alt.value(colours.worse))
        .otherwise(alt.value(colours.muted))
    )


def emphasis(colours: Palette) -> Any:
    """The accent for what is chosen, a soft one for the rest. Data: `is_chosen`."""
    return alt.condition("datum.is_chosen", alt.value(colours.accent), alt.value(colours.accent_soft))


def tooltips(titles: dict[str, str]) -> list[alt.Tooltip]:
    """Columns of words as lines of a tooltip, by column."""
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]


def finished(chart: alt.LayerChart | alt.FacetChart, colours: Palette, *, has_axes: bool = True) -> Spec:
    """The chart as Vega-Lite, as wide as its container, in the project's look.

    Its height is that of its drawing, or an `alt.Step` for each row of its data. Without axes nothing stands
    outside the drawing, and Vega need not measure it.
    """
    spec: Spec = chart.properties(width="container", padding=PADDING).to_dict()
    if not has_axes:
        spec["autosize"] = {"type": "none", "contains": "padding"}
    return {**spec, "config": chart_config(colours)}


def drawn_from(spec: Spec, tables: Tables) -> Spec:
    """The chart with its data, and as high as these need it, the padding on top."""
    found = tables if isinstance(tables, dict) else {NUMBERS.name: tables}
    height = spec["height"]
    if isinstance(height, dict):
        height = height["step"] * len(found[NUMBERS.name])
    return {**spec, "height": height + PADDING["top"] + PADDING["bottom"], "datasets": found}
