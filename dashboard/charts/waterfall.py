"""From one total to another by contributions, top to bottom: the words stand above the bars."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import NUMBERS, Spec, finished, tooltips
from dashboard.charts.rows import row_axis, words
from dashboard.theme import Palette

STEP, BAR = 44, 12


@lru_cache(maxsize=32)
def waterfall(count: int, colours: Palette) -> Spec:
    """`count` rows: the totals as ticks, for the scale need not begin at 0, the contributions as bars.

    Data: `name` (unique), `start`, `end`, `kind` (`whole`, `better`, `worse`, `neither`), `words`. Each bar
    begins where the one above ends.
    """
    scale = alt.Scale(range=[4, alt.ExprRef("width - 4")], nice=False, zero=False)
    y = row_axis("name", range=[0, STEP * count])
    at = 27 - STEP / 2
    base = alt.Chart(NUMBERS).encode(y=y, tooltip=tooltips({"name": "Of", "words": "Amount"}))
    colour = (
        alt.when("datum.kind == 'better'")
        .then(alt.value(colours.better))
        .when("datum.kind == 'worse'")
        .then(alt.value(colours.worse))
        .otherwise(alt.value(colours.accent))
    )
    steps = base.transform_filter("datum.kind != 'whole'")
    bar = steps.mark_bar(height=BAR, yOffset=at, cornerRadius=2).encode(
        x=alt.X("start:Q", axis=None, scale=scale), x2="end:Q", color=colour
    )
    totals = (
        base.transform_filter("datum.kind == 'whole'")
        .mark_tick(color=colours.text, thickness=4, height=BAR + 4, yOffset=at)
        .encode(x=alt.X("end:Q", axis=None, scale=scale))
    )
    chart = alt.layer(
        words("name", "name", STEP, fontWeight=600),
        words("name", "words", STEP, align="right"),
        bar,
        totals,
    )
    return finished(chart.properties(height=STEP * count), colours, has_axes=False)
