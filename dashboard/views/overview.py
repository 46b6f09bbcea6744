"""Overview: five numbers, how they changed, and where net sales come from."""

import streamlit as st

from dashboard import theme
from dashboard.charts.bars import bars
from dashboard.charts.trend import trend
from dashboard.components import filters, sections, tiles, versions
from dashboard.components.drill import Drill
from dashboard.metrics import Served
from dashboard.periods import Compare
from dashboard.queries import annotations, figures, overview, spoken
from dashboard.queries.overview import Sales


def drill(served: Served, sales: Sales, *without: str) -> Drill:
    """What a card opens that leaves these filters out."""
    return Drill(served, sales, figures.NET_SALES, overview.TILES[figures.NET_SALES], without)


def trend_card(served: Served, sales: Sales) -> None:
    """Net sales over time."""
    title = f"Net sales by {sales.filters.grain}"
    with sections.card("trend"):
        scope = sales.filters.scope()
        sections.heading(title, overview.trend_subtitle(sales), scope, drill(served, sales))
        numbers = overview.trend_table(sales)
        columns = figures.columns_with_values(numbers)
        notes = sales.notes
        spec = trend(
            overview.TREND.of(columns),
            "net_sales_whole" in columns,
            len(numbers) == 1,
            theme.palette(),
            notes.lanes,
        )
        drawn = notes.beside(numbers)
        words = spoken.together(spoken.trend(numbers, overview.TREND.of(columns)), notes.words)
        sections.chart_over_time("trend", title, spec, drawn, words, sales.parts)


def breakdown_card(served: Served, sales: Sales, name: str) -> None:
    """Net sales by what divides them; a click on a bar sets the filter, and shows what is below it."""
    title = f"Net sales by {name}"
    with sections.card(name, is_beside=True):
        scope = sales.filters.scope(name)
        sections.heading(title, overview.breakdown_subtitle(sales, name), scope, drill(served, sales, name))
        numbers = overview.breakdown_table(sales, name)
        spec = bars(name, bool(sales.by[name][1]), theme.palette())
        scrolls = len(numbers) > sections.MOST_ROWS
        with st.container(height=sections.TABLE_HEIGHT if scrolls else "content", border=False):
            words = spoken.rows(numbers, name, "amount_words", "change_words")
            sections.chart(name, title, spec, numbers, words, filter_by=name)


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(
        "overview",
        served,
        (figures.NET_SALES,),
        overview.names(served),
        comparisons=[*Compare],
        can_have_notes=served.has(annotations.EVENTS),
    )
    sales = overview.read(served, chosen)
    with top:
        sections.masthead("Overview", sales)
    if sales.is_empty:
        sections.empty("No sales match these filters", overview.empty_words(chosen))
    else:
        tiles.show(served, sales, overview.TILES)
        trend_card(served, sales)
        for column, name in zip(st.columns(2, gap="small"), sales.by, strict=True):
            with column:
                breakdown_card(served, sales, name)
        sections.table(
            "overview",
            f"The numbers by {chosen.grain}",
            "Amounts in US dollars.",
            overview.numbers_table(sales),
            overview.COLUMNS,
            chosen.period,
            chosen.grain,
            chosen.scope(),
            drill(served, sales),
        )
    sections.served_line(served)


show(versions.serving())
