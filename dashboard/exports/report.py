"""What a page drew, kept until somebody asks for a file of it. Nothing is rendered here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from html import unescape
from re import sub
from typing import TypeAlias

import pyarrow as pa

from dashboard import formats
from dashboard.charts.base import NUMBERS, Spec, Tables
from dashboard.components.tables import Columns
from dashboard.periods import Grain
from dashboard.queries.figures import Tile

MOST_CHARACTERS = 60
UNKNOWN = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Tiles:
    """The page's leading numbers."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: Vega-Lite in the colours of the reader's theme, and its data by name.

    `subtitle` is HTML, as `sections.heading` takes it; `words` is what the chart says to who cannot see it;
    `is_beside` means that it is drawn half as wide as the page.
    """

    name: str
    title: str
    subtitle: str
    spec: Spec
    tables: Mapping[str, pa.Table]
    words: str = ""
    is_beside: bool = False

    @property
    def alt(self) -> str:
        """The alternative text: the title, the subtitle in words, and what the chart says."""
        return " ".join(
            f"{part.rstrip('.')}." for part in (self.title, plain(self.subtitle), self.words) if part
        )


@dataclass(frozen=True)
class Table:
    """A table: its columns' names for readers, and the grain of its rows where they are parts of time.

    `span` is the days that it covers, as ISO dates.
    """

    name: str
    title: str
    subtitle: str
    numbers: pa.Table
    columns: Columns
    grain: Grain = Grain.DAY
    span: str = ""


@dataclass(frozen=True)
class Note:
    """Words in place of numbers: that nothing matches, or what to beware of; it may have no title."""

    title: str
    words: str


Item: TypeAlias = Tiles | Chart | Table | Note


@dataclass(frozen=True)
class Stamp:
    """What a file says of itself: the filters in words, the version, and when it was made (UTC)."""

    filters: str = ""
    version: str = ""
    published_at: datetime = UNKNOWN
    exported_at: datetime = UNKNOWN

    def at(self, moment: datetime) -> "Stamp":
        """The stamp of a file that is made now."""
        return replace(self, exported_at=moment)

    @property
    def filters_words(self) -> str:
        """The filters, or that there are none."""
        return f"Filters: {self.filters}" if self.filters else "No filters"

    @property
    def version_words(self) -> str:
        """The version, and when it was published."""
        return f"Version {self.version}, published {moment_words(self.published_at)}"

    @property
    def exported_words(self) -> str:
        """When the file was made."""
        return f"Exported {moment_words(self.exported_at)}"


@dataclass(frozen=True)
class Page:
    """A page as it is written to a file: what `Report` gathered, stamped. `span` is its days as ISO dates."""

    title: str
    summary: str
    span: str
    items: tuple[Item, ...]
    stamp: Stamp

    @property
    def blocks(self) -> list[tuple[Item, ...]]:
        """The items as they are laid out: by themselves, but two charts in a row that are to stand beside."""
        found: list[tuple[Item, ...]] = []
        for item in self.items:
            before = found[-1] if found else ()
            if len(before) == 1 and is_half(before[0]) and is_half(item):
                found[-1] = (*before, item)
            else:
                found.append((item,))
        return found


@dataclass
class Report:
    """What one run of a page drew so far: title, period in words and as ISO dates, and items in order.

    An item replaces that of the same name, so that a part of the page that runs again is there once.
    """

    title: str
    summary: str = ""
    span: str = ""
    items: dict[str, Item] = field(default_factory=dict)
    heading: tuple[str, str] | None = None
    is_beside: bool = False

    def card(self, *, is_beside: bool) -> None:
        """A card begins: what is drawn next has none of the headings before."""
        self.heading, self.is_beside = None, is_beside

    def chart(self, name: str, title: str, spec: Spec, numbers: Tables, words: str = "") -> None:
        """Keep a chart, below the heading of its card; a lone table is its `numbers`."""
        shown, subtitle = self.heading or (title, "")
        tables = numbers if isinstance(numbers, dict) else {NUMBERS.name: numbers}
        self.items[f"chart {name}"] = Chart(name, shown, subtitle, spec, tables, words, self.is_beside)

    def add(self, item: Tiles | Table | Note) -> None:
        """Keep what else is drawn."""
        name = item.name if isinstance(item, Table) else item.words if isinstance(item, Note) else ""
        self.items[f"{type(item).__name__} {name}"] = item

    def page(self, stamp: Stamp) -> Page:
        """The page as it is now."""
        return Page(self.title, self.summary, self.span, tuple(self.items.values()), stamp)


def is_half(item: Item) -> bool:
    """Whether an item takes half of the page's width, where another one takes the rest."""
    return isinstance(item, Chart) and item.is_beside


def moment_words(moment: datetime) -> str:
    """21 November 2026 at 18:45 UTC."""
    moment = moment.astimezone(UTC)
    return f"{formats.day_words(moment.date())} at {moment:%H:%M} UTC"


def plain(html: str) -> str:
    """A subtitle without its marks, and without what only a page on a screen can do."""
    text = unescape(sub(r"<[^>]*>", "", sub(r"<br */?>", " ", html)))
    return sub(r"\s+", " ", sub(r"\bClick [^.]*\.", "", text)).strip()


def legal(text: str) -> str:
    """The text without the characters that XML forbids."""
    return sub("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]", "", text)


def filters_words(chosen: Mapping[str, list[str]]) -> str:
    """What is chosen, by key: Region: Northern Europe, Southern Europe; Category: Kitchen."""
    return "; ".join(
        f"{key.replace('_', ' ').capitalize()}: {', '.join(shortened(value) for value in values)}"
        for key, values in chosen.items()
        if values
    )


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text, cut where it is longer than so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}\u2026"


def file_name(page: Page, item: Chart | Table | None, ending: str, day: date) -> str:
    """A name that says what is in the file: page, part, days, filters, version and the day of the export."""
    filters = " ".join(part.split(": ", 1)[-1] for part in page.stamp.filters.split("; "))
    named = f"{page.title} {item.title}" if item else page.title
    span = (isinstance(item, Table) and item.span) or page.span
    return named_after((named, span, filters, page.stamp.version), ending, day)


def named_after(parts: Iterable[str], ending: str, day: date) -> str:
    """A file's name of parts and a day: small letters, digits and dashes, so that every system takes it."""
    found = (slug(part)[:MOST_CHARACTERS] for part in parts)
    return "_".join([*(part for part in found if part), f"{day}.{ending}"])


def slug(text: str) -> str:
    """The text in small letters, digits and single dashes."""
    return sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
