"""The planner: its sizes equal the macros', and its answer is what they say."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dashboard.components import experiment_cards
from dashboard.queries import experiments, planner
from dashboard.queries.experiments import Experiment
from dashboard.queries.planner import Baseline, Plan
from tests.commands import render
from tests.dashboard.experiment_marts import BROKEN, METRICS, RUNNING, SILENT, WIN, Made, served_with
from tests.macros.macro_runner import call

GRID = """
    from (select unnest([0.001, 0.02, 0.2, 0.5, 0.9]::double[]) as share),
        (select unnest([-0.3, -0.0005, 0.0001, 0.05, 0.2, 0.6]::double[]) as effect),
        (select unnest([0.01, 0.05, 0.1]::double[]) as alpha),
        (select unnest([0.8, 0.9, 0.95]::double[]) as power)
"""
SIZES: dict[str, Callable[[float, float, float, float], float | None]] = {
    "sample_size_of_proportions": planner.size_for_proportions,
    "sample_size_of_means": planner.size_for_means,
}


def read(*made: Made) -> list[Experiment]:
    """Experiments made by hand, as the page reads them."""
    return [*experiments.read(served_with(*made)).values()]


@pytest.fixture
def plan() -> Plan:
    """The plan that the page opens with, of conversion."""
    baseline = planner.baselines(read(WIN))["Conversion"]
    return Plan(baseline, baseline.mean, 0.1, baseline.daily)


def test_the_published_size_of_proportions() -> None:
    assert planner.size_for_proportions(0.2, 0.05, 0.05, 0.8) == pytest.approx(1030.2192831104596, rel=1e-9)


@pytest.fixture(scope="module")
def rendered(jinja_home: Path) -> dict[str, str]:
    """The SQL of the macros that the planner equals."""
    return render({name: call(name, "share", "effect", "alpha", "power") for name in SIZES}, jinja_home)


@pytest.mark.parametrize("macro", SIZES)
def test_sizes_equal_the_macros(rendered: dict[str, str], macro: str) -> None:
    size, asking = SIZES[macro], f"select share, effect, alpha, power, {rendered[macro]} as size {GRID}"
    rows = duckdb.connect().execute(asking).fetchall()
    assert len(rows) == 270
    for *asked, expected in rows:
        found = size(*asked)
        assert (found is None) == (expected is None), asked
        if found is not None:
            assert found == pytest.approx(expected, rel=1e-9), asked


@pytest.mark.parametrize("impossible", [(0.0, 0.1), (1.0, 0.1), (0.9, 0.2), (0.1, -0.2), (0.2, 0.0)])
def test_what_cannot_be_has_no_size(impossible: tuple[float, float]) -> None:
    assert planner.size_for_proportions(*impossible, 0.05, 0.8) is None


def test_means_without_effect_or_deviation_have_no_size() -> None:
    assert planner.size_for_means(1.0, 0.0, 0.05, 0.8) is None
    assert planner.size_for_means(0.0, 1.0, 0.05, 0.8) is None


def test_baselines_come_from_the_data() -> None:
    found = planner.baselines(read(WIN, BROKEN, RUNNING, SILENT))
    assert found.keys() == {about["label"] for about in METRICS.values()}
    baseline = found["Net sales per visitor"]
    assert baseline.experiment.id == "X01", "the running and the broken one come after it"
    assert baseline.mean == METRICS["net_sales"]["mean"]
    assert baseline.deviation == pytest.approx(METRICS["net_sales"]["sd"], rel=1e-12)
    assert baseline.daily == (1228 + 1260) / 40
    assert baseline.cuped == 0.19


def test_without_anything_measured_there_is_no_baseline() -> None:
    assert planner.baselines(read(SILENT)) == {}
    assert planner.baselines([]) == {}


def test_units_and_days(plan: Plan) -> None:
    size = planner.size_for_proportions(0.174, 0.0174, 0.05, 0.8)
    assert size is not None
    assert plan.units == math.ceil(size)
    assert plan.days == math.ceil(2 * math.ceil(size) / 62.2)
    assert plan.cuped_units == math.ceil(math.ceil(size) * 0.81)
    assert plan.cuped_units is not None
    assert plan.cuped_days == math.ceil(2 * plan.cuped_units / 62.2)
    assert f"in each arm, {plan.cuped_days:,} days: it took away 19%" in experiment_cards.answer(plan)
    words = planner.plan_words(plan)
    assert "Conversion from 17.4% to 19.1% (+10.0%)" in words
    assert f"each of two arms needs {plan.units:,} visitors: {plan.days:,} days at 62 new ones a day" in words


def test_more_power_a_stricter_level_or_a_smaller_effect_need_more(plan: Plan) -> None:
    assert plan.units is not None
    for harder in (replace(plan, power=0.9), replace(plan, alpha=0.01), replace(plan, effect=0.05)):
        assert harder.units is not None
        assert harder.units > plan.units


def test_an_impossible_effect_is_said_in_words(plan: Plan) -> None:
    impossible = replace(plan, effect=9.0)
    assert (impossible.units, impossible.days) == (None, None)
    assert (impossible.cuped_units, impossible.cuped_days) == (None, None)
    assert "can be no change of" in planner.plan_words(impossible)
    assert planner.advice(impossible) == ""


def test_less_is_better_where_the_metric_says_so() -> None:
    baseline = planner.baselines(read(WIN))["Refund rate"]
    plan = Plan(baseline, baseline.mean, 0.1, baseline.daily)
    assert "from 6.00% to 5.40% (\u221210.0%)" in planner.plan_words(plan)


def test_without_cuped_its_days_are_not_said(plan: Plan) -> None:
    without = replace(plan, baseline=replace(plan.baseline, cuped=None))
    assert without.cuped_days is None
    assert "With CUPED" not in experiment_cards.answer(without)
    assert replace(plan, daily=0.0).cuped_days is None
    assert "in each arm: it took away" in experiment_cards.answer(replace(plan, daily=0.0))


def test_no_share_is_above_all(plan: Plan) -> None:
    baseline = planner.baselines(read(WIN))["Refund rate"]
    assert (plan.baseline.most, baseline.most) == (100, 100), "in per cent"
    assert planner.baselines(read(WIN))["Net sales per visitor"].most == planner.MOST_BASELINE
    for above in (replace(plan, mean=1.2), Plan(baseline, 1.2, 0.1, 10.0)):
        assert above.units is None
        assert len(planner.curve_table(above)) == 0


def test_a_deviation_grows_with_the_baseline() -> None:
    baseline = planner.baselines(read(WIN))["Net sales per visitor"]
    once = Plan(baseline, baseline.mean, 0.1, baseline.daily)
    twice = Plan(baseline, 2 * baseline.mean, 0.1, baseline.daily)
    assert once.units == twice.units


@pytest.mark.parametrize("effect", [0.02, 0.1, 0.5])
def test_the_curve_meets_the_plan(plan: Plan, effect: float) -> None:
    asked = replace(plan, effect=effect)
    assert asked.units is not None
    days = 2 * asked.units / asked.daily
    assert asked.effect_after(days) == pytest.approx(effect, rel=1e-3)
    numbers = planner.curve_table(asked).to_pylist()
    assert [row["days"] for row in numbers] == sorted(row["days"] for row in numbers)
    effects = [row["effect"] for row in numbers]
    assert effects == sorted(effects, reverse=True)
    chosen = [row for row in numbers if row["chosen"] is not None]
    is_drawn = asked.days is not None and asked.days <= planner.MOST_DAYS
    assert [(row["days"], row["chosen"]) for row in chosen] == ([(asked.days, effect)] if is_drawn else [])


@pytest.mark.parametrize("mean", [0.001, 0.1, 0.3, 0.7, 0.99])
def test_the_curve_of_a_share_ends_at_all(plan: Plan, mean: float) -> None:
    most = replace(plan, mean=mean).effect_after(10_000_000)
    assert most is not None
    few = replace(plan, mean=mean).effect_after(1)
    assert few is None or mean * (1 + few) <= 1


def test_a_day_without_anyone_finds_nothing(plan: Plan) -> None:
    assert replace(plan, daily=1e-3).effect_after(1) is None
    assert len(planner.curve_table(replace(plan, daily=1e-3))) == 0


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day"), (243, "243 days"), (3650, "3,650 days"), (36500, "100 years")]
)
def test_days_in_words(days: int, words: str) -> None:
    assert planner.days_words(days) == words


def test_advice_follows_the_length(plan: Plan) -> None:
    assert "whole weeks" in planner.advice(plan)
    assert planner.advice(replace(plan, daily=10.0)).startswith("More than a year")
    assert planner.advice(replace(plan, daily=1e6)).startswith("Less than a week")


def test_a_baseline_of_nothing_is_none() -> None:
    [experiment] = read(WIN)
    row = experiment.rows()[0]
    for without in ({"control_mean": 0.0}, {"effect_se": 0.0}, {"control_unit_count": 0}):
        assert planner.baseline_of(experiment, row | without) is None
    assert isinstance(planner.baseline_of(experiment, row), Baseline)
