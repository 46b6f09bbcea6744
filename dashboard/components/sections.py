"""The pieces that pages are put together from: heads, cards with a chart or a table, the line at the end."""

from collections.abc import Sequence
from datetime import date
from html import escape

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import formats
from dashboard.charts.base import BRUSHED, CHOSEN, Spec, Tables, drawn_from
from dashboard.components import export, filters, saved, tables, versions
from dashboard.components.drill import Drill, RowsDrill
from dashboard.components.tables import Columns
from dashboard.exports.report import Note, Table
from dashboard.exports.words import plain
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Compare, Grain, Part, Period
from dashboard.queries import spoken, tracking
from dashboard.queries.figures import Figures
from dashboard.requests import PART

MOST_ROWS, TABLE_HEIGHT = 14, 480
ISO_DAY = len("2026-06-30")


def masthead(title: str, shown: Figures) -> None:
    """The title, the period in words, what it is compared with, and the page's export."""
    compared = "there is nothing to compare it with"
    if shown.before:
        compared = f"compared with {shown.against} ({shown.before.words})"
    elif shown.against:
        compared = f"compared with {shown.against}"
    elif shown.filters.compare is not Compare.TARGET:
        compared = "the data does not reach back far enough to compare it"
    period = shown.filters.period
    head(title, f"<strong>{period.words}</strong>, {compared}", period)


def head(title: str, words: str, period: Period | None = None, drawn: str = "") -> None:
    """A page's title, what it is about as HTML, and its controls; `drawn` is HTML of both that says more."""
    export.begin(title, plain(words), period)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
        usual = f'<div class="masthead"><h1>{escape(title)}</h1><p>{words}</p></div>'
        st.html(drawn or usual, width="stretch")
        with st.container(horizontal=True, width="content", key="controls"):
            saved.button()
            export.button()


def heading(title: str, subtitle: str, scope: str = "", drill: Drill | RowsDrill | None = None) -> None:
    """A card's title, below it the days and filters that it shows, and its subtitle, which is HTML.

    `scope`: days and filters, as `Filters.scope` says them; `drill`: what the control beside the title opens.
    """
    said = headed(subtitle, scope)
    export.report().head(title, said, scope)
    st.html(f'<div class="heading"><h2>{escape(title)}</h2><p>{said}</p></div>')
    if drill:
        drill.button(title)


def headed(subtitle: str, scope: str) -> str:
    """The subtitle below the line of its scope, as HTML."""
    return f'<span class="scope">{escape(scope)}.</span><br>{subtitle}' if scope else subtitle


def card(name: str, *, is_beside: bool = False) -> DeltaGenerator:
    """A card; beside another one, as high as that."""
    export.report().card(is_beside=is_beside)
    return st.container(key=f"card-{name}", height="stretch" if is_beside else "content")


def describe(name: str, title: str, spec: Spec, numbers: Tables, words: str, least_width: int = 0) -> None:
    """Keep the chart that follows for files, and say to who cannot see it what its data says.

    `least_width`: the pixels that it needs in files, where they have room.

    The words stand before the chart and not in its alternative text, a new one of which would have the
    browser build the chart anew where it is enough to give it its new data.
    """
    export.report().chart(name, title, spec, numbers, words, least_width)
    st.html(f'<p class="spoken">{escape(spoken.together(words))}</p>')


def chart(name: str, title: str, spec: Spec, numbers: Tables, words: str, filter_by: str = "") -> None:
    """A chart; `words`: what its data says, for who cannot see it.

    With `filter_by`, a click on what stands for one of its values sets that filter; on what stands for none
    it does nothing.
    """
    describe(name, title, spec, numbers, words)
    if not filter_by:
        st.vega_lite_chart(drawn_from(spec, numbers), theme=None, key=f"{name}-chart", alt=title)
        return
    chosen = st.session_state.get(filter_by) or []
    # A new choice makes a new chart, whose next click counts again.
    key = "-".join((name, "chart", *sorted(chosen)))

    def choose() -> None:
        points = st.session_state[key].selection[CHOSEN]
        clicked = {point[filter_by] for point in points if point.get(filter_by) is not None}
        if clicked:
            filters.set_values(filter_by, sorted(clicked ^ set(chosen)))

    st.vega_lite_chart(
        drawn_from(spec, numbers),
        theme=None,
        alt=title,
        key=key,
        on_select=choose,
        selection_mode=CHOSEN,
    )


def chart_over_time(
    name: str, title: str, spec: Spec, numbers: Tables, words: str, shown: Sequence[Part]
) -> None:
    """A chart over the parts of a period; a click on a part, or a brush over some, makes them the period.

    One part is shown by the next shorter ones: a year by quarters, these by months, weeks and days.
    """
    describe(name, title, spec, numbers, words)
    first, last = shown[0].days.start, shown[-1].days.end
    # The chart of another period is another chart, whose next click counts again.
    key = f"{name}-chart-{first}-{last}"

    def choose() -> None:
        selection = st.session_state[key].selection
        chosen = {row[PART] for row in selection.get(CHOSEN, ())}
        chosen |= {*selection.get(BRUSHED, {}).get(PART, ())}
        days = {date.fromisoformat(part[:ISO_DAY]) for part in chosen}
        found = [part for part in shown if part.whole.start in days]
        if found:
            period = Period(found[0].days.start, found[-1].days.end)
            filters.show_days(period, found[0].grain.finer if len(found) == 1 else None)

    st.vega_lite_chart(
        drawn_from(spec, numbers),
        theme=None,
        alt=title,
        key=key,
        on_select=choose,
        selection_mode=[CHOSEN, BRUSHED],
    )


def table(
    name: str,
    title: str,
    subtitle: str,
    numbers: pa.Table,
    columns: Columns,
    period: Period,
    grain: Grain = Grain.DAY,
    scope: str = "",
    drill: Drill | RowsDrill | None = None,
    *,
    has_switch: bool = True,
) -> None:
    """A card with a table of a period; its files are named after both."""
    with card(f"{name}-table"):
        table_in_card(
            name, title, subtitle, numbers, columns, period, grain, scope, drill, has_switch=has_switch
        )


def table_in_card(
    name: str,
    title: str,
    subtitle: str,
    numbers: pa.Table,
    columns: Columns,
    period: Period,
    grain: Grain,
    scope: str = "",
    drill: Drill | RowsDrill | None = None,
    *,
    has_switch: bool = True,
) -> None:
    """The table, in the card that is being drawn: on the page once its switch is on, in its files always."""
    heading(title, subtitle, scope, drill)
    said = headed(subtitle, scope)
    span = export.span_of(period)
    export.report().add(Table(name, title, said, numbers, columns, grain, span, scope))
    if has_switch and not filters.numbers_switch():
        return
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
    export.report().add(Note(title, words))
    st.html(f'<div class="empty"><h2>{escape(title)}</h2><p>{escape(words)}</p></div>')


def no_visits(shown: Filters) -> None:
    """What to say where nobody came."""
    chosen = ", ".join(value for values in shown.chosen.values() for value in values)
    empty(
        "No sessions match these filters",
        f"Nobody came in {shown.period.words}{f' ({chosen})' if chosen else ''}. "
        "Choose a longer period, or fewer filters.",
    )


def tracking_note(served: Served, shown: Figures) -> None:
    """Which days of the period lack visits, where any do."""
    words = tracking.words(tracking.losses(served, shown))
    if words:
        export.report().add(Note("", words))
        st.html(f'<p class="caution">{escape(words)}</p>')


def legend(*entries: tuple[str, str]) -> str:
    """HTML of a legend: each entry's words after a spot of its colour, as the palette names it."""
    return " ".join(
        f'<span class="key"><i style="background: var(--{colour})"></i>{escape(words)}</span>'
        for words, colour in ((words, name.replace("_", "-")) for words, name in entries)
    )


def served_line(served: Served) -> None:
    """Which version is shown; and what the masthead's controls open, now that the whole page is known."""
    versions.line(served)
    export.show(served)
    saved.show()
