"""The tiles: a metric's number, its change and its history; one small control away, what lies behind it.

Sparklines are CSS masks: they take the theme's colour.
"""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

import streamlit as st

from dashboard.charts.spark import spark_svg
from dashboard.components import details, export
from dashboard.exports.report import Tiles
from dashboard.metrics import Served
from dashboard.queries.figures import Figures, Shown, Tile, tiles_of


def show(served: Served, shown: Figures, how: Mapping[str, Shown]) -> None:
    """A tile per metric, side by side."""
    tiles = tiles_of(served, shown, how)
    export.report().add(Tiles(tuple(tiles)))
    with st.container(key="tiles"):
        for name, tile, column in zip(how, tiles, st.columns(len(tiles), gap=None), strict=True):
            with column:
                st.html(html(tile))
                if st.button(f"More about {tile.label}", icon=":material/more_horiz:", key=f"more-{name}"):
                    details.show(served, shown, name, how[name])


def html(tile: Tile) -> str:
    """One tile, a description list: label, value, change as arrow, sign and colour, sparkline."""
    return (
        f'<dl class="tile" title="{escape(tile.meaning)}"><dt>{escape(tile.label)}</dt>'
        f'<dd class="value">{escape(tile.value)}</dd>'
        f"{change_html(tile)}{note_html(tile)}"
        f'<dd class="spark" aria-hidden="true" style="{spark_style(tile.history)}"></dd></dl>'
    )


def change_html(tile: Tile) -> str:
    """The change in words, with an arrow, and the colour of better or worse."""
    if tile.change is None:
        return '<dd class="change">nothing to compare with</dd>'
    size, words = tile.change
    arrow = "" if words[0].isdigit() else "▲ " if size > 0 else "▼ "
    kind = {1: "better", -1: "worse"}.get(tile.better if size > 0 else -tile.better, "") if arrow else ""
    compared_with = f"<span>{escape(tile.compared_with)}</span>"
    return f'<dd class="change {kind}"><b>{arrow}{escape(words)}</b> {compared_with}</dd>'


def note_html(tile: Tile) -> str:
    """What the number counts, where its name does not say it."""
    return f'<dd class="note">{escape(tile.note)}</dd>' if tile.note else ""


def spark_style(history: Sequence[float | None]) -> str:
    """The CSS that cuts the sparkline out of the tile's accent colour."""
    picture = f'url("data:image/svg+xml,{quote(spark_svg(history))}")'.replace('"', "&quot;")
    return f"-webkit-mask:{picture} 0 0/100% 100% no-repeat;mask:{picture} 0 0/100% 100% no-repeat"
