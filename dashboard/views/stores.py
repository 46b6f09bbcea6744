"""Stores: what each sells, under its region, how the ranking changed, and the chosen ones over time."""

from typing import Literal

import streamlit as st

from dashboard import theme
from dashboard.charts.bars import bars
from dashboard.charts.ranking import ranking
from dashboard.charts.tilegrid import tilegrid
from dashboard.charts.trend import trend
from dashboard.components import filters, sections, tiles, versions
from dashboard.components.drill import Drill
from dashboard.metrics import Served
from dashboard.queries import annotations, figures, spoken, store_charts, stores
from dashboard.queries.overview import empty_words
from dashboard.queries.stores import REGION, STORE, Network

PAGE = "stores"
MOST_STORES, LIST_HEIGHT = 24, 980


def drill(served: Served, network: Network, *without: str) -> Drill:
    """What a card opens that leaves these filters out."""
    return Drill(served, network, figures.NET_SALES, stores.TILES[figures.NET_SALES], without)


def trend_card(served: Served, network: Network) -> None:
    """Net sales of the chosen stores over time."""
    title = f"Net sales{store_charts.of_words(network)} by {network.filters.grain}"
    with sections.card("trend"):
        scope = network.filters.scope(STORE)
        sections.heading(title, store_charts.trend_subtitle(network), scope, drill(served, network))
        numbers = stores.trend_table(network)
        columns = figures.columns_with_values(numbers)
        has_whole = f"{figures.NET_SALES}_whole" in columns
        notes = annotations.read(served, network)
        look = stores.TREND.of(columns)
        spec = trend(look, has_whole, len(numbers) == 1, theme.palette(), notes.lanes)
        drawn = notes.beside(numbers)
        words = spoken.together(spoken.trend(numbers, look), notes.words)
        sections.chart_over_time("trend", title, spec, drawn, words, network.parts)


def tiles_card(served: Served, network: Network) -> None:
    """A tile per store under its region; a click sets the filter."""
    title = "Net sales by region and store"
    with sections.card("tilegrid", is_beside=True):
        sections.heading(
            title,
            store_charts.tiles_subtitle(network),
            network.filters.scope(STORE),
            drill(served, network, STORE),
        )
        numbers, height = store_charts.tile_tables(network)
        spec = tilegrid(STORE, height, theme.palette())
        words = spoken.rows(numbers["numbers"], STORE, "group", "amount_words", "change_words")
        with st.container(height=list_height(network), border=False):
            sections.chart("tilegrid", title, spec, numbers, words, filter_by=STORE)


def ranking_card(served: Served, network: Network) -> None:
    """The stores by net sales and their rank before; a click sets the filter."""
    title = "Stores ranked by net sales"
    with sections.card("ranking", is_beside=True):
        tick = f" The tick marks {network.against}." if network.against else ""
        sections.heading(
            title,
            f"US dollars; gross margin as a share of net sales.{tick} Click a store to filter.",
            network.filters.scope(STORE),
            drill(served, network, STORE),
        )
        numbers = store_charts.ranking_table(network)
        has_before = "before" in figures.columns_with_values(numbers)
        spec = ranking(STORE, has_before, theme.palette())
        with st.container(height=list_height(network), border=False):
            words = store_charts.ranking_words(network)
            sections.chart("ranking", title, spec, numbers, words, filter_by=STORE)


def regions_card(served: Served, network: Network) -> None:
    """Net sales by sales region; a click sets the filter, and leaves its stores."""
    title = "Net sales by region"
    with sections.card("region"):
        scope = network.filters.scope(REGION)
        shown = drill(served, network, REGION)
        sections.heading(title, store_charts.regions_subtitle(network), scope, shown)
        numbers = store_charts.regions_table(network)
        spec = bars(REGION, bool(network.regions[1]), theme.palette())
        words = spoken.rows(numbers, REGION, "amount_words", "change_words")
        sections.chart("region", title, spec, numbers, words, filter_by=REGION)


def list_height(network: Network) -> int | Literal["content"]:
    """How high a card of all stores may be."""
    return LIST_HEIGHT if len(network.stores) > MOST_STORES else "content"


def show(served: Served) -> None:
    """The page, top to bottom."""
    if not stores.are_known(served):
        sections.head("Stores", "")
        sections.empty(
            "This version does not divide sales by store", "Open the latest version, or build a new one."
        )
        return
    top = st.container(key="masthead")
    chosen = filters.show(
        PAGE,
        served,
        (figures.NET_SALES,),
        stores.names(served),
        can_have_notes=served.has(annotations.EVENTS),
    )
    network = stores.read(served, chosen)
    with top:
        sections.masthead("Stores", network)
    if network.is_empty:
        sections.empty("No sales match these filters", empty_words(chosen))
    else:
        tiles.show(served, network, stores.TILES)
        regions_card(served, network)
        left, right = st.columns(2, gap="small")
        with left:
            tiles_card(served, network)
        with right:
            ranking_card(served, network)
        trend_card(served, network)
        sections.table(
            "stores",
            "The numbers by store",
            "Amounts in US dollars.",
            stores.numbers_table(network),
            stores.COLUMNS,
            chosen.period,
            chosen.grain,
            chosen.scope(),
            drill(served, network),
        )
    sections.served_line(served)


show(versions.serving())
