"""Experiments against what the generator knows, and against scipy: units, buyers, faults, effects, verdicts.

`pytest -rP tests/integration/test_experiments_truth.py` shows the figures. The assertions stand near what was
measured.
"""

import math
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy import stats

WIN, NOTHING, BROKEN = "X01", "X02", "X03"


def one(warehouse: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """The only row of a query, by its columns' names."""
    cursor = warehouse.execute(query)
    names = [column[0] for column in cursor.description]
    [row] = cursor.fetchall()
    return dict(zip(names, row, strict=True))


def arms(warehouse: duckdb.DuckDBPyConnection, experiment: str) -> dict[str, dict[str, Any]]:
    """The arms of an experiment by their names."""
    return {
        variant: one(
            warehouse,
            f"from marts.fct_experiment_arms where experiment_id = '{experiment}' and variant = '{variant}'",
        )
        for variant in ("control", "treatment")
    }


def result(warehouse: duckdb.DuckDBPyConnection, experiment: str, metric: str) -> dict[str, Any]:
    """The comparison of an experiment's two arms on a metric, all units together."""
    return one(
        warehouse,
        f"from marts.fct_experiment_results where experiment_id = '{experiment}' and metric = '{metric}' "
        "and segment_name = 'all'",
    )


def checks(warehouse: duckdb.DuckDBPyConnection, experiment: str) -> dict[str, str]:
    """The status of each check of an experiment's health."""
    query = f"select check_name, status from marts.fct_experiment_health where experiment_id = '{experiment}'"
    return dict(warehouse.execute(query).fetchall())


def verdict(warehouse: duckdb.DuckDBPyConnection, experiment: str) -> dict[str, Any]:
    """The verdict on an experiment; prints its sentence."""
    found = one(warehouse, f"from marts.fct_experiment_verdicts where experiment_id = '{experiment}'")
    print(f"{experiment}  {found['verdict_sentence']}")
    return found


def test_what_was_done_with_every_assignment(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]
) -> None:
    """As the key counts, but for the early ones, which it leaves to the models, and which are rejected."""
    counted = key["rows"]["experiments.assignments"]
    early = key["experiments"][BROKEN]["true_counts"]["units_assigned_early"]
    reasons = """
        select rejection_reason, count(*) from marts.fct_rejected_records
        where source_system = 'experiments' and source_table = 'assignments' group by all
    """
    rejected = dict(warehouse.execute(reasons).fetchall())
    exposures = one(warehouse, "select sum(exposure_count) as kept from marts.fct_experiment_assignments")
    copies = one(
        warehouse,
        "select count(*) as copies from staging.base_experiments__assignments "
        "where record_status = 'duplicate'",
    )
    print(f"assignments kept {exposures['kept']}, copies {copies['copies']}, rejected {rejected}")
    assert rejected == counted["rejected_by_reason"] | {"assignment_before_start": early}
    assert copies["copies"] == counted["duplicate"]
    assert exposures["kept"] == counted["accepted"] - early


@pytest.mark.parametrize("experiment", [WIN, NOTHING, BROKEN])
def test_every_unit_is_in_its_arm(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any], experiment: str
) -> None:
    true = key["experiments"][experiment]["true_counts"]
    found = arms(warehouse, experiment)
    for variant, arm in found.items():
        print(
            f"{experiment} {variant:9}  assigned {arm['assigned_unit_count']:5}"
            f"  true {true[f'{variant}_units']:5}  in two arms {arm['two_arm_unit_count']:3}"
            f"  early {arm['early_unit_count']:3}"
        )
        assert arm["assigned_unit_count"] == true[f"{variant}_units"]
        assert arm["crawler_unit_count"] == 0
    both = sum(arm["two_arm_unit_count"] for arm in found.values())
    assert both == true.get("units_in_both_arms", 0)
    assert sum(arm["early_unit_count"] for arm in found.values()) == true.get("units_assigned_early", 0)


@pytest.mark.parametrize("experiment", [WIN, BROKEN])
def test_every_buyer_is_seen(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any], experiment: str
) -> None:
    """Who bought, cancelled orders included, is as true; conversion counts those whose order is a sale."""
    true = key["experiments"][experiment]["true_counts"]
    bought = dict(
        warehouse.execute(
            f"""
            select assigned.variant, count(distinct assigned.unit_id)
            from marts.fct_experiment_assignments as assigned
            inner join marts.dim_experiments as experiments using (experiment_id)
            inner join marts.fct_sessions as sessions on assigned.unit_id = sessions.anonymous_id
            where
                assigned.experiment_id = '{experiment}'
                and sessions.has_reached_purchase
                and sessions.ended_at >= assigned.assigned_at
                and sessions.started_at <= experiments.ended_at
            group by all
            """
        ).fetchall()
    )
    converted = dict(
        warehouse.execute(
            f"""
            select variant, sum(numerator)::integer from intermediate.int_unit_values_measured
            where experiment_id = '{experiment}' and metric = 'conversion' group by all
            """
        ).fetchall()
    )
    for variant in ("control", "treatment"):
        buyers = true[f"{variant}_buyers"]
        print(
            f"{experiment} {variant:9}  bought {bought[variant]:4}  true {buyers:4}"
            f"  converted {converted[variant]:4}"
        )
        assert bought[variant] == buyers
        assert 0.9 * buyers <= converted[variant] <= buyers


def test_the_win_is_shipped(warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]) -> None:
    found = verdict(warehouse, WIN)
    assert found["verdict"] == "ship"
    assert found["verdict_sentence"].startswith("Ship: treatment raises conversion by 32.3%, from 16.9% to")
    true = key["experiments"][WIN]["effect"] - 1
    assert found["relative_effect_lower"] < true < found["relative_effect_upper"]
    assert found["relative_effect"] == pytest.approx(0.323, abs=0.001)
    assert found["decisive_p_value"] == pytest.approx(5.90e-4, rel=0.01)
    assert found["failed_check_count"] == 0


def test_nothing_comes_of_the_letter(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = verdict(warehouse, NOTHING)
    assert found["verdict"] == "no effect"
    assert found["verdict_sentence"].startswith(
        "No effect larger than 39.7%: with treatment, orders per unit"
    )
    assert found["relative_effect_lower"] < 0 < found["relative_effect_upper"]
    assert found["decisive_p_value"] == pytest.approx(0.614, abs=0.001)
    assert found["failed_check_count"] == 0


def test_the_broken_one_is_not_read(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = verdict(warehouse, BROKEN)
    assert found["verdict"] == "do not read"
    assert found["verdict_sentence"].startswith(
        "Do not read: traffic is off by 5.6 percentage points: control has"
    )
    statuses = checks(warehouse, BROKEN)
    assert statuses["sample_ratio"] == statuses["leakage"] == "fail"
    assert statuses["early_assignment"] == "warn"


@pytest.mark.parametrize("experiment", [WIN, NOTHING])
def test_sound_experiments_pass_the_checks_of_their_faults(
    warehouse: duckdb.DuckDBPyConnection, experiment: str
) -> None:
    statuses = checks(warehouse, experiment)
    print(experiment, statuses)
    assert len(statuses) == 6
    for name in ("sample_ratio", "leakage", "early_assignment", "pre_period_difference", "novelty"):
        assert statuses[name] == "pass"


def units(
    warehouse: duckdb.DuckDBPyConnection, experiment: str, metric: str, variant: str
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """What the units of an arm did: numerator and denominator after (`y`, `d`) and before (`x`, `e`)."""
    query = f"""
        select
            numerator as y, denominator as d, covariate_numerator as x, covariate_denominator as e
        from intermediate.int_unit_values_measured
        where experiment_id = '{experiment}' and metric = '{metric}' and variant = '{variant}'
    """
    columns = warehouse.execute(query).fetchnumpy()
    return {name: np.asarray(values, dtype=np.float64) for name, values in columns.items()}


@pytest.mark.parametrize("experiment", [WIN, NOTHING, BROKEN])
@pytest.mark.parametrize("metric", ["conversion", "orders", "net_sales"])
def test_means_are_tested_as_scipy_does(
    warehouse: duckdb.DuckDBPyConnection, experiment: str, metric: str
) -> None:
    control, treatment = (units(warehouse, experiment, metric, arm) for arm in ("control", "treatment"))
    welch = stats.ttest_ind(treatment["y"], control["y"], equal_var=False)
    interval = welch.confidence_interval()
    found = result(warehouse, experiment, metric)
    assert found["effect"] == pytest.approx(treatment["y"].mean() - control["y"].mean(), rel=1e-9)
    assert found["p_value"] == pytest.approx(welch.pvalue, rel=1e-8)
    assert (found["effect_lower"], found["effect_upper"]) == pytest.approx(
        (interval.low, interval.high), rel=1e-7
    )

    slope = np.polyfit(
        np.concatenate([arm["x"] - arm["x"].mean() for arm in (control, treatment)]),
        np.concatenate([arm["y"] - arm["y"].mean() for arm in (control, treatment)]),
        1,
    )[0]
    adjusted = stats.ttest_ind(
        treatment["y"] - slope * treatment["x"], control["y"] - slope * control["x"], equal_var=False
    )
    print(
        f"{experiment} {metric:11} p {found['p_value']:.3g}, with CUPED {found['cuped_p_value']:.3g}, "
        f"variance less by {found['cuped_variance_reduction_rate']:.1%}"
    )
    assert found["cuped_p_value"] == pytest.approx(adjusted.pvalue, rel=1e-7)
    assert found["cuped_variance_reduction_rate"] > 0


@pytest.mark.parametrize("metric", ["average_order_value", "refund_rate"])
def test_a_ratio_varies_as_resampled_units_do(warehouse: duckdb.DuckDBPyConnection, metric: str) -> None:
    """The delta method's standard error against the bootstrap's, to what 2,000 resamplings can tell."""
    rng = np.random.default_rng(4)
    spread = 0.0
    for variant in ("control", "treatment"):
        arm = units(warehouse, WIN, metric, variant)
        drawn = rng.integers(0, len(arm["y"]), (2_000, len(arm["y"])))
        spread += float((arm["y"][drawn].sum(axis=1) / arm["d"][drawn].sum(axis=1)).var(ddof=1))
    found = result(warehouse, WIN, metric)
    print(f"{metric:20} delta method {found['effect_se']:.4f}, bootstrap {math.sqrt(spread):.4f}")
    assert found["effect_se"] == pytest.approx(math.sqrt(spread), rel=0.08)


def test_the_adjusted_p_values_are_holms(warehouse: duckdb.DuckDBPyConnection) -> None:
    for experiment in (WIN, NOTHING, BROKEN):
        pairs = warehouse.execute(
            "select p_value, adjusted_p_value from marts.fct_experiment_results "
            f"where experiment_id = '{experiment}' and segment_name = 'all' order by p_value"
        ).fetchall()
        highest = 0.0
        for place, (p, adjusted) in enumerate(pairs):
            highest = max(highest, min(1.0, p * (len(pairs) - place)))
            assert adjusted == pytest.approx(highest, rel=1e-12)


def test_looking_every_day_is_dearer_than_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The always-valid interval holds the fixed one, its p-value never rises, and the win is seen in time."""
    looks = warehouse.execute(
        """
        select experiment_id, metric, look_date, always_valid_p_value,
            always_valid_lower <= effect_lower and always_valid_upper >= effect_upper,
            lag(always_valid_p_value) over (partition by experiment_id, metric, variant order by look_date)
        from marts.fct_experiment_timeline where p_value is not null order by look_date
        """
    ).fetchall()
    assert len(looks) > 1_500
    assert all(wider for *_, wider, _ in looks)
    assert all(earlier is None or p <= earlier for *_, p, _, earlier in looks)
    seen = [day for name, metric, day, p, *_ in looks if (name, metric) == (WIN, "conversion") and p < 0.05]
    print(f"the win is significant at every look from {min(seen)} on, {len(seen)} days before the end")
    assert not [1 for name, _, _, p, *_ in looks if name == NOTHING and p < 0.05]
