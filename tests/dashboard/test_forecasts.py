"""Forecasts: the method against statsmodels, the back-test, the interval's coverage, when none is given."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from dashboard.queries import forecasts
from dashboard.queries.forecasts import Declined, Forecast, Parameters, forecast

WEEK, HORIZON = 7, 14
CONSTANTS = {"level": 0.3, "trend": 0.1, "season": 0.2, "damping": 0.9}
LEVEL, TREND = 100.0, 0.5
FIRST_SEASON = [1.0, 2.0, 3.0, -1.0, -2.0, -3.0, 0.0]


def weekly(count: int, noise: float, seed: int = 1, trend: float = 0.1) -> NDArray[np.float64]:
    """A trend, a weekly season and normal noise."""
    days = np.arange(count)
    season = 20 * np.sin(2 * np.pi * days / WEEK)
    errors: NDArray[np.float64] = np.random.default_rng(seed).normal(0, noise, count)
    series: NDArray[np.float64] = 100 + trend * days + season + errors
    return series


def one(**constants: float) -> Parameters:
    """A single combination of parameters."""
    return Parameters(**{name: np.array([value]) for name, value in constants.items()})


def made(values: Iterable[float | None], **more: Any) -> Forecast:
    found = forecast([*values], more.pop("season", WEEK), more.pop("horizon", HORIZON), **more)
    assert isinstance(found, Forecast), found
    return found


def refused(values: Iterable[float | None], season: int = WEEK, horizon: int = HORIZON) -> str:
    found = forecast([*values], season, horizon)
    assert isinstance(found, Declined), found
    return found.reason


def test_the_recursion_equals_statsmodels() -> None:
    series = weekly(200, 5)
    path = forecasts.smoothed(series, one(**CONSTANTS), LEVEL, TREND, FIRST_SEASON)
    values, _ = forecasts.ahead(path, one(**CONSTANTS), len(series), HORIZON)
    model = ExponentialSmoothing(
        series,
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=WEEK,
        initialization_method="known",
        initial_level=LEVEL,
        initial_trend=TREND,
        initial_seasonal=FIRST_SEASON,
    ).fit(
        smoothing_level=CONSTANTS["level"],
        smoothing_trend=CONSTANTS["trend"],
        smoothing_seasonal=CONSTANTS["season"],
        damping_trend=CONSTANTS["damping"],
        optimized=False,
    )
    assert path.squares[-1, 0] == pytest.approx(model.sse, rel=1e-12)
    # A whole season ahead statsmodels takes the season from before its last update; ETSModel does not.
    compared = [step for step in range(HORIZON) if (step + 1) % WEEK]
    assert values[compared] == pytest.approx(model.forecast(HORIZON)[compared], rel=1e-12)


def test_values_and_deviations_equal_the_state_space_model() -> None:
    series = weekly(200, 5)
    path = forecasts.smoothed(series, one(**CONSTANTS), LEVEL, TREND, FIRST_SEASON)
    values, deviations = forecasts.ahead(path, one(**CONSTANTS), len(series), HORIZON)
    model = ETSModel(
        pa.array(series).to_pandas(),
        error="add",
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=WEEK,
        initialization_method="known",
        initial_level=LEVEL,
        initial_trend=TREND,
        initial_seasonal=FIRST_SEASON,
    )
    level, trend = CONSTANTS["level"], CONSTANTS["level"] * CONSTANTS["trend"]
    smooth = model.smooth([level, trend, CONSTANTS["season"], CONSTANTS["damping"]])
    expected = smooth.get_prediction(start=len(series), end=len(series) + HORIZON - 1)
    assert values == pytest.approx(expected.predicted_mean, rel=1e-10)
    ratio = deviations / np.sqrt(expected.forecast_variance)
    assert ratio == pytest.approx(np.full(HORIZON, ratio[0]), rel=1e-10)
    assert ratio[0] == pytest.approx(math.sqrt(len(series) / (len(series) - 1)), rel=1e-10)


def test_a_trend_with_a_season_is_continued() -> None:
    series = weekly(200 + HORIZON, 0.0)
    found = made(series[:200])
    assert found.season == WEEK
    assert found.values == pytest.approx(series[200:], abs=2.0)
    assert found.errors.gain > 0.5
    assert found.scaled_error < 0.2


def test_noise_is_forecast_by_its_mean() -> None:
    found = made(np.random.default_rng(3).normal(100, 5, 300))
    assert np.mean(found.values) == pytest.approx(100, abs=2)
    # The last value errs by two noises, the mean by one, and by a little more as it must be found.
    assert 1.15 < found.errors.naive / found.errors.model < math.sqrt(2)


def test_the_interval_holds_what_comes_and_the_back_test_says_so() -> None:
    held, said = [], []
    for seed in range(40):
        series = weekly(240 + HORIZON, 5, seed)
        found = made(series[:240])
        inside = [
            low <= value <= high
            for low, value, high in zip(found.lower, series[240:], found.upper, strict=True)
        ]
        held.append(np.mean(inside))
        said.append(found.coverage or 0.0)
        assert all(
            low < value < high
            for low, value, high in zip(found.lower, found.values, found.upper, strict=True)
        )
    assert np.mean(held) == pytest.approx(forecasts.SHARE_WITHIN, abs=0.05)
    assert np.mean(said) == pytest.approx(forecasts.SHARE_WITHIN, abs=0.05)


def test_the_interval_holds_under_noise_with_heavy_tails() -> None:
    held = []
    for seed in range(40):
        series = weekly(240 + HORIZON, 0) + 5 * np.random.default_rng(seed).standard_t(3, 240 + HORIZON)
        found = made(series[:240])
        held.append(np.mean((series[240:] >= found.lower) & (series[240:] <= found.upper)))
    assert np.mean(held) == pytest.approx(forecasts.SHARE_WITHIN, abs=0.05)


def test_random_walks_are_declined() -> None:
    walks = [np.cumsum(np.random.default_rng(seed).normal(0, 1, 200)) for seed in range(40)]
    given = sum(isinstance(forecast([*walk], WEEK, HORIZON), Forecast) for walk in walks)
    assert given <= 4  # A tenth is luck.


def test_the_back_test_knows_nothing_of_later_values() -> None:
    series = weekly(150, 5)
    path, parameters = forecasts.fitted(series, WEEK)
    changed = series.copy()
    changed[100:] += 1000
    other, _ = forecasts.fitted(changed, WEEK)
    for origin in range(60, 100):
        own = forecasts.ahead(path, parameters, origin - WEEK, HORIZON)
        assert np.array_equal(own, forecasts.ahead(other, parameters, origin - WEEK, HORIZON)), origin


def test_the_back_test_is_of_forecasts_from_the_past_alone() -> None:
    series = weekly(80, 5)
    found = made(series)
    wrong = []
    for origin in range(WEEK + forecasts.WARM_UP, len(series) - HORIZON + 1):
        path, parameters = forecasts.fitted(series[:origin], WEEK)
        guess, _ = forecasts.ahead(path, parameters, origin - WEEK, HORIZON)
        wrong.append(np.abs(series[origin : origin + HORIZON] - guess))
    assert found.origins == len(wrong)
    assert found.errors.model == pytest.approx(float(np.mean(wrong)), rel=1e-12)
    path, parameters = forecasts.fitted(series, WEEK)
    assert found.values == pytest.approx(forecasts.ahead(path, parameters, len(series) - WEEK, HORIZON)[0])


def test_errors_are_those_of_each_guess() -> None:
    series = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    found = forecasts.errors_of(series, 2, {3: np.array([5.0, 10.0])})
    assert found.model == pytest.approx((3 + 6) / 2)
    assert found.naive == pytest.approx((4 + 12) / 2)
    assert found.seasonal == pytest.approx((6 + 12) / 2)
    assert found.best_naive == found.naive
    assert found.gain == pytest.approx(1 - 4.5 / 8)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "It takes 23 whole parts to forecast 14 and to test that; there are 0."),
        ([1.0, 2.0, 3.0], "there are 3."),
        ([5.0] * 60, "does not change"),
        ([0.0] * 60, "does not change"),
        ([None] * 60, "have no value"),
        ([float("nan")] * 60, "have no value"),
        ([1.0, None] * 40, "Of 80 parts 40 have no value: too many."),
        ([float("inf")] * 60, "have no value"),
    ],
    ids=["nothing", "too short", "constant", "zeros", "nulls", "NaN", "half missing", "infinite"],
)
def test_what_cannot_be_forecast_is_declined_in_words(values: list[float | None], reason: str) -> None:
    assert reason in refused(values)


def test_a_few_missing_values_are_passed_over() -> None:
    series: list[float | None] = [*weekly(200, 2)]
    full = made(series)
    series[50] = series[120] = None
    series[199] = float("nan")
    found = made(series)
    assert found.values == pytest.approx(full.values, abs=3)
    assert all(map(math.isfinite, (*found.lower, *found.values, *found.upper)))


def test_values_below_zero_are_series_like_others() -> None:
    series = weekly(200, 2) - 300
    shifted = made(series + 300)
    found = made(series)
    assert [value + 300 for value in found.values] == pytest.approx(shifted.values)
    assert found.errors.gain == pytest.approx(shifted.errors.gain)


def test_bounds_are_kept() -> None:
    series = np.maximum(0, weekly(200, 15, trend=0) - 95)
    found = made(series, least=0.0, most=20.0)
    assert min(found.lower) == 0
    assert max(found.upper) == 20
    assert all(0 <= value <= 20 for value in found.values)
    assert min(made(series).lower) < 0


def test_a_season_needs_two_of_it() -> None:
    months = 2 * np.arange(24) + 30 * np.sin(np.arange(24) * np.pi / 6)
    months = months + np.random.default_rng(5).normal(100, 3, 24)
    found = made(months, season=12, horizon=3)
    assert (found.season, found.origins, found.coverage) == (12, 6, None)
    assert found.errors.seasonal is not None
    fewer = made(np.linspace(10, 60, 23), season=12, horizon=3)
    assert (fewer.season, fewer.errors.seasonal) == (0, None)
    assert fewer.values == pytest.approx([62.27, 64.55, 66.82], abs=2)


def test_a_gain_that_may_be_luck_is_declined() -> None:
    errors = forecasts.Errors(model=0.97, naive=1.0, seasonal=1.5)
    assert errors.gain == pytest.approx(0.03)
    assert "only 3.0% smaller than that of guessing the last value" in forecasts.refusal(errors)
    worse = forecasts.Errors(model=1.2, naive=1.5, seasonal=1.0)
    assert forecasts.refusal(worse).endswith("no better than to guess the value of one season before.")


def test_of_a_long_series_the_last_values_count() -> None:
    series = weekly(forecasts.MOST_VALUES + 300, 3)
    assert made(series) == made(series[-forecasts.MOST_VALUES :])
