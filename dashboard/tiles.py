"""The tiles: numbers in, one piece of HTML out. Sparklines are CSS masks: they take the theme's colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

WIDTH, HEIGHT, MARGIN = 200.0, 34.0, 3.0


@dataclass(frozen=True)
class Tile:
    """A number with its history. `change` is its size and words, None where nothing can be compared.

    `better` is the sign of a change for the better, 0 where it is neither better nor worse.
    """

    label: str
    meaning: str
    value: str
    change: tuple[float, str] | None
    compared_with: str
    history: Sequence[float | None]
    better: int = 1
    note: str = ""


def html(tiles: Sequence[Tile]) -> str:
    """The tiles side by side, as a description list."""
    return f'<dl class="tiles" style="--count: {len(tiles)}">{"".join(map(tile_html, tiles))}</dl>'


def tile_html(tile: Tile) -> str:
    """One tile: label, value, change as arrow, sign and colour, sparkline."""
    return (
        f'<div class="tile" title="{escape(tile.meaning)}"><dt>{escape(tile.label)}</dt>'
        f'<dd class="value">{escape(tile.value)}</dd>'
        f"{change_html(tile)}{note_html(tile)}"
        f'<dd class="spark" aria-hidden="true" style="{spark_style(tile.history)}"></dd></div>'
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


def spark_svg(history: Sequence[float | None]) -> str:
    """A line over the known values, from 0 or the lowest to the highest, with a faint area below."""
    known = [value for value in history if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if known and min(known) > 0.5 * high:
        low = min(known) - 0.15 * (high - min(known))
    step = WIDTH / max(1, len(history) - 1)
    usable = HEIGHT - 2 * MARGIN
    points = [
        (index * step, MARGIN + usable * (1 - (value - low) / ((high - low) or 1)))
        for index, value in enumerate(history)
        if value is not None
    ]
    if len(points) == 1:
        points = [(0.0, points[0][1]), (WIDTH, points[0][1])]
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"/>'
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
        ' preserveAspectRatio="none">'
        f'<path d="M{points[0][0]:.1f} {HEIGHT:g}L{line}L{points[-1][0]:.1f} {HEIGHT:g}Z" opacity=".13"/>'
        f'<path d="M{line}" fill="none" stroke="#000" stroke-width="1.75" stroke-linejoin="round"'
        f' stroke-linecap="round" vector-effect="non-scaling-stroke"/></svg>'
    )
