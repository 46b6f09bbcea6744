"""Published numbers, from the version that serves: metrics, and the rows of a few marts that are results.

It is the only module that touches MetricFlow.

MetricFlow compiles a query to SQL from the definitions published with the version; DuckDB runs it on the
version's marts. Days and filter values are bound as parameters, so a kind of query compiles once, in 10 to
40 ms, and a new period costs only its run. Everything remembered belongs to one version and goes with it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from dashboard.periods import Grain, Period
from plugins.published import Version, connect, current_version, require_version

REMEMBERED_RESULTS = 1024
REMEMBERED_KINDS = 256
MARTS = (
    "dim_experiments",
    "fct_experiment_arms",
    "fct_experiment_results",
    "fct_experiment_timeline",
    "fct_experiment_health",
    "fct_experiment_verdicts",
)
"""The marts whose rows pages show as they are: results that no metric sums up."""
PART = "part"
TIME = "metric_time__"
DAYS = "{{ TimeDimension('metric_time', 'day') }} between $first_day and $last_day"

Selection = tuple[tuple[str, tuple[str, ...]], ...]
"""What is asked for, by group-by name: (("region", ("Northern Europe",)),). Not named: everything."""


@dataclass(frozen=True)
class Query:
    """Metrics over a period, whole or by its parts, by group-by names or by both, within a selection."""

    metrics: tuple[str, ...]
    period: Period
    by: Grain | str | tuple[Grain | str, ...] = ()
    selection: Selection = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """The names to group by, as MetricFlow spells them."""
        by = self.by if isinstance(self.by, tuple) else (self.by,)
        return tuple(f"{TIME}{name}" if isinstance(name, Grain) else name for name in by)


@dataclass(frozen=True)
class Metric:
    """A metric's name for readers, and what it means."""

    label: str
    description: str


@dataclass(frozen=True)
class Served:
    """A published version, opened.

    `run` answers a query with an Arrow table: a column per metric (float64; null where the metric has no
    value) after those it is grouped by, in whose order it is: `part` (date32, its first day) or one named as
    the group-by name (string). `rows` reads one of MARTS, those that the version has being in `marts`. The
    connection closes when the last user lets go of the object.
    """

    name: str
    published_at: datetime
    data: Period
    metrics: dict[str, Metric]
    marts: frozenset[str]
    run: Callable[[Query], pa.Table] = field(repr=False)
    rows: Callable[[str], pa.Table] = field(repr=False)

    def has(self, *names: str) -> bool:
        """Whether the version has all these metrics and marts: those of an absent system are missing."""
        return self.metrics.keys() | self.marts >= {*names}


class NoSalesError(RuntimeError):
    """The version that serves holds no sale."""


class Dialect:
    """What MetricFlow asks of a database that it only writes SQL for."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


_opening = Lock()
_compiling = Lock()  # MetricFlow numbers its subqueries with a counter of the whole process.


def warehouse() -> Path:
    """The warehouse folder: `$WAREHOUSE_PATH`, by default `warehouse`."""
    return Path(os.environ.get("WAREHOUSE_PATH", "warehouse"))


def serving(warehouse: Path) -> Served:
    """The version that serves now, opened once per process and version.

    Raises `plugins.published.NothingPublishedError` where none was ever published, and NoSalesError.
    """
    with _opening:
        return _opened(require_version(warehouse), warehouse)


@lru_cache(maxsize=1)
def _opened(version: Version, warehouse: Path) -> Served:
    """Open the version, or a newer one if it was removed meanwhile."""
    while True:
        version, connection = connect(warehouse)
        try:
            return open_version(version, connection)
        except FileNotFoundError:
            connection.close()
            if current_version(warehouse) == version:
                raise


def open_version(version: Version, connection: duckdb.DuckDBPyConnection) -> Served:
    """Read a version's metric definitions and find the days of its data."""
    manifest = parse_manifest_from_dbt_generated_manifest(
        version.semantic_manifest.read_text(encoding="utf-8")
    )
    with _compiling:
        engine = MetricFlowEngine(SemanticManifestLookup(manifest), Dialect())  # type: ignore[arg-type]

    @lru_cache(maxsize=REMEMBERED_KINDS)
    def compiled(metrics: tuple[str, ...], groups: tuple[str, ...], filters: tuple[str, ...]) -> str:
        with _compiling:
            request = MetricFlowQueryRequest.create(
                metric_names=metrics,
                group_by_names=groups,
                where_constraints=[
                    DAYS,
                    *(f"list_contains(${name}, {{{{ Entity('{name}') }}}})" for name in filters),
                ],
            )
            return str(engine.explain(request).sql_statement.sql)

    @lru_cache(maxsize=REMEMBERED_RESULTS)
    def run(query: Query) -> pa.Table:
        sql = compiled(query.metrics, query.groups, tuple(name for name, _ in query.selection))
        values = {name: list(chosen) for name, chosen in query.selection}
        days = {"first_day": query.period.start, "last_day": query.period.end}
        with connection.cursor() as cursor:
            result = cursor.sql(sql, params={**days, **values}).to_arrow_table()
        return tidied(result, query.groups)

    marts = marts_of(connection)

    @lru_cache(maxsize=len(MARTS))
    def rows(mart: str) -> pa.Table:
        if mart not in marts:
            raise KeyError(
                f"{mart} is none of the marts that this version shows: {', '.join(sorted(marts))}."
            )
        with connection.cursor() as cursor:
            return cursor.sql(f"select * from marts.{mart} order by all").to_arrow_table()

    return Served(
        name=version.name,
        published_at=datetime.fromisoformat(version.facts["published_at"]),
        data=days_of_data(run),
        metrics={
            metric.name: Metric(metric.label or metric.name, metric.description or "")
            for metric in manifest.metrics
        },
        marts=marts,
        run=run,
        rows=rows,
    )


def marts_of(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Those of MARTS that the version has."""
    with connection.cursor() as cursor:
        found = cursor.execute(
            "select table_name from duckdb_tables()"
            " where schema_name = 'marts' and list_contains(?, table_name)",
            [[*MARTS]],
        ).fetchall()
    return frozenset(name for (name,) in found)


def tidied(result: pa.Table, groups: tuple[str, ...]) -> pa.Table:
    """The result with metrics as float64, sorted by what it is grouped by; time is named `part`.

    Sums of money have two decimals: below 2^53 cents float64 holds them exactly to the cent.
    """
    columns: dict[str, pa.ChunkedArray] = {}
    for group in groups:
        is_time = group.startswith(TIME)
        columns[PART if is_time else group] = result[group].cast(pa.date32() if is_time else pa.string())
    order = [(name, "ascending") for name in columns]
    for name in result.column_names:
        if name not in groups:
            columns[name] = result[name].cast(pa.float64(), safe=False)
    table = pa.table(columns)
    return table.sort_by(order) if order else table


def days_of_data(run: Callable[[Query], pa.Table]) -> Period:
    """From the first to the last day with an order.

    Raises NoSalesError where no order is a sale: such a version has nothing to show.
    """
    days = run(Query(("orders",), Period(date.min, date.max), Grain.DAY))
    ordered = days.filter(pc.greater(days["orders"], 0))[PART]
    if not len(ordered):
        raise NoSalesError(
            "The version that is published holds no order that is a sale. Load orders and build again."
        )
    return Period(ordered[0].as_py(), ordered[-1].as_py())
