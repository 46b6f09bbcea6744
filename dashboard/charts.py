"""Charts as Vega-Lite, written with Altair. They depend on the kind of data only, never on the numbers.

Altair takes 100 ms to write and check a chart, so each is written once; between clicks only its data travels,
as Arrow, and the browser moves what is drawn instead of drawing it anew. What a chart needs to know of its
numbers comes as a column.
"""

from functools import lru_cache
from typing import Any

import altair as alt
import pyarrow as pa

from dashboard.formats import MINUS
from dashboard.theme import Palette, chart_config

TREND_HEIGHT, BAR_STEP = 300, 34
AMOUNT_WIDTH, CHANGE_WIDTH = 72, 84
PADDING = {"left": 0, "top": 6, "right": 0, "bottom": 8}
MONEY_AXIS = (
    f"(datum.value < 0 ? '{MINUS}' : '') + '$' + upper(replace(format(abs(datum.value), '.3~s'), 'G', 'B'))"
)
TIME_AXIS = "split(datum.value, '|')[1]"
SERIES = {"net_sales": "This period", "year_before": "Year before", "target": "Target"}
SMALLEST_SPAN = 1.0
NUMBERS = alt.NamedData("numbers")

Spec = dict[str, Any]


@lru_cache(maxsize=64)
def trend(columns: frozenset[str], is_single: bool, colours: Palette) -> Spec:
    """Net sales by part of the period, the year before and the target, as far as `columns` have values.

    Data: `part` (its first day, ISO 8601, `|`, what the axis says), `label`, `is_marked` (an open dot);
    `net_sales`, joined by dashes, and above it `net_sales_whole`, joined by a line, without parts that the
    period cuts; `year_before`, `target`; for each series `<name>_words` and, in the last row,
    `<name>_place`: where its name stands.
    """
    axis = alt.Axis(labelExpr=TIME_AXIS, labelOverlap="parity", labelSeparation=12, labelAngle=0)
    scale = alt.Scale(type="point", padding=0)
    base = alt.Chart(NUMBERS).encode(x=alt.X("part:O", axis=axis, scale=scale))
    names = [name for name in SERIES if name in columns]
    others = [
        base.mark_line(
            color=colour_of(name, colours),
            strokeWidth=1.5,
            point={"size": 40, "filled": True, "color": colour_of(name, colours)} if is_single else False,
        ).encode(y=amount(name))
        for name in reversed(names[1:])
    ]
    dashes = base.mark_line(color=colours.accent, strokeWidth=2, strokeDash=[2, 4], strokeCap="round")
    solid = base.mark_line(color=colours.accent, strokeWidth=2.5, strokeJoin="round")
    dots = base.mark_point(color=colours.accent, fill=colours.surface, size=50, strokeWidth=2)
    chart = alt.layer(
        *others,
        dashes.encode(y=amount("net_sales")),
        *([solid.encode(y=amount("net_sales_whole"))] if "net_sales_whole" in columns else []),
        dots.encode(
            y=amount("net_sales"), opacity=alt.condition("datum.is_marked", alt.value(1), alt.value(0))
        ),
        *pointer(base, names, colours),
        *end_labels(base, names, colours),
    )
    return finished(chart.properties(height=TREND_HEIGHT), colours)


def amount(name: str) -> alt.Y:
    """The vertical place of an amount of money."""
    axis = alt.Axis(labelExpr=MONEY_AXIS, tickCount=5)
    return alt.Y(f"{name}:Q", axis=axis, scale=alt.Scale(zero=True, nice=True))


def pointer(base: alt.Chart, names: list[str], colours: Palette) -> list[alt.Chart]:
    """The rule and dot under the pointer, with the part's numbers."""
    nearest = alt.selection_point(
        name="pointer", nearest=True, on="pointerover", clear="pointerout", fields=["part"], empty=False
    )
    tooltip = [alt.Tooltip("label:N", title="Period")]
    tooltip += [alt.Tooltip(f"{name}_words:N", title=SERIES[name]) for name in names]
    rule = (
        base.mark_rule(color=colours.muted, strokeWidth=1)
        .encode(opacity=alt.condition(nearest, alt.value(0.6), alt.value(0)), tooltip=tooltip)
        .add_params(nearest)
    )
    dot = base.mark_point(filled=True, color=colours.accent, size=60).encode(
        y=amount("net_sales"), opacity=alt.condition(nearest, alt.value(1), alt.value(0))
    )
    return [rule, dot]


def end_labels(base: alt.Chart, names: list[str], colours: Palette) -> list[alt.Chart]:
    """The series' names at their last points."""
    return [
        base.mark_text(
            align="left",
            baseline="middle",
            dx=10,
            color=colour_of(name, colours),
            fontWeight=600,
            text=SERIES[name],
        ).encode(y=amount(f"{name}_place"))
        for name in names
    ]


def colour_of(name: str, colours: Palette) -> str:
    """The colour of a series' line and label."""
    return {"net_sales": colours.accent, "year_before": colours.earlier, "target": colours.target}[name]


def spread(values: list[float], gap: float) -> list[float]:
    """The values, moved apart as little as it takes for each two to differ by the gap, in their order."""
    order = sorted(range(len(values)), key=values.__getitem__)
    groups: list[tuple[float, list[int]]] = []
    for index in order:
        centre, members = values[index], [index]
        while groups and centre - groups[-1][0] < gap * (len(members) + len(groups[-1][1])) / 2:
            below, others = groups.pop()
            centre = (below * len(others) + centre * len(members)) / (len(others) + len(members))
            members = others + members
        groups.append((centre, members))
    placed = [0.0] * len(values)
    for centre, members in groups:
        for position, index in enumerate(members):
            placed[index] = centre + gap * (position - (len(members) - 1) / 2)
    return placed


@lru_cache(maxsize=256)
def bars(name: str, count: int, has_before: bool, colours: Palette) -> Spec:
    """Net sales by a group-by name, `count` bars in the order of the data; ticks: the period before, if any.

    Data: `<name>`, `net_sales`, `before`, `change` (numbers or null), `is_chosen`, `amount_words`,
    `before_words`, `change_words`, `share_words`. A click selects a bar (selection `chosen`).
    """
    click = alt.selection_point(name="chosen", fields=[name], toggle=False)
    tooltips = {
        name: name.capitalize(),
        "amount_words": "Net sales",
        "share_words": "Share",
        "before_words": "Period before",
        "change_words": "Change",
    }
    base = alt.Chart(NUMBERS).encode(
        y=alt.Y(
            f"{name}:N", sort=None, axis=alt.Axis(labelColor=colours.text, labelFontSize=13, labelLimit=150)
        ),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in tooltips.items()],
    )
    room = alt.ExprRef(f"width - {AMOUNT_WIDTH + CHANGE_WIDTH}")
    scale = alt.Scale(range=[0, room], nice=False, zero=True)
    colour = alt.condition("datum.is_chosen", alt.value(colours.accent), alt.value(colours.accent_soft))
    bar = base.mark_bar(height=16, cursor="pointer").encode(
        x=alt.X("net_sales:Q", axis=None, scale=scale), color=colour
    )
    tick = base.mark_tick(color=colours.text, thickness=1.5, height=24).encode(
        x=alt.X("before:Q", axis=None, scale=scale)
    )
    text = base.mark_text(align="right", fontSize=13)
    amounts = text.encode(x=alt.value(alt.ExprRef(f"width - {CHANGE_WIDTH}")), text="amount_words:N")
    changes = text.encode(
        x=alt.value("width"),
        text="change_words:N",
        color=alt.when("datum.change_words[0] == '+'")
        .then(alt.value(colours.better))
        .when("datum.change < 0 && datum.change_words[0] != '0'")
        .then(alt.value(colours.worse))
        .otherwise(alt.value(colours.muted)),
    )
    chart = alt.layer(bar.add_params(click), *([tick] if has_before else []), amounts, changes)
    return finished(chart.properties(height=BAR_STEP * count), colours)


def finished(chart: alt.LayerChart | alt.FacetChart, colours: Palette) -> Spec:
    """The chart as Vega-Lite, as wide as its container, in the project's look."""
    spec: Spec = chart.properties(width="container", padding=PADDING).to_dict()
    return {**spec, "config": chart_config(colours)}


def drawn_from(spec: Spec, table: pa.Table) -> Spec:
    """The chart with its data, as Streamlit takes it."""
    return {**spec, "datasets": {NUMBERS.name: table}}
