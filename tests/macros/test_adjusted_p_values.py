"""p-values adjusted for how many are read together, against published figures and statsmodels."""

import gc
from collections.abc import Sequence

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from tests.macros.macro_runner import Macros, Values, call, tolerance
from tests.macros.vectors import vector

TEMPLATES = {
    "one_family": call("adjusted_p_values", "tests", "p", "", "id"),
    "families": call("adjusted_p_values", "tests", "p", "family", "id"),
}
COLUMNS = {"bonferroni": "p_bonferroni", "holm": "p_holm", "fdr_bh": "p_benjamini_hochberg"}


def adjusted(macros: Macros, p_values: Values) -> dict[str, list[object]]:
    """The adjusted values of one family under statsmodels' names, in the order given."""
    tests = {"id": np.arange(len(p_values)), "p": p_values}
    rows = sorted(macros.rows("one_family", tests=tests), key=lambda row: int(str(row["id"])))
    return {name: [row[column] for row in rows] for name, column in COLUMNS.items()}


@pytest.mark.parametrize("name", ["bh1995_thrombolysis", "gb_holm"])
@pytest.mark.parametrize("order", [1, -1])
def test_adjusted_values_are_as_published(macros: Macros, name: str, order: int) -> None:
    published = vector(name, "statistics")
    found = adjusted(macros, published["inputs"]["p"][::order])
    compared = [method for method in COLUMNS if method in published["expected"]]
    assert len(compared) >= 2
    for method in compared:
        expected = published["expected"][method]
        assert found[method][::order] == pytest.approx(expected, **tolerance(published)), method
        rejected = sum(float(str(value)) <= 0.05 for value in found[method])
        assert rejected == published["expected"].get(f"{method}_n_reject_05", rejected)


def test_adjusted_values_are_statsmodels(macros: Macros, monkeypatch: pytest.MonkeyPatch) -> None:
    """Families of 1 to 40 values of all sizes, many of them tied, some not known."""
    # statsmodels collects garbage at every call of Holm's method, which takes longer than all else.
    monkeypatch.setattr(gc, "collect", lambda: 0)
    generator = np.random.default_rng(1)
    tests: dict[str, list[object]] = {"family": [], "id": [], "p": []}
    expected: dict[int, tuple[float, ...]] = {}
    for family in range(800):
        size = int(generator.integers(1, 41))
        p_values = 10 ** -generator.uniform(0, generator.choice([1, 8, 100]), size)
        p_values = np.where(
            generator.random(size) < 0.4, generator.choice([0.0, 1.0, 0.01, 0.02], size), p_values
        )
        known = generator.random(size) < 0.9
        results = np.full((3, size), np.nan)
        if known.any():
            results[:, known] = [multipletests(p_values[known], method=method)[1] for method in COLUMNS]
        for place in range(size):
            expected[len(expected)] = tuple(results[:, place])
            tests["id"].append(len(expected) - 1)
            tests["family"].append(f"family {family}")
            tests["p"].append(float(p_values[place]) if known[place] else None)
    rows = macros.rows("families", tests=tests)
    assert len(rows) == len(expected) > 10_000
    found = np.array([[row[column] for column in COLUMNS.values()] for row in rows], float)
    wanted = np.array([expected[int(float(str(row["id"])))] for row in rows])
    assert np.allclose(found, wanted, rtol=1e-13, atol=0, equal_nan=True)


@pytest.mark.parametrize("odd", [None, np.nan, 1.5, -0.1])
def test_what_is_no_p_value_is_not_counted(macros: Macros, odd: float | None) -> None:
    found = adjusted(macros, [0.01, odd, 0.02])
    assert found == {
        "bonferroni": [0.02, None, 0.04],
        "holm": [0.02, None, 0.02],
        "fdr_bh": [0.02, None, 0.02],
    }


@pytest.mark.parametrize("p_values", [[], [None], [None, None]])
def test_families_without_a_value_have_none(macros: Macros, p_values: Sequence[None]) -> None:
    assert adjusted(macros, p_values) == {name: list(p_values) for name in COLUMNS}


def test_ties_are_adjusted_alike(macros: Macros) -> None:
    found = adjusted(macros, [0.02, 0.01, 0.02, 0.02])
    assert found["holm"] == [0.06, 0.04, 0.06, 0.06]
    assert found["fdr_bh"] == [0.02, 0.02, 0.02, 0.02]


def test_the_rows_keep_their_columns(macros: Macros) -> None:
    (row,) = macros.rows("families", tests={"family": ["a"], "id": [1], "p": [0.5], "metric": ["orders"]})
    assert list(row) == ["family", "id", "p", "metric", *COLUMNS.values()]
