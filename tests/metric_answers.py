"""Metrics as MetricFlow answers them, and a way to compare the answers with those of SQL.

An answer is a row per group: the values of what it is grouped by → the value of each metric.
"""

import csv
import math
import shutil
import subprocess
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from dashboard.compiler import Dialect
from tests.commands import ROOT, environment, program
from tests.conftest import Built

Answer = dict[tuple[Any, ...], dict[str, Any]]


def asked_by_command(
    built: Built, folder: Path, metrics: Sequence[str], groups: Sequence[str]
) -> list[dict[str, str]]:
    """What `mf query` says: a row per group, every value as text, '' for null.

    The command looks for the manifest in the folder target/ beside dbt_project.yml, and opens the warehouse
    to write: so it runs in a folder that has the one, on a copy of the other.
    """
    for name in ("dbt_project.yml", "profiles.yml", "plugins"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "target").symlink_to(built.target)
    (folder / "warehouse").mkdir()
    shutil.copy(built.database, folder / "warehouse")
    file = folder / "answers.csv"
    asked = ["--metrics", ",".join(metrics), "--group-by", ",".join(groups), "--csv", str(file)]
    done = subprocess.run(
        [program("mf"), "query", *asked],
        cwd=folder,
        env=environment(folder, DBT_TARGET_PATH=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with file.open(newline="", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


class Metrics:
    """The published definitions, asked within this process: sooner than by `mf query`."""

    def __init__(self, built: Built) -> None:
        text = built.published.semantic_manifest.read_text(encoding="utf-8")
        lookup = SemanticManifestLookup(parse_manifest_from_dbt_generated_manifest(text))
        self.engine = MetricFlowEngine(lookup, Dialect())  # type: ignore[arg-type]
        self.connection = duckdb.connect(str(built.published.database), read_only=True)

    def answer(self, metrics: Sequence[str], groups: Sequence[str]) -> Answer:
        """All metrics in one query."""
        request = MetricFlowQueryRequest.create(metric_names=metrics, group_by_names=groups)
        return fetched(self.connection, str(self.engine.explain(request).sql_statement.sql), len(groups))


def fetched(connection: duckdb.DuckDBPyConnection, sql: str, group_count: int) -> Answer:
    """The answer of a query whose first columns are what it is grouped by; times become dates."""
    result = connection.sql(sql)
    names = result.columns[group_count:]
    found: Answer = {}
    for row in result.fetchall():
        key = tuple(value.date() if hasattr(value, "date") else value for value in row[:group_count])
        assert key not in found, f"two rows for {key}"
        found[key] = dict(zip(names, row[group_count:], strict=True))
    return found


def agree(actual: Any, expected: Any) -> bool:
    """Whether two values are the same: to the cent and the unit, and for ratios to twelve digits."""
    if expected is None or actual is None:
        return actual is expected
    if isinstance(expected, float):
        return math.isclose(float(actual), expected, rel_tol=1e-12, abs_tol=1e-12)
    return bool(Decimal(str(actual)) == expected)


def differences(actual: Answer, expected: Answer) -> list[tuple[Any, ...]]:
    """What disagrees: (group, metric, answer, expected); of a group that one side lacks, (group, None, …)."""
    found: list[tuple[Any, ...]] = [
        (key, None, actual.get(key), expected.get(key)) for key in actual.keys() ^ expected.keys()
    ]
    for key in actual.keys() & expected.keys():
        for metric, value in expected[key].items():
            if not agree(actual[key][metric], value):
                found.append((key, metric, actual[key][metric], value))
    return found
