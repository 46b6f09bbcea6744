"""Why a metric changed: what its change is split by, the best first, and the contributions."""

from collections.abc import Sequence
from math import fsum

from dashboard import formats
from dashboard.filters import EVERYTHING, Filters
from dashboard.metrics import Served
from dashboard.periods import Compare, Period
from dashboard.queries.contributions import (
    CENTS,
    MIX,
    NAMELESS,
    OTHERS,
    SEVERAL,
    WITHOUT_TARGET,
    Sold,
    Split,
    parts_split,
    price_split,
    ratio_split,
    sum_split,
    target_split,
)
from dashboard.queries.figures import NET_SALES, TARGET, Figures, Shown, untargeted
from dashboard.queries.waterfalls import NOW
from dashboard.requests import Query, Selection

RESERVED = frozenset({OTHERS, SEVERAL, MIX, NOW, WITHOUT_TARGET})
"""What rows of the waterfall are called that are no values."""
PRICE, PARTS = "price, volume and mix", "numerator and denominator"
PRODUCT, CATEGORY = "product", "category"
LESS = {"gross_sales": (), "sales": ("discounts",), "net_sales": ("discounts", "refunds")}
"""The metrics that are split into volume, mix and price, and what each is less than gross sales."""
BEST = (
    *("region", "channel", "device", "category", "store", "customer_type", "visitor_type", "store_type"),
    *("country", "subcategory", "product", "refund_reason", "landing_page", "exit_page", "segment"),
    "campaign",
)
"""What tells most of a change, the best first."""
OF_AN_ORDER = frozenset({"region", "channel", "store", "customer_type", "store_type", "country", "segment"})
COUNTED_ONCE = {
    "orders": OF_AN_ORDER,
    "new_customers": OF_AN_ORDER,
    "acquired_customers": frozenset({"channel", "campaign", "device", "segment"}),
    "customers": frozenset({"region", "segment"}),
    "returning_customers": frozenset({"region", "segment", "customer_type"}),
    "visitors": frozenset({"device"}),
}
"""By which names what a metric counts is counted under one value alone, so that its parts add up."""


def ways(served: Served, metric: str, selection: Selection = ()) -> list[str]:
    """What the change of a metric can be split by, the best first; nothing of what is neither sum nor ratio.

    Price, volume and mix; then group-by names whose parts add up; a ratio's numerator and denominator; names
    under which things are counted several times. A name that is settled on one value tells nothing.
    """
    parts = served.parts(metric)
    names = served.group_bys((metric,)) if parts else ()
    settled = {name for name, values in selection if len(values) == 1}
    open_names = [name for name in names if name not in settled] or [*names]
    order = {name: place for place, name in enumerate(BEST)}
    best = sorted(open_names, key=lambda name: (order.get(name, len(BEST)), name))
    once = [name for name in best if all(is_counted_once(served, part, name) for part in parts)]
    first = [PRICE] if metric in LESS and PRODUCT in names else []
    both = [PARTS] if len(parts) > 1 else []
    return [*first, *once, *both, *(name for name in best if name not in once)]


def is_counted_once(served: Served, metric: str, name: str) -> bool:
    """Whether the values of a group-by name add up to the whole of a metric that is a sum or a count."""
    return served.metrics[metric].adds_up or name in COUNTED_ONCE.get(metric, ())


def way_words(served: Served, metric: str, way: str) -> str:
    """A way to split a metric, for readers."""
    if way != PARTS:
        return way.replace("_", " ").capitalize()
    numerator, denominator = (served.metrics[part].label for part in served.parts(metric))
    return f"{numerator} and {uncapitalized(denominator)}"


def by_words(way: str) -> str:
    """A way to split, within a sentence; nothing where the contributions say it themselves."""
    return "" if way in (PRICE, PARTS) else f"by {way.replace('_', ' ')}"


def split(
    served: Served, metric: str, way: str, before: Period, now: Period, selection: Selection
) -> Split | None:
    """The change of a metric between two periods within a selection; None where one of them has no value."""
    if way == PRICE:
        return price_split(*(sold(served, metric, period, selection) for period in (before, now)))
    metrics = served.parts(metric)
    if way == PARTS:
        wholes = (whole(served, metrics, period, selection) for period in (before, now))
        return parts_split([served.metrics[part].label for part in metrics], *wholes)
    then, today = (by_name(served, metrics, way, period, selection) for period in (before, now))
    if all(served.metrics[part].adds_up for part in metrics):
        then_whole, today_whole = ([fsum(part.values()) for part in side] for side in (then, today))
    else:
        then_whole, today_whole = (whole(served, metrics, period, selection) for period in (before, now))
    if len(metrics) == 1:
        return sum_split(then[0], today[0], then_whole[0], today_whole[0])
    return ratio_split(then, today, then_whole, today_whole)


def method(served: Served, metric: str, way: str, found: Split) -> str:
    """How the contributions are worked out, where their names do not say it; nothing where they do."""
    if way == PRICE:
        return (
            "Of products sold in both periods: volume is the change of units at the average price before, "
            "mix what is sold in other shares, price what each costs now."
        )
    if way == PARTS:
        return "Each is the mean of what it does when it changes first and when it changes last."
    names = {step.name for step in found.steps}
    words = way_words(served, metric, way).lower()
    told = []
    if len(served.parts(metric)) > 1:
        told.append(f"Each {words}: the change of its own value, at its weight now.")
        if MIX in names:
            told.append(f"{MIX}: the weights changed.")
    if SEVERAL in names:
        told.append(f"{SEVERAL}: what belongs to more than one {words} is in each, and taken off here.")
    return " ".join(told)


def is_comparable(shown: Figures, metric: str, how: Shown) -> bool:
    """Whether the metric has a change to split: that of its tile, or one from below 0, which has no share."""
    now, then = shown.now.get(metric), shown.then.get(metric)
    return how.change(now, then) is not None or (now is not None and then is not None and then < 0)


def nothing_words(served: Served, shown: Figures, metric: str, label: str) -> str:
    """Why the tile of a metric shows no change, and what to do."""
    other = "another comparison."
    if shown.filters.compare is not Compare.TARGET:
        if shown.now.get(metric) is None:
            return "It has no value in this period: choose another period, or other filters."
        if shown.before:
            return f"In {shown.against} there is nothing to compare with: choose another period, or {other}"
        return (
            f"The data begins on {formats.day_words(served.data.start)}: there are no days to compare with. "
            f"Choose a shorter or a later period, or {other}"
        )
    if not served.has(TARGET):
        return f"This version has no targets: choose {other}"
    if metric != NET_SALES:
        return f"There are targets for net sales alone, none for {uncapitalized(label)}: choose {other}"
    if name := untargeted(shown.filters):
        words, all_of_it = name.replace("_", " "), EVERYTHING[name].lower()
        return f"Targets are set by category, not by {words}: choose {all_of_it}, or {other}"
    return f"No target is set for what is chosen in these days: choose another period or category, or {other}"


def gap(served: Served, filters: Filters) -> Split:
    """What net sales are above or below their target, by category, within filters that have one."""
    period, selection = filters.period, filters.selection()
    (planned, target), (sold, now) = (
        (by_name(served, (metric,), CATEGORY, period, selection), whole(served, (metric,), period, selection))
        for metric in (TARGET, NET_SALES)
    )
    return target_split(planned[0], sold[0], target[0], now[0])


def by_name(
    served: Served, metrics: Sequence[str], name: str, period: Period, selection: Selection
) -> list[dict[str, float]]:
    """Each metric by the values of a group-by name, as the waterfall names them."""
    found: list[dict[str, float]] = [{} for _ in metrics]
    for row in served.run(Query(tuple(metrics), period, name, selection)).to_pylist():
        value = row[name] or NAMELESS
        key = f"\u201c{value}\u201d" if value in RESERVED else value
        for metric, amounts in zip(metrics, found, strict=True):
            amounts[key] = amounts.get(key, 0.0) + (row[metric] or 0.0)
    return found


def whole(served: Served, metrics: Sequence[str], period: Period, selection: Selection) -> list[float]:
    """Each metric over the whole selection."""
    [row] = served.run(Query(tuple(metrics), period, (), selection)).to_pylist()
    return [row[metric] or 0.0 for metric in metrics]


def sold(served: Served, metric: str, period: Period, selection: Selection) -> Sold:
    """What was sold of each product, for a metric of LESS."""
    gross, count = by_name(served, ("gross_sales", "units"), PRODUCT, period, selection)
    less = LESS[metric]
    amounts = whole(served, less, period, selection) if less else []
    return Sold(
        {name: (round(gross[name] * CENTS), round(count[name])) for name in gross},
        {name: round(amount * CENTS) for name, amount in zip(less, amounts, strict=True)},
    )


def uncapitalized(words: str) -> str:
    """A label as it is within a sentence."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
