"""What each page is said to depend on: the marts that it reads, no more and no fewer."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from dashboard.components import details, versions
from dashboard.metrics import Served
from dashboard.queries import annotations
from dashboard.requests import Query
from tests.conftest import Built
from tests.dashboard.conftest import Run

MART = re.compile(r'"marts"\."(\w+)"|\bmarts\.(\w+)')
DIVIDED = {"category": "Dining", "compare": "Target"}
PAGES: dict[str, dict[str, str]] = {
    "overview": DIVIDED,
    "sales": DIVIDED,
    "customers": {},
    "stores": {"category": "Dining", "subcategory": "Dining Table", "product": "Heath Dining Table"},
    "acquisition": {},
    "funnel": {},
    "experiments": {"experiment": "X01"},
}
"""The pages, and what their links choose for each of their marts to be read."""


def read_by(sql: str) -> set[str]:
    """The marts that a query names."""
    return {one or other for one, other in MART.findall(sql)}


def said(built: Built, page: str) -> set[str]:
    """The marts of the exposures whose label names the page."""
    exposures = json.loads((built.target / "manifest.json").read_text(encoding="utf-8"))["exposures"].values()
    own = [each for each in exposures if re.search(rf"\b{page.capitalize()}\b", each["label"])]
    return {node.split(".")[2] for each in own for node in each["depends_on"]["nodes"]}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_said_to_depend_on_the_marts_that_it_reads(
    open_page: Run, built: Built, served: Served, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    seen: set[str] = set()

    def run(query: Query) -> pa.Table:
        seen.update(read_by(served.sql(query)))
        return served.run(query)

    def summarize(query: Query, statement: str) -> pa.Table:
        seen.update(read_by(served.sql(query) + statement))
        return served.summarize(query, statement)

    def rows(mart: str) -> pa.Table:
        seen.add(mart)
        return served.rows(mart)

    def read(statement: str, values: Mapping[str, Any]) -> pa.Table:
        seen.update(read_by(statement))
        return served.read(statement, values)

    spied = replace(served, run=run, summarize=summarize, rows=rows, read=read)
    monkeypatch.setattr(versions, "serving", lambda: spied)
    app = open_page(page, **PAGES[page])
    app.session_state["behind"] = details.ROWS
    next(button for button in app.button if str(button.key).startswith("drill-")).click().run()
    assert not app.exception
    assert seen == said(built, page)


def test_explore_is_said_to_depend_on_what_marks_charts_and_the_marts_of_all_metrics(
    built: Built, served: Served
) -> None:
    kinds = {tuple(behind.mart for behind in served.behind(metric)): metric for metric in served.metrics}
    queries = [Query((metric,), served.data, served.group_bys((metric,))) for metric in kinds.values()]
    read = {mart for query in queries for mart in read_by(served.sql(query))}
    assert read | {annotations.EVENTS, annotations.JUDGED_DAYS} == said(built, "explore")
