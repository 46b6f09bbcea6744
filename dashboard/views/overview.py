"""Overview: five numbers, how they changed, and where net sales come from."""

from html import escape

import streamlit as st

from dashboard import charts, filters, formats, metrics, overview, theme, tiles
from dashboard.metrics import Served
from dashboard.overview import Sales

MOST_ROWS, TABLE_HEIGHT = 14, 480


def masthead(sales: Sales) -> None:
    """The title, the period in words, and what it is compared with."""
    period, before = sales.filters.period, sales.before
    compared = (
        f"compared with {overview.days_before(before)} ({before.words})"
        if before
        else ("the data does not reach back far enough to compare it with the period before")
    )
    st.html(
        f'<div class="masthead"><h1>Overview</h1><p><strong>{period.words}</strong>, {compared}</p></div>'
    )


def heading(title: str, subtitle: str) -> None:
    """A card's title, and the unit and period below it. The subtitle is HTML."""
    st.html(f'<div class="heading"><h2>{escape(title)}</h2><p>{subtitle}</p></div>')


def trend(sales: Sales) -> None:
    """Net sales over time."""
    with st.container(key="card-trend"):
        heading(f"Net sales by {sales.filters.grain}", overview.trend_subtitle(sales))
        numbers = overview.trend_table(sales)
        columns = overview.columns_with_values(numbers)
        spec = charts.trend(columns, len(numbers) == 1, theme.palette())
        st.vega_lite_chart(
            charts.drawn_from(spec, numbers),
            theme=None,
            key="trend-chart",
            alt=f"Net sales by {sales.filters.grain}",
        )


def breakdown(sales: Sales, name: str) -> None:
    """Net sales by category or region; a click on a bar sets the filter."""
    chosen = sales.filters.categories if name == "category" else sales.filters.regions
    chart_key = "-".join(
        (name, "chart", *chosen)
    )  # A new choice makes a new chart, whose next click counts again.

    def choose() -> None:
        clicked = {point[name] for point in st.session_state[chart_key].selection.chosen}
        st.session_state[name] = sorted(clicked ^ set(chosen))

    with st.container(key=f"card-{name}", height="stretch"):
        heading(f"Net sales by {name}", overview.breakdown_subtitle(sales))
        numbers = overview.breakdown_table(sales, name)
        spec = charts.bars(name, len(numbers), sales.before is not None, theme.palette())
        scrolls = len(numbers) > MOST_ROWS
        with st.container(height=TABLE_HEIGHT if scrolls else "content", border=False):
            st.vega_lite_chart(
                charts.drawn_from(spec, numbers),
                theme=None,
                alt=f"Net sales by {name}",
                key=chart_key,
                on_select=choose,
                selection_mode="chosen",
            )


def table(sales: Sales) -> None:
    """The numbers behind the page."""
    numbers = overview.numbers_table(sales)
    with st.container(key="card-table"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            heading(f"The numbers by {sales.filters.grain}", "Amounts in US dollars.")
            st.download_button(
                "Download CSV",
                lambda: overview.csv(numbers),
                file_name=f"overview-{sales.filters.period.start}-{sales.filters.period.end}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
        st.dataframe(
            overview.as_percentages(numbers),
            hide_index=True,
            column_config=overview.column_config(sales.filters.grain),
            height="content" if len(numbers) <= MOST_ROWS else TABLE_HEIGHT,
            placeholder=formats.NOTHING,
            key="numbers",
        )


def empty(sales: Sales) -> None:
    """What to say instead of empty charts."""
    st.html(
        '<div class="empty"><h2>No sales match these filters</h2>'
        f"<p>{escape(overview.selection_words(sales.filters))} had neither orders nor refunds in "
        f"{sales.filters.period.words}. Choose a longer period, or fewer filters.</p></div>"
    )


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(served.data, *overview.options(served))
    sales = overview.read(served, chosen)
    with top:
        masthead(sales)
    if sales.is_empty:
        empty(sales)
    else:
        st.html(tiles.html(overview.tiles_of(sales)))
        trend(sales)
        left, right = st.columns(2, gap="small")
        with left:
            breakdown(sales, "category")
        with right:
            breakdown(sales, "region")
        table(sales)
    st.html(f'<p class="served">{escape(overview.served_words(served))}</p>')


show(metrics.serving(metrics.warehouse()))
