"""Sales: what was sold against the target, by which products, on which days, at which margin, and refunds."""

from collections.abc import Callable
from html import escape

import streamlit as st

from dashboard import theme
from dashboard.charts.base import CHOSEN, Spec, drawn_from
from dashboard.charts.bullets import bullets
from dashboard.charts.calendar import calendar
from dashboard.charts.pareto import curve, pareto
from dashboard.charts.scatter import scatter
from dashboard.components import export, filters, sections, tiles, versions
from dashboard.metrics import Served
from dashboard.periods import Compare
from dashboard.queries import annotations, days, figures, overview, products, refunds, sales
from dashboard.queries.days import Days
from dashboard.queries.sales import CATEGORY, PRODUCT, REASON, Ledger
from dashboard.requests import PART

PAGE = "sales"
Draw = Callable[[Ledger], None]
MOST_HALVES = 4
"""Half-years of the calendar that are shown without scrolling."""


def bullets_card(ledger: Ledger) -> None:
    """Net sales by category against the targets; a click on a row sets the filter."""
    title = "Net sales against target by category" if ledger.targets else "Net sales by category"
    with sections.card("targets", is_beside=True):
        sections.heading(title, escape(sales.bullets_subtitle(ledger)))
        numbers = sales.bullets_table(ledger)
        spec = bullets(CATEGORY, bool(ledger.targets), theme.palette())
        words = ". ".join(filter(None, (title, sales.bullets_sentence(ledger))))
        sections.chart("targets", words, spec, numbers, filter_by=CATEGORY)


def reasons_card(ledger: Ledger) -> None:
    """Refunds by reason. No other number has a reason, so that a click filters nothing."""
    with sections.card("reasons", is_beside=True):
        sections.heading("Refunds by reason", escape(refunds.subtitle(ledger)))
        numbers = refunds.table(ledger)
        if len(numbers):
            spec = pareto(
                REASON,
                refunds.LINES,
                is_clickable=False,
                has_before=ledger.before is not None,
                colours=theme.palette(),
            )
            sections.chart("reasons", "Refunds by reason", spec, numbers, words=refunds.sentence(ledger))
        else:
            st.caption("Nothing was refunded on these days.")


def calendar_card(ledger: Ledger) -> None:
    """Net sales by day; a click on a day makes it the period."""
    title = "Net sales by day"
    with sections.card("calendar"):
        sections.heading(title, escape(days.subtitle(ledger.days)))
        halves = len(ledger.days.starts)
        spec = calendar(days.weeks(ledger.days), halves, theme.palette())
        words = f"{title}. {days.sentence(ledger.days)}. {annotations.in_words(ledger.days.events)}".rstrip()
        scrolls = halves > MOST_HALVES
        with st.container(height=sections.TABLE_HEIGHT if scrolls else "content", border=False):
            days_chart(ledger.days, words, spec)


def days_chart(shown: Days, words: str, spec: Spec) -> None:
    """The calendar. It shows more days than the period, which stay where they are when one is clicked."""
    numbers = days.calendar_tables(shown)
    export.report().chart("calendar", words, spec, numbers)
    # The calendar of another period is another chart, whose next click counts again.
    key = f"calendar-chart-{shown.period.start}-{shown.period.end}"

    def choose() -> None:
        clicked = {row[PART] for row in st.session_state[key].selection[CHOSEN]}
        found = [part.days for part in shown.shown if part.days.start.isoformat() in clicked]
        if found:
            filters.show_days(found[0])

    st.vega_lite_chart(
        drawn_from(spec, numbers),
        theme=None,
        alt=words,
        key=key,
        on_select=choose,
        selection_mode=CHOSEN,
    )


def pareto_card(ledger: Ledger) -> None:
    """Net sales by product and what the first of them make together; a click on a row sets the filter."""
    title = products.pareto_title(ledger)
    with sections.card("pareto", is_beside=True):
        sections.heading(title, escape(products.pareto_subtitle(ledger)))
        numbers = products.pareto_table(ledger)
        if products.few(ledger).count and len(numbers) > 1:
            sections.chart("curve", title, curve(theme.palette()), products.curve_tables(ledger))
        spec = pareto(
            PRODUCT,
            products.PARETO_LINES,
            is_clickable=True,
            has_before=False,
            colours=theme.palette(),
        )
        scrolls = len(numbers) > sections.MOST_ROWS
        with st.container(height=sections.TABLE_HEIGHT if scrolls else "content", border=False):
            sections.chart("pareto", title, spec, numbers, filter_by=PRODUCT)


def scatter_card(ledger: Ledger) -> None:
    """Price against margin by product; a click on a circle sets the filter."""
    title = "Price against margin by product"
    with sections.card("margins", is_beside=True):
        sections.heading(title, escape(products.scatter_subtitle(ledger)))
        drawn = products.scatter_tables(ledger)
        if len(drawn["numbers"]):
            spec = scatter(PRODUCT, products.SCATTER_LINES, theme.palette())
            words = f"{title}. {products.scatter_sentence(ledger)}"
            sections.chart("margins", words, spec, drawn, filter_by=PRODUCT)
        else:
            st.caption("No product has both a price and a margin on these days.")


def table_card(ledger: Ledger) -> None:
    """The numbers, by what the reader chooses."""
    with sections.card("sales-table"):
        by = filters.view(PAGE, sales.ROWS)
        of = by.removeprefix("By ")
        chosen = ledger.filters
        sections.table_in_card(
            f"sales-by-{of}",
            f"The numbers by {chosen.grain if by == sales.ROWS.options[0] else of}",
            "Amounts in US dollars.",
            sales.numbers_table(ledger, by),
            sales.COLUMNS,
            chosen.period,
            chosen.grain,
        )


def beside(one: Draw, other: Draw, ledger: Ledger) -> None:
    """Two cards side by side."""
    for draw, column in zip((one, other), st.columns(2, gap="small"), strict=True):
        with column:
            draw(ledger)


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(
        PAGE,
        served,
        (figures.NET_SALES,),
        overview.names(served),
        views=[sales.ROWS],
        comparisons=[*Compare],
        can_have_notes=served.has(annotations.EVENTS),
    )
    ledger = sales.read(served, chosen)
    with top:
        sections.masthead("Sales", ledger)
    if ledger.is_empty:
        sections.empty("No sales match these filters", overview.empty_words(chosen))
    else:
        tiles.show(served, ledger, sales.tiles(ledger))
        beside(bullets_card, reasons_card, ledger)
        calendar_card(ledger)
        if ledger.by_product:
            beside(pareto_card, scatter_card, ledger)
        table_card(ledger)
    sections.served_line(served)


show(versions.serving())
