"""What the cards of experiments open: their rows of the marts, the units behind them, and what they mean."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard import formats
from dashboard.components.drill import RowsDrill
from dashboard.definitions import Meaning, Rows
from dashboard.metrics import Served
from dashboard.queries import experiments, planner, timeline
from dashboard.queries.experiments import Experiment
from dashboard.queries.planner import Plan

OF_IT, OF_BOTH = "experiment_id = $experiment", "metric = $metric and variant = $arm"
LISTED = "list_contains($listed, experiment_id)"
ORDERS = {
    experiments.HEALTH: "check_number",
    experiments.ARMS: "not is_control, variant",
    experiments.RESULTS: "not is_primary, metric_label, variant, segment_name, segment_value",
    experiments.VERDICTS: "experiment_id",
    timeline.TIMELINE: "look_date",
}
"""What the rows of the marts behind the cards are ordered by."""
EFFECT = ("relative_effect", "relative_effect_lower", "relative_effect_upper")
DRAWN = {
    experiments.HEALTH: ("check_name", "status", "explanation"),
    experiments.ARMS: ("variant", "analysed_unit_count", "allocation_rate"),
    experiments.RESULTS: (*EFFECT, "adjusted_p_value", *(f"cuped_{name}" for name in EFFECT)),
    experiments.VERDICTS: ("verdict", "verdict_sentence", *EFFECT),
    timeline.TIMELINE: (
        *("look_date", "effect", "effect_lower", "effect_upper"),
        *("always_valid_lower", "always_valid_upper"),
    ),
}
"""The columns of the marts that the cards draw."""


def card(
    served: Served,
    experiment: Experiment,
    mart: str,
    words: str,
    of: str = "",
    *,
    are_analysed: bool = True,
    **values: str,
) -> RowsDrill:
    """What a card of an experiment opens: its rows of a mart, those `of` SQL, and the units behind them.

    They are the units that are analysed, or all; those of an `arm` and of the control, where it is a value.
    """
    its_id = {"experiment": experiment.id}
    where = " and ".join(filter(None, (OF_IT, of)))
    rows = [Rows(f"marts.{mart}", where, its_id | values, ORDERS[mart], words)]
    if served.has(experiments.ASSIGNMENTS):
        analysed = "not is_excluded" if are_analysed else ""
        compared = "(is_control or variant = $arm)" if "arm" in values else ""
        where = " and ".join(filter(None, (OF_IT, analysed, compared)))
        arm = {name: value for name, value in values.items() if name == "arm"}
        words = (
            f"of {experiment.units} {'that are analysed' if are_analysed else 'in its arms, left out or not'}"
        )
        rows.append(Rows(f"marts.{experiments.ASSIGNMENTS}", where, its_id | arm, "assignment_date", words))
    scope = f"{experiment.name}, {experiment.days.words}."
    return RowsDrill(served, meaning(rows[0]), scope, tuple(rows), (experiment.id, *values.values()))


def listing(served: Served, known: Sequence[Experiment]) -> RowsDrill:
    """What the list of experiments opens."""
    ids = {"listed": [experiment.id for experiment in known]}
    rows = Rows(f"marts.{experiments.VERDICTS}", LISTED, ids, ORDERS[experiments.VERDICTS])
    scope = f"{formats.counted(len(known), 'experiment')} up to {formats.day_words(served.data.end)}."
    return RowsDrill(served, meaning(rows), scope, (rows,), ("listed",))


def plan(served: Served, asked: Plan) -> RowsDrill:
    """What the planner opens: the result that its baseline is of, and the units behind it."""
    row = asked.baseline.row
    opened = card(
        served,
        asked.baseline.experiment,
        experiments.RESULTS,
        f"of {row['metric_label']} and everyone, the baseline",
        f"{OF_BOTH} and segment_name = $segment",
        metric=row["metric"],
        arm=row["variant"],
        segment=experiments.EVERYONE,
    )
    meant = replace(
        opened.meaning,
        columns=planner.READ,
        sql=sql(opened.rows[0], planner.READ),
        formula=planner.formula(asked),
        note=planner.FORMULA_NOTE,
    )
    return replace(opened, meaning=meant)


def meaning(rows: Rows) -> Meaning:
    """What a card of rows draws."""
    columns = DRAWN[rows.name]
    return Meaning(rows.name, columns, sql(rows, columns))


def sql(rows: Rows, columns: Sequence[str]) -> str:
    """SQL of some columns of rows."""
    return f"select {', '.join(columns)}\nfrom {rows.mart}\nwhere {rows.where}\norder by {rows.order}"
