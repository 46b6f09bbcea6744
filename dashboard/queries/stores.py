"""What the stores page shows, as numbers and words: metrics in, tables out. Draws nothing.

A store that opened within the days compared is new: of it there is no change, for the days before are none
of its own, or not all of them.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.trend import Look, Series
from dashboard.components.tables import COUNT, RATE, TEXT, USD, Column
from dashboard.filters import CHANNEL, Filters
from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries import figures
from dashboard.queries.figures import NET_SALES, Bundle, Figures, Row, Shown, change_words
from dashboard.queries.overview import by_part
from dashboard.requests import Query

MART = "dim_stores"
STORE, REGION = "store", "region"
NAMES = (REGION, STORE, "category", "subcategory", "product", CHANNEL)
ONLINE = "online"
TILES = {
    NET_SALES: Shown(formats.money_short, formats.relative_change),
    "orders": Shown(formats.count, formats.relative_change),
    "average_order_value": Shown(formats.money, formats.relative_change, missing=None),
    "gross_margin": Shown(formats.money_short, formats.relative_change),
    "gross_margin_rate": Shown(formats.percent, formats.point_change, missing=None),
}
METRICS = tuple(TILES)
TREND = Look((Series(NET_SALES, "This period", "accent"), Series("year_before", "Year before", "earlier")))
COLUMNS = {
    STORE: Column("Store", TEXT),
    REGION: Column("Region", TEXT),
    "opened_on": Column("Opened", TEXT),
    "rank": Column("Rank", COUNT),
    "rank_before": Column("Rank before", COUNT),
    "net_sales_usd": Column("Net sales", USD),
    "net_sales_before_usd": Column("Net sales before", USD),
    "change_rate": Column("Change", RATE),
    "orders": Column("Orders", COUNT),
    "average_order_value_usd": Column("Average order value", USD),
    "gross_margin_usd": Column("Gross margin", USD),
    "gross_margin_rate": Column("Gross margin rate", RATE),
}


@dataclass(frozen=True)
class Store:
    """A store within the filters. `now`: its metrics, none where it sold nothing; `before`: its net sales in
    the days compared with, None where it has none or there are no such days.
    """

    name: str
    region: str
    is_online: bool
    opened_on: date | None
    is_new: bool
    now: Row
    before: float | None

    @property
    def net_sales(self) -> float:
        """Net sales, 0 where there are none."""
        return self.now.get(NET_SALES) or 0.0

    @property
    def change(self) -> str:
        """The change in words: `new` for a new store, nothing where there is nothing to compare with."""
        return "new" if self.is_new else change_words(self.net_sales, self.before)

    @property
    def since(self) -> str:
        """When it opened, in words."""
        return f"since {self.opened_on:%b %Y}" if self.opened_on else ""


@dataclass(frozen=True)
class Network(Figures):
    """The stores, the highest net sales first, whatever is chosen of them.

    `ranks` and `ranks_before`: the rank by net sales of each store that has any, now and in the days compared
    with. `regions`: net sales by sales region, now and then, whatever is chosen of them. `year_before`: net
    sales of each part a year before, None where there are none to compare with.
    """

    stores: list[Store]
    ranks: dict[str, int]
    ranks_before: dict[str, int]
    regions: tuple[dict[str, float], dict[str, float]]
    year_before: list[float | None]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sold or refunded."""
        return not self.now.get("orders") and not self.now.get(NET_SALES)

    def shown(self) -> list[Store]:
        """The chosen stores; all where none is chosen."""
        chosen = self.filters.of(STORE)
        return [store for store in self.stores if not chosen or store.name in chosen]

    @property
    def opened_on(self) -> date | None:
        """When the first of the chosen stores opened; None where none is chosen, or that is not known."""
        days = [store.opened_on for store in self.shown()]
        known = [day for day in days if day]
        return min(known) if self.filters.of(STORE) and known and len(known) == len(days) else None


def names(served: Served) -> list[str]:
    """What the page filters by, as far as the version knows it."""
    return [name for name in NAMES if name in served.group_bys((NET_SALES,))]


def are_known(served: Served) -> bool:
    """Whether the version divides sales by store: those published before it could do not."""
    return STORE in names(served)


def read(served: Served, filters: Filters) -> Network:
    """Every number that the page shows."""
    shown = figures.read(served, filters, [Bundle(METRICS, filters.selection())])
    others = filters.selection(without=STORE)
    query = Query(METRICS, filters.period, STORE, others)
    now = {row[STORE]: row for row in served.run(query).to_pylist()}
    before = figures.values_by(served, NET_SALES, shown.before, STORE, others)
    stores = stores_of(served, filters, shown.before, now, before)
    elsewhere = filters.selection(without=REGION)
    chosen = [store for store in stores if store.name in filters.of(STORE)]
    if chosen and all(store.is_new for store in chosen):
        shown = replace(shown, then={})
    network = Network(
        **vars(shown),
        stores=stores,
        ranks=ranks({store.name: store.net_sales for store in stores if store.now}),
        ranks_before=ranks(before),
        regions=(
            figures.values_by(served, NET_SALES, filters.period, REGION, elsewhere),
            figures.values_by(served, NET_SALES, shown.before, REGION, elsewhere) if shown.then else {},
        ),
        year_before=[],
    )
    network.year_before.extend(year_before(served, network))
    return network


def stores_of(
    served: Served,
    filters: Filters,
    days_before: Period | None,
    now: dict[str, Row],
    before: dict[str, float],
) -> list[Store]:
    """The stores of the chosen regions, and those that sold there, as the online shop does."""
    compared = days_before or filters.period
    regions = filters.of(REGION)
    found = [
        Store(
            name=row["store_label"],
            region=row["region"],
            is_online=row["store_type"] == ONLINE,
            opened_on=row["opened_on"],
            is_new=bool(row["opened_on"]) and row["opened_on"] > compared.start,
            now=now.get(row["store_label"], {}),
            before=before.get(row["store_label"]),
        )
        for row in served.rows(MART).to_pylist()
        if not regions or row["region"] in regions or row["store_label"] in now
    ]
    return sorted(found, key=lambda store: (-store.net_sales, store.name))


def ranks(amounts: dict[str, float]) -> dict[str, int]:
    """The rank of each amount, the highest 1; equal ones share the better rank."""
    return {name: 1 + sum(other > amount for other in amounts.values()) for name, amount in amounts.items()}


def year_before(served: Served, network: Network) -> list[float | None]:
    """Net sales of the same parts a year before, cut alike; None before the data or the stores began.

    One value among many parts is None too: it would be a line of one point.
    """
    filters = network.filters
    grain = filters.grain
    start, end = (grain.year_before(day) for day in (filters.period.start, filters.period.end))
    known = by_part(served, NET_SALES, Period(start, end), filters)
    begins = max(served.data.start, network.opened_on or served.data.start)
    values = [
        None
        if grain.year_before(part.days.start) < begins
        else known.get(grain.year_before(part.whole.start)) or 0.0
        for part in network.parts
    ]
    reached = sum(value is not None for value in values)
    return values if reached > 1 or len(values) == 1 else [None] * len(values)


def trend_table(network: Network) -> pa.Table:
    """What `charts.trend` draws; before the first of the chosen stores opened, there is no value."""
    opened = network.opened_on
    values = [
        None if opened and part.days.end < opened else row.get(NET_SALES) or 0.0
        for part, row in zip(network.parts, network.rows, strict=True)
    ]
    is_whole = [part.is_whole for part in network.parts]
    columns = figures.time_columns(network) | {
        "is_marked": [not whole or len(is_whole) == 1 for whole in is_whole],
        f"{NET_SALES}_whole": pa.array(
            [value if whole else None for value, whole in zip(values, is_whole, strict=True)], pa.float64()
        ),
    }
    series: dict[str, list[float | None]] = {NET_SALES: values, "year_before": network.year_before}
    return pa.table(columns | figures.series_columns(series, formats.money))


def short_names(stores: list[Store]) -> dict[str, str]:
    """The stores' names without the words that all of them begin with."""
    known = {store.name: store.name.split() for store in stores}
    shared = 0
    for words in zip(*known.values(), strict=False):
        if len(set(words)) > 1 or len(known) == 1:
            break
        shared += 1
    return {name: " ".join(words[shared:]) or name for name, words in known.items()}


def rank_words(network: Network, store: Store) -> str:
    """How the rank changed: up or down by how much; nothing where there is none to compare with."""
    now, before = network.ranks.get(store.name), network.ranks_before.get(store.name)
    if store.is_new or now is None or before is None:
        return "new" if store.is_new else ""
    if now == before:
        return "="
    return f"{'▲' if now < before else '▼'} {abs(now - before)}"


def numbers_table(network: Network) -> pa.Table:
    """The table behind the page: a row per chosen store, null where a number has no value."""
    stores = network.shown()
    changes = [
        None if store.is_new else formats.relative_change(store.net_sales, store.before) for store in stores
    ]
    columns: dict[str, Any] = {
        STORE: pa.array([store.name for store in stores], pa.string()),
        REGION: pa.array(["Online" if store.is_online else store.region for store in stores], pa.string()),
        "opened_on": pa.array(
            [store.opened_on.isoformat() if store.opened_on else None for store in stores], pa.string()
        ),
        "rank": pa.array([network.ranks.get(store.name) for store in stores], pa.int64()),
        "rank_before": pa.array([network.ranks_before.get(store.name) for store in stores], pa.int64()),
        "net_sales_usd": pa.array([store.now.get(NET_SALES) for store in stores], pa.float64()),
        "net_sales_before_usd": pa.array([store.before for store in stores], pa.float64()),
        "change_rate": pa.array([change[0] if change else None for change in changes], pa.float64()),
    }
    sources = {"orders": "orders", "average_order_value": "average_order_value_usd"}
    sources |= {"gross_margin": "gross_margin_usd", "gross_margin_rate": "gross_margin_rate"}
    for metric, name in sources.items():
        columns[name] = pa.array([store.now.get(metric) for store in stores], pa.float64())
    return pa.table(columns)
