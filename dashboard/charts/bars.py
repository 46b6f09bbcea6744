"""Bars of net sales, beside each its amount and change."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, Spec, change_colour, emphasis, finished, tooltips
from dashboard.theme import Palette

STEP = 34
AMOUNT_WIDTH, CHANGE_WIDTH = 72, 84


@lru_cache(maxsize=32)
def bars(name: str, has_before: bool, colours: Palette) -> Spec:
    """Net sales by a group-by name, a bar per row in the order of the data; ticks: what it is compared with.

    Data: `<name>`, `net_sales`, `before`, `is_chosen`, `amount_words`, `before_words`, `change_words`,
    `share_words`. A click selects a bar.
    """
    click = alt.selection_point(name=CHOSEN, fields=[name], toggle=False)
    lines = {
        name: name.capitalize(),
        "amount_words": "Net sales",
        "share_words": "Share",
        "before_words": "Compared with",
        "change_words": "Change",
    }
    axis = alt.Axis(labelColor=colours.text, labelFontSize=13, labelLimit=150)
    base = alt.Chart(NUMBERS).encode(y=alt.Y(f"{name}:N", sort=None, axis=axis), tooltip=tooltips(lines))
    room = alt.ExprRef(f"width - {AMOUNT_WIDTH + CHANGE_WIDTH}")
    scale = alt.Scale(range=[0, room], nice=False, zero=True)
    bar = base.mark_bar(height=16, cursor="pointer").encode(
        x=alt.X("net_sales:Q", axis=None, scale=scale), color=emphasis(colours)
    )
    tick = base.mark_tick(color=colours.text, thickness=1.5, height=24).encode(
        x=alt.X("before:Q", axis=None, scale=scale)
    )
    text = base.mark_text(align="right", fontSize=13)
    amounts = text.encode(x=alt.value(alt.ExprRef(f"width - {CHANGE_WIDTH}")), text="amount_words:N")
    changes = text.encode(x=alt.value("width"), text="change_words:N", color=change_colour(colours))
    chart = alt.layer(bar.add_params(click), *([tick] if has_before else []), amounts, changes)
    return finished(chart.properties(height=alt.Step(STEP)), colours)
