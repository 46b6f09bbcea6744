"""What happened in a period, for charts over time to mark, from promotions to days of lost tracking."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.charts.annotations import NOTES, note_width
from dashboard.charts.base import NUMBERS, Tables
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries.figures import Figures, time_columns
from dashboard.requests import PART

EVENTS, JUDGED_DAYS = "fct_calendar_events", "fct_sales_anomalies"
HOLIDAY, ANOMALY, LOSS = "holiday", "sales_anomaly", "tracking_loss"
KINDS = {
    "promotion": "Promotions",
    HOLIDAY: "Holidays",
    "experiment": "Experiments",
    ANOMALY: "Unusual sales",
    LOSS: "Tracking lost",
}
"""The kinds of events as the marts name them, and as readers read them; the first is nearest to the data."""
MOST_NAMED = 6
SCHEMA = pa.schema(
    {
        PART: pa.string(),
        "until": pa.string(),
        "lane": pa.int8(),
        "lane_name": pa.string(),
        "kind": pa.string(),
        "note": pa.string(),
        "note_width": pa.float64(),
        "room": pa.float64(),
        "length": pa.float64(),
        "words": pa.string(),
        "is_fault": pa.bool_(),
    }
)


@dataclass(frozen=True)
class Event:
    """Something that happened; `place` says where, unless it was everywhere."""

    kind: str
    name: str
    days: Period
    place: str = ""

    @property
    def words(self) -> str:
        """The event, where and when: Labor Day (United States), 1 September 2025."""
        place = f" ({self.place})" if self.place else ""
        return f"{self.name}{place}, {self.days.words}"


@dataclass(frozen=True)
class Mark:
    """Events of one kind that share parts of the period: from the part of index `first` to that of `last`."""

    first: int
    last: int
    events: tuple[Event, ...]

    @property
    def note(self) -> str:
        """What the chart says of it: a lone event's name, or how many there are."""
        return self.events[0].name if len(self.events) == 1 else f"{len(self.events):,}"


@dataclass(frozen=True)
class Notes:
    """What `charts.annotations` draws, the number of its lanes, and the events in words."""

    lanes: int
    table: pa.Table
    words: str

    def beside(self, drawn: Tables) -> Tables:
        """A chart's data with the notes, where there are any."""
        if not self.lanes:
            return drawn
        return {**(drawn if isinstance(drawn, dict) else {NUMBERS.name: drawn}), NOTES.name: self.table}


def read(served: Served, shown: Figures, *, are_bars: bool = False) -> Notes:
    """The events of the period, below the parts of a chart, which are points or bars; none as in `marked`."""
    return notes(marked(served, shown.filters), shown, are_bars=are_bars)


def marked(served: Served, filters: Filters) -> list[Event]:
    """The events of the period; none where they are switched off, or the version does not know them."""
    return events(served, filters) if filters.has_notes and served.has(EVENTS) else []


def events(served: Served, filters: Filters) -> list[Event]:
    """The events of the period and of the regions and devices that are chosen, in the order of their days.

    A holiday of several countries is one event, and so are days on which several devices were lost.
    """
    found: dict[tuple[str, str, Period], list[str]] = {}
    holiday_countries = set()
    for row in served.rows(EVENTS).to_pylist():
        kind, name = row["event_kind"], row["event_name"]
        if kind not in KINDS or not is_chosen(row, filters):
            continue
        if kind == HOLIDAY:
            holiday_countries.add(row["country_name"])
        days = Period(row["first_date"], row["last_date"] or max(row["first_date"], served.data.end))
        if days.start <= filters.period.end and days.end >= filters.period.start:
            key, value = ("", name) if kind == LOSS else (name, row["country_name"] or "")
            found.setdefault((kind, key, days), []).append(value)
    listed = unusual_days(served, filters)
    for (kind, name, days), values in found.items():
        places = sorted({*values})
        if kind == LOSS:
            listed.append(Event(kind, " and ".join(places), days))
        else:
            is_everywhere = {*places} >= holiday_countries
            listed.append(Event(kind, name, days, "" if is_everywhere else ", ".join(places)))
    return sorted(listed, key=lambda event: (event.days.start, event.days.end, event.name))


def unusual_days(served: Served, filters: Filters) -> list[Event]:
    """The period's days of unusual net sales: of the whole company, which they say where a part is chosen."""
    if not served.has(JUDGED_DAYS):
        return []
    whole = "Whole company: " if filters.selection() else ""
    rows = served.rows(JUDGED_DAYS).filter(pc.field("is_anomaly")).to_pylist()
    return [
        Event(ANOMALY, f"{whole}{row['anomaly_name']}", Period(day, day))
        for row in rows
        if filters.period.start <= (day := row["date_day"]) <= filters.period.end
    ]


def is_chosen(row: dict[str, Any], filters: Filters) -> bool:
    """Whether an event touches the regions and devices that are chosen."""
    if row["event_kind"] == LOSS:
        return row["event_name"] in (filters.of("device") or (row["event_name"],))
    return row["region"] is None or row["region"] in (filters.of("region") or (row["region"],))


def notes(found: Sequence[Event], shown: Figures, *, are_bars: bool = False) -> Notes:
    """The events, in the order of their days, as marks below the period's parts, a lane for each kind."""
    parts = time_columns(shown)[PART]
    starts = [part.whole.start for part in shown.parts]
    by_kind = {kind: [event for event in found if event.kind == kind] for kind in KINDS}
    lanes = {kind: marks(listed, starts) for kind, listed in by_kind.items() if listed}
    rows = [
        {
            PART: parts[mark.first],
            "until": parts[mark.last],
            "lane": lane,
            "lane_name": KINDS[kind] if mark is placed[0] else "",
            "kind": KINDS[kind],
            "note": mark.note,
            "note_width": note_width(mark.note),
            "room": room(mark, following, len(parts), are_bars=are_bars),
            "length": (mark.last - mark.first) / (len(parts) if are_bars else max(1, len(parts) - 1)),
            "words": named(mark.events),
            "is_fault": kind == LOSS,
        }
        for lane, (kind, placed) in enumerate(lanes.items())
        for mark, following in zip(placed, [*placed[1:], None], strict=True)
    ]
    return Notes(len(lanes), pa.Table.from_pylist(rows, SCHEMA), in_words(found))


def marks(found: Sequence[Event], starts: Sequence[date]) -> list[Mark]:
    """Events of one kind, in the order of their days, on parts of the period: together where they share one.

    `starts` are the first days of the parts.
    """
    placed: list[Mark] = []
    for event in found:
        first, last = (max(0, bisect_right(starts, day) - 1) for day in (event.days.start, event.days.end))
        if placed and first <= placed[-1].last:
            before = placed.pop()
            placed.append(Mark(before.first, max(before.last, last), (*before.events, event)))
        else:
            placed.append(Mark(first, last, (event,)))
    return placed


def room(mark: Mark, following: Mark | None, part_count: int, *, are_bars: bool = False) -> float:
    """What is free between a mark and the next one of its lane, as a share (0 to 1) of the chart's width.

    Points stand from edge to edge, bars half a bar's width away from it.
    """
    if part_count == 1:
        return 0.5
    last = part_count - 1
    if are_bars:
        return ((following.first if following else last + 0.5) - mark.last) / part_count
    return ((following.first if following else last) - mark.last) / last


def in_words(found: Sequence[Event]) -> str:
    """The events as a sentence for each kind."""
    by_kind = {kind: [event for event in found if event.kind == kind] for kind in KINDS}
    return " ".join(f"{KINDS[kind]}: {named(listed)}." for kind, listed in by_kind.items() if listed)


def named(found: Sequence[Event]) -> str:
    """The events in words, the first of them by name."""
    said = [event.words for event in found[:MOST_NAMED]]
    if len(found) > MOST_NAMED:
        said.append(f"and {len(found) - MOST_NAMED:,} more")
    return "; ".join(said)
