"""Questions of the page Explore, for tests."""

from datetime import date
from typing import Any

from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Grain, Period
from dashboard.queries import units
from dashboard.queries.explore import Question

PERIOD = Period(date(2026, 1, 12), date(2026, 6, 10))


def question(served: Served, metrics: tuple[str, ...], *by: str, **more: Any) -> Question:
    natures = units.natures(served)
    return Question(
        metrics,
        by,
        Filters(more.pop("period", PERIOD), more.pop("grain", Grain.MONTH), more.pop("chosen", {})),
        {metric: natures[metric] for metric in metrics},
        {metric: served.metrics[metric].label for metric in metrics},
    )
