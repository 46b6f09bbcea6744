"""Pages to make files of, and readers of such files."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any, TypeVar
from xml.etree import ElementTree

import altair as alt
import pyarrow as pa

from dashboard.charts.base import NUMBERS, Spec, finished
from dashboard.components.tables import COUNT, RATE, TEXT, USD, Column
from dashboard.exports.report import (
    Chart,
    Note,
    Page,
    Stamp,
    Table,
    Tiles,
)
from dashboard.periods import Grain
from dashboard.queries.figures import Tile
from dashboard.theme import LIGHT, Palette

Kind = TypeVar("Kind", Tiles, Chart, Table, Note)
EXPORTED = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
STAMP = Stamp({"region": ["Northern Europe"]}, "7-abc", datetime(2026, 11, 20, 8, 5, tzinfo=UTC), EXPORTED)
STAMPED = ("Filters: Region: Northern Europe", "Version 7-abc", "Exported 21 November 2026 at 20:30 UTC")
HOSTILE = [
    "<script>alert(1)</script>",
    "\"quoted\" 'and' &amp; ]]>",
    "=1+1",
    "{nb} {{x}} %s \\ $x$",
    "w" * 5000,
    "many words " * 500,
    "\u0000\u0007 \ufffe \u001b",
    "\u6771\u4eac \u05d0" + 300 * "\U0001f600",
    "",
]
LEGEND = '<span class="key"><i style="background: var(--accent-soft)"></i>Before</span>'
SVG = "{http://www.w3.org/2000/svg}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def of_kind(page: Page, kind: type[Kind]) -> list[Kind]:
    """The items of one kind, in the page's order."""
    return [item for item in page.items if isinstance(item, kind)]


def bar_chart(colours: Palette) -> Spec:
    bars = alt.Chart(NUMBERS).encode(y=alt.Y("name:N"), x=alt.X("value:Q")).mark_bar(color=colours.accent)
    names = alt.Chart(NUMBERS).mark_text(color=colours.text).encode(y="name:N", text="name:N")
    return finished(alt.layer(bars, names).properties(height=120), colours)


def chart_of(title: str = "Net sales by region", colours: Palette = LIGHT, **other: Any) -> Chart:
    numbers = pa.table({"name": ["North", "South", title[:200]], "value": [3.0, 2.5, float("nan")]})
    subtitle = f"US dollars. Click a bar to filter by it.<br>{LEGEND}"
    return Chart("bars", title, subtitle, bar_chart(colours), {"numbers": numbers}, "North leads", **other)


def table_of(rows: int = 12, name: str = "North") -> Table:
    numbers = pa.table(
        {
            "from": pa.array(
                [date(2024 + month // 12, 1 + month % 12, 1) for month in range(rows)], pa.date32()
            ),
            "region": pa.array([name] * rows, pa.string()),
            "net_sales_usd": pa.array([1234.5 - 1000 * row for row in range(rows)], pa.float64()),
            "margin_rate": pa.array([None if row == 1 else 0.4256 for row in range(rows)], pa.float64()),
            "orders": pa.array([1000 + row for row in range(rows)], pa.int64()),
        }
    )
    columns = {
        "region": Column("Region", TEXT),
        "net_sales_usd": Column("Net sales", USD),
        "margin_rate": Column("Margin", RATE),
        "orders": Column("Orders", COUNT),
    }
    return Table("sales", "The numbers by month", "Amounts in US dollars.", numbers, columns, Grain.MONTH)


def tile_of(label: str = "Net sales", value: str = "$823K") -> Tile:
    return Tile(label, "What it means.", value, (0.41, "+41.0%"), "vs the year before", [1.0, None, 3.0])


def page_of(*items: Chart | Table | Tiles | Note, title: str = "Overview") -> Page:
    return Page(title, "June 2026, compared with May", "2026-06-01 2026-06-30", items, STAMP)


def full_page() -> Page:
    beside = replace(chart_of("Beside"), name="other", is_beside=True)
    note = Note("Caution", "A day is missing.")
    tiles = Tiles((tile_of(), tile_of("Refunds", "\u22125")))
    return page_of(tiles, chart_of(), beside, note, table_of())


def workbook(data: bytes) -> tuple[dict[str, dict[str, tuple[str, str]]], list[str], str]:
    """The cells of each sheet (type or number format, value), the sheets' names, and all XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    strings = [
        "".join(part.text or "" for part in item.iter(f"{SHEET}t"))
        for item in ElementTree.fromstring(parts["xl/sharedStrings.xml"])
    ]
    styles = ElementTree.fromstring(parts["xl/styles.xml"])
    formats = {item.attrib["numFmtId"]: item.attrib["formatCode"] for item in styles.iter(f"{SHEET}numFmt")}
    used = [item.attrib["numFmtId"] for item in next(styles.iter(f"{SHEET}cellXfs"))]
    sheets_: dict[str, dict[str, tuple[str, str]]] = {}
    for number in (1, 2):
        found = {}
        for cell in ElementTree.fromstring(parts[f"xl/worksheets/sheet{number}.xml"]).iter(f"{SHEET}c"):
            value = cell.findtext(f"{SHEET}v") or ""
            if cell.get("t") == "s":
                found[cell.attrib["r"]] = ("text", strings[int(value)])
            else:
                form = used[int(cell.get("s", "0"))]
                found[cell.attrib["r"]] = (formats.get(form, form), value)
        sheets_[str(number)] = found
    names = [
        item.attrib["name"] for item in ElementTree.fromstring(parts["xl/workbook.xml"]).iter(f"{SHEET}sheet")
    ]
    return sheets_, names, "".join(parts.values())


def sheet_count(data: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", data))


class Elements(HTMLParser):
    """The elements of an HTML page, its words, and the cells of its tables."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


def assert_self_contained(page: bytes) -> None:
    """No script, no handler of events, and nothing that is fetched."""
    elements = Elements(page)
    forbidden = {"script", "iframe", "object", "embed", "link", "base", "form", "foreignobject", "img", "use"}
    assert not forbidden & {tag for tag, _ in elements.found}
    for tag, attributes in elements.found:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("src", "href", "xlink:href", "xmlns"), (tag, name)
            if name == "style":
                assert "url(" not in (value or "")
    assert set(re.findall(rb"url\(([a-z]*:?)", page)) <= {b"data:", b""}
