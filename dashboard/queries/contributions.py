"""The arithmetic of a change: contributions that add up to it.

A sum is split by how much each value changed. A ratio is split by how much each value's own ratio changed, at
the weight it has now; the mix is what its changed weights do; or into what its numerator and its denominator
do. What is sold is split into volume, mix and price.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

CENTS = 100
MOST_STEPS = 9
OTHERS, NAMELESS, SEVERAL, MIX = "Others", "Not stated", "Counted in several", "Mix"
WITHOUT_TARGET = "Without a target"
NOISE = 1e-12
"""So much of what is added up, the sum of numbers with 53 bits may be wrong by."""

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


def ordered(steps: Iterable[Step], noise: float = 0.0) -> tuple[Step, ...]:
    """The contributions that are more than noise, the largest first."""
    return tuple(
        sorted(
            (step for step in steps if abs(step.amount) > noise),
            key=lambda step: (-abs(step.amount), step.name),
        )
    )


def sum_split(then: Amounts, now: Amounts, before: float, after: float) -> Split:
    """Each value's own change. A count of different things may count one under several values."""
    steps = [Step(name, now.get(name, 0.0) - then.get(name, 0.0)) for name in {**then, **now}]
    several = after - before - sum(step.amount for step in steps)
    noise = NOISE * sum(abs(amount) for amount in (before, after, *then.values(), *now.values()))
    return Split(before, after, ordered([*steps, Step(SEVERAL, several)], noise))


def target_split(planned: Amounts, sold: Amounts, target: float, now: float) -> Split:
    """What each value is above or below its target; those without one are a step together."""
    found = {name: amount for name, amount in sold.items() if name in planned}
    found[WITHOUT_TARGET] = sum(amount for name, amount in sold.items() if name not in planned)
    return sum_split(planned, found, target, now)


def ratio_split(
    then: Sequence[Amounts], now: Sequence[Amounts], before: Sequence[float], after: Sequence[float]
) -> Split | None:
    """Each value's own change at its weight now, and the mix. All arguments: numerators, denominators.

    A value without a denominator before is taken to have had the ratio of the whole; one that has none now
    either adds what its numerator does. A numerator may count one thing under several values, as a sum does;
    so may a denominator, whose weights are then more than 1 together: the formula holds all the same. None
    where a whole has no denominator.
    """
    if not (before[1] and after[1]):
        return None
    ratio_before, ratio_after = before[0] / before[1], after[0] / after[1]
    steps, sizes = [], [abs(ratio_before), abs(ratio_after)]
    for name in {**then[0], **then[1], **now[0], **now[1]}:
        (part_then, weight_then), (part, weight) = (
            (side[0].get(name, 0.0), side[1].get(name, 0.0)) for side in (then, now)
        )
        if weight_then:
            at_old_ratio = part_then / weight_then * weight / after[1]
        elif weight:
            at_old_ratio = ratio_before * weight / after[1]
        else:
            at_old_ratio = part_then / before[1]
        steps.append(Step(name, part / after[1] - at_old_ratio))
        sizes += (abs(part / after[1]), abs(at_old_ratio))
    several = (after[0] - sum(now[0].values())) / after[1] - (before[0] - sum(then[0].values())) / before[1]
    noise = NOISE * sum(sizes)
    steps.append(Step(SEVERAL, several if abs(several) > noise else 0.0))
    steps.append(Step(MIX, ratio_after - ratio_before - sum(step.amount for step in steps)))
    return Split(ratio_before, ratio_after, ordered(steps, noise))


def parts_split(names: Sequence[str], before: Sequence[float], after: Sequence[float]) -> Split | None:
    """What the numerator and the denominator of a ratio do. All arguments: the numerator, the denominator.

    Each one's step is the mean of what it does when it changes first and when it changes last, its Shapley
    value (Shorrocks, "Decomposition procedures for distributional analysis: a unified framework based on the
    Shapley value", Journal of Economic Inequality 11, 2013), so that the two add up and neither comes first.
    None where a whole has no denominator.
    """
    if not (before[1] and after[1]):
        return None
    of_numerator = (after[0] - before[0]) * (1 / before[1] + 1 / after[1]) / 2
    of_denominator = (before[0] + after[0]) / 2 * (1 / after[1] - 1 / before[1])
    steps = [Step(name, amount) for name, amount in zip(names, (of_numerator, of_denominator), strict=True)]
    return Split(before[0] / before[1], after[0] / after[1], ordered(steps))


@dataclass(frozen=True)
class Sold:
    """Gross sales in cents and units, by product, and in cents what a metric is less than all gross sales."""

    products: Mapping[str, tuple[int, int]]
    less: Mapping[str, int]

    @property
    def cents(self) -> int:
        """The metric."""
        return sum(gross for gross, _ in self.products.values()) - sum(self.less.values())


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
    cents = apportioned([*parts.values()], now.cents - then.cents)
    steps = [Step(name, amount / CENTS) for name, amount in zip(parts, cents, strict=True)]
    return Split(then.cents / CENTS, now.cents / CENTS, ordered(steps))


def apportioned(amounts: Sequence[float | Fraction], total: int) -> list[int]:
    """The amounts as whole numbers that add up to the total: those with the largest remainders go up.

    The total may be off their sum, which is spread over all.
    """
    whole = [floor(amount) for amount in amounts]
    each, more = divmod(total - sum(whole), len(whole))
    by_remainder = sorted(range(len(whole)), key=lambda place: whole[place] - amounts[place])
    up = frozenset(by_remainder[:more])
    return [number + each + (place in up) for place, number in enumerate(whole)]
