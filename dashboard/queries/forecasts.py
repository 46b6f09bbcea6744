"""What comes next in a series, by damped Holt-Winters: with a back-test, or a refusal. Pure functions.

Additive level, damped trend and season (Gardner & McKenzie 1985, "Forecasting trends in time series"; Hyndman
& Athanasopoulos, "Forecasting: principles and practice", section 8.3). All combinations of a grid of
parameters run through the series side by side; at each origin of the back-test those count that made the
least squared one-step error until then, so that nothing later is known to a forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import isfinite
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]

LEVELS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.95)
TRENDS = (0.0, 0.02, 0.1, 0.3)
SEASONS = (0.0, 0.05, 0.15, 0.35)
DAMPINGS = (0.8, 0.9, 0.98)
"""The grid: how much of each new value level, trend and season take in, and what a trend keeps of itself."""
SHARE_WITHIN = 0.8
NORMAL_QUANTILE = 1.2815515655446004
"""Within so many standard deviations lie 80 % of normal errors."""
MARGIN = 0.05
"""By how much the error must be below the best naive guess's: less is luck."""
WARM_UP = 4
LEAST_ORIGINS, LEAST_ERRORS = 6, 20
MOST_MISSING = 0.2
MOST_VALUES = 1000
"""Of a longer series only the last ones count."""
SMALLEST = 1e-9


@dataclass(frozen=True)
class Errors:
    """Mean absolute errors of the back-test, in the series' unit; `seasonal` is None without a season."""

    model: float
    naive: float
    seasonal: float | None

    @property
    def best_naive(self) -> float:
        """The smaller error of the naive guesses."""
        return self.naive if self.seasonal is None else min(self.naive, self.seasonal)

    @property
    def gain(self) -> float:
        """By what share of the best naive guess's error the model's is smaller; below 0 it is larger."""
        return 1 - self.model / self.best_naive if self.best_naive > 0 else 0.0


@dataclass(frozen=True)
class Forecast:
    """The next values with an 80 % interval, and what the back-test measured.

    `scaled_error` is the mean absolute error over that of one-step naive guesses in the whole series (MASE),
    `coverage` the share of the back-test's values within the interval that was known before them, None where
    there were too few; `origins` from how many points it forecast; `season` 0 where none is fitted.
    """

    values: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    errors: Errors
    scaled_error: float
    coverage: float | None
    origins: int
    season: int


@dataclass(frozen=True)
class Declined:
    """Why there is no forecast, as a sentence."""

    reason: str


@dataclass(frozen=True)
class Parameters:
    """Combinations of parameters, an array of each: level, trend, season (0 to 1) and damping."""

    level: Numbers
    trend: Numbers
    season: Numbers
    damping: Numbers


@dataclass(frozen=True)
class Path:
    """What all combinations (columns) knew before each value of the series (rows), and after the last.

    `level`, `trend`: n + 1 rows; `season`: n + 1 rows of combinations by season, the next value's first;
    `squares`, `counts`: the sum of the squared one-step errors until then, and their number.
    """

    level: Numbers
    trend: Numbers
    season: Numbers
    squares: Numbers
    counts: NDArray[np.int64]


def grid(has_season: bool) -> Parameters:
    """All combinations of the grid."""
    found = np.array([*product(LEVELS, TRENDS, SEASONS if has_season else (0.0,), DAMPINGS)])
    return Parameters(*found.T)


def smoothed(
    series: Numbers, parameters: Parameters, level: float, trend: float, season: Sequence[float]
) -> Path:
    """Run the combinations through the series from these initial states; a NaN tells them nothing."""
    count, combinations, length = len(series), len(parameters.level), len(season)
    levels, trends = np.empty((count + 1, combinations)), np.empty((count + 1, combinations))
    seasons = np.empty((count + 1, combinations, length))
    squares, counts = np.zeros((count + 1, combinations)), np.zeros(count + 1, dtype=np.int64)
    levels[0], trends[0], seasons[0] = level, trend, np.asarray(season)
    for index, value in enumerate(series):
        expected = levels[index] + parameters.damping * trends[index]
        own = seasons[index][:, 0]
        is_known = isfinite(value)
        error = value - expected - own if is_known else np.zeros(combinations)
        levels[index + 1] = expected + parameters.level * error
        change = levels[index + 1] - levels[index]
        damped = parameters.damping * trends[index]
        trends[index + 1] = damped + parameters.trend * (change - damped) if is_known else damped
        seasons[index + 1][:, :-1] = seasons[index][:, 1:]
        seasons[index + 1][:, -1] = own + parameters.season * error
        squares[index + 1] = squares[index] + error**2
        counts[index + 1] = counts[index] + is_known
    return Path(levels, trends, seasons, squares, counts)


def ahead(path: Path, parameters: Parameters, origin: int, horizon: int) -> tuple[Numbers, Numbers]:
    """The values after `origin` values as the best combination until then sees them, and their deviations.

    The deviations follow from the one-step error's as for any such model (Hyndman & others 2008,
    "Forecasting with exponential smoothing", table 6.1).
    """
    best = int(np.argmin(path.squares[origin]))
    damping, length = parameters.damping[best], path.season.shape[2]
    steps = np.arange(1, horizon + 1)
    trend_share = np.cumsum(damping**steps)
    season = path.season[origin, best][(steps - 1) % length]
    values = path.level[origin, best] + trend_share * path.trend[origin, best] + season
    weights = parameters.level[best] * (1 + parameters.trend[best] * trend_share)
    weights = weights + np.where(steps % length == 0, parameters.season[best], 0.0)
    variance = path.squares[origin, best] / max(1, path.counts[origin] - 1)
    growth = np.concatenate([[1.0], 1 + np.cumsum(weights[:-1] ** 2)])
    return values, np.sqrt(variance * growth)


def naive(series: Numbers, origin: int, horizon: int, season: int = 1) -> Numbers:
    """The last known value of the same place in the season, for each of the next ones; NaN where none is."""
    guesses = np.full(horizon, np.nan)
    for step in range(horizon):
        earlier = series[:origin][(origin + step) % season :: season]
        known = earlier[np.isfinite(earlier)]
        if len(known):
            guesses[step] = known[-1]
    return guesses


def forecast(
    values: Sequence[float | None],
    season: int,
    horizon: int,
    least: float | None = None,
    most: float | None = None,
) -> Forecast | Declined:
    """The next `horizon` values of a series of whole parts, or why there are none.

    `season`: how many parts make a season, 1 or less for none; without two of them none is fitted. `least`
    and `most`: what no value can be below or above.
    """
    series = np.array(
        [np.nan if value is None else value for value in values[-MOST_VALUES:]], dtype=np.float64
    )
    series[~np.isfinite(series)] = np.nan
    season = season if 1 < season <= len(series) // 2 else 0
    start = (season or 0) + WARM_UP
    known = series[np.isfinite(series)]
    needed = start + horizon + LEAST_ORIGINS - 1
    if len(series) < needed:
        return Declined(
            f"It takes {needed} whole parts to forecast {horizon} and to test that; there are {len(series)}."
        )
    if len(known) < (1 - MOST_MISSING) * len(series):
        return Declined(f"Of {len(series)} parts {len(series) - len(known)} have no value: too many.")
    if np.ptp(known) <= SMALLEST * max(1.0, float(np.abs(known).max())):
        return Declined("The series does not change, so that there is nothing to forecast.")
    path, parameters = fitted(series, season)
    offset = season or WARM_UP
    tested = [*range(start, len(series) - horizon + 1)]
    paths = {origin: ahead(path, parameters, origin - offset, horizon) for origin in [*tested, len(series)]}
    errors = errors_of(series, season, {origin: paths[origin][0] for origin in tested})
    if errors.gain < MARGIN:
        return Declined(refusal(errors))
    scores = {
        origin: np.abs(series[origin : origin + horizon] - paths[origin][0])
        / np.maximum(paths[origin][1], SMALLEST)
        for origin in tested
    }
    middle, deviation = paths[len(series)]
    reach = quantile([scores[origin] for origin in tested]) * deviation
    limits = (-np.inf if least is None else least, np.inf if most is None else most)
    steps = np.abs(np.diff(known))
    return Forecast(
        values=floats(np.clip(middle, *limits)),
        lower=floats(np.clip(middle - reach, *limits)),
        upper=floats(np.clip(middle + reach, *limits)),
        errors=errors,
        scaled_error=errors.model / float(steps.mean()),
        coverage=coverage(scores, horizon),
        origins=len(tested),
        season=season,
    )


def fitted(series: Numbers, season: int) -> tuple[Path, Parameters]:
    """The grid, run through what follows the first season (or the first few values), which starts it."""
    parameters = grid(season > 0)
    first = series[: season or WARM_UP]
    level = float(np.nanmean(first)) if np.isfinite(first).any() else 0.0
    start = np.nan_to_num(first - level, nan=0.0) if season else np.zeros(1)
    return smoothed(series[len(first) :], parameters, level, 0.0, start.tolist()), parameters


def errors_of(series: Numbers, season: int, guesses: dict[int, Numbers]) -> Errors:
    """Mean absolute errors over all origins and steps, of the values that are known."""
    wrong: dict[str, list[Numbers]] = {"model": [], "naive": [], "seasonal": []}
    for origin, guess in guesses.items():
        horizon = len(guess)
        actual = series[origin : origin + horizon]
        wrong["model"].append(np.abs(actual - guess))
        wrong["naive"].append(np.abs(actual - naive(series, origin, horizon)))
        if season:
            wrong["seasonal"].append(np.abs(actual - naive(series, origin, horizon, season)))
    means = {
        name: float(np.nanmean(np.concatenate(found))) if found else None for name, found in wrong.items()
    }
    return Errors(means["model"] or 0.0, means["naive"] or 0.0, means["seasonal"])


def quantile(scores: Sequence[Numbers]) -> float:
    """How many deviations from the forecast hold 80 % of new errors, going by those seen.

    The finite-sample quantile of split conformal prediction (Vovk & others 2005); of few errors, or of none,
    the normal distribution's.
    """
    seen = np.concatenate([*scores]) if scores else np.empty(0)
    seen = np.sort(seen[np.isfinite(seen)])
    if len(seen) < LEAST_ERRORS:
        return NORMAL_QUANTILE
    rank = min(len(seen), int(np.ceil((len(seen) + 1) * SHARE_WITHIN)))
    return float(seen[rank - 1])


def coverage(scores: dict[int, Numbers], horizon: int) -> float | None:
    """The share of values within the interval as it was at each origin: by the errors known by then."""
    within: list[bool] = []
    for origin, own in scores.items():
        before = [scores[earlier] for earlier in scores if earlier + horizon <= origin]
        reach = quantile(before)
        within += [bool(score <= reach) for score in own if isfinite(score)]
    return sum(within) / len(within) if len(within) >= LEAST_ERRORS else None


def refusal(errors: Errors) -> str:
    """Why a forecast that is no better than guessing is not shown."""
    rival = "the last value"
    if errors.seasonal is not None and errors.seasonal <= errors.naive:
        rival = "the value of one season before"
    if errors.gain <= 0:
        return f"In the back-test it was no better than to guess {rival}."
    return (
        f"In the back-test its error was only {errors.gain:.1%} smaller than that of guessing {rival}; "
        f"less than {MARGIN:.0%} may be luck."
    )


def floats(numbers: Numbers) -> tuple[float, ...]:
    """The numbers as Python's."""
    return tuple(float(number) for number in numbers)
