"""Experiment marts made by hand, for states that the sample company does not have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from dashboard.metrics import MARTS, Served
from dashboard.periods import Period

Row = dict[str, Any]
DEVICES = {"device": ("desktop", "mobile"), "visitor_type": ("new", "returning")}
METRICS: dict[str, Row] = {
    "conversion": {"label": "Conversion", "kind": "proportion", "unit": "share", "mean": 0.174, "sd": 0.379},
    "orders": {"label": "Orders per visitor", "kind": "mean", "unit": "number", "mean": 0.21, "sd": 0.52},
    "net_sales": {"label": "Net sales per visitor", "kind": "mean", "unit": "usd", "mean": 24.1, "sd": 88.0},
    "refund_rate": {
        "label": "Refund rate",
        "kind": "ratio",
        "unit": "share",
        "mean": 0.06,
        "sd": 0.9,
        "better": -1,
    },
}

EXPERIMENT_MARTS = [mart for mart in MARTS if "experiment" in mart]


@dataclass(frozen=True)
class Made:
    """An experiment: its arms with units, and each metric's true-looking relative effect."""

    experiment_id: str
    name: str
    verdict: str
    sentence: str
    arms: Mapping[str, int]
    effects: Mapping[str, float]
    statuses: Mapping[str, str] = field(default_factory=dict)
    first: date = date(2025, 9, 1)
    days: int = 40
    is_running: bool = False
    has_cuped: bool = True
    untestable_reason: str | None = None
    alpha: float = 0.05
    power: float = 0.8


WIN = Made(
    "X01",
    "Delivery date on the product page",
    "ship",
    "Conversion rises by 36.8%, at least by 17.1%.",
    {"control": 1228, "treatment": 1260},
    {"conversion": 0.368, "orders": 0.31, "net_sales": 0.27, "refund_rate": -0.9},
)
BROKEN = Made(
    "X03",
    "Larger pictures",
    "do not read",
    "Do not read: the arms hold 46.1% and 53.9% of the units instead of half each.",
    {"control": 1700, "treatment": 1990},
    {"conversion": -0.11, "orders": -0.05, "net_sales": 0.02, "refund_rate": 0.4},
    {"sample_ratio": "fail", "leakage": "fail", "early_assignment": "warn", "novelty": "unknown"},
    first=date(2026, 2, 2),
)
RUNNING = Made(
    "X04",
    "Two new <b>checkouts</b> & a survey",
    "keep running",
    "Too few units to tell an effect of 10%: 61 a day, 4,200 are needed.",
    {"control": 210, "one page": 204, "express": 199},
    {"conversion": 0.02, "orders": -0.03, "net_sales": 0.1, "refund_rate": 0.0},
    {"enough_data": "warn", "pre_period_difference": "unknown"},
    first=date(2026, 6, 20),
    days=10,
    is_running=True,
    has_cuped=False,
)
SILENT = Made(
    "X05",
    "Nobody came",
    "keep running",
    "No unit has been assigned yet.",
    {"control": 0, "treatment": 0},
    {"conversion": 0.0},
    {"sample_ratio": "unknown", "enough_data": "fail"},
    days=3,
    has_cuped=False,
    untestable_reason="fewer than two units in an arm",
)
ALL = (WIN, BROKEN, RUNNING, SILENT)


def results(made: Made) -> Iterator[Row]:
    """The rows of fct_experiment_results."""
    (_, controls), *treatments = made.arms.items()
    segments = [("all", "all", 1.0)] + [
        (name, value, 0.5) for name, values in DEVICES.items() for value in values
    ]
    for place, (metric, relative) in enumerate(made.effects.items()):
        for variant, units in treatments:
            for segment, value, share in segments:
                yield result(made, metric, variant, segment, value, relative, controls, units, share, place)


def result(
    made: Made,
    metric: str,
    variant: str,
    segment: str,
    value: str,
    relative: float,
    controls: int,
    units: int,
    share: float,
    place: int,
) -> Row:
    about = METRICS[metric]
    control_units, treatment_units = round(controls * share), round(units * share)
    row: Row = {
        "experiment_id": made.experiment_id,
        "metric": metric,
        "metric_label": about["label"],
        "metric_kind": about["kind"],
        "metric_unit": about["unit"],
        "is_more_better": about.get("better", 1) == 1,
        "variant": variant,
        "segment_name": segment,
        "segment_value": value,
        "is_primary": place == 0,
        "is_exploratory": segment != "all",
        "control_unit_count": control_units,
        "treatment_unit_count": treatment_units,
        "untestable_reason": made.untestable_reason,
    }
    names = [
        *("control_mean", "treatment_mean", "effect", "effect_se", "effect_lower", "effect_upper"),
        *("p_value", "adjusted_p_value", "relative_effect", "relative_effect_lower", "relative_effect_upper"),
        *("cuped_effect", "cuped_effect_se", "cuped_effect_lower", "cuped_effect_upper", "cuped_p_value"),
        *("cuped_relative_effect", "cuped_relative_effect_lower", "cuped_relative_effect_upper"),
        *("cuped_variance_reduction_rate", "power_of_tenth", "detectable_relative_effect"),
    ]
    row |= dict.fromkeys(names)
    if made.untestable_reason:
        return row
    mean = about["mean"]
    error = about["sd"] * (1 / control_units + 1 / treatment_units) ** 0.5
    effect = mean * relative
    p_value = min(1.0, max(1e-12, 2.7 ** (-((effect / error) ** 2) / 2)))
    row |= {
        "control_mean": mean,
        "treatment_mean": mean + effect,
        "p_value": p_value,
        "adjusted_p_value": min(1.0, 4 * p_value),
        "power_of_tenth": 0.23,
        "detectable_relative_effect": 2.8 * error / mean,
    }
    row |= bounds("", effect, error, mean)
    if made.has_cuped:
        row |= bounds("cuped_", 0.97 * effect, 0.9 * error, mean)
        row |= {"cuped_p_value": p_value / 2, "cuped_variance_reduction_rate": 0.19}
    return row


def bounds(prefix: str, effect: float, error: float, mean: float) -> Row:
    """The columns of an effect and its interval."""
    return {
        f"{prefix}effect": effect,
        f"{prefix}effect_se": error,
        f"{prefix}effect_lower": effect - 1.96 * error,
        f"{prefix}effect_upper": effect + 1.96 * error,
        f"{prefix}relative_effect": effect / mean,
        f"{prefix}relative_effect_lower": (effect - 1.96 * error) / mean,
        f"{prefix}relative_effect_upper": (effect + 1.96 * error) / mean,
    }


def looks(made: Made) -> Iterator[Row]:
    """The rows of fct_experiment_timeline."""
    for row in results(made):
        if row["segment_name"] != "all" or row["effect"] is None:
            continue
        for day in range(made.days):
            error = row["effect_se"] * (made.days / (day + 1)) ** 0.5
            effect = row["effect"] + error * (0.8 if day % 4 else -0.4) / (1 + day / 6)
            yield {
                **{name: row[name] for name in ("experiment_id", "metric", "variant")},
                "look_date": made.first + timedelta(days=day),
                "control_unit_count": round(row["control_unit_count"] * (day + 1) / made.days),
                "treatment_unit_count": round(row["treatment_unit_count"] * (day + 1) / made.days),
                "effect": effect,
                "effect_se": error,
                "effect_lower": effect - 1.96 * error,
                "effect_upper": effect + 1.96 * error,
                "p_value": 0.04,
                "always_valid_lower": effect - 3.1 * error,
                "always_valid_upper": effect + 3.1 * error,
                "always_valid_p_value": 0.21,
                "relative_effect": effect / row["control_mean"],
            }


def others(made: Made) -> dict[str, list[Row]]:
    """The rows of the small marts."""
    start = datetime(made.first.year, made.first.month, made.first.day)
    end = start + timedelta(days=made.days, seconds=-1)
    share = 1 / len(made.arms)
    checks = (
        "sample_ratio",
        "leakage",
        "early_assignment",
        "pre_period_difference",
        "enough_data",
        "novelty",
    )
    return {
        "dim_experiments": [
            {
                "experiment_id": made.experiment_id,
                "experiment_name": made.name,
                "hypothesis": f"{made.name} makes more visitors buy",
                "owner": "Web team",
                "unit": "anonymous_id",
                "primary_metric": next(iter(made.effects)),
                "started_at": start,
                "ended_at": end,
                "measured_until_at": end,
                "observed_until_at": end,
                "day_count": made.days,
                "significance_level_rate": made.alpha,
                "wanted_power_rate": made.power,
                "is_running": made.is_running,
            }
        ],
        "fct_experiment_arms": [
            {
                "experiment_id": made.experiment_id,
                "variant": variant,
                "allocation_rate": share,
                "assigned_unit_count": units + 5 * place,
                "analysed_unit_count": units,
                "two_arm_unit_count": 3 * place,
                "crawler_unit_count": 2 * place,
                "early_unit_count": 0,
                "is_control": place == 0,
            }
            for place, (variant, units) in enumerate(made.arms.items())
        ],
        "fct_experiment_health": [
            {
                "experiment_id": made.experiment_id,
                "check_name": check,
                "status": made.statuses.get(check, "pass"),
                "observed": 0.5,
                "expected": 0.5,
                "p_value": 0.6,
                "explanation": f"What {check.replace('_', ' ')} found, in words.",
                "check_number": place,
            }
            for place, check in enumerate(checks, start=1)
        ],
        "fct_experiment_verdicts": [
            {
                "experiment_id": made.experiment_id,
                "metric": next(iter(made.effects)),
                "variant": [*made.arms][-1],
                "verdict": made.verdict,
                "verdict_sentence": made.sentence,
            }
        ],
        "fct_experiment_results": [*results(made)],
        "fct_experiment_timeline": [*looks(made)],
    }


def literal(value: object) -> str:
    """The value as SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"timestamp '{value}'"
    if isinstance(value, date):
        return f"date '{value}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"{value:.17e}" if isinstance(value, float) else str(value)


def experiment_marts(experiments: Sequence[Made] = ALL) -> str:
    """The SQL that puts these experiments in the place of a version's own."""
    statements = []
    tables = [others(made) for made in experiments]
    for name in others(WIN):
        # A full row comes first, so that each column gets its type.
        template = others(WIN)[name][0]
        rows = [template, *(row for made in tables for row in made[name])]
        values = ", ".join(f"({', '.join(literal(row[key]) for key in template)})" for row in rows)
        made = (
            f"select *, row_number() over () as place from (values {values}) as made ({', '.join(template)})"
        )
        statements.append(
            f"create or replace table marts.{name} as select * exclude (place) from ({made}) where place > 1"
        )
    return ";".join(statements)


def served_with(*experiments: Made) -> Served:
    """A version in memory that has these experiments and nothing else."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(experiment_marts(experiments))
        tables = {
            mart: connection.sql(f"select * from marts.{mart} order by all").to_arrow_table()
            for mart in others(WIN)
        }

    def unasked(*question: object) -> Any:
        raise AssertionError(f"there are only the experiments' marts to answer {question}")

    day = date(2026, 6, 30)
    return Served(
        name="made",
        published_at=datetime(2026, 7, 1),
        data=Period(day, day),
        metrics={},
        marts=frozenset(tables),
        run=unasked,
        summarize=unasked,
        sql=unasked,
        group_bys=unasked,
        behind=unasked,
        parts=unasked,
        compile_ahead=lambda: False,
        rows=tables.__getitem__,
        read=unasked,
    )
