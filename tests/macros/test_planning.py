"""Power, sample sizes and inference that may be read at any time."""

import numpy as np
import pytest
from scipy import integrate, stats

from tests.macros.macro_runner import Macros, call, check, tolerance, worst
from tests.macros.vectors import vector

TEMPLATES = {
    "power_of": call("power_of", "effect", "se", "alpha"),
    "detectable_effect": call("detectable_effect", "se", "alpha", "power"),
    "sample_size_of_means": call("sample_size_of_means", "sd", "effect", "alpha", "power"),
    "sample_size_by_sixteen": call("sample_size_by_sixteen", "sd", "effect"),
    "sample_size_of_proportions": call("sample_size_of_proportions", "p", "effect", "alpha", "power"),
    "confidence_sequence_margin": call("confidence_sequence_margin", "se", "n", "alpha", "tuning"),
    "always_valid_p": call("always_valid_p", "effect", "se", "n", "alpha", "tuning"),
    "likelihood_ratio": call("mixture_likelihood_ratio", "effect", "variance", "n", "tau2"),
    "mixture_p": call("mixture_p", "effect", "variance", "n", "tau2"),
}
ROWS = 4000
SEQUENTIAL = {"effect": 0.5, "se": 0.2, "n": 500.0, "alpha": 0.05, "tuning": 1000.0}


# Before an experiment


@pytest.mark.parametrize("name", ["n_evan_miller_20pct_5abs", "n_miller_p0.05_d0.005", "n_miller_p0.1_d0.02"])
def test_sizes_for_proportions_are_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    inputs = dict(published["inputs"])
    size = macros.number("sample_size_of_proportions", effect=inputs.pop("mde_abs"), **inputs)
    check({"n_per_arm": size}, published)
    assert round(size) == published["expected"].get("rounded", round(size))


@pytest.mark.parametrize("name", ["n_kohavi_16_rule"])
def test_sizes_by_the_rule_of_thumb_are_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    found = []
    for case in published["inputs"]:
        rate = case.get("p")
        sd = case["sd"] if rate is None else np.sqrt(rate * (1 - rate))
        found.append(
            macros.number("sample_size_by_sixteen", sd=sd, effect=(rate or case["mean"]) * case["rel_delta"])
        )
    assert found == pytest.approx(published["expected"], **tolerance(published))


def test_power_is_that_of_the_normal_distribution(macros: Macros) -> None:
    generator = np.random.default_rng(1)
    se = 10 ** generator.uniform(-6, 6, ROWS)
    effect = se * generator.normal(size=ROWS) * 5
    alpha = 10 ** generator.uniform(-9, -0.1, ROWS)
    distance, z = np.abs(effect) / se, stats.norm.isf(alpha / 2)
    found = macros.floats("power_of", {"effect": effect, "se": se, "alpha": alpha})
    assert worst(found, stats.norm.sf(z - distance) + stats.norm.sf(z + distance)) < 1e-10


def test_sizes_and_effects_are_what_reaches_the_power(macros: Macros) -> None:
    generator = np.random.default_rng(2)
    columns = {
        "sd": 10 ** generator.uniform(-3, 3, ROWS),
        "effect": 10 ** generator.uniform(-3, 3, ROWS),
        "alpha": generator.uniform(1e-4, 0.1, ROWS),
        "power": generator.uniform(0.5, 0.999, ROWS),
    }
    reach = stats.norm.isf(columns["alpha"] / 2) + stats.norm.ppf(columns["power"])
    size = macros.floats("sample_size_of_means", columns)
    assert worst(size, 2 * (reach * columns["sd"] / columns["effect"]) ** 2) < 1e-12
    se = columns["sd"] * np.sqrt(2 / size)
    assert worst(macros.floats("detectable_effect", {**columns, "se": se}), columns["effect"]) < 1e-12
    power = macros.floats("power_of", {**columns, "se": se})
    # The formulas leave out the tail on the wrong side, which is small where the power is at least a half.
    assert np.all(np.abs(power - columns["power"]) < 0.001)


def test_an_effect_of_none_is_found_as_often_as_alpha_says(macros: Macros) -> None:
    assert macros.number("power_of", effect=0.0, se=1.0, alpha=0.05) == pytest.approx(0.05, rel=1e-13)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("power_of", {"effect": 1.0, "se": 0.0, "alpha": 0.05}),
        ("power_of", {"effect": None, "se": 1.0, "alpha": 0.05}),
        ("power_of", {"effect": 1.0, "se": 1.0, "alpha": 0.0}),
        ("power_of", {"effect": 1.0, "se": 1.0, "alpha": 1.0}),
        ("detectable_effect", {"se": None, "alpha": 0.05, "power": 0.8}),
        ("detectable_effect", {"se": 1.0, "alpha": 0.05, "power": 1.0}),
        ("detectable_effect", {"se": 1.0, "alpha": 0.05, "power": 0.001}),
        ("sample_size_of_means", {"sd": 1.0, "effect": 0.0, "alpha": 0.05, "power": 0.8}),
        ("sample_size_of_means", {"sd": 0.0, "effect": 1.0, "alpha": 0.05, "power": 0.8}),
        ("sample_size_of_means", {"sd": 1.0, "effect": 1e-200, "alpha": 0.05, "power": 0.8}),
        ("sample_size_by_sixteen", {"sd": 1.0, "effect": 0.0}),
        ("sample_size_of_proportions", {"p": 0.0, "effect": 0.1, "alpha": 0.05, "power": 0.8}),
        ("sample_size_of_proportions", {"p": 1.0, "effect": -0.1, "alpha": 0.05, "power": 0.8}),
        ("sample_size_of_proportions", {"p": 0.5, "effect": 0.0, "alpha": 0.05, "power": 0.8}),
        ("sample_size_of_proportions", {"p": 0.5, "effect": 0.6, "alpha": 0.05, "power": 0.8}),
        ("sample_size_of_proportions", {"p": 0.5, "effect": 0.1, "alpha": 0.05, "power": 0.0}),
    ],
)
def test_what_cannot_be_planned_is_null(macros: Macros, name: str, values: dict[str, float | None]) -> None:
    assert macros.is_null(name, **values)


# During an experiment


def sequence(macros: Macros, se: float, n: float, effect: float, tuning: float) -> tuple[float, float]:
    """The margin, and the always-valid p-value of an effect, at alpha 0.05."""
    arguments = {"se": se, "n": n, "alpha": 0.05, "tuning": tuning}
    margin = macros.number("confidence_sequence_margin", **arguments)
    return margin, macros.number("always_valid_p", effect=effect, **arguments)


@pytest.mark.parametrize("name", ["gb_sequential_rel_N1000"])
def test_the_confidence_sequence_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    arms = published["inputs"]["control"], published["inputs"]["treatment"]
    means = [arm["sum"] / arm["n"] for arm in arms]
    errors = [(arm["sum_squares"] - arm["sum"] ** 2 / arm["n"]) / (arm["n"] - 1) / arm["n"] for arm in arms]
    effect = means[1] / means[0] - 1
    se = float(np.sqrt(errors[1] + errors[0] * (means[1] / means[0]) ** 2) / means[0])
    count = sum(arm["n"] for arm in arms)
    margin, p_value = sequence(macros, se, count, effect, published["inputs"]["tuning_parameter"])
    found = {"ci_lower": effect - margin, "ci_upper": effect + margin, "p_value": p_value, "se": se}
    check(found, published)


@pytest.mark.parametrize("name", ["msprt_normal"])
def test_the_mixture_test_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    for case, expected in zip(published["inputs"], published["expected"], strict=True):
        arguments = {
            "effect": case["theta_hat"],
            "variance": case["V"],
            "n": case["n_per_arm"],
            "tau2": case["tau2"],
        }
        assert macros.number("likelihood_ratio", **arguments) == pytest.approx(
            expected["Lambda"], **tolerance(published)
        )
        assert macros.number("mixture_p", **arguments) == pytest.approx(
            expected["p_always_valid"], **tolerance(published)
        )


def test_the_likelihood_ratio_is_the_integral_over_the_mixture(macros: Macros) -> None:
    generator = np.random.default_rng(3)
    for _ in range(20):
        variance, n = 10 ** generator.uniform(-1, 1), float(generator.integers(2, 500))
        tau, error = 10 ** generator.uniform(-1, 1), np.sqrt(variance / n)
        effect = generator.normal() * 2 * error

        def weighed(theta: float, effect: float = effect, error: float = error, tau: float = tau) -> float:
            ratio = stats.norm.pdf(effect, theta, error) / stats.norm.pdf(effect, 0, error)
            return float(ratio * stats.norm.pdf(theta, 0, tau))

        reach = 12 * min(tau, error)
        centre = effect * tau**2 / (tau**2 + error**2)
        integral, _ = integrate.quad(
            weighed, centre - reach, centre + reach, epsabs=0, epsrel=1e-11, limit=200
        )
        found = macros.number("likelihood_ratio", effect=effect, variance=variance, n=n, tau2=tau**2)
        assert found == pytest.approx(integral, rel=1e-8)


def test_p_is_the_level_of_the_interval_that_just_touches_nothing(macros: Macros) -> None:
    """For an effect as large as the margin, p is alpha; larger effects have smaller p."""
    generator = np.random.default_rng(4)
    columns = {
        "se": 10 ** generator.uniform(-3, 3, ROWS),
        "n": np.floor(10 ** generator.uniform(0, 8, ROWS)),
        "alpha": generator.uniform(1e-6, 0.5, ROWS),
        "tuning": 10 ** generator.uniform(1, 6, ROWS),
    }
    margin = macros.floats("confidence_sequence_margin", columns)
    assert worst(macros.floats("always_valid_p", {**columns, "effect": margin}), columns["alpha"]) < 1e-9
    larger = macros.floats("always_valid_p", {**columns, "effect": -1.01 * margin})
    assert np.all(larger < columns["alpha"])


def test_the_sequence_is_wider_than_the_fixed_horizon_and_narrowest_near_its_tuning(macros: Macros) -> None:
    n = np.array([10.0, 100, 1000, 10_000, 100_000, 1e9])
    columns = {"se": 1 / np.sqrt(n), "n": n, "alpha": np.full(6, 0.05), "tuning": np.full(6, 1000.0)}
    widths = macros.floats("confidence_sequence_margin", columns) / columns["se"]
    assert np.all(widths > stats.norm.isf(0.025))
    assert np.argmin(widths) == 2


def test_overwhelming_evidence_stays_a_number(macros: Macros) -> None:
    overwhelming = {"effect": 50.0, "variance": 1.0, "n": 1e6, "tau2": 1.0}
    assert macros.number("likelihood_ratio", **overwhelming) == np.exp(709.0)
    assert macros.number("mixture_p", **overwhelming) == 0
    assert macros.number("always_valid_p", **{**SEQUENTIAL, "effect": 1e6}) == 0
    assert macros.number("always_valid_p", **{**SEQUENTIAL, "effect": 0.0}) == 1


@pytest.mark.parametrize(
    "changes",
    [{"se": 0.0}, {"se": None}, {"n": 0.0}, {"n": None}, {"alpha": 0.0}, {"alpha": 1.0}, {"tuning": 0.0}],
)
def test_a_sequence_of_nothing_is_null(macros: Macros, changes: dict[str, float | None]) -> None:
    assert macros.is_null("confidence_sequence_margin", **(SEQUENTIAL | changes))
    assert macros.is_null("always_valid_p", **(SEQUENTIAL | changes))


@pytest.mark.parametrize("changes", [{"effect": np.nan}, {"effect": np.inf}, {"se": np.nan}, {"n": np.nan}])
def test_what_is_no_number_is_no_evidence(macros: Macros, changes: dict[str, float]) -> None:
    """Least of all that there is no effect, p = 1."""
    assert macros.is_null("always_valid_p", **(SEQUENTIAL | changes))


@pytest.mark.parametrize(
    "changes", [{"variance": 0.0}, {"variance": None}, {"n": 0.0}, {"tau2": 0.0}, {"effect": None}]
)
def test_a_mixture_of_nothing_is_null(macros: Macros, changes: dict[str, float | None]) -> None:
    arguments = {"effect": 1.0, "variance": 1.0, "n": 10.0, "tau2": 1.0} | changes
    assert macros.is_null("likelihood_ratio", **arguments)
    assert macros.is_null("mixture_p", **arguments)
