"""Charts in a PDF: as wide as the page, two that share its width, or a long list in columns."""

from dataclasses import dataclass
from io import BytesIO

from dashboard.charts.base import PADDING
from dashboard.exports import lettering, pictures
from dashboard.exports.paper import GAP, MARGIN, Paper, draw_head, head_of, height_of
from dashboard.exports.report import Block, Card, Chart, Page

SCALE = 0.77
"""Points for a pixel of a chart: one of full width is as wide as the page between its margins."""
LEAST_SCALE = 0.75
"""How far charts are made smaller to fit below what is on the sheet, before they go to the next one."""
HEAD_ROOM = 70.0
"""What the head of a card may take of a sheet, where it is not known yet, in points."""
STACK = 8.0
"""Between the charts of a card, in points."""
COLUMN = SCALE * pictures.HALF
"""How wide each of two columns is, in points."""


@dataclass(frozen=True)
class Drawn:
    """A chart, its picture, and the size of that in pixels."""

    chart: Chart
    picture: bytes
    size: tuple[float, float]

    def height(self, width: float) -> float:
        """How high it is at a width, in its unit."""
        wide, tall = self.size
        return tall * width / wide

    def put(self, paper: Paper, x: float, y: float, width: float, alt: str = "") -> None:
        """Draw it on the sheet."""
        paper.image(
            BytesIO(self.picture),
            x=x,
            y=y,
            w=width,
            h=self.height(width),
            alt_text=lettering.legible(alt) or None,
        )


def laid_out(page: Page, paper: Paper) -> list[Block]:
    """The page's blocks; of two cards side by side one that is too high for a sheet stands by itself."""
    found: list[Block] = []
    for block in page.blocks:
        found.extend([(card,) for card in block] if any(is_long(card, paper) for card in block) else [block])
    return found


def is_long(card: Card, paper: Paper) -> bool:
    """Whether a card has a list of rows, and is too high for a sheet."""
    charts = [item for item in card if isinstance(item, Chart)]
    return (
        any(chart.step for chart in charts) and pixels(card) * SCALE * LEAST_SCALE > paper.whole - HEAD_ROOM
    )


def pixels(card: Card) -> float:
    """How high the charts of a card are."""
    return sum(item.height for item in card if isinstance(item, Chart))


def column_pixels(card: Card, paper: Paper) -> int:
    """How wide charts are drawn in columns: that two of a sheet hold them, where they can still be read."""
    room = 2 * (paper.whole - HEAD_ROOM) * 0.95 / SCALE
    return round(pictures.HALF / min(1.0, max(LEAST_SCALE, room / pixels(card))))


def draw_cards(paper: Paper, cards: list[list[Drawn]]) -> None:
    """A card as wide as the page, or two that share its width, each below its title."""
    width = COLUMN if len(cards) > 1 else paper.epw
    heads = [head_of(card[0].chart.title, card[0].chart.subtitle, width) for card in cards]
    head = max(map(height_of, heads))
    heights = [sum(piece.height(width) + STACK for piece in card) - STACK for card in cards]
    if max(heights) * LEAST_SCALE > paper.room - head:
        paper.ensure(head + max(heights))
    top, room = paper.y, paper.room - head
    for place, (card, high) in enumerate(zip(cards, heights, strict=True)):
        left, y = MARGIN + place * (paper.epw - width), top + head
        factor = min(1.0, room / high)
        draw_head(paper, heads[place], left, top)
        for piece in card:
            piece.put(paper, left, y, width * factor, piece.chart.alt)
            y += (piece.height(width) + STACK) * factor
    paper.set_y(top + head + min(room, max(heights)) + GAP)


def draw_columns(paper: Paper, card: list[Drawn]) -> None:
    """A card with a long list: in two columns, over as many sheets as it needs."""
    head = head_of(card[0].chart.title, card[0].chart.subtitle, paper.epw)
    paper.ensure(height_of(head) + paper.whole / 2)
    draw_head(paper, head, MARGIN, paper.y)
    top = y = paper.y + STACK
    lowest, column = y, 0
    for piece in card:
        scale = COLUMN / piece.size[0]
        done, high = 0.0, piece.size[1]
        while done < high:
            part = rows_within(piece.chart.step, high, done, (paper.bottom - y) / scale)
            if not part:
                column = (column + 1) % 2
                if not column:
                    paper.add_page()
                    top = lowest = paper.y
                y = top
                continue
            x = MARGIN + column * (paper.epw - COLUMN)
            with paper.rect_clip(x, y, COLUMN, part * scale):
                piece.put(paper, x, y - done * scale, COLUMN, "" if done else piece.chart.alt)
            done += part
            y += part * scale
            lowest = max(lowest, y)
        y += STACK
    paper.set_y(lowest + GAP)


def rows_within(step: int, high: float, done: float, room: float) -> float:
    """How much of a drawing, of which some is done, fits in the room: all that is left, or whole rows."""
    if high - done <= room:
        return high - done
    if not step:
        return 0.0
    before = 0 if done else PADDING["top"]
    rows = int((room - before) // step)
    return float(before + rows * step) if rows > 0 else 0.0
