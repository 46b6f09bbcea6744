"""An experiment's effect as it was known after each day, as numbers and words. Draws nothing."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard import formats
from dashboard.metrics import Served
from dashboard.periods import Grain
from dashboard.queries import effects, figures
from dashboard.queries.effects import Interval
from dashboard.queries.experiments import Experiment, as_date
from dashboard.queries.figures import Row

TIMELINE = "fct_experiment_timeline"
LABELS, WIDE_LOOKS = 5, 5
"""Days that the axis names; and the first look in so many may run out of the picture, being far wider."""


def table(served: Served, experiment: Experiment, metric: str, variant: str) -> pa.Table:
    """What `charts.looks.looks` draws: the effect as it was known after each day; rates in points."""
    looks = served.rows(TIMELINE)
    for name, value in (("experiment_id", experiment.id), ("metric", metric), ("variant", variant)):
        looks = looks.filter(pc.equal(looks[name], value))
    rows = [row for row in looks.sort_by("look_date").to_pylist() if row["effect"] is not None]
    unit = next((effects.unit_of(row) for row in experiment.rows(metric, variant)), effects.Unit())
    limit = limit_of(rows) * unit.scale
    days = [as_date(row["look_date"]) for row in rows]
    labelled = days[:: -(-len(days) // LABELS) or 1]
    labels = dict(zip(labelled, figures.axis_labels(labelled, Grain.DAY), strict=True))
    columns: dict[str, Any] = {
        "part": pa.array([f"{day}|{labels.get(day, '')}" for day in days], pa.string()),
        "label": [formats.day_words(day) for day in days],
        "effect": pa.array(
            [
                value if abs(value) <= limit else None
                for value in (row["effect"] * unit.scale for row in rows)
            ],
            pa.float64(),
        ),
    }
    for name in ("effect_lower", "effect_upper", "always_valid_lower", "always_valid_upper"):
        values = [row[name] for row in rows]
        columns[name] = pa.array(
            [None if value is None else min(limit, max(-limit, value * unit.scale)) for value in values],
            pa.float64(),
        )
    columns["effect_words"] = [Interval.of(row, "effect").words(unit) for row in rows]
    columns["always_valid_words"] = [
        Interval(row["effect"], row["always_valid_lower"], row["always_valid_upper"]).words(unit)
        for row in rows
    ]
    columns["units"] = [effects.units_words(row) for row in rows]
    return pa.table(columns)


def limit_of(rows: Sequence[Row]) -> float:
    """How far from no effect the timeline's scale reaches: over all but its first looks."""
    later = rows[len(rows) // WIDE_LOOKS :]
    bounds = [row[name] for row in later for name in ("always_valid_lower", "always_valid_upper")]
    bounds += [row["effect"] for row in later]
    return max((abs(value) for value in bounds if value is not None), default=1.0) or 1.0


def is_cut(numbers: pa.Table) -> bool:
    """Whether intervals of the first looks reach beyond the timeline's scale: several end there."""
    ends = numbers["always_valid_lower"].to_pylist() + numbers["always_valid_upper"].to_pylist()
    lengths = [abs(end) for end in ends if end is not None]
    return lengths.count(max(lengths, default=0.0)) > 1


def in_words(numbers: pa.Table) -> str:
    """The timeline's end in words."""
    if not len(numbers):
        return "No look yet."
    last = {name: numbers[name][-1].as_py() for name in ("label", "effect_words", "always_valid_words")}
    return (
        f"After {last['label']}: {last['effect_words']} if one looks only then; "
        f"{last['always_valid_words']} however often one looks."
    )
