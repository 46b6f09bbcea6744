"""A metric's forecast: the series behind it, its method and back-test in words. Draws nothing."""

from dataclasses import dataclass

from dashboard.metrics import Served
from dashboard.periods import DAY, Grain, Part, Period, parts
from dashboard.queries.explore import TIME, Question
from dashboard.queries.forecasts import Declined, Forecast, forecast
from dashboard.queries.units import UNITS
from dashboard.requests import PART

SEASONS = {Grain.DAY: 7, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}
HORIZONS = {Grain.DAY: 14, Grain.WEEK: 8, Grain.MONTH: 3, Grain.QUARTER: 2, Grain.YEAR: 1}
"""By grain: how many parts make a season, and how many are forecast."""


@dataclass(frozen=True)
class Outlook:
    """What comes next after the period, and the parts of time that it is of, or why nothing is said."""

    found: Forecast | Declined
    ahead: list[Part]
    known: int


def can_be_forecast(question: Question) -> bool:
    """Whether the question asks for one metric over time."""
    return question.by == (TIME,) and len(question.metrics) == 1


def outlook(served: Served, question: Question) -> Outlook:
    """The forecast of the question's metric, within its filters, from all data to the period's end.

    A part that the data or the period cuts is no value of the series; one that has begun is forecast whole.
    """
    grain, nature = question.filters.grain, question.nature
    history = Period(served.data.start, question.filters.period.end)
    whole = [part for part in parts(history, grain) if part.is_whole]
    rows = served.run(question.query(TIME, period=history)).to_pylist()
    by_start = {row[PART]: row[question.metric] for row in rows}
    values = [by_start.get(part.whole.start, nature.nothing) for part in whole]
    known = [value for value in values if value is not None]
    horizon = HORIZONS[grain]
    is_share = nature.unit is UNITS["share"] and max(known, default=0.0) <= 1
    found = forecast(
        values,
        SEASONS[grain],
        horizon,
        least=0.0 if min(known, default=-1.0) >= 0 else None,
        most=1.0 if is_share else None,
    )
    start = grain.after(whole[-1].whole.start) if whole else grain.start_of(history.start)
    ahead = []
    for _ in range(horizon):
        days = Period(start, grain.after(start) - DAY)
        ahead.append(Part(grain, days, days))
        start = grain.after(start)
    return Outlook(found, ahead, len(whole))


def words(question: Question, shown: Outlook) -> str:
    """The forecast's method and how it did in the back-test, or why there is none."""
    found, grain = shown.found, question.filters.grain
    if isinstance(found, Declined):
        return f"No forecast. {found.reason}"
    unit = question.nature.unit
    season = f"a season of {found.season} {grain}s" if found.season else "no season"
    rivals = "the last value"
    if found.errors.seasonal is not None:
        rivals = "the last value, or that of one season before, whichever did better"
    covered = (
        f"{found.coverage:.0%} of the values lay within the interval as it was known before them"
        if found.coverage is not None
        else "there were too few values to measure how many lie within the interval"
    )
    return (
        f"Forecast of {len(found.values)} {grain}s with an interval meant to hold 80% of values: damped "
        f"Holt-Winters with {season}, from {shown.known} whole {grain}s. "
        f"In the back-test, from {found.origins} points in the past, the mean absolute error was "
        f"{unit.words(found.errors.model)} (MASE {found.scaled_error:.2f}): {found.errors.gain:.0%} less "
        f"than that of guessing {rivals} ({unit.words(found.errors.best_naive)}); {covered}."
    )
