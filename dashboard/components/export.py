"""Exports of a page: what it draws is gathered while it runs, and written to a file when somebody asks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from html import escape

import streamlit as st

from dashboard.components import tables
from dashboard.exports import html, pdf, pictures, sheets
from dashboard.exports.converter import NotDrawnError
from dashboard.exports.report import FILTERS, Chart, Page, Report, Stamp, Table, file_name
from dashboard.exports.words import joined
from dashboard.metrics import Served
from dashboard.periods import Period

SECONDS_BETWEEN_LOOKS = 2
REPORT, BUTTON = "report", "export"
WHOLE_PAGE = "The whole page"
NOTES = {
    "CSV": "CSV: exact numbers and ISO dates. Text that a spreadsheet would take for a formula gets an "
    "apostrophe before it. About says what it is, with all filters: a file of its own, in text.",
    "PDF": "A4, with filters, version and date on each sheet. HTML: one file that needs no network, in light "
    "colours.",
    "PNG": "In light colours, with title, filters, version and date in the picture.",
}


@dataclass(frozen=True)
class Kind:
    """A kind of file: its ending, its type, and what makes it of the page as it is when it is asked for."""

    label: str
    ending: str
    mime: str
    make: Callable[[Page], bytes]


EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def begin(title: str, summary: str, period: Period | None = None) -> None:
    """Start the report of a run of a page; `summary` is its period in words."""
    st.session_state[REPORT] = Report(title, summary, span_of(period))


def span_of(period: Period | None) -> str:
    """A period as the names of files have it."""
    return f"{period.start} {period.end}" if period else ""


def report() -> Report:
    """The report of this run; one that nobody reads where the page began none."""
    found = st.session_state.get(REPORT)
    return found if isinstance(found, Report) else Report("")


def button() -> None:
    """The page's control. What it opens, `show` draws, when all is known that the page holds."""
    st.button("Export", icon=":material/download:", type="tertiary", key=BUTTON)


def show(served: Served) -> None:
    """Open the choice of what to export, where the reader has asked for it; call it when all is drawn."""
    if st.session_state.get(BUTTON):
        choose(report(), Stamp(chosen(), served.name, served.published_at))


def chosen() -> dict[str, list[str]]:
    """The filters that the URL holds; what is no key of a widget filters nothing."""
    keys = [key for key in st.query_params if key in FILTERS and key in st.session_state]
    return {key: st.query_params.get_all(key) for key in keys}


@st.dialog("Export")
def choose(report: Report, stamp: Stamp) -> None:
    """The choice: the page, a chart or a table, and the kind of file."""
    page = report.page(stamp)
    options: dict[str, Chart | Table | None] = {WHOLE_PAGE: None}
    for item in page.items:
        if isinstance(item, Chart | Table):
            label = f"{type(item).__name__}: {item.title}"
            options[label if label not in options else f"{label} ({item.name})"] = item
    chosen = options[st.selectbox("What", [*options], key="export-what")]
    words = joined(page.summary, page.stamp_of(chosen).filters_words, page.stamp.version_words)
    st.html(f'<p class="served">{escape(words)}</p>')
    kinds = kinds_of(chosen)
    failures: list[str] = []
    with st.container(horizontal=True):
        for kind in kinds:
            download(page, chosen, kind, failures)
    st.caption(NOTES[kinds[0].label])
    say_failed(failures)


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def say_failed(failures: list[str]) -> None:
    """What the last file that could not be made failed with. Files are made outside the page's own run."""
    if failures:
        st.error(failures[-1])


def kinds_of(chosen: Chart | Table | None) -> list[Kind]:
    """The kinds of file of a chart, of a table (a sheet of Excel holds only so many rows), or of the page."""
    match chosen:
        case Chart():
            return [
                Kind("PNG", "png", "image/png", partial(pictures.png, chosen)),
                Kind("SVG", "svg", "image/svg+xml", lambda page: pictures.svg(chosen, page).encode()),
            ]
        case Table():
            excel = Kind("Excel", "xlsx", EXCEL, partial(sheets.excel, chosen))
            return [
                Kind("CSV", "csv", "text/csv", lambda _: tables.csv(chosen.numbers)),
                Kind("About", "txt", "text/plain", partial(sheets.about, chosen)),
                *([excel] if len(chosen.numbers) <= sheets.MOST_ROWS else []),
                Kind("Parquet", "parquet", "application/vnd.apache.parquet", partial(sheets.parquet, chosen)),
            ]
        case _:
            return [
                Kind("PDF", "pdf", "application/pdf", pdf.pdf),
                Kind("HTML", "html", "text/html", html.html),
            ]


def download(page: Page, chosen: Chart | Table | None, kind: Kind, failures: list[str]) -> None:
    """The button of a kind of file, which is made when it is clicked; what goes wrong joins the failures."""
    st.download_button(
        kind.label,
        partial(made_now, kind, page, failures),
        file_name=file_name(page, chosen, kind.ending, datetime.now(UTC).date()),
        mime=kind.mime,
        icon=":material/download:",
        on_click="ignore",
        key=f"export-{kind.ending}",
    )


def made_now(kind: Kind, page: Page, failures: list[str]) -> bytes:
    """The file, stamped with the time at which it is made. What it raises joins the failures, in words."""
    failures.clear()
    try:
        return kind.make(replace(page, stamp=page.stamp.at(datetime.now(UTC))))
    except Exception as error:
        why = str(error) if isinstance(error, NotDrawnError) else "The server's log says why."
        failures.append(f"The {kind.label} file could not be made. {why}")
        raise
