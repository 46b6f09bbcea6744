"""How large an experiment must be, and what the planner shows of it. Draws nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import pyarrow as pa

from dashboard import formats
from dashboard.queries.effects import RATE, RELATIVE, Unit, unit_of
from dashboard.queries.experiments import Experiment
from dashboard.queries.figures import Row

POWERS = {"80%": 0.8, "90%": 0.9, "95%": 0.95}
LEVELS = {"5%": 0.05, "1%": 0.01, "10%": 0.1}
LEAST_EFFECT, MOST_EFFECT, USUAL_EFFECT = 0.1, 1000.0, 10.0
"""Relative effects, in per cent."""
LEAST_BASELINE, MOST_BASELINE = 1e-9, 1e9
LEAST_TRAFFIC, MOST_TRAFFIC = 1e-3, 1e9
MOST_DAYS, CURVE_POINTS = 3650, 60
PROPORTION = "proportion"
READ = (
    *("control_mean", "effect_se", "control_unit_count", "treatment_unit_count"),
    "cuped_variance_reduction_rate",
)
"""The columns of results that a baseline is made of."""
FORMULA_NOTE = (
    "z(p) is the quantile of the normal distribution. A mean's deviation is effect_se / "
    "sqrt(1 / control_unit_count + 1 / treatment_unit_count), and grows as the baseline that is asked for "
    "does; CUPED takes away its share of the variance. Traffic: the units analysed, by the experiment's days."
)
_normal = NormalDist()


def reach(alpha: float, power: float) -> float:
    """How many standard errors away an effect must lie for a two-sided test to find it so often."""
    return _normal.inv_cdf(1 - alpha / 2) + _normal.inv_cdf(power)


def size_for_means(deviation: float, effect: float, alpha: float, power: float) -> float | None:
    """Units in each of two arms, not rounded, to find a difference of two means."""
    if not effect or deviation <= 0:
        return None
    return 2 * (reach(alpha, power) * deviation / effect) ** 2


def size_for_proportions(share: float, effect: float, alpha: float, power: float) -> float | None:
    """Units in each of two arms, not rounded, to find a difference of two proportions.

    Evan Miller's formula (Sample Size Calculator, 2010): under no effect both arms vary as the baseline does.
    """
    if not effect or not 0 < share < 1 or not 0 <= share + effect <= 1:
        return None
    nothing = 2 * share * (1 - share)
    something = share * (1 - share) + (share + effect) * (1 - share - effect)
    distance = _normal.inv_cdf(1 - alpha / 2) * math.sqrt(nothing)
    return ((distance + _normal.inv_cdf(power) * math.sqrt(something)) / effect) ** 2


@dataclass(frozen=True)
class Baseline:
    """A metric as an experiment saw it: the control's mean, one unit's deviation, and new units a day.

    The deviation is that of the effect's standard error: of one unit's linearised ratio for a ratio metric.
    `cuped` is the share of the variance that CUPED took away, None where there was nothing to adjust with.
    """

    row: Row
    experiment: Experiment
    mean: float
    deviation: float
    daily: float
    cuped: float | None

    @property
    def unit(self) -> Unit:
        """How the metric is written."""
        return unit_of(self.row)

    @property
    def most(self) -> float:
        """The largest baseline that can be asked for, as it is written: no share is above 100%."""
        return self.unit.scale if self.unit is RATE else MOST_BASELINE

    @property
    def is_proportion(self) -> bool:
        """Whether the metric is a share of units, whose deviation follows from its mean."""
        return bool(self.row["metric_kind"] == PROPORTION)


def baselines(experiments: Sequence[Experiment]) -> dict[str, Baseline]:
    """A baseline for each metric by its label: from the first experiment that is over and may be believed.

    Where there is none, from a running one, else from one whose numbers may not be believed.
    """
    found: dict[str, Baseline] = {}
    for experiment in sorted(experiments, key=lambda one: (not one.is_readable, one.facts["is_running"])):
        for row in experiment.rows():
            baseline = baseline_of(experiment, row)
            if baseline:
                found.setdefault(row["metric_label"], baseline)
    return found


def baseline_of(experiment: Experiment, row: Row) -> Baseline | None:
    """What a row of results says of its metric, None where that is too little."""
    mean, error = row["control_mean"], row["effect_se"]
    control, treatment = row["control_unit_count"], row["treatment_unit_count"]
    if not mean or mean < 0 or not error or not control or not treatment:
        return None
    units = sum(arm["analysed_unit_count"] for arm in experiment.arms)
    return Baseline(
        row=row,
        experiment=experiment,
        mean=mean,
        deviation=error / math.sqrt(1 / control + 1 / treatment),
        daily=units / experiment.days.day_count,
        cuped=row.get("cuped_variance_reduction_rate"),
    )


@dataclass(frozen=True)
class Plan:
    """What is asked of an experiment of two arms of one size.

    `effect` is relative and for the better: 0.1 for a tenth more, or less where less is better.
    """

    baseline: Baseline
    mean: float
    effect: float
    daily: float
    alpha: float = 0.05
    power: float = 0.8

    @property
    def sign(self) -> int:
        """The direction of a change for the better."""
        return 1 if self.baseline.row["is_more_better"] else -1

    def size(self, effect: float) -> float | None:
        """Units in each arm to find a relative effect."""
        difference = self.mean * effect * self.sign
        if self.baseline.unit is RATE and max(self.mean, self.mean + difference) > 1:
            return None
        if self.baseline.is_proportion:
            return size_for_proportions(self.mean, difference, self.alpha, self.power)
        # A deviation grows as its mean does.
        deviation = self.baseline.deviation * self.mean / self.baseline.mean
        return size_for_means(deviation, difference, self.alpha, self.power)

    @property
    def units(self) -> int | None:
        """Units in each arm, None where the effect cannot be, such as more than everyone converting."""
        size = self.size(self.effect)
        return None if size is None else math.ceil(size - 1e-9)

    @property
    def days(self) -> int | None:
        """Days until both arms are full."""
        return self.days_for(self.units)

    @property
    def cuped_units(self) -> int | None:
        """Units in each arm with CUPED, where it took away something."""
        if self.units is None or not self.baseline.cuped or self.baseline.cuped <= 0:
            return None
        return math.ceil(self.units * (1 - self.baseline.cuped))

    @property
    def cuped_days(self) -> int | None:
        """Days until both arms are full with CUPED."""
        return self.days_for(self.cuped_units)

    def days_for(self, units: int | None) -> int | None:
        """Days until both arms have so many units."""
        return None if units is None or self.daily <= 0 else math.ceil(2 * units / self.daily)

    def effect_after(self, days: float) -> float | None:
        """The relative effect that is found after so many days, by bisection on its logarithm."""
        units = days * self.daily / 2
        low, high = 1e-6, 1e4
        if self.baseline.unit is RATE:  # A share ends at 1, whatever is rounded on the way.
            high = (1 - 1e-9) * ((1 - self.mean) / self.mean if self.sign > 0 else 1.0)
        if (self.size(high) or math.inf) > units:
            return None
        for _ in range(60):
            middle = math.sqrt(low * high)
            if (self.size(middle) or math.inf) > units:
                low = middle
            else:
                high = middle
        return high


def formula(plan: Plan) -> str:
    """How the units in each arm are worked out."""
    if plan.baseline.is_proportion:
        return (
            "((z(1 \u2212 level / 2) \u00d7 sqrt(2 \u00d7 p \u00d7 (1 \u2212 p)) + z(power) \u00d7 "
            "sqrt(p \u00d7 (1 \u2212 p) + q \u00d7 (1 \u2212 q))) / (q \u2212 p))\u00b2, "
            "p = control_mean, q = p \u00d7 (1 + effect)"
        )
    return (
        "2 \u00d7 ((z(1 \u2212 level / 2) + z(power)) \u00d7 deviation / (control_mean \u00d7 effect))\u00b2"
    )


def plan_words(plan: Plan) -> str:
    """The answer in a sentence."""
    unit, baseline = plan.baseline.unit, plan.baseline
    label, units = baseline.row["metric_label"], baseline.experiment.units
    aim = plan.mean * (1 + plan.effect * plan.sign)
    spread = abs(plan.mean * plan.effect)
    change = f"from {unit.value(plan.mean, spread)} to {unit.value(aim, spread)}"
    asked = f"change of {label} {change} ({RELATIVE.difference(plan.effect * plan.sign)})"
    if plan.units is None:
        return f"There can be no {asked}: choose a smaller effect or another baseline."
    chance = f"with a probability of {plan.power:.0%} at a level of {plan.alpha:.0%}"
    size = f"each of two arms needs {formats.count(plan.units)} {units}"
    if plan.days is None:
        return f"To find a {asked} {chance}, {size}; without traffic that never ends."
    pace = f"at {traffic_words(plan.daily)} new ones a day"
    return f"To find a {asked} {chance}, {size}: {days_words(plan.days)} {pace}."


def traffic_words(daily: float) -> str:
    """Units a day, with decimals where they are few."""
    return formats.count(daily) if daily >= 10 else f"{daily:.2g}"


def days_words(days: int) -> str:
    """A number of days, in years where they are many."""
    if days > MOST_DAYS:
        return f"{formats.count_short(days / 365)} years"
    return formats.counted(days, "day")


def advice(plan: Plan) -> str:
    """What to think of it."""
    if plan.days is None:
        return ""
    if plan.days > 365:
        return "More than a year: look for a larger effect, more traffic, or a metric that varies less."
    if plan.days < 7:
        return "Less than a week: run it for whole weeks all the same, for weekdays differ."
    return "Round it up to whole weeks, for weekdays differ."


def curve_table(plan: Plan) -> pa.Table:
    """What `charts.plan.curve` draws: the smallest effect found after so many days; one row is the plan's."""
    longest = min(MOST_DAYS, max(28, 2 * (plan.days or MOST_DAYS)))
    days = {max(1, round(longest * place / CURVE_POINTS)) for place in range(1, CURVE_POINTS + 1)}
    is_shown = plan.days is not None and plan.days <= longest
    rows = []
    for day in sorted(days - {plan.days}):
        effect = plan.effect_after(day)
        if effect is not None and effect <= max(3.0, 2 * plan.effect):
            rows.append((float(day), effect, False))
    if is_shown and plan.days:
        rows.append((float(plan.days), plan.effect, True))
    rows.sort()
    return pa.table(
        {
            "days": pa.array([row[0] for row in rows], pa.float64()),
            "effect": pa.array([row[1] for row in rows], pa.float64()),
            "chosen": pa.array([row[1] if row[2] else None for row in rows], pa.float64()),
            "words": [RELATIVE.difference(row[1]) for row in rows],
            "days_words": [days_words(round(row[0])) for row in rows],
            "units_words": [f"{formats.count(row[0] * plan.daily / 2)} an arm" for row in rows],
            "label": [
                f"{days_words(round(row[0]))}: {RELATIVE.difference(row[1])}" if row[2] else ""
                for row in rows
            ],
        }
    )
