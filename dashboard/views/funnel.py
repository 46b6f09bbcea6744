"""Funnel: how many sessions reach each step on the way to an order, and where people leave."""

import streamlit as st

from dashboard import theme
from dashboard.charts.grid import grid
from dashboard.charts.rows import funnel as funnel_chart
from dashboard.charts.rows import stacks
from dashboard.charts.trend import trend
from dashboard.components import filters, sections, tiles, versions
from dashboard.components.drill import Drill
from dashboard.metrics import Served
from dashboard.queries import annotations, figures, funnel, landing, spoken
from dashboard.queries.funnel import Visits

PAGE = "funnel"


def drill(served: Served, visits: Visits, *without: str, metric: str = funnel.SESSIONS) -> Drill:
    """What a card opens, that leaves these filters out, of a metric that has a tile."""
    return Drill(served, visits, metric, funnel.TILES[metric], without)


def steps_card(served: Served, visits: Visits) -> None:
    """The steps, each as long as the share of sessions that reaches it."""
    title = "From a visit to an order"
    with sections.card("steps"):
        sections.heading(
            title,
            "Sessions that reach each step, and their share of all. The pale part left before the step.",
            visits.filters.scope(),
            drill(served, visits),
        )
        numbers = funnel.steps_table(visits)
        words = spoken.rows(numbers, "step", "words", "note")
        sections.chart("steps", title, funnel_chart(len(numbers), theme.palette()), numbers, words)


def exits_card(served: Served, visits: Visits) -> None:
    """The last pages of those who do not buy."""
    title = "Where people leave"
    with sections.card("exits", is_beside=True):
        sections.heading(
            title,
            f"{funnel.exits_subtitle(visits)}<br>{sections.legend(*funnel.LEAVING)}",
            visits.filters.scope(),
            drill(served, visits),
        )
        numbers = funnel.exits_table(visits)
        if len(numbers):
            pages = len(numbers) // len(funnel.STEPS)
            spec = stacks("exit_page", funnel.LEAVING, pages, theme.palette())
            sections.chart("exits", title, spec, numbers, spoken.rows(numbers, "exit_page", "words"))


def rates_card(served: Served, visits: Visits) -> None:
    """The steps' shares over time."""
    title = f"Share of sessions that reach each step, by {visits.filters.grain}"
    with sections.card("rates"):
        shown = drill(served, visits, metric=landing.RATE)
        sections.heading(title, "Per cent of all sessions.", visits.filters.scope(), shown)
        numbers = funnel.rates_table(visits)
        look = funnel.RATES_TREND.of(figures.columns_with_values(numbers))
        notes = annotations.read(served, visits)
        spec = trend(look, False, len(numbers) == 1, theme.palette(), notes.lanes)
        drawn = notes.beside(numbers)
        labels = {step.rate: step.label for step in funnel.STEPS}
        words = spoken.together(spoken.lines(numbers, labels), notes.words)
        sections.chart_over_time("rates", title, spec, drawn, words, visits.parts)


def grid_card(served: Served, visits: Visits, name: str) -> None:
    """The steps by channel or device; a click on a row sets the filter."""
    title = f"The funnel by {name}"
    with sections.card(name, is_beside=True):
        sections.heading(
            title,
            "Sessions, and the share of them that reaches each step. Click a row to filter by it.",
            visits.filters.scope(name),
            drill(served, visits, name),
        )
        numbers = funnel.rates_grid(visits, name)
        spec = grid(name, funnel.HEADINGS, len(visits.by[name]), True, theme.palette())
        words = spoken.cells(numbers["numbers"], name)
        sections.chart(name, title, spec, numbers, words, filter_by=name)


def landing_card(served: Served, visits: Visits) -> None:
    """The busiest landing pages: how far people get, or how many buy of those who came in a part of time."""
    with sections.card("landing", is_beside=True):
        words = st.container()
        shown = filters.view(PAGE, landing.VIEW)
        if shown == landing.STEPS:
            title = "How far people get, by landing page"
            subtitle = "sessions, the share that bounces, and the share that reaches each step."
            headings, numbers = landing.STEP_HEADINGS, landing.steps_grid(visits)
            metric = funnel.SESSIONS
        else:
            found = landing.cohort_parts(visits.filters)
            title = f"Conversion rate by landing page and {found[0].grain} of the visit"
            subtitle = f"the share of sessions with a purchase. Pale: fewer than {landing.FEW} sessions."
            headings = landing.cohort_headings(found)
            known = landing.cohorts(served, visits.filters, found)
            numbers = landing.cohorts_grid(visits, found, known)
            metric = landing.RATE
        with words:
            said = f"{landing.which(visits)}: {subtitle}"
            sections.heading(title, said, visits.filters.scope(), drill(served, visits, metric=metric))
        spec = grid(landing.LANDING_PAGE, headings, len(landing.busiest(visits)), False, theme.palette())
        heard = spoken.cells(numbers["numbers"], landing.LANDING_PAGE)
        sections.chart("landing", title, spec, numbers, heard)


def numbers_card(served: Served, visits: Visits) -> None:
    """The table behind the page, over time or by landing page."""
    period, grain = visits.filters.period, visits.filters.grain
    with sections.card("numbers"):
        if filters.view(PAGE, funnel.TABLE) == funnel.OVER_TIME:
            name, title, numbers = "funnel", f"The numbers by {grain}", funnel.numbers_table(visits)
        else:
            name, title, numbers = (
                "landing-pages",
                "The numbers by landing page",
                landing.numbers_table(visits),
            )
        subtitle = "Sessions; rates as a share of them."
        sections.table_in_card(
            name,
            title,
            subtitle,
            numbers,
            funnel.columns(served),
            period,
            grain,
            visits.filters.scope(),
            drill(served, visits),
        )


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(
        PAGE,
        served,
        (funnel.SESSIONS,),
        funnel.NAMES,
        views=(landing.VIEW, funnel.TABLE),
        can_have_notes=served.has(annotations.EVENTS),
    )
    visits = funnel.read(served, chosen)
    with top:
        sections.masthead("Funnel", visits)
    if visits.is_empty:
        sections.no_visits(chosen)
    else:
        tiles.show(served, visits, funnel.TILES)
        sections.tracking_note(served, visits)
        left, right = st.columns(2, gap="small")
        with left:
            steps_card(served, visits)
            grid_card(served, visits, "device")
        with right:
            exits_card(served, visits)
        rates_card(served, visits)
        left, right = st.columns(2, gap="small")
        with left:
            grid_card(served, visits, "channel")
        with right:
            landing_card(served, visits)
        numbers_card(served, visits)
    sections.served_line(served)


show(versions.serving())
