"""The smallest effect that an experiment finds, by how long it runs."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import NUMBERS, Spec, finished, tooltips
from dashboard.theme import Palette

HEIGHT = 240


@lru_cache(maxsize=4)
def curve(colours: Palette) -> Spec:
    """The effect by days, with the plan's own point marked.

    Data: `days`, `effect` (relative), `chosen` (the effect in the plan's row, else null), `label` (at that
    point); for the tooltip `days_words`, `units_words`, `words`.
    """
    days = alt.X(
        "days:Q",
        axis=alt.Axis(labelExpr="format(datum.value, ',')", tickCount=6, labelFlush=True),
        scale=alt.Scale(zero=True, nice=False),
    )

    def height(column: str) -> alt.Y:
        axis = alt.Axis(labelExpr="(datum.value > 0 ? '+' : '') + format(datum.value, '~%')", tickCount=5)
        return alt.Y(f"{column}:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))

    base = alt.Chart(NUMBERS).encode(x=days)
    nearest = alt.selection_point(
        name="pointer", nearest=True, on="pointerover", clear="pointerout", fields=["days"], empty=False
    )
    lines = {"days_words": "After", "units_words": "Units", "words": "Smallest effect found"}
    rule = (
        base.mark_rule(color=colours.muted, strokeWidth=1)
        .encode(opacity=alt.condition(nearest, alt.value(0.6), alt.value(0)), tooltip=tooltips(lines))
        .add_params(nearest)
    )
    line = base.mark_line(color=colours.accent, strokeWidth=2, interpolate="monotone").encode(
        y=height("effect")
    )
    dot = base.mark_point(filled=True, color=colours.target, size=120, opacity=1).encode(y=height("chosen"))
    label = base.mark_text(align="left", baseline="bottom", dx=8, dy=-6, fontSize=13, fontWeight=600).encode(
        y=height("chosen"), text="label:N"
    )
    return finished(alt.layer(line, rule, dot, label).properties(height=HEIGHT), colours)
