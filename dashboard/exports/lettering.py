"""The typeface of pictures and PDF: its files, how wide words are, and where lines break.

Inter 4.001, Regular and SemiBold of the npm package inter-ui 4.1.1, cut down to Latin, Greek, Cyrillic,
currency signs, arrows and shapes by fontTools' `pyftsubset`; the latter is named a weight of Inter.
The page's own fonts are web fonts, which neither drawing library reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from threading import Lock

from fpdf import FPDF
from fpdf.fonts import TTFFont

from dashboard.exports.words import CLICKS, sentences

FAMILY = "Inter"
FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "", "B"
FILES = {REGULAR: FONTS / "inter-regular.ttf", BOLD: FONTS / "inter-semibold.ttf"}
UNKNOWN = "?"
"""What stands for a character that the typeface does not have; never an empty box."""
EM = 1000
KEY_ROOM = 1.35
"""How much room a spot of a legend takes, in ems."""
MOST_LINES = 8
"""A subtitle of more lines is cut."""
TITLE_LINES = 3
"""A title of more lines is cut."""

_measuring = Lock()


@dataclass(frozen=True)
class Run:
    """Words of one line; `colour` is that of the legend's spot before them, as the palette names it."""

    words: str
    colour: str = ""

    def width(self, size: float) -> float:
        """How wide it is at a size, in the size's unit."""
        return width(self.words, size) + (KEY_ROOM * size if self.colour else 0)


Line = tuple[Run, ...]


@cache
def ruler() -> FPDF:
    """A PDF that is never written, to measure with; the widths are known once the fonts are read."""
    pdf = FPDF(unit="pt")
    for style, file in FILES.items():
        pdf.add_font(FAMILY, style, file)
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.close()
    return pdf


@cache
def advance(character: str, style: str) -> float:
    """How far a character moves the pen, in thousandths of the size."""
    with _measuring:
        ruler().set_font(FAMILY, style, EM)
        return float(ruler().get_string_width(character))


def width(text: str, size: float, style: str = REGULAR) -> float:
    """How wide the text is, in the size's unit."""
    return sum(advance(character, style) for character in text) * size / EM


@cache
def is_known(character: str) -> bool:
    """Whether the typeface has the character."""
    with _measuring:
        ruler().set_font(FAMILY, REGULAR, EM)
        return ord(character) in ruler().current_font.cmap  # type: ignore[union-attr]


def legible(text: str) -> str:
    """The text on one line, with `?` for what the typeface does not have."""
    return "".join(character if is_known(character) else UNKNOWN for character in " ".join(text.split()))


def wrapped(text: str, size: float, room: float, style: str = REGULAR, most: int = 100) -> list[str]:
    """The text in lines no wider than the room, at most so many; a longer word is broken."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if width(joined, size, style) <= room:
            lines[-1] = joined
            continue
        while width(word, size, style) > room and len(word) > 1:
            fits = fitting(word, size, room, style)
            lines.append(word[:fits])
            word = word[fits:]
        lines.append(word)
    found = [line for line in lines if line]
    if len(found) <= most:
        return found
    return [*found[: most - 1], cut(f"{found[most - 1]} {found[most]}", size, room, style)]


def fitting(text: str, size: float, room: float, style: str = REGULAR) -> int:
    """How many of the text's first characters the room takes, at least one."""
    used, count = 0.0, 0
    for character in text:
        used += advance(character, style) * size / EM
        if used > room and count:
            break
        count += 1
    return count


def cut(text: str, size: float, room: float, style: str = REGULAR) -> str:
    """The text, ended by an ellipsis where the room does not take it."""
    if width(text, size, style) <= room:
        return text
    return text[: fitting(text, size, room - width("\u2026", size, style), style)].rstrip() + "\u2026"


def lines_of(html: str, size: float, room: float) -> list[Line]:
    """A subtitle's words and legend in lines no wider than the room, at most MOST_LINES."""
    lines: list[list[Run]] = [[]]
    for run in runs_of(html):
        if run is None:
            lines.append([])
            continue
        known = legible(run.words)
        first, *others = [known] if run.colour else wrapped(known, size, room, most=MOST_LINES) or [""]
        used = sum(each.width(size) + size for each in lines[-1])
        if lines[-1] and used + Run(first, run.colour).width(size) > room:
            lines.append([])
        lines[-1].append(Run(first, run.colour))
        lines.extend([Run(line)] for line in others)
    return [tuple(line) for line in lines if line][:MOST_LINES]


def runs_of(html: str) -> list[Run | None]:
    """A subtitle's words and its legend's entries, None where a line ends; no calls to click."""
    reader = Subtitle()
    reader.feed(html)
    reader.close()
    return reader.runs


class Subtitle(HTMLParser):
    """Reads a subtitle: `runs` are its words and its legend's entries, None where a line ends."""

    def __init__(self) -> None:
        """Read nothing yet."""
        super().__init__()
        self.runs: list[Run | None] = []
        self.colour = ""
        self.is_key = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """A line's end, a legend's entry, or its spot with the colour."""
        found = dict(attrs)
        if tag == "br":
            self.runs.append(None)
        elif found.get("class") == "key":
            self.is_key = True
        elif tag == "i" and self.is_key:
            named = (found.get("style") or "").partition("var(--")[2].partition(")")[0]
            self.colour = named.replace("-", "_")

    def handle_endtag(self, tag: str) -> None:
        """The end of a legend's entry."""
        if tag == "span":
            self.is_key, self.colour = False, ""

    def handle_data(self, data: str) -> None:
        """Words; sentences that ask for a click are left out."""
        said = sentences(" ".join(data.split()))
        words = "".join(sentence for sentence in said if not sentence.startswith(CLICKS)).strip()
        if not words:
            return
        before = self.runs[-1] if self.runs else None
        if before and not before.colour and not self.colour:
            self.runs[-1] = Run(f"{before.words} {words}")
        else:
            self.runs.append(Run(words, self.colour))
