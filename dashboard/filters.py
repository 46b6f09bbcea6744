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
SELF_EXPLAINED = frozenset({"region", "store", "country", "category", "subcategory", "product"})
"""The filters whose values say by themselves what they are: places and goods."""
MOST_NAMED = 3
"""So many values of a filter are named in a sentence."""


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

    def scope(self, *without: str, days: str = "") -> str:
        """What a card shows, in words: `1 July 2025 \u2013 30 June 2026, Kitchen in Northern Europe`.

        `without`: the filters that it leaves out, or that its title says; `days`: its own, where they are not
        the period.
        """
        chosen = tuple((name, values) for name, values in self.selection() if name not in without)
        return ", ".join(filter(None, (days or self.period.words, selection_words(chosen))))

    def level(self, *names: str) -> str:
        """Which of these, each below the one before, divides what is shown: the first not settled on one."""
        return next((name for name in names if len(self.of(name)) != 1), names[-1])


def selection_words(selection: Selection) -> str:
    """What is chosen, as `Kitchen in Northern Europe (channel Email)`; nothing where all is shown.

    Of more than MOST_NAMED values only the first are named, and how many others there are.
    """
    words = " in ".join(named(values) for name, values in reversed(selection) if name in SELF_EXPLAINED)
    others = ", ".join(
        f"{name.replace('_', ' ')}{'s' if len(values) > 1 else ''} {named(values)}"
        for name, values in selection
        if name not in SELF_EXPLAINED
    )
    return f"{words} ({others})" if words and others else words or others


def named(values: Sequence[str]) -> str:
    """Some values in words: a, b and c."""
    shown = [*values] if len(values) <= MOST_NAMED else [*values[: MOST_NAMED - 1]]
    left = len(values) - len(shown)
    *others, last = [*shown, f"{left} others"] if left else shown
    return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True)
class Setting:
    """A choice that filters nothing, but says how to look at it; the first option is the default."""

    key: str
    label: str
    options: Sequence[str]
