"""Boxes and the arrows between them: what an entry of the catalog comes from and goes into."""

from functools import lru_cache

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, ROWS, Spec, finished, tooltips
from dashboard.theme import Palette

STEP = 60
INSET = 9
WIDTH = 0.86
"""Of a box, as a share of its column."""


@lru_cache(maxsize=64)
def lineage(columns: int, rows: float, colours: Palette) -> Spec:
    """Boxes in `columns` from left to right over a height of `rows`. A click selects a box by its `id`.

    Data, `numbers`, a row per box: `id`, `left`, `right` (columns), `top`, `bottom` (rows), `name` (of one or
    two lines), `kind`, `is_own` (what it is all about), `is_published`; `full_name`, `owner`, `tests` for the
    tooltip. `rows`, a row per point of an arrow, from left to right: `arrow`, `x`, `y`, `is_own`.
    """
    click = alt.selection_point(name=CHOSEN, fields=["id"], toggle=False)
    across = alt.Scale(domain=[0, columns], range=[0, alt.ExprRef("width")], nice=False)
    down = alt.Scale(domain=[0, rows], range=[0, STEP * rows], nice=False)

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", axis=None, scale=across)

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", axis=None, scale=down)

    own, published = alt.datum.is_own, alt.datum.is_published
    arrows = (
        alt.Chart(ROWS)
        .mark_line(interpolate="monotone", strokeWidth=1.5)
        .encode(
            x=x("x"),
            y=y("y"),
            detail="arrow:N",
            color=alt.when(own).then(alt.value(colours.accent)).otherwise(alt.value(colours.earlier)),
            opacity=alt.when(own).then(alt.value(1)).otherwise(alt.value(0.6)),
        )
    )
    lines = {"full_name": "Name", "kind": "Kind", "owner": "Owner", "tests": "Tests"}
    base = alt.Chart(NUMBERS)
    box = base.mark_rect(cornerRadius=7, strokeWidth=1.5, cursor="pointer").encode(
        x=x("left"),
        x2="right",
        y=y("top"),
        y2="bottom",
        fill=alt.when(own).then(alt.value(colours.accent)).otherwise(alt.value(colours.page)),
        stroke=alt.when(own | published).then(alt.value(colours.accent)).otherwise(alt.value(colours.line)),
        tooltip=tooltips(lines),
    )
    room = alt.ExprRef(f"{WIDTH} * width / {columns} - {2 * INSET - 2}")
    written = alt.when(own).then(alt.value(colours.on_accent))
    name = base.encode(x=x("left"), y=y("top"), text="name:N").mark_text(
        align="left",
        baseline="top",
        dx=INSET,
        dy=8,
        fontSize=12,
        fontWeight=600,
        lineBreak="\n",
        lineHeight=14,
        limit=room,
        cursor="pointer",
    )
    kind = base.encode(x=x("left"), y=y("bottom"), text="kind:N").mark_text(
        align="left", baseline="bottom", dx=INSET, dy=-5, fontSize=10.5, cursor="pointer"
    )
    chart = alt.layer(
        arrows,
        box.add_params(click),
        name.encode(color=written.otherwise(alt.value(colours.text))),
        kind.encode(color=written.otherwise(alt.value(colours.muted))),
    )
    return finished(chart.properties(height=STEP * rows), colours, has_axes=False)
