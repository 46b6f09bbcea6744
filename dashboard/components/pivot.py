"""A pivot as an HTML table: its head and first column stay in sight, its totals stand apart."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from dashboard.queries.crossed import TOTAL, Pivot
from dashboard.queries.units import Nature


def show(pivot: Pivot, natures: Mapping[str, Nature], title: str) -> None:
    """Draw the pivot; it scrolls both ways, with the keyboard too."""
    st.html(html(pivot, natures, title))


def html(pivot: Pivot, natures: Mapping[str, Nature], title: str) -> str:
    """The pivot as a table with a head, rows and a row of totals."""
    head = "".join(cell("th", heading, heading == TOTAL, "col") for heading in pivot.headings)
    rows = "".join(
        f"<tr>{cell('th', label, scope='row')}{values(pivot, natures, row)}</tr>" for label, row in pivot.rows
    )
    return (
        f'<div class="crossed" tabindex="0" role="region" aria-label="{escape(title)}"><table>'
        f"<thead><tr>{cell('th', pivot.corner, scope='col')}{head}</tr></thead><tbody>{rows}</tbody>"
        f"<tfoot><tr>{cell('th', TOTAL, scope='row')}{values(pivot, natures, pivot.total)}</tr></tfoot>"
        "</table></div>"
    )


def values(pivot: Pivot, natures: Mapping[str, Nature], row: list[float | None]) -> str:
    """A row's cells, each in its metric's unit."""
    return "".join(
        cell("td", natures[metric].unit.words(value), heading == TOTAL)
        for heading, metric, value in zip(pivot.headings, pivot.metrics, row, strict=True)
    )


def cell(tag: str, text: str, is_total: bool = False, scope: str = "") -> str:
    """A cell; a total stands out."""
    attributes = (' class="total"' if is_total else "") + (f' scope="{scope}"' if scope else "")
    return f"<{tag}{attributes}>{escape(text)}</{tag}>"
