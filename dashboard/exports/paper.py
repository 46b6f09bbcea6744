"""The sheets of a PDF: their size, what stands above and below each, and how words are put on them."""

from fpdf import FPDF

from dashboard.exports import lettering
from dashboard.exports.lettering import BOLD, FAMILY, FILES, REGULAR, TITLE_LINES, Line
from dashboard.exports.report import Page
from dashboard.exports.words import joined
from dashboard.theme import LIGHT

MARGIN, TOP, BOTTOM = 36.0, 54.0, 46.0
GAP = 20.0
TITLE, SUBTITLE = 11.5, 8.5
TITLE_LINE, LINE = 15.0, 12.0

Head = tuple[list[str], list[Line]]
"""The lines of a title and of what stands below it."""


class Paper(FPDF):
    """A PDF with the page's title and filters above each sheet, and version, date and number below."""

    def __init__(self, page: Page) -> None:
        """A PDF without a sheet."""
        super().__init__(orientation="landscape", unit="pt", format="A4")
        self.shown = page
        for style, file in FILES.items():
            self.add_font(FAMILY, style, file)
        self.set_margins(MARGIN, TOP, MARGIN)
        self.set_auto_page_break(False)
        self.set_title(page.title)
        self.set_lang("en")
        self.set_creator("Larkspur")
        self.set_creation_date(page.stamp.exported_at)

    @property
    def whole(self) -> float:
        """The height of a sheet between what stands above and below."""
        return float(self.h - TOP - BOTTOM)

    @property
    def bottom(self) -> float:
        """Where the sheet ends, above what stands below it."""
        return float(self.h - BOTTOM)

    @property
    def room(self) -> float:
        """The height that is left on the sheet."""
        return float(self.bottom - self.y)

    def write_at(
        self, x: float, y: float, words: str, size: float, colour: str = LIGHT.text, style: str = REGULAR
    ) -> None:
        """Words with their baseline at a place; they are legible already."""
        self.set_font(FAMILY, style, size)
        self.set_text_color(colour)
        self.text(x, y, words)

    def rule(self, y: float, x: float = MARGIN, width: float = 0.0) -> None:
        """A hairline across."""
        self.set_draw_color(LIGHT.line)
        self.set_line_width(0.6)
        self.line(x, y, x + (width or self.epw), y)

    def header(self) -> None:
        """The title and the filters; the first sheet says them larger."""
        if self.page_no() == 1:
            return
        title = lettering.cut(lettering.legible(self.shown.title), 9, self.epw / 2, BOLD)
        self.write_at(MARGIN, 34, title, 9, style=BOLD)
        start = MARGIN + lettering.width(title, 9, BOLD) + 10
        told = lettering.legible(joined(self.shown.summary, self.shown.stamp.filters_words))
        self.write_at(start, 34, lettering.cut(told, 8, MARGIN + self.epw - start), 8, LIGHT.muted)
        self.rule(42)
        self.set_y(TOP)

    def footer(self) -> None:
        """Version, date, and the sheet's number."""
        stamp = self.shown.stamp
        said = lettering.legible(f"Larkspur. {stamp.version_words}. {stamp.exported_words}.")
        base = self.h - 24
        self.write_at(MARGIN, base, lettering.cut(said, 7.5, self.epw - 80), 7.5, LIGHT.muted)
        start = MARGIN + self.epw - lettering.width("Page 10 of 10", 7.5)
        self.set_font(FAMILY, REGULAR, 7.5)
        self.set_xy(start - self.c_margin, base - 8)
        self.cell(0, 10, f"Page {self.page_no()} of {{nb}}")

    def ensure(self, height: float) -> None:
        """Begin a new sheet where the height does not fit on this one."""
        if height > self.room and self.y > TOP + 1:
            self.add_page()


def head_of(title: str, subtitle: str, width: float) -> Head:
    """A title and a subtitle in lines of a width."""
    return (
        lettering.wrapped(lettering.legible(title), TITLE, width, BOLD, TITLE_LINES),
        lettering.lines_of(subtitle, SUBTITLE, width),
    )


def draw_head(paper: Paper, head: Head, x: float, top: float) -> None:
    """A title and a subtitle, from the top down."""
    y = top + TITLE
    for line in head[0]:
        paper.write_at(x, y, line, TITLE, style=BOLD)
        y += TITLE_LINE
    for runs in head[1]:
        left = x
        for run in runs:
            start = left
            if run.colour:
                paper.set_fill_color(getattr(LIGHT, run.colour))
                spot = SUBTITLE * 0.7
                paper.rect(left, y - spot, spot, spot, style="F", round_corners=True, corner_radius=1.5)
                start += (lettering.KEY_ROOM - 0.3) * SUBTITLE
            paper.write_at(start, y, run.words, SUBTITLE, LIGHT.muted)
            left += run.width(SUBTITLE) + SUBTITLE
        y += LINE
    paper.set_y(y)


def height_of(head: Head) -> float:
    """How high a head is."""
    return len(head[0]) * TITLE_LINE + len(head[1]) * LINE + 8
