"""The page as PDF: A4 across, charts as vectors where they can be, tables over as many pages as they need."""

from io import BytesIO

from dashboard.charts.spark import spark_svg
from dashboard.exports import cells, lettering, pdf_table, pictures, vectors
from dashboard.exports.lettering import BOLD, MOST_LINES, REGULAR, TITLE_LINES
from dashboard.exports.paper import GAP, MARGIN, Paper, draw_head, head_of, height_of
from dashboard.exports.report import Chart, Note, Page, Table, Tiles, plain
from dashboard.queries.figures import Tile
from dashboard.theme import LIGHT

SCALE = 0.77
"""Points for a pixel of a chart: one of full width is as wide as the page between its margins."""
LEAST_SCALE = 0.75
"""How far a chart is made smaller to fit below what is on the sheet, before it goes to the next one."""
TILE_HEIGHT, MOST_TILES = 82.0, 6
LABEL, VALUE, CHANGE = 8.0, 17.0, 7.5


def pdf(page: Page) -> bytes:
    """The page's items in their order. The same page gives the same bytes. Raises NotDrawnError."""
    paper = Paper(page)
    paper.add_page()
    opening(paper)
    drawn = iter(printed(pictures.page_drawings(page)))
    for block in page.blocks:
        charts = [(item, *next(drawn)) for item in block if isinstance(item, Chart)]
        if charts:
            draw_charts(paper, charts)
            continue
        [item] = block
        match item:
            case Tiles():
                draw_tiles(paper, item.tiles)
            case Table():
                pdf_table.draw(paper, item)
            case Note():
                draw_note(paper, item)
    return bytes(paper.output())


def printed(drawings: list[str]) -> list[tuple[bytes, tuple[float, float]]]:
    """Each drawing as the PDF takes it, as vectors or else as a picture, and its size in pixels."""
    found = [vectors.printable(drawing) for drawing in drawings]
    rest = iter(
        pictures.rasters([drawing for drawing, vector in zip(drawings, found, strict=True) if vector is None])
    )
    return [
        (next(rest) if vector is None else vector, pictures.size_of(drawing))
        for drawing, vector in zip(drawings, found, strict=True)
    ]


def opening(paper: Paper) -> None:
    """The head of the first sheet."""
    page = paper.shown
    y = 50.0
    for line in lettering.wrapped(lettering.legible(page.title), 20, paper.epw, BOLD, TITLE_LINES):
        paper.write_at(MARGIN, y, line, 20, style=BOLD)
        y += 24
    y -= 6
    for said in (page.summary, page.stamp.filters_words):
        for line in lettering.wrapped(lettering.legible(said), 9.5, paper.epw, most=MOST_LINES):
            paper.write_at(MARGIN, y, line, 9.5, LIGHT.muted)
            y += 14
    paper.set_y(y + 2)


def draw_tiles(paper: Paper, shown: tuple[Tile, ...]) -> None:
    """The tiles side by side in one box, in as many rows as they need."""
    per_row = min(MOST_TILES, len(shown)) or 1
    for start in range(0, len(shown), per_row):
        paper.ensure(TILE_HEIGHT + GAP)
        width = paper.epw / per_row
        top = paper.y
        paper.set_draw_color(LIGHT.line)
        paper.set_line_width(0.6)
        paper.rect(MARGIN, top, paper.epw, TILE_HEIGHT, round_corners=True, corner_radius=6)
        for place, tile in enumerate(shown[start : start + per_row]):
            left = MARGIN + place * width
            if place:
                paper.line(left, top, left, top + TILE_HEIGHT)
            draw_tile(paper, tile, left + 11, top, width - 22)
        paper.set_y(top + TILE_HEIGHT + GAP)


def draw_tile(paper: Paper, tile: Tile, x: float, top: float, width: float) -> None:
    """One tile: label, value, change and history."""

    def put(base: float, words: str, size: float, colour: str, style: str = REGULAR) -> None:
        paper.write_at(
            x, top + base, lettering.cut(lettering.legible(words), size, width, style), size, colour, style
        )

    put(17, tile.label, LABEL, LIGHT.muted)
    put(37, tile.value, VALUE, LIGHT.text, BOLD)
    words, kind = cells.change(tile)
    colour = {"better": LIGHT.better, "worse": LIGHT.worse}.get(kind, LIGHT.muted)
    put(50, f"{words} {tile.compared_with}" if tile.change else words, CHANGE, colour)
    drawn = spark_svg(tile.history).replace("#000", LIGHT.accent)
    drawn = drawn.replace('opacity=".13"', f'opacity=".13" fill="{LIGHT.accent}"')
    spark = vectors.printable(drawn)
    if spark and tile.history:
        paper.image(BytesIO(spark), x=x, y=top + 57, w=width, h=18)


def draw_charts(paper: Paper, charts: list[tuple[Chart, bytes, tuple[float, float]]]) -> None:
    """A chart as wide as the page, or two that share its width, each below its title.

    Of each: the chart, its picture, and its size in pixels.
    """
    width = SCALE * (pictures.HALF if len(charts) > 1 else pictures.WIDTH)
    heads = [head_of(chart.title, chart.subtitle, width) for chart, _, _ in charts]
    head = max(map(height_of, heads))
    high = max(tall * width / wide for _, _, (wide, tall) in charts)
    if high * LEAST_SCALE > paper.room - head - GAP:
        paper.ensure(head + high + GAP)
    most = paper.room - head - GAP
    high = min(most, high)
    top = paper.y
    for place, (chart, picture, (wide, tall)) in enumerate(charts):
        left = MARGIN + place * (paper.epw - width)
        draw_head(paper, heads[place], left, top)
        factor = min(width / wide, most / tall)
        paper.image(
            BytesIO(picture),
            x=left,
            y=top + head,
            w=wide * factor,
            h=tall * factor,
            alt_text=lettering.legible(chart.alt),
        )
    paper.set_y(top + head + high + GAP)


def draw_note(paper: Paper, note: Note) -> None:
    """A title and a paragraph."""
    head = head_of(note.title, "", paper.epw)
    lines = lettering.wrapped(lettering.legible(plain(note.words)), 9.5, paper.epw)
    paper.ensure(height_of(head) + 3 * 14)
    draw_head(paper, head, MARGIN, paper.y)
    for line in lines:
        paper.ensure(14)
        paper.write_at(MARGIN, paper.y + 9.5, line, 9.5, LIGHT.muted)
        paper.set_y(paper.y + 14)
    paper.set_y(paper.y + GAP)
