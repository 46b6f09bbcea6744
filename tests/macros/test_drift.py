"""Drift and anomalies: two distributions, a value and its history, features as they were known."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from tests.commands import run
from tests.macros.macro_runner import Macros, Values, call, check, tolerance, worst
from tests.macros.vectors import vector

# Taxi trips in New York a day, summed from half hours: nyc_taxi.csv of the Numenta Anomaly Benchmark
# (https://github.com/numenta/NAB, data/realKnownCause; MIT licence, copyright 2014-2024 Numenta Inc.), after
# the city's Taxi and Limousine Commission.
TAXI = Path(__file__).with_name("nyc_taxi_daily.csv")
FEATURES = ("entities", "features", "id", "as_of", ["v"], "event_ts")
TEMPLATES = {
    "psi": call("population_stability_index", "bins", "reference", "latest"),
    "psi of groups": call("population_stability_index", "bins", "reference", "latest", ["feature"]),
    "homogeneity": call("homogeneity", "bins", "latest", "reference + latest"),
    "ks": call("kolmogorov_smirnov", "samples", "x", "is_current"),
    "ks of groups": call("kolmogorov_smirnov", "samples", "x", "is_current", ["feature"]),
    "kolmogorov_sf": call("kolmogorov_sf", "x"),
    "robust_z": call("robust_z", "x", "median", "mad", "mean_deviation"),
    "ewma": call("ewma", "days", "x", "day", 0.3, 50),
    "ewma of groups": call("ewma", "days", "x", "day", 0.05, 0, ["store"]),
    "ewma_margin": call("ewma_margin", "sd", "weight"),
    "largest_own_z": call("largest_own_z", "n"),
    "weekdays": call("robust_z_scores", "days", "trips", "date"),
    "stores": call("robust_z_scores", "days", "trips", "date", ["store"], 1, 4, 3),
    "both sides": call("robust_z_scores", "days", "trips", "date", [], 7, 2, 3, 1, "is_ordinary"),
    "signed_root": call("signed_root", "x"),
    "event_time_only_inclusive": call("point_in_time", *FEATURES),
    "event_time_only_exclusive": call("point_in_time", *FEATURES, None, False),
    "created_filter_inclusive": call("point_in_time", *FEATURES, "created_ts"),
    "created_filter_exclusive": call("point_in_time", *FEATURES, "created_ts", False),
}


# Two distributions


@pytest.mark.parametrize("name", ["psi_zero_bin"])
def test_stability_with_an_empty_bin_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    inputs = published["inputs"]
    assert inputs["eps"] == 0.0001
    bins = {"reference": inputs["ref_counts"], "latest": inputs["cur_counts"]}
    (found,) = macros.rows("psi", bins=bins)
    check({"psi_evidently_style": found["population_stability_index"]}, published)


@pytest.mark.parametrize("name", ["chi2_homogeneity_categorical"])
def test_the_change_of_categories_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    categories = list(published["inputs"]["ref"])
    bins = {
        "reference": [published["inputs"]["ref"][category] for category in categories],
        "latest": [published["inputs"]["cur"][category] for category in categories],
    }
    (stability,), (test,) = macros.rows("psi", bins=bins), macros.rows("homogeneity", bins=bins)
    found = {
        "chi2": test["chi_square"],
        "df": test["degrees_of_freedom"],
        "p_value": test["p_value"],
        "psi": stability["population_stability_index"],
    }
    check(found, published)


def test_stability_is_the_sum_over_bins(macros: Macros) -> None:
    generator = np.random.default_rng(1)
    counts = generator.integers(0, 1000, (500, 2, 10)) * (generator.random((500, 2, 10)) < 0.8)
    counts[:, :, 0] += 1
    shares = np.where(counts == 0, 1e-4, counts / counts.sum(axis=2, keepdims=True))
    expected = ((shares[:, 1] - shares[:, 0]) * np.log(shares[:, 1] / shares[:, 0])).sum(axis=1)
    bins = {
        "feature": np.repeat(np.arange(500), 10),
        "reference": counts[:, 0].ravel(),
        "latest": counts[:, 1].ravel(),
    }
    rows = macros.rows("psi of groups", bins=bins)
    found = {row["feature"]: row["population_stability_index"] for row in rows}
    assert np.allclose([found[group] for group in range(500)], expected, rtol=1e-12, atol=0)
    assert {row["bin_count"] for row in rows} == {10}


@pytest.mark.parametrize(
    ("reference", "latest"),
    [([0, 0], [1, 2]), ([1, 2], [0, 0]), ([1, None], [1, 2]), ([1, 2], [1, -1]), ([], [])],
)
def test_there_is_no_stability_of_nothing(
    macros: Macros, reference: list[float | None], latest: list[float | None]
) -> None:
    (found,) = macros.rows("psi", bins={"reference": reference, "latest": latest})
    assert found["population_stability_index"] is None


def test_kolmogorovs_distribution_is_scipys(macros: Macros) -> None:
    x = np.concatenate([np.linspace(0, 6, 4000), [1.18, 0.04, 1e-9, 18.0, 40.0]])
    assert worst(macros.floats("kolmogorov_sf", {"x": x}), special.kolmogorov(x)) < 1e-12
    assert macros.is_null("kolmogorov_sf", x=-1.0)
    assert macros.is_null("kolmogorov_sf", x=None)


def test_two_samples_are_scipys(macros: Macros) -> None:
    """Samples of 1 to 400, continuous or with many ties, alike or shifted."""
    generator = np.random.default_rng(2)
    samples: dict[str, list[object]] = {"feature": [], "x": [], "is_current": []}
    expected = []
    for feature in range(300):
        pair = [
            generator.normal(shift, 1, generator.integers(1, 400))
            for shift in (0, generator.choice([0, 0.3]))
        ]
        if feature % 2:
            pair = [np.round(values) for values in pair]
        for is_current, values in zip((False, True), pair, strict=True):
            samples["feature"] += [f"{feature:03}"] * len(values)
            samples["x"] += list(map(float, values))
            samples["is_current"] += [is_current] * len(values)
        statistic = stats.ks_2samp(*pair, method="asymp").statistic
        size = len(pair[0]) * len(pair[1]) / (len(pair[0]) + len(pair[1]))
        expected.append(
            (len(pair[0]), len(pair[1]), statistic, special.kolmogorov(np.sqrt(size) * statistic))
        )
    rows = sorted(macros.rows("ks of groups", samples=samples), key=lambda row: str(row["feature"]))
    columns = ("reference_count", "current_count", "statistic", "p_value")
    found = np.array([[row[column] for column in columns] for row in rows], float)
    assert np.allclose(found, np.array(expected), rtol=1e-10, atol=1e-300)


@pytest.mark.parametrize(
    "x",
    [[], [1.0], [1.0, None], [1.0, np.nan], [1.0, np.inf]],
    ids=["none", "one", "null", "nan", "infinite"],
)
def test_one_sample_is_compared_with_nothing(macros: Macros, x: list[float | None]) -> None:
    is_current = np.arange(len(x)) == 1
    (found,) = macros.rows("ks", samples={"x": x, "is_current": is_current})
    assert found["statistic"] is None
    assert found["p_value"] is None


def test_equal_samples_do_not_differ(macros: Macros) -> None:
    samples: dict[str, Values] = {"x": [1, 2, 3, 1, 2, 3], "is_current": np.arange(6) > 2}
    (found,) = macros.rows("ks", samples=samples)
    assert (found["statistic"], found["p_value"]) == (0, 1)


# A value and its history


@pytest.mark.parametrize("name", ["modified_z_iglewicz_hoaglin"])
def test_modified_z_scores_are_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    x = np.array(published["inputs"]["x"])
    deviations = np.abs(x - np.median(x))
    spread = {"median": np.median(x), "mad": np.median(deviations), "mean_deviation": deviations.mean()}
    found = macros.floats(
        "robust_z", {"x": x, **{key: np.full(len(x), value) for key, value in spread.items()}}
    )
    outliers = list(x[np.abs(found) > published["inputs"]["threshold"]])
    own = np.abs(x - x.mean()).max() / x.std(ddof=1)
    check({"modified_z": list(found), "outliers": outliers, "ordinary_z_max": own}, published)


@pytest.mark.parametrize(
    ("mad", "mean_deviation", "z"),
    [
        (2.0, 5.0, 0.6745 * 3 / 2),
        (0.0, 5.0, 3 / (5 * np.sqrt(np.pi / 2))),
        (None, 5.0, 3 / (5 * np.sqrt(np.pi / 2))),
        (0.0, 0.0, None),
        (0.0, None, None),
        (1e-320, 1.0, None),
    ],
)
def test_without_a_median_deviation_the_mean_one_is_taken(
    macros: Macros, mad: float | None, mean_deviation: float | None, z: float | None
) -> None:
    arguments = {"x": 13.0, "median": 10.0, "mad": mad, "mean_deviation": mean_deviation}
    if z is None:
        assert macros.is_null("robust_z", **arguments)
    else:
        assert macros.values("robust_z", {key: [value] for key, value in arguments.items()}) == [
            pytest.approx(z)
        ]


@pytest.mark.parametrize("name", ["zmax_self_included"])
def test_a_z_score_that_includes_its_point_is_bounded(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    n = published["inputs"]["n"]
    bounds = list(macros.floats("largest_own_z", {"n": n}))
    check({"max_abs_z": bounds}, published)
    for size, bound in zip(n, bounds, strict=True):
        spike = np.zeros(size)
        spike[3] = 1e6
        assert (spike[3] - spike.mean()) / spike.std(ddof=1) == pytest.approx(bound, rel=1e-12)
    assert macros.is_null("largest_own_z", n=1.0)


@pytest.mark.parametrize("name", ["ewma_nist"])
def test_the_moving_average_is_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    inputs = published["inputs"]
    assert (inputs["lambda_"], inputs["ewma0"]) == (0.3, 50)
    days = {"day": np.arange(len(inputs["x"])), "x": inputs["x"]}
    rows = sorted(macros.rows("ewma", days=days), key=lambda row: int(str(row["day"])))
    margin = macros.number("ewma_margin", sd=inputs["sigma"], weight=inputs["lambda_"])
    found = {
        "ewma": [inputs["ewma0"], *(row["ewma"] for row in rows)],
        "ucl": inputs["ewma0"] + margin,
        "lcl": inputs["ewma0"] - margin,
    }
    check(found, published)


def test_the_moving_average_is_that_of_the_recursion(macros: Macros) -> None:
    generator = np.random.default_rng(3)
    days = {
        "store": np.repeat(["a", "b"], 1500),
        "day": np.tile(np.arange(1500), 2),
        "x": generator.gamma(2, 100, 3000),
    }
    rows = macros.rows("ewma of groups", days=days)
    found = {(row["store"], row["day"]): row["ewma"] for row in rows}
    for place, store in enumerate("ab"):
        average, averages = 0.0, []
        for x in days["x"][place * 1500 : (place + 1) * 1500]:
            average = 0.05 * float(x) + 0.95 * average
            averages.append(average)
        assert [found[store, day] for day in range(1500)] == pytest.approx(averages, rel=1e-12)


def test_an_average_that_meets_no_value_is_unknown_until_it_is_forgotten(macros: Macros) -> None:
    rows = macros.rows("ewma", days={"day": np.arange(3), "x": [52, None, 47]})
    averages = {row["day"]: row["ewma"] for row in rows}
    assert averages == {0: pytest.approx(50.6), 1: None, 2: None}
    assert macros.rows("ewma", days={"day": [], "x": []}) == []


def test_a_weight_that_makes_no_average_is_an_error(jinja_home: Path) -> None:
    failed = run("dbt", "compile", "--inline", call("ewma", "t", "x", "day", 0.001, 0), home=jinja_home)
    assert failed.returncode != 0
    assert "between 0.01 and 1, not 0.001." in " ".join(failed.stdout.split())


@pytest.mark.parametrize("name", ["nab_nyc_taxi_daily"])
def test_the_taxi_days_that_stand_out_are_as_published(macros: Macros, name: str) -> None:
    published = vector(name, "statistics")
    macros.connection.execute(f"create or replace table days as from read_csv('{TAXI}')")
    rows = macros.rows("weekdays")
    scores = {str(row["date"]): row["robust_z"] for row in rows}
    assert len(scores) == 215
    found = sorted(
        (day, score) for day, score in scores.items() if score is not None and abs(float(str(score))) > 6
    )
    flagged = published["expected"]["flagged"]
    assert [day for day, _ in found] == [day for day, _ in flagged]
    assert [score for _, score in found] == pytest.approx(
        [score for _, score in flagged], **tolerance(published)
    )
    # What judges a day by a fortnight that it is part of sees nothing.
    widest = macros.connection.execute(
        """
        with scored as (
            select abs(trips - avg(trips) over fortnight) / stddev_samp(trips) over fortnight as z
            from days
            window fortnight as (order by date rows 13 preceding)
        )
        select max(z) from scored
        """
    ).fetchall()
    own = published["expected"]["self_included_14d_z_max"]
    assert widest == [(pytest.approx(own, **tolerance(published)),)]


def test_a_day_is_judged_by_the_days_before_it_alone(macros: Macros) -> None:
    first = date(2026, 1, 1)
    dates = [first + timedelta(days=day) for day in range(6)]
    days: dict[str, Values] = {
        "store": ["a"] * 6 + ["b"] * 6,
        "date": dates * 2,
        "trips": [10, 12, 11, 99, None, 11.5] + [5] * 6,
    }
    rows = {(row["store"], row["date"]): row for row in macros.rows("stores", days=days)}
    assert len(rows) == 12
    counts = [rows["a", day]["history_count"] for day in dates]
    assert counts == [0, 1, 2, 3, 4, 3]
    scores = [rows["a", day]["robust_z"] for day in dates]
    assert scores == [None, None, None, pytest.approx(0.6745 * 88), None, pytest.approx(0.6745 * -0.5)]
    assert {rows["b", day]["robust_z"] for day in dates} == {None}


def test_a_day_can_be_judged_by_those_on_both_sides(macros: Macros) -> None:
    """Mondays: two before and one after; what is not ordinary is judged, and judges nothing."""
    first = date(2026, 1, 5)
    mondays = [first + timedelta(days=7 * week) for week in range(6)]
    days: dict[str, Values] = {
        "date": [*mondays, *(day + timedelta(days=1) for day in mondays)],
        "trips": [10, 14, 99, 13, 50, 12] + [1000] * 6,
        "is_ordinary": [True, True, False, True, True, True] * 2,
    }
    rows = {row["date"]: row for row in macros.rows("both sides", days=days)}
    assert [rows[day]["history_count"] for day in mondays] == [1, 1, 3, 2, 2, 2]
    assert rows[mondays[2]]["history_median"] == 13
    scores = [rows[day]["robust_z"] for day in mondays]
    assert scores == [None, None, pytest.approx(0.6745 * (99 - 13) / 1), None, None, None]


def test_the_root_keeps_the_sign(macros: Macros) -> None:
    amounts = [9.0, -9.0, 0.0, 2.25, None, float("inf"), float("nan")]
    assert macros.values("signed_root", {"x": amounts}) == [3, -3, 0, 1.5, None, None, None]


# Features as they were known


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("name", ["point_in_time_bitemporal"])
@pytest.mark.parametrize("variant", [key for key in TEMPLATES if key.endswith("clusive")])
def test_what_was_known_is_as_published(macros: Macros, name: str, variant: str) -> None:
    published = vector(name, "statistics")
    entities = published["inputs"]["entity"]
    features = published["inputs"]["features"]
    (found,) = macros.rows(
        variant,
        entities={"id": [row["id"] for row in entities], "as_of": [moment(row["as_of"]) for row in entities]},
        features={
            "id": [row["id"] for row in features],
            "event_ts": [moment(row["event_ts"]) for row in features],
            "created_ts": [moment(row["created_ts"]) for row in features],
            "v": [row["v"] for row in features],
        },
    )
    check({variant: found["v"]}, published)


def test_no_row_is_lost_or_doubled_and_nothing_comes_from_later(macros: Macros) -> None:
    generator = np.random.default_rng(4)
    start = np.datetime64("2026-01-01", "us")
    entities = {
        "id": generator.integers(0, 30, 1000),
        "as_of": start + generator.integers(0, 50, 1000).astype("timedelta64[D]"),
        "label": np.arange(1000),
    }
    features = {
        "id": generator.integers(0, 25, 600),
        "event_ts": start + generator.integers(0, 50, 600).astype("timedelta64[D]"),
        "v": np.arange(600),
    }
    rows = macros.rows("event_time_only_inclusive", entities=entities, features=features)
    found = {row["label"]: row["v"] for row in rows}
    assert len(rows) == len(found) == 1000
    for label in range(1000):
        known = (features["id"] == entities["id"][label]) & (features["event_ts"] <= entities["as_of"][label])
        newest = max(
            zip(features["event_ts"][known], features["v"][known], strict=True), default=(None, None)
        )
        assert found[label] == newest[1]
