"""Bullets: a bar against its target, on bands that say how near it is."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, Spec, emphasis, finished, tooltips
from dashboard.charts.rows import across, row_axis, words
from dashboard.theme import Palette

STEP, BAND_AT = 52, 32
BANDS = {"far": 0.9, "near": 1.0, "over": 1.1}
"""Where the bands end, as shares of the target."""
SHADES = {"over": 0.14, "near": 0.27, "far": 0.4}
WORDS_WIDTH = 175


@lru_cache(maxsize=32)
def bullets(name: str, has_targets: bool, colours: Palette) -> Spec:
    """Net sales by a group-by name against their targets, all rows on one scale from 0.

    Data: `<name>`, `net_sales`, `target`, `far`, `near`, `over` (where the bands end; null without a target),
    `is_chosen`, `words` (at the right); for the tooltip `net_sales_words`, `target_words`, `share_words`,
    `rest_words`. A click anywhere on a row selects it.
    """
    click = alt.selection_point(name=CHOSEN, fields=[name], toggle=False)
    lines = {name: name.capitalize(), "net_sales_words": "Net sales"}
    if has_targets:
        lines |= {"target_words": "Target", "share_words": "Of target", "rest_words": "Beyond it"}
    base = alt.Chart(NUMBERS).encode(y=row_axis(name), tooltip=tooltips(lines))
    hit = base.mark_bar(height=STEP, color="transparent", cursor="pointer", aria=False).encode(
        x=alt.value(0), x2=alt.value(alt.ExprRef("width"))
    )
    at = BAND_AT - STEP / 2
    bands = [
        base.mark_bar(
            height=22,
            yOffset=at,
            cornerRadius=0,
            color=colours.earlier,
            opacity=shade,
            cursor="pointer",
            aria=False,
        ).encode(x=across(band))
        for band, shade in SHADES.items()
    ]
    bar = base.mark_bar(height=10, yOffset=at, cursor="pointer").encode(
        x=across("net_sales"), color=emphasis(colours)
    )
    tick = base.mark_tick(color=colours.text, thickness=2.5, height=22, yOffset=at, cursor="pointer").encode(
        x=across("target")
    )
    chart = alt.layer(
        hit.add_params(click),
        *(bands if has_targets else []),
        bar,
        *([tick] if has_targets else []),
        words(name, name, STEP, fontWeight=600, limit=alt.ExprRef(f"width - {WORDS_WIDTH}")),
        words(name, "words", STEP, align="right"),
    )
    return finished(chart.properties(height=alt.Step(STEP)), colours, has_axes=False)
