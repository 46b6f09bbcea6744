"""Why a metric changed: its change split into contributions that add up to it, sums to the cent.

A sum is split by the values of a group-by name. A ratio is split by how much each value's own ratio changed,
at the weight it has now; what is left is the mix: the weights changed too. What is sold is also split into
volume, mix and price. How far net sales are from their target is split by category, as targets are set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from dashboard import formats
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Compare, Period
from dashboard.queries.figures import NET_SALES, TARGET, THE_TARGET, Figures, Shown, untargeted
from dashboard.requests import Query, Selection

CENTS = 100
MOST_STEPS = 9
OTHERS, NAMELESS, SEVERAL, MIX, NOW = "Others", "Not stated", "Counted in several", "Mix", "This period"
PRICE = "price, volume and mix"
PRODUCT, CATEGORY = "product", "category"
WITHOUT_TARGET = "Without a target"
LESS = {"gross_sales": (), "sales": ("discounts",), "net_sales": ("discounts", "refunds")}
"""The metrics that are split into volume, mix and price, and what each is less than gross sales."""
NEARLY = 1e-9

Amounts = Mapping[str, float]


@dataclass(frozen=True)
class Step:
    """A contribution to a change."""

    name: str
    amount: float


@dataclass(frozen=True)
class Split:
    """A metric before and now, and the contributions that lead from one to the other, the largest first."""

    before: float
    now: float
    steps: tuple[Step, ...]

    def shortened(self) -> "Split":
        """The largest contributions, and the rest as one."""
        if len(self.steps) <= MOST_STEPS:
            return self
        kept, rest = self.steps[: MOST_STEPS - 1], self.steps[MOST_STEPS - 1 :]
        return Split(self.before, self.now, (*kept, Step(OTHERS, sum(step.amount for step in rest))))


def ways(served: Served, metric: str) -> list[str]:
    """What the change of a metric can be split by: price, volume and mix, or a group-by name."""
    names = served.group_bys((metric,)) if served.parts(metric) else ()
    return [PRICE, *names] if metric in LESS and PRODUCT in names else [*names]


def split(
    served: Served, metric: str, way: str, before: Period, now: Period, selection: Selection
) -> Split | None:
    """The change of a metric between two periods within a selection.

    None where it has no value in one of them, or where a ratio's denominator is not the sum of its parts.
    """
    if way == PRICE:
        return price_split(*(sold(served, metric, period, selection) for period in (before, now)))
    metrics = served.parts(metric)
    (then, then_whole), (today, today_whole) = (
        (by_name(served, metrics, way, period, selection), whole(served, metrics, period, selection))
        for period in (before, now)
    )
    if len(metrics) == 1:
        return sum_split(then[0], today[0], then_whole[0], today_whole[0])
    return ratio_split(then, today, then_whole, today_whole)


def nothing_words(served: Served, shown: Figures, metric: str) -> str:
    """Why the tile of a metric shows no change."""
    other = "choose another period, or another comparison."
    if shown.filters.compare is not Compare.TARGET:
        days = f"In {shown.against} there is nothing" if shown.before else "There are no days"
        return f"{days} to compare with: {other}"
    if not served.has(TARGET):
        return f"This version has no targets: {other}"
    if metric != NET_SALES:
        return f"Targets are those of net sales alone: {other}"
    if name := untargeted(shown.filters):
        words = name.replace("_", " ")
        return f"Targets are set by category, not by {words}: there is none while a {words} is chosen."
    return f"No target is set for what is chosen in these days: {other}"


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
    """Each metric by the values of a group-by name."""
    rows = served.run(Query(tuple(metrics), period, name, selection)).to_pylist()
    return [{row[name] or NAMELESS: row[metric] or 0.0 for row in rows} for metric in metrics]


def whole(served: Served, metrics: Sequence[str], period: Period, selection: Selection) -> list[float]:
    """Each metric over the whole selection."""
    [row] = served.run(Query(tuple(metrics), period, (), selection)).to_pylist()
    return [row[metric] or 0.0 for metric in metrics]


def ordered(steps: Mapping[str, float]) -> tuple[Step, ...]:
    """The contributions that are not 0, the largest first."""
    found = [Step(name, amount) for name, amount in steps.items() if amount]
    return tuple(sorted(found, key=lambda step: (-abs(step.amount), step.name)))


def sum_split(then: Amounts, now: Amounts, before: float, after: float) -> Split:
    """Each value's own change. A count of different things may count one under several values."""
    steps = {
        name: round(now.get(name, 0.0) * CENTS) - round(then.get(name, 0.0) * CENTS)
        for name in {**then, **now}
    }
    steps[SEVERAL] = round(after * CENTS) - round(before * CENTS) - sum(steps.values())
    return Split(before, after, ordered({name: amount / CENTS for name, amount in steps.items()}))


def target_split(planned: Amounts, sold: Amounts, target: float, now: float) -> Split:
    """What each value is above or below its target; those without one are a step together."""
    found = {name: amount for name, amount in sold.items() if name in planned}
    found[WITHOUT_TARGET] = sum(amount for name, amount in sold.items() if name not in planned)
    return sum_split(planned, found, target, now)


def ratio_split(
    then: Sequence[Amounts], now: Sequence[Amounts], before: Sequence[float], after: Sequence[float]
) -> Split | None:
    """Each value's own change at its weight now, and the mix. All arguments: numerators, denominators.

    A value without a denominator before is taken to have had the ratio of the whole.
    """
    (_, weights_then), (_, weights_now) = then, now
    for weights, total in ((weights_then, before[1]), (weights_now, after[1])):
        if total <= 0 or abs(sum(weights.values()) - total) > NEARLY * total:
            return None
    ratio_before, ratio_after = before[0] / before[1], after[0] / after[1]
    steps = {}
    for name in {**weights_then, **weights_now}:
        weight_then, weight = weights_then.get(name, 0.0), weights_now.get(name, 0.0)
        ratio_then = then[0][name] / weight_then if weight_then else ratio_before
        steps[name] = (now[0].get(name, 0.0) - weight * ratio_then) / after[1]
    steps[MIX] = ratio_after - ratio_before - sum(steps.values())
    kept = {name: amount for name, amount in steps.items() if abs(amount) > NEARLY * abs(ratio_before)}
    return Split(ratio_before, ratio_after, ordered(kept))


@dataclass(frozen=True)
class Sold:
    """Gross sales in cents and units, by product, and in cents what a metric is less than all gross sales."""

    products: Mapping[str, tuple[int, int]]
    less: Mapping[str, int]

    @property
    def cents(self) -> int:
        """The metric."""
        return sum(gross for gross, _ in self.products.values()) - sum(self.less.values())


def sold(served: Served, metric: str, period: Period, selection: Selection) -> Sold:
    """What was sold of each product, for a metric of LESS."""
    gross, units = by_name(served, ("gross_sales", "units"), PRODUCT, period, selection)
    less = LESS[metric]
    amounts = whole(served, less, period, selection) if less else []
    return Sold(
        {name: (round(gross[name] * CENTS), round(units[name])) for name in gross},
        {name: round(amount * CENTS) for name, amount in zip(less, amounts, strict=True)},
    )


def price_split(then: Sold, now: Sold) -> Split:
    """Of products sold in both periods volume, mix and price; then those sold in one, discounts and refunds.

    Volume: the change of units at the average price before. Mix: the units of now at their own prices before
    rather than at that average. Price: the units of now at the prices of now rather than those before.
    """
    both = [name for name, (_, units) in now.products.items() if units and then.products.get(name, (0, 0))[1]]
    gross_then, units_then, gross_now, units_now = (
        sum(side.products[name][place] for name in both) for side in (then, now) for place in (0, 1)
    )
    average = Fraction(gross_then, units_then) if units_then else Fraction(0)
    at_old_prices = sum(
        (Fraction(then.products[name][0], then.products[name][1]) * now.products[name][1] for name in both),
        Fraction(0),
    )
    parts = {
        "Volume": (units_now - units_then) * average,
        "Mix of products": at_old_prices - units_now * average,
        "Price": gross_now - at_old_prices,
        "New products": Fraction(sum(gross for gross, _ in now.products.values()) - gross_now),
        "Products not sold any more": Fraction(
            gross_then - sum(gross for gross, _ in then.products.values())
        ),
        **{name.capitalize(): Fraction(then.less[name] - now.less[name]) for name in now.less},
    }
    cents, total, shown = {}, Fraction(0), 0
    for name, amount in parts.items():
        total += amount
        cents[name] = round(total) - shown
        shown = round(total)
    steps = {name: amount / CENTS for name, amount in cents.items()}
    return Split(then.cents / CENTS, now.cents / CENTS, ordered(steps))


def table(found: Split, against: str, how: Shown) -> pa.Table:
    """What `charts.waterfall` draws: the metric before, the contributions, and the metric now."""
    rows = [row(against[0].upper() + against[1:], 0.0, found.before, "whole", how.exact(found.before))]
    reached = found.before
    for step in found.shortened().steps:
        size = formats.signed(step.amount, how.size(step.amount))
        kind = "more" if step.amount > 0 else "less"
        rows.append(row(step.name, reached, reached + step.amount, kind, size))
        reached += step.amount
    rows.append(row(NOW, 0.0, found.now, "whole", how.exact(found.now)))
    return pa.Table.from_pylist(rows)


def row(name: str, start: float, end: float, kind: str, words: str) -> dict[str, object]:
    """A row of the waterfall."""
    return {"name": name, "start": start, "end": end, "kind": kind, "words": words}


def sentence(label: str, found: Split, against: str, how: Shown) -> str:
    """The change in one sentence, with its three largest contributions."""
    change = found.now - found.before
    steps = [f"{step.name} {formats.signed(step.amount, how.size(step.amount))}" for step in found.steps[:3]]
    told = f": {', '.join(steps)}" if steps else ""
    if not change:
        return f"{label} is the same as {against}{told}."
    size = how.size(change)
    is_missed = against == THE_TARGET
    if how.change is formats.relative_change and (relative := how.change(found.now, found.before)):
        size = f"{size} ({formats.percent(abs(relative[0])) if is_missed else relative[1]})"
    if is_missed:
        return f"{label} is {size} {'above' if change > 0 else 'below'} {against}{told}."
    return f"{label} {'rose' if change > 0 else 'fell'} by {size} against {against}{told}."
