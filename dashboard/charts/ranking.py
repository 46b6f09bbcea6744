"""A ranking: who is first, by how much, and how that changed."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, Spec, change_colour, emphasis, finished, tooltips
from dashboard.charts.rows import row_axis, words
from dashboard.theme import Palette

STEP, RANK, CHANGE = 58, 30, 66


@lru_cache(maxsize=32)
def ranking(name: str, has_before: bool, colours: Palette) -> Spec:
    """Rows in the order of the data, bars of net sales; ticks: what they are compared with.

    Data: `<name>` (unique), `rank`, `net_sales`, `before`, `is_chosen`, `amount_words`, `change_words`,
    `note` and `margin_words` (below the bar); for the tooltip `exact_words`, `before_words`,
    `rank_before_words`. A click anywhere on a row selects it.
    """
    lines = {
        name: name.capitalize(),
        "rank": "Rank",
        "rank_before_words": "Rank before",
        "exact_words": "Net sales",
        "before_words": "Compared with",
        "change_words": "Change",
        "margin_words": "Gross margin",
    }
    base = alt.Chart(NUMBERS).encode(y=row_axis(name))
    scale = alt.Scale(range=[RANK, alt.ExprRef("width")], nice=False, zero=True)
    bar = base.mark_bar(height=11, yOffset=26 - STEP / 2, aria=False).encode(
        x=alt.X("net_sales:Q", axis=None, scale=scale), color=emphasis(colours)
    )
    tick = base.mark_tick(
        color=colours.text, thickness=1.5, height=19, yOffset=26 - STEP / 2, aria=False
    ).encode(x=alt.X("before:Q", axis=None, scale=scale))
    hit = (
        base.mark_bar(height=STEP, color="transparent", cursor="pointer")
        .encode(x=alt.value(0), x2=alt.value(alt.ExprRef("width")), tooltip=tooltips(lines))
        .add_params(alt.selection_point(name=CHOSEN, fields=[name], toggle=False))
    )
    limit = alt.ExprRef(f"width - {RANK + CHANGE + 56}")
    title = words(name, name, STEP, fontWeight=600, limit=limit).encode(x=alt.value(RANK))
    amount = words(name, "amount_words", STEP, align="right").encode(
        x=alt.value(alt.ExprRef(f"width - {CHANGE}"))
    )
    change = words(name, "change_words", STEP, align="right").encode(color=change_colour(colours))
    note = words(name, "note", STEP, at=43, fontSize=11.5, color=colours.muted).encode(x=alt.value(RANK))
    margin = words(name, "margin_words", STEP, at=43, align="right", fontSize=11.5, color=colours.muted)
    rank = words(name, "rank", STEP, fontWeight=600, color=colours.muted)
    chart = alt.layer(bar, *([tick] if has_before else []), rank, title, amount, change, note, margin, hit)
    return finished(chart.properties(height=alt.Step(STEP)), colours, has_axes=False)
