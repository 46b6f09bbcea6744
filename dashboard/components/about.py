"""What a card knows of its metric or mart: the content of a dialog, and nothing of the dialog itself."""

import streamlit as st

from dashboard import metrics
from dashboard.components import catalog_cards
from dashboard.components.markdown import literal
from dashboard.definitions import Meaning
from dashboard.metrics import Served
from dashboard.queries import catalog
from dashboard.queries.catalog import Catalog, Entry

NO_CATALOG = (
    "This version was published before versions held a catalog: owner, tests and models are not known."
)
REMOVED = "This version was withdrawn meanwhile. Open the page again to see the one that serves."


def about(served: Served, metric: str) -> None:
    """Definition, models, owner, tests, freshness and SQL of a metric, with a link to the catalog.

    Says so where the version has no such metric, or no catalog.
    """
    if metric not in served.metrics:
        st.info(f"There is no metric {literal(metric[:40])} in this version.")
        return
    if found := read(served, ("metric", metric), served.metrics[metric].description):
        known, entry = found
        catalog_cards.description(entry)
        st.html(catalog_cards.definition(served, known, entry))
        st.html(catalog_cards.facts(served, known, entry))
        catalog_cards.sql(served, entry)
        catalog_cards.named(f"about-{metric}", "Reads", known.models(entry))
        to_catalog(entry)


def mart(served: Served, meaning: Meaning) -> None:
    """What a mart's rows are, what a card draws of them and its SQL, owner, tests and freshness.

    With a link to the catalog; says so where the version has none.
    """
    if found := read(served, ("node", meaning.mart)):
        known, entry = found
        catalog_cards.description(entry)
        st.html(catalog_cards.drawn(entry, meaning))
        st.html(catalog_cards.facts(served, known, entry))
        catalog_cards.code("SQL", meaning.sql)
        catalog_cards.named(f"about-{meaning.mart}", "Reads", known.parents(entry))
        to_catalog(entry)


def read(served: Served, link: tuple[str, str], described: str = "") -> tuple[Catalog, Entry] | None:
    """The catalog and its entry of a link; None where there is none, which is said, with what is known."""
    try:
        known = catalog.read(metrics.warehouse(), served.name)
    except FileNotFoundError:
        st.info(REMOVED)
        return None
    entry = known.by_link.get(link) if known else None
    if known and entry:
        return known, entry
    if described:
        st.html(f'<p class="prose">{catalog_cards.prose(described)}</p>')
    st.caption(NO_CATALOG)
    return None


def to_catalog(entry: Entry) -> None:
    """A link to all about an entry."""
    with st.container(key=f"entry-about-{entry.name}"):
        catalog_cards.link(entry, "All about it in the catalog")
