"""How much of a whole its largest parts make."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import NUMBERS, RATE_AXIS, ROWS, Spec, finished, tooltips
from dashboard.theme import Palette

HEIGHT = 300


@lru_cache(maxsize=8)
def concentration(colours: Palette) -> Spec:
    """The share of net sales that the customers with the highest make; below it that of equal ones.

    Data: `numbers`, from no customer to all: `customer_rate`, `net_sales_rate` (0 to 1, more where some
    customers have negative net sales), `customers_words`, `net_sales_words`. `rows`: the point that is
    marked, with its `label`.
    """
    axis = alt.Axis(labelExpr=RATE_AXIS, tickCount=5, labelFlush=True)
    x = alt.X("customer_rate:Q", axis=axis, scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("net_sales_rate:Q", axis=axis, scale=alt.Scale(zero=True, nice=False))
    lines = {"customers_words": "Top customers", "net_sales_words": "Net sales"}
    base = alt.Chart(NUMBERS).encode(x=x)
    equal = base.mark_line(color=colours.earlier, strokeDash=[3, 3], strokeWidth=1.5).encode(
        y=alt.Y("customer_rate:Q", axis=axis)
    )
    area = base.mark_area(color=colours.accent, opacity=0.12, aria=False).encode(y=y)
    line = base.mark_line(color=colours.accent, strokeWidth=2.5).encode(y=y)
    pointer = alt.selection_point(
        name="pointer",
        nearest=True,
        on="pointerover",
        clear="pointerout",
        fields=["customer_rate"],
        empty=False,
    )
    rule = (
        base.mark_rule(color=colours.muted)
        .encode(opacity=alt.condition(pointer, alt.value(0.6), alt.value(0)), tooltip=tooltips(lines))
        .add_params(pointer)
    )
    marked = alt.Chart(ROWS).encode(x=x, y=y)
    dot = marked.mark_point(filled=True, size=80, color=colours.accent, opacity=1).encode(
        tooltip=tooltips(lines)
    )
    label = marked.mark_text(
        align="left", baseline="middle", dx=11, dy=9, fontWeight=600, fontSize=13
    ).encode(text="label:N")
    ends = base.transform_filter("datum.customer_rate == 1")
    names = ends.mark_text(align="right", color=colours.muted, dx=-4).encode(
        x=alt.value(alt.ExprRef("width * 0.98")),
        y=alt.value(alt.ExprRef("height * 0.84")),
        text=alt.value("if all brought the same"),
    )
    return finished(alt.layer(area, equal, line, dot, label, names, rule).properties(height=HEIGHT), colours)
