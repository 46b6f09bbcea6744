"""The stores as their charts draw them, with the words around them. Draws nothing."""

from html import escape

import pyarrow as pa

from dashboard import formats
from dashboard.charts.base import NUMBERS, ROWS
from dashboard.charts.tilegrid import COLUMNS, HEADING, TILE
from dashboard.queries import figures
from dashboard.queries.figures import Row
from dashboard.queries.stores import REGION, STORE, Network, Store, rank_words, short_names

ONLINE_GROUP = "Online"
MOST_SAID = 3


def groups(network: Network) -> dict[str, list[Store]]:
    """The stores under the region of each, the largest first, and online ones in a group of their own."""
    found: dict[str, list[Store]] = {}
    for store in network.stores:
        found.setdefault(ONLINE_GROUP if store.is_online else store.region, []).append(store)
    order = sorted(
        found, key=lambda name: (name == ONLINE_GROUP, -sum(store.net_sales for store in found[name]), name)
    )
    return {name: found[name] for name in order}


def tile_tables(network: Network) -> tuple[dict[str, pa.Table], int]:
    """What `charts.tilegrid` draws, and its height in pixels."""
    chosen = network.filters.of(STORE)
    shorter = short_names(network.stores)
    most = max([store.net_sales for store in network.stores], default=0.0)
    tiles: list[Row] = []
    headings: list[Row] = []
    y = 0
    for name, stores in groups(network).items():
        amount = formats.money_short(sum(store.net_sales for store in stores))
        counted = f"{len(stores)} {'store' if len(stores) == 1 else 'stores'}"
        headings.append({"group": name, "y": y, "words": f"{amount} \u00b7 {counted}"})
        y += HEADING
        for place, store in enumerate(stores):
            is_chosen = not chosen or store.name in chosen
            tiles.append(
                {
                    STORE: store.name,
                    "title": shorter[store.name],
                    "column": place % COLUMNS,
                    "y": y + TILE * (place // COLUMNS),
                    "length": max(0.0, store.net_sales) / most if most > 0 else 0.0,
                    "is_chosen": is_chosen,
                    "stands_out": is_chosen and bool(chosen),
                    "group": name,
                    "amount_words": state_words(network, store),
                    "change_words": store.change,
                    "before_words": formats.money(store.before),
                    "since_words": store.since,
                }
            )
        y += TILE * -(-len(stores) // COLUMNS)
    return {NUMBERS.name: pa.Table.from_pylist(tiles), ROWS.name: pa.Table.from_pylist(headings)}, y


def state_words(network: Network, store: Store) -> str:
    """A store's net sales in words, or why it has none."""
    if store.now:
        return formats.money_short(store.net_sales)
    is_to_come = store.opened_on and store.opened_on > network.filters.period.end
    return "not open yet" if is_to_come else "no sales"


def ranking_table(network: Network) -> pa.Table:
    """What `charts.ranking` draws: the stores that have net sales, the highest first."""
    chosen = network.filters.of(STORE)
    found = []
    for store in network.stores:
        if not store.now:
            continue
        rank, margin = network.ranks[store.name], formats.percent(store.now["gross_margin_rate"])
        before = network.ranks_before.get(store.name)
        words = rank_words(network, store)
        was = f" from {before}" if words[:1] in ("▲", "▼") else ""
        note = [f"{words}{was}"] if was else []
        note += ["online"] if store.is_online else []
        note += [f"opened {store.since.removeprefix('since ')}"] if store.is_new else []
        found.append(
            {
                STORE: store.name,
                "rank": str(rank),
                "rank_words": words,
                "is_chosen": not chosen or store.name in chosen,
                "net_sales": store.net_sales,
                "before": None if store.is_new else store.before,
                "amount_words": formats.money_short(store.net_sales),
                "exact_words": formats.money(store.net_sales),
                "change_words": store.change,
                "margin_words": f"margin {margin}",
                "before_words": formats.NOTHING if store.is_new else formats.money(store.before),
                "rank_before_words": formats.NOTHING if before is None else str(before),
                "note": ", ".join(note),
            }
        )
    schema = pa.schema(
        {
            STORE: pa.string(),
            **{name: pa.string() for name in ("rank", "rank_words", "note")},
            "is_chosen": pa.bool_(),
            **{name: pa.float64() for name in ("net_sales", "before")},
            **{f"{name}_words": pa.string() for name in ("amount", "exact", "change", "margin", "before")},
            "rank_before_words": pa.string(),
        }
    )
    return pa.Table.from_pylist(found, schema)


def regions_table(network: Network) -> pa.Table:
    """What `charts.bars` draws: net sales by sales region."""
    return figures.bars_table(REGION, *network.regions, network.filters.of(REGION))


def change_subtitle(network: Network) -> str:
    """What changes are measured against, and what `new` means."""
    if not network.against:
        return "There is nothing to compare them with; new: opened in the period."
    return f"Change against {network.against}; new: opened since the first of these days."


def tiles_subtitle(network: Network) -> str:
    """The unit of the tiles, what their changes mean, and where online sales stand."""
    online = " Regions here are without online sales." if ONLINE_GROUP in groups(network) else ""
    return f"US dollars. {change_subtitle(network)}{online} Click a store to filter."


def regions_subtitle(network: Network) -> str:
    """The unit of the regions' bars, and where online sales stand."""
    tick = f" The tick marks {network.against}." if network.regions[1] else ""
    return f"US dollars. Online sales stand in the customer's region.{tick} Click to filter."


def trend_subtitle(network: Network) -> str:
    """The trend's unit, and what it is compared with."""
    words = "US dollars"
    if any(value is not None for value in network.year_before):
        grain = network.filters.grain
        years = "52 weeks" if grain in ("day", "week") else "a year"
        words += f", against the same {grain} {years} before"
    if not network.are_parts_whole:
        words += f". Dashes and open dots: part of a {network.filters.grain}"
    return f"{words}."


def of_words(network: Network) -> str:
    """Of which stores, where some are chosen."""
    chosen = network.filters.of(STORE)
    return f" of {' and '.join(map(escape, chosen))}" if chosen else ""


def ranking_words(network: Network) -> str:
    """The first ones, and how many there are besides, for who cannot see them."""
    ranked = [store for store in network.stores if store.now]
    said = [
        f"{network.ranks[store.name]}: {store.name}, {formats.money_short(store.net_sales)}"
        + (f", {store.change}" if store.change else "")
        for store in ranked[:MOST_SAID]
    ]
    more = f" And {len(ranked) - MOST_SAID} more." if len(ranked) > MOST_SAID else ""
    return f"{'; '.join(said)}.{more}" if said else ""
