"""The note of days without tracking: the mart's days, in unbroken runs, and nothing where there are none."""

from datetime import date

import duckdb
import pytest

from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Grain, Period
from dashboard.queries import funnel, tracking
from tests.dashboard.conftest import Run, text

EVERYTHING: dict[str, tuple[str, ...]] = {}


def lost(served: Served, period: Period, chosen: dict[str, tuple[str, ...]]) -> dict[Period, list[str]]:
    return tracking.losses(served, funnel.read(served, Filters(period, Grain.MONTH, chosen)))


def test_every_lost_day_is_in_a_run(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    query = "select event_date, device_type from marts.fct_tracking_quality where is_tracking_loss"
    expected = set(marts.execute(query).fetchall())
    assert len(expected) > 5
    found = lost(served, served.data, EVERYTHING)
    assert {
        (date.fromordinal(day), device)
        for run, devices in found.items()
        for device in devices
        for day in range(run.start.toordinal(), run.end.toordinal() + 1)
    } == expected
    assert list(found) == sorted(found, key=lambda run: run.end, reverse=True)
    only = lost(served, served.data, {"device": ("desktop",)})
    assert {device for devices in only.values() for device in devices} == {"desktop"}


def test_the_note_names_the_latest_runs() -> None:
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 4)]
    assert tracking.runs(days) == [
        Period(date(2026, 3, 1), date(2026, 3, 2)),
        Period(date(2026, 3, 4), date(2026, 3, 4)),
    ]
    assert tracking.runs([]) == []
    single = Period(date(2026, 3, 4), date(2026, 3, 4))
    assert tracking.words({single: ["desktop", "mobile"]}) == (
        f"Tracking was lost on desktop and mobile ({single.words}): visits of these days are missing."
    )
    many = {Period(date(2026, 3, day), date(2026, 3, day)): ["mobile"] for day in range(1, 8)}
    assert ", 4 more times: visits" in tracking.words(many)
    assert tracking.words({}) == ""


@pytest.mark.parametrize("page", ["acquisition", "funnel"])
def test_the_page_says_it(open_page: Run, page: str) -> None:
    assert "Tracking was lost on mobile (16" in text(open_page(page, period="All"))
    assert "Tracking was lost" not in text(open_page(page, period="This month"))
