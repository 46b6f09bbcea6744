"""What the experiments page draws as HTML, as tables and notes of its files."""

from collections.abc import Sequence

import pyarrow as pa

from dashboard.components import experiment_cards
from dashboard.components.tables import COUNT, RATE, TEXT, Column
from dashboard.exports.report import Note, Table
from dashboard.queries import experiments, planner
from dashboard.queries.effects import Interval
from dashboard.queries.experiments import Experiment
from dashboard.queries.planner import Plan

LISTED = {
    "experiment_id": Column("Experiment", TEXT),
    "name": Column("Name", TEXT),
    "verdict": Column("Verdict", TEXT),
    "sentence": Column("Why", TEXT),
    "facts": Column("When and on whom", TEXT),
    "effects": Column("Relative effect on the primary metric", TEXT),
}
CHECKED = {
    "check": Column("Check", TEXT),
    "status": Column("Outcome", TEXT),
    "explanation": Column("What was found", TEXT),
}
ARMS = {
    "arm": Column("Arm", TEXT),
    "analysed_unit_count": Column("Units", COUNT),
    "share": Column("Share", RATE),
    "allocation_rate": Column("Planned", RATE),
    "two_arm_unit_count": Column("Left out: in two arms", COUNT),
    "crawler_unit_count": Column("Left out: crawlers", COUNT),
}
SAID = {"fact": Column("What", TEXT), "value": Column("Value", TEXT), "note": Column("Note", TEXT)}


def listed(known: Sequence[Experiment]) -> Table:
    """The list of experiments, a row each."""
    rows = [
        {
            "experiment_id": one.id,
            "name": one.name,
            "verdict": experiments.verdict_of(one),
            "sentence": one.sentence,
            "facts": experiments.facts_words(one),
            "effects": "; ".join(
                f"{experiment_cards.effect_name(row, one)}: {Interval.of(row, 'relative_effect').words()}"
                for row in one.primary
            ),
        }
        for one in known
    ]
    return Table("experiments", "The experiments, the latest first", "", texts(rows, LISTED), LISTED)


def checks(experiment: Experiment) -> Table:
    """The checks of an experiment's health, a row each."""
    rows = [
        {
            "check": experiment_cards.check_name(check),
            "status": experiment_cards.STATUSES.get(check["status"], experiment_cards.NOT_KNOWN)[2],
            "explanation": check["explanation"],
        }
        for check in experiment.checks
    ]
    counted = experiment_cards.checks_words(experiment.checks)
    return Table("checks", "Can it be believed?", counted, texts(rows, CHECKED), CHECKED)


def arms(experiment: Experiment) -> Table:
    """The arms, a row each, with the units that are left out."""
    columns = {
        "arm": pa.array([arm["variant"] for arm in experiment.arms], pa.string()),
        "analysed_unit_count": pa.array([arm["analysed_unit_count"] for arm in experiment.arms], pa.int64()),
        "share": pa.array(experiment_cards.arm_shares(experiment), pa.float64()),
        "allocation_rate": pa.array([arm["allocation_rate"] for arm in experiment.arms], pa.float64()),
        **{
            name: pa.array([arm[name] for arm in experiment.arms], pa.int64())
            for name in experiment_cards.EXCLUDED
        },
    }
    words = f"Units are {experiment.units}: those analysed, their share, and the share that was planned."
    return Table("arms", "Arms", words, pa.table(columns), ARMS)


def seen(experiment: Experiment) -> Table:
    """How small an effect the experiment could find, a row for each fact."""
    rows = [
        {"fact": fact, "value": value, "note": ""}
        for fact, value in experiment_cards.seen_facts(experiment).items()
    ]
    return Table("seen", "What it could find", "", texts(rows, SAID).drop_columns(["note"]), SAID)


def planned(plan: Plan) -> tuple[Note, Table]:
    """The planner's answer in words and as a table."""
    rows = [
        {"fact": fact, "value": value, "note": note}
        for fact, value, note in experiment_cards.plan_figures(plan)
    ]
    words = f"{planner.plan_words(plan)} {planner.advice(plan)}".strip()
    table = Table(
        "plan", "How large it must be", experiment_cards.observed_words(plan), texts(rows, SAID), SAID
    )
    return Note("The plan of the next experiment", words), table


def texts(rows: Sequence[dict[str, str]], columns: dict[str, Column]) -> pa.Table:
    """A table of texts, with all its columns where it has no row."""
    return pa.Table.from_pylist([*rows], pa.schema({name: pa.string() for name in columns}))
