"""Named views, and the views opened last: what a reader comes back to."""

from html import escape
from urllib.parse import parse_qs, urlencode

import streamlit as st

from dashboard import bookmarks
from dashboard.bookmarks import View
from dashboard.components.markdown import literal
from dashboard.exports.report import filters_words

PAGE, PAGES, BUTTON, NAME, NOTED = "page", "pages", "views", "view-name", "view-noted"


def button() -> None:
    """The page's control; what it opens, `show` draws."""
    st.button("Views", icon=":material/bookmark:", type="tertiary", key=BUTTON)


def here() -> View:
    """The page as its URL holds it now."""
    held = [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
    return View(str(st.session_state.get(PAGE, "")), urlencode(held))


def show() -> None:
    """Remember what is shown, and open the choice of views where the reader has asked for it."""
    view = here()
    # Dates that a chart has set are in the URL a moment before the period that they make.
    is_whole = "dates" not in st.query_params or "period" in st.query_params
    if view.query and is_whole and st.session_state.get(NOTED) != view:
        bookmarks.note(view)
        st.session_state[NOTED] = view
    if st.session_state.get(BUTTON):
        choose(view)


@st.dialog("Views")
def choose(view: View) -> None:
    """Name the view that is shown, and go to another one."""
    with st.form("save-view", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name what you see", max_chars=bookmarks.LONGEST_NAME, key=NAME, placeholder=words(view)
        )
        st.form_submit_button("Save", on_click=save, args=(view,), icon=":material/bookmark_add:")
    others = [each for each in bookmarks.recent() if each != view]
    listed("Named views", bookmarks.named(), "None yet. A view that is named stays, for all readers.")
    listed("Opened last", others, "Nothing else was opened yet.")


def save(view: View) -> None:
    """Keep the view under the name that the reader gave, or under its words: in a callback."""
    name = str(st.session_state[NAME]).strip() or words(view)
    bookmarks.save(View(view.page, view.query, name[: bookmarks.LONGEST_NAME]))


def listed(title: str, views: list[View], otherwise: str) -> None:
    """Links to views; those with a name can be removed."""
    st.html(f'<h3 class="listed">{escape(title)}</h3>')
    if not views:
        st.caption(otherwise)
    pages = st.session_state.get(PAGES, [])
    for view in views:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            label = f"<strong>{escape(view.name)}</strong>" if view.name else ""
            said = f"{label}<span>{escape(words(view))}</span>"
            if view.page in pages:
                drawn = f'<a href="{escape(view.link)}" target="_self">{said}</a>'
            else:
                drawn = f"{said}<span> This version has no such page.</span>"
            st.html(f'<p class="view">{drawn}</p>', width="stretch")
            if view.name:
                st.button(
                    f"Remove {literal(view.name)}",
                    on_click=bookmarks.remove,
                    args=(view.name,),
                    icon=":material/delete:",
                    type="tertiary",
                    key=f"remove-{view.name}",
                )


def words(view: View) -> str:
    """The page, and what its URL holds."""
    chosen = filters_words(parse_qs(view.query))
    return f"{view.page.capitalize()}: {chosen}" if chosen else view.page.capitalize()
