"""A chart as SVG and as PNG: in the light palette, with title, subtitle and stamp in the picture."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from math import isfinite
from re import sub
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pyarrow as pa

from dashboard.charts.base import Spec, drawn_from
from dashboard.exports import converter, lettering, words
from dashboard.exports.lettering import BOLD, FONTS, MOST_LINES, TITLE_LINES, Line
from dashboard.exports.report import Block, Chart, Page
from dashboard.exports.words import legal
from dashboard.theme import DARK, FONT, LIGHT, MIXED, STATIC, mix

WIDTH, HALF, NARROW = 1000, 490, 330
"""How wide a chart is drawn, in pixels, one that stands beside another, and one that is read on a phone."""
LEAST_WIDTH = 640
"""How wide that one is in a picture by itself: its stamp needs room."""
MARGIN = 28
TITLE, SUBTITLE, FOOTER = 18, 13, 11
LEADING = 1.45
SVG = "http://www.w3.org/2000/svg"
WEB_FONT = STATIC / "inter-latin-wght-normal.woff2"

ElementTree.register_namespace("", SVG)


def light(spec: Spec) -> Spec:
    """The chart in the light palette, whichever it was drawn in: files are read on white."""
    if spec.get("config", {}).get("background") != DARK.surface:
        return spec
    colours = dict(zip(asdict(DARK).values(), asdict(LIGHT).values(), strict=True))
    colours[DARK.page] = LIGHT.page
    colours |= {mix(DARK, name): mix(LIGHT, name) for name in MIXED}
    text = sub(r"#[0-9a-f]{6}", lambda found: colours.get(found[0], found[0]), json.dumps(spec))
    lit: Spec = json.loads(text)
    return lit


def drawings(charts: Sequence[tuple[Chart, int]]) -> list[str]:
    """Charts alone as SVG, each so many pixels wide; text stays text. Raises NotDrawnError."""
    specs = [
        {
            "autosize": {"type": "fit", "contains": "padding"},
            **drawn_from(light(chart.spec), chart.tables),
            "width": width,
            "datasets": {name: rows(table) for name, table in chart.tables.items()},
        }
        for chart, width in charts
    ]
    return converter.drawings([harmless(spec) for spec in specs], str(FONTS))


def harmless(value: Any) -> Any:
    """The value without text that the converter dies of: what XML forbids, and halves of UTF-16 pairs."""
    if isinstance(value, str):
        return sub("[\\U00010000-\\U0010ffff]", lettering.UNKNOWN, legal(value))
    if isinstance(value, dict):
        return {legal(name): harmless(each) for name, each in value.items()}
    return [harmless(each) for each in value] if isinstance(value, list) else value


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a chart's table as JSON takes them."""
    names = table.column_names
    columns = [[plain(value) for value in column.to_pylist()] for column in table.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def plain(value: Any) -> Any:
    """A value as JSON has it: times without a zone, which is UTC; null for what is no number."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return f"{value}T00:00:00"
    if isinstance(value, Decimal):
        value = float(value)
    return None if isinstance(value, float) and not isfinite(value) else value


def charts_of(blocks: Sequence[Block]) -> list[tuple[Chart, int]]:
    """The charts in their order, each with its width in pixels: that of the page, or half beside another."""
    return [
        (item, max(item.least_width, WIDTH) if len(block) == 1 else HALF)
        for block in blocks
        for card in block
        for item in card
        if isinstance(item, Chart)
    ]


def size_of(svg: str) -> tuple[float, float]:
    """The width and height of a drawing in pixels."""
    root = ElementTree.fromstring(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def svg(chart: Chart, page: Page, *, has_font: bool = True) -> str:
    """The chart as a picture that stands for itself; `has_font`: with the page's web font inside.

    Raises NotDrawnError.
    """
    [drawn] = drawings([(chart, LEAST_WIDTH if chart.is_beside else max(chart.least_width, WIDTH))])
    wide, high = size_of(drawn)
    parts, top = head(chart, wide)
    inner = drawn.replace("<svg ", f'<svg x="{MARGIN}" y="{top:g}" ', 1)
    below, total = foot(chart, page, wide, top + high)
    style = f"<style>{font_face()}</style>" if has_font else ""
    outer = wide + 2 * MARGIN
    return (
        f'<svg xmlns="{SVG}" width="{outer:g}" height="{total:g}" viewBox="0 0 {outer:g} {total:g}"'
        f' role="img" lang="en" aria-label="{escape(legal(chart.alt), QUOTES)}">'
        f"<title>{escape(legal(chart.title))}</title>{style}"
        f'<rect width="100%" height="100%" fill="{LIGHT.surface}"/>{parts}{inner}{below}</svg>'
    )


def png(chart: Chart, page: Page) -> bytes:
    """The same picture as PNG, in two pixels for each of its own. Raises NotDrawnError."""
    [picture] = rasters([svg(chart, page, has_font=False)])
    return picture


def rasters(svgs: Sequence[str]) -> list[bytes]:
    """Drawings as PNG, in two pixels for each of their own. Raises NotDrawnError."""
    return converter.rasters(svgs, str(FONTS))


def head(chart: Chart, room: float) -> tuple[str, float]:
    """The title and the subtitle above a chart, and where they end."""
    top, parts = float(MARGIN), []
    for line in lettering.wrapped(lettering.legible(chart.title), TITLE, room, BOLD, TITLE_LINES):
        top += TITLE
        parts.append(text_at(MARGIN, top, line, TITLE, LIGHT.text, weight=600))
        top += TITLE * (LEADING - 1)
    for runs in lettering.lines_of(chart.subtitle, SUBTITLE, room):
        top += SUBTITLE
        parts.append(line_at(MARGIN, top, runs, SUBTITLE))
        top += SUBTITLE * (LEADING - 1)
    return "".join(parts), top + MARGIN / 2


def unsaid(chart: Chart, page: Page) -> str:
    """The page's summary, without its period where the chart's subtitle begins with that."""
    period, _, others = page.summary.partition(", ")
    is_said = words.plain(chart.subtitle).startswith(period)
    return others[:1].upper() + others[1:] if is_said else page.summary


def foot(chart: Chart, page: Page, room: float, top: float) -> tuple[str, float]:
    """The stamp below a chart, and where it ends."""
    stamp = page.stamp_of(chart)
    sentences = [
        words.joined(page.title, unsaid(chart, page), stamp.filters_words),
        words.joined(stamp.version_words, stamp.exported_words),
    ]
    top += MARGIN / 2
    rule = f'<path d="M{MARGIN} {top:g}h{room:g}" stroke="{LIGHT.line}" fill="none"/>'
    top += FOOTER / 2
    parts = [rule]
    for sentence in sentences:
        for line in lettering.wrapped(lettering.legible(sentence), FOOTER, room, most=MOST_LINES):
            top += FOOTER * LEADING
            parts.append(text_at(MARGIN, top, line, FOOTER, LIGHT.muted))
    return "".join(parts), top + MARGIN * 0.75


def line_at(x: float, y: float, runs: Line, size: float) -> str:
    """A line of words and legend entries, each entry after a spot of its colour."""
    parts = []
    for run in runs:
        start = x
        if run.colour:
            spot = size * 0.7
            place = f'x="{x:g}" y="{y - spot:g}" width="{spot:g}" height="{spot:g}" rx="3"'
            parts.append(f'<rect {place} fill="{getattr(LIGHT, run.colour)}"/>')
            start += lettering.KEY_ROOM * size - size * 0.3
        parts.append(text_at(start, y, run.words, size, LIGHT.muted))
        x += run.width(size) + size
    return "".join(parts)


def text_at(x: float, y: float, words: str, size: float, colour: str, weight: int = 400) -> str:
    """Words at a place."""
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="{size:g}px" font-weight="{weight}"'
        f' fill="{colour}">{escape(legal(words))}</text>'
    )


QUOTES = {'"': "&quot;"}


@cache
def font_face() -> str:
    """The page's web font as CSS that holds the font itself."""
    font = b64encode(WEB_FONT.read_bytes()).decode()
    return (
        "@font-face{font-family:Inter;font-weight:100 900;"
        f"src:url(data:font/woff2;base64,{font}) format('woff2')}}"
    )
