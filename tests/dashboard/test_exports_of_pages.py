"""The page as PDF and as HTML, what is gathered for them, and the downloads in Chromium."""

import csv
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from streamlit.testing.v1 import AppTest

from dashboard.components import export, tables
from dashboard.exports import cells, html, lettering, pdf, pdf_table, pictures, sheets
from dashboard.exports.converter import NotDrawnError
from dashboard.exports.paper import MARGIN, Paper
from dashboard.exports.report import (
    Chart,
    Note,
    Report,
    Table,
    Tiles,
    file_name,
)
from dashboard.theme import DARK
from tests.dashboard.browser import settle
from tests.dashboard.conftest import Run, text
from tests.dashboard.exported import (
    EXPORTED,
    HOSTILE,
    STAMP,
    STAMPED,
    Elements,
    assert_self_contained,
    chart_of,
    full_page,
    of_kind,
    page_of,
    sheet_count,
    table_of,
    tile_of,
    workbook,
)


class Written:
    """What a PDF writes: sheet, place, words and the right end of each."""

    def __init__(self) -> None:
        self.marks: list[tuple[int, float, float, str, float]] = []

    def words(self, sheet: int = 0) -> list[str]:
        return [mark[3] for mark in self.marks if sheet in (0, mark[0])]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    found, write = Written(), Paper.write_at

    def remember(self: Paper, x: float, y: float, words: str, size: float, *style: str, **named: str) -> None:
        bold = (named.get("style") or (style[1] if len(style) > 1 else "")) == lettering.BOLD
        end = x + lettering.width(words, size, lettering.BOLD if bold else lettering.REGULAR)
        found.marks.append((self.page_no(), x, y, words, end))
        write(self, x, y, words, size, *style, **named)

    monkeypatch.setattr(Paper, "write_at", remember)
    return found


def assert_within(found: Written) -> None:
    """Nothing that is written leaves the sheet."""
    for _, x, y, words, end in found.marks:
        assert x >= MARGIN - 0.1, words[:80]
        assert end <= 841.9 - MARGIN + 0.6, words[:80]
        assert 20 < y < 595.3 - 20, words[:80]


def test_thousands_of_rows_are_all_in_the_files_and_some_on_paper(written: "Written") -> None:
    table, page = table_of(4321), page_of(table_of(4321))
    assert len(tables.csv(table.numbers).splitlines()) == 4322
    assert pq.read_table(io.BytesIO(sheets.parquet(table, page))).num_rows == 4321
    assert "E4322" in workbook(sheets.excel(table, page))[0]["1"]
    assert html.html(page).count(b"<tr>") == pdf_table.MOST_ROWS + 1
    pdf.pdf(page)
    assert sum(words == "North" for words in written.words()) == pdf_table.MOST_ROWS
    assert "The first 2,000 of 4,321 rows" in " ".join(written.words())


def test_the_pdf_holds_all_of_the_page(written: Written) -> None:
    data = pdf.pdf(full_page())
    assert data.startswith(b"%PDF-")
    sheets_ = sheet_count(data)
    assert sheets_ >= 2
    said = " ".join(written.words())
    for expected in ("Overview", "$823K", "Net sales by region", "Beside", "Before", "A day is missing."):
        assert expected in said
    for sheet in range(1, sheets_ + 1):
        on_sheet = " ".join(written.words(sheet))
        for expected in STAMPED:
            assert expected in on_sheet
    months = [words for words in written.words() if re.fullmatch(r"[A-Z][a-z]{2} 2024", words)]
    assert len(months) == 12
    assert "Click" not in said
    assert_within(written)


def test_a_long_table_repeats_its_heading_on_each_sheet(written: Written) -> None:
    sheets_ = sheet_count(pdf.pdf(page_of(table_of(200))))
    assert sheets_ > 4
    for sheet in range(1, sheets_ + 1):
        assert written.words(sheet).count("Net sales") == 1
    assert sum(words == "North" for words in written.words()) == 200
    assert_within(written)


def test_a_wide_table_is_drawn_in_bands(written: Written) -> None:
    numbers = pa.table({f"column_{place}": ["a long value of its own"] * 3 for place in range(30)})
    pdf.pdf(page_of(Table("wide", "Wide", "", numbers, {})))
    assert written.words().count("a long value of its own") > 3 * 30
    assert_within(written)


def test_the_same_page_gives_the_same_file() -> None:
    page, table = full_page(), table_of()
    for make in (pdf.pdf, html.html):
        assert make(page) == make(full_page())
        assert make(page_of(table)) != make(replace(page_of(table), stamp=STAMP.at(datetime.now(UTC))))
    assert sheets.excel(table, page) == sheets.excel(table, page)


def test_the_html_is_self_contained_and_holds_all_of_the_page() -> None:
    data = html.html(full_page())
    assert_self_contained(data)
    elements = Elements(data)
    said = " ".join(elements.said)
    for expected in ("Overview", "$823K", "Net sales by region", "Beside", "A day is missing.", *STAMPED):
        assert expected in said
    assert "Click" not in said
    assert elements.of("html") == [{"lang": "en"}]
    labels = [svg["aria-label"] or "" for svg in elements.of("svg") if svg.get("role") == "img"]
    assert [label.partition(".")[0] for label in labels[::2]] == ["Net sales by region", "Beside"]
    assert len(elements.of("tr")) == 13
    assert "\u2212$9,765.50" in elements.said
    assert "42.6%" in elements.said


def test_hostile_words_harm_no_file(written: Written) -> None:
    items: list[Chart | Table | Tiles | Note] = []
    for place, words in enumerate(HOSTILE):
        chart = replace(chart_of(words), name=f"chart {place}", words=words, is_beside=place % 3 == 0)
        items += [Tiles((tile_of(words, words),)), chart, replace(table_of(3, words), title=words)]
        items += [Note(words, words)]
    page = replace(page_of(*items), title="".join(HOSTILE), summary=" ".join(HOSTILE))
    page = replace(page, stamp=replace(STAMP, chosen={"region": HOSTILE}, version="".join(HOSTILE)))
    assert_self_contained(html.html(page))
    assert sheet_count(pdf.pdf(page)) > 1
    assert_within(written)
    ElementTree.fromstring(pictures.svg(of_kind(page, Chart)[0], page))
    assert pictures.png(of_kind(page, Chart)[-1], page).startswith(b"\x89PNG")
    for table in of_kind(page, Table):
        workbook(sheets.excel(table, page))
        sheets.parquet(table, page)
        assert re.fullmatch(r"[a-z0-9_-]{1,260}\.csv", file_name(page, table, "csv", EXPORTED.date()))


def test_an_empty_page_and_an_empty_table_are_files_too(written: Written) -> None:
    for page in (page_of(), page_of(table_of(0)), page_of(Table("none", "None", "", pa.table({}), {}))):
        assert sheet_count(pdf.pdf(page)) == 1
        assert_self_contained(html.html(page))
    assert "No rows." in written.words()
    workbook(sheets.excel(table_of(0), page_of()))
    assert pq.read_table(io.BytesIO(sheets.parquet(table_of(0), page_of()))).num_rows == 0


@pytest.mark.parametrize("name", ["overview", "acquisition", "funnel"])
def test_a_page_can_be_exported(open_page: Run, name: str) -> None:
    app = open_page(name, region="Northern Europe") if name == "overview" else open_page(name)
    report: Report = app.session_state["report"]
    page = report.page(STAMP)
    shown = text(app)
    [tiles] = of_kind(page, Tiles)
    assert all(f'<dd class="value">{tile.value}</dd>' in shown for tile in tiles.tiles)
    assert len(of_kind(page, Chart)) == len(app.get("vega_lite_chart"))
    assert len(of_kind(page, Table)) == 1
    assert_self_contained(html.html(page))
    assert sheet_count(pdf.pdf(page)) >= 2
    app.button(key="export").click().run()
    assert not app.exception
    [what] = [box for box in app.selectbox if box.key == "export-what"]
    assert len(what.options) == 1 + len(of_kind(page, Chart)) + len(of_kind(page, Table))
    assert ("Filters: Region: Northern Europe." in text(app)) == (name == "overview")


@pytest.mark.parametrize("experiment", ["All experiments", "X01"])
def test_an_experiment_can_be_exported(open_page: Run, experiment: str, written: Written) -> None:
    app = open_page("experiments", experiment=experiment)
    page = app.session_state["report"].page(STAMP)
    assert f"<h1>{page.title}</h1>" in text(app)
    assert len(of_kind(page, Chart)) == len(app.get("vega_lite_chart"))
    verdicts = [note.words for note in of_kind(page, Note) if note.title.startswith("Verdict")]
    assert len(verdicts) == (experiment == "X01")
    assert all(escape(words) in text(app) for words in verdicts)
    shown, tables_ = text(app), {table.name: table for table in of_kind(page, Table)}
    said = {"checks", "arms", "seen", "experiment-X01"} if experiment == "X01" else {"experiments", "plan"}
    assert tables_.keys() == said
    exported = html.html(page).decode()
    for name in said - {"experiment-X01"}:
        assert len(tables_[name].numbers) > 1
        for column in tables_[name].numbers.column_names:
            for words in filter(None, cells.column_words(tables_[name], column)):
                assert f">{escape(words)}</td>" in exported
                assert all(escape(part) in shown for part in words.split(": "))
    if experiment == "X01":
        pdf.pdf(page)
        assert {*written.words()} >= {*tables_["checks"].numbers["explanation"].to_pylist()}
        assert_within(written)
    app.button(key="export").click().run()
    assert not app.exception


def test_a_file_that_cannot_be_made_is_told_of_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The converter ends without a word, and then draws again."""
    failures: list[str] = []
    [_, kind] = export.kinds_of(None)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "false")
        with pytest.raises(NotDrawnError):
            export.made_now(kind, full_page(), failures)
    assert failures == ["The HTML file could not be made. A chart could not be drawn: it ended with 1."]

    def show(failures: list[str]) -> None:
        from dashboard.components import export

        export.say_failed(failures)

    [said] = AppTest.from_function(show, kwargs={"failures": failures}).run().error
    assert said.value == failures[0]
    assert export.made_now(kind, full_page(), failures).startswith(b"<!DOCTYPE html>")
    assert not failures


@pytest.fixture(scope="module")
def overview(address: str, chromium: Browser) -> Iterator[Tab]:
    context = chromium.new_context(accept_downloads=True, color_scheme="dark")
    tab = context.new_page()
    tab.goto(f"{address}/?region=Northern+Europe&numbers=true")
    settle(tab)
    tab.locator("[data-testid=stElementToolbarButton] [aria-label=Search]").first.wait_for(state="attached")
    offered = tab.locator("[data-testid=stElementToolbarButton] button:not([aria-label^=Fullscreen])")
    labels = offered.evaluate_all(
        "all => all.filter(one => getComputedStyle(one.closest('[data-testid=stElementToolbarButton]'))"
        ".display !== 'none').map(one => one.ariaLabel)"
    )
    assert {*labels} == {"Show/hide columns", "Search"}, "files without a stamp are offered"
    tab.get_by_role("button", name="Export").click()
    yield tab
    context.close()


@pytest.mark.parametrize(
    ("what", "kind", "beginning"),
    [
        ("The whole page", "PDF", b"%PDF-"),
        ("The whole page", "HTML", b"<!DOCTYPE html>"),
        ("Chart: Net sales by month", "PNG", b"\x89PNG"),
        ("Chart: Net sales by month", "SVG", b"<svg "),
        ("Table: The numbers by month", "CSV", b'"from","net_sales_usd"'),
        ("Table: The numbers by month", "About", b"Title: The numbers by month"),
        ("Table: The numbers by month", "Excel", b"PK"),
        ("Table: The numbers by month", "Parquet", b"PAR1"),
    ],
)
def test_each_kind_of_file_downloads(overview: Tab, what: str, kind: str, beginning: bytes) -> None:
    dialog = overview.get_by_role("dialog")
    dialog.get_by_label("What").click()
    overview.get_by_role("option", name=what, exact=True).click()
    with overview.expect_download() as download:
        dialog.get_by_role("button", name=kind).click()
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(beginning)
    assert download.value.suggested_filename.startswith("overview")
    assert "_2025-07-01-2026-06-30_northern-europe_" in download.value.suggested_filename
    if kind in ("HTML", "SVG"):
        assert b"Filters: Region: Northern Europe" in data
        assert DARK.surface.encode() not in data
    if kind == "CSV":
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        assert [row["from"] for row in rows][:2] == ["2025-07-01", "2025-08-01"]
        assert len(rows) == 12
