"""The choices of the filters by name, each with the values that it ever had.

A filter below another one, as a subcategory below its category, is there once that one is chosen, with the
values that it leaves, or once a click chose one of its own.
"""

from collections.abc import Sequence

import streamlit as st

from dashboard.filters import EVERYTHING
from dashboard.metrics import Served
from dashboard.requests import Query, Selection

PARENTS = {"subcategory": "category", "product": "subcategory"}
"""The filter above another one, whose values it divides."""

NARROW, WIDE, AROUND_CHIP, LETTER = 165, 290, 108, 7
"""Pixels: a filter at its narrowest and widest, what is around a chip's words, and a letter of them."""


def choose(
    served: Served, metrics: tuple[str, ...], names: Sequence[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Draw a filter per group-by name, and return what is chosen of each, and what the drawn ones offer."""
    chosen: dict[str, list[str]] = {}
    offered: dict[str, list[str]] = {}
    for name in names:
        parent = PARENTS.get(name, "")
        above = tuple(chosen[parent]) if parent else ()
        if parent and not above and not st.session_state.get(name) and name not in st.query_params:
            chosen[name] = []
            continue
        values = options(served, metrics, name, ((parent, above),) if above else ())
        forget_unknown(name, values)
        offered[name] = values
        chosen[name] = st.multiselect(
            name.replace("_", " ").capitalize(),
            values,
            key=name,
            bind="query-params",
            placeholder=EVERYTHING[name],
            width=width_of(st.session_state.get(name) or st.query_params.get_all(name)),
            wrap=True,
            on_change=forget_below,
            args=(name,),
        )
    return chosen, offered


def width_of(chosen: Sequence[str]) -> int:
    """Pixels in which the longest of a filter's chosen values can be read, whatever comes before it."""
    return min(max(NARROW, AROUND_CHIP + LETTER * max(map(len, chosen), default=0)), WIDE)


def forget_below(name: str) -> None:
    """Choose nothing below a filter of which nothing is chosen any more: in its callback."""
    if not st.session_state[name]:
        st.session_state.update({each: [] for each in all_below(name)})


def all_below(name: str) -> list[str]:
    """The filters below one, all the way down."""
    found = [each for each, parent in PARENTS.items() if parent == name]
    return [*found, *(deeper for each in found for deeper in all_below(each))]


def options(served: Served, metrics: tuple[str, ...], name: str, selection: Selection = ()) -> list[str]:
    """The values of a group-by name that one of the metrics ever had within a selection."""
    found: list[str] = served.run(Query(metrics, served.data, name, selection))[name].drop_null().to_pylist()
    return found


def forget_unknown(key: str, options: Sequence[str]) -> None:
    """Drop choices that there are no more: of a version published since, or of another page."""
    chosen = st.session_state.get(key)
    if isinstance(chosen, str):
        if chosen not in options:
            del st.session_state[key]
    elif chosen and not set(chosen) <= set(options):
        st.session_state[key] = [value for value in chosen if value in options]
