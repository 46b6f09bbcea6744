"""Published numbers, from the version that serves: metrics, and the rows of a few marts that are results.

MetricFlow compiles a query to SQL (`dashboard.compiler`); DuckDB runs it on the version's marts, days and
filter values bound as parameters. Everything remembered belongs to one version and goes with it; what several
readers ask for at once is worked out once.
"""

import gc
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Condition, Lock
from typing import Any, ParamSpec

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from cachetools import LRUCache, cached

from dashboard.answers import tidied
from dashboard.compiler import compiler
from dashboard.definitions import Behind, adds_up, is_never_null, marts_behind, parts_of, unit_of
from dashboard.periods import Grain, Period
from dashboard.requests import PART, Query, parameters
from plugins.published import Version, connect, current_version, find_version

PINNED_VERSIONS = 2
REMEMBERED_BYTES = 128 * 2**20
BYTES_OF_A_RESULT = 2**10
"""What a result takes beside its values."""
MARTS = (
    "dim_customer_segments",
    "dim_stores",
    "fct_calendar_events",
    "fct_customer_cohorts",
    "fct_sales_anomalies",
    "dim_experiments",
    "fct_experiment_arms",
    "fct_experiment_assignments",
    "fct_experiment_results",
    "fct_experiment_timeline",
    "fct_experiment_health",
    "fct_experiment_verdicts",
)
"""The marts whose rows pages show as they are: results that no metric sums up."""


@dataclass(frozen=True)
class Metric:
    """A metric's name for readers, and what it means.

    `unit`: that of its YAML, `config: {meta: {unit: …}}`; `adds_up`: whether its parts add up to the whole;
    `nothing`: its value where nothing happened, None where it has none.
    """

    label: str
    description: str
    unit: str
    adds_up: bool
    nothing: float | None


@dataclass(frozen=True)
class Served:
    """A published version, opened.

    `run` answers a query with an Arrow table: a column per metric (float64; null where the metric has no
    value) after those it is grouped by, in whose order it is: `part` (date32, its first day) or one named as
    the group-by name (string). `sql` is what `run` runs, `$first_day`, `$last_day` and the selection's names
    its parameters. `summarize` runs SQL that reads a query's answer, in MetricFlow's names, as `answer`; the
    query's parameters are its own too. `group_bys` are the names that all of the metrics can be grouped and
    filtered by, time aside; `behind` the marts that a metric reads; `parts` a sum itself, of a ratio its
    numerator and denominator, nothing of what is neither. `rows` reads one of MARTS, those that the version
    has being in `marts`; `read` runs SQL on the version's marts with parameters. `compile_ahead` compiles one
    query that readers may ask next, False where there is none. The connection closes when the last user lets
    go of the object.
    """

    name: str
    published_at: datetime
    data: Period
    metrics: dict[str, Metric]
    marts: frozenset[str]
    run: Callable[[Query], pa.Table] = field(repr=False)
    summarize: Callable[[Query, str], pa.Table] = field(repr=False)
    sql: Callable[[Query], str] = field(repr=False)
    group_bys: Callable[[tuple[str, ...]], tuple[str, ...]] = field(repr=False)
    rows: Callable[[str], pa.Table] = field(repr=False)
    read: Callable[[str, Mapping[str, Any]], pa.Table] = field(repr=False)
    behind: Callable[[str], tuple[Behind, ...]] = field(repr=False)
    parts: Callable[[str], tuple[str, ...]] = field(repr=False)
    compile_ahead: Callable[[], bool] = field(repr=False)

    def has(self, *names: str) -> bool:
        """Whether the version has all these metrics and marts: those of an absent system are missing."""
        return self.metrics.keys() | self.marts >= {*names}


class NoSalesError(RuntimeError):
    """The version that serves holds no sale."""


class NotInVersionError(LookupError):
    """The version lacks a metric or a mart that is asked for, which the message names."""


P = ParamSpec("P")

_opening = Lock()


def warehouse() -> Path:
    """The warehouse folder: `$WAREHOUSE_PATH`, by default `warehouse`."""
    return Path(os.environ.get("WAREHOUSE_PATH", "warehouse"))


def serving(warehouse: Path, pinned: str = "") -> Served:
    """The version that serves now, or the one of that name, opened once per process and version.

    Raises `plugins.published.NothingPublishedError` where none was ever published, UnknownVersionError where
    the pinned one is not there (any more), and NoSalesError.
    """
    with _opening:
        if pinned:
            return _pinned(find_version(warehouse, pinned), warehouse)
        return _serving(find_version(warehouse), warehouse)


@lru_cache(maxsize=1)
def _serving(version: Version, warehouse: Path) -> Served:
    """Open the version, or a newer one if it was removed meanwhile."""
    while True:
        version, connection = connect(warehouse)
        try:
            return open_version(version, connection)
        except FileNotFoundError:
            connection.close()
            if current_version(warehouse) == version:
                raise


@lru_cache(maxsize=PINNED_VERSIONS)
def _pinned(version: Version, warehouse: Path) -> Served:
    """Open the version, whatever serves."""
    return open_version(*connect(warehouse, version.name))


def open_version(version: Version, connection: duckdb.DuckDBPyConnection) -> Served:
    """Read a version's metric definitions and find the days of its data.

    Collections of garbage, which hold up all readers, are spared to go through what is known now: the
    definitions alone are 200,000 objects. What is left of versions before is collected first.
    """
    gc.unfreeze()
    compiles = compiler(version.semantic_manifest)
    manifest, own = compiles.manifest, compiles.own_names
    known = {
        metric.name: Metric(
            metric.label or metric.name,
            metric.description or "",
            unit_of(metric),
            adds_up(manifest, metric.name),
            0.0 if is_never_null(manifest, metric.name) else None,
        )
        for metric in manifest.metrics
    }

    def demand(metrics: tuple[str, ...]) -> None:
        if lacking := {*metrics} - known.keys():
            raise NotInVersionError(f"it has no {' and no '.join(sorted(lacking))}")

    def sql(query: Query) -> str:
        demand(query.metrics)
        return compiles.sql(query)

    def group_bys(metrics: tuple[str, ...]) -> tuple[str, ...]:
        demand(metrics)
        return compiles.group_bys(metrics)

    def read(statement: str, values: Mapping[str, Any]) -> pa.Table:
        with connection.cursor() as cursor:
            return cursor.sql(statement, params=dict(values)).to_arrow_table()

    @remembered
    def run(query: Query) -> pa.Table:
        return tidied(read(sql(query), parameters(query)), query.groups(own(query.metrics)))

    @remembered
    def summarize(query: Query, statement: str) -> pa.Table:
        return read(f"with answer as ({sql(query)}) {statement}", parameters(query))

    marts = marts_of(connection)

    @cached(LRUCache(len(MARTS)), condition=Condition())
    def rows(mart: str) -> pa.Table:
        if mart not in marts:
            raise NotInVersionError(f"it has no {mart}")
        return read(f"select * from marts.{mart} order by all", {})

    data = days_of_data(run)
    gc.collect()
    gc.freeze()
    return Served(
        name=version.name,
        published_at=datetime.fromisoformat(version.facts["published_at"]),
        data=data,
        metrics=known,
        marts=marts,
        run=run,
        summarize=summarize,
        sql=sql,
        group_bys=group_bys,
        rows=rows,
        read=read,
        behind=lambda metric: marts_behind(manifest, metric),
        parts=lambda metric: parts_of(manifest, metric),
        compile_ahead=compiles.ahead,
    )


def remembered(answer: Callable[P, pa.Table]) -> Callable[P, pa.Table]:
    """The function with a memory, in which what is asked for at once by several is worked out once."""
    cache: LRUCache[Any, pa.Table] = LRUCache(
        REMEMBERED_BYTES, getsizeof=lambda table: table.nbytes + BYTES_OF_A_RESULT
    )
    return cached(cache, condition=Condition())(answer)


def marts_of(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Those of MARTS that the version has."""
    with connection.cursor() as cursor:
        found = cursor.execute(
            "select table_name from duckdb_tables()"
            " where schema_name = 'marts' and list_contains(?, table_name)",
            [[*MARTS]],
        ).fetchall()
    return frozenset(name for (name,) in found)


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
