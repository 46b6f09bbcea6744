"""Who was assigned to which arm of the three experiments.

On the web the effect is built in backwards: whether a visitor buys is already known, so the arm is drawn
given that outcome, by Bayes' rule. Nine in ten of those who had bought in the months before buy again, which
leaves no room for an effect: whoever had come before the experiment gets either arm with equal chance. The
effect is all on the new visitors, and so large there that the rates of all have its ratio. The arm tells then
nothing of what was done before; it does tell a little of what goes with buying, like the first visit's day.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sample_company import parameters as p
from sample_company.customers import People
from sample_company.parameters import DAY, Bools, Ints
from sample_company.visits import PURCHASE, Visits

VARIANTS = ("control", "treatment")
CONTROL, TREATMENT = 0, 1
LETTERS = (0, 70)  # days from X02's start on which the letter, or nothing, was sent


@dataclass(frozen=True)
class Assignments:
    """Exposures of one shard. Units are devices, or customers for the experiment at CUSTOMER_LEVEL."""

    experiment: Ints
    unit: Ints
    variant: Ints
    at: Ints
    truth: dict[str, dict[str, int]]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.unit)


CUSTOMER_LEVEL = 1


def _units_with_outcome(
    visits: Visits, start: Ints, experiment: p.Experiment
) -> tuple[Ints, Bools, Bools, Ints, Ints]:
    """Devices seen in the period, which were new, which bought in it; their exposures: whose, and when."""
    seen = np.flatnonzero((start >= 0) & p.within(start, experiment.first, experiment.last))
    earlier = (start >= 0) & (start < p.second_of(experiment.first))
    devices, unit = np.unique(visits.device[seen], return_inverse=True)
    is_new = ~np.isin(devices, visits.device[earlier])
    bought = np.zeros(len(devices), dtype=bool)
    bought[unit[visits.kind[seen] == PURCHASE]] = True
    return devices, is_new, bought, unit.astype(np.int64), start[seen]


def draw_arms(rng: np.random.Generator, bought: Bools, is_new: Bools, effect: float) -> Ints:
    """Arms of equal allocation, independent of `is_new`, whose purchase rates have the ratio `effect`."""
    more = (effect / (1 + effect) - 0.5) * bought.sum()  # treated buyers beyond half of all buyers
    treated = np.full(len(bought), 0.5)
    for group, moved in ((is_new & bought, more), (is_new & ~bought, -more)):
        if abs(moved) > group.sum() / 2:
            raise ValueError(f"too few new visitors, {is_new.sum()}, for an effect of {effect}")
        treated[group] += moved / max(group.sum(), 1)
    return (rng.random(len(bought)) < treated).astype(np.int64)


def _counts(variant: Ints, bought: Bools) -> dict[str, int]:
    return {
        "control_units": int((variant == CONTROL).sum()),
        "treatment_units": int((variant == TREATMENT).sum()),
        "control_buyers": int(((variant == CONTROL) & bought).sum()),
        "treatment_buyers": int(((variant == TREATMENT) & bought).sum()),
    }


def make_assignments(rng: np.random.Generator, visits: Visits, start: Ints, people: People) -> Assignments:
    """Exposures to the three experiments in one shard, sorted by time."""
    rows = []
    truth = {}

    sound = p.EXPERIMENTS[0]
    devices, is_new, bought, unit, at = _units_with_outcome(visits, start, sound)
    variant = draw_arms(rng, bought, is_new, sound.effect)
    rows.append((np.full(len(unit), 0), devices[unit], variant[unit], at))
    truth[sound.experiment_id] = _counts(variant, bought)

    letter = p.EXPERIMENTS[CUSTOMER_LEVEL]
    arm = rng.integers(0, 2, len(people))
    reached = np.zeros(len(people), dtype=bool)
    for days in LETTERS:
        day = letter.first + timedelta(days=days)
        receivers = np.flatnonzero((people.opt_in == 1) & (people.created_at < p.second_of(day)))
        reached[receivers] = True
        sent = p.second_of(day, 6) + rng.integers(0, 3_600, len(receivers))
        rows.append((np.full(len(receivers), CUSTOMER_LEVEL), receivers, arm[receivers], sent))
    truth[letter.experiment_id] = {
        "control_units": int((reached & (arm == CONTROL)).sum()),
        "treatment_units": int((reached & (arm == TREATMENT)).sum()),
    }

    flawed = p.EXPERIMENTS[2]
    devices, is_new, bought, unit, at = _units_with_outcome(visits, start, flawed)
    variant = draw_arms(rng, bought, is_new, flawed.effect)
    lost = (variant == CONTROL) & ~bought & (rng.random(len(devices)) < p.LOST_CONTROLS)
    logged = ~lost[unit]
    rows.append((np.full(int(logged.sum()), 2), devices[unit[logged]], variant[unit[logged]], at[logged]))
    one_each = np.flatnonzero(np.diff(unit[np.argsort(unit, kind="stable")], prepend=-1))
    first_row = np.argsort(unit, kind="stable")[one_each]
    candidates = rng.permutation(first_row[~lost[unit[first_row]]])
    leaked = np.sort(candidates[: p.LEAKED_UNITS])
    rows.append((
        np.full(len(leaked), 2), devices[unit[leaked]], 1 - variant[unit[leaked]],
        at[leaked] + rng.integers(30, 1_200, len(leaked)),
    ))  # fmt: skip
    early = np.sort(candidates[p.LEAKED_UNITS : p.LEAKED_UNITS + p.EARLY_ASSIGNMENTS])
    before = p.second_of(flawed.first) - rng.integers(600, 5 * DAY, len(early))
    rows.append((np.full(len(early), 2), devices[unit[early]], variant[unit[early]], before))
    truth[flawed.experiment_id] = _counts(variant[~lost], bought[~lost]) | {
        "lost_control_units": int(lost.sum()),
        "units_in_both_arms": len(leaked),
        "units_assigned_early": len(early),
    }

    experiment, units, variants, times = (np.concatenate([row[i] for row in rows]) for i in range(4))
    order = np.lexsort((units, times))
    return Assignments(experiment[order], units[order], variants[order], times[order], truth)
