"""The figures of the pages Explore and Experiments that are no tiles: what SQL on the marts finds."""

from collections.abc import Callable
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dashboard.charts.base import NUMBERS
from dashboard.exports.report import Chart, Table
from dashboard.metrics import Served
from dashboard.periods import PRESETS
from tests.dashboard.conftest import Run
from tests.dashboard.exported import STAMP, of_kind
from tests.dashboard.test_all_tiles import SHOP, sums

Total = Callable[[pa.Table], float]
EXPERIMENT = {"experiment": "X01"}


def added(name: str) -> Total:
    return lambda numbers: float(pc.sum(numbers[name]).as_py())


KINDS: dict[str, tuple[dict[str, Any], Total]] = {
    "the default": ({}, added("value")),
    "lines": ({"by": ["Time", "Region"]}, added("value")),
    "areas": (
        {"by": ["Time", "Category"], "chart": "Area"},
        lambda numbers: added("end")(numbers) - added("start")(numbers),
    ),
    "bars": ({"by": "Category"}, added("value")),
    "heat map": ({"by": ["Time", "Region"], "chart": "Heat map"}, added("value")),
    "scatter": ({"by": "Category", "chart": "Scatter", "metrics": ["Net sales", "Units"]}, added("y")),
    "table": ({"by": "Category", "chart": "Table"}, added("net_sales")),
    "pivot": (
        {"by": ["Category", "Region"], "chart": "Pivot"},
        lambda numbers: float(numbers.column(numbers.num_columns - 1)[-1].as_py()),
    ),
}
"""What the link of each kind of chart asks for, and how its numbers add up to net sales."""


def items(open_page: Run, page: str, **link: Any) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    """The numbers of a page's charts and those of its tables, by name."""
    shown = open_page(page, **link).session_state["report"].page(STAMP)
    charts = {chart.name: chart.tables[NUMBERS.name] for chart in of_kind(shown, Chart)}
    return charts, {table.name: table.numbers for table in of_kind(shown, Table)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_of_explore_adds_up_to_what_the_marts_hold(
    open_page: Run, served: Served, marts: duckdb.DuckDBPyConnection, kind: str
) -> None:
    link, total = KINDS[kind]
    charts, tables = items(open_page, "explore", period="This quarter", **SHOP, **link)
    found = sums(marts, PRESETS["This quarter"](served.data), SHOP)
    shown = [*charts.values()] or [next(iter(tables.values()))]
    assert ("chart" not in link) or kind in ("table", "pivot") or charts
    assert total(shown[0]) == pytest.approx(found["sales"] - found["refunds"], rel=1e-9)


def test_the_figures_of_an_experiment_are_those_of_the_marts(
    open_page: Run, marts: duckdb.DuckDBPyConnection
) -> None:
    charts, tables = items(open_page, "experiments", **EXPERIMENT)
    arms = marts.execute(
        "select variant, count(*) from marts.fct_experiment_assignments"
        " where experiment_id = $experiment and not is_excluded group by variant",
        EXPERIMENT,
    ).fetchall()
    assert {row["arm"]: row["analysed_unit_count"] for row in tables["arms"].to_pylist()} == dict(arms)
    effects = marts.execute(
        "select metric_label, treatment_mean / control_mean - 1, relative_effect_lower, relative_effect_upper"
        " from marts.fct_experiment_results where experiment_id = $experiment and segment_value = 'all'",
        EXPERIMENT,
    ).fetchall()
    numbers = [row for row in tables["experiment-X01"].to_pylist() if row["segment"] == "everyone"]
    names = ("relative_effect", "relative_effect_lower", "relative_effect_upper")
    expected = {label: pytest.approx(values, rel=1e-9) for label, *values in effects}
    assert {row["metric"]: [row[name] for name in names] for row in numbers} == expected
    assert {row["title"]: row["estimate"] for row in charts["effects"].to_pylist()} == {
        label: pytest.approx(estimate) for label, estimate, *_ in effects
    }


def test_the_list_says_what_each_experiment_found(open_page: Run, marts: duckdb.DuckDBPyConnection) -> None:
    _, tables = items(open_page, "experiments")
    expected = marts.execute(
        "select experiment_id, any_value(verdict), any_value(verdict_sentence)"
        " from marts.fct_experiment_verdicts group by experiment_id"
    ).fetchall()
    shown = {row["experiment_id"]: row for row in tables["experiments"].to_pylist()}
    assert shown.keys() == {name for name, *_ in expected}
    for name, verdict, sentence in expected:
        assert shown[name]["verdict"] == verdict
        assert sentence.lower().removeprefix(f"{verdict}: ") == shown[name]["sentence"].lower()
