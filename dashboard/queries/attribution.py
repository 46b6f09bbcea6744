"""What each attribution model credits to each channel, as numbers and words. Draws nothing."""

import pyarrow as pa

from dashboard import formats
from dashboard.charts.grid import Cell, cells
from dashboard.filters import CHANNEL, Filters
from dashboard.metrics import Served
from dashboard.queries.figures import Row, Shown
from dashboard.requests import Query

CAMPAIGN = "campaign"
MODELS = {
    "Time decay": "time_decay",
    "First touch": "first_touch",
    "Last touch": "last_touch",
    "Last non-direct": "last_non_direct",
    "Linear": "linear",
    "Position based": "position_based",
    "Markov": "markov",
}
"""The attribution models as the page names them, the default first."""
BASELINE = "Last non-direct"
COMPARED = (BASELINE, *(name for name in MODELS if name != BASELINE))
SHOWN = Shown(formats.money_short, formats.relative_change)
"""How credited net sales are shown."""
COMPARED_HEADINGS = tuple(model.replace(" ", "\n", 1) for model in COMPARED)


def attributed(model: str) -> str:
    """The metric of net sales credited by a model."""
    return f"attributed_net_sales_{MODELS[model]}"


def returned(model: str) -> str:
    """The metric of the return on ad spend under a model."""
    return f"return_on_ad_spend_{MODELS[model]}"


def is_known(served: Served) -> bool:
    """Whether the version credits net sales to channels."""
    return served.has(*map(attributed, MODELS))


def read(served: Served, filters: Filters) -> dict[str, Row]:
    """The net sales that each model credits to each channel, the most credited first."""
    query = Query(tuple(map(attributed, MODELS)), filters.period, CHANNEL, filters.selection(without=CHANNEL))
    found = [row for row in served.run(query).to_pylist() if any(row[attributed(model)] for model in MODELS)]
    found.sort(key=lambda row: (-row[attributed(BASELINE)], row[CHANNEL]))
    return {row[CHANNEL]: {model: row[attributed(model)] for model in MODELS} for row in found}


def grid(models: dict[str, Row], filters: Filters) -> dict[str, pa.Table]:
    """What `charts.grid` draws: what the baseline credits, and how far each other model differs from it."""
    differences = [abs(row[model] - row[BASELINE]) for row in models.values() for model in COMPARED[1:]]
    largest = max(differences, default=0.0) or 1.0
    return cells(
        CHANNEL,
        COMPARED_HEADINGS,
        {
            channel: [
                Cell(
                    formats.money_short(row[BASELINE]),
                    short_words=formats.money_short(row[BASELINE]),
                    strength=0.0,
                    detail=formats.money(row[BASELINE]),
                ),
                *(difference_cell(row[model], row[BASELINE], largest) for model in COMPARED[1:]),
            ]
            for channel, row in models.items()
        },
        filters.of(CHANNEL),
    )


def difference_cell(credited: float, baseline: float, largest: float) -> Cell:
    """How much more or less than the baseline: the further apart, the stronger the colour."""
    difference = credited - baseline
    words = formats.signed(difference, formats.money_short(abs(difference)))
    return Cell(
        words,
        short_words=words.replace("$", ""),
        tone="less" if difference < 0 else "plain",
        strength=0.55 * abs(difference) / largest,
        detail=f"{formats.money(credited)} ({words})",
    )


def title(filters: Filters) -> str:
    """The title: of all campaigns, every model speaks of the same orders; of some, each of its own share."""
    campaigns = " and ".join(filters.of(CAMPAIGN))
    if campaigns:
        return f"What each attribution model credits to {campaigns}, by channel"
    return "Attribution models on the same orders, by channel"


def subtitle(models: dict[str, Row], filters: Filters) -> str:
    """The unit, and what the models' numbers add up to."""
    words = (
        "US dollars of net sales: what the last non-direct touch is credited with, and how much more or less "
        "each other model gives."
    )
    total = sum(row[BASELINE] for row in models.values())
    if filters.of(CAMPAIGN):
        return f"{words} What a model does not give here, it gives to visits outside the chosen campaigns."
    return f"{words} Every model shares out the same {formats.money_short(total)}." if total else words
