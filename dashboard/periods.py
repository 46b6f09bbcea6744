"""Periods and their parts: what is compared with what. Relative to the data's last day, never the clock's."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dashboard.formats import days_words

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def day_count(self) -> int:
        """The number of days."""
        return (self.end - self.start).days + 1

    @property
    def words(self) -> str:
        """The period as one reads it: 3 June to 12 July 2026, with a dash."""
        return days_words(self.start, self.end)

    def before(self) -> "Period":
        """The period of the same length that ends the day before this one starts."""
        return Period(self.start - timedelta(days=self.day_count), self.start - DAY)

    def within(self, other: "Period") -> "Period":
        """The part of this period that lies in the other."""
        return Period(max(self.start, other.start), min(self.end, other.end))


class Grain(StrEnum):
    """How long a part of a period is; the values are MetricFlow's names."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def start_of(self, day: date) -> date:
        """The first day of the part in which the day lies; weeks start on Monday (ISO 8601)."""
        match self:
            case Grain.DAY:
                return day
            case Grain.WEEK:
                return day - timedelta(days=day.weekday())
            case Grain.MONTH:
                return day.replace(day=1)
            case Grain.QUARTER:
                return date(day.year, day.month - (day.month - 1) % 3, 1)
            case Grain.YEAR:
                return date(day.year, 1, 1)

    def after(self, start: date) -> date:
        """The first day of the next part, given the first day of one."""
        match self:
            case Grain.DAY:
                return start + DAY
            case Grain.WEEK:
                return start + timedelta(days=7)
            case Grain.MONTH:
                return months_later(start, 1)
            case Grain.QUARTER:
                return months_later(start, 3)
            case Grain.YEAR:
                return months_later(start, 12)

    @property
    def finer(self) -> "Grain":
        """The next shorter one; of a day itself."""
        grains: list[Grain] = [*Grain]
        return grains[max(0, grains.index(self) - 1)]

    def year_before(self, day: date) -> date:
        """The day to compare with: for days and weeks the weekday 52 weeks before, else a year before."""
        if self in (Grain.DAY, Grain.WEEK):
            return day - timedelta(weeks=52)
        return months_later(day, -12)

    @classmethod
    def suited_to(cls, period: Period) -> "Grain":
        """The grain that shows a period in about 10 to 30 parts."""
        if period.day_count <= 31:
            return cls.DAY
        if period.day_count <= 183:
            return cls.WEEK
        if period.day_count <= 1100:
            return cls.MONTH
        return cls.QUARTER if period.day_count <= 4000 else cls.YEAR

    @classmethod
    def of_whole(cls, period: Period) -> "Grain | None":
        """The longest grain of which the period is one whole part, if it is one."""
        for grain in reversed(cls):
            start = grain.start_of(period.start)
            if period == Period(start, grain.after(start) - DAY):
                return grain
        return None


class Compare(StrEnum):
    """What a period is compared with; the values are the words of the choice."""

    BEFORE = "Previous period"
    YEAR = "Last year"
    TARGET = "Target"

    def period(self, period: Period, grain: Grain) -> Period | None:
        """The days to compare with; None where they are none."""
        match self:
            case Compare.BEFORE:
                return period.before()
            case Compare.YEAR:
                return Period(grain.year_before(period.start), grain.year_before(period.end))
            case Compare.TARGET:
                return None


@dataclass(frozen=True)
class Part:
    """A day, week, month, quarter or year of a period, cut where the period cuts it."""

    grain: Grain
    whole: Period
    days: Period

    @property
    def is_whole(self) -> bool:
        """Whether the period holds all its days."""
        return self.whole == self.days

    @property
    def label(self) -> str:
        """The part's name; where cut, the days that count."""
        start = self.whole.start
        match self.grain:
            case Grain.DAY:
                return f"{start:%a} {start.day} {start:%b %Y}"
            case Grain.WEEK:
                return f"Week of {start.day} {start:%b %Y}" + self.days_if_cut
            case Grain.MONTH:
                return f"{start:%b %Y}" + self.days_if_cut
            case Grain.QUARTER:
                return f"Q{(start.month + 2) // 3} {start.year}" + self.days_if_cut
            case Grain.YEAR:
                return f"{start.year}" + self.days_if_cut

    @property
    def days_if_cut(self) -> str:
        """` (to 12 Jun)` and the like, or nothing for a whole part."""
        first, last = self.days.start, self.days.end
        if self.is_whole:
            return ""
        if first == self.whole.start:
            return f" (to {last.day} {last:%b})"
        if last == self.whole.end:
            return f" (from {first.day} {first:%b})"
        return f" ({first.day} {first:%b} to {last.day} {last:%b})"


def around(period: Period) -> list[Part]:
    """The longer parts, the longest first, in which a period lies that is a whole part itself."""
    own = Grain.of_whole(period)
    grains = [*Grain]
    found = [parts(period, grain) for grain in reversed(grains[grains.index(own) + 1 :])] if own else []
    return [Part(part.grain, part.whole, part.whole) for part, *others in found if not others]


def months_later(day: date, months: int) -> date:
    """The same day of another month; the last day of a month stays the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if is_last else min(day.day, length))


def parts(period: Period, grain: Grain) -> list[Part]:
    """The parts of a period in order."""
    found: list[Part] = []
    start = grain.start_of(period.start)
    while start <= period.end:
        following = grain.after(start)
        whole = Period(start, following - DAY)
        found.append(Part(grain, whole, whole.within(period)))
        start = following
    return found


def last_days(days: int) -> Callable[[Period], Period]:
    """The last so many days of the data."""
    return lambda data: Period(data.end - timedelta(days=days - 1), data.end)


PRESETS: dict[str, Callable[[Period], Period]] = {
    "Last 7 days": last_days(7),
    "Last 28 days": last_days(28),
    "Last 90 days": last_days(90),
    "This month": lambda data: Period(data.end.replace(day=1), data.end),
    "This quarter": lambda data: Period(Grain.QUARTER.start_of(data.end), data.end),
    "This year": lambda data: Period(date(data.end.year, 1, 1), data.end),
    "Last 12 months": lambda data: Period(months_later(data.end, -12) + DAY, data.end),
    "All": lambda data: data,
}
"""What a preset means, given the days of the data; a short history can make it start before the data."""
