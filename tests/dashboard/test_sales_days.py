"""The calendar of the sales page: its days against the marts, its places and shades."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import duckdb
import pytest

from dashboard.charts.calendar import SLOTS, STRENGTHS
from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries import days
from tests.dashboard.sales_marts import CHOICES, EXACT, PERIOD, read, totals


@pytest.mark.parametrize(
    "period",
    [PERIOD, Period(date(2026, 6, 30), date(2026, 6, 30)), Period(date(2024, 7, 1), date(2026, 6, 30))],
    ids=str,
)
def test_days_equal_the_marts(served: Served, marts: duckdb.DuckDBPyConnection, period: Period) -> None:
    ledger = read(served, CHOICES["a region"], period=period)
    expected = totals(marts, served.data, CHOICES["a region"], "day")
    cells = days.calendar_tables(ledger.days)["numbers"].to_pylist()
    first, last = (date.fromisoformat(cells[place]["part"]) for place in (0, -1))
    assert (first.month, first.day) in ((1, 1), (7, 1))
    assert last == served.data.end
    assert len(cells) == (last - first).days + 1
    for cell, net_sales in zip(cells, ledger.days.net_sales, strict=True):
        day = date.fromisoformat(cell["part"])
        amount = expected[day]["net"] if day in expected else Decimal(0)
        assert net_sales == pytest.approx(float(amount), abs=EXACT)
        assert cell["is_less"] == (amount < 0)
        assert cell["is_chosen"] == (period.start <= day <= period.end)
        assert cell["slot"] % SLOTS == 1 + day.weekday()
        assert cell["label"] == f"{day:%a} {day.day} {day:%b %Y}"


def test_the_days_of_events_are_underlined(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    """Of experiments only the first and the last day; nothing outside the period, nothing switched off."""
    expected = marts.execute(
        """
        select distinct day::date
        from (
            select unnest(generate_series(first_date, last_date, interval 1 day)) as day, *
            from marts.fct_calendar_events
        )
        where day between $first and $last and (event_kind <> 'experiment' or day in (first_date, last_date))
        union
        select date_day from marts.fct_sales_anomalies where is_anomaly and date_day between $first and $last
        """,
        {"first": PERIOD.start, "last": PERIOD.end},
    ).fetchall()
    shown = read(served, has_notes=True).days
    cells = days.calendar_tables(shown)["numbers"].to_pylist()
    assert {date.fromisoformat(cell["part"]) for cell in cells if cell["is_marked"]} == {
        day for (day,) in expected
    }
    told = {cell["part"]: cell["events"] for cell in cells if cell["events"]}
    assert told["2025-11-29"] == (
        "Delivery date on the product page, 1 September \u2013 21 December 2025; "
        "BLACK25, 24 November \u2013 1 December 2025"
    )
    assert "Underlined: promotions, holidays, first and last days of experiments, unusual sales." in (
        days.subtitle(shown)
    )
    assert told["2026-01-22"] == "Net sales 3.6 times what is usual on a Thursday, 22 January 2026"
    lost = read(served, has_notes=True, period=Period(date(2025, 3, 1), date(2025, 3, 31))).days
    cells = days.calendar_tables(lost)["numbers"].to_pylist()
    assert "2025-03-11" in [cell["part"] for cell in cells if cell["is_marked"]]
    assert "lost tracking" in days.subtitle(lost).partition("Underlined: ")[2]
    plain = read(served).days
    assert not any(
        cell["events"] or cell["is_marked"] for cell in days.calendar_tables(plain)["numbers"].to_pylist()
    )
    assert "Underlined" not in days.subtitle(plain)


def test_a_calendar_has_a_column_per_week_of_each_half_year(served: Served) -> None:
    ledger = read(served, period=served.data)
    assert ledger.days.starts == [date(2024, 7, 1), date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1)]
    cells = {cell["part"]: cell for cell in days.calendar_tables(ledger.days)["numbers"].to_pylist()}
    assert len({(cell["week"], cell["slot"]) for cell in cells.values()}) == len(cells)
    assert (cells["2025-01-01"]["week"], cells["2025-01-01"]["slot"]) == (0.0, SLOTS + 1 + 2)
    assert (cells["2025-01-06"]["week"], cells["2025-01-06"]["slot"]) == (1.0, SLOTS + 1 + 0)
    assert max(cell["week"] for cell in cells.values()) == days.weeks(ledger.days) - 1


def test_the_names_of_months_do_not_run_into_another(served: Served) -> None:
    for period in (served.data, PERIOD):
        rows = days.calendar_tables(read(served, period=period).days)["rows"].to_pylist()
        assert rows[0]["words"] in ("Jul 2024", "Jul 2025")
        for one, following in pairwise(rows):
            if one["slot"] == following["slot"]:
                assert one["week"] + one["span"] == following["week"]


def test_lines_between_months_end_where_the_month_does() -> None:
    assert days.edges_of(date(2026, 1, 1), 0.0) == []
    # 1 June 2026 is a Monday, 1 April 2026 a Wednesday.
    [whole] = days.edges_of(date(2026, 6, 1), 8.0)
    assert (whole["slot"], whole["slot_end"], whole["week"]) == (9.0, 16.0, whole["week_end"])
    below, step, above = days.edges_of(date(2026, 4, 1), 0.0)
    assert (below["slot"], below["slot_end"]) == (3.0, 8.0)
    assert (step["slot"], step["slot_end"], step["week_end"] - step["week"]) == (3.0, 3.0, 1.0)
    assert (above["slot"], above["slot_end"], above["week"]) == (1.0, 3.0, below["week"] + 1)


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([0.0, -5.0], 0.2),
        ([100.0] * 20, 20.0),
        ([5000.0] * 19 + [9000.0], 2000.0),
        ([10.0] * 99 + [1e6], 2.0),
        ([1234.5], 250.0),
    ],
    ids=str,
)
def test_a_shade_is_a_round_number_of_dollars(values: list[float], step: float) -> None:
    assert days.step(values) == pytest.approx(step)


def test_shades_grow_with_net_sales_and_a_loss_has_its_own_colour(served: Served) -> None:
    ledger = read(served)
    shown = ledger.days.shown[:8]
    values = [-5.0, 0.0, 99.0, 100.0, 399.0, 400.0, 9999.0, 1.0]
    made = replace(
        ledger.days,
        period=Period(shown[0].days.start, shown[6].days.start),
        shown=shown,
        net_sales=values,
        step=100.0,
    )
    cells = days.calendar_tables(made)["numbers"].to_pylist()
    levels = [cell["strength"] for cell in cells[1:7]]
    assert levels == [STRENGTHS[place] for place in (0, 0, 1, 3, 4, 4)]
    assert [cell["is_less"] for cell in cells] == [True] + [False] * 7
    assert cells[7]["strength"] < STRENGTHS[0]
    assert cells[0]["words"] == "\u2212$5.00"
    assert [cell["short_words"] for cell in cells[:3]] == ["\u2212$5", "", "$99"]
    words = days.subtitle(made)
    assert "1 of 7 are below zero. Each shade stands for $100 more, the strongest for $400 and above" in words
    assert "Orange: more refunded than sold. Pale: outside the period" in words


def test_a_day_is_told_by_itself(served: Served) -> None:
    day = date(2026, 6, 12)
    ledger = read(served, period=Period(day, day))
    assert days.sentence(ledger.days).startswith("Fri 12 Jun 2026: $")
    assert len(ledger.days.shown) == (date(2026, 6, 30) - date(2026, 1, 1)) / timedelta(days=1) + 1
