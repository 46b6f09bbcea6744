"""Numbers and dates in words: the same everywhere on the dashboard."""

from collections.abc import Callable
from datetime import date

DASH = "\u2013"
MINUS = "\u2212"
NOTHING = DASH
SCALES = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


def signed(value: float, text: str) -> str:
    """The text of an absolute value with a plus or a true minus sign before it; none for zero."""
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


def negative(value: float, text: str) -> str:
    """The text of an absolute value with a true minus sign before it where the value is negative."""
    return f"{MINUS}{text}" if value < 0 else text


def compact(value: float) -> str:
    """An absolute number in at most four characters and a scale: 950, 12.3K, 1.24M."""
    for scale, letter in SCALES:
        if value >= 0.9995 * scale:
            shown = value / scale
            return f"{shown:.{2 if shown < 9.995 else 1 if shown < 99.95 else 0}f}{letter}"
    return f"{value:,.0f}"


def money_short(value: float | None) -> str:
    """US dollars, rounded to three figures: $1.24M."""
    return NOTHING if value is None else negative(value, f"${compact(abs(value))}")


def money(value: float | None) -> str:
    """US dollars and cents: $1,234.50."""
    return NOTHING if value is None else negative(value, f"${abs(value):,.2f}")


def count(value: float | None) -> str:
    """A whole number: 12,345."""
    return NOTHING if value is None else negative(value, f"{abs(value):,.0f}")


def counted(number: int, noun: str) -> str:
    """How many of something that takes an s: 1 row, 12,345 rows."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def count_short(value: float | None) -> str:
    """A whole number, rounded to three figures from a thousand on: 12.3K."""
    return NOTHING if value is None else negative(value, compact(abs(value)))


def percent(value: float | None) -> str:
    """A rate (0 to 1) as a percentage with one decimal: 42.6%."""
    return NOTHING if value is None else negative(value, f"{abs(value) * 100:.1f}%")


def percent_short(value: float | None) -> str:
    """A rate (0 to 1) as a whole percentage: 43%."""
    return NOTHING if value is None else negative(value, f"{abs(value) * 100:.0f}%")


def ratio(value: float | None) -> str:
    """A number of times: 4.27."""
    return NOTHING if value is None else negative(value, f"{abs(value):,.2f}")


def relative_change(now: float | None, before: float | None) -> tuple[float, str] | None:
    """The change and its words (+12.3%), or None where there is nothing to compare with."""
    if now is None or before is None or before <= 0:
        return None
    change = now / before - 1
    return change, signed(change, percent(abs(change)))


def point_change(now: float | None, before: float | None) -> tuple[float, str] | None:
    """The change of a rate in percentage points and its words (+1.2 pp), or None where there is none."""
    if now is None or before is None:
        return None
    change = (now - before) * 100
    return change, signed(change, f"{abs(change):.1f} pp")


Change = Callable[[float | None, float | None], tuple[float, str] | None]


def day_words(day: date) -> str:
    """1 July 2025."""
    return f"{day.day} {day:%B %Y}"


def days_words(start: date, end: date) -> str:
    """A span of days, naming month and year once where they are the same: 3 to 9 July 2025, with a dash."""
    if start == end:
        return day_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{DASH}{day_words(end)}"
    if start.year == end.year:
        return f"{start.day} {start:%B} {DASH} {day_words(end)}"
    return f"{day_words(start)} {DASH} {day_words(end)}"
