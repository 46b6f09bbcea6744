"""Acquisition: where visits come from, what they cost, and what each way of attribution credits them with."""

from html import escape

import streamlit as st

from dashboard import theme
from dashboard.charts.grid import grid
from dashboard.charts.ridges import ridges
from dashboard.charts.rows import returns
from dashboard.components import filters, sections, tiles, versions
from dashboard.components.drill import Drill
from dashboard.filters import CHANNEL
from dashboard.metrics import Served
from dashboard.queries import acquisition, annotations, attribution, spoken
from dashboard.queries.acquisition import Origins


def drill(served: Served, origins: Origins, *without: str) -> Drill:
    """What a card of visits opens that leaves these filters out."""
    how = acquisition.VISIT_TILES[acquisition.SESSIONS]
    return Drill(served, origins, acquisition.SESSIONS, how, without)


def channels_card(served: Served, origins: Origins) -> None:
    """Sessions by channel over time; a click on a channel sets the filter."""
    title = f"Sessions by {origins.filters.grain} and channel"
    change = f", and the change to {origins.against}" if origins.before else ""
    with sections.card("channels", is_beside=True):
        sections.heading(
            title,
            f"Each channel on a scale of its own, from 0. At the right all its sessions{change}. "
            "Click a channel to filter by it.",
            origins.filters.scope(CHANNEL),
            drill(served, origins, CHANNEL),
        )
        drawn = acquisition.channels_tables(origins)
        if count := len(drawn["rows"]):
            notes = annotations.read(served, origins)
            is_single = len(origins.parts) == 1
            spec = ridges(CHANNEL, "Sessions", count, is_single, theme.palette(), notes.lanes)
            words = spoken.together(
                spoken.rows(drawn["rows"], CHANNEL, "total_words", "change_words"), notes.words
            )
            sections.chart("channels", title, spec, notes.beside(drawn), words, filter_by=CHANNEL)


def returns_card(served: Served, origins: Origins) -> None:
    """Ad spend against what it earned; a click on a campaign sets the filter."""
    model = origins.filters.setting
    metric = attribution.returned(model)
    how = acquisition.tiles(origins, model)[metric]
    title = "Ad spend and its return, by channel and campaign"
    with sections.card("returns", is_beside=True):
        legend = sections.legend(("Attributed net sales", "accent"), ("Ad spend", "target"))
        sections.heading(
            title,
            f"US dollars, attribution: {escape(model.lower())}. At the right return on ad "
            f"spend, spend, and cost per click. Click a campaign to filter by it.<br>{legend}",
            origins.filters.scope(attribution.CAMPAIGN),
            Drill(served, origins, metric, how, (attribution.CAMPAIGN,)),
        )
        numbers = acquisition.returns_table(origins)
        words = spoken.rows(numbers, "title", "words")
        spec = returns(attribution.CAMPAIGN, theme.palette())
        sections.chart("returns", title, spec, numbers, words, filter_by=attribution.CAMPAIGN)


def models_card(served: Served, origins: Origins) -> None:
    """The attribution models side by side; a click on a channel sets the filter."""
    metric = attribution.attributed(origins.filters.setting)
    title = attribution.title(origins.filters)
    with sections.card("models"):
        legend = sections.legend(("more", "accent"), ("less than last non-direct", "target"))
        words = attribution.subtitle(origins.models, origins.filters)
        sections.heading(
            title,
            f"{escape(words)}<br>{legend if origins.models else ''}",
            origins.filters.scope(CHANNEL, attribution.CAMPAIGN),
            Drill(served, origins, metric, attribution.SHOWN, (CHANNEL,)),
        )
        if origins.models:
            numbers = attribution.grid(origins.models, origins.filters)
            spec = grid(CHANNEL, attribution.COMPARED_HEADINGS, len(origins.models), True, theme.palette())
            said = spoken.cells(numbers["numbers"], CHANNEL)
            sections.chart("models", title, spec, numbers, said, filter_by=CHANNEL)
        else:
            st.caption("No order that these filters let through has a known visit.")


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(
        "acquisition",
        served,
        acquisition.known(served),
        acquisition.NAMES,
        acquisition.setting(served),
        can_have_notes=served.has(annotations.EVENTS),
    )
    origins = acquisition.read(served, chosen)
    with top:
        sections.masthead("Acquisition", origins)
    if origins.is_empty:
        sections.no_visits(chosen)
    else:
        shown = acquisition.tiles(origins, chosen.setting)
        tiles.show(served, origins, shown)
        sections.tracking_note(served, origins)
        if origins.spending:
            left, right = st.columns(2, gap="small")
            with left:
                channels_card(served, origins)
            with right:
                returns_card(served, origins)
        else:
            channels_card(served, origins)
            if acquisition.has_spend(served):
                st.caption(acquisition.no_spend_words(chosen))
        if attribution.is_known(served):
            models_card(served, origins)
        sections.table(
            "acquisition",
            "The numbers by channel",
            "Amounts in US dollars.",
            acquisition.numbers_table(origins),
            acquisition.COLUMNS,
            chosen.period,
            chosen.grain,
            chosen.scope(),
            drill(served, origins),
        )
    sections.served_line(served)


show(versions.serving())
