"""Comparisons of arms: differences, relative effects, proportions, ratios, CUPED and samples' ratios."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from tests.macros.macro_runner import Floats, Macros, call, check, worst
from tests.macros.vectors import vector

ARMS = ("var_c", "n_c", "var_t", "n_t")
COUNTS = ("x_c", "n_c", "x_t", "n_t")
TEMPLATES = {
    "welch_se": call("welch_se", *ARMS),
    "welch_df": call("welch_df", *ARMS),
    "relative_se": call("relative_se", "mean_c", "var_c", "n_c", "mean_t", "var_t", "n_t"),
    "relative_effect": call("relative_effect", "mean_c", "mean_t"),
    "interval_margin": call("interval_margin", "se", "df", "alpha"),
    "normal_margin": call("interval_margin", "se", None, "alpha"),
    "two_sided_p": call("student_t_two_sided_p", "t", "df"),
    "normal_p": call("normal_two_sided_p", "z"),
    "pooled": call("two_proportions_z_pooled", *COUNTS),
    "unpooled": call("two_proportions_z_unpooled", *COUNTS),
    "wilson_lower": call("wilson_lower", "x", "n", "alpha"),
    "wilson_upper": call("wilson_upper", "x", "n", "alpha"),
    "newcombe_lower": call("newcombe_lower", "x_t", "n_t", "x_c", "n_c", "alpha"),
    "newcombe_upper": call("newcombe_upper", "x_t", "n_t", "x_c", "n_c", "alpha"),
    "ratio_variance": call("ratio_variance", "mean_num", "var_num", "mean_den", "var_den", "covariance"),
    "linearised_ratio": call("linearised_ratio", "num", "den", "mean_num", "mean_den"),
    "cuped_coefficient": call("cuped_coefficient", "covariance", "variance"),
    "cuped_variance": call("cuped_variance", "var_y", "var_x", "cov_xy", "coefficient"),
    "cuped_mean": call("cuped_mean", "mean_y", "mean_x", "mean_x_all", "coefficient"),
    "untestable_reason": call("untestable_reason", "n_c", "var_c", "n_t", "var_t"),
    "sample_ratio": call("sample_ratio", "arms", "counted", "weight", ["experiment"]),
    "sample_ratio_of_one": call("sample_ratio", "arms", "counted", "weight"),
    "homogeneity": call("homogeneity", "arms", "x", "n", ["experiment"]),
    "homogeneity_of_one": call("homogeneity", "arms", "x", "n"),
}
ROWS = 4000


# Differences of means


def compared(
    macros: Macros, arms: dict[str, float], effect: float, se: float, alpha: float
) -> dict[str, float]:
    """What a Welch test of an effect with this standard error finds, under the vectors' names."""
    df = macros.number("welch_df", **{name: arms[name] for name in ARMS})
    margin = macros.number("interval_margin", se=se, df=df, alpha=alpha)
    return {
        "point": effect,
        "se": se,
        "ci_lower": effect - margin,
        "ci_upper": effect + margin,
        "p_value": macros.number("two_sided_p", t=effect / se, df=df),
    }


def arm(statistics: dict[str, float], suffix: str) -> dict[str, float]:
    """Mean, variance and n of an arm that is published by its sums."""
    n, total, squares = statistics["n"], statistics["sum"], statistics["sum_squares"]
    return {
        f"mean_{suffix}": total / n,
        f"var_{suffix}": (squares - total * total / n) / (n - 1),
        f"n_{suffix}": n,
    }


def arms_of(inputs: dict[str, Any]) -> dict[str, float]:
    return arm(inputs["control"], "c") | arm(inputs["treatment"], "t")


def relative(macros: Macros, arms: dict[str, float]) -> tuple[float, float]:
    """The relative effect and its standard error."""
    effect = macros.number("relative_effect", mean_c=arms["mean_c"], mean_t=arms["mean_t"])
    return effect, macros.number("relative_se", **arms)


@pytest.mark.parametrize("name", ["gb_welch_absolute", "gb_welch_relative"])
def test_effects_are_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    arms = arms_of(published["inputs"])
    if published["inputs"]["difference_type"] == "relative":
        effect, se = relative(macros, arms)
    else:
        effect = arms["mean_t"] - arms["mean_c"]
        se = macros.number("welch_se", **{key: arms[key] for key in ARMS})
    check(compared(macros, arms, effect, se, published["inputs"]["alpha"]), published)


@pytest.mark.parametrize("name", ["gb_binomial_relative"])
def test_the_relative_effect_on_a_proportion_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    arms: dict[str, float] = {}
    for suffix, key in (("c", "control"), ("t", "treatment")):
        n, successes = published["inputs"][key]["n"], published["inputs"][key]["sum"]
        rate = successes / n
        arms |= {f"mean_{suffix}": rate, f"var_{suffix}": rate * (1 - rate), f"n_{suffix}": n}
    check(compared(macros, arms, *relative(macros, arms), 0.05), published)


@pytest.mark.parametrize("name", ["gb_delta_variance"])
def test_the_delta_method_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    arms = {
        f"{key}_{suffix}": published["inputs"][f"{key}{letter}"]
        for suffix, letter in (("c", "A"), ("t", "B"))
        for key in ("mean", "var", "n")
    }
    absolute = macros.number("welch_se", **{key: arms[key] for key in ARMS}) ** 2
    check({"absolute": absolute, "relative": macros.number("relative_se", **arms) ** 2}, published)


@pytest.mark.parametrize("name", ["welch_r_sleep", "welch_rosetta_1", "welch_rosetta_2", "welch_rosetta_3"])
def test_welchs_t_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    x, y = published["inputs"]["x"], published["inputs"]["y"]
    arms = {"var_c": np.var(y, ddof=1), "n_c": len(y), "var_t": np.var(x, ddof=1), "n_t": len(x)}
    effect = float(np.mean(x) - np.mean(y))
    se = macros.number("welch_se", **arms)
    df = macros.number("welch_df", **arms)
    test = compared(macros, arms, effect, se, 0.05)
    found: dict[str, object] = {"t": effect / se, "df": df, "p_value": test["p_value"]}
    if "ci" in published["expected"]:
        found["ci"] = [test["ci_lower"], test["ci_upper"]]
    check(found, published)


def random_arms(generator: np.random.Generator) -> dict[str, Floats]:
    """Arms of 2 to a million units, whose means and spreads lie many powers of ten apart."""
    arms = {}
    for suffix in "ct":
        arms[f"n_{suffix}"] = np.floor(10 ** generator.uniform(0.31, 6, ROWS))
        arms[f"mean_{suffix}"] = generator.normal(size=ROWS) * 10 ** generator.uniform(-3, 3, ROWS)
        arms[f"var_{suffix}"] = 10 ** generator.uniform(-6, 6, ROWS)
    return arms


def test_welchs_t_is_scipys(macros: Macros) -> None:
    arms = random_arms(np.random.default_rng(1))
    se, df = macros.floats("welch_se", arms), macros.floats("welch_df", arms)
    # Effects of all sizes, up to t of about 30.
    effect = np.random.default_rng(2).normal(size=ROWS) * 10 * se
    expected = stats.ttest_ind_from_stats(
        effect, np.sqrt(arms["var_t"]), arms["n_t"], 0, np.sqrt(arms["var_c"]), arms["n_c"], equal_var=False
    )
    parts = [arms[f"var_{suffix}"] / arms[f"n_{suffix}"] for suffix in "ct"]
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (arms["n_c"] - 1) + parts[1] ** 2 / (arms["n_t"] - 1))
    assert worst(df, degrees) < 1e-13
    assert worst(effect / se, expected.statistic) < 1e-13
    p_value = macros.floats("two_sided_p", {"t": effect / se, "df": df})
    assert worst(p_value, expected.pvalue) < 1e-9
    margin = macros.floats("interval_margin", {"se": se, "df": df, "alpha": np.full(ROWS, 0.05)})
    assert worst(margin, se * stats.t.ppf(0.975, degrees)) < 1e-10


def test_the_relative_error_is_the_delta_methods(macros: Macros) -> None:
    arms = random_arms(np.random.default_rng(3))
    ratio = arms["mean_t"] / arms["mean_c"]
    variance = arms["var_t"] / arms["n_t"] + ratio**2 * arms["var_c"] / arms["n_c"]
    assert worst(macros.floats("relative_se", arms), np.sqrt(variance) / np.abs(arms["mean_c"])) < 1e-13
    small = {"mean_c": arms["mean_c"], "mean_t": arms["mean_c"] * (1 + 2.0**-40)}
    assert np.allclose(macros.floats("relative_effect", small), 2.0**-40, rtol=1e-3, atol=0)


def test_an_interval_widens_as_alpha_falls(macros: Macros) -> None:
    alpha = np.array([0.5, 0.1, 0.05, 0.01, 1e-6, 1e-12])
    for name, df, reach in (
        ("interval_margin", 7.5, stats.t.isf(alpha / 2, 7.5)),
        ("normal_margin", 1.0, stats.norm.isf(alpha / 2)),
    ):
        columns = {"se": np.full(6, 2.5), "df": np.full(6, df), "alpha": alpha}
        assert worst(macros.floats(name, columns), 2.5 * reach) < 1e-10


SOUND = {"mean_c": 2.0, "var_c": 1.0, "n_c": 10.0, "mean_t": 3.0, "var_t": 2.0, "n_t": 20.0}
UNSOUND: list[tuple[dict[str, float | None], str]] = [
    ({"n_c": None, "var_c": None, "mean_c": None}, "an arm is missing"),
    ({"n_t": None, "var_t": None, "mean_t": None}, "an arm is missing"),
    ({"n_c": 0.0, "var_c": None, "mean_c": None}, "an arm is missing"),
    ({"n_t": -1.0}, "an arm is missing"),
    ({"n_c": np.nan}, "the count of an arm is not usable"),
    ({"n_t": np.inf}, "the count of an arm is not usable"),
    ({"n_t": 1.0, "var_t": None}, "fewer than two units in an arm"),
    ({"n_c": 1.0}, "fewer than two units in an arm"),
    ({"var_t": None}, "the variance of an arm is not known"),
    ({"var_c": -1.0}, "the variance of an arm is not known"),
    ({"var_c": 0.0, "var_t": 0.0}, "no variance"),
    ({"var_c": np.inf}, "the variance of an arm is not finite"),
    ({"var_t": np.nan}, "the variance of an arm is not finite"),
]


@pytest.mark.parametrize(("changes", "reason"), UNSOUND)
def test_what_cannot_be_compared_is_null_and_says_why(
    macros: Macros, changes: dict[str, float | None], reason: str
) -> None:
    arms = SOUND | changes
    columns = {key: [value] for key, value in arms.items()}
    assert macros.values("untestable_reason", columns) == [reason]
    for name in ("welch_se", "welch_df", "relative_se"):
        assert macros.is_null(name, **arms), name


def test_a_reason_is_given_where_there_is_no_test_and_only_there(macros: Macros) -> None:
    generator = np.random.default_rng(4)
    odd: dict[str, list[object]] = {
        "n": [None, 0.0, 1.0, 2.0, 3.0, -1.0, 50.0, 1e15, 1e308, np.inf, np.nan],
        "var": [None, 0.0, 1.0, -1.0, 1e-320, 1e308, np.inf, np.nan],
    }
    columns = {
        name: [choices[place] for place in generator.integers(len(choices), size=ROWS)]
        for name, choices in ((name, odd[name.split("_")[0]]) for name in ARMS)
    }
    reasons = np.array([reason is not None for reason in macros.values("untestable_reason", columns)])
    for name in ("welch_se", "welch_df"):
        assert np.array_equal(np.isnan(macros.floats(name, columns)), reasons), name
    assert 0 < reasons.sum() < ROWS


def test_a_sound_comparison_has_no_reason(macros: Macros) -> None:
    for changes in ({}, {"var_c": 0.0}, {"n_c": 2.0}, {"mean_c": 0.0}, {"var_t": 1e-300, "var_c": 1e-300}):
        arms: dict[str, float] = SOUND | changes
        assert macros.values("untestable_reason", {key: [value] for key, value in arms.items()}) == [None]
        assert macros.number("welch_se", **arms) > 0
        assert macros.number("welch_df", **arms) >= 1


@pytest.mark.parametrize("mean", [0.0, None, 1e-200])
def test_there_is_no_effect_relative_to_nothing(macros: Macros, mean: float | None) -> None:
    arms = SOUND | {"mean_c": mean}
    assert macros.is_null("relative_se", **arms)
    if not mean:
        assert macros.is_null("relative_effect", mean_c=mean, mean_t=3.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"se": 0.0},
        {"se": None},
        {"se": -1.0},
        {"df": 0.0},
        {"df": None},
        {"alpha": 0.0},
        {"alpha": 1.0},
        {"alpha": 1.5},
    ],
)
def test_there_is_no_interval_without_an_error_or_a_level(
    macros: Macros, changes: dict[str, float | None]
) -> None:
    arguments = {"se": 1.0, "df": 5.0, "alpha": 0.05} | changes
    assert macros.is_null("interval_margin", **arguments)
    assert macros.is_null("normal_margin", **arguments) == ("df" not in changes)


# Proportions


@pytest.mark.parametrize("name", ["z2p_udacity_landing_page", "z2p_statsmodels_doc"])
def test_two_proportions_are_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    inputs = published["inputs"]
    counts = {
        f"{kind}_{arm[0]}": inputs[f"{kind}_{arm}"] for kind in "xn" for arm in ("control", "treatment")
    }
    found: dict[str, object] = {}
    for kind in ("pooled", "unpooled"):
        found[f"z_{kind}"] = z = macros.number(kind, **counts)
        found[f"p_{kind}"] = macros.number("normal_p", z=z)
    found["diff"] = counts["x_t"] / counts["n_t"] - counts["x_c"] / counts["n_c"]
    check(found, published)


@pytest.mark.parametrize("name", ["wilson_81_263", "wilson_15_148"])
def test_wilsons_interval_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    bounds = {side: macros.number(f"wilson_{side}", **published["inputs"]) for side in ("lower", "upper")}
    check(bounds, published)


@pytest.mark.parametrize("name", ["newcombe_diff_56_70_48_80"])
def test_newcombes_interval_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    inputs = published["inputs"]
    counts = {"x_t": inputs["x1"], "n_t": inputs["n1"], "x_c": inputs["x2"], "n_c": inputs["n2"]}
    bounds = {side: macros.number(f"newcombe_{side}", **counts, alpha=0.05) for side in ("lower", "upper")}
    check(bounds, published)


def random_counts(generator: np.random.Generator, rows: int = ROWS) -> dict[str, Floats]:
    """Conversions of two arms of 1 to ten million units, with none and all of them among the cases."""
    counts = {}
    for suffix in "ct":
        n = np.floor(10 ** generator.uniform(0, 7, rows))
        rate = generator.choice([0.0, 1.0, 1e-4, 0.03, 0.5, 0.999], rows)
        counts[f"n_{suffix}"] = n
        counts[f"x_{suffix}"] = generator.binomial(n.astype(int), rate).astype(float)
    return counts


def test_two_proportions_are_statsmodels(macros: Macros) -> None:
    counts = random_counts(np.random.default_rng(5), 1000)
    x, n = (np.stack([counts[f"{kind}_t"], counts[f"{kind}_c"]], axis=1) for kind in "xn")
    total = x.sum(axis=1)
    varies = {
        "pooled": (total > 0) & (total < n.sum(axis=1)),
        "unpooled": ((x > 0) & (x < n)).any(axis=1),
    }
    for kind, has_variance in varies.items():
        expected = np.full(len(x), np.nan)
        for row in np.flatnonzero(has_variance):
            expected[row] = proportions_ztest(x[row], n[row], prop_var=None if kind == "pooled" else False)[0]
        found = macros.floats(kind, counts)
        if kind == "unpooled":
            # statsmodels' variance is the pooled one here, whatever it is told; by its definition then.
            rate = x / n
            error = np.sqrt((rate * (1 - rate) / n).sum(axis=1))
            with np.errstate(divide="ignore", invalid="ignore"):
                expected = np.where(has_variance, (rate[:, 0] - rate[:, 1]) / error, np.nan)
        assert np.allclose(found, expected, rtol=1e-9, atol=1e-9, equal_nan=True)


def test_wilsons_interval_is_statsmodels(macros: Macros) -> None:
    generator = np.random.default_rng(6)
    counts = random_counts(generator)
    alpha = generator.choice([0.2, 0.05, 1e-3, 1e-9], ROWS)
    columns = {"x": counts["x_c"], "n": counts["n_c"], "alpha": alpha}
    lower, upper = (macros.floats(f"wilson_{side}", columns) for side in ("lower", "upper"))
    expected = proportion_confint(columns["x"], columns["n"], alpha, method="wilson")
    assert np.allclose(lower, expected[0], rtol=1e-12, atol=1e-14)
    assert np.allclose(upper, expected[1], rtol=1e-12, atol=1e-14)
    assert np.all((lower >= 0) & (lower <= columns["x"] / columns["n"]))
    assert np.all((upper <= 1) & (upper >= columns["x"] / columns["n"]))
    assert np.array_equal(lower == 0, columns["x"] == 0)


def test_newcombes_interval_is_statsmodels(macros: Macros) -> None:
    counts = random_counts(np.random.default_rng(7))
    columns = {**counts, "alpha": np.full(ROWS, 0.05)}
    for place, side in enumerate(("lower", "upper")):
        expected = np.array(
            [
                confint_proportions_2indep(*row, compare="diff", method="newcomb")[place]
                for row in zip(*(counts[name] for name in ("x_t", "n_t", "x_c", "n_c")), strict=True)
            ]
        )
        assert np.allclose(macros.floats(f"newcombe_{side}", columns), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "changes",
    [
        {"n_c": 0.0, "x_c": 0.0},
        {"n_t": None},
        {"x_c": None},
        {"x_c": -1.0},
        {"x_t": 21.0},
        {"x_c": 0.0, "x_t": 0.0},
        {"x_c": 10.0, "x_t": 20.0},
    ],
)
def test_proportions_without_variance_or_units_have_no_z(
    macros: Macros, changes: dict[str, float | None]
) -> None:
    counts = {"x_c": 3.0, "n_c": 10.0, "x_t": 4.0, "n_t": 20.0} | changes
    assert macros.is_null("pooled", **counts)
    assert macros.is_null("unpooled", **counts)


@pytest.mark.parametrize(
    "changes",
    [{"n": 0.0}, {"n": None}, {"x": -1.0}, {"x": 11.0}, {"x": None}, {"alpha": 0.0}, {"alpha": 1.0}],
)
def test_a_proportion_of_nothing_has_no_interval(macros: Macros, changes: dict[str, float | None]) -> None:
    arguments = {"x": 3.0, "n": 10.0, "alpha": 0.05} | changes
    for side in ("lower", "upper"):
        assert macros.is_null(f"wilson_{side}", **arguments)
        arm = {"x_t": arguments["x"], "n_t": arguments["n"], "alpha": arguments["alpha"]}
        assert macros.is_null(f"newcombe_{side}", x_c=1.0, n_c=5.0, **arm)


# Ratios and CUPED


@pytest.mark.parametrize("name", ["gb_ratio_delta_absolute"])
def test_a_ratio_of_means_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    arms: dict[str, float] = {}
    for suffix, key in (("c", "control"), ("t", "treatment")):
        n = published["inputs"][f"n_{key}"]
        sums = published["inputs"][key]
        numerator, denominator = (
            arm({"n": n, "sum": sums[part][0], "sum_squares": sums[part][1]}, "x")
            for part in ("m_post", "d_post")
        )
        covariance = (sums["mpost_dpost"] - sums["m_post"][0] * sums["d_post"][0] / n) / (n - 1)
        arms[f"n_{suffix}"] = n
        arms[f"mean_{suffix}"] = numerator["mean_x"] / denominator["mean_x"]
        arms[f"var_{suffix}"] = macros.number(
            "ratio_variance",
            mean_num=numerator["mean_x"],
            var_num=numerator["var_x"],
            mean_den=denominator["mean_x"],
            var_den=denominator["var_x"],
            covariance=covariance,
        )
    se = macros.number("welch_se", **{key: arms[key] for key in ARMS})
    check(compared(macros, arms, arms["mean_t"] - arms["mean_c"], se, 0.05), published)


def test_the_variance_of_a_ratio_is_that_of_its_linearised_parts(macros: Macros) -> None:
    generator = np.random.default_rng(8)
    for scale in (1e-3, 1.0, 1e4):
        denominator = generator.poisson(5, ROWS) + 1.0
        numerator = scale * (denominator * generator.gamma(2, 1, ROWS) + generator.normal(size=ROWS))
        covariance = np.cov(numerator, denominator)
        means = {"mean_num": numerator.mean(), "mean_den": denominator.mean()}
        constant = {name: np.full(ROWS, value) for name, value in means.items()}
        parts = macros.floats("linearised_ratio", {"num": numerator, "den": denominator, **constant})
        assert abs(parts.mean()) < 1e-12 * scale
        found = macros.number(
            "ratio_variance",
            **means,
            var_num=covariance[0, 0],
            var_den=covariance[1, 1],
            covariance=covariance[0, 1],
        )
        assert found == pytest.approx(parts.var(ddof=1), rel=1e-10)


@pytest.mark.parametrize("mean", [0.0, None])
def test_a_ratio_to_nothing_is_null(macros: Macros, mean: float | None) -> None:
    assert macros.is_null(
        "ratio_variance", mean_num=1.0, var_num=1.0, mean_den=mean, var_den=0.0, covariance=0.0
    )
    assert macros.is_null("linearised_ratio", num=1.0, den=1.0, mean_num=1.0, mean_den=mean)


def test_a_ratio_that_never_varies_has_variance_0(macros: Macros) -> None:
    """Numerator and denominator move together: what rounding leaves is not below 0."""
    constant = {
        "mean_num": 0.3,
        "var_num": 0.01 * 0.3,
        "mean_den": 1.0,
        "var_den": 0.1 / 3,
        "covariance": 0.01,
    }
    assert macros.number("ratio_variance", **constant) == pytest.approx(0, abs=1e-17)


def cuped(macros: Macros, y: Floats, x: Floats, is_treated: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The CUPED effect of two arms, and the part of the variance that is left."""
    arms = [(y[mask], x[mask]) for mask in (~is_treated, is_treated)]
    within = [np.cov(*values) * (len(values[0]) - 1) for values in arms]
    coefficient = macros.number(
        "cuped_coefficient", covariance=sum(m[0, 1] for m in within), variance=sum(m[1, 1] for m in within)
    )
    means, left = [], []
    for values, products in zip(arms, within, strict=True):
        n = len(values[0])
        means.append(
            macros.number(
                "cuped_mean",
                mean_y=values[0].mean(),
                mean_x=values[1].mean(),
                mean_x_all=x.mean(),
                coefficient=coefficient,
            )
        )
        variance = macros.number(
            "cuped_variance",
            var_y=products[0, 0] / (n - 1),
            var_x=products[1, 1] / (n - 1),
            cov_xy=products[0, 1] / (n - 1),
            coefficient=coefficient,
        )
        assert variance == pytest.approx(np.var(values[0] - coefficient * values[1], ddof=1), rel=1e-10)
        left.append(variance / (products[0, 0] / (n - 1)))
    return means[1] - means[0], float(np.mean(left))


def test_cuped_with_pooled_coefficient_is_the_analysis_of_covariance(macros: Macros) -> None:
    generator = np.random.default_rng(9)
    for correlation in (0.0, 0.5, 0.9, -0.8):
        x = generator.gamma(2, 3, ROWS)
        is_treated = generator.random(ROWS) < 0.3
        noise = generator.normal(size=ROWS) * x.std() * np.sqrt(1 - correlation**2)
        y = correlation * x + noise + 0.2 * is_treated
        effect, left = cuped(macros, y, x, is_treated)
        design = np.stack([np.ones(ROWS), is_treated, x], axis=1)
        assert effect == pytest.approx(sm.OLS(y, design).fit().params[1], rel=1e-9)
        assert left == pytest.approx(1 - correlation**2, abs=0.08)


def test_cuped_narrows_a_ratio_without_moving_it(macros: Macros) -> None:
    """A visitor's rate lasts: the linearised ratio before the experiment explains that during it."""
    generator = np.random.default_rng(10)
    lasting = generator.beta(2, 8, ROWS)
    is_treated = generator.random(ROWS) < 0.5
    parts, ratios, pooled = [], [], []
    for lift in (0.0, 0.1):
        sessions = generator.poisson(30, ROWS) + 1.0
        orders = generator.binomial(sessions.astype(int), lasting * (1 + lift * is_treated)).astype(float)
        part = np.empty(ROWS)
        for mask in (~is_treated, is_treated):
            means = {"mean_num": orders[mask].mean(), "mean_den": sessions[mask].mean()}
            constant = {name: np.full(mask.sum(), value) for name, value in means.items()}
            columns = {"num": orders[mask], "den": sessions[mask], **constant}
            part[mask] = means["mean_num"] / means["mean_den"] + macros.floats("linearised_ratio", columns)
        parts.append(part)
        pooled.append(orders.sum() / sessions.sum())
        ratios.append([part[mask].mean() for mask in (~is_treated, is_treated)])
    effect, left = cuped(macros, parts[1], parts[0], is_treated)
    assert left < 0.5
    assert effect == pytest.approx(0.1 * lasting.mean(), abs=0.006)


@pytest.mark.parametrize(("covariance", "variance"), [(1.0, 0.0), (1.0, None), (None, 1.0), (1.0, -1.0)])
def test_a_covariate_that_does_not_vary_has_no_coefficient(
    macros: Macros, covariance: float | None, variance: float | None
) -> None:
    assert macros.is_null("cuped_coefficient", covariance=covariance, variance=variance)
    assert macros.is_null("cuped_mean", mean_y=1.0, mean_x=1.0, mean_x_all=1.0, coefficient=None)
    assert macros.is_null("cuped_variance", var_y=1.0, var_x=1.0, cov_xy=1.0, coefficient=None)


# Counts against what they should be


@pytest.mark.parametrize("name", ["srm_kohavi"])
def test_the_sample_ratio_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    inputs = published["inputs"]
    (found,) = macros.rows(
        "sample_ratio_of_one", arms={"counted": inputs["counts"], "weight": inputs["weights"]}
    )
    assert (found["unit_count"], found["arm_count"]) == (sum(inputs["counts"]), len(inputs["counts"]))
    renamed = {"chi2": "chi_square", "df": "degrees_of_freedom", "p_value": "p_value"}
    check({key: found[column] for key, column in renamed.items()}, published)


@pytest.mark.parametrize("name", ["prop_test_smokers_4arm"])
def test_the_homogeneity_of_arms_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    (found,) = macros.rows("homogeneity_of_one", arms=published["inputs"])
    renamed = {"chi2": "chi_square", "df": "degrees_of_freedom", "p_value": "p_value"}
    check({key: found[column] for key, column in renamed.items()}, published)


def test_sample_ratios_are_scipys(macros: Macros) -> None:
    generator = np.random.default_rng(11)
    arms: dict[str, list[object]] = {"experiment": [], "counted": [], "weight": []}
    expected = []
    for experiment in range(1000):
        size = int(generator.integers(2, 7))
        weights = generator.integers(1, 10, size) * 1.0
        counts = generator.multinomial(int(10 ** generator.uniform(1, 7)), weights / weights.sum())
        arms["experiment"] += [experiment] * size
        arms["counted"] += list(map(float, counts))
        arms["weight"] += list(weights)
        expected.append(stats.chisquare(counts, counts.sum() * weights / weights.sum()))
    found = sorted(macros.rows("sample_ratio", arms=arms), key=lambda row: float(str(row["experiment"])))
    for column, name in (("chi_square", "statistic"), ("p_value", "pvalue")):
        published = np.array([getattr(test, name) for test in expected])
        assert np.allclose(np.array([row[column] for row in found], float), published, rtol=1e-8, atol=1e-12)


def test_homogeneity_is_scipys(macros: Macros) -> None:
    generator = np.random.default_rng(12)
    arms: dict[str, list[object]] = {"experiment": [], "x": [], "n": []}
    expected = []
    for experiment in range(1000):
        size = int(generator.integers(2, 6))
        n = np.floor(10 ** generator.uniform(1, 5, size))
        x = np.clip(generator.binomial(n.astype(int), 0.3), 1, n - 1)
        arms["experiment"] += [experiment] * size
        arms["x"] += list(x)
        arms["n"] += list(n)
        expected.append(stats.chi2_contingency(np.stack([x, n - x]), correction=False))
    found = sorted(macros.rows("homogeneity", arms=arms), key=lambda row: float(str(row["experiment"])))
    for column, name in (("chi_square", "statistic"), ("p_value", "pvalue")):
        published = np.array([getattr(test, name) for test in expected])
        assert np.allclose(np.array([row[column] for row in found], float), published, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize(
    ("counts", "weights"),
    [
        ([10, None], [1, 1]),
        ([10, 12], [1, None]),
        ([10, 12], [1, 0]),
        ([0, 0], [1, 1]),
        ([10], [1]),
        ([10, -1], [1, 1]),
    ],
)
def test_there_is_no_ratio_of_an_arm_without_a_count_or_a_weight(
    macros: Macros, counts: list[float | None], weights: list[float | None]
) -> None:
    (found,) = macros.rows("sample_ratio_of_one", arms={"counted": counts, "weight": weights})
    assert found["chi_square"] is None
    assert found["p_value"] is None


def test_an_arm_that_got_nobody_is_counted(macros: Macros) -> None:
    (found,) = macros.rows("sample_ratio_of_one", arms={"counted": [20, 0], "weight": [1, 1]})
    assert (found["chi_square"], found["arm_count"]) == (20, 2)


@pytest.mark.parametrize(
    ("x", "n"),
    [([0, 0], [5, 6]), ([5, 6], [5, 6]), ([1, None], [5, 6]), ([1, 7], [5, 6]), ([1, 0], [5, 0]), ([1], [5])],
)
def test_arms_of_which_none_or_all_convert_are_not_tested(
    macros: Macros, x: list[float | None], n: list[float | None]
) -> None:
    (found,) = macros.rows("homogeneity_of_one", arms={"x": x, "n": n})
    assert found["chi_square"] is None
    assert found["p_value"] is None
