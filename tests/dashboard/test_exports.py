"""Pictures and tables as files: each is opened again, and holds what the page showed."""

import csv
import io
import json
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from dashboard.components import tables
from dashboard.components.tables import COUNT, RATE, TEXT, USD, Column
from dashboard.exports import cells, lettering, pictures, sheets, vectors
from dashboard.exports.names import MOST_OF_FILTERS, filters_name
from dashboard.exports.report import (
    Chart,
    Report,
    Table,
    file_name,
    filters_words,
)
from dashboard.exports.words import plain
from dashboard.theme import DARK, LIGHT
from tests.dashboard.exported import (
    LEGEND,
    STAMP,
    STAMPED,
    SVG,
    bar_chart,
    chart_of,
    of_kind,
    page_of,
    table_of,
    workbook,
)


def test_a_picture_holds_title_subtitle_legend_and_stamp() -> None:
    root = ElementTree.fromstring(pictures.svg(chart_of(), page_of()))
    words = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    for expected in ("Net sales by region", "US dollars.", "Before", "North", "June 2026", *STAMPED):
        assert expected in words
    assert "Click" not in words
    assert root.findtext(f"{SVG}title") == "Net sales by region"
    assert "North leads" in root.attrib["aria-label"]
    assert LIGHT.accent_soft in {element.get("fill") for element in root.iter(f"{SVG}rect")}


def test_a_picture_says_its_period_once() -> None:
    page = replace(page_of(), summary="June 2026, compared with May")
    period = "<span>June 2026, Kitchen.</span><br>"
    for subtitle, below in ((f"{period}US dollars.", "Compared with May"), ("US dollars.", page.summary)):
        root = ElementTree.fromstring(pictures.svg(replace(chart_of(), subtitle=subtitle), page))
        words = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
        assert f"{page.title}. {below}. Filters: " in words
        assert words.count("June 2026") == 1


def test_a_picture_is_drawn_in_the_light_palette_whichever_the_reader_has() -> None:
    assert pictures.light(bar_chart(DARK)) == pictures.light(bar_chart(LIGHT)) == bar_chart(LIGHT)
    colours = {"config": {"background": DARK.surface}, **asdict(DARK)}
    lit = pictures.light(colours)
    # Of the dark palette's equal colours the page's stands for both.
    assert {name: lit[name] for name in asdict(LIGHT) if name != "on_accent"} == {
        name: colour for name, colour in asdict(LIGHT).items() if name != "on_accent"
    }


def test_a_png_is_as_large_as_it_says_and_not_blank() -> None:
    picture = Image.open(io.BytesIO(pictures.png(chart_of(colours=DARK), page_of()))).convert("RGB")
    drawn = ElementTree.fromstring(pictures.svg(chart_of(), page_of()))
    assert picture.size == tuple(round(2 * float(drawn.attrib[side])) for side in ("width", "height"))
    assert picture.width == 2 * (pictures.WIDTH + 2 * pictures.MARGIN)
    colours = {found for _, found in picture.getcolors(maxcolors=1_000_000) or []}
    assert {tuple(bytes.fromhex(colour[1:])) for colour in (LIGHT.accent, LIGHT.surface)} <= colours


def test_the_typeface_has_what_the_pages_write() -> None:
    written = (
        "\u2212\u2013\u00b7\u201c\u201d\u2026\u00d7\u2192\u25b2\u25bc\u2713\u20acA\u00fc\u0142\u03a9\u0416"
    )
    assert lettering.legible(written) == written
    assert lettering.legible("\u6771 1") == "? 1"


def test_the_drawings_of_one_page_do_not_share_names() -> None:
    drawing = f'<svg xmlns="{SVG[1:-1]}"><clipPath id="a"/><g clip-path="url(#a)" href="//x.org"/></svg>'
    first, second = (vectors.inline(drawing, prefix, "words") for prefix in ("c1", "c2"))
    assert 'id="c1-a"' in first
    assert 'clip-path="url(#c1-a)"' in first
    assert "c1" not in second
    assert "x.org" not in first


def test_what_the_pdf_library_does_not_draw_is_left_to_a_picture() -> None:
    def drawn(inner: str) -> bytes | None:
        return vectors.printable(f'<svg xmlns="{SVG[1:-1]}" width="9" height="9">{inner}</svg>')

    assert drawn('<g clip-path="url(#a)"/><clipPath id="a"><rect/></clipPath>') is None
    assert drawn('<rect fill="url(#gradient)"/>') is None
    assert drawn("<image/>") is None
    corner = drawn('<g clip-path="url(#a)"/><defs><clipPath id="a"><path d="M0,0A1,1"/></clipPath></defs>')
    assert corner is not None
    assert b"clip" not in corner
    line = drawn('<line y2="5"/><path d=""/><rect opacity="0"/>')
    assert line is not None
    assert b'x1="0"' in line
    assert b"path" not in line
    assert b"rect" not in line


def test_csv_holds_exact_numbers_and_no_formula() -> None:
    names = ["=1+1", "+1", "-1", "@a", "\tb", "a=b", "\u2013", None]
    numbers = pa.table({"name": names, "value": [-0.1, 1 / 3, 1e300, 2.0, 3.0, 4.0, 5.0, None]})
    rows = list(csv.reader(io.StringIO(tables.csv(numbers).decode(), newline="")))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'+1", "'-1", "'@a", "'\tb", "a=b", "\u2013", ""]
    assert [float(row[1]) for row in rows[1:-1]] == numbers["value"].to_pylist()[:-1]
    assert tables.csv(table_of().numbers).decode().splitlines()[1].startswith("2024-01-01,")
    assert len(tables.csv(table_of(0).numbers).decode().splitlines()) == 1


def test_excel_holds_typed_numbers_and_says_what_they_are() -> None:
    found, names, _ = workbook(sheets.excel(table_of(), page_of()))
    numbers, about = found["1"], found["2"]
    assert names == ["The numbers by month", "About"]
    assert [numbers[f"{letter}1"][1] for letter in "ABCDE"] == [
        "Month",
        "Region",
        "Net sales",
        "Margin",
        "Orders",
    ]
    assert numbers["A2"] == ("yyyy-mm-dd", str((date(2024, 1, 1) - date(1899, 12, 30)).days))
    assert numbers["C2"] == ("$#,##0.00;\u2212$#,##0.00", "1234.5")
    assert numbers["D2"][1] == "0.4256"
    assert numbers["D3"][1] == ""
    assert numbers["E13"][1] == "1011"
    said = {about[f"A{row}"][1]: about[f"B{row}"][1] for row in range(1, 9)}
    assert said["Title"] == "The numbers by month"
    assert said["Filters"] == "Region: Northern Europe"
    assert said["Version"] == "7-abc"
    assert said["Published"] == "2026-11-20T08:05:00+00:00"
    assert said["Exported"] == "2026-11-21T20:30:00+00:00"


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@a", "{=1}", "http://a.org", "<b>", "x" * 40_000])
def test_excel_takes_text_for_text(words: str) -> None:
    table = replace(table_of(2, words), title=words)
    found, _, xml = workbook(sheets.excel(table, page_of()))
    assert found["1"]["B2"] == ("text", words[:32_767])
    assert "<f>" not in xml
    assert "hyperlink" not in xml


def test_excel_says_when_a_sheet_is_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 11)
    with pytest.raises(ValueError, match="takes 11 rows, and the table has 12"):
        sheets.excel(table_of(), page_of())


def test_parquet_holds_the_table_and_says_what_it_is() -> None:
    read = pq.read_table(io.BytesIO(sheets.parquet(table_of(), page_of())))
    assert read.equals(table_of().numbers)
    said = json.loads(read.schema.metadata[b"larkspur"])
    assert said["filters"] == "Region: Northern Europe"
    assert said["version"] == "7-abc"
    assert said["exported"] == "2026-11-21T20:30:00+00:00"
    assert read.schema.field("net_sales_usd").metadata == {b"label": b"Net sales"}


@pytest.mark.parametrize(
    ("value", "form", "words"),
    [
        (1234.5, USD, "$1,234.50"),
        (-3, COUNT, "\u22123"),
        (0.4256, RATE, "42.6%"),
        (-0.00012, "%.2g", "\u22120.00012"),
        (12.0, "%.0f s", "12 s"),
        (float("nan"), USD, "\u2013"),
        (None, TEXT, "\u2013"),
        (True, TEXT, "yes"),
        (date(2026, 3, 9), TEXT, "2026-03-09"),
        (datetime(2026, 3, 9, 7, 5, tzinfo=UTC), TEXT, "2026-03-09 07:05"),
        ("a", USD, "a"),
    ],
)
def test_values_are_written_as_the_page_does(value: Any, form: str, words: str) -> None:
    assert cells.words(value, form) == words


def test_a_report_keeps_what_is_drawn_last_under_the_heading_of_its_card() -> None:
    report = Report("Overview")
    for title in ("Earlier", "Later"):
        report.card(is_beside=True)
        report.heading = (title, "Unit")
        report.chart("bars", "Other", {}, pa.table({}))
    report.card(is_beside=False)
    report.chart("lone", "Alone", {}, {"rows": pa.table({})})
    first, second = of_kind(report.page(STAMP), Chart)
    assert (first.title, first.subtitle, first.is_beside) == ("Later", "Unit", True)
    assert (second.title, second.subtitle, second.is_beside) == ("Alone", "", False)
    assert [*first.tables] == ["numbers"]


def test_subtitles_in_words() -> None:
    assert (
        plain("<strong>5 days</strong>, a&amp;b.<br>More. Click a row to filter by it.")
        == "5 days, a&b. More."
    )
    assert plain("What it reads. A click on a box opens it.") == "What it reads."
    [[first, key], [second]] = lettering.lines_of(f"One {LEGEND}<br>two. Click it.", 10, 500)
    assert (first.words, key.words, key.colour, second.words) == ("One", "Before", "accent_soft", "two.")
    assert lettering.wrapped("aaa " * 9, 10, lettering.width("aaa aaa aaa", 10)) == ["aaa aaa aaa"] * 3
    assert all(lettering.width(line, 10) <= 50 for line in lettering.wrapped("w" * 99, 10, 50))
    assert lettering.width(lettering.cut("w" * 99, 10, 50), 10) <= 50


def test_filters_and_names_of_files() -> None:
    chosen = {"region": ["Northern Europe", "x" * 99], "customer_type": ["new"], "category": []}
    words = filters_words(chosen)
    assert words == f"Region: Northern Europe, {'x' * 59}\u2026; Customer type: new"
    page, day = page_of(), date(2026, 11, 21)
    assert file_name(page, None, "pdf", day) == (
        "overview_2026-06-01-2026-06-30_northern-europe_7-abc_2026-11-21.pdf"
    )
    table = replace(table_of(), span="2025-01-01 2025-01-31")
    assert file_name(page, table, "csv", day) == (
        "overview-the-numbers-by-month_2025-01-01-2025-01-31_northern-europe_7-abc_2026-11-21.csv"
    )


def test_each_filter_has_its_part_of_a_name() -> None:
    many = {
        "product": [f"Harbour Dining Table {place}" for place in range(9)],
        "region": ["Northern Europe", "North America", "Online"],
        "channel": ["Email"],
    }
    assert filters_name({"product": many["product"]}) == (
        "harbour-dining-table-0-harbour-dining-table-1-harbour-dining-table-2-and-6-others"
    )
    assert filters_name(many) == "product-9-northern-europe-and-2-others-email"
    every = filters_name({f"{key}{place}": many[key] for key in many for place in range(5)})
    assert len(every) <= MOST_OF_FILTERS
    assert every.count("-9") == every.count("-3") == every.count("ema") == 5


def test_a_file_names_no_filter_that_its_chart_leaves_out() -> None:
    held, free = (
        replace(chart_of(), scope=scope, subtitle="") for scope in ("June 2026, Northern Europe", "June 2026")
    )
    said = [pictures.foot(chart, page_of(), 900, 0)[0] for chart in (held, free)]
    assert "Filters: Region: Northern Europe" in said[0]
    assert "No filters. Chosen on the page, and left out here: Region: Northern Europe." in said[1]
    names = [file_name(page_of(), chart, "png", date(2026, 11, 21)) for chart in (held, free)]
    assert ["northern-europe" in name for name in names] == [True, False]


def test_a_csv_has_a_file_that_says_what_it_is() -> None:
    values = [f"Product {place}" for place in range(40)]
    page = replace(page_of(), stamp=replace(STAMP, chosen={"product": values}))
    lines = sheets.about(table_of(), page).decode().splitlines()
    assert f"Filters: Product: {', '.join(values)}" in lines
    assert "Exported: 2026-11-21T20:30:00+00:00" in lines


def test_counts_are_whole_numbers_in_files() -> None:
    columns = {name: Column(name, COUNT) for name in ("whole", "part", "none")} | {"usd": Column("usd", USD)}
    numbers = pa.table(
        {
            "whole": pa.array([3.0, None, -1.0], pa.float64()),
            "part": [1.5, 2.0, 3.0],
            "none": [1.0, float("nan"), 2.0],
            "usd": [1.0, 2.0, 3.0],
        }
    )
    report = Report("Overview")
    report.add(Table("counts", "Counts", "", numbers, columns))
    [table] = of_kind(report.page(STAMP), Table)
    assert table.numbers["whole"].to_pylist() == [3, None, -1]
    assert table.numbers.schema.types == [pa.int64(), *[pa.float64()] * 3]
