"""The funnel page: its numbers equal independent SQL on the published sessions."""

from typing import Any

import duckdb
import pytest

from dashboard import funnel
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Grain, Period
from tests.conftest import Built
from tests.dashboard.conftest import Run, text
from tests.dashboard.versions import publish_copy

CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "all": {},
    "a channel": {"channel": ("Email",)},
    "both": {"channel": ("Paid Search", "Direct"), "device": ("mobile",)},
}
FURTHEST = """
    case when has_reached_purchase then 4 when has_reached_checkout then 3 when has_reached_cart then 2
    when has_reached_product_view then 1 else 0 end
"""


def counted(
    marts: duckdb.DuckDBPyConnection, period: Period, chosen: dict[str, tuple[str, ...]], by: str = "1"
) -> dict[Any, tuple[int, ...]]:
    """The sessions that reach each step straight from the mart, by an expression."""
    conditions = "".join(
        f" and list_contains({[*values]}, {'device_type' if name == 'device' else name})"
        for name, values in chosen.items()
    )
    found = marts.execute(
        f"""
        with visits as (select *, {by} as key, {FURTHEST} as furthest from marts.fct_sessions
            where session_date between ? and ? {conditions})
        select key, count(*), {", ".join(f"count(*) filter (furthest >= {step})" for step in (1, 2, 3, 4))}
        from visits group by key
        """,
        [period.start, period.end],
    ).fetchall()
    return {key: tuple(counts) for key, *counts in found}


def counts_of(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(row[name]) for name in funnel.COUNTS)


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("preset", ["Last 28 days", "Last 12 months"])
def test_steps_equal_the_sessions(
    served: Served, marts: duckdb.DuckDBPyConnection, preset: str, choice: str
) -> None:
    chosen = CHOICES[choice]
    period = PRESETS[preset](served.data)
    visits = funnel.read(served, Filters(period, Grain.WEEK, chosen))
    [expected] = counted(marts, period, chosen).values()
    assert counts_of(visits.now) == expected
    assert counts_of(visits.then) == counted(marts, period.before(), chosen)[1]
    for step, count in zip(funnel.STEPS, expected[1:], strict=True):
        assert visits.now[step.rate] == pytest.approx(count / expected[0], rel=1e-12)
    steps = funnel.steps_table(visits).to_pylist()
    assert [row["count_words"] for row in steps] == [f"{count:,}" for count in expected]
    assert f"{expected[0] - expected[1]:,} leave" in steps[0]["note"]
    assert steps[-1]["note"] == ""


def test_parts_add_up_and_rates_are_of_each_part(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    period = PRESETS["This quarter"](served.data)
    visits = funnel.read(served, Filters(period, Grain.MONTH))
    numbers = funnel.numbers_table(visits).to_pylist()
    rates = funnel.rates_table(visits).to_pylist()
    for part, row, rate in zip(visits.parts, numbers, rates, strict=True):
        [expected] = counted(marts, part.days, {}).values()
        assert counts_of(row) == expected
        assert rate["conversion_rate"] == pytest.approx(expected[-1] / expected[0], rel=1e-12)
    assert rates[-1]["conversion_rate_place"] is not None


@pytest.mark.parametrize(("name", "column"), [("channel", "channel"), ("device", "device_type")])
def test_a_grid_shows_all_rows_and_marks_the_chosen(
    served: Served, marts: duckdb.DuckDBPyConnection, name: str, column: str
) -> None:
    period = PRESETS["Last 90 days"](served.data)
    expected = counted(marts, period, {}, by=column)
    busiest = max(expected, key=lambda key: expected[key][0])
    visits = funnel.read(served, Filters(period, Grain.WEEK, {name: (busiest,)}))
    assert {key: counts_of(row) for key, row in visits.by[name].items()} == expected
    cells = funnel.rates_grid(visits, name).to_pylist()
    assert {cell[name] for cell in cells if cell["is_chosen"]} == {busiest}
    bought = next(cell for cell in cells if cell[name] == busiest and cell["column"] == "Purchase")
    assert bought["words"] == f"{100 * expected[busiest][4] / expected[busiest][0]:.1f}%"
    assert visits.now[funnel.SESSIONS] == expected[busiest][0]


def test_landing_pages_equal_the_sessions(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    period = PRESETS["Last 12 months"](served.data)
    visits = funnel.read(served, Filters(period, Grain.MONTH))
    expected = counted(marts, period, {}, by="landing_page")
    assert {row["landing_page"]: counts_of(row) for row in visits.landing_pages} == expected
    sessions = [row["sessions"] for row in visits.landing_pages]
    assert sessions == sorted(sessions, reverse=True)
    bounces = dict(
        marts.execute(
            "select landing_page, avg(case when is_bounce then 1.0 else 0.0 end) from marts.fct_sessions"
            " where session_date between ? and ? group by 1",
            [period.start, period.end],
        ).fetchall()
    )
    for row in funnel.landing_table(visits).to_pylist():
        assert row["bounce_rate"] == pytest.approx(bounces[row["landing_page"]], rel=1e-12)


def test_exit_pages_hold_all_who_leave(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    period = PRESETS["Last 12 months"](served.data)
    visits = funnel.read(served, Filters(period, Grain.MONTH))
    parts = funnel.exits_table(visits).to_pylist()
    left: dict[str, float] = {}
    for part in parts:
        left[part["kind"]] = left.get(part["kind"], 0) + part["end"] - part["start"]
    expected = marts.execute(
        f"select {FURTHEST}, count(*) from marts.fct_sessions where session_date between ? and ?"
        " and not has_reached_purchase group by 1 order by 1",
        [period.start, period.end],
    ).fetchall()
    assert [left[step.leaving] for step in funnel.STEPS] == [count for _, count in expected]
    cart = next(part for part in parts if part["exit_page"] == "/cart" and part["words"])
    [(at_cart,)] = marts.execute(
        "select count(*) from marts.fct_sessions where session_date between ? and ?"
        " and exit_page = '/cart' and not has_reached_purchase",
        [period.start, period.end],
    ).fetchall()
    assert cart["words"].startswith(f"{at_cart:,} ")


def test_the_page_opens_and_filters(open_page: Run) -> None:
    app = open_page("funnel", channel="Email", device=["mobile", "tablet"], period="Last 90 days")
    shown = text(app)
    assert "<h1>Funnel</h1>" in shown
    assert "Share of sessions that reach each step, by week" in shown
    assert app.multiselect(key="channel").value == ["Email"]
    assert app.multiselect(key="device").value == ["mobile", "tablet"]
    app.button(key="reset").click().run()
    assert app.multiselect(key="channel").value == []
    assert text(app) != shown


def test_days_without_visits_are_said_in_words(open_page: Run, built: Built, tmp_path: Any) -> None:
    gone = "delete from marts.fct_sessions where session_date > date '2026-05-31'"
    publish_copy(built.published, tmp_path, "1", gone)
    app = open_page("funnel", tmp_path, period="This month", device="mobile")
    assert "No sessions match these filters" in text(app)
    assert not app.get("vega_lite_chart")
