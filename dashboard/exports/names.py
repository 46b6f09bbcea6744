"""The names of files: what is in them, in small letters, digits and dashes, as every system takes them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from re import sub

MOST_CHARACTERS = 60
MOST_OF_FILTERS = 90
"""How long the part of the filters is at most; they share it evenly."""


def named_after(parts: Iterable[str], ending: str, day: date) -> str:
    """A file's name of parts, each cut where it is long, and a day."""
    return joined(map(cut, parts), ending, day)


def joined(parts: Iterable[str], ending: str, day: date) -> str:
    """A file's name of parts that are fit for it, and a day."""
    return "_".join([*filter(None, parts), f"{day}.{ending}"])


def filters_name(chosen: Mapping[str, Sequence[str]]) -> str:
    """The filters, each by its values, or by the first of them and how many others there are."""
    named = {key: values for key, values in chosen.items() if values}
    room = (MOST_OF_FILTERS + 1) // max(1, len(named)) - 1
    return "-".join(filter(None, (filter_name(key, values, room) for key, values in named.items())))


def filter_name(key: str, values: Sequence[str], room: int) -> str:
    """A filter in so many characters: kitchen-dining, kitchen-and-4-others, or category-5."""
    for count in range(len(values), 0, -1):
        left = len(values) - count
        others = f" and {left} other{'s' if left > 1 else ''}" if left else ""
        name = slug(" ".join(values[:count]) + others)
        if name and len(name) <= room:
            return name
    if len(values) == 1:
        return cut(values[0], room)
    counted = f"-{len(values)}"
    return f"{cut(key, room - len(counted))}{counted}"


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text as part of a name, at most so long."""
    return slug(text)[:most].strip("-")


def slug(text: str) -> str:
    """The text in small letters, digits and single dashes."""
    return sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
