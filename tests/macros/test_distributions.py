"""Distributions: tails and their inverses, against published figures and scipy, and what t tests need."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy import special, stats

from tests.macros.macro_runner import Floats, Macros, call, worst
from tests.macros.vectors import vector

NAN, INFINITY = float("nan"), float("inf")
ROWS = 20_000
ONE_ARGUMENT = ("normal_sf", "normal_cdf", "normal_two_sided_p", "normal_quantile", "log_gamma")
TWO_ARGUMENTS = (
    "student_t_sf",
    "student_t_two_sided_p",
    "student_t_quantile",
    "chi_square_sf",
    "chi_square_quantile",
)
PLANNING = ("power_of_t_test", "sample_size_of_t_test")
# Names that the macros' own SQL uses within, as columns.
SHADOWED = ("a", "r", "x", "g", "j", "k", "p", "t", "z", "df", "v")


# Each macro over columns, and some within others.
SAME_P = "normal_cdf(normal_quantile('a'))"
TEMPLATES = {
    **{name: call(name, "a") for name in ONE_ARGUMENT},
    **{name: call(name, "a", "b") for name in (*TWO_ARGUMENTS, "variance_of")},
    **{name: call(name, "a", "b", "c", "d") for name in PLANNING},
    "nested": f"{{{{ student_t_sf(student_t_quantile({SAME_P}, 'b'), chi_square_quantile('a', '3')) }}}}",
    **{f"shadowed {name}": call("student_t_sf", name, f"{name} + 1") for name in SHADOWED},
    "shadowed table": call("student_t_sf", "it.t", "it.df"),
    "let": "{{ let('a', 'a + 1', let('b', 'a * b', 'a + b')) }}",
    "staged": (
        "{{ staged([{'a': 'a + 1', 'b': 'b'}, {'c': 'it.a * it.b'}, {'d': 'it.c - it.b'}], 'it.c + it.d') }}"
    ),
    "sum_over": "{{ sum_over('a', ['1', '2', '4'], 'a * b') }}",
}


@pytest.fixture
def generator() -> np.random.Generator:
    return np.random.default_rng(4)


def power_of_ten(
    generator: np.random.Generator, low: float, high: float, size: int = ROWS
) -> npt.NDArray[np.float64]:
    """Numbers whose logarithm is evenly spread."""
    return 10 ** generator.uniform(low, high, size)


def nulls(*values: float | None) -> list[float]:
    """What a macro should give, null as NaN."""
    return [NAN if value is None else value for value in values]


# The tools


def test_names_stand_for_values(macros: Macros) -> None:
    columns = {"a": [1.0, 2.0], "b": [10.0, 20.0]}
    assert macros.values("let", columns) == [2 + 20, 3 + 60]
    assert macros.values("staged", columns) == [20 + 10, 60 + 40]
    assert macros.values("sum_over", columns) == [70, 140]


@pytest.mark.parametrize("name", SHADOWED)
def test_columns_keep_their_values_under_any_name(macros: Macros, name: str) -> None:
    found = macros.floats(f"shadowed {name}", {name: [0.5, 1.5, 2.5]})
    assert worst(found, stats.t.sf([0.5, 1.5, 2.5], [1.5, 2.5, 3.5])) < 1e-14


def test_a_table_keeps_its_columns_under_any_name(macros: Macros) -> None:
    query = f"select {macros.sql['shadowed table']} from (values (1.5e0, 3e0)) as it (t, df)"
    (found,) = macros.connection.execute(query).fetchall()
    assert found[0] == pytest.approx(stats.t.sf(1.5, 3), rel=1e-14)


def test_macros_stand_in_one_another(macros: Macros, generator: np.random.Generator) -> None:
    p, df = generator.uniform(0.01, 0.99, 2000), np.ceil(power_of_ten(generator, 0, 3, 2000))
    degrees = stats.chi2.ppf(p, 3)
    assert worst(macros.floats("nested", {"a": p, "b": df}), stats.t.sf(stats.t.ppf(p, df), degrees)) < 1e-10


def test_aggregates_and_windows_may_be_arguments(macros: Macros) -> None:
    sql = macros.sql["student_t_sf"]
    values = "(values (1.0e0, 2), (3.0e0, 4)) as inputs (v, w)"
    grouped = sql.replace("cast(a as", "cast(avg(v) as").replace("cast(b as", "cast(sum(w) as")
    (found,) = macros.connection.execute(f"select {grouped} from {values}").fetchall()
    assert found[0] == pytest.approx(stats.t.sf(2, 6), rel=1e-14)
    windowed = sql.replace("cast(a as", "cast(avg(v) over () as").replace("cast(b as", "cast(w as")
    rows = macros.connection.execute(f"select {windowed} from {values} order by w").fetchall()
    assert [row[0] for row in rows] == pytest.approx(stats.t.sf(2, [2, 4]), rel=1e-14)


# The normal distribution


def test_normal_cdf_grid(macros: Macros) -> None:
    published = vector("normal_cdf_grid", "statistics")
    z, expected, limits = published["inputs"], published["expected"], published["tolerance"]
    for name in ("cdf", "sf"):
        found = macros.floats(f"normal_{name}", {"a": z})
        truth = np.array([row[name] for row in expected])
        assert np.max(np.abs(found - truth)) <= limits["abs"]
        normal = truth > 1e-300  # the one below, at -38, has no more than 8 digits as a double
        assert worst(found[normal], truth[normal]) <= limits["rel_tail"]
        assert found[~normal] == pytest.approx(truth[~normal], rel=2e-8, abs=0)


def test_normal_ppf_grid(macros: Macros) -> None:
    published = vector("normal_ppf_grid", "statistics")
    found = macros.floats("normal_quantile", {"a": published["inputs"]})
    assert worst(found, np.array(published["expected"])) <= published["tolerance"]["rel"]


def test_normal_tails_are_those_of_scipy(macros: Macros, generator: np.random.Generator) -> None:
    near, far = generator.uniform(-5, 5, ROWS), generator.uniform(-5, 37, ROWS)
    for z, limit in ((near, 5e-15), (far, 4e-13)):
        assert worst(macros.floats("normal_sf", {"a": z}), special.ndtr(-z)) < limit
        assert worst(macros.floats("normal_cdf", {"a": -z}), special.ndtr(-z)) < limit
        assert worst(macros.floats("normal_two_sided_p", {"a": -z}), 2 * special.ndtr(-abs(z))) < limit


def test_normal_tails_at_the_edges(macros: Macros) -> None:
    edges = {"a": [None, NAN, INFINITY, -INFINITY, 0.0, 1e308, -1e308, 1e-320, 39.0]}
    halves = {
        "normal_sf": (0.0, 1.0, 0.5),
        "normal_cdf": (1.0, 0.0, 0.5),
        "normal_two_sided_p": (0.0, 0.0, 1.0),
    }
    for name, (above, below, centre) in halves.items():
        end = 1.0 if name == "normal_cdf" else 0.0
        expected = nulls(None, None, above, below, centre, above, below, centre, end)
        assert macros.floats(name, edges) == pytest.approx(expected, rel=0, abs=0, nan_ok=True)


def test_normal_quantiles_are_those_of_scipy(macros: Macros, generator: np.random.Generator) -> None:
    for p in (
        power_of_ten(generator, -300, 0),
        generator.uniform(0, 1, ROWS),
        1 - power_of_ten(generator, -15, 0),
    ):
        assert worst(macros.floats("normal_quantile", {"a": p}), special.ndtri(p)) < 2e-15


def test_normal_quantile_at_the_edges(macros: Macros) -> None:
    found = macros.floats("normal_quantile", {"a": [None, NAN, 0.0, 1.0, -0.1, 1.1, INFINITY, 0.5]})
    assert found == pytest.approx(nulls(*[None] * 7, 0.0), rel=0, abs=0, nan_ok=True)


# The gamma function


def test_log_gamma_is_that_of_scipy(macros: Macros, generator: np.random.Generator) -> None:
    for x in (
        power_of_ten(generator, -70, 70),
        generator.uniform(0, 5, ROWS),
        power_of_ten(generator, -2, 4),
    ):
        expected = special.gammaln(x)
        found = macros.floats("log_gamma", {"a": x})
        assert np.max(np.abs(found - expected) / np.maximum(np.abs(expected), 1)) < 1e-14


def test_log_gamma_at_the_edges(macros: Macros) -> None:
    assert np.isnan(
        macros.floats("log_gamma", {"a": [None, NAN, 0.0, -1.5, INFINITY, -INFINITY, 1e300]})
    ).all()


# Student's t


def test_t_two_sided_p_grid(macros: Macros) -> None:
    published = vector("t_two_sided_p_grid", "statistics")
    columns = {
        "a": [row["t"] for row in published["inputs"]],
        "b": [row["df"] for row in published["inputs"]],
    }
    found = macros.floats("student_t_two_sided_p", columns)
    assert worst(found, np.array(published["expected"])) <= published["tolerance"]["rel"]
    assert worst(found, np.array(published["expected"])) < 1e-13


def degrees_of_freedom(generator: np.random.Generator) -> npt.NDArray[np.float64]:
    """From 1 to ten million, every other whole."""
    df = power_of_ten(generator, 0, 7)
    return np.where(np.arange(ROWS) % 2 == 0, np.round(df), df)


def t_tail(t: Floats, df: Floats) -> Floats:
    """P(T > t) for t >= 0; scipy's own from its middle half, as it loses digits near 0."""
    middle = special.betainc(0.5, df / 2, t**2 / (df + t**2))
    tail: Floats = np.where(t < 0.5, 0.5 - middle / 2, stats.t.sf(t, df))
    return tail


def test_t_tails_are_those_of_scipy(macros: Macros, generator: np.random.Generator) -> None:
    df = degrees_of_freedom(generator)
    for t in (generator.normal(0, 3, ROWS), generator.uniform(0, 37, ROWS), power_of_ten(generator, -8, 4)):
        tail = t_tail(np.abs(t), df)
        sound = tail > 1e-300
        columns = {"a": t[sound], "b": df[sound]}
        allowed = np.where(tail > 1e-15, 4e-14, 1e-12)[sound]
        two_sided = macros.floats("student_t_two_sided_p", columns)
        assert np.all(np.abs(two_sided / (2 * tail[sound]) - 1) < allowed)
        upper = np.where(t < 0, 1 - tail, tail)[sound]
        assert np.all(np.abs(macros.floats("student_t_sf", columns) / upper - 1) < allowed)


def test_t_tails_of_few_degrees_of_freedom(macros: Macros, generator: np.random.Generator) -> None:
    """Below 1, too, and for t as large as a double: the tail is then a power of t."""
    df, t = generator.uniform(0.01, 1, 2000), power_of_ten(generator, -3, 6, 2000)
    assert worst(macros.floats("student_t_sf", {"a": t, "b": df}), t_tail(t, df)) < 2e-12
    huge = power_of_ten(generator, 9, 305, 2000)
    cauchy = macros.floats("student_t_sf", {"a": huge, "b": np.ones(2000)})
    assert worst(cauchy, 1 / np.pi / huge) < 1e-12


def test_t_tails_at_the_edges(macros: Macros) -> None:
    t = [None, 1.0, NAN, 1.0, 1.0, 1.0, 1.0, INFINITY, -INFINITY, 0.0, 1.0, 1e308, -1e308]
    df = [3.0, None, 3.0, NAN, 0.0, -1.0, -INFINITY, 3.0, 3.0, 3.0, INFINITY, 1e300, 1e-300]
    found = macros.floats("student_t_sf", {"a": t, "b": df})
    expected = nulls(*[None] * 7, 0.0, 1.0, 0.5, stats.norm.sf(1), 0.0, 0.5)
    assert found == pytest.approx(expected, rel=1e-12, abs=0, nan_ok=True)
    two_sided = macros.floats("student_t_two_sided_p", {"a": t, "b": df})
    assert two_sided == pytest.approx(
        nulls(*[None] * 7, 0, 0, 1, 2 * stats.norm.sf(1), 0, 1), rel=1e-12, abs=0, nan_ok=True
    )


def test_t_quantiles_are_those_of_scipy(macros: Macros, generator: np.random.Generator) -> None:
    """As far as scipy's own are right, which in the far tail of few degrees of freedom they are not."""
    df = degrees_of_freedom(generator)
    for p in (
        generator.uniform(0, 1, ROWS),
        power_of_ten(generator, -20, -0.4),
        1 - power_of_ten(generator, -15, -0.4),
    ):
        found, expected = macros.floats("student_t_quantile", {"a": p, "b": df}), stats.t.ppf(p, df)
        assert np.max(np.abs(found - expected) / np.maximum(np.abs(expected), 1e-3)) < 1e-11


def test_t_quantiles_put_back_give_their_probability(macros: Macros, generator: np.random.Generator) -> None:
    df = degrees_of_freedom(generator)
    for p in (power_of_ten(generator, -299, -0.31), generator.uniform(0, 0.5, ROWS)):
        t = macros.floats("student_t_quantile", {"a": p, "b": df})
        few = np.abs(t) < 1e300
        assert worst(macros.floats("student_t_sf", {"a": -t[few], "b": df[few]}), p[few]) < 2e-11
        mirrored = macros.floats("student_t_quantile", {"a": 1 - p, "b": df})
        exact = 1 - (1 - p) == p
        assert worst(mirrored[exact], -t[exact]) < 1e-15


def test_t_quantile_at_the_edges(macros: Macros) -> None:
    p = [None, NAN, 0.0, 1.0, -0.1, 1.1, 0.3, 0.3, 0.3, 0.3, 1e-301, 0.5, 0.975, 1e-300]
    df = [3.0, 3.0, 3.0, 3.0, 3.0, 3.0, None, NAN, 0.0, -1.0, 3.0, 3.0, INFINITY, 1.0]
    found = macros.floats("student_t_quantile", {"a": p, "b": df})
    expected = nulls(*[None] * 11, 0.0, special.ndtri(0.975), -1e300 / np.pi)
    assert found == pytest.approx(expected, rel=1e-12, abs=0, nan_ok=True)


# Chi-square


def test_chi2_sf_grid(macros: Macros) -> None:
    published = vector("chi2_sf_grid", "statistics")
    columns = {
        "a": [row["x"] for row in published["inputs"]],
        "b": [row["df"] for row in published["inputs"]],
    }
    found = macros.floats("chi_square_sf", columns)
    assert worst(found, np.array(published["expected"])) <= published["tolerance"]["rel"]


def test_chi_square_tails_are_those_of_scipy(macros: Macros, generator: np.random.Generator) -> None:
    df = np.resize(np.arange(1, 201), ROWS).astype(float)
    around = df * np.exp(generator.normal(0, 2, ROWS) / np.sqrt(df))
    for x in (around, generator.uniform(0, 1400, ROWS), power_of_ten(generator, -10, 3.1)):
        expected = special.gammaincc(df / 2, x / 2)
        sound = expected > 1e-300
        assert worst(macros.floats("chi_square_sf", {"a": x[sound], "b": df[sound]}), expected[sound]) < 3e-13


def test_chi_square_tail_at_the_edges(macros: Macros) -> None:
    x = [None, 1.0, NAN, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, -1.0, -INFINITY, INFINITY, 1e308, 1e-310]
    df = [2.0, None, 2.0, NAN, 0.0, -1.0, 2.5, 201.0, 1.0, 2.0, 2.0, 2.0, 3.0, 1.0]
    expected = nulls(*[None] * 8, 1, 1, 1, 0, 0, 1)
    assert macros.floats("chi_square_sf", {"a": x, "b": df}) == pytest.approx(
        expected, rel=0, abs=0, nan_ok=True
    )


def test_chi_square_quantiles_are_those_of_scipy(macros: Macros, generator: np.random.Generator) -> None:
    df = np.resize(np.arange(1, 201), 4000).astype(float)
    for p in (
        generator.uniform(1e-4, 1, 4000),
        power_of_ten(generator, -4, 0, 4000),
        1 - power_of_ten(generator, -14, -0.1, 4000),
    ):
        inside = (p >= 1e-4) & (p < 1)
        found = macros.floats("chi_square_quantile", {"a": p[inside], "b": df[inside]})
        assert worst(found, stats.chi2.ppf(p, df)[inside]) < 1e-9


def test_chi_square_quantile_at_the_edges(macros: Macros) -> None:
    p = [None, NAN, 0.0, 1.0, -0.1, 1.1, 0.3, 0.3, 0.3, 0.3, 9e-5]
    df = [3.0, 3.0, 3.0, 3.0, 3.0, 3.0, None, NAN, 0.0, 2.5, 3.0]
    assert np.isnan(macros.floats("chi_square_quantile", {"a": p, "b": df})).all()


# The t test's power


def test_power_t_test_r(macros: Macros) -> None:
    published = vector("power_t_test_R", "statistics")
    size, power = published["inputs"]
    units = macros.number("sample_size_of_t_test", a=size["delta"], b=size["sd"], c=0.05, d=size["power"])
    reached = macros.number("power_of_t_test", a=power["n"], b=power["delta"], c=power["sd"], d=0.05)
    assert [units, reached] == pytest.approx(published["expected"], abs=published["tolerance"], rel=0)


def powers(units: Floats, effect: Floats, alpha: Floats) -> Floats:
    """By scipy's noncentral t, for a deviation of 1."""
    df, shift = 2 * units - 2, effect * np.sqrt(units / 2)
    bound = stats.t.isf(alpha / 2, df)
    with np.errstate(all="ignore"):
        made: Floats = stats.nct.sf(bound, df, shift) + np.nan_to_num(stats.nct.cdf(-bound, df, shift))
    return made


def test_power_of_t_test_is_that_of_scipy(macros: Macros, generator: np.random.Generator) -> None:
    size = 600
    units, alpha = power_of_ten(generator, np.log10(2), 4, size), generator.uniform(0.001, 0.2, size)
    units[:20] = 2
    effect = generator.uniform(0, 6, size) / np.sqrt(units / 2)
    columns = {"a": units, "b": -3 * effect, "c": np.full(size, 3.0), "d": alpha}
    error = np.abs(macros.floats("power_of_t_test", columns) - powers(units, effect, alpha))
    assert np.max(error) < 1e-6
    assert np.max(error[units >= 3]) < 1e-11


def test_sample_size_of_t_test_reaches_its_power(macros: Macros, generator: np.random.Generator) -> None:
    size = 300
    effect, alpha = power_of_ten(generator, -3, 0.5, size), generator.uniform(0.01, 0.1, size)
    power = generator.uniform(0.3, 0.99, size)
    columns = {"a": effect * 5, "b": np.full(size, 5.0), "c": alpha, "d": power}
    units = macros.floats("sample_size_of_t_test", columns)
    error = np.abs(powers(units, effect, alpha) - power)
    assert np.all(error[units > 2] < 1e-3)
    assert np.all(error[units > 5] < 1e-5)
    assert np.all(powers(units, effect, alpha)[units == 2] > power[units == 2] - 1e-9)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("power_of_t_test", (1.0, 1.0, 1.0, 0.05)),
        ("power_of_t_test", (20.0, 1.0, 0.0, 0.05)),
        ("power_of_t_test", (20.0, 1.0, 1.0, 1.0)),
        ("power_of_t_test", (20.0, 1.0, 1.0, 0.0)),
        ("power_of_t_test", (20.0, INFINITY, 1.0, 0.05)),
        ("power_of_t_test", (NAN, 1.0, 1.0, 0.05)),
        ("power_of_t_test", (20.0, None, 1.0, 0.05)),
        ("sample_size_of_t_test", (0.0, 1.0, 0.05, 0.8)),
        ("sample_size_of_t_test", (1.0, 0.0, 0.05, 0.8)),
        ("sample_size_of_t_test", (1.0, 1.0, 0.05, 1.0)),
        ("sample_size_of_t_test", (1.0, 1.0, 0.05, 0.04)),
        ("sample_size_of_t_test", (1.0, 1.0, NAN, 0.8)),
        ("sample_size_of_t_test", (None, 1.0, 0.05, 0.8)),
    ],
)
def test_what_cannot_be_planned_is_null(macros: Macros, name: str, values: tuple[float | None, ...]) -> None:
    assert macros.is_null(name, **dict(zip("abcd", values, strict=True)))


def test_a_huge_effect_is_always_found(macros: Macros) -> None:
    assert macros.number("power_of_t_test", a=20, b=1e100, c=1, d=0.05) == pytest.approx(1, abs=1e-12)
    assert macros.number("sample_size_of_t_test", a=1e5, b=1, c=0.05, d=0.8) == 2
