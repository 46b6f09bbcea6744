"""The calendar's events against what the generator knows, and the seed's holidays against their rules."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from math import copysign, sqrt
from statistics import fmean, median
from typing import Any

import duckdb
import pytest

from tests.commands import ROOT

HOLIDAYS = ROOT / "seeds" / "reference" / "holidays.csv"
FIRST_DAY = date(2024, 7, 1)


def easter(year: int) -> date:
    """Easter Sunday by Gauss's rule, in the form that holds from 1900 to 2099."""
    moon = (19 * (year % 19) + 24) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    if sunday == 6 and (moon == 29 or (moon == 28 and year % 19 > 10)):
        sunday -= 7
    return date(year, 3, 22) + timedelta(days=moon + sunday)


def weekday_of(year: int, month: int, weekday: int, number: int) -> date:
    """The so-many-th Monday (0) to Sunday (6) of a month, -1 for the last."""
    days = [date(year, month, 1) + timedelta(days=day) for day in range(31)]
    return [day for day in days if day.month == month and day.weekday() == weekday][number]


def rules(year: int) -> dict[tuple[str, str], date]:
    """The day of each holiday of a year, by country and name."""
    from_easter = {"Good Friday": -2, "Easter Monday": 1}
    days = {
        ("US", "Presidents' Day"): weekday_of(year, 2, 0, 2),
        ("US", "Memorial Day"): weekday_of(year, 5, 0, -1),
        ("US", "Independence Day"): date(year, 7, 4),
        ("US", "Labor Day"): weekday_of(year, 9, 0, 0),
        ("US", "Thanksgiving"): weekday_of(year, 11, 3, 3),
        ("GB", "Early May bank holiday"): weekday_of(year, 5, 0, 0),
        ("GB", "Spring bank holiday"): weekday_of(year, 5, 0, -1),
        ("GB", "Summer bank holiday"): weekday_of(year, 8, 0, -1),
        ("GB", "Boxing Day"): date(year, 12, 26),
        ("DE", "Labour Day"): date(year, 5, 1),
        ("DE", "Ascension Day"): easter(year) + timedelta(days=39),
        ("DE", "Whit Monday"): easter(year) + timedelta(days=50),
        ("DE", "German Unity Day"): date(year, 10, 3),
        ("DE", "Second Day of Christmas"): date(year, 12, 26),
    }
    for country in ("US", "GB", "DE"):
        days[country, "New Year's Day"] = date(year, 1, 1)
        days[country, "Easter Sunday"] = easter(year)
        days[country, "Christmas Day"] = date(year, 12, 25)
    for country in ("GB", "DE"):
        for name, distance in from_easter.items():
            days[country, name] = easter(year) + timedelta(days=distance)
    return days


def test_easter_is_where_it_was() -> None:
    known = [date(1981, 4, 19), date(2000, 4, 23), date(2019, 4, 21), date(2024, 3, 31), date(2026, 4, 5)]
    assert [easter(day.year) for day in known] == known


def test_the_holidays_follow_their_rules() -> None:
    with HOLIDAYS.open(encoding="utf-8", newline="") as lines:
        listed = sorted(
            (row["country_code"], row["holiday_name"], date.fromisoformat(row["holiday_date"]))
            for row in csv.DictReader(lines)
        )
    assert listed == sorted(
        (country, name, day)
        for year in (2024, 2025, 2026)
        for (country, name), day in rules(year).items()
        if day >= FIRST_DAY
    )


def events(warehouse: duckdb.DuckDBPyConnection, kind: str) -> list[tuple[Any, ...]]:
    """The events of a kind: name, first and last day."""
    query = "select event_name, first_date, last_date from marts.fct_calendar_events where event_kind = ?"
    return sorted(warehouse.execute(query, [kind]).fetchall())


def span(known: dict[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(known["first"]), date.fromisoformat(known["last"])


def test_the_promotions_are_those_that_were_planned(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]
) -> None:
    """And no others: the welcome coupon is always valid."""
    planned = key["not_anomalies"]["promotions"]
    assert len(planned) > 5
    assert events(warehouse, "promotion") == sorted((known["coupon"], *span(known)) for known in planned)


def test_the_experiments_are_those_that_were_run(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]
) -> None:
    run = key["experiments"].values()
    assert events(warehouse, "experiment") == sorted((known["name"], *span(known)) for known in run)


def test_the_days_on_which_shops_sold_less_are_holidays(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]
) -> None:
    marked = {(name, first) for name, first, _ in events(warehouse, "holiday")}
    known = key["not_anomalies"]["holidays"]
    assert {(each["name"], date.fromisoformat(each["day"])) for each in known} <= marked


def test_the_lost_days_are_those_of_the_tracking(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]
) -> None:
    """The planned loss is one event; and each lost day is in one event of its device, and no other day is."""
    planned = next(each for each in key["anomalies"] if each["anomaly_id"] == "tracking_loss")
    found = events(warehouse, "tracking_loss")
    assert (planned["device_type"], *map(date.fromisoformat, planned["days"])) in found
    query = "select device_type, event_date from marts.fct_tracking_quality where is_tracking_loss"
    days = [
        (device, first + timedelta(days=number))
        for device, first, last in found
        for number in range((last - first).days + 1)
    ]
    assert sorted(days) == sorted(warehouse.execute(query).fetchall())


def robust_z(value: float, others: Sequence[float]) -> float | None:
    """How far a value lies from the median of others, after Iglewicz and Hoaglin."""
    middle = median(others)
    distances = [abs(other - middle) for other in others]
    if spread := median(distances):
        return 0.6745 * (value - middle) / spread
    return (value - middle) / (1.253314 * fmean(distances)) if any(distances) else None


def judged(warehouse: duckdb.DuckDBPyConnection) -> dict[date, tuple[float | None, bool]]:
    """Each day's score, and whether it is an anomaly, by the rules of the mart's description."""
    explained: dict[date, set[str]] = {}
    for kind in ("holiday", "promotion"):
        for _, first, last in events(warehouse, kind):
            for number in range((last - first).days + 1):
                explained.setdefault(first + timedelta(days=number), set()).add(kind)
    sold = dict(
        warehouse.execute(
            "select sale_date, sum(net_sales_usd) from marts.fct_daily_sales group by 1"
        ).fetchall()
    )
    [(news,)] = warehouse.execute("select max(updated_at)::date from marts.fct_orders").fetchall()
    first, last = min(sold), max(sold)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    net = {day: float(sold.get(day, 0)) for day in days}
    can_judge = {day for day in days if first < day < news and day not in explained}
    usual, shifts = {}, {}
    for day in days:
        weeks = {day + timedelta(days=7 * week) for week in range(-4, 5) if week} & can_judge
        if len(weeks) >= 4 and (middle := median(net[each] for each in weeks)) > 0:
            usual[day] = middle
            shifts[day] = copysign(sqrt(abs(net[day])), net[day]) - sqrt(middle)
    found: dict[date, tuple[float | None, bool]] = dict.fromkeys(days, (None, False))
    for day, shift in shifts.items():
        others = [shifts[each] for each in shifts if 0 < abs((each - day).days) <= 91 and each in can_judge]
        if first < day < news and len(others) >= 28:
            score = robust_z(shift, others)
            is_odd = score is not None and abs(score) > 3.5 and abs(net[day] / usual[day] - 1) >= 0.25
            reasons = explained.get(day, set())
            is_explained = "holiday" in reasons or ("promotion" in reasons and shift > 0)
            found[day] = (score, is_odd and not is_explained)
    return found


def test_the_unusual_days_are_those_of_an_independent_computation(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    expected = judged(warehouse)
    query = "select date_day, robust_z, is_anomaly from marts.fct_sales_anomalies order by 1"
    found = {day: (score, is_anomaly) for day, score, is_anomaly in warehouse.execute(query).fetchall()}
    assert found.keys() == expected.keys()
    assert {day: score is None for day, (score, _) in found.items()} == {
        day: score is None for day, (score, _) in expected.items()
    }
    for day, (score, is_anomaly) in expected.items():
        assert is_anomaly == found[day][1]
        if score is not None:
            assert found[day][0] == pytest.approx(score, rel=1e-5, abs=1e-9)


def test_few_days_are_unusual_and_the_planned_ones_that_show_among_them(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]
) -> None:
    """With 12 orders a day, what changes a few of them is no anomaly of all net sales."""
    query = "select date_day, anomaly_name from marts.fct_sales_anomalies where is_anomaly"
    found = dict(warehouse.execute(query).fetchall())
    assert 0 < len(found) <= 8
    planned = {each["anomaly_id"]: date.fromisoformat(each["days"][1]) for each in key["anomalies"]}
    assert found[planned["viral_day"]] == "Net sales 3.6 times what is usual on a Thursday"
    assert found[planned["recall"]] == "More refunded than sold on a Wednesday"
