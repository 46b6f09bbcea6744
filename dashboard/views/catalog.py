"""Catalog: what the numbers mean, who answers for them, what they are made of, and how they were tested."""

from html import escape

import pyarrow as pa
import streamlit as st

from dashboard import formats, metrics, theme
from dashboard.charts.base import CHOSEN, drawn_from
from dashboard.charts.lineage import lineage as drawing
from dashboard.components import catalog_cards, export, filters, links, sections, versions
from dashboard.components.about import NO_CATALOG, REMOVED
from dashboard.components.tables import Columns
from dashboard.exports.report import Note, Table
from dashboard.metrics import Served
from dashboard.queries import catalog, catalog_tables, lineage
from dashboard.queries.catalog import GROUPS, Catalog, Entry, Found
from dashboard.queries.lineage import Lineage

PAGE = "catalog"
ENTRY_KEYS = ("metric", "node")
ALL = "All kinds"
MOST_LISTED = 25
AUTOMATIC = "Auto"
STEPS = {AUTOMATIC: None, "1": 1, "2": 2, "3": 3, "All": lineage.EVERYTHING}
HEADINGS = {
    "Metrics": "One definition of every number on this dashboard.",
    "Marts": "The tables that are published, and all that the metrics read.",
    "Models": "The steps between the raw data and the marts.",
    "Sources": "The raw data, and the files of the project.",
    "Pages": "What reads the marts.",
}
BOX_WIDTH = 176
"""Of the drawing, in pixels, as the stylesheet has it."""
CHOICES: dict[str, list[str]] = {"kind": [ALL, *GROUPS], "steps": [*STEPS]}
"""What else a link may choose."""


def asked(known: Catalog) -> tuple[Entry | None, list[str]]:
    """The entry that the URL opens; what it asks for that is not there, in words."""
    found = None
    missing = links.missing({key: st.query_params.get_all(key) for key in CHOICES}, CHOICES)
    for key in ENTRY_KEYS:
        name = st.query_params.get(key, "")
        if name:
            entry = known.by_link.get((key, name))
            found = found or entry
            missing += [] if entry else links.missing({key: [name]}, {key: ()})
    return found, missing


def choose() -> tuple[str, str]:
    """The words to search for, and the group of kinds."""
    with st.container(horizontal=True, key="filters"):
        words = st.text_input(
            "Search",
            key="search",
            bind="query-params",
            placeholder="A name, a column, an owner, a word of the meaning",
            width=380,
            max_chars=200,
        )
        group = st.selectbox("Kind", [ALL, *GROUPS], key="kind", bind="query-params", width=160)
    filters.keep(PAGE, {"search": words, "kind": group})
    return words.strip(), group


def keep(name: str, title: str, numbers: pa.Table, columns: Columns) -> None:
    """Have a table that is drawn as HTML exported with the page."""
    export.report().add(Table(f"catalog-{name}", title, "", numbers, columns))


def entries_card(known: Catalog, name: str, title: str, subtitle: str, found: list[Found]) -> None:
    """A card with entries, one below the other; a long one in part until all are asked for."""
    key = f"all-{name}"
    shown = found if st.session_state.get(key) else found[:MOST_LISTED]
    with sections.card(f"entries-{name}"):
        sections.heading(title, subtitle)
        keep(name, title, catalog_tables.entries(known, found), catalog_tables.ENTRIES)
        for one in shown:
            key, value = one.entry.link
            with st.container(key=f"entry-{key}-{value}"):
                catalog_cards.link(one.entry)
                st.html(catalog_cards.listed(known, one, is_mixed=name == "found"))
        if len(shown) < len(found):
            st.button(
                f"Show all {len(found)}",
                key=f"more-{name}",
                on_click=st.session_state.update,
                args=({f"all-{name}": True},),
            )


def listing(known: Catalog, words: str, group: str) -> None:
    """What answers the search; without words, metrics and marts or the group that is chosen."""
    if words:
        found = catalog.search(known, words, GROUPS.get(group, ()))
        if not found:
            sections.empty(
                "Nothing answers this search",
                f"Nothing has all of \u201c{words[:60]}\u201d in its name, columns, tags, owner or meaning. "
                f"Search for fewer words{'' if group == ALL else ', or in all kinds'}.",
            )
            return
        count = formats.counted(len(found), "answer")
        entries_card(known, "found", f"{count} to \u201c{words[:60]}\u201d", "The best first.", found)
        return
    for name in ("Metrics", "Marts") if group == ALL else (group,):
        found = catalog.search(known, "", GROUPS[name])
        entries_card(known, name.lower(), f"{name} ({len(found):,})", HEADINGS[name], found)
    if group == ALL:
        st.caption("Choose a kind to see the models before the marts, the raw data, and the pages.")


def lineage_card(known: Catalog, entry: Entry) -> None:
    """What the entry comes from and goes into; a click on a box opens it."""
    with sections.card("lineage"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            sections.heading(
                f"Lineage of {entry.title}",
                "From the left what it reads, to the right what reads it. Marts and metrics are outlined in "
                "blue. A click on a box opens it.",
            )
            chosen = st.segmented_control(
                "Steps",
                list(STEPS),
                default=AUTOMATIC,
                key="steps",
                bind="query-params",
                required=True,
                label_visibility="collapsed",
                width="content",
            )
        steps = STEPS[chosen or AUTOMATIC]
        shown = lineage.lay_out(known, entry, steps) if steps else lineage.fitting(known, entry)
        draw(known, shown, str(chosen))
        catalog_cards.named("reads", "Reads", known.parents(entry))
        is_metric = entry.kind == "metric"
        catalog_cards.named("readers", "Read by", known.readers(entry, are_metrics=is_metric))


def draw(known: Catalog, shown: Lineage, chosen: str) -> None:
    """The drawing, wider than its card where it has many columns: the card then scrolls, from the entry."""
    key = f"drawing-{shown.entry.id}-{chosen}"

    def walk() -> None:
        clicked = [point["id"] for point in st.session_state[key].selection[CHOSEN] if "id" in point]
        if clicked and clicked[0] in known.entries:
            st.query_params.from_dict(catalog_cards.parameters(known.entries[clicked[0]]))

    spec = drawing(shown.columns, round(shown.rows, 3), theme.palette())
    numbers = lineage.tables(known, shown)
    title, words = f"Lineage of {shown.entry.title}", lineage.in_words(known, shown.entry)
    width = BOX_WIDTH * shown.columns
    export.report().chart("lineage", title, spec, numbers, words, width, width)
    place = f"--columns: {shown.columns}; --middle: {shown.middle:.4f}"
    with st.container(key=f"lineage-{shown.entry.id}-{chosen}"):
        st.html(f"<style>[class*=st-key-lineage-] {{{place}}}</style>")
        st.html('<i class="own-place"></i>')
        st.vega_lite_chart(
            drawn_from(spec, numbers),
            theme=None,
            key=key,
            alt=f"{title}. {words}.",
            on_select=walk,
            selection_mode=CHOSEN,
        )


def metric_card(served: Served, known: Catalog, entry: Entry) -> None:
    """How a metric is worked out."""
    with sections.card("definition"):
        sections.heading("Definition", "What it is worked out from, and what it can be grouped by.")
        said = catalog_cards.definition_of(served, known, entry)
        keep("definition", "Definition", catalog_tables.said(said), catalog_tables.SAID)
        st.html(catalog_cards.described(said))
        if statement := catalog_cards.sql_of(served, entry):
            export.report().add(Note(catalog_cards.COMPILED, statement, is_code=True))
            catalog_cards.code(catalog_cards.COMPILED, statement)


def details(served: Served, known: Catalog, entry: Entry) -> None:
    """One entry, top to bottom."""
    catalog_cards.description(entry)
    export.report().add(Note("", entry.summary))
    with sections.card("facts"):
        said = catalog_cards.facts_of(served, known, entry)
        keep("facts", "About it", catalog_tables.said(said), catalog_tables.SAID)
        st.html(catalog_cards.described(said))
    if entry.kind == "metric":
        metric_card(served, known, entry)
    lineage_card(known, entry)
    summed_up = known.readers(entry, are_metrics=True) if entry.kind != "metric" else []
    if summed_up:
        with sections.card("metrics"):
            sections.heading(f"Metrics ({len(summed_up):,})", "What is worked out from it directly.")
            catalog_cards.named("metrics", "", summed_up)
    if entry.columns:
        with sections.card("columns"):
            sections.heading(f"Columns ({len(entry.columns):,})", "Type, meaning, and how each is tested.")
            st.html(catalog_cards.columns(entry))
            title = f"Columns of {entry.title}"
            keep("columns", title, catalog_tables.columns(entry), catalog_tables.COLUMNS)
    tests = known.tests(entry)
    if tests:
        with sections.card("tests"):
            sections.heading("Tests", f"{catalog.tests_words(tests)} when this version was built.")
            st.html(catalog_cards.checks(tests))
            keep("tests", f"Tests of {entry.title}", catalog_tables.tests(tests), catalog_tables.TESTS)


def masthead(served: Served, known: Catalog, entry: Entry | None) -> None:
    """The title, and what the catalog holds or what the entry is."""
    if entry:
        st.button("Catalog", icon=":material/arrow_back:", type="tertiary", key="back", on_click=go_back)
        sections.head(entry.title, escape(catalog_cards.capitalized(entry.kind_words)))
    else:
        fresh = catalog_cards.capitalized(catalog_cards.freshness(served))
        sections.head("Catalog", escape(f"{catalog.counted_words(known)} {fresh}."))


def go_back() -> None:
    """Leave the entry for the list, as it was last searched."""
    for key in ENTRY_KEYS:
        st.query_params.pop(key, None)
    _, kept = st.session_state.get(filters.KEPT, (PAGE, {}))
    st.session_state.update({key: kept[key] for key in ("search", "kind") if key in kept})


def show(served: Served) -> None:
    """The page: the list, or the entry that the URL names."""
    try:
        known = catalog.read(metrics.warehouse(), served.name)
    except FileNotFoundError:
        sections.empty("This version is gone", REMOVED)
        return
    if known is None:
        sections.empty("No catalog in this version", f"{NO_CATALOG} Build and publish again to have one.")
        return
    entry, missing = asked(known)
    with st.container(key="masthead"):
        masthead(served, known, entry)
    links.say(missing)
    if entry:
        # A link within the page changes what the script is asked for, but not the browser's address.
        key, name = entry.link
        st.query_params[key] = name
        details(served, known, entry)
    else:
        words, group = choose()
        listing(known, words, group)
    sections.served_line(served)


show(versions.serving())
