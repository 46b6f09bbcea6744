"""A change as it is written, rounded so that what is written adds up: a waterfall and a sentence."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from dashboard import formats
from dashboard.queries import units
from dashboard.queries.contributions import OTHERS, Split, Step, apportioned
from dashboard.queries.figures import THE_TARGET, Shown

NOW = "This period"
KINDS = {1: "better", -1: "worse", 0: "neither"}
FEW, MOST_TOLD = 4, 3
"""So many contributions a sentence tells all of; of more, the largest."""


@dataclass(frozen=True)
class Precision:
    """How exactly a metric is written: in so many of its unit for 1, with so many decimals."""

    scale: float = 1.0
    digits: int = 2

    @property
    def per_unit(self) -> float:
        """How many of the smallest that is written make one of the unit."""
        return float(10**self.digits)

    def count(self, value: float) -> int:
        """How many of the smallest that is written a value is, rounded as it is written."""
        return round(round(value * self.scale, self.digits) * self.per_unit)

    def value(self, count: int) -> float:
        """So many of the smallest that is written."""
        return count / self.per_unit / self.scale


WHOLE, TENTHS = Precision(digits=0), Precision(digits=1)
HOURS = Precision(1 / units.HOUR, 1)
PRECISIONS: dict[Callable[[float | None], str], Precision] = {
    formats.count: WHOLE,
    formats.count_short: WHOLE,
    formats.percent: Precision(100.0, 1),
    formats.percent_short: Precision(100.0, 0),
}
"""Of what is not written with two decimals."""


def precision(how: Shown, values: Iterable[float]) -> Precision:
    """How exactly all values up to these are written."""
    sizes = [abs(value) for value in values]
    if how.words is units.duration:
        return HOURS if max(sizes) >= units.HOUR else WHOLE
    if how.words is units.count:
        is_whole = max(sizes) >= units.THOUSAND - 1 or all(float(size).is_integer() for size in sizes)
        return WHOLE if is_whole else TENTHS
    return PRECISIONS.get(how.words, Precision())


def written(found: Split, how: Shown) -> Split:
    """The split as it is written: shortened, and rounded so that what is written adds up.

    The rounding that is left over goes to the contributions with the largest remainders; those that are then
    0 are left out.
    """
    short = found.shortened()
    steps = short.steps or (Step(OTHERS, 0.0),)
    amounts = [step.amount for step in steps]
    to = precision(how, [short.before, short.now, *amounts, sum(map(abs, amounts))])
    before, now = to.count(short.before), to.count(short.now)
    exact = [round(amount * to.scale * to.per_unit, 6) for amount in amounts]
    counts = zip(steps, apportioned(exact, now - before), strict=True)
    kept = [Step(step.name, to.value(count)) for step, count in counts if count]
    kept.sort(key=lambda step: (step.name == OTHERS, -abs(step.amount)))
    return Split(to.value(before), to.value(now), tuple(kept))


def table(found: Split, against: str, how: Shown) -> pa.Table:
    """What `charts.waterfall` draws: the metric before, the contributions, and the metric now, as written."""
    shown = written(found, how)
    rows = [row(capitalized(against), 0.0, shown.before, "whole", how.exact(shown.before))]
    reached = shown.before
    for step in shown.steps:
        kind = KINDS[how.better * (1 if step.amount > 0 else -1)]
        rows.append(row(step.name, reached, reached + step.amount, kind, signed(step.amount, how)))
        reached += step.amount
    rows.append(row(NOW, 0.0, shown.now, "whole", how.exact(shown.now)))
    return pa.Table.from_pylist(rows)


def row(name: str, start: float, end: float, kind: str, words: str) -> dict[str, object]:
    """A row of the waterfall."""
    return {"name": name, "start": start, "end": end, "kind": kind, "words": words}


def sentence(label: str, found: Split, against: str, how: Shown, by: str = "") -> str:
    """The change in one sentence, with its largest contributions and the rest, as they are written.

    `by`: what it is split by, in words; nothing where the contributions say it.
    """
    shown = written(found, how)
    told = f"{by and '; '}{by}: {steps_words(shown.steps, how)}." if shown.steps else "."
    change = shown.now - shown.before
    is_missed = against == THE_TARGET
    if not change:
        same = f"met {against}" if is_missed else f"stayed at {how.exact(shown.now)} against {against}"
        return f"{label} {same}{told}"
    size = how.size(change)
    if how.change is formats.relative_change and (relative := how.change(found.now, found.before)):
        size = f"{size} ({formats.percent(abs(relative[0])) if is_missed else relative[1]})"
    if is_missed:
        return f"{label} {'exceeded' if change > 0 else 'fell short of'} {against} by {size}{told}"
    return f"{label} {'rose' if change > 0 else 'fell'} by {size} against {against}{told}"


def steps_words(steps: Sequence[Step], how: Shown) -> str:
    """Contributions in words, the largest first, which add up to all of them."""
    told = [*steps] if len(steps) <= FEW else [*steps[:MOST_TOLD]]
    words = [f"{quoted(step.name)} {signed(step.amount, how)}" for step in told]
    left = signed(sum(step.amount for step in steps[len(told) :]), how)
    if left[0] in f"+{formats.MINUS}":
        words.append(f"all others {left}")
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def signed(amount: float, how: Shown) -> str:
    """A contribution in words."""
    return formats.signed(amount, how.size(amount))


def quoted(name: str) -> str:
    """A name within a sentence, in quotes where one could not tell where it begins or ends."""
    is_plain = name[0].isalnum() and not {",", ";", ":"} & {*name}
    return name if is_plain or name[0] == "\u201c" else f"\u201c{name}\u201d"


def capitalized(words: str) -> str:
    """The words as a line begins with them."""
    return words[:1].upper() + words[1:]
