"""The statistics keep what they promise: `benchmarks.calibration`, smaller, and the page that tells of it.

`pytest -rP tests/macros/test_calibration.py` shows the table.
"""

from pathlib import Path

import pytest

from benchmarks.calibration import Line, as_often_as, at_most, measure, quantile, rendered, table
from benchmarks.experiment_seeds import BROKEN, NOTHING, WIN, Outcome, judged
from tests.commands import ROOT

EXPERIMENTS = 300
PAGE = ROOT / "models" / "marts" / "experiments" / "calibration.md"


@pytest.fixture(scope="module")
def lines(jinja_home: Path) -> list[Line]:
    return measure(rendered(jinja_home), EXPERIMENTS)


def test_every_promise_is_kept(lines: list[Line]) -> None:
    print(table(lines))
    assert [line.what for line in lines if not line.is_met] == []


def test_looking_every_day_is_told_apart(lines: list[Line]) -> None:
    """The fixed horizon is wrong far more often than the always-valid p-value, on the same experiments."""
    rates = {line.what.rsplit(": ", 1)[-1]: line.measured for line in lines}
    assert rates["fixed horizon"] > 3 * rates["always-valid p-value below 0.05"]


def test_the_page_has_the_lines_of_both_benchmarks_and_all_are_met(lines: list[Line]) -> None:
    first, second = (
        [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| ")]
        for text in PAGE.read_text(encoding="utf-8").split("| what |")[1:]
    )
    company = [
        Outcome(1, experiment, "ship", frozenset(), True, True, 0.9) for experiment in (WIN, NOTHING, BROKEN)
    ]
    assert [row[0] for row in first] == [line.what for line in lines]
    assert [row[0] for row in second] == [line.what for line in judged(company)]
    for what, measured, _, bound, verdict in (*first, *second):
        lower, upper = map(float, bound.split(" to "))
        assert (lower <= float(measured) <= upper, verdict) == (True, "met"), what


def test_bounds_are_those_of_the_binomial_distribution() -> None:
    """By scipy's binom.ppf."""
    assert [quantile(p, 2_000, 0.05) for p in (0.0005, 0.9995)] == [69, 133]
    assert [quantile(p, 2_000, 0.001) for p in (0.0005, 0.9995)] == [0, 8]


@pytest.mark.parametrize("measured", [0.03, 0.07])
def test_a_rate_outside_its_bound_is_missed(measured: float) -> None:
    line = as_often_as("too rare or too frequent", measured, 2_000, 0.05)
    assert not line.is_met
    assert "MISSED" in table([line])


def test_a_rate_that_may_be_smaller_is_met() -> None:
    assert at_most("rare", 0.0, 2_000, 0.05).is_met
    assert not at_most("frequent", 0.07, 2_000, 0.05).is_met
