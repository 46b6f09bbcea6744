"""The pieces that pages are put together from: heads, cards with a chart or a table, the line at the end."""

from datetime import UTC
from html import escape

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import figures, formats, tables, tracking
from dashboard.charts.base import CHOSEN, Spec, Tables, drawn_from
from dashboard.figures import Figures
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Grain, Period
from dashboard.tables import Columns

MOST_ROWS, TABLE_HEIGHT = 14, 480


def masthead(title: str, period: Period, before: Period | None) -> None:
    """The title, the period in words, and what it is compared with."""
    compared = (
        f"compared with {figures.days_before(before)} ({before.words})"
        if before
        else "the data does not reach back far enough to compare it with the period before"
    )
    st.html(
        f'<div class="masthead"><h1>{escape(title)}</h1>'
        f"<p><strong>{period.words}</strong>, {compared}</p></div>"
    )


def heading(title: str, subtitle: str) -> None:
    """A card's title, and the unit and period below it. The subtitle is HTML."""
    st.html(f'<div class="heading"><h2>{escape(title)}</h2><p>{subtitle}</p></div>')


def card(name: str, *, is_beside: bool = False) -> DeltaGenerator:
    """A card; beside another one, as high as that."""
    return st.container(key=f"card-{name}", height="stretch" if is_beside else "content")


def chart(name: str, title: str, spec: Spec, numbers: Tables, filter_by: str = "", words: str = "") -> None:
    """A chart, and its words for who cannot see it: the title, and more where given.

    With `filter_by`, a click on what stands for one of its values sets that filter.
    """
    if not filter_by:
        alt = f"{title}. {words}" if words else title
        st.vega_lite_chart(drawn_from(spec, numbers), theme=None, key=f"{name}-chart", alt=alt)
        return
    chosen = st.session_state.get(filter_by) or []
    # A new choice makes a new chart, whose next click counts again.
    key = "-".join((name, "chart", *sorted(chosen)))

    def choose() -> None:
        clicked = {
            point[filter_by] for point in st.session_state[key].selection[CHOSEN] if filter_by in point
        }
        st.session_state[filter_by] = sorted(clicked ^ set(chosen))

    st.vega_lite_chart(
        drawn_from(spec, numbers),
        theme=None,
        alt=title,
        key=key,
        on_select=choose,
        selection_mode=CHOSEN,
    )


def table(
    name: str,
    title: str,
    subtitle: str,
    numbers: pa.Table,
    columns: Columns,
    period: Period,
    grain: Grain = Grain.DAY,
) -> None:
    """A card with a table, and its download as CSV, named after the page's table and the period."""
    with card(f"{name}-table"):
        table_in_card(name, title, subtitle, numbers, columns, period, grain)


def table_in_card(
    name: str,
    title: str,
    subtitle: str,
    numbers: pa.Table,
    columns: Columns,
    period: Period,
    grain: Grain,
) -> None:
    """The table and its download, in the card that is being drawn."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        heading(title, subtitle)
        st.download_button(
            "Download CSV",
            lambda: tables.csv(numbers),
            file_name=f"{name}-{period.start}-{period.end}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"{name}-download",
        )
    st.dataframe(
        tables.as_percentages(numbers, columns),
        hide_index=True,
        column_config=tables.column_config(columns, grain),
        height="content" if len(numbers) <= MOST_ROWS else TABLE_HEIGHT,
        placeholder=formats.NOTHING,
        key=f"{name}-numbers",
    )


def empty(title: str, words: str) -> None:
    """What to say instead of empty charts."""
    st.html(f'<div class="empty"><h2>{escape(title)}</h2><p>{escape(words)}</p></div>')


def no_visits(filters: Filters) -> None:
    """What to say where nobody came."""
    chosen = ", ".join(value for values in filters.chosen.values() for value in values)
    empty(
        "No sessions match these filters",
        f"Nobody came in {filters.period.words}{f' ({chosen})' if chosen else ''}. "
        "Choose a longer period, or fewer filters.",
    )


def tracking_note(served: Served, shown: Figures) -> None:
    """Which days of the period lack visits, where any do."""
    words = tracking.words(tracking.losses(served, shown))
    if words:
        st.html(f'<p class="caution">{escape(words)}</p>')


def legend(*entries: tuple[str, str]) -> str:
    """HTML of a legend: each entry's words after a spot of its colour, as the palette names it."""
    return " ".join(
        f'<span class="key"><i style="background: var(--{colour})"></i>{escape(words)}</span>'
        for words, colour in ((words, name.replace("_", "-")) for words, name in entries)
    )


def served_line(served: Served) -> None:
    """Which version is shown, when it was published, and how far its data reaches."""
    published = served.published_at.astimezone(UTC)
    words = (
        f"Data to {formats.day_words(served.data.end)}. "
        f"Version {served.name}, published {formats.day_words(published.date())} at {published:%H:%M} UTC."
    )
    st.html(f'<p class="served">{escape(words)}</p>')
