"""What lies behind a tile: why its metric changed, what the metric means, and the rows that it sums up."""

from functools import partial
from html import escape

import streamlit as st

from dashboard import theme
from dashboard.charts.base import drawn_from
from dashboard.charts.waterfall import waterfall
from dashboard.components import about, tables
from dashboard.metrics import Served
from dashboard.periods import Compare
from dashboard.queries import changes
from dashboard.queries.figures import Figures, Shown
from dashboard.requests import spelled

WHY, MEANING, ROWS = "Why it changed", "Meaning", "Rows"
VIEWS = [WHY, MEANING, ROWS]
MOST_ROWS = 1000
UNSPLIT = "Its parts do not add up: what is counted here counts in each of several."


def show(served: Served, shown: Figures, metric: str, how: Shown) -> None:
    """Open the dialog of a metric."""

    def body() -> None:
        view = st.segmented_control(
            "View", VIEWS, default=WHY, required=True, label_visibility="collapsed", key="behind"
        )
        if view == MEANING:
            about.about(served, metric)
        elif view == ROWS:
            rows(served, shown, metric)
        else:
            why(served, shown, metric, how)

    label = how.label or served.metrics[metric].label
    st.dialog(label, width="large")(body)()


def why(served: Served, shown: Figures, metric: str, how: Shown) -> None:
    """The change of the metric, split by what the reader chooses, as a sentence and a waterfall."""
    ways = changes.ways(served, metric)
    if shown.before is None:
        st.info(
            "What a target is missed by has no parts: compare with other days to see what changed."
            if shown.filters.compare is Compare.TARGET
            else "There are no days to compare with: choose another period, or another comparison."
        )
        return
    if not ways:
        st.info("This metric is neither a sum nor a ratio of sums: its change has no exact parts.")
        return
    way = st.selectbox("Split by", ways, format_func=words_of, key="split-by", width=260)
    found = changes.split(served, metric, way, shown.before, shown.filters.period, shown.filters.selection())
    if found is None:
        st.info(UNSPLIT)
        return
    words = changes.sentence(how.label or served.metrics[metric].label, found, shown.against, how)
    st.html(f'<p class="answer">{escape(words)}</p>')
    numbers = changes.table(found, shown.against, how)
    spec = drawn_from(waterfall(len(numbers), theme.palette()), numbers)
    st.vega_lite_chart(spec, theme=None, alt=words, key="waterfall")


def words_of(way: str) -> str:
    """A way to split, for readers."""
    return way.replace("_", " ").capitalize()


def rows(served: Served, shown: Figures, metric: str) -> None:
    """The rows of each mart that the metric reads, within the filters, and their download."""
    selection = shown.filters.selection()
    days = {"first_day": shown.filters.period.start, "last_day": shown.filters.period.end}
    values = {**days, **{name: list(chosen) for name, chosen in selection}}
    for behind in served.behind(metric):
        filters = {spelled(name, behind.conditions): name for name, _ in selection}
        found = served.read(behind.rows(filters), values)
        name = behind.mart.rpartition(".")[2]
        shortened = f", the first {MOST_ROWS:,} of them here" if len(found) > MOST_ROWS else ""
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{name}**: {len(found):,} rows by {behind.day.replace('_', ' ')}{shortened}")
            st.download_button(
                "Download CSV",
                partial(tables.csv, found),
                file_name=f"{name}-{days['first_day']}-{days['last_day']}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"rows-{name}",
            )
        st.dataframe(found.slice(0, MOST_ROWS), hide_index=True, height=320, key=f"rows-of-{name}")
