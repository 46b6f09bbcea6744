"""Overview: five numbers, how they changed, and where net sales come from."""

import streamlit as st

from dashboard import figures, filters, metrics, overview, sections, theme, tiles
from dashboard.charts.bars import bars
from dashboard.charts.trend import trend
from dashboard.metrics import Served
from dashboard.overview import Sales


def trend_card(sales: Sales) -> None:
    """Net sales over time."""
    title = f"Net sales by {sales.filters.grain}"
    with sections.card("trend"):
        sections.heading(title, overview.trend_subtitle(sales))
        numbers = overview.trend_table(sales)
        columns = figures.columns_with_values(numbers)
        spec = trend(
            overview.TREND.of(columns), "net_sales_whole" in columns, len(numbers) == 1, theme.palette()
        )
        sections.chart("trend", title, spec, numbers)


def breakdown_card(sales: Sales, name: str) -> None:
    """Net sales by category or region; a click on a bar sets the filter."""
    title = f"Net sales by {name}"
    with sections.card(name, is_beside=True):
        sections.heading(title, overview.breakdown_subtitle(sales))
        numbers = overview.breakdown_table(sales, name)
        spec = bars(name, len(numbers), sales.before is not None, theme.palette())
        scrolls = len(numbers) > sections.MOST_ROWS
        with st.container(height=sections.TABLE_HEIGHT if scrolls else "content", border=False):
            sections.chart(name, title, spec, numbers, filter_by=name)


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(
        "overview", served.data, filters.options(served, (overview.NET_SALES,), overview.NAMES)
    )
    sales = overview.read(served, chosen)
    with top:
        sections.masthead("Overview", sales.filters.period, sales.before)
    if sales.is_empty:
        sections.empty(
            "No sales match these filters",
            f"{overview.selection_words(chosen)} had neither orders nor refunds in {chosen.period.words}. "
            "Choose a longer period, or fewer filters.",
        )
    else:
        st.html(tiles.html(figures.tiles_of(served, sales, overview.TILES)))
        trend_card(sales)
        left, right = st.columns(2, gap="small")
        with left:
            breakdown_card(sales, "category")
        with right:
            breakdown_card(sales, "region")
        sections.table(
            "overview",
            f"The numbers by {chosen.grain}",
            "Amounts in US dollars.",
            overview.numbers_table(sales),
            overview.COLUMNS,
            chosen.period,
            chosen.grain,
        )
    sections.served_line(served)


show(metrics.serving(metrics.warehouse()))
