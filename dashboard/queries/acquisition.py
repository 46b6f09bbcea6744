"""What the acquisition page shows, as numbers and words: metrics in, tables out. Draws nothing.

What advertising costs and earns is there only where the version has these metrics: the system may be absent.
"""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dashboard import formats
from dashboard.charts.base import NUMBERS, ROWS
from dashboard.charts.ridges import FILLED
from dashboard.components.tables import COUNT, RATE, RATIO, TEXT, USD, Column
from dashboard.filters import CHANNEL, Filters, Setting
from dashboard.metrics import Served
from dashboard.queries import attribution, figures
from dashboard.queries.attribution import CAMPAIGN, MODELS, attributed, returned
from dashboard.queries.figures import Bundle, Figures, Row, Shown, change_words
from dashboard.requests import PART, Query, Selection

SESSIONS, SPEND = "sessions", "ad_spend"
NAMES = (CHANNEL, CAMPAIGN)
MODEL = Setting("model", "Attribution", tuple(MODELS))
VISIT_TILES = {
    "visitors": Shown(formats.count, formats.relative_change),
    SESSIONS: Shown(formats.count, formats.relative_change),
    "conversion_rate": Shown(formats.percent, formats.point_change, missing=None),
}
VISITS = (SESSIONS, "visitors", "bounce_rate", "conversion_rate")
COSTS = (SPEND, "impressions", "clicks", "cost_per_click")
COST_PER_CUSTOMER = "cost_per_new_customer"
COLUMNS = {
    CHANNEL: Column("Channel", TEXT),
    SESSIONS: Column("Sessions", COUNT),
    "visitors": Column("Visitors", COUNT),
    "bounce_rate": Column("Bounce rate", RATE),
    "conversion_rate": Column("Conversion rate", RATE),
    "net_sales_usd": Column("Attributed net sales", USD),
    "ad_spend_usd": Column("Ad spend", USD, width=94),
    "impressions": Column("Impressions", COUNT),
    "clicks": Column("Clicks", COUNT),
    "cost_per_click_usd": Column("Cost per click", USD),
    "return_on_ad_spend": Column("Return on ad spend", RATIO),
    "cost_per_new_customer_usd": Column("Cost per new customer", USD),
}


@dataclass(frozen=True)
class Origins(Figures):
    """Where visits come from. `by_channel` and `sessions_before` hold every channel, chosen or not.

    `sessions_by_part`: sessions by channel and first day of a part; `spending`: a row per channel with spend,
    its campaign None, and per campaign; `models`: the attributed net sales of each model by channel. The last
    two are empty where the version has no such metrics.
    """

    by_channel: dict[str, Row]
    sessions_before: dict[str, float]
    sessions_by_part: dict[tuple[str, Any], float]
    spending: list[Row]
    models: dict[str, Row]

    @property
    def is_empty(self) -> bool:
        """Whether nobody came and nothing was spent."""
        return not self.now.get(SESSIONS) and not self.now.get(SPEND)


def has_spend(served: Served) -> bool:
    """Whether the version knows what advertising costs and earns."""
    return attribution.is_known(served) and served.has(*COSTS, *map(returned, MODELS), COST_PER_CUSTOMER)


def setting(served: Served) -> Setting | None:
    """The choice of an attribution model, where there are any."""
    return MODEL if attribution.is_known(served) else None


def known(served: Served) -> tuple[str, ...]:
    """The metrics whose channels and campaigns can be chosen."""
    return (SESSIONS, SPEND) if has_spend(served) else (SESSIONS,)


def tiles(origins: Origins, model: str) -> dict[str, Shown]:
    """The tiles: visits, and what advertising costs and earns where money was spent."""
    if not origins.spending:
        return VISIT_TILES
    return VISIT_TILES | {
        SPEND: Shown(formats.money_short, formats.relative_change, better=0),
        returned(model): Shown(
            formats.ratio,
            formats.relative_change,
            missing=None,
            label="Return on ad spend",
            note=f"{model}, paid channels",
        ),
        COST_PER_CUSTOMER: Shown(
            formats.money,
            formats.relative_change,
            missing=None,
            better=-1,
            note="Last non-direct, paid channels",
        ),
    }


def no_spend_words(filters: Filters) -> str:
    """Where no money was spent, as a sentence."""
    chosen = " and ".join(filters.of(CAMPAIGN) or filters.of(CHANNEL)) or "advertising"
    return f"No money was spent on {chosen} in this period."


def paid_selection(served: Served, filters: Filters) -> Selection:
    """The filters, narrowed to channels on which money was ever spent: what others earn is no return."""
    spent = figures.values_by(served, SPEND, served.data, CHANNEL, ())
    paid = tuple(
        channel
        for channel, amount in spent.items()
        if amount and (not filters.of(CHANNEL) or channel in filters.of(CHANNEL))
    )
    return (*filters.selection(without=CHANNEL), (CHANNEL, paid))


def read(served: Served, filters: Filters) -> Origins:
    """Every number that the page shows."""
    model = filters.setting
    all_channels = filters.selection(without=CHANNEL)
    bundles = [Bundle(tuple(VISIT_TILES), filters.selection())]
    if has_spend(served):
        metrics = (SPEND, returned(model), COST_PER_CUSTOMER)
        bundles.append(Bundle(metrics, paid_selection(served, filters)))
    shown = figures.read(served, filters, bundles)
    by_part = served.run(Query((SESSIONS,), filters.period, (filters.grain, CHANNEL), all_channels))
    return Origins(
        **vars(shown),
        by_channel=by_channel(served, filters),
        sessions_before=figures.values_by(served, SESSIONS, shown.before, CHANNEL, all_channels),
        sessions_by_part={(row[CHANNEL], row[PART]): row[SESSIONS] or 0.0 for row in by_part.to_pylist()},
        spending=spending(served, filters) if has_spend(served) else [],
        models=attribution.read(served, filters) if attribution.is_known(served) else {},
    )


def by_channel(served: Served, filters: Filters) -> dict[str, Row]:
    """All that is known of each channel, the busiest first."""
    bundles: list[tuple[str, ...]] = [VISITS]
    if has_spend(served):
        bundles.append((*COSTS, attributed(filters.setting), returned(filters.setting), COST_PER_CUSTOMER))
    elif attribution.is_known(served):
        bundles.append((attributed(filters.setting),))
    found: dict[str, Row] = {}
    for bundle in bundles:
        query = Query(bundle, filters.period, CHANNEL, filters.selection(without=CHANNEL))
        for row in served.run(query).to_pylist():
            if row[CHANNEL] is not None:
                found.setdefault(row[CHANNEL], {}).update(row)
    return dict(sorted(found.items(), key=lambda item: (-(item[1].get(SESSIONS) or 0.0), item[0])))


def spending(served: Served, filters: Filters) -> list[Row]:
    """Each channel with spend, the dearest first, and after it its campaigns, whichever are chosen."""
    metrics = (SPEND, "cost_per_click", attributed(filters.setting), returned(filters.setting))

    def rows(by: tuple[str, ...]) -> list[Row]:
        query = Query(metrics, filters.period, by, filters.selection(without=CAMPAIGN))
        found = served.run(query).to_pylist()
        return sorted((row for row in found if row[SPEND]), key=lambda row: (-row[SPEND], *map(row.get, by)))

    channels, campaigns = rows((CHANNEL,)), rows((CHANNEL, CAMPAIGN))
    return [
        row
        for channel in channels
        for row in (
            {**channel, CAMPAIGN: None},
            *(campaign for campaign in campaigns if campaign[CHANNEL] == channel[CHANNEL]),
        )
    ]


def channels_tables(origins: Origins) -> dict[str, pa.Table]:
    """What `charts.ridges` draws: sessions by channel, part by part, the busiest channel first."""
    channels = [name for name, row in origins.by_channel.items() if row.get(SESSIONS)]
    chosen = origins.filters.of(CHANNEL)
    times = figures.time_columns(origins)
    points, rows = [], []
    for place, channel in enumerate(channels):
        total = origins.by_channel[channel][SESSIONS]
        rows.append(
            {
                CHANNEL: channel,
                "place": float(place),
                "total_words": formats.count(total),
                "change_words": change_words(total, origins.sessions_before.get(channel)),
            }
        )
        values = [origins.sessions_by_part.get((channel, part.whole.start), 0.0) for part in origins.parts]
        for number, value in enumerate(values):
            points.append(
                {
                    CHANNEL: channel,
                    **{name: column[number] for name, column in times.items()},
                    "top": place + 1.0 - FILLED * value / max(values),
                    "words": formats.count(value),
                    "is_chosen": not chosen or channel in chosen,
                }
            )
    return {NUMBERS.name: pa.Table.from_pylist(points), ROWS.name: pa.Table.from_pylist(rows)}


def returns_table(origins: Origins) -> pa.Table:
    """What `charts.rows.returns` draws."""
    model, chosen = origins.filters.setting, origins.filters.of(CAMPAIGN)
    found = []
    for row in origins.spending:
        earned, times = row[attributed(model)] or 0.0, formats.ratio(row[returned(model)])
        click = formats.money(row["cost_per_click"])
        found.append(
            {
                "row": f"{row[CHANNEL]}|{row[CAMPAIGN] or ''}",
                CAMPAIGN: row[CAMPAIGN],
                "title": row[CAMPAIGN] or row[CHANNEL],
                "is_channel": row[CAMPAIGN] is None,
                "is_chosen": not chosen or row[CAMPAIGN] in chosen,
                "spend": row[SPEND],
                "net_sales": earned,
                "words": f"{times} \u00d7 \u00b7 {formats.money_short(row[SPEND])} \u00b7 {click} a click",
                "spend_words": formats.money(row[SPEND]),
                "net_sales_words": formats.money(earned),
                "return_words": times,
                "click_words": click,
            }
        )
    return pa.Table.from_pylist(found)


def numbers_table(origins: Origins) -> pa.Table:
    """The table behind the page: a row per channel, null where a number has no value."""
    model = origins.filters.setting
    chosen = origins.filters.of(CHANNEL)
    rows = [row for name, row in origins.by_channel.items() if not chosen or name in chosen]
    sources = {name.removesuffix("_usd"): name for name in COLUMNS} | {
        attributed(model) if model else "": "net_sales_usd",
        returned(model) if model else "": "return_on_ad_spend",
    }
    unpaid = {*COSTS, COST_PER_CUSTOMER}
    columns: dict[str, Any] = {}
    for source, name in sources.items():
        values = [None if source in unpaid and not row.get(SPEND) else row.get(source) for row in rows]
        if any(value is not None for value in values):
            columns[name] = values
    return pa.table({name: columns[name] for name in COLUMNS if name in columns})
