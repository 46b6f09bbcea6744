"""The page as one HTML file: no script, nothing from outside, charts as SVG and tables as tables."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from html import escape
from pathlib import Path
from re import sub

from dashboard.charts.spark import spark_svg
from dashboard.exports import cells, pictures, vectors
from dashboard.exports.lettering import Run, runs_of
from dashboard.exports.pdf_table import MOST_ROWS, cut_words
from dashboard.exports.report import Card, Chart, Note, Page, Table, Tiles
from dashboard.exports.words import joined, legal
from dashboard.queries.figures import Tile
from dashboard.theme import LIGHT

MOST_TILES = 6
"""How many tiles stand side by side."""
LONG = 24
"""Texts of more characters go over several lines."""
STYLE = Path(__file__).parent / "page.css"
NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"


def html(page: Page) -> bytes:
    """The page's items in their order, UTF-8. The same page gives the same bytes. Raises NotDrawnError."""
    stamp = page.stamp
    said = "".join(f"<p>{escape(words)}</p>" for words in (page.summary, stamp.filters_words) if words)
    drawn = drawings(page)
    items = "".join(
        card_html(card, drawn, f"c{place}-{side}", is_half=len(block) > 1)
        for place, block in enumerate(page.blocks)
        for side, card in enumerate(block)
    )
    text = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_OUTSIDE}">'
        f"<title>{escape(page.title)} \u00b7 Larkspur</title><style>{stylesheet()}</style></head><body>"
        f"<header><h1>{escape(page.title)}</h1>{said}</header><main>{items}</main>"
        f"<footer>{escape(joined(stamp.version_words, stamp.exported_words))}</footer></body></html>\n"
    )
    return legal(text).encode()


def stylesheet() -> str:
    """The file's CSS, with the typeface and the light palette in it."""
    variables = "".join(f"--{name.replace('_', '-')}:{value};" for name, value in asdict(LIGHT).items())
    return f"{pictures.font_face()}:root{{color-scheme:light;{variables}}}{STYLE.read_text(encoding='utf-8')}"


def item_html(item: Tiles | Table | Note) -> str:
    """One item that is no chart."""
    match item:
        case Tiles():
            count = min(MOST_TILES, len(item.tiles))
            return f'<dl class="tiles" style="--count: {count}">{"".join(map(tile_html, item.tiles))}</dl>'
        case Table():
            return table_html(item)
        case Note():
            title = f"<h2>{escape(item.title)}</h2>" if item.title else ""
            words = f"<pre>{escape(item.words)}</pre>" if item.is_code else f"<p>{escape(item.words)}</p>"
            return f"<section>{title}{words}</section>"


def tile_html(tile: Tile) -> str:
    """One tile: label, value, change, note and history."""
    words, kind = cells.change(tile)
    said = f'<b class="{kind}">{escape(words)}</b> {escape(tile.compared_with)}' if tile.change else words
    note = f'<dd class="note">{escape(tile.note)}</dd>' if tile.note else ""
    spark = sub(r' xmlns="[^"]*"', "", spark_svg(tile.history))
    return (
        f'<div class="tile" title="{escape(tile.meaning)}"><dt>{escape(tile.label)}</dt>'
        f'<dd class="value">{escape(tile.value)}</dd>'
        f'<dd class="change">{said}</dd>'
        f'{note}<dd class="spark" aria-hidden="true">{spark}</dd></div>'
    )


def drawings(page: Page) -> Iterator[list[str]]:
    """The drawings of each chart in the page's order: for where there is room, and for a phone if another."""
    charts = pictures.charts_of(page.blocks)
    widths = [
        [width, narrow] if (narrow := max(chart.least_narrow, pictures.NARROW)) < width else [width]
        for chart, width in charts
    ]
    jobs = [(chart, width) for (chart, _), of in zip(charts, widths, strict=True) for width in of]
    drawn = iter(pictures.drawings(jobs))
    return iter([[next(drawn) for _ in of] for of in widths])


def card_html(card: Card, drawn: Iterator[list[str]], prefix: str, *, is_half: bool) -> str:
    """A card; `prefix` keeps the names in its drawings apart from those of others."""
    charts = [item for item in card if isinstance(item, Chart)]
    if not charts:
        return "".join(item_html(item) for item in card if not isinstance(item, Chart))
    told = heading(charts[0].title, charts[0].subtitle)
    shown = "".join(chart_html(item, next(drawn), f"{prefix}-{place}") for place, item in enumerate(charts))
    beside = ' class="beside"' if is_half else ""
    return f"<section{beside}>{told}{shown}</section>"


def chart_html(chart: Chart, drawn: list[str], prefix: str) -> str:
    """A chart as often as it is drawn: the stylesheet shows the drawing that fits the screen."""
    kinds = ("wide", "narrow") if len(drawn) > 1 else ("",)
    least = f' tabindex="0" style="--least: {chart.least_narrow}px"' if chart.least_narrow else ""
    return "".join(
        f'<div class="scroll {kind}"{least if drawing == drawn[-1] else ""}>'
        f"{vectors.inline(drawing, f'{prefix}-{place}', chart.alt)}</div>"
        for place, (kind, drawing) in enumerate(zip(kinds, drawn, strict=True))
    )


def heading(title: str, subtitle: str) -> str:
    """A title and a subtitle: its words and its legend, whatever else was in its HTML."""
    said = "".join("<br>" if run is None else run_html(run) for run in runs_of(subtitle))
    return f"<h2>{escape(title)}</h2>" + (f"<p>{said}</p>" if said else "")


def run_html(run: Run) -> str:
    """Words, or a legend's entry with its spot."""
    if not run.colour:
        return f"{escape(run.words)} "
    spot = f'<i style="background: {getattr(LIGHT, run.colour)}"></i>'
    return f'<span class="key">{spot}{escape(run.words)}</span> '


def table_html(table: Table) -> str:
    """A table below its title, its first rows where it is long."""
    shown = replace(table, numbers=table.numbers.slice(0, min(MOST_ROWS, len(table.numbers))))
    names = shown.numbers.column_names
    columns = [cells.column_words(shown, name) for name in names]
    kinds = [
        ' class="number"' if cells.is_right(shown.numbers[name].type) else long_kind(words)
        for name, words in zip(names, columns, strict=True)
    ]
    labels = "".join(
        f'<th scope="col"{kind}>{escape(label)}</th>'
        for label, kind in zip(cells.labels(shown), kinds, strict=True)
    )
    drawn = [
        [f"<td{kind}>{escape(words)}</td>" for words in column]
        for kind, column in zip(kinds, columns, strict=True)
    ]
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*drawn, strict=True))
    empty = "" if len(shown.numbers) else "<p>No rows.</p>"
    told = heading(table.title, table.subtitle + cut_words(len(table.numbers), MOST_ROWS))
    return (
        f'<section class="table">{told}<div class="scroll" tabindex="0"><table>'
        f"<thead><tr>{labels}</tr></thead><tbody>{rows}</tbody></table></div>{empty}</section>"
    )


def long_kind(words: list[str]) -> str:
    """The class of a column of texts: long ones have lines of a length that can be read."""
    return ' class="long"' if max(map(len, words), default=0) > LONG else ""
