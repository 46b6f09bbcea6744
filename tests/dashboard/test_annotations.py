"""What happened, marked on charts over time: the mart's events, grouped by part, and the switch for them."""

import re
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dashboard.charts.annotations import note_width, strip, strip_height
from dashboard.charts.trend import HEIGHT, trend
from dashboard.exports import pictures
from dashboard.exports.report import Chart
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Grain, Period, parts
from dashboard.queries import annotations, overview
from dashboard.queries.annotations import EVENTS, KINDS, Event
from dashboard.queries.figures import Figures
from dashboard.theme import DARK, LIGHT
from tests.conftest import Built
from tests.dashboard.browser import Site, parameters, settle
from tests.dashboard.conftest import Run, spoken_of, text
from tests.dashboard.exported import page_of
from tests.dashboard.versions import publish_copy

YEAR = Period(date(2025, 7, 1), date(2026, 6, 30))


def filters(period: Period = YEAR, grain: Grain = Grain.MONTH, **chosen: tuple[str, ...]) -> Filters:
    return Filters(period, grain, chosen, has_notes=True)


def shown(period: Period = YEAR, grain: Grain = Grain.MONTH) -> Figures:
    """A period in its parts, without any numbers."""
    return Figures(filters(period, grain), None, parts(period, grain), {}, {}, [])


def day(month: int, number: int, year: int = 2025) -> date:
    return date(year, month, number)


def event(kind: str, name: str, first: date, last: date | None = None) -> Event:
    return Event(kind, name, Period(first, last or first))


@pytest.fixture
def open_overview(open_page: Run) -> Run:
    """Opens the overview."""
    return partial(open_page, "overview")


SALES_ALONE = re.compile(
    r"This period: F.*\. Year before: F.*\. Target: From \$[\d,.]+ in [\w ]+ to \$[\d,.]+ in [\w ]+\."
)
"""What the trend says where nothing is marked."""


def heard(app: AppTest) -> str:
    """What the trend says to who cannot see it."""
    return spoken_of(app)[0]


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.MONTH, Grain.YEAR])
def test_every_event_of_the_period_has_one_mark_on_its_parts(
    served: Served, marts: duckdb.DuckDBPyConnection, grain: Grain
) -> None:
    """Of the mart's events, each is counted once in each lane; holidays of one name and day are one."""
    query = """
        select event_kind, count(distinct (case event_kind when 'tracking_loss' then '' else event_name end,
            first_date, last_date))
        from marts.fct_calendar_events where first_date <= $last and last_date >= $first group by 1
        union all
        select 'sales_anomaly', count(*) from marts.fct_sales_anomalies
        where is_anomaly and date_day between $first and $last
    """
    period = served.data
    expected = dict(marts.execute(query, {"first": period.start, "last": period.end}).fetchall())
    assert expected.keys() == KINDS.keys()
    found = annotations.events(served, filters(period, grain))
    assert {kind: sum(each.kind == kind for each in found) for kind in KINDS} == expected
    starts = [part.whole.start for part in parts(period, grain)]
    for kind in KINDS:
        placed = annotations.marks([each for each in found if each.kind == kind], starts)
        assert sum(len(mark.events) for mark in placed) == expected[kind]
        for mark, following in pairwise(placed):
            assert mark.last < following.first
        for mark in placed:
            assert starts[mark.first] <= max(period.start, min(each.days.start for each in mark.events))
            assert starts[mark.last] <= max(each.days.end for each in mark.events)


def test_what_is_chosen_leaves_out_holidays_and_devices_of_others(
    served: Served, marts: duckdb.DuckDBPyConnection
) -> None:
    query = "select distinct event_name from marts.fct_calendar_events where event_kind = 'holiday' and ({})"
    british = {name for (name,) in marts.execute(query.format("region = 'Northern Europe'")).fetchall()}
    everywhere = annotations.events(served, filters(served.data))
    chosen = annotations.events(
        served, filters(served.data, region=("Northern Europe",), device=("desktop",))
    )
    assert {each.name for each in chosen if each.kind == "holiday"} == british
    assert {each.name for each in chosen if each.kind == "tracking_loss"} == {"desktop"}
    assert [each for each in chosen if each.kind in ("promotion", "experiment")] == [
        each for each in everywhere if each.kind in ("promotion", "experiment")
    ]
    labor = next(each for each in everywhere if each.name == "Labor Day")
    assert labor.words == "Labor Day (United States), 2 September 2024"
    assert {each.place for each in everywhere if each.name == "Christmas Day"} == {""}
    assert {each.place for each in chosen} == {""}


def test_unusual_sales_are_those_of_the_whole_company(
    served: Served, marts: duckdb.DuckDBPyConnection
) -> None:
    query = "select date_day, anomaly_name from marts.fct_sales_anomalies where is_anomaly order by 1"
    expected = marts.execute(query).fetchall()
    assert (date(2026, 1, 22), "Net sales 3.6 times what is usual on a Thursday") in expected
    whole, part = filters(served.data), filters(served.data, category=("Kitchen",))
    for choice, before in ((whole, ""), (part, "Whole company: ")):
        found = annotations.events(served, choice)
        assert [(each.days.start, each.name) for each in found if each.kind == annotations.ANOMALY] == [
            (day, f"{before}{name}") for day, name in expected
        ]


def test_an_experiment_without_an_end_goes_on_to_the_last_day(
    built: Built, open_overview: Run, tmp_path: Path
) -> None:
    change = f"update marts.{EVENTS} set last_date = null where source_id = 'X03'"
    publish_copy(built.published, tmp_path, "1", change)
    assert "Larger pictures, 2 February \u2013 30 June 2026." in heard(open_overview(tmp_path))


def test_events_that_share_a_part_are_one_mark() -> None:
    found = [
        event("holiday", "A", day(7, 1)),
        event("holiday", "B", day(7, 31)),
        event("holiday", "C", day(8, 31), day(9, 1)),
        event("holiday", "D", day(9, 30)),
        event("holiday", "E", day(11, 1)),
    ]
    starts = [part.whole.start for part in shown().parts]
    placed = annotations.marks(found, starts)
    assert [(mark.first, mark.last, mark.note) for mark in placed] == [(0, 0, "2"), (1, 2, "2"), (4, 4, "E")]
    assert annotations.marks([event("experiment", "X", day(1, 1), day(1, 1, 2030))], starts)[0].last == 11


def test_a_note_has_the_room_up_to_the_next_mark() -> None:
    found = [
        event("experiment", "Long", day(7, 1), day(9, 1)),
        event("promotion", "SALE", day(7, 1)),
        event("promotion", "BLACK", day(6, 30, 2026)),
    ]
    drawn = annotations.notes(found, shown())
    rows = drawn.table.to_pylist()
    assert [(row["kind"], row["note"], row["lane"], row["lane_name"]) for row in rows] == [
        ("Promotions", "SALE", 0, "Promotions"),
        ("Promotions", "BLACK", 0, ""),
        ("Experiments", "Long", 1, "Experiments"),
    ]
    assert [row["room"] for row in rows] == [1, 0, 9 / 11]
    assert [row["length"] for row in rows] == [0, 0, 2 / 11]
    assert [(row["part"][:7], row["until"][:7]) for row in rows] == [
        ("2025-07", "2025-07"),
        ("2026-06", "2026-06"),
        ("2025-07", "2025-09"),
    ]
    assert drawn.lanes == 2
    assert drawn.words == (
        "Promotions: SALE, 1 July 2025; BLACK, 30 June 2026. "
        "Experiments: Long, 1 July \u2013 1 September 2025."
    )
    bars = annotations.notes(found, shown(), are_bars=True).table["room"].to_pylist()
    assert bars == [11 / 12, 0.5 / 12, 9.5 / 12]
    single = annotations.notes(found[:1], shown(Period(day(7, 1), day(7, 1)), Grain.DAY))
    assert single.table["room"].to_pylist() == [0.5]
    assert note_width("SALE") > note_width("sale") > note_width("")


def test_many_events_are_counted_after_the_first() -> None:
    found = [event("holiday", str(number), day(7, number)) for number in range(1, 10)]
    assert annotations.named(found).endswith("6, 6 July 2025; and 3 more")
    assert annotations.notes(found, shown()).table["note"].to_pylist() == ["9"]


def test_without_events_a_chart_is_as_it_was() -> None:
    nothing = annotations.notes([], shown())
    numbers = annotations.notes([], shown()).table
    assert (nothing.lanes, nothing.words, nothing.table.num_rows) == (0, "", 0)
    assert nothing.beside(numbers) is numbers
    assert strip(0, LIGHT) == []
    assert trend(overview.TREND, True, False, LIGHT, 0) == trend(overview.TREND, True, False, LIGHT)


def test_the_strip_is_below_the_drawing_which_stays_as_high() -> None:
    plain = trend(overview.TREND, True, False, LIGHT)
    for lanes in range(1, len(KINDS) + 1):
        spec = trend(overview.TREND, True, False, DARK, lanes)
        assert spec["height"] - plain["height"] == strip_height(lanes)
        offsets = [layer["encoding"]["x"].get("axis", {}).get("offset") for layer in spec["layer"]]
        assert {offset for offset in offsets if offset is not None} == {strip_height(lanes)}
    assert plain["height"] == HEIGHT


def test_a_saved_picture_has_the_strip(served: Served) -> None:
    sales = overview.read(served, filters())
    numbers = overview.trend_table(sales)
    spec = trend(overview.TREND, True, False, LIGHT, sales.notes.lanes)
    tables: Any = sales.notes.beside(numbers)
    drawn = pictures.svg(
        Chart("trend", "Net sales", "US dollars.", spec, tables, sales.notes.words), page_of()
    )
    for words in (">Promotions<", ">Holidays<", ">Experiments<", ">SUMMER25<", ">BLACK25<"):
        assert words in drawn
    assert ">Larger pictures<" in drawn, "a name without room after its span stands within it"


def test_the_trend_marks_what_happened_until_it_is_switched_off(open_overview: Run) -> None:
    app = open_overview()
    assert "Promotions: SUMMER25, 17\u201327 July 2025; BLACK25," in heard(app)
    assert "Experiments: Delivery date on the product page," in heard(app)
    assert "Unusual sales: More refunded than sold on a Sunday, 20 July 2025; Net sales 3.6 times" in heard(
        app
    )
    assert app.toggle(key="notes").value
    app.toggle(key="notes").set_value(False).run()
    assert SALES_ALONE.fullmatch(heard(app))


def test_the_switch_is_in_the_url_and_a_mark_says_what_it_is(site: Site, page: Page) -> None:
    lanes = page.locator(".st-key-card-trend svg text").filter(has_text="Holidays")
    page.goto(site.server.address)
    settle(page)
    page.locator(".st-key-card-trend svg [aria-label*='Kind: Promotions']").last.hover()
    assert "JANSALE26, 2\u201312 January 2026" in page.locator("#vg-tooltip-element").inner_text()
    page.mouse.move(0, 0)
    page.locator(".st-key-notes label").first.click()
    expect(lanes).to_have_count(0)
    assert parameters(page)["notes"] == ["false"]
    page.reload()
    settle(page)
    expect(lanes).to_have_count(0)
    page.locator(".st-key-reset button").click()
    expect(lanes).to_have_count(1)
    assert parameters(page) == {}


@pytest.mark.parametrize("name", ["sales", "customers", "stores", "acquisition", "funnel"])
def test_every_page_marks_what_happened_on_its_chart_over_time(open_page: Run, name: str) -> None:
    app = open_page(name)
    assert sum("Promotions: SUMMER25" in words for words in spoken_of(app)) == 1
    app.toggle(key="notes").set_value(False).run()
    assert not any("Promotions: " in words for words in spoken_of(app))


def test_a_link_switches_them_off_and_reset_on(open_overview: Run) -> None:
    app = open_overview(notes="false")
    assert SALES_ALONE.fullmatch(heard(app))
    app.button(key="reset").click().run()
    assert "Promotions: " in heard(app)


def test_nonsense_in_a_link_leaves_them_on(open_overview: Run) -> None:
    for nonsense in ("", "perhaps", "'; drop table x"):
        assert "Promotions: " in heard(open_overview(notes=nonsense))


def test_the_choice_goes_along_to_another_page_and_back(open_overview: Run) -> None:
    app = open_overview(notes="false")
    app.switch_page("views/stores.py").run()
    app.switch_page("views/overview.py").run()
    assert not app.exception
    assert SALES_ALONE.fullmatch(heard(app))


def test_a_version_without_the_mart_shows_the_page_without_the_switch(
    built: Built, open_overview: Run, tmp_path: Path
) -> None:
    publish_copy(built.published, tmp_path, "1", f"drop table marts.{EVENTS}")
    app = open_overview(tmp_path, notes="false")
    assert "notes" not in [toggle.key for toggle in app.toggle]
    assert SALES_ALONE.fullmatch(heard(app))
    assert "Net sales by month" in text(app)


def test_a_version_that_judges_no_days_marks_the_other_events(
    built: Built, open_overview: Run, tmp_path: Path
) -> None:
    publish_copy(built.published, tmp_path, "1", f"drop table marts.{annotations.JUDGED_DAYS}")
    words = heard(open_overview(tmp_path))
    assert "Promotions: " in words
    assert "Unusual sales" not in words
