"""Two shares for each row, one above the other: of the customers, and of what they bring."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, Spec, finished, tooltips
from dashboard.charts.rows import across, row_axis, words
from dashboard.theme import Palette

STEP = 46


@lru_cache(maxsize=32)
def pairs(name: str, *, is_clickable: bool, colours: Palette) -> Spec:
    """The share of customers and of net sales of each row, on one scale.

    Data: `<name>` (unique), `customer_rate`, `net_sales_rate` (0 to 1, null where there is none), `words` (at
    the right), `is_chosen`; for the tooltip `customers_words`, `net_sales_words`, `each_words`. A click
    anywhere on a row selects it where `is_clickable`.
    """
    lines = {
        name: name.capitalize(),
        "customers_words": "Customers",
        "net_sales_words": "Net sales",
        "each_words": "Per customer",
    }
    base = alt.Chart(NUMBERS).encode(y=row_axis(name))
    strength = alt.condition("datum.is_chosen", alt.value(1), alt.value(0.35))
    bar = base.mark_bar(cornerRadiusEnd=2, aria=False)
    upper = bar.mark_bar(height=8, yOffset=25 - STEP / 2, aria=False).encode(
        x=across("customer_rate"), color=alt.value(colours.earlier), opacity=strength
    )
    lower = bar.mark_bar(height=8, yOffset=34 - STEP / 2, aria=False).encode(
        x=across("net_sales_rate"), color=alt.value(colours.accent), opacity=strength
    )
    hit = base.mark_bar(
        height=STEP, color="transparent", cursor="pointer" if is_clickable else "default"
    ).encode(x=alt.value(0), x2=alt.value(alt.ExprRef("width")), tooltip=tooltips(lines))
    if is_clickable:
        hit = hit.add_params(alt.selection_point(name=CHOSEN, fields=[name], toggle=False))
    chart = alt.layer(
        upper,
        lower,
        words(name, name, STEP, fontWeight=600, limit=alt.ExprRef("width - 110")),
        words(name, "words", STEP, align="right", fontSize=12.5),
        hit,
    )
    return finished(chart.properties(height=alt.Step(STEP)), colours, has_axes=False)
