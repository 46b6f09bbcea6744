"""Which version a reader sees: the one that serves, or one that a link is pinned to."""

from datetime import UTC
from html import escape

import streamlit as st

from dashboard import formats, metrics
from dashboard.metrics import Served

VERSION, SHOWN = "version", "version_shown"


def pinned() -> str:
    """The version that the link asks for, kept from page to page; nothing where it asks for none."""
    if asked := st.query_params.get(VERSION):
        st.session_state[VERSION] = asked
    elif held := st.session_state.get(VERSION):
        st.query_params[VERSION] = held
    return str(st.session_state.get(VERSION, ""))


def serving() -> Served:
    """The version to show, opened. Raises as `metrics.serving` does."""
    return metrics.serving(metrics.warehouse(), pinned())


def release() -> None:
    """Show the version that serves from now on: in a callback."""
    st.session_state.pop(VERSION, None)
    st.query_params.pop(VERSION, None)


def pin(name: str) -> None:
    """Hold on to a version, whatever is published: in a callback."""
    st.session_state[VERSION] = name


def say_new(served: Served) -> None:
    """Say so where another version is shown than a moment ago, because it was published meanwhile."""
    before = st.session_state.get(SHOWN, served.name)
    st.session_state[SHOWN] = served.name
    if before != served.name and not pinned():
        st.toast(f"New data: what was {published(served)} is shown now.", icon=":material/update:")


def published(served: Served) -> str:
    """When the version was published, in words."""
    at = served.published_at.astimezone(UTC)
    return f"published {formats.day_words(at.date())} at {at:%H:%M} UTC"


def release_button(label: str) -> None:
    """A button that goes to the version that serves."""
    st.button(label, on_click=release, icon=":material/update:", key="release")


def line(served: Served) -> None:
    """Which version is shown, when it was published, how far its data reaches, and a way to hold on to it."""
    words = f"Data to {formats.day_words(served.data.end)}. Version {served.name}, {published(served)}."
    with st.container(horizontal=True, vertical_alignment="center", key="served"):
        if pinned():
            st.html(f'<p class="served">{escape(words)} The link is pinned to it.</p>', width="content")
            release_button("Show the latest")
        else:
            st.html(f'<p class="served">{escape(words)}</p>', width="content")
            st.button(
                "Pin the link to it",
                on_click=pin,
                args=(served.name,),
                type="tertiary",
                icon=":material/keep:",
                key="pin",
            )
