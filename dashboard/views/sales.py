"""Sales: what was sold against the target, by which products, on which days, at which margin, and refunds."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from dashboard import theme
from dashboard.charts.base import CHOSEN, Spec, drawn_from
from dashboard.charts.bullets import bullets
from dashboard.charts.calendar import calendar, full_width
from dashboard.charts.pareto import curve, pareto
from dashboard.charts.scatter import scatter
from dashboard.components import filters, sections, tiles, versions
from dashboard.components.drill import Drill
from dashboard.metrics import Served
from dashboard.periods import Compare
from dashboard.queries import annotations, days, figures, overview, products, refunds, sales, spoken
from dashboard.queries.days import Days
from dashboard.queries.sales import CATEGORY, PRODUCT, REASON, Ledger
from dashboard.requests import PART

PAGE = "sales"
Draw = Callable[[Served, Ledger], None]
MOST_HALVES = 4
"""Half-years of the calendar that are shown without scrolling."""


def drill(served: Served, ledger: Ledger, *without: str, metric: str = figures.NET_SALES) -> Drill:
    """What a card opens, that leaves these filters out, of a metric that has a tile."""
    return Drill(served, ledger, metric, sales.tiles(ledger)[metric], without)


def bullets_card(served: Served, ledger: Ledger) -> None:
    """Net sales by category against the targets; a click on a row sets the filter."""
    title = "Net sales against target by category" if ledger.targets else "Net sales by category"
    with sections.card("targets", is_beside=True):
        scope = ledger.filters.scope(CATEGORY)
        shown = drill(served, ledger, CATEGORY)
        sections.heading(title, escape(sales.bullets_subtitle(ledger)), scope, shown)
        numbers = sales.bullets_table(ledger)
        spec = bullets(CATEGORY, bool(ledger.targets), theme.palette())
        words = spoken.together(sales.bullets_sentence(ledger), spoken.rows(numbers, CATEGORY, "words"))
        sections.chart("targets", title, spec, numbers, words, filter_by=CATEGORY)


def reasons_card(served: Served, ledger: Ledger) -> None:
    """Refunds by reason. No other number has a reason, so that a click filters nothing."""
    with sections.card("reasons", is_beside=True):
        sections.heading(
            "Refunds by reason",
            escape(refunds.subtitle(ledger)),
            ledger.filters.scope(),
            drill(served, ledger, metric=sales.REFUNDS),
        )
        numbers = refunds.table(ledger)
        if len(numbers):
            spec = pareto(
                REASON,
                refunds.LINES,
                is_clickable=False,
                has_before=ledger.before is not None,
                colours=theme.palette(),
            )
            sections.chart("reasons", "Refunds by reason", spec, numbers, refunds.sentence(ledger))
        else:
            st.caption("Nothing was refunded on these days.")


def calendar_card(served: Served, ledger: Ledger) -> None:
    """Net sales by day; a click on a day makes it the period."""
    title = "Net sales by day"
    with sections.card("calendar"):
        scope = ledger.filters.scope(days=ledger.days.span.words)
        shown = replace(drill(served, ledger), days=ledger.days.span)
        sections.heading(title, escape(days.subtitle(ledger.days)), scope, shown)
        halves = len(ledger.days.starts)
        spec = calendar(days.weeks(ledger.days), halves, theme.palette())
        words = spoken.together(days.sentence(ledger.days), annotations.in_words(ledger.days.events))
        scrolls = halves > MOST_HALVES
        with st.container(height=sections.TABLE_HEIGHT if scrolls else "content", border=False):
            days_chart(ledger.days, title, words, spec)


def days_chart(shown: Days, title: str, words: str, spec: Spec) -> None:
    """The calendar. It shows more days than the period, which stay where they are when one is clicked."""
    numbers = days.calendar_tables(shown)
    sections.describe("calendar", title, spec, numbers, words, full_width(days.weeks(shown)))
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
        alt=title,
        key=key,
        on_select=choose,
        selection_mode=CHOSEN,
    )


def pareto_card(served: Served, ledger: Ledger) -> None:
    """Net sales by product and what the first of them make together; a click on a row sets the filter."""
    title = products.pareto_title(ledger)
    with sections.card("pareto", is_beside=True):
        numbers = products.pareto_table(ledger)
        words = spoken.rows(numbers, PRODUCT, "amount_words", "own_words")
        is_long = len(numbers) > products.MOST_LISTED
        if is_long and filters.view(PAGE, products.LISTED) == products.LISTED.options[0]:
            numbers = products.first_listed(numbers)
        said = escape(products.pareto_subtitle(ledger, numbers))
        sections.heading(title, said, ledger.filters.scope(PRODUCT), drill(served, ledger, PRODUCT))
        if products.few(ledger).count and len(ledger.by_product) > 1:
            reached = products.curve_tables(ledger)
            sections.chart("curve", "Share of the largest products", curve(theme.palette()), reached, title)
        spec = pareto(
            PRODUCT,
            products.PARETO_LINES,
            is_clickable=True,
            has_before=False,
            colours=theme.palette(),
        )
        scrolls = len(numbers) > sections.MOST_ROWS
        with st.container(height=sections.TABLE_HEIGHT if scrolls else "content", border=False):
            sections.chart("pareto", "Net sales by product", spec, numbers, words, filter_by=PRODUCT)


def scatter_card(served: Served, ledger: Ledger) -> None:
    """Price against margin by product; a click on a circle sets the filter."""
    title = "Price against margin by product"
    with sections.card("margins", is_beside=True):
        sections.heading(
            title,
            escape(products.scatter_subtitle(ledger)),
            ledger.filters.scope(PRODUCT),
            drill(served, ledger, PRODUCT, metric=sales.MARGIN),
        )
        drawn = products.scatter_tables(ledger)
        if len(drawn["numbers"]):
            spec = scatter(PRODUCT, products.SCATTER_LINES, theme.palette())
            words = products.scatter_sentence(ledger)
            sections.chart("margins", title, spec, drawn, words, filter_by=PRODUCT)
        else:
            st.caption("No product has both a price and a margin on these days.")


def table_card(served: Served, ledger: Ledger) -> None:
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
            chosen.scope(),
            drill(served, ledger),
        )


def beside(one: Draw, other: Draw, served: Served, ledger: Ledger) -> None:
    """Two cards side by side."""
    for draw, column in zip((one, other), st.columns(2, gap="small"), strict=True):
        with column:
            draw(served, ledger)


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(
        PAGE,
        served,
        (figures.NET_SALES,),
        overview.names(served),
        views=[sales.ROWS, products.LISTED],
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
        beside(bullets_card, reasons_card, served, ledger)
        calendar_card(served, ledger)
        if ledger.by_product:
            beside(pareto_card, scatter_card, served, ledger)
        table_card(served, ledger)
    sections.served_line(served)


show(versions.serving())
