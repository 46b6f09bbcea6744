"""What a page drew, kept until somebody asks for a file of it. Nothing is rendered here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TypeAlias

import pyarrow as pa

from dashboard import formats
from dashboard.charts.base import NUMBERS, Spec, Tables, drawn_from
from dashboard.components.tables import Columns, with_whole_counts
from dashboard.exports import names
from dashboard.exports.words import joined, plain
from dashboard.filters import EVERYTHING, named
from dashboard.periods import Grain
from dashboard.queries.figures import Tile

MOST_CHARACTERS = 60
FILTERS = frozenset({*EVERYTHING, "verdict", "search", "kind"})
"""The keys of a URL that filter; the others say how to look at what is shown, which titles do too."""
UNKNOWN = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Tiles:
    """The page's leading numbers."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Chart:
    """A chart: Vega-Lite in the colours of the reader's theme, and its data by name.

    `subtitle` is HTML, as `sections.heading` takes it, and `scope` the days and filters in it; `words` is
    what the chart says to who cannot see it; `is_beside` means that it is drawn half as wide as the page, and
    `is_continued` that it stands below the chart before it, in its card. `least_width` and `least_narrow` are
    the pixels that it needs where there is room, and on a phone.
    """

    name: str
    title: str
    subtitle: str
    spec: Spec
    tables: Mapping[str, pa.Table]
    words: str = ""
    is_beside: bool = False
    is_continued: bool = False
    scope: str = ""
    least_width: int = 0
    least_narrow: int = 0

    @property
    def step(self) -> int:
        """The height of a row in pixels, of a chart that has one per row of its data; 0 of others."""
        height = self.spec["height"]
        return int(height["step"]) if isinstance(height, dict) else 0

    @property
    def height(self) -> float:
        """How high it is drawn, in pixels."""
        return float(drawn_from(self.spec, dict(self.tables))["height"])

    @property
    def alt(self) -> str:
        """The alternative text: the title, the subtitle in words, and what the chart says."""
        return joined(self.title, plain(self.subtitle), self.words)


@dataclass(frozen=True)
class Table:
    """A table: its columns' names for readers, and the grain of its rows where they are parts of time.

    `span` is the days that it covers, as ISO dates; `scope` the days and filters in its subtitle, in words.
    """

    name: str
    title: str
    subtitle: str
    numbers: pa.Table
    columns: Columns
    grain: Grain = Grain.DAY
    span: str = ""
    scope: str = ""


@dataclass(frozen=True)
class Note:
    """Words in place of numbers: that nothing matches, or what to beware of; it may have no title.

    `is_code`: their lines stay as they are.
    """

    title: str
    words: str
    is_code: bool = False


Item: TypeAlias = Tiles | Chart | Table | Note
Card: TypeAlias = tuple[Item, ...]
"""An item, or charts that stand one below the other under one heading."""
Block: TypeAlias = tuple[Card, ...]
"""A card, or two that stand side by side."""


@dataclass(frozen=True)
class Stamp:
    """What a file says of itself: the filters by key, the version, and when it was made (UTC).

    `left_out`: filters of the page that do not hold for the part of it that is in the file.
    """

    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    version: str = ""
    published_at: datetime = UNKNOWN
    exported_at: datetime = UNKNOWN
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def at(self, moment: datetime) -> "Stamp":
        """The stamp of a file that is made now."""
        return replace(self, exported_at=moment)

    def within(self, scope: str) -> "Stamp":
        """The stamp of a part of the page that has these days and filters in words; without any, of all."""
        if not scope:
            return self
        held = {key: values for key, values in self.chosen.items() if named(sorted(values)) in scope}
        others = {key: values for key, values in self.chosen.items() if key not in held}
        return replace(self, chosen=held, left_out=others)

    @property
    def filters(self) -> str:
        """The filters in words, empty where there are none."""
        return filters_words(self.chosen)

    @property
    def filters_words(self) -> str:
        """The filters, or that there are none, and those that are left out."""
        words = f"Filters: {self.filters}" if self.filters else "No filters"
        others = filters_words(self.left_out)
        return f"{words}. Chosen on the page, and left out here: {others}" if others else words

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
    def cards(self) -> list[Card]:
        """The items, those of one card together."""
        found: list[Card] = []
        for item in self.items:
            if found and isinstance(item, Chart) and item.is_continued:
                found[-1] = (*found[-1], item)
            else:
                found.append((item,))
        return found

    @property
    def blocks(self) -> list[Block]:
        """The cards as they are laid out: by themselves, but two in a row that are to stand beside."""
        found: list[Block] = []
        for card in self.cards:
            before = found[-1] if found else ()
            if len(before) == 1 and is_half(before[0]) and is_half(card):
                found[-1] = (*before, card)
            else:
                found.append((card,))
        return found

    def stamp_of(self, item: Chart | Table | None) -> Stamp:
        """The stamp of a file of one item, or of the page."""
        return self.stamp.within(item.scope) if item else self.stamp


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
    scope: str = ""
    is_beside: bool = False
    is_continued: bool = False

    def card(self, *, is_beside: bool) -> None:
        """A card begins: what is drawn next has none of the headings before."""
        self.heading, self.scope, self.is_beside, self.is_continued = None, "", is_beside, False

    def head(self, title: str, subtitle: str, scope: str) -> None:
        """A heading of what is drawn next; its subtitle, HTML, begins with its scope."""
        self.heading, self.scope, self.is_continued = (title, subtitle), scope, False

    def chart(
        self,
        name: str,
        title: str,
        spec: Spec,
        numbers: Tables,
        words: str = "",
        least_width: int = 0,
        least_narrow: int = 0,
    ) -> None:
        """Keep a chart, below the heading of its card; a lone table is its `numbers`."""
        shown, subtitle = self.heading or (title, "")
        self.items[f"chart {name}"] = Chart(
            name,
            shown,
            subtitle,
            spec,
            numbers if isinstance(numbers, dict) else {NUMBERS.name: numbers},
            words,
            self.is_beside,
            self.is_continued,
            self.scope,
            least_width,
            least_narrow,
        )
        self.is_continued = self.heading is not None

    def add(self, item: Tiles | Table | Note) -> None:
        """Keep what else is drawn."""
        name = item.name if isinstance(item, Table) else item.words if isinstance(item, Note) else ""
        self.items[f"{type(item).__name__} {name}"] = item

    def page(self, stamp: Stamp) -> Page:
        """The page as it is now; counts are whole numbers."""
        items = [
            replace(item, numbers=with_whole_counts(item.numbers, item.columns))
            if isinstance(item, Table)
            else item
            for item in self.items.values()
        ]
        return Page(self.title, self.summary, self.span, tuple(items), stamp)


def is_half(card: Card) -> bool:
    """Whether a card takes half of the page's width, where another one takes the rest."""
    return isinstance(card[0], Chart) and card[0].is_beside


def moment_words(moment: datetime) -> str:
    """21 November 2026 at 18:45 UTC."""
    moment = moment.astimezone(UTC)
    return f"{formats.day_words(moment.date())} at {moment:%H:%M} UTC"


def filters_words(chosen: Mapping[str, Sequence[str]]) -> str:
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
    named = f"{page.title} {item.title}" if item else page.title
    span = (isinstance(item, Table) and item.span) or page.span
    stamp = page.stamp_of(item)
    parts = (names.cut(named), names.cut(span), names.filters_name(stamp.chosen), names.cut(stamp.version))
    return names.joined(parts, ending, day)
