"""What a tile knows of its metric: the content of a dialog, and nothing of the dialog itself."""

import streamlit as st

from dashboard import metrics
from dashboard.components import catalog_cards
from dashboard.metrics import Served
from dashboard.queries import catalog

NO_CATALOG = (
    "This version was published before versions held a catalog: owner, tests and models are not known."
)
REMOVED = "This version was withdrawn meanwhile. Open the page again to see the one that serves."


def about(served: Served, metric: str) -> None:
    """Definition, models, owner, tests, freshness and SQL of a metric, with a link to the catalog.

    Says so where the version has no such metric, or no catalog.
    """
    if metric not in served.metrics:
        st.info(f"There is no metric \u201c{metric[:40]}\u201d in this version.")
        return
    try:
        known = catalog.read(metrics.warehouse(), served.name)
    except FileNotFoundError:
        st.info(REMOVED)
        return
    entry = known.by_link.get(("metric", metric)) if known else None
    if known is None or entry is None:
        st.html(f'<p class="prose">{catalog_cards.prose(served.metrics[metric].description)}</p>')
        st.caption(NO_CATALOG)
        return
    catalog_cards.description(entry)
    st.html(catalog_cards.definition(served, known, entry))
    st.html(catalog_cards.facts(served, known, entry))
    catalog_cards.sql(served, entry)
    catalog_cards.named(f"about-{metric}", "Reads", known.models(entry))
    with st.container(key=f"entry-about-{metric}"):
        catalog_cards.link(entry, "All about it in the catalog")
