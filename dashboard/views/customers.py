"""Customers: new and returning ones, cohorts, segments, and what a customer brings."""

from html import escape

import streamlit as st

from dashboard import metrics, theme
from dashboard.charts.cohorts import curves, triangle
from dashboard.charts.concentration import concentration
from dashboard.charts.mix import mix
from dashboard.charts.pairs import pairs
from dashboard.components import details, filters, sections, tiles, versions
from dashboard.components.drill import Drill, RowsDrill
from dashboard.filters import Filters, selection_words
from dashboard.metrics import Served
from dashboard.queries import annotations, cohort_charts, cohorts, customers, figures, segments, spoken
from dashboard.queries.cohorts import Cohorts
from dashboard.queries.customers import PAGE, SEGMENT, Buyers
from dashboard.queries.segments import CUSTOMERS, Lifetimes

SHARES = ("Share of customers", "earlier"), ("Share of net sales", "accent")


def drill_so_far(served: Served, buyers: Buyers, *, without: str = "") -> Drill:
    """What a card of all orders of customers opens, which no other period is compared with."""
    shown = customers.over(buyers, served.data, without=without)
    how = customers.SHOWN[figures.NET_SALES]
    return Drill(served, shown, figures.NET_SALES, how, views=(details.ROWS, details.MEANING))


def drill_cohorts(served: Served, buyers: Buyers, found: Cohorts) -> RowsDrill | None:
    """What a card of cohorts opens; nothing where there are none."""
    if not found.rows:
        return None
    scope = cohorts.scope(found, buyers.filters, served.data.end)
    first, last = found.months[0], found.months[-1]
    rows = cohorts.rows_behind(served, found, buyers.filters)
    parts = (f"cohorts {first:%Y-%m} {last:%Y-%m}", selection_words(customers.of_all_orders(buyers.filters)))
    return RowsDrill(served, cohorts.meaning(served, found, buyers.filters), f"{scope}.", rows, parts)


def mix_card(served: Served, buyers: Buyers) -> None:
    """Net sales or orders by who bought; a click or a brush makes those parts the period."""
    with sections.card("mix"):
        words = st.container()
        shown = filters.view(PAGE, customers.SPLIT)
        measure = customers.MEASURES[shown]
        title = f"{shown} by {buyers.filters.grain} and customer type"
        with words:
            legend = sections.legend(
                *((kind.capitalize(), colour) for kind, colour in customers.TYPES.items())
            )
            sections.heading(
                title,
                f"{customers.mix_subtitle(buyers, measure)}<br>{legend}",
                buyers.filters.scope(customers.CUSTOMER_TYPE),
                Drill(served, buyers, measure, customers.SHOWN[measure], (customers.CUSTOMER_TYPE,)),
            )
        notes = annotations.read(served, buyers, are_bars=True)
        spec = mix(
            tuple(customers.TYPES.items()),
            is_money=measure == figures.NET_SALES,
            colours=theme.palette(),
            lanes=notes.lanes,
        )
        drawn = notes.beside(customers.mix_tables(buyers, measure))
        heard = spoken.together(customers.mix_words(buyers, measure), notes.words)
        sections.chart_over_time("mix", title, spec, drawn, heard, buyers.parts)


def triangle_card(served: Served, buyers: Buyers) -> Cohorts:
    """Cohorts as a triangle; the switch holds for the curves too."""
    with sections.card("triangle"):
        words = st.container()
        unit = filters.view(PAGE, cohorts.VIEW)
        found = cohorts.read(served, buyers.filters, unit)
        title = f"{unit} by month of the first order"
        with words:
            scope = cohorts.scope(found, buyers.filters, served.data.end)
            drill = drill_cohorts(served, buyers, found)
            sections.heading(title, cohorts.subtitle(found), scope, drill)
        if not found.rows:
            return found
        numbers = cohort_charts.triangle_tables(found)
        spec = triangle(len(numbers["rows"]), found.last_month + 1, unit, theme.palette())
        sections.chart("triangle", title, spec, numbers, cohort_charts.in_words(found))
    return found


def curves_card(served: Served, buyers: Buyers, found: Cohorts) -> None:
    """Cohorts as curves."""
    unit = found.view
    with sections.card("curves"):
        title = f"{unit} over the months after the first order"
        given = "; in its month it is 100%" if unit == cohorts.RETENTION else ""
        dips = "" if unit == cohorts.RETENTION else "; it falls where one that spent more drops out"
        sections.heading(
            title,
            f"A line per cohort, by months since its first orders{given}. "
            f"Bold: all cohorts together that have reached the month{dips}.",
            cohorts.scope(found, buyers.filters, served.data.end),
            drill_cohorts(served, buyers, found),
        )
        drawn = cohort_charts.curve_tables(found)
        if len(drawn["numbers"]):
            spec = curves(unit, is_rate=unit == cohorts.RETENTION, colours=theme.palette())
            sections.chart("curves", title, spec, drawn, cohort_charts.in_words(found))
        else:
            st.caption("No month after a first order has begun yet.")


def segments_card(served: Served, buyers: Buyers, lifetimes: Lifetimes) -> None:
    """The segments' sizes and net sales; a click sets the filter."""
    title = "Customers and their net sales by segment"
    with sections.card("segments", is_beside=True):
        sections.heading(
            title,
            "All their orders, whatever the period. Click a segment to filter by it.<br>"
            f"{sections.legend(*SHARES)}",
            segments.scope(buyers.filters, served.data.end, SEGMENT),
            drill_so_far(served, buyers, without=SEGMENT),
        )
        numbers = segments.segments_table(lifetimes)
        spec = pairs(SEGMENT, is_clickable=True, colours=theme.palette())
        words = spoken.rows(numbers, SEGMENT, "customers_words", "net_sales_words")
        sections.chart("segments", title, spec, numbers, words, filter_by=SEGMENT)
        rules = segments.rules_html(lifetimes, segments.rules(metrics.warehouse(), served))
        if rules:
            with st.expander("What the segments mean"):
                st.html(
                    f"{rules}<p class='served'>R, F and M: scores from 1 to 5 of how recently, how often and "
                    "for how much a customer bought. The first rule that holds names the segment.</p>"
                )


def lifetime_card(served: Served, buyers: Buyers, lifetimes: Lifetimes) -> None:
    """Customers by what they have brought so far."""
    title = f"Lifetime net sales of {lifetimes.of}"
    with sections.card("lifetime", is_beside=True):
        words = segments.lifetime_words(lifetimes)
        sections.heading(
            title,
            f"{words}<br>{sections.legend(*SHARES)}",
            segments.scope(buyers.filters, served.data.end, SEGMENT),
            drill_so_far(served, buyers),
        )
        numbers = segments.brackets_table(lifetimes)
        spec = pairs("bracket", is_clickable=False, colours=theme.palette())
        sections.chart("lifetime", title, spec, numbers, words)


def concentration_card(served: Served, buyers: Buyers, lifetimes: Lifetimes) -> None:
    """How much of net sales the top customers make."""
    title = f"Share of net sales by {lifetimes.of}, largest first"
    with sections.card("concentration", is_beside=True):
        words = segments.concentration_words(lifetimes)
        sections.heading(
            title,
            f"{words} Across: customers, the highest lifetime net sales first; up: their share.",
            segments.scope(buyers.filters, served.data.end, SEGMENT),
            drill_so_far(served, buyers),
        )
        if lifetimes.total > 0:
            numbers = segments.concentration_tables(lifetimes)
            sections.chart("concentration", title, concentration(theme.palette()), numbers, words)


def numbers_card(served: Served, buyers: Buyers, lifetimes: Lifetimes) -> None:
    """The table behind the page: over time, of the cohorts, or of the segments."""
    period, grain = buyers.filters.period, buyers.filters.grain
    drill: Drill | RowsDrill | None = None
    with sections.card("numbers"):
        shown = filters.view(PAGE, customers.TABLE)
        if shown == customers.COHORTS:
            name, title, subtitle = "cohorts", "The numbers by cohort and month", "Amounts in US dollars."
            found = cohorts.read(served, buyers.filters, cohorts.VALUE)
            numbers, columns = cohorts.numbers_table(found), cohorts.COLUMNS
            scope = cohorts.scope(found, buyers.filters, served.data.end)
            drill = drill_cohorts(served, buyers, found)
        elif shown == customers.SEGMENTS:
            name, title = "segments", "The numbers by segment"
            of_period = buyers.filters.scope(*set(customers.NAMES) - {customers.CUSTOMER_TYPE})
            subtitle = f"Amounts in US dollars; those in the period: {escape(of_period)}."
            scope = segments.scope(buyers.filters, served.data.end)
            drill = drill_so_far(served, buyers)
            numbers, columns = segments.numbers_table(served, buyers.filters, lifetimes), segments.COLUMNS
        else:
            name, title, subtitle = "customers", f"The numbers by {grain}", "Amounts in US dollars."
            numbers, columns = customers.numbers_table(buyers), customers.COLUMNS
            scope = buyers.filters.scope()
            drill = Drill(served, buyers, CUSTOMERS, customers.SHOWN[CUSTOMERS])
        sections.table_in_card(name, title, subtitle, numbers, columns, period, grain, scope, drill)


def all_orders_note(chosen: Filters) -> None:
    """How the filters hold for what follows customers over all their orders, where any is chosen."""
    words = []
    if customers.of_all_orders(chosen):
        words.append("Below, the customers and orders are those within the filters, whatever the period.")
    if chosen.of(customers.CUSTOMER_TYPE):
        words.append("Below, first orders and later ones count, whatever the customer type.")
    if words:
        st.html(f'<p class="caution">{" ".join(words)}</p>')


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(
        PAGE,
        served,
        (figures.NET_SALES,),
        customers.names(served),
        views=(customers.SPLIT, cohorts.VIEW, customers.TABLE),
        can_have_notes=served.has(annotations.EVENTS),
    )
    buyers = customers.read(served, chosen)
    with top:
        sections.masthead("Customers", buyers)
    if buyers.is_empty:
        sections.empty(
            "No orders match these filters",
            f"Nobody bought or sent anything back in {chosen.period.words} within these filters. "
            "Choose a longer period, or fewer filters.",
        )
    else:
        tiles.show(served, buyers, customers.tiles(buyers))
        mix_card(served, buyers)
        lifetimes = segments.read(served, chosen)
        if lifetimes.customer_count:
            all_orders_note(chosen)
            curves_card(served, buyers, triangle_card(served, buyers))
            segments_card(served, buyers, lifetimes)
            left, right = st.columns(2, gap="small")
            with left:
                lifetime_card(served, buyers, lifetimes)
            with right:
                concentration_card(served, buyers, lifetimes)
        else:
            st.caption("No customer with an account ordered: there are no cohorts and no segments.")
        numbers_card(served, buyers, lifetimes)
    sections.served_line(served)


show(versions.serving())
