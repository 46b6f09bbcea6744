"""What a reader chose, of a page's period and of what its metrics are filtered by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.periods import Compare, Grain, Period
from dashboard.requests import Selection

CHANNEL = "channel"
EVERYTHING = {
    "region": "All regions",
    "store": "All stores",
    "category": "All categories",
    "subcategory": "All subcategories",
    "product": "All products",
    CHANNEL: "All channels",
    "campaign": "All campaigns",
    "device": "All devices",
    "country": "All countries",
    "store_type": "All store types",
    "customer_type": "All customer types",
    "segment": "All segments",
    "refund_reason": "All reasons",
    "visitor_type": "All visitor types",
    "landing_page": "All landing pages",
    "exit_page": "All exit pages",
}
"""What a filter says while nothing is chosen, by its key, which is also the metrics' group-by name."""


@dataclass(frozen=True)
class Filters:
    """What the reader chose. A name that is not chosen, or has no values, means everything.

    `compare` is what the period is compared with, `setting` the option of the page's own select box,
    `has_notes` whether charts over time mark what happened.
    """

    period: Period
    grain: Grain
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    setting: str = ""
    compare: Compare = Compare.BEFORE
    has_notes: bool = False

    def of(self, name: str) -> tuple[str, ...]:
        """What is chosen of a group-by name."""
        return self.chosen.get(name, ())

    def selection(self, *, without: str = "") -> Selection:
        """The filters as metrics take them, leaving one out for the chart that shows all of it."""
        return tuple((name, values) for name, values in self.chosen.items() if values and name != without)

    def level(self, *names: str) -> str:
        """Which of these, each below the one before, divides what is shown: the first not settled on one."""
        return next((name for name in names if len(self.of(name)) != 1), names[-1])


def selection_words(selection: Selection) -> str:
    """What is chosen, as `Kitchen in Northern Europe (channel Email)`; nothing where all is shown."""
    parts = {name: " and ".join(values) for name, values in reversed(selection)}
    channels = parts.pop(CHANNEL, "")
    words = " in ".join(parts.values())
    if not channels:
        return words
    channels = f"channel{'s' if len(dict(selection)[CHANNEL]) > 1 else ''} {channels}"
    return f"{words} ({channels})" if words else channels


@dataclass(frozen=True)
class Setting:
    """A choice that filters nothing, but says how to look at it; the first option is the default."""

    key: str
    label: str
    options: Sequence[str]
