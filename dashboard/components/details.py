"""What lies behind a tile: why its metric changed, what the metric means, and the rows that it sums up."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Literal

import streamlit as st

from dashboard import formats, theme
from dashboard.charts.base import drawn_from
from dashboard.charts.waterfall import waterfall
from dashboard.components import about, tables
from dashboard.components.markdown import escaped
from dashboard.definitions import Meaning, Rows
from dashboard.exports.names import named_after
from dashboard.filters import selection_words
from dashboard.metrics import Served
from dashboard.queries import changes, waterfalls
from dashboard.queries.contributions import Split
from dashboard.queries.figures import Figures, Shown

WHY, MEANING, ROWS = "Why it changed", "Meaning", "Rows"
VIEWS = (WHY, MEANING, ROWS)
MOST_ROWS = 1000
FEW_ROWS, ROWS_HEIGHT = 8, 320


def show(served: Served, shown: Figures, metric: str, how: Shown, views: tuple[str, ...] = VIEWS) -> None:
    """Open the dialog of a metric."""
    label = how.label or served.metrics[metric].label

    def body() -> None:
        view = choose_view(views)
        st.caption(escaped(within(shown, metric)))
        if view == MEANING:
            about.about(served, metric)
        elif view == ROWS:
            rows(served, shown, metric)
        else:
            why(served, shown, metric, how, label)

    st.dialog(label, width="large")(body)()


def show_rows(
    served: Served, title: str, scope: str, listed: Sequence[Rows], parts: Sequence[str], meaning: Meaning
) -> None:
    """Open the dialog of a card of a mart: its rows, and what it means."""

    def body() -> None:
        view = choose_view((ROWS, MEANING))
        st.caption(escaped(scope))
        if view == MEANING:
            about.mart(served, meaning)
        else:
            tables_of(served, listed, parts)

    st.dialog(title, width="large")(body)()


def choose_view(views: Sequence[str]) -> str:
    """The view of a dialog: the one last chosen, at first the first."""
    return st.segmented_control(
        "View", views, default=views[0], required=True, label_visibility="collapsed", key="behind"
    )


def within(shown: Figures, metric: str) -> str:
    """The days and the filters that a metric is within, in words."""
    words = selection_words(shown.selection_of(metric))
    return ", ".join(filter(None, (shown.filters.period.words, words))) + "."


def why(served: Served, shown: Figures, metric: str, how: Shown, label: str) -> None:
    """The change that the tile shows, split by what the reader chooses, as a sentence and a waterfall."""
    if not changes.is_comparable(shown, metric, how):
        st.info(changes.nothing_words(served, shown, metric, label))
        return
    if shown.before is None:
        by = changes.by_words(changes.CATEGORY)
        draw(changes.gap(served, shown.filters), label, shown.against, how, by)
        return
    selection = shown.selection_of(metric)
    ways = changes.ways(served, metric, selection)
    if not ways:
        st.info("This metric is neither a sum nor a ratio of sums: its change has no exact parts.")
        return
    words_of = partial(changes.way_words, served, metric)
    way = st.selectbox("Split by", ways, format_func=words_of, key=f"split-by-{metric}", width=320)
    found = changes.split(served, metric, way, shown.before, shown.filters.period, selection)
    if found is None:
        st.info(changes.nothing_words(served, shown, metric, label))
        return
    draw(found, label, shown.against, how, changes.by_words(way))
    if words := changes.method(served, metric, way, found):
        st.caption(words)


def draw(found: Split, label: str, against: str, how: Shown, by: str) -> None:
    """A change as a sentence and a waterfall; `by`: what it is split by, in words."""
    words = waterfalls.sentence(label, found, against, how, by)
    unbroken = re.sub(rf"{formats.MINUS}\S+", r'<span style="white-space:nowrap">\g<0></span>', escape(words))
    st.html(f'<p class="answer">{unbroken}</p>')
    numbers = waterfalls.table(found, against, how)
    spec = drawn_from(waterfall(len(numbers), theme.palette()), numbers)
    st.vega_lite_chart(spec, theme=None, alt=words, key="waterfall")


def rows(served: Served, shown: Figures, metric: str) -> None:
    """The rows of each mart that the metric reads, within the filters, that it counts, and their download."""
    period, selection = shown.filters.period, shown.selection_of(metric)
    listed = [behind.rows(period, selection) for behind in served.behind(metric)]
    tables_of(served, listed, (f"{period.start} {period.end}", selection_words(selection)))


def tables_of(served: Served, listed: Sequence[Rows], parts: Sequence[str]) -> None:
    """The first rows of each mart, and the download of all, in files named after it and the parts."""
    for found in listed:
        first = served.read(found.all(MOST_ROWS), found.values)
        count = served.read(found.count, found.values)["row_count"][0].as_py()
        shortened = f", the first {MOST_ROWS:,} of them here" if count > MOST_ROWS else ""
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            words = f" {found.words}" if found.words else ""
            st.markdown(f"**{found.name}**: {formats.counted(count, 'row')}{words}{shortened}")
            st.download_button(
                "Download CSV",
                partial(download, served, found),
                file_name=named_after((found.name, *parts, served.name), "csv", datetime.now(UTC).date()),
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"rows-{found.name}",
            )
        height: Literal["content"] | int = "content" if count <= FEW_ROWS else ROWS_HEIGHT
        st.dataframe(
            first,
            hide_index=True,
            height=height,
            placeholder=formats.NOTHING,
            key=f"rows-of-{found.name}",
        )


def download(served: Served, found: Rows) -> bytes:
    """All of the rows as CSV, read when they are asked for."""
    return tables.csv(served.read(found.all(), found.values))
