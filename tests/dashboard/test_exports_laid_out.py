"""How the files of a page are laid out, on paper and on a phone, and what is in them."""

from contextlib import AbstractContextManager
from dataclasses import replace

import pyarrow as pa
import pytest
from playwright.sync_api import Browser

from dashboard.charts.base import PADDING
from dashboard.charts.calendar import full_width
from dashboard.exports import html, pdf, pdf_charts, pictures
from dashboard.exports.lettering import width
from dashboard.exports.paper import MARGIN, Paper
from dashboard.exports.report import Chart, Note, Page, Report, Table
from dashboard.theme import LIGHT
from tests.dashboard.browser import NARROW
from tests.dashboard.conftest import Run, text
from tests.dashboard.exported import STAMP, Elements, bar_chart, chart_of, of_kind, page_of, sheet_count

STEP = 46


def listed(rows: int) -> Page:
    """A page with a card of a curve and a list of so many rows, and a card beside it."""
    report = Report("Sales")
    numbers = pa.table({"name": [f"Row {row}" for row in range(rows)], "value": [1.0] * rows})
    rows_spec = {**bar_chart(LIGHT), "height": {"step": STEP}}
    for title, drawn in (("The largest", ("curve", "rows")), ("Beside", ("other",))):
        report.card(is_beside=True)
        report.head(title, "US dollars", "")
        for name in drawn:
            is_list = name == "rows"
            spec, shown = (rows_spec, numbers) if is_list else (bar_chart(LIGHT), numbers.slice(0, 3))
            report.chart(name, name, spec, shown)
    return report.page(STAMP)


def test_the_charts_of_one_card_stand_below_one_heading() -> None:
    page = listed(5)
    assert [[len(card) for card in block] for block in page.blocks] == [[2, 1]]
    elements = Elements(html.html(page))
    assert len(elements.of("section")) == 2
    assert [said for said in elements.said if said in ("The largest", "Beside")] == ["The largest", "Beside"]


@pytest.mark.parametrize(("rows", "sheets"), [(5, 1), (25, 2), (60, 3)])
def test_a_long_list_is_cut_between_rows_and_stays_readable(
    rows: int, sheets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is drawn, in columns, and none of its words are smaller than 7 points."""
    page, cuts, scales = listed(rows), [], []
    clip, put = Paper.rect_clip, pdf_charts.Drawn.put

    def cut(self: Paper, x: float, y: float, w: float, h: float) -> AbstractContextManager[None]:
        assert MARGIN - 0.1 <= x <= x + w <= self.w - MARGIN + 0.1
        assert y + h <= self.bottom + 0.1
        cuts.append(h)
        return clip(self, x, y, w, h)

    def drawn(self: pdf_charts.Drawn, paper: Paper, x: float, y: float, w: float, alt: str = "") -> None:
        scales.append(w / self.size[0])
        put(self, paper, x, y, w, alt)

    monkeypatch.setattr(Paper, "rect_clip", cut)
    monkeypatch.setattr(pdf_charts.Drawn, "put", drawn)
    assert sheet_count(pdf.pdf(page)) == sheets
    assert min(scales) * 13 >= 7
    if rows > 5:
        parts = [high / scales[0] for high in cuts[1:]]
        for place, part in enumerate(parts[:-1]):
            assert round(part - (0 if place else PADDING["top"])) % STEP == 0
        assert sum(parts) == pytest.approx(of_kind(page, Chart)[1].height)
    assert (len(cuts) > 0) == (rows > 5)


def test_on_a_phone_a_page_shows_all_of_its_charts(chromium: Browser) -> None:
    """Each has a drawing that fits; one that cannot be so narrow scrolls, and so does a wide table."""
    wide = replace(chart_of("Wide"), name="wide", least_width=1408, least_narrow=1408)
    numbers = pa.table({f"column {place}": ["some words of it"] * 2 for place in range(9)})
    table = Table("wide", "Wide", "", numbers, {})
    tab = chromium.new_page(viewport=NARROW)
    tab.set_content(
        html.html(page_of(chart_of(), replace(chart_of("Half"), is_beside=True), wide, table)).decode()
    )
    found = tab.locator(".scroll:visible").evaluate_all(
        "all => all.map(one => [one.scrollWidth > one.clientWidth, one.clientWidth > 300])"
    )
    assert found == [[False, True], [False, True], [True, True], [True, True]]
    assert tab.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert tab.locator(".narrow:visible svg").count() == 2
    assert tab.locator(".wide:visible").count() == 0
    tab.close()


def test_long_texts_of_a_table_go_over_several_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "The traffic is split as it was planned, and no unit was in more than one arm. " * 3
    numbers = pa.table({f"column {place}": [f"{place} {sentence}"] for place in range(5)})
    said, write = [], Paper.write_at

    def remember(
        self: Paper, x: float, y: float, words: str, size: float, *others: str, **named: str
    ) -> None:
        said.append(words)
        assert x + width(words, size) <= self.w - MARGIN + 0.6
        write(self, x, y, words, size, *others, **named)

    monkeypatch.setattr(Paper, "write_at", remember)
    assert sheet_count(pdf.pdf(page_of(Table("long", "Long", "", numbers, {})))) == 1
    assert not [words for words in said if words.endswith("\u2026")]
    for words in sentence.split():
        assert sum(words in one for one in said) >= 5


def test_code_keeps_its_lines() -> None:
    page = page_of(Note("SQL", "SELECT\n  a & b\nFROM t", is_code=True))
    assert "<pre>SELECT\n  a &amp; b\nFROM t</pre>" in html.html(page).decode()
    assert sheet_count(pdf.pdf(page)) == 1


def test_heads_have_one_full_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(Paper, "write_at", lambda *given, **_: said.append(given[3]))
    pdf.pdf(
        replace(
            page_of(*[replace(chart_of(str(place)), name=str(place)) for place in range(9)]),
            summary="3 in all, 1 \u201cship\u201d.",
        )
    )
    assert "3 in all, 1 \u201cship\u201d. Filters: Region: Northern Europe." in said


def test_the_calendar_of_a_file_says_the_amount_of_each_day(open_page: Run) -> None:
    """And its stamp names filters alone, and none that a chart leaves out."""
    app = open_page("sales", category=["Kitchen", "Dining"], rows="By category")
    page = app.session_state["report"].page(STAMP)
    charts = {chart.name: (chart, pixels) for chart, pixels in pictures.charts_of(page.blocks)}
    calendar, pixels = charts["calendar"]
    assert pixels == full_width(27)
    [drawn] = pictures.drawings([(calendar, pixels)])
    days = [words for words in calendar.tables["numbers"]["short_words"].to_pylist() if words]
    assert len(days) > 300
    assert all(f">{words}</text>" in drawn for words in days)
    app.button(key="export").click().run()
    assert ". Filters: Category: Kitchen, Dining. Version" in text(app)
    chosen = {"category": ["Kitchen", "Dining"]}
    stamped = replace(page, stamp=replace(STAMP, chosen=chosen))
    held = {name: stamped.stamp_of(chart).chosen for name, (chart, _) in charts.items()}
    assert held == {name: {} if name == "targets" else chosen for name in charts}


def test_explore_says_in_files_why_it_forecasts_nothing(open_page: Run) -> None:
    app = open_page("explore", grain="Quarter", forecast="true")
    page = app.session_state["report"].page(STAMP)
    assert [note.words[:24] for note in of_kind(page, Note)] == ["No forecast. It takes 15"]
    app.button(key="export").click().run()
    assert ". No filters. Version" in text(app)


def test_the_files_of_a_metric_hold_its_definition(open_page: Run) -> None:
    page = open_page("catalog", metric="net_sales").session_state["report"].page(STAMP)
    tables = {
        table.name: dict(zip(*table.numbers.to_pydict().values(), strict=True))
        for table in of_kind(page, Table)
        if table.name in ("catalog-facts", "catalog-definition")
    }
    assert tables["catalog-definition"]["Worked out as"] == "sales - refunds"
    assert "sum of refund_usd in fct_refunds" in tables["catalog-definition"]["From"]
    assert tables["catalog-facts"].keys() >= {"Owner", "Tests", "Freshness", "Defined in"}
    [code] = [note for note in of_kind(page, Note) if note.is_code]
    assert "SUM(refunds)" in code.words
    assert "click" not in html.html(page).decode().casefold()
