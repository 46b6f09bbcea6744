"""An effect over time as it was known after each day, within its two intervals."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import NUMBERS, TIME_AXIS, Spec, finished, tooltips
from dashboard.formats import MINUS
from dashboard.theme import Palette

LEAST_HEIGHT = 300
SIGNED_AXIS = f"(datum.value > 0 ? '+' : datum.value < 0 ? '{MINUS}' : '') + format(abs(datum.value), ',~g')"


@lru_cache(maxsize=16)
def looks(height: int, is_single: bool, colours: Palette) -> Spec:
    """The effect by day, a narrow interval within a wide one, no effect marked.

    Data: `part` (as for a trend, most days without words on the axis), `label`, `effect`, `effect_lower`,
    `effect_upper`, `always_valid_lower`, `always_valid_upper`; for the tooltip `effect_words`,
    `always_valid_words`, `units`.
    """
    days = alt.X(
        "part:O",
        axis=alt.Axis(labelExpr=TIME_AXIS, labelAngle=0, labelOverlap=False),
        scale=alt.Scale(type="point", padding=0),
    )
    base = alt.Chart(NUMBERS).encode(x=days)

    def place(column: str) -> alt.Y:
        axis = alt.Axis(labelExpr=SIGNED_AXIS, tickCount=6)
        return alt.Y(f"{column}:Q", axis=axis, scale=alt.Scale(zero=True, nice=False))

    wide = base.mark_area(color=colours.accent_soft, opacity=0.45).encode(
        y=place("always_valid_lower"), y2="always_valid_upper"
    )
    edges = [
        base.mark_line(color=colours.earlier, strokeWidth=1, strokeDash=[3, 3]).encode(y=place(column))
        for column in ("always_valid_lower", "always_valid_upper")
    ]
    narrow = base.mark_area(color=colours.accent, opacity=0.35).encode(
        y=place("effect_lower"), y2="effect_upper"
    )
    zero = (
        alt.Chart(NUMBERS)
        .mark_rule(color=colours.text, strokeWidth=1)
        .encode(y=alt.Y(datum=0, type="quantitative"))
    )
    line = base.mark_line(
        color=colours.accent_strong,
        strokeWidth=2,
        strokeJoin="round",
        point={"size": 50, "filled": True, "color": colours.accent_strong} if is_single else False,
    ).encode(y=place("effect"))
    nearest = alt.selection_point(
        name="pointer", nearest=True, on="pointerover", clear="pointerout", fields=["part"], empty=False
    )
    lines = {
        "label": "After",
        "effect_words": "Looking once",
        "always_valid_words": "Looking every day",
        "units": "Units",
    }
    rule = (
        base.mark_rule(color=colours.muted, strokeWidth=1)
        .encode(opacity=alt.condition(nearest, alt.value(0.6), alt.value(0)), tooltip=tooltips(lines))
        .add_params(nearest)
    )
    dot = base.mark_point(filled=True, color=colours.accent_strong, size=60).encode(
        y=place("effect"), opacity=alt.condition(nearest, alt.value(1), alt.value(0))
    )
    chart = alt.layer(wide, *edges, narrow, zero, line, rule, dot)
    return finished(chart.properties(height=max(LEAST_HEIGHT, height)), colours)
