"""Explore: any metrics by anything that the semantic layer allows, in a chart that suits, with a forecast."""

from dataclasses import replace
from html import escape

import streamlit as st

from dashboard import theme
from dashboard.charts import explore as charts
from dashboard.charts.grid import grid
from dashboard.components import export, filters, pivot, sections, shelf, tiles, versions
from dashboard.components.drill import Drill
from dashboard.components.tables import TEXT, Column
from dashboard.exports.report import Note, Table
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Compare, Grain
from dashboard.queries import annotations, captions, crossed, drawn, explore, figures, outlook, spoken, units
from dashboard.queries.annotations import Notes
from dashboard.queries.explore import Answer, Question
from dashboard.queries.figures import Bundle, Figures
from dashboard.queries.forecasts import Forecast
from dashboard.queries.kinds import Kind, compares, kinds, runs_over_time

PAGE = "explore"


def drill(served: Served, question: Question) -> Drill:
    """What a card opens: its first metric."""
    metric = question.metric
    return Drill(served, explore.within(served, question), metric, question.shown(metric))


def lines_card(served: Served, answer: Answer) -> None:
    """Series over time: in one chart per unit, and ahead of one alone its forecast."""
    question = answer.question
    notes = annotations.read(served, explore.within(served, question))
    for place, group in enumerate(drawn.panels(question)):
        own = replace(question, metrics=group)
        with sections.card(f"explore-{place}"):
            lines(served, replace(answer, question=own), place, notes, outlook.can_be_forecast(question))


def lines(served: Served, answer: Answer, place: int, notes: Notes, can_be_forecast: bool) -> None:
    """One chart of lines, and below them what happened."""
    question = answer.question
    words = ""
    series = drawn.series_of(answer)
    top = st.container()
    numbers = drawn.lines_table(question, series)
    has_forecast = False
    if can_be_forecast and st.toggle("Forecast", key=shelf.FORECAST, bind="query-params"):
        found = outlook.outlook(served, question)
        words = outlook.words(question, found)
        if isinstance(found.found, Forecast):
            has_forecast = True
            numbers = drawn.with_forecast(numbers, question, found.found, found.ahead)
            notes = drawn.narrowed(notes, numbers, len(question.parts))
    with top:
        more = ["Orange dashes: the forecast, with its 80% interval"] if has_forecast else []
        subtitle = captions.subtitle(answer, Kind.LINE, *more)
        sections.heading(question.title, subtitle, drill=drill(served, question))
    spec = charts.lines(
        question.nature.unit.axis,
        len(question.parts) == 1,
        len(series) > 1,
        has_forecast,
        theme.palette(),
        notes.lanes,
    )
    told = spoken.together(captions.of_series(question, series), notes.words)
    drawn_numbers = notes.beside(numbers)
    sections.chart_over_time(f"explore-{place}", question.title, spec, drawn_numbers, told, question.parts)
    if words:
        export.report().add(Note("", words))
        st.html(f'<p class="served">{escape(words)}</p>')


def chart_card(served: Served, answer: Answer, kind: Kind) -> None:
    """A chart of one picture."""
    question, colours = answer.question, theme.palette()
    title = question.title
    if compares(question, kind):
        bars_card(served, answer)
        return
    with sections.card("explore"):
        sections.heading(title, captions.subtitle(answer, kind), drill=drill(served, question))
        if runs_over_time(question, kind):
            chart_over_time(served, answer, kind)
        elif kind is Kind.BARS:
            cells = drawn.grid_cells(answer)
            spec = grid(question.name, drawn.grid_headings(question), len(cells["rows"]), False, colours)
            sections.chart("explore", title, spec, cells, spoken.cells(cells["numbers"], question.name))
        elif kind is Kind.HEAT_MAP:
            numbers = drawn.heat_table(answer)
            across = len(answer.keys[explore.column_name(question)])
            spec = charts.heat_map(len(numbers) // across, across, answer.has_losses, colours)
            sections.chart("explore", title, spec, numbers, captions.of_cells(answer))
        elif kind is Kind.SCATTER:
            up, right = question.metrics
            numbers = drawn.scatter_table(answer)
            spec = charts.scatter(
                question.natures[right].unit.axis,
                question.natures[up].unit.axis,
                question.labels[right],
                question.labels[up],
                colours,
            )
            sections.chart("explore", title, spec, numbers, captions.of_points(question, numbers))
        elif kind is Kind.PIVOT:
            pivot_table(served, answer)


def chart_over_time(served: Served, answer: Answer, kind: Kind) -> None:
    """Areas or columns over time, and below them what happened."""
    question, series = answer.question, drawn.series_of(answer)
    axis, colours = question.nature.unit.axis, theme.palette()
    are_bars = kind is Kind.BARS
    notes = annotations.read(served, explore.within(served, question), are_bars=are_bars)
    if are_bars:
        numbers = drawn.lines_table(question, series)
        spec = charts.columns(axis, colours, notes.lanes)
    else:
        numbers = drawn.areas_table(answer)
        spec = charts.areas(axis, len(series) > 1, colours, notes.lanes)
    words = spoken.together(captions.of_series(question, series), notes.words)
    sections.chart_over_time("explore", question.title, spec, notes.beside(numbers), words, question.parts)


def bars_card(served: Served, answer: Answer) -> None:
    """Bars by a name; a click keeps one, where the page has its filter."""
    question, name = answer.question, answer.question.name
    within = explore.within(served, question)
    before = within.before
    numbers = drawn.bars_table(answer, explore.compared(served, question, before))
    is_clickable = name in explore.filter_names(served, question.metrics)
    more = [f"The tick marks {within.against}"] if before else []
    more += ["Click a bar to filter by it"] if is_clickable else []
    spec = charts.bars(name, before is not None, is_clickable, theme.palette())
    scrolls = len(numbers) > sections.MOST_ROWS
    with sections.card("explore"):
        subtitle = captions.subtitle(answer, Kind.BARS, *more)
        sections.heading(question.title, subtitle, drill=drill(served, question))
        with st.container(height=sections.TABLE_HEIGHT if scrolls else "content", border=False):
            sections.chart(
                "explore",
                question.title,
                spec,
                numbers,
                captions.of_cells(answer),
                filter_by=name if is_clickable else "",
            )


def pivot_table(served: Served, answer: Answer) -> None:
    """The pivot, and the same for a file."""
    question = answer.question
    shown = crossed.pivot(served, answer)
    numbers = crossed.pivot_table(shown)
    corner, *heads = numbers.column_names
    columns = {corner: Column(corner, TEXT)} | {
        head: Column(head, question.natures[metric].unit.column)
        for head, metric in zip(heads, shown.metrics, strict=True)
    }
    pivot.show(shown, question.natures, question.title)
    span = export.span_of(question.filters.period)
    export.report().add(Table("pivot", question.title, "With totals.", numbers, columns, span=span))


def numbers_card(served: Served, question: Question) -> None:
    """The whole: a tile per metric."""
    shown: Figures = figures.read(
        served, question.filters, [Bundle(question.metrics, question.filters.selection())]
    )
    tiles.show(served, shown, {metric: question.shown(metric) for metric in question.metrics})


def sql_card(served: Served, question: Question) -> None:
    """What ran on the marts."""
    query = question.query(*question.by)
    with st.expander("SQL"):
        st.caption(captions.parameters(query))
        st.code(served.sql(query), language="sql")


def show(served: Served) -> None:
    """The page, top to bottom."""
    asked = shelf.begin(PAGE, served)
    top = st.container(key="masthead")
    with st.container(key="card-shelf"):
        row = st.container(horizontal=True, key="shelf")
        with row:
            chosen = shelf.choose_metrics(served)
            by = shelf.choose_names(served, chosen)
        kind_row = st.container(horizontal=True, vertical_alignment="bottom", key="shelf-chart")
    natures = units.natures(served)
    names = explore.filter_names(served, chosen) if chosen else ()
    question = Question(
        metrics=chosen,
        by=by,
        filters=Filters(served.data, Grain.MONTH),
        natures={metric: natures[metric] for metric in chosen},
        labels={metric: served.metrics[metric].label for metric in chosen},
    )
    expected = shelf.expected_kind(question) if chosen else Kind.TABLE
    shown = filters.show(
        PAGE,
        served,
        chosen,
        names,
        comparisons=(Compare.BEFORE, Compare.YEAR) if compares(question, expected) else (),
        can_have_notes=runs_over_time(question, expected) and served.has(annotations.EVENTS),
        asked=asked,
    )
    shelf.keep(PAGE)
    with top:
        sections.head("Explore", f"<strong>{shown.period.words}</strong>", shown.period)
    if not chosen:
        shelf.say_missing(served, asked, chosen, None)
        sections.empty("No metric is chosen", "Choose one above, and what to divide it by.")
    else:
        question = replace(question, filters=shown)
        answer = explore.ask(served, question)
        with kind_row:
            kind = shelf.choose_kind(kinds(answer))
        shelf.say_missing(served, asked, chosen, answer)
        picture(served, answer, kind)
    sections.served_line(served)


def picture(served: Served, answer: Answer, kind: Kind) -> None:
    """The answer, drawn; below it the numbers and the SQL."""
    question = answer.question
    if answer.is_empty:
        sections.empty(
            "Nothing matches these filters",
            f"{question.title}: no value in {question.filters.period.words}"
            f"{captions.filter_words(question)}. Choose a longer period, or fewer filters.",
        )
    elif kind is Kind.FIGURES:
        numbers_card(served, question)
    elif kind is Kind.LINE:
        lines_card(served, answer)
    elif kind is not Kind.TABLE:
        chart_card(served, answer, kind)
    if question.by and not answer.is_empty:
        sections.table(
            "explore",
            f"{question.title}: the numbers",
            captions.subtitle(answer, Kind.TABLE),
            explore.table(answer),
            explore.columns(question),
            question.filters.period,
            question.filters.grain,
            drill=drill(served, question),
            has_switch=kind is not Kind.TABLE,
        )
    sql_card(served, question)


show(versions.serving())
