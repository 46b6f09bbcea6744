"""The funnel page: its numbers equal independent SQL on the published sessions."""

from typing import Any

import duckdb
import pytest

from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Grain, Period
from dashboard.queries import funnel, landing
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
    for row, before, count in zip(steps, expected, expected[1:], strict=False):
        assert row["on_words"] == f"{100 * count / before:.1f}%"
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
    tables = funnel.rates_grid(visits, name)
    cells = tables["numbers"].to_pylist()
    assert {cell[name] for cell in cells if cell["stands_out"]} == {busiest}
    assert {row[name] for row in tables["rows"].to_pylist() if row["stands_out"]} == {busiest}
    assert set(tables["rows"][name].to_pylist()) == expected.keys()
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
    for row in landing.numbers_table(visits).to_pylist():
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


@pytest.mark.parametrize(("preset", "grain"), [("Last 12 months", Grain.MONTH), ("Last 28 days", Grain.DAY)])
def test_cohorts_of_landing_pages_equal_the_sessions(
    served: Served, marts: duckdb.DuckDBPyConnection, preset: str, grain: Grain
) -> None:
    period = PRESETS[preset](served.data)
    chosen = Filters(period, grain, {"device": ("mobile",)})
    visits = funnel.read(served, chosen)
    found = landing.cohort_parts(chosen)
    cells = landing.cohorts_grid(visits, found, landing.cohorts(served, chosen, found))["numbers"].to_pylist()
    expected = counted(
        marts,
        period,
        {"device": ("mobile",)},
        by=f"(landing_page, date_trunc('{grain}', session_date)::date)",
    )
    assert len(cells) == len(landing.busiest(visits)) * len(found)
    few = 0
    for cell in cells:
        part = found[int(cell["place"])]
        counts = expected.get((cell["landing_page"], part.whole.start))
        assert cell["column"] == part.label
        assert cell["stands_out"] == (counts is not None and counts[0] >= landing.FEW)
        if counts is None:
            assert (cell["words"], cell["detail"]) == ("\u2013", "no sessions")
        else:
            few += counts[0] < landing.FEW
            rate = counts[4] / counts[0]
            assert cell["words"] == f"{100 * rate:.0f}%"
            assert cell["detail"] == f"{100 * rate:.1f}% ({counts[4]:,} of {counts[0]:,} sessions)"
    assert few


def test_cohorts_of_many_parts_are_of_longer_ones(served: Served) -> None:
    year = PRESETS["Last 12 months"](served.data)
    found = landing.cohort_parts(Filters(year, Grain.DAY))
    assert {part.grain for part in found} == {Grain.MONTH}
    headings = landing.cohort_headings(found)
    assert [heading for heading in headings if "20" in heading] == ["Jul\n2025", "Jan\n2026"]
    month = PRESETS["This month"](served.data)
    assert landing.cohort_headings(landing.cohort_parts(Filters(month, Grain.DAY)))[:2] == ("1\nJun", "2\n ")
    quarters = landing.cohort_parts(Filters(year, Grain.QUARTER))
    assert landing.cohort_headings(quarters)[0] == "Q3\n2025"


def test_a_folder_of_exit_pages_is_spelled_out_or_put_together() -> None:
    leaving: list[funnel.Leaving] = [
        ("/", [9.0, 0.0]),
        *((f"/p/{number}", [0.0, 5.0 - number / 10]) for number in range(20)),
        ("/c/a", [3.0, 0.0]),
        ("/c/b", [2.0, 0.0]),
        ("/help/me", [1.0, 0.0]),
    ]
    shown = funnel.by_folder(leaving, 12)
    assert [page for page, _ in shown] == ["20 pages in /p", "/", "/c/a", "/c/b", "/help/me"]
    assert shown[0][1] == pytest.approx([0.0, 81.0])
    assert [page for page, _ in funnel.by_folder(leaving, 3)] == ["20 pages in /p", "/", "2 others"]
    assert funnel.by_folder(leaving[-3:], 12) == leaving[-3:]


def test_a_metric_has_one_name(served: Served) -> None:
    columns = funnel.columns(served)
    for rate in (*funnel.RATES, "bounce_rate"):
        assert columns[rate].label == served.metrics[rate].label


def test_views_are_held_in_the_url_and_reset(open_page: Run) -> None:
    app = open_page(
        "funnel", landing="Over time", table="By landing page", period="Last 90 days", numbers="true"
    )
    assert "Conversion rate by landing page and week of the visit" in text(app)
    assert "The numbers by landing page" in text(app)
    assert app.dataframe[0].value.columns[0] == "landing_page"
    app.button(key="reset").click().run()
    assert not app.exception
    assert "How far people get, by landing page" in text(app)
    assert "The numbers by month" in text(app)
    assert not app.dataframe


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
