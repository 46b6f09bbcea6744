"""The demand clock: time that runs fast when people shop and slowly when they do not.

Its unit is a day of average demand. Purchases that are a plain stationary process on this clock show
hours, weekdays, seasons, holidays and promotions when they are read on the calendar's.
"""

from datetime import timedelta

import numpy as np

from sample_company import parameters as p
from sample_company.parameters import DAYS, Floats, Ints


def day_factors() -> Floats:
    """The speed of the clock on each day of the window; its mean is 1."""
    days = [p.FIRST_DAY + timedelta(days=i) for i in range(DAYS)]
    speed: Floats = np.array([p.WEEKDAY_FACTOR[d.weekday()] * p.MONTH_FACTOR[d.month - 1] for d in days])
    for holiday in p.HOLIDAYS:
        speed[p.day_number(holiday.day)] *= holiday.factor
    for promotion in p.PROMOTIONS:
        speed[p.day_number(promotion.first) : p.day_number(promotion.last) + 1] *= promotion.factor
    relative: Floats = speed / speed.mean()
    return relative


class DemandClock:
    """Converts between seconds of the window and readings of the demand clock, in both directions."""

    def __init__(self) -> None:
        """Lay both scales out by the hour."""
        hours = np.array(p.HOUR_FACTOR, dtype=float)
        speed = np.outer(day_factors(), hours / hours.sum()).ravel()
        self._readings = np.concatenate([[0.0], np.cumsum(speed)])
        self._seconds = np.arange(DAYS * 24 + 1) * 3600.0
        self.end = float(self._readings[-1])

    def seconds(self, readings: Floats) -> Ints:
        """The second at which the clock shows each reading."""
        seconds: Ints = np.interp(readings, self._readings, self._seconds).astype(np.int64)
        return seconds.clip(0, p.END - 1)

    def readings(self, seconds: Ints) -> Floats:
        """What the clock shows at each second."""
        readings: Floats = np.interp(seconds, self._seconds, self._readings)
        return readings

    def arrivals(self, rng: np.random.Generator, count: int) -> Floats:
        """Readings at which `count` newcomers arrive: the launch, then steady growth; in no order."""
        grid = np.linspace(0.0, self.end, 2_000)
        trend = (1 + p.LAUNCH_BOOST * np.exp(-grid / p.LAUNCH_DAYS)) * (1 + p.YEARLY_GROWTH * grid / 365)
        cumulative = np.concatenate([[0.0], np.cumsum((trend[1:] + trend[:-1]) / 2)])
        readings: Floats = np.interp(rng.random(count) * cumulative[-1], cumulative, grid)
        return readings
