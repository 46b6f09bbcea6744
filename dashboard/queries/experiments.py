"""What the experiments page shows, as numbers and words: marts in, tables out. Draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard import formats
from dashboard.components.tables import COUNT, RATE, TEXT, Column
from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries import effects
from dashboard.queries.effects import Interval, Titled
from dashboard.queries.figures import Row

ALL = "All experiments"
EXPERIMENTS, ARMS, ASSIGNMENTS = "dim_experiments", "fct_experiment_arms", "fct_experiment_assignments"
HEALTH, RESULTS, VERDICTS = "fct_experiment_health", "fct_experiment_results", "fct_experiment_verdicts"
NOT_READABLE, NO_VERDICT = "do not read", "no verdict"
EVERYONE = "all"
UNITS = {"anonymous_id": "visitors", "customer_id": "customers"}
CHECKS = {
    "sample_ratio": "Traffic split",
    "leakage": "Units in one arm only",
    "early_assignment": "Assigned after the start",
    "pre_period_difference": "Alike before the start",
    "enough_data": "Enough data",
    "novelty": "Lasting effect",
}
"""What each check asks for."""
COLUMNS = {
    "metric": Column("Metric", TEXT),
    "variant": Column("Arm", TEXT),
    "segment": Column("Segment", TEXT),
    "control_unit_count": Column("Control units", COUNT),
    "treatment_unit_count": Column("Units", COUNT),
    "control_mean": Column("Control mean", "%.5g"),
    "treatment_mean": Column("Mean", "%.5g"),
    "effect": Column("Effect", "%.4g"),
    "effect_lower": Column("Effect from", "%.4g"),
    "effect_upper": Column("Effect to", "%.4g"),
    "relative_effect": Column("Relative effect", RATE),
    "relative_effect_lower": Column("Relative from", RATE),
    "relative_effect_upper": Column("Relative to", RATE),
    "p_value": Column("p", "%.3g"),
    "adjusted_p_value": Column("p corrected", "%.3g"),
    "cuped_relative_effect": Column("CUPED relative", RATE),
    "cuped_relative_effect_lower": Column("CUPED from", RATE),
    "cuped_relative_effect_upper": Column("CUPED to", RATE),
    "cuped_p_value": Column("CUPED p", "%.3g"),
    "cuped_variance_reduction_rate": Column("CUPED variance taken", RATE),
    "power_of_tenth": Column("Power for 10%", RATE),
    "detectable_relative_effect": Column("Detectable", RATE),
}


@dataclass(frozen=True)
class Experiment:
    """An experiment's own row, its verdict, and its rows of other marts; `results` primary metric first."""

    facts: Row
    verdict: Row
    arms: list[Row]
    checks: list[Row]
    results: list[Row]

    @property
    def id(self) -> str:
        """The experiment's id."""
        return str(self.facts["experiment_id"])

    @property
    def name(self) -> str:
        """The experiment's name."""
        return str(self.facts["experiment_name"] or self.id)

    @property
    def is_readable(self) -> bool:
        """Whether its numbers may be believed."""
        return bool(self.verdict.get("verdict") != NOT_READABLE)

    @property
    def alpha(self) -> float | None:
        """The level of its tests; None in a version that was published without it."""
        return self.facts.get("significance_level_rate")

    @property
    def power(self) -> float | None:
        """How often an effect of the size that it looks for must be found; None as above."""
        return self.facts.get("wanted_power_rate")

    @property
    def intervals(self) -> str:
        """What its intervals are called."""
        return interval_words(self.alpha)

    @property
    def sentence(self) -> str:
        """Its verdict's sentence, without the verdict that it begins with."""
        sentence = str(self.verdict.get("verdict_sentence") or "It has no verdict yet.")
        word = f"{self.verdict.get('verdict')}: "
        if not sentence.lower().startswith(word):
            return sentence
        rest = sentence[len(word) :]
        return rest[:1].upper() + rest[1:]

    @property
    def days(self) -> Period:
        """From its first day to the last one seen."""
        start = as_date(self.facts["started_at"])
        return Period(start, start + timedelta(days=max(0, self.facts["day_count"] - 1)))

    @property
    def units(self) -> str:
        """What is assigned to its arms, in the plural."""
        return UNITS.get(self.facts["unit"], "units")

    @property
    def metrics(self) -> dict[str, str]:
        """Its metrics' labels by name, the primary one first."""
        return {row["metric"]: row["metric_label"] for row in self.results}

    @property
    def treatments(self) -> list[str]:
        """The names of its arms that are compared with the control."""
        return [arm["variant"] for arm in self.arms if not arm["is_control"]]

    def rows(self, metric: str = "", variant: str = "") -> list[Row]:
        """The results of all units, of one metric or arm or of all."""
        return [
            row
            for row in self.results
            if row["segment_name"] == EVERYONE
            and metric in ("", row["metric"])
            and variant in ("", row["variant"])
        ]

    def comparison_count(self, metric: str = "") -> int:
        """How many p-values are corrected together: of all metrics or of one's segments, over all arms."""
        family = self.rows()
        if metric:
            family = [
                row for row in self.results if row["segment_name"] != EVERYONE and row["metric"] == metric
            ]
        return sum(row["p_value"] is not None for row in family)

    @property
    def primary(self) -> list[Row]:
        """The results of its primary metric, a row per arm."""
        return [row for row in self.rows() if row["is_primary"]]


def interval_words(alpha: float | None) -> str:
    """An interval, by the level of its test: 95% interval."""
    return "interval" if alpha is None else f"{100 * (1 - alpha):.4g}% interval"


def comparisons_words(count: int) -> str:
    """How many comparisons."""
    return formats.counted(count, "comparison")


def as_date(moment: date | datetime) -> date:
    """The day of a moment."""
    return moment.date() if isinstance(moment, datetime) else moment


def of_experiment(table: pa.Table, experiment_id: str) -> pa.Table:
    """The rows of a mart that are of one experiment."""
    return table.filter(pc.equal(table["experiment_id"], experiment_id))


def read(served: Served) -> dict[str, Experiment]:
    """Every experiment by id, the latest first, without results of segments."""
    by_id: dict[str, dict[str, list[Row]]] = {}
    for mart in (VERDICTS, ARMS, HEALTH, RESULTS):
        table = served.rows(mart)
        if mart == RESULTS:
            table = table.filter(pc.equal(table["segment_name"], EVERYONE))
        for row in table.to_pylist():
            by_id.setdefault(row["experiment_id"], {}).setdefault(mart, []).append(row)
    facts = served.rows(EXPERIMENTS).sort_by([("started_at", "descending"), ("experiment_id", "ascending")])
    found = {}
    for row in facts.to_pylist():
        mine = by_id.get(row["experiment_id"], {})
        found[row["experiment_id"]] = Experiment(
            facts=row,
            verdict=next(iter(mine.get(VERDICTS, [])), {}),
            arms=sorted(mine.get(ARMS, []), key=lambda arm: (not arm["is_control"], arm["variant"])),
            checks=sorted(mine.get(HEALTH, []), key=lambda check: check["check_number"]),
            results=sorted(mine.get(RESULTS, []), key=place_of),
        )
    return found


def with_segments(served: Served, experiment: Experiment) -> Experiment:
    """The experiment with its results of segments too."""
    rows = of_experiment(served.rows(RESULTS), experiment.id).to_pylist()
    return replace(experiment, results=sorted(rows, key=place_of))


def place_of(row: Row) -> tuple[Any, ...]:
    """Where a row of results stands: the primary metric comes first, all units before their segments."""
    segment = (row["segment_name"] != EVERYONE, row["segment_name"], row["segment_value"])
    return (not row["is_primary"], row["metric_label"], row["variant"], *segment)


def verdict_of(experiment: Experiment) -> str:
    """Its verdict, in words where it has none."""
    return experiment.verdict.get("verdict") or NO_VERDICT


def counted_words(experiments: Sequence[Experiment]) -> str:
    """How many experiments there are, by verdict."""
    verdicts: dict[str, int] = {}
    for experiment in experiments:
        verdict = verdict_of(experiment)
        verdicts[verdict] = verdicts.get(verdict, 0) + 1
    words = ", ".join(f"{count:,} \u201c{verdict}\u201d" for verdict, count in sorted(verdicts.items()))
    counted = formats.counted(len(experiments), "experiment")
    return f"{counted}: {words}." if words else f"{counted}."


def facts_words(experiment: Experiment) -> str:
    """When it ran, on whom, and whose it is."""
    days = experiment.days
    owner = experiment.facts["owner"] or "no owner named"
    if not experiment.facts["day_count"]:
        return f"not begun, planned from {formats.day_words(days.start)} \u00b7 {owner}"
    length = formats.counted(days.day_count, "day")
    running = " so far, still running" if experiment.facts["is_running"] else ""
    return f"{days.words}, {length}{running} \u00b7 on {experiment.units} \u00b7 {owner}"


def list_limit(experiments: Sequence[Experiment]) -> float:
    """The end of the list's common scale of relative effects, the same to both sides."""
    reaches = [Interval.of(row, "relative_effect").reach for one in experiments for row in one.primary]
    return min(1.0, max([0.05, *reaches]))


def effect_rows(experiment: Experiment) -> list[Titled]:
    """The rows of the effects' plot: each metric and arm, the arm named where there are several."""
    several = len(experiment.treatments) > 1
    return [
        (f"{row['metric_label']}, {row['variant']}" if several else row["metric_label"], row)
        for row in experiment.rows()
    ]


def segment_rows(experiment: Experiment, metric: str, variant: str) -> list[Titled]:
    """The rows of the segments' plot: everyone, then the segments, of one metric and arm."""
    found = [(f"All {experiment.units}", row) for row in experiment.rows(metric, variant)]
    segments = [
        row
        for row in experiment.results
        if row["segment_name"] != EVERYONE and row["metric"] == metric and row["variant"] == variant
    ]
    for row in segments:
        name = effects.SEGMENTS.get(row["segment_name"], row["segment_name"].replace("_", " ").capitalize())
        found.append((f"{name}: {row['segment_value']}", row))
    return found


def numbers_table(experiment: Experiment) -> pa.Table:
    """The table behind the page: the results as the mart has them, one row per metric, arm and segment."""
    columns: dict[str, Any] = {
        "metric": [row["metric_label"] for row in experiment.results],
        "variant": [row["variant"] for row in experiment.results],
        "segment": [
            "everyone"
            if row["segment_name"] == EVERYONE
            else f"{row['segment_name']}: {row['segment_value']}".replace("_", " ")
            for row in experiment.results
        ],
    }
    for name in [*COLUMNS][len(columns) :]:
        columns[name] = pa.array([row.get(name) for row in experiment.results], pa.float64())
    return pa.table(columns)
