"""Funnel: how many sessions reach each step on the way to an order, and where people leave."""

import streamlit as st

from dashboard import figures, filters, funnel, metrics, sections, theme, tiles
from dashboard.charts.grid import grid
from dashboard.charts.rows import funnel as funnel_chart
from dashboard.charts.rows import stacks
from dashboard.charts.trend import trend
from dashboard.funnel import Visits
from dashboard.metrics import Served


def steps_card(visits: Visits) -> None:
    """The steps, each as long as the share of sessions that reaches it."""
    title = "From a visit to an order"
    with sections.card("steps"):
        sections.heading(
            title,
            "Sessions that reach each step, and their share of all. The pale part left before the step.",
        )
        numbers = funnel.steps_table(visits)
        sections.chart("steps", title, funnel_chart(len(numbers), theme.palette()), numbers)


def exits_card(visits: Visits) -> None:
    """The last pages of those who do not buy."""
    title = "Where people leave"
    with sections.card("exits", is_beside=True):
        sections.heading(title, f"{funnel.exits_subtitle(visits)}<br>{sections.legend(*funnel.LEAVING)}")
        numbers = funnel.exits_table(visits)
        if len(numbers):
            pages = len(numbers) // len(funnel.STEPS)
            sections.chart(
                "exits", title, stacks("exit_page", funnel.LEAVING, pages, theme.palette()), numbers
            )


def rates_card(visits: Visits) -> None:
    """The steps' shares over time."""
    title = f"Share of sessions that reach each step, by {visits.filters.grain}"
    with sections.card("rates"):
        sections.heading(title, "Per cent of all sessions.")
        numbers = funnel.rates_table(visits)
        look = funnel.RATES_TREND.of(figures.columns_with_values(numbers))
        spec = trend(look, False, len(numbers) == 1, theme.palette())
        sections.chart("rates", title, spec, numbers)


def grid_card(visits: Visits, name: str) -> None:
    """The steps by channel or device; a click on a row sets the filter."""
    title = f"The funnel by {name}"
    with sections.card(name, is_beside=True):
        sections.heading(
            title, "Sessions, and the share of them that reaches each step. Click a row to filter by it."
        )
        numbers = funnel.rates_grid(visits, name)
        columns = len(funnel.HEADINGS)
        spec = grid(name, columns, len(numbers) // columns, True, theme.palette())
        sections.chart(name, title, spec, numbers, filter_by=name)


def landing_card(visits: Visits) -> None:
    """The busiest landing pages."""
    title = "How far people get, by landing page"
    with sections.card("landing", is_beside=True):
        which = "All landing pages"
        if len(visits.landing_pages) > funnel.MOST_LANDING_PAGES:
            which = f"The {funnel.MOST_LANDING_PAGES} busiest of {len(visits.landing_pages):,} landing pages"
        sections.heading(
            title, f"{which}: sessions, the share that bounces, and the share that reaches each step."
        )
        numbers = funnel.landing_grid(visits)
        columns = len(funnel.LANDING_HEADINGS)
        spec = grid("landing_page", columns, len(numbers) // columns, False, theme.palette())
        sections.chart("landing", title, spec, numbers)


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show("funnel", served.data, filters.options(served, (funnel.SESSIONS,), funnel.NAMES))
    visits = funnel.read(served, chosen)
    with top:
        sections.masthead("Funnel", chosen.period, visits.before)
    if visits.is_empty:
        sections.no_visits(chosen)
    else:
        st.html(tiles.html(figures.tiles_of(served, visits, funnel.TILES)))
        left, right = st.columns(2, gap="small")
        with left:
            steps_card(visits)
            grid_card(visits, "device")
        with right:
            exits_card(visits)
        rates_card(visits)
        left, right = st.columns(2, gap="small")
        with left:
            grid_card(visits, "channel")
        with right:
            landing_card(visits)
        sections.table(
            "landing-pages",
            "The numbers by landing page",
            "Sessions; rates as a share of them.",
            funnel.landing_table(visits),
            funnel.COLUMNS,
            visits,
        )
        sections.table(
            "funnel",
            f"The numbers by {chosen.grain}",
            "Sessions; rates as a share of them.",
            funnel.numbers_table(visits),
            funnel.COLUMNS,
            visits,
        )
    sections.served_line(served)


show(metrics.serving(metrics.warehouse()))
