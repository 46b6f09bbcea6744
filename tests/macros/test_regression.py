"""Linear regression and difference in differences, against NIST's certified values and statsmodels."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm

from tests.commands import run
from tests.macros.macro_runner import Floats, Macros, Values, call, tolerance
from tests.macros.vectors import vector

ERRORS = ("classic", "robust", "clustered")
NAMES = [f"r{number}" for number in range(8)]
COUNTS = (1, 2, 5, 8)
TEMPLATES = {
    f"{errors} {count}": call(
        "linear_regression", "points", "y", NAMES[:count], errors, "g" if errors == "clustered" else None
    )
    for errors in ERRORS
    for count in COUNTS
} | {
    "narrow": call("linear_regression", "points", "y", ["r0"], "classic", None, 0.5),
    **{
        f"differences {errors}": call(
            "difference_in_differences",
            "cells",
            "y",
            "is_treated",
            "is_after",
            errors,
            "g" if errors == "clustered" else None,
        )
        for errors in ERRORS
    },
}
FIGURES = {"estimate": "params", "standard_error": "bse", "t": "tvalues", "p_value": "pvalues"}


def fitted(macros: Macros, name: str, table: str = "points", /, **columns: Values) -> list[dict[str, Any]]:
    """The rows of a regression, in the order of its terms."""
    return sorted(macros.rows(name, **{table: columns}), key=lambda row: int(str(row["term_number"])))


def points(x: Floats, y: Floats) -> dict[str, Values]:
    return {"y": y, **{name: x[:, place] for place, name in zip(range(x.shape[1]), NAMES, strict=False)}}


@pytest.mark.parametrize("name", ["nist_norris"])
def test_a_line_is_as_certified(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    x, y = np.array(published["inputs"]["x"]), np.array(published["inputs"]["y"])
    intercept, slope = fitted(macros, "classic 1", r0=x, y=y)
    residuals = y - intercept["estimate"] - slope["estimate"] * x
    found = {
        "B0": intercept["estimate"],
        "B0_se": intercept["standard_error"],
        "B1": slope["estimate"],
        "B1_se": slope["standard_error"],
        "resid_sd": np.sqrt((residuals**2).sum() / slope["degrees_of_freedom"]),
        "r2": slope["r2"],
        "F": slope["t"] ** 2,
        "df": slope["degrees_of_freedom"],
    }
    assert found == pytest.approx(published["expected"], **tolerance(published))


def oracle(x: Floats, y: Floats, errors: str, clusters: npt.NDArray[np.int_]) -> Any:
    model = sm.OLS(y, sm.add_constant(x, has_constant="add"))
    if errors == "clustered":
        return model.fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    return model.fit(cov_type="HC1", use_t=True) if errors == "robust" else model.fit()


@pytest.mark.parametrize("errors", ERRORS)
@pytest.mark.parametrize("count", COUNTS)
def test_a_regression_is_statsmodels(macros: Macros, errors: str, count: int) -> None:
    """Correlated regressors of unlike sizes, far from 0; errors that grow and are shared in clusters."""
    generator = np.random.default_rng([count, len(errors)])
    for size in (30, 3000):
        clusters = generator.integers(0, 12, size)
        common = generator.normal(size=(size, 1))
        x = (common + generator.normal(size=(size, count))) * 10.0 ** (np.arange(count) % 3 - 1) + 5
        noise = generator.normal(size=size) * (1 + np.abs(common[:, 0])) + generator.normal(size=12)[clusters]
        y = 100 + (x / x.std(axis=0)).sum(axis=1) + noise
        expected = oracle(x, y, errors, clusters)
        rows = fitted(macros, f"{errors} {count}", **points(x, y), g=clusters)
        assert [row["term"] for row in rows] == ["(intercept)", *NAMES[:count]]
        for column, attribute in FIGURES.items():
            found = np.array([row[column] for row in rows])
            assert np.allclose(found, getattr(expected, attribute), rtol=1e-8, atol=1e-200), column
        bounds = np.array([[row["lower"], row["upper"]] for row in rows])
        assert np.allclose(bounds, expected.conf_int(), rtol=1e-8, atol=1e-9)
        assert {row["n"] for row in rows} == {size}
        degrees = {len(set(clusters)) - 1 if errors == "clustered" else size - count - 1}
        assert {row["degrees_of_freedom"] for row in rows} == degrees
        assert rows[0]["r2"] == pytest.approx(expected.rsquared, rel=1e-10)


def test_the_interval_has_its_level(macros: Macros) -> None:
    generator = np.random.default_rng(1)
    x, y = generator.normal(size=(20, 1)), generator.normal(size=20)
    rows = fitted(macros, "narrow", **points(x, y))
    expected = oracle(x, y, "classic", np.arange(20)).conf_int(0.5)
    assert np.allclose([[row["lower"], row["upper"]] for row in rows], expected, rtol=1e-9, atol=0)


def test_numbers_far_from_0_keep_their_digits(macros: Macros) -> None:
    """A spread of 0.1 around ten million, where sums of squares would have no digit left."""
    generator = np.random.default_rng(2)
    near = generator.integers(-8, 9, 500) / 64
    noise = generator.integers(-8, 9, 500) / 64
    _, slope = fitted(macros, "classic 1", r0=1e7 + near, y=1e7 + 2 * near + noise)
    expected = oracle(near[:, None], 2 * near + noise, "classic", near.astype(int))
    assert slope["estimate"] == pytest.approx(expected.params[1], rel=1e-9)
    assert slope["standard_error"] == pytest.approx(expected.bse[1], rel=1e-9)


def test_nearly_collinear_regressors_keep_their_digits(macros: Macros) -> None:
    generator = np.random.default_rng(3)
    first = generator.normal(size=400)
    x = np.stack([first, first + 1e-4 * generator.normal(size=400)], axis=1)
    y = x.sum(axis=1) + generator.normal(size=400)
    rows = fitted(macros, "classic 2", **points(x, y))
    expected = oracle(x, y, "classic", np.arange(400))
    assert [row["estimate"] for row in rows] == pytest.approx(list(expected.params), rel=1e-7)
    assert [row["standard_error"] for row in rows] == pytest.approx(list(expected.bse), rel=1e-7)


def unknown(row: dict[str, Any]) -> set[str]:
    return {name for name, value in row.items() if value is None}


INFERENCE = {"standard_error", "t", "p_value", "lower", "upper"}


@pytest.mark.parametrize("errors", ERRORS)
def test_collinear_regressors_have_no_coefficients(macros: Macros, errors: str) -> None:
    generator = np.random.default_rng(4)
    first = generator.normal(size=50)
    for second in (2 * first + 3, np.full(50, 0.1), np.zeros(50)):
        x = np.stack([first, second], axis=1)
        rows = fitted(macros, f"{errors} 2", **points(x, generator.normal(size=50)), g=np.arange(50) % 9)
        assert len(rows) == 3
        for row in rows:
            assert unknown(row) >= INFERENCE | {"estimate", "r2"}


@pytest.mark.parametrize("errors", ERRORS)
@pytest.mark.parametrize("size", [0, 1])
def test_too_few_rows_have_no_coefficients(macros: Macros, errors: str, size: int) -> None:
    values = np.arange(size, dtype=float)
    rows = fitted(macros, f"{errors} 1", r0=values, y=values, g=values)
    assert [row["term"] for row in rows] == ["(intercept)", "r0"]
    for row in rows:
        assert unknown(row) >= INFERENCE | {"estimate"}
        assert row["n"] == size


@pytest.mark.parametrize("errors", ["classic", "robust"])
def test_as_many_coefficients_as_rows_leave_nothing_to_judge_by(macros: Macros, errors: str) -> None:
    rows = fitted(macros, f"{errors} 1", r0=[1, 2], y=[3, 7])
    assert [row["estimate"] for row in rows] == pytest.approx([-1, 4])
    for row in rows:
        assert unknown(row) == INFERENCE | {"degrees_of_freedom"}


@pytest.mark.parametrize("errors", ERRORS)
@pytest.mark.parametrize("size", [5, 1000])
def test_an_exact_fit_has_no_error(macros: Macros, errors: str, size: int) -> None:
    x = np.random.default_rng(5).normal(size=size) + 7
    rows = fitted(macros, f"{errors} 1", r0=x, y=0.3 * x + 0.1, g=np.arange(size) % 3)
    assert [row["estimate"] for row in rows] == pytest.approx([0.1, 0.3])
    for row in rows:
        assert unknown(row) == INFERENCE


@pytest.mark.parametrize("errors", ERRORS)
def test_an_outcome_that_never_varies_has_no_error(macros: Macros, errors: str) -> None:
    x = np.arange(9.0)
    rows = fitted(macros, f"{errors} 1", r0=x, y=np.full(9, 0.1), g=np.arange(9) % 3)
    assert [row["estimate"] for row in rows] == pytest.approx([0.1, 0])
    for row in rows:
        assert unknown(row) == INFERENCE | {"r2"}


def test_one_cluster_has_no_errors(macros: Macros) -> None:
    generator = np.random.default_rng(6)
    x, y = generator.normal(size=(40, 2)), generator.normal(size=40)
    rows = fitted(macros, "clustered 2", **points(x, y), g=np.zeros(40, int))
    for row in rows:
        assert unknown(row) == INFERENCE | {"degrees_of_freedom"}


def test_clusters_that_the_coefficients_fit_exactly_have_no_errors(macros: Macros) -> None:
    """A regressor that tells two clusters apart leaves nothing between them but rounding."""
    generator = np.random.default_rng(7)
    clusters = np.arange(40) % 2
    y = clusters + generator.normal(size=40)
    for row in fitted(macros, "clustered 1", r0=clusters.astype(float), y=y, g=clusters):
        assert unknown(row) == INFERENCE


def test_rows_that_lack_a_value_are_left_out(macros: Macros) -> None:
    x: list[object] = [1.0, 2.0, 3.0, 4.0, None, 6.0, np.inf, 8.0, 9.0]
    y: list[object] = [1.0, 3.0, 2.0, 5.0, 7.0, None, 1.0, np.nan, 8.0]
    g: list[object] = ["a", "a", "b", "b", "b", "b", "b", "b", None]
    whole = {"r0": [1.0, 2.0, 3.0, 4.0, 9.0], "y": [1.0, 3.0, 2.0, 5.0, 8.0]}
    assert fitted(macros, "classic 1", r0=x, y=y) == fitted(macros, "classic 1", **whole)
    assert fitted(macros, "clustered 1", r0=x, y=y, g=g)[0]["n"] == 4


@pytest.mark.parametrize(
    "template",
    [
        "{{ linear_regression('t', 'y', ['x'], 'HC9') }}",
        "{{ linear_regression('t', 'y', ['x'], 'clustered') }}",
    ],
)
def test_what_does_not_fit_together_is_an_error(jinja_home: Path, template: str) -> None:
    failed = run("dbt", "compile", "--inline", template, home=jinja_home)
    assert failed.returncode != 0
    assert "classic, robust, clustered" in " ".join(failed.stdout.split())


# Difference in differences


@pytest.mark.parametrize("errors", ERRORS)
def test_a_difference_in_differences_is_statsmodels(macros: Macros, errors: str) -> None:
    generator = np.random.default_rng(8)
    clusters = generator.integers(0, 20, 2000)
    is_treated, is_after = clusters < 8, generator.random(2000) < 0.4
    y = 10 + 2 * is_treated + is_after + 0.5 * (is_treated & is_after)
    y = y + generator.normal(size=20)[clusters] + generator.normal(size=2000)
    rows = fitted(
        macros, f"differences {errors}", "cells", y=y, is_treated=is_treated, is_after=is_after, g=clusters
    )
    assert [row["term"] for row in rows] == ["(intercept)", "treated", "post", "difference_in_differences"]
    x = np.stack([is_treated, is_after, is_treated & is_after], axis=1).astype(float)
    expected = oracle(x, y, errors, clusters)
    for column, attribute in FIGURES.items():
        found = np.array([row[column] for row in rows])
        assert np.allclose(found, getattr(expected, attribute), rtol=1e-8, atol=0), column
    means = {
        (treated, after): y[(is_treated == treated) & (is_after == after)].mean()
        for treated in (False, True)
        for after in (False, True)
    }
    change = {treated: means[treated, True] - means[treated, False] for treated in (False, True)}
    assert rows[3]["estimate"] == pytest.approx(change[True] - change[False], rel=1e-10)


def test_without_one_of_the_four_cells_there_is_no_difference(macros: Macros) -> None:
    is_treated = np.array([True, True, False, False, False, False])
    is_after = np.array([False, False, False, True, True, False])
    rows = fitted(
        macros, "differences classic", "cells", y=np.arange(6.0), is_treated=is_treated, is_after=is_after
    )
    for row in rows:
        assert row["estimate"] is None
