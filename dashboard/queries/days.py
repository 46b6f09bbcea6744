"""Net sales day by day, as a calendar shows them: metrics in, tables and words out. Draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.base import NUMBERS, ROWS
from dashboard.charts.calendar import BELOW_ZERO, EDGES, HEADING, PALE, SLOTS, STRENGTHS
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import DAY, Grain, Part, Period, months_later, parts
from dashboard.queries import annotations
from dashboard.queries.annotations import ANOMALY, HOLIDAY, LOSS, Event
from dashboard.queries.figures import NET_SALES
from dashboard.requests import PART, Query

HALF = 6
"""The months of a half-year."""
USUAL = 0.95
"""The share of days with sales that the shades tell apart; the others have the strongest one."""
EXPERIMENT = "experiment"
MARKED = {
    "promotion": "promotions",
    HOLIDAY: "holidays",
    EXPERIMENT: "first and last days of experiments",
    ANOMALY: "unusual sales",
    LOSS: "lost tracking",
}
"""What days of a calendar are underlined for, by the kind of event."""
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Days:
    """Net sales of each day of the half-years that a period touches, as far as there is data.

    `step` is how much more each shade stands for, in US dollars; `events` happened in the period.
    """

    period: Period
    shown: list[Part]
    net_sales: list[float]
    step: float
    events: tuple[Event, ...] = ()

    @property
    def span(self) -> Period:
        """From the first of the days to the last."""
        return Period(self.shown[0].days.start, self.shown[-1].days.end)

    @property
    def starts(self) -> list[date]:
        """The first days of the half-years, from the first to the last."""
        first, last = (half_start(part.days.start) for part in (self.shown[0], self.shown[-1]))
        found = [first]
        while found[-1] < last:
            found.append(months_later(found[-1], HALF))
        return found


def half_start(day: date) -> date:
    """The first day of the half-year in which the day lies."""
    return date(day.year, 1 if day.month <= HALF else HALF + 1, 1)


def read(served: Served, filters: Filters) -> Days:
    """The days of the calendar, whatever of them the period is."""
    period = filters.period
    whole = Period(half_start(period.start), months_later(half_start(period.end), HALF) - DAY)
    span = whole.within(served.data)
    query = Query((NET_SALES,), span, Grain.DAY, filters.selection())
    known = {row[PART]: row[NET_SALES] or 0.0 for row in served.run(query).to_pylist()}
    shown = parts(span, Grain.DAY)
    values = [known.get(part.days.start, 0.0) for part in shown]
    return Days(period, shown, values, step(values), tuple(annotations.marked(served, filters)))


def step(values: list[float]) -> float:
    """A round number of dollars a shade, for the usual days to take all shades."""
    sold = sorted(value for value in values if value > 0) or [1.0]
    usual = sold[min(len(sold) - 1, int(USUAL * len(sold)))] / len(STRENGTHS)
    scale = 10.0 ** floor(log10(usual))
    return next(nice * scale for nice in NICE if nice * scale >= usual * (1 - 1e-9))


def weeks(days: Days) -> int:
    """The columns of the longest half-year."""
    return 1 + max(week_of(part.days.start) for part in days.shown)


def week_of(day: date) -> int:
    """Which week of its half-year the day lies in, from 0; weeks start on Monday."""
    start = half_start(day)
    return (day - start + timedelta(days=start.weekday())).days // 7


def calendar_tables(days: Days) -> dict[str, pa.Table]:
    """What `charts.calendar` draws."""
    tops = {start: float(SLOTS * place) for place, start in enumerate(days.starts)}
    found = events_by_day(days)
    cells = [
        cell(part, value, tops[half_start(part.days.start)], days)
        | noted(part.days.start, found.get(part.days.start, ()))
        for part, value in zip(days.shown, days.net_sales, strict=True)
    ]
    first = days.shown[0].days.start
    begun = [part.days.start for part in days.shown if part.days.start.day == 1 or part.days.start == first]
    months = [
        {
            "week": float(name_week(day)),
            "slot": tops[half_start(day)] + HEADING / 2,
            "span": float(span_of(day)),
            "words": f"{day:%b %Y}" if day.month in (1, HALF + 1) or day == first else f"{day:%b}",
            "short_words": f"{day:%b}",
        }
        for day in begun
    ]
    edges = [edge for day in begun for edge in edges_of(day, tops[half_start(day)])]
    schema = [(name, pa.float64()) for name in ("week", "week_end", "slot", "slot_end")]
    return {
        NUMBERS.name: pa.Table.from_pylist(cells),
        ROWS.name: pa.Table.from_pylist(months),
        EDGES.name: pa.Table.from_pylist(edges, schema=pa.schema(schema)),
    }


def cell(part: Part, value: float, top: float, days: Days) -> dict[str, Any]:
    """A day of the calendar; of those outside the period little is shown."""
    day = part.days.start
    is_chosen = days.period.start <= day <= days.period.end
    level = min(len(STRENGTHS) - 1, int(value / days.step)) if value > 0 else 0
    strength = BELOW_ZERO if value < 0 else STRENGTHS[level]
    return {
        PART: day.isoformat(),
        "label": part.label,
        "week": float(week_of(day)),
        "slot": top + HEADING + day.weekday(),
        "strength": strength * (1.0 if is_chosen else PALE),
        "is_less": value < 0,
        "is_strong": is_chosen and value >= 0 and level == len(STRENGTHS) - 1,
        "is_chosen": is_chosen,
        "words": formats.money(value),
        "short_words": formats.money_short(value) if value else "",
    }


def events_by_day(days: Days) -> dict[date, list[Event]]:
    """What happened on each day of the period on which anything did."""
    found: dict[date, list[Event]] = {}
    for event in days.events:
        within = event.days.within(days.period)
        for number in range(within.day_count):
            found.setdefault(within.start + number * DAY, []).append(event)
    return found


def noted(day: date, found: Sequence[Event]) -> dict[str, Any]:
    """What the calendar says of a day's events. An experiment goes on for long: only its ends are marked."""
    told = [event for event in found if event.kind != EXPERIMENT or day in (event.days.start, event.days.end)]
    return {"events": annotations.named(found), "is_marked": bool(told)}


def name_week(day: date) -> int:
    """The week above which the name of a month stands, from its first day in the calendar on."""
    is_within = day.day == 1 and day != half_start(day) and day.weekday() > 0
    return week_of(day) + is_within


def span_of(day: date) -> int:
    """How many weeks the name of a month has to itself, up to the next one or the end of the half-year."""
    following = months_later(day.replace(day=1), 1)
    if following == half_start(following):
        return week_of(following - DAY) + 1 - name_week(day)
    return name_week(following) - name_week(day)


def edges_of(day: date, top: float) -> list[dict[str, float]]:
    """The lines before the first day of a month, but at the beginning of a half-year."""
    if day.day > 1 or day == half_start(day):
        return []
    week, low = float(week_of(day)), top + HEADING
    turn = low + day.weekday()
    end = low + 7.0
    lines = [(week, week, turn, end)]
    if turn > low:
        lines += [(week, week + 1, turn, turn), (week + 1, week + 1, low, turn)]
    names = ("week", "week_end", "slot", "slot_end")
    return [dict(zip(names, line, strict=True)) for line in lines]


def chosen(days: Days) -> list[tuple[Part, float]]:
    """The days of the period, each with its net sales."""
    return [
        (part, value)
        for part, value in zip(days.shown, days.net_sales, strict=True)
        if days.period.start <= part.days.start <= days.period.end
    ]


def sentence(days: Days) -> str:
    """The best day of the period, and how many are below zero."""
    found = chosen(days)
    best, amount = max(found, key=lambda pair: pair[1])
    below = sum(value < 0 for _, value in found)
    if len(found) == 1:
        return f"{best.label}: {formats.money(amount)}"
    words = f"The best day of the period is {best.label} with {formats.money(amount)}"
    return words + (f"; {below} of {len(found)} are below zero" if below else "")


def subtitle(days: Days) -> str:
    """The unit, what the shades stand for, and what is pale."""
    step_words, most = (
        formats.money(amount).removesuffix(".00") for amount in (days.step, days.step * (len(STRENGTHS) - 1))
    )
    sentences = [
        f"US dollars. {sentence(days)}",
        f"Each shade stands for {step_words} more, the strongest for {most} and above",
    ]
    if any(value < 0 for value in days.net_sales):
        sentences.append("Orange: more refunded than sold")
    if len(chosen(days)) < len(days.shown):
        sentences.append(f"Pale: outside the period, {days.period.words}")
    kinds = {event.kind for event in days.events}
    if marks := [words for kind, words in MARKED.items() if kind in kinds]:
        sentences.append(f"Underlined: {', '.join(marks)}")
    return ". ".join([*sentences, "Click a day to make it the period"]) + "."
