"""What a link asks of a page that the page does not have: said once, when the link is opened.

Streamlit ignores them and takes them out of the URL: they are read before the widgets are drawn.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

import streamlit as st

from dashboard.components.markdown import literal
from dashboard.periods import Period

OPENED, CUT = "link_opened", "cut"
MOST_CHARACTERS, MOST_NAMED = 40, 5

SWITCH = ("true", "false")
"""The options of a switch, in any case."""

Asked = Mapping[str, Sequence[str]]
"""The values of a link by key."""


def say_cut() -> None:
    """An info line, where the link held more than can be read, and was opened without it."""
    if st.query_params.pop(CUT, None):
        st.info("The link holds more than can be read: the page opens without it.")


def asked() -> Asked:
    """What the link asks for, when the session opens with it; nothing later."""
    if OPENED in st.session_state:
        return {}
    st.session_state[OPENED] = True
    return {key: [value for value in st.query_params.get_all(key) if value] for key in st.query_params}


def missing(
    asked: Asked,
    options: Mapping[str, Sequence[str]],
    numbers: Mapping[str, tuple[float, float]] | None = None,
) -> list[str]:
    """What of a link is no option, or no number within its bounds, in Markdown; other keys do not count."""
    found = [
        (key, value)
        for key, known in options.items()
        for value in asked.get(key, ())
        if (value.lower() if known is SWITCH else value) not in known
    ]
    found += [
        (key, value)
        for key, bounds in (numbers or {}).items()
        for value in asked.get(key, ())
        if not is_number(value, *bounds)
    ]
    return [f"{key} {literal(value[:MOST_CHARACTERS])}" for key, value in found]


def bad_dates(asked: Asked, data: Period) -> list[str]:
    """The dates of a link that are none, or lie outside the data, in Markdown."""
    found = []
    for value in asked.get("dates", ()):
        with suppress(ValueError):
            if data.start <= date.fromisoformat(value) <= data.end:
                continue
        found.append(f"dates {literal(value[:MOST_CHARACTERS])}")
    return found


def is_number(text: str, least: float, most: float) -> bool:
    """Whether the text is a number within bounds."""
    try:
        return least <= float(text) <= most
    except ValueError:
        return False


def missing_words(found: Sequence[str]) -> str:
    """One line on all that is missing, the first of it by name."""
    more = [f"{len(found) - MOST_NAMED:,} more"] * (len(found) > MOST_NAMED)
    *others, last = [*found[:MOST_NAMED], *more]
    words = f"{', '.join(others)} and {last}" if others else last
    return f"The link asked for {words}, which {'are' if others else 'is'} not there."


def say(found: Sequence[str]) -> None:
    """An info line, where something is missing."""
    if found:
        st.info(missing_words(found))
