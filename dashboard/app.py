"""The dashboard: its pages, and what all of them share. `python -m dashboard` serves it.

The pages lie in `views`: a folder named `pages` Streamlit takes for its older kind of app, and the first
request would run a page without this script.
"""

import streamlit as st

from dashboard import metrics, theme
from plugins.published import NothingPublishedError, Version, current_version

SECONDS_BETWEEN_LOOKS = 3


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def watch(shown: Version | None, colours: theme.Palette) -> None:
    """Show the page again once another version serves, or the reader has changed the theme."""
    if current_version(metrics.warehouse()) != shown or theme.palette() != colours:
        st.rerun()


def main() -> None:
    """Draw the page that the URL names, on the version that serves."""
    page = st.navigation([st.Page("views/overview.py", title="Overview", default=True)], position="top")
    st.set_page_config(page_title=f"{page.title} \u00b7 Larkspur", page_icon=theme.ICON, layout="wide")
    st.html(theme.stylesheet())
    version = current_version(metrics.warehouse())
    try:
        metrics.serving(metrics.warehouse())
    except (NothingPublishedError, metrics.NoSalesError) as error:
        st.html('<div class="masthead"><h1>There is nothing to show yet</h1></div>')
        st.info(str(error))
    else:
        page.run()
    watch(version, theme.palette())


main()
