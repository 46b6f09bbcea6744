"""A tile for each of several things, under the heading of its group."""

from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.charts.base import CHOSEN, NUMBERS, ROWS, Spec, change_colour, emphasis, finished, tooltips
from dashboard.theme import Palette

COLUMNS = 2
TILE, HEADING, GAP, INSET, BAR = 96, 38, 8, 11, 5
"""Pixels: the height of a tile with the gap below it, that of a heading, and what is within a tile."""


@lru_cache(maxsize=64)
def tilegrid(name: str, height: int, colours: Palette) -> Spec:
    """Tiles under headings, `height` pixels in all.

    Data: `numbers`, a row per tile: `<name>` (unique), `title`, `column` (from 0), `y` (its upper edge, in
    pixels), `length` (of its bar, 0 to 1), `is_chosen`, `stands_out` (chosen, while others are not), `group`,
    `amount_words`, `change_words`, `since_words`; for the tooltip `before_words`. `rows`, a row per group:
    `group`, `y`, `words`. A click selects a tile.
    """
    lines = {
        name: name.capitalize(),
        "group": "Region",
        "amount_words": "Net sales",
        "before_words": "Compared with",
        "change_words": "Change",
        "since_words": "Open",
    }
    width = f"((width + {GAP}) / {COLUMNS})"
    left = f"datum.column * {width}"
    inner = f"({width} - {GAP + 2 * INSET})"
    base = alt.Chart(NUMBERS)
    meaning = f"datum.{name} + ', ' + datum.group + ': ' + datum.amount_words + ' ' + datum.change_words"
    ground = (
        base.mark_bar(color=colours.page, cornerRadius=7, cursor="pointer", strokeWidth=1.5)
        .encode(
            x=at(f"{left} + 1"),
            x2=at(f"{left} + {width} - {GAP + 1}"),
            y=at("datum.y"),
            y2=at(f"datum.y + {TILE - GAP}"),
            stroke=alt.condition("datum.stands_out", alt.value(colours.accent), alt.value(colours.line)),
            tooltip=tooltips(lines),
            description=at(meaning),
        )
        .add_params(alt.selection_point(name=CHOSEN, fields=[name], toggle=False))
    )
    foot = TILE - GAP - 14

    def bar(length: str, **look: Any) -> alt.Chart:
        marks: alt.Chart = base.mark_bar(cornerRadius=2, aria=False, **look).encode(
            x=at(f"{left} + {INSET}"),
            x2=at(f"{left} + {INSET} + {length} * {inner}"),
            y=at(f"datum.y + {foot}"),
            y2=at(f"datum.y + {foot + BAR}"),
        )
        return marks

    def words(column: str, down: int, *, is_right: bool = False, **look: Any) -> alt.Chart:
        marks: alt.Chart = base.mark_text(
            align="right" if is_right else "left", baseline="middle", limit=alt.ExprRef(inner), **look
        ).encode(
            x=at(f"{left} + {INSET}" + (f" + {inner}" if is_right else "")),
            y=at(f"datum.y + {down}"),
            text=f"{column}:N",
        )
        return marks

    strong = alt.condition("datum.is_chosen", alt.value(colours.text), alt.value(colours.muted))
    group = alt.Chart(ROWS)
    chart = alt.layer(
        ground,
        bar("1", color=colours.line),
        bar("datum.length").encode(color=emphasis(colours)),
        words("title", 17, fontWeight=600, fontSize=13).encode(color=strong),
        words("amount_words", 38, fontSize=13).encode(color=strong),
        words("change_words", 38, is_right=True, fontSize=12.5).encode(color=change_colour(colours)),
        words("since_words", 57, fontSize=11.5, color=colours.muted),
        group.mark_text(align="left", baseline="middle", fontWeight=600, fontSize=13).encode(
            x=alt.value(0), y=at(f"datum.y + {HEADING / 2 + 3}"), text="group:N"
        ),
        group.mark_text(align="right", baseline="middle", fontSize=12.5, color=colours.muted).encode(
            x=at("width"), y=at(f"datum.y + {HEADING / 2 + 3}"), text="words:N"
        ),
    )
    return finished(chart.properties(height=height), colours, has_axes=False)


def at(expression: str) -> Any:
    """What an expression says of each row, as a place in pixels or as words."""
    return alt.value(alt.ExprRef(expression))
