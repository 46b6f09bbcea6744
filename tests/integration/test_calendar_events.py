"""The calendar's events against what the generator knows, and the seed's holidays against their rules."""

import csv
from datetime import date, timedelta
from typing import Any

import duckdb

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
