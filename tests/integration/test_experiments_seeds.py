"""A dozen other companies, built by the benchmark of seeds: their experiments come out as they truly are.

`python -m benchmarks.experiment_seeds` does it with two hundred.
"""

import pytest

from benchmarks.calibration import table
from benchmarks.experiment_seeds import (
    BROKEN,
    FIRST_SEED,
    NOTHING,
    WIN,
    Outcome,
    compiled,
    judged,
    outcomes,
)

COMPANIES = 12


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    sql, power = compiled(tmp_path_factory.mktemp("compiled"))
    seeds = range(FIRST_SEED, FIRST_SEED + COMPANIES)
    return [outcome for seed in seeds for outcome in outcomes(seed, sql, power)]


def test_all_rates_lie_within_their_bounds(found: list[Outcome]) -> None:
    lines = judged(found)
    print(table(lines))
    assert [line.what for line in lines if not line.is_met] == []


def test_no_broken_experiment_is_read(found: list[Outcome]) -> None:
    assert {outcome.verdict for outcome in found if outcome.experiment == BROKEN} == {"do not read"}


def test_no_sound_experiment_gets_the_opposite_verdict(found: list[Outcome]) -> None:
    """A true win may be missed, nothing may look like something; neither is turned round or called broken."""
    assert {outcome.verdict for outcome in found if outcome.experiment == WIN} <= {"ship", "no effect"}
    assert {outcome.verdict for outcome in found if outcome.experiment == NOTHING} <= {
        "no effect",
        "ship",
        "do not ship",
    }


def test_companies_differ(found: list[Outcome]) -> None:
    assert len({outcome.power for outcome in found if outcome.experiment == WIN}) == COMPANIES
