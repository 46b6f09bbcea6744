"""The page as PDF: A4 across, charts as vectors where they can be, tables over as many pages as they need."""

from io import BytesIO

from dashboard.charts.spark import spark_svg
from dashboard.exports import cells, lettering, pdf_table, pictures, vectors
from dashboard.exports.lettering import BOLD, MOST_LINES, REGULAR, TITLE_LINES
from dashboard.exports.paper import GAP, MARGIN, Paper, draw_head, head_of, height_of
from dashboard.exports.pdf_charts import Drawn, column_pixels, draw_cards, draw_columns, is_long, laid_out
from dashboard.exports.report import Chart, Item, Note, Page, Table, Tiles
from dashboard.exports.words import plain
from dashboard.queries.figures import Tile
from dashboard.theme import LIGHT

TILE_HEIGHT, MOST_TILES = 82.0, 6
LABEL, VALUE, CHANGE = 8.0, 17.0, 7.5
NOTE, CODE = 9.5, 8.0
NOTE_LEADING = 1.45


def pdf(page: Page) -> bytes:
    """The page's items in their order. The same page gives the same bytes. Raises NotDrawnError."""
    paper = Paper(page)
    paper.add_page()
    opening(paper)
    blocks = laid_out(page, paper)
    charts = [
        (chart, column_pixels(block[0], paper) if is_long(block[0], paper) else width)
        for block in blocks
        for chart, width in pictures.charts_of([block])
    ]
    pieces = iter(
        Drawn(chart, *found)
        for (chart, _), found in zip(charts, printed(pictures.drawings(charts)), strict=True)
    )
    for block in blocks:
        cards = [[next(pieces) for item in card if isinstance(item, Chart)] for card in block]
        if len(block) == 1 and is_long(block[0], paper):
            draw_columns(paper, cards[0])
        elif all(cards):
            draw_cards(paper, cards)
        else:
            for item in block[0]:
                draw_item(paper, item)
    return bytes(paper.output())


def draw_item(paper: Paper, item: Item) -> None:
    """One item that is no chart."""
    match item:
        case Tiles():
            draw_tiles(paper, item.tiles)
        case Table():
            pdf_table.draw(paper, item)
        case Note():
            draw_note(paper, item)


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


def draw_note(paper: Paper, note: Note) -> None:
    """A title and a paragraph, or code in its lines."""
    head = head_of(note.title, "", paper.epw)
    size = CODE if note.is_code else NOTE
    high = size * NOTE_LEADING
    paper.ensure(height_of(head) + 3 * high)
    draw_head(paper, head, MARGIN, paper.y)
    for words in note.words.splitlines() if note.is_code else [plain(note.words)]:
        indent = min(paper.epw / 2, (len(words) - len(words.lstrip())) * size / 2)
        for line in lettering.wrapped(lettering.legible(words), size, paper.epw - indent):
            paper.ensure(high)
            paper.write_at(MARGIN + indent, paper.y + size, line, size, LIGHT.muted)
            paper.set_y(paper.y + high)
    paper.set_y(paper.y + GAP)
