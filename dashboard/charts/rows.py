"""Charts of rows in which the words stand above the bars: they read on a phone as on a wide screen."""

from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, Spec, finished, tooltips
from dashboard.theme import Palette

FUNNEL_STEP, NOTE_HEIGHT = 74, 20
RETURN_WORDS_WIDTH = 190
RETURN_STEP, STACK_STEP = 54, 46
WORDS_AT = 10


def row_axis(name: str, **scale: Any) -> alt.Y:
    """The rows from top to bottom in the order of the data."""
    return alt.Y(f"{name}:N", sort=None, axis=None, scale=alt.Scale(type="band", padding=0, **scale))


def across(column: str, domain: list[float] | None = None) -> alt.X:
    """The horizontal place of a value, over the whole width."""
    limits: dict[str, Any] = {} if domain is None else {"domain": domain}
    scale = alt.Scale(range=[0, alt.ExprRef("width")], nice=False, zero=True, **limits)
    return alt.X(f"{column}:Q", axis=None, scale=scale)


def words(name: str, column: str, step: int, at: int = WORDS_AT, **look: Any) -> alt.Chart:
    """Words in each row, `at` pixels below its upper edge, at its left end or (`align="right"`) its right."""
    look = {"align": "left", "fontSize": 13, **look}
    end = alt.value(alt.ExprRef("width")) if look["align"] == "right" else alt.value(0)
    text: alt.Chart = alt.Chart(NUMBERS).mark_text(baseline="middle", dy=at - step / 2, **look)
    return text.encode(x=end, y=row_axis(name), text=f"{column}:N")


@lru_cache(maxsize=8)
def funnel(count: int, colours: Palette) -> Spec:
    """`count` steps from top to bottom, each bar as long as the share of sessions that reach it.

    Data: `step`, `rate` and `earlier_rate` (0 to 1, of this step and of the one before), `words` (at the
    right), `note` (below the bar); `count_words`, `rate_words`, `on_words`, `left_words` for the tooltip.
    """
    step = FUNNEL_STEP
    lines = {
        "step": "Step",
        "count_words": "Sessions",
        "rate_words": "Of all sessions",
        "on_words": "Go on",
        "left_words": "Leave here",
    }
    base = alt.Chart(NUMBERS).encode(y=row_axis("step", range=[0, step * count]), tooltip=tooltips(lines))
    bar = base.mark_bar(height=24, yOffset=33 - step / 2)
    chart = alt.layer(
        bar.encode(x=across("earlier_rate", [0, 1]), color=alt.value(colours.accent_soft)),
        bar.encode(x=across("rate", [0, 1]), color=alt.value(colours.accent)),
        words("step", "step", step, fontWeight=600),
        words("step", "words", step, align="right"),
        words("step", "note", step, at=56, fontSize=12, color=colours.muted),
    )
    return finished(chart.properties(height=step * count - NOTE_HEIGHT), colours, has_axes=False)


@lru_cache(maxsize=8)
def returns(name: str, colours: Palette) -> Spec:
    """Attributed net sales above ad spend on one scale, a row per channel or campaign.

    Data: `row` (unique), `<name>` (null for a channel), `title`, `is_channel`, `is_chosen`, `spend`,
    `net_sales`, `words` (at the right); for the tooltip `spend_words`, `net_sales_words`, `return_words`,
    `click_words`. A click anywhere on the row of a campaign selects it.
    """
    step = RETURN_STEP
    lines = {
        "title": "Campaign",
        "net_sales_words": "Net sales",
        "spend_words": "Spend",
        "return_words": "Return on ad spend",
        "click_words": "Cost per click",
    }
    base = alt.Chart(NUMBERS).encode(y=row_axis("row"), tooltip=tooltips(lines))
    strength = (
        alt.when("!datum.is_chosen")
        .then(alt.value(0.2))
        .when("datum.is_channel")
        .then(alt.value(1))
        .otherwise(alt.value(0.55))
    )
    cursor = alt.ExprRef("datum.is_channel ? 'default' : 'pointer'")
    hit = (
        base.mark_bar(height=step, color="transparent", cursor=cursor, aria=False)
        .encode(x=alt.value(0), x2=alt.value(alt.ExprRef("width")))
        .add_params(alt.selection_point(name=CHOSEN, fields=[name], toggle=False))
    )
    title = words("row", "title", step, limit=alt.ExprRef(f"width - {RETURN_WORDS_WIDTH}"))
    title = title.encode(
        color=alt.condition("datum.is_channel", alt.value(colours.text), alt.value(colours.muted))
    )
    chart = alt.layer(
        hit,
        base.mark_bar(height=12, yOffset=26 - step / 2, cursor=cursor).encode(
            x=across("net_sales"), color=alt.value(colours.accent), opacity=strength
        ),
        base.mark_bar(height=6, yOffset=36 - step / 2, cursor=cursor).encode(
            x=across("spend"), color=alt.value(colours.target), opacity=strength
        ),
        title,
        words("row", "words", step, align="right", fontSize=12.5),
    )
    return finished(chart.properties(height=alt.Step(step)), colours, has_axes=False)


@lru_cache(maxsize=64)
def stacks(name: str, kinds: tuple[tuple[str, str], ...], count: int, colours: Palette) -> Spec:
    """`count` bars, each in parts; `kinds`: the parts from left to right, each with its palette's colour.

    Data, a row per part: `<name>`, `title` (in the row's first part only), `kind`, `start`, `end`, `words`
    (the row's total, in its first part only), `part_words`.
    """
    step = STACK_STEP
    lines = {name: name.replace("_", " ").capitalize(), "kind": "Furthest step", "part_words": "Sessions"}
    base = alt.Chart(NUMBERS).encode(y=row_axis(name), tooltip=tooltips(lines))
    colour = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(
            domain=[kind for kind, _ in kinds], range=[getattr(colours, colour) for _, colour in kinds]
        ),
    )
    bar = base.mark_bar(height=16, yOffset=28 - step / 2, cornerRadius=0, stroke=colours.surface).encode(
        x=across("start"), x2="end", color=colour
    )
    chart = alt.layer(
        bar,
        words(name, "title", step, fontWeight=600, limit=alt.ExprRef("width - 90")),
        words(name, "words", step, align="right"),
    )
    return finished(chart.properties(height=step * count), colours, has_axes=False)
