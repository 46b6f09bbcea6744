"""Days on which a device sent nothing or far too little, for whoever reads a page of visits to know."""

from datetime import date

import pyarrow.compute as pc

from dashboard.metrics import Served
from dashboard.periods import DAY, Grain, Period
from dashboard.queries.figures import Figures
from dashboard.requests import PART, Query

LOSSES, DEVICE = "tracking_loss_days", "device"
MOST_NAMED = 3


def losses(served: Served, shown: Figures) -> dict[Period, list[str]]:
    """The devices that lost their tracking, by unbroken runs of the same days; the last run first."""
    if not served.has(LOSSES):
        return {}
    chosen = shown.filters.of(DEVICE)
    selection = ((DEVICE, chosen),) if chosen else ()
    days: dict[str, list[date]] = {}
    found = served.run(Query((LOSSES,), shown.filters.period, (Grain.DAY, DEVICE), selection))
    for row in found.filter(pc.greater(found[LOSSES], 0)).to_pylist():
        days.setdefault(row[DEVICE], []).append(row[PART])
    devices: dict[Period, list[str]] = {}
    for device in sorted(days):
        for run in runs(days[device]):
            devices.setdefault(run, []).append(device)
    return dict(sorted(devices.items(), key=lambda item: item[0].end, reverse=True))


def runs(days: list[date]) -> list[Period]:
    """Days in order, as unbroken periods."""
    found: list[Period] = []
    for day in days:
        if found and found[-1].end + DAY == day:
            found[-1] = Period(found[-1].start, day)
        else:
            found.append(Period(day, day))
    return found


def words(lost: dict[Period, list[str]]) -> str:
    """What is missing, in a sentence; '' where nothing is."""
    if not lost:
        return ""
    named = [f"{' and '.join(devices)} ({run.words})" for run, devices in list(lost.items())[:MOST_NAMED]]
    if len(lost) > MOST_NAMED:
        named.append(f"{len(lost) - MOST_NAMED:,} more times")
    return f"Tracking was lost on {', '.join(named)}: visits of these days are missing."
