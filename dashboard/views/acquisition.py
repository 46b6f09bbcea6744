"""Acquisition: where visits come from, what they cost, and what each way of attribution credits them with."""

from html import escape

import streamlit as st

from dashboard import acquisition, figures, filters, metrics, sections, theme, tiles
from dashboard.acquisition import Origins
from dashboard.charts.grid import grid
from dashboard.charts.ridges import ridges
from dashboard.charts.rows import returns
from dashboard.metrics import Served


def channels_card(origins: Origins) -> None:
    """Sessions by channel over time; a click on a channel sets the filter."""
    title = f"Sessions by {origins.filters.grain} and channel"
    change = f", and the change to {figures.days_before(origins.before)}" if origins.before else ""
    with sections.card("channels", is_beside=True):
        sections.heading(
            title,
            f"Each channel on a scale of its own, from 0. At the right all its sessions{change}. "
            "Click a channel to filter by it.",
        )
        numbers = acquisition.channels_table(origins)
        if len(numbers):
            parts = len(origins.parts)
            spec = ridges(acquisition.CHANNEL, "Sessions", len(numbers) // parts, parts == 1, theme.palette())
            sections.chart("channels", title, spec, numbers, filter_by=acquisition.CHANNEL)


def returns_card(origins: Origins) -> None:
    """Ad spend against what it earned."""
    title = "Ad spend and its return, by channel and campaign"
    with sections.card("returns", is_beside=True):
        legend = sections.legend(("Attributed net sales", "accent"), ("Ad spend", "target"))
        sections.heading(
            title,
            f"US dollars, attribution: {escape(origins.filters.setting.lower())}. At the right return on ad "
            f"spend, spend, and cost per click.<br>{legend}",
        )
        numbers = acquisition.returns_table(origins)
        if len(numbers):
            sections.chart("returns", title, returns(len(numbers), theme.palette()), numbers)
        else:
            st.caption("Nothing was spent on these channels and campaigns in this period.")


def models_card(origins: Origins) -> None:
    """The attribution models side by side; a click on a channel sets the filter."""
    title = "Attribution models on the same orders, by channel"
    with sections.card("models"):
        legend = sections.legend(("more", "accent"), ("less than last non-direct", "target"))
        sections.heading(title, f"{escape(acquisition.models_subtitle(origins))} {legend}")
        numbers = acquisition.models_table(origins)
        if len(numbers):
            columns = len(acquisition.COMPARED)
            spec = grid(acquisition.CHANNEL, columns, len(numbers) // columns, True, theme.palette())
            sections.chart("models", title, spec, numbers, filter_by=acquisition.CHANNEL)
        else:
            st.caption("No order in this period has a known visit.")


def show(served: Served) -> None:
    """The page, top to bottom."""
    top = st.container(key="masthead")
    chosen = filters.show(
        "acquisition",
        served.data,
        filters.options(served, acquisition.known(served), acquisition.NAMES),
        acquisition.setting(served),
    )
    origins = acquisition.read(served, chosen)
    with top:
        sections.masthead("Acquisition", chosen.period, origins.before)
    if origins.is_empty:
        sections.no_visits(chosen)
    else:
        shown = acquisition.tiles(served, chosen.setting)
        st.html(tiles.html(figures.tiles_of(served, origins, shown)))
        if acquisition.has_spend(served):
            left, right = st.columns(2, gap="small")
            with left:
                channels_card(origins)
            with right:
                returns_card(origins)
        else:
            channels_card(origins)
        if acquisition.has_attribution(served):
            models_card(origins)
        sections.table(
            "acquisition",
            "The numbers by channel",
            "Amounts in US dollars.",
            acquisition.numbers_table(origins),
            acquisition.COLUMNS,
            origins,
        )
    sections.served_line(served)


show(metrics.serving(metrics.warehouse()))
