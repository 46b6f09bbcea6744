"""The dashboard: its pages, and what all of them share. `python -m dashboard` serves it.

The pages lie in `views`: a folder named `pages` Streamlit takes for its older kind of app, and the first
request would run a page without this script.
"""

from html import escape
from urllib.parse import unquote, urlsplit

import streamlit as st

from dashboard import metrics, theme
from dashboard.ahead import readers
from dashboard.bookmarks import FIRST_PAGE
from dashboard.components import links, saved, sections, versions
from dashboard.components.markdown import literal
from dashboard.metrics import Served
from plugins.published import NothingPublishedError, UnknownVersionError, Version, current_version

SECONDS_BETWEEN_LOOKS = 3
PAGES = {
    "overview": (),
    "sales": (),
    "customers": ("dim_customer_segments",),
    "stores": ("dim_stores",),
    "acquisition": ("sessions",),
    "funnel": ("sessions",),
    "experiments": ("fct_experiment_verdicts",),
    "explore": (),
    "catalog": (),
}
"""Each page, and the metric or mart of a system that may be absent, without which there is no such page."""
NO_PAGE = "There is no such page"


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def watch(shown: Version | None, colours: theme.Palette) -> None:
    """Show the page again once another version serves, or the reader has changed the theme."""
    if current_version(metrics.warehouse()) != shown or theme.palette() != colours:
        st.rerun()


def pages(served: Served | None) -> list[st.Page]:
    """The pages that the version has numbers for; all while there is none, for links to them to wait.

    The last one, which nothing leads to, answers an address that is none of theirs.
    """
    known = {
        name: st.Page(
            f"views/{name}.py",
            title=name.capitalize(),
            url_path=name if name != FIRST_PAGE else "",
            default=name == FIRST_PAGE,
        )
        for name, needed in PAGES.items()
        if served is None or served.has(*needed)
    }
    found = [*known.values()]
    asked = unquote(urlsplit(st.context.url or "").path).rpartition("/")[2].strip()
    if asked and asked not in [page.url_path for page in found]:
        meant = known.get(asked.lower())
        found.append(
            st.Page(
                lambda: lead_to(meant) if meant else no_page(),
                title=meant.title if meant else NO_PAGE,
                url_path=asked,
                visibility="hidden",
            )
        )
    return found


def lead_to(page: st.Page) -> None:
    """Go on to the page, with all that the address says besides."""
    asked = st.query_params
    st.switch_page(page, query_params={name: asked.get_all(name) for name in asked})


def no_page() -> None:
    """Say that the address names no page."""
    st.html(f'<div class="masthead"><h1>{escape(NO_PAGE)}</h1></div>')
    st.info("The address names a page that this dashboard, or this version, does not have. Choose one above.")


def lacking_words(error: metrics.NotInVersionError) -> str:
    """What a version lacks, and what to do."""
    return f"It was published with other definitions: {error}. Show the latest version, or build again."


def main() -> None:
    """Draw the page that the URL names, on the version that serves."""
    version = current_version(metrics.warehouse())
    served, title, problem = None, "There is nothing to show yet", ""
    try:
        served = versions.serving()
    except UnknownVersionError:
        title = "This version is not there any more"
        problem = f"{literal(versions.pinned()[:40])} is not kept: a warehouse keeps its last versions only."
    except (NothingPublishedError, metrics.NoSalesError) as error:
        problem = str(error)
    except metrics.NotInVersionError as error:
        problem = lacking_words(error)
    page = st.navigation(pages(served), position="top")
    st.set_page_config(page_title=f"{page.title} \u00b7 Larkspur", page_icon=theme.ICON, layout="wide")
    st.html(theme.stylesheet())
    st.html(theme.script(), unsafe_allow_javascript=True)
    if served is None:
        st.html(f'<div class="masthead"><h1>{title}</h1></div>')
        st.info(problem)
        if versions.pinned():
            versions.release_button("Show the latest")
    else:
        links.say_cut()
        versions.say_new(served)
        st.session_state[saved.PAGE] = page.url_path if page.url_path in PAGES else FIRST_PAGE
        st.session_state[saved.PAGES] = [name for name, needed in PAGES.items() if served.has(*needed)]
        try:
            page.run()
        except metrics.NotInVersionError as error:
            sections.empty("This version lacks what the page shows", lacking_words(error))
            sections.served_line(served)
    watch(version, theme.palette())


with readers.waiting():
    main()
