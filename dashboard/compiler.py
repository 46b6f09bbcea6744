"""Queries of metrics, compiled to SQL from the definitions published with a version.

It is the only module that touches MetricFlow. Days and filter values are parameters, so that a kind of query
compiles once, in 20 to 100 ms. What readers may ask next is compiled ahead: see `dashboard.ahead`.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from dashboard.definitions import own_names
from dashboard.periods import Grain
from dashboard.requests import DAYS, GROUP_BYS, TIME, Query, condition

REMEMBERED_KINDS, KINDS_AHEAD, RECENT_KINDS = 1024, 512, 64
GRAINS = tuple(f"{TIME}{grain}" for grain in (Grain.MONTH, Grain.WEEK, Grain.DAY, Grain.QUARTER))
NEXT = (
    *("region", "category", "channel", "store", "segment", "subcategory", "product"),
    *("customer_type", "device", "campaign"),
)
"""The filters that readers may choose next, the likeliest first."""
KEYS = frozenset({"customer", "product", "sales_order", "store", "visitor"})
"""Entities that are ids, which nobody groups by; those that identify a row of a mart are too."""

Kind = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Metrics, group-by names as MetricFlow spells them, and the names of the filters, sorted."""

_compiling = Lock()  # MetricFlow numbers its subqueries with a counter of the whole process.


class Dialect:
    """What MetricFlow asks of a database that it only writes SQL for."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


@dataclass(frozen=True)
class Compiler:
    """A version's definitions, as `manifest`, and what is compiled of them.

    `sql`: a query's SQL, its parameters `$first_day`, `$last_day` and the selection's names; the metrics must
    be there. `group_bys`: the names that all of the metrics can be grouped and filtered by, time aside;
    `own_names`: those of them that the metrics' own marts have. `ahead` compiles one query that readers may
    ask next, of those they asked last within one filter more or by another grain; False where there is none.
    """

    manifest: Any = field(repr=False)
    sql: Callable[[Query], str]
    group_bys: Callable[[tuple[str, ...]], tuple[str, ...]]
    own_names: Callable[[tuple[str, ...]], frozenset[str]]
    ahead: Callable[[], bool]


def compiler(semantic_manifest: Path) -> Compiler:
    """The compiler of dbt's semantic manifest."""
    manifest = parse_manifest_from_dbt_generated_manifest(semantic_manifest.read_text(encoding="utf-8"))
    with _compiling:
        engine = MetricFlowEngine(SemanticManifestLookup(manifest), Dialect())  # type: ignore[arg-type]
    ids = KEYS | {
        entity.name
        for model in manifest.semantic_models
        for entity in model.entities
        if entity.is_linkable_entity_type
    }
    own = lru_cache(maxsize=REMEMBERED_KINDS)(partial(own_names, manifest))
    asked: deque[Kind] = deque(maxlen=RECENT_KINDS)
    tried: set[Kind] = set()

    @lru_cache(maxsize=REMEMBERED_KINDS)
    def compiled(kind: Kind) -> str:
        metrics, groups, names = kind
        where = " and ".join((DAYS, *(condition(name, own(metrics)) for name in names)))
        with _compiling:
            request = MetricFlowQueryRequest.create(
                metric_names=metrics, group_by_names=groups, where_constraints=[where]
            )
            return str(engine.explain(request).sql_statement.sql)

    def sql(query: Query) -> str:
        names = tuple(sorted(name for name, _ in query.selection))
        kind = (query.metrics, query.groups(own(query.metrics)), names)
        if kind not in asked:
            asked.append(kind)
        return compiled(kind)

    @lru_cache(maxsize=REMEMBERED_KINDS)
    def group_bys(metrics: tuple[str, ...]) -> tuple[str, ...]:
        with _compiling:
            dimensions = {each.dunder_name for each in engine.list_dimensions([*metrics])}
        some = {name for metric in metrics for name in own((metric,))}
        joined = {short for short, spelled in GROUP_BYS.items() if spelled in dimensions} - some
        return tuple(sorted((own(metrics) - ids) | joined))

    def likely() -> Iterator[Kind]:
        kinds = tuple(reversed(asked))
        for grain in GRAINS:
            for metrics, groups, names in kinds:
                if {*groups} & {*GRAINS}:
                    yield metrics, tuple(grain if group in GRAINS else group for group in groups), names
        for name in NEXT:
            for metrics, groups, names in kinds:
                if name not in names and name in group_bys(metrics):
                    yield metrics, groups, tuple(sorted((*names, name)))

    def ahead() -> bool:
        kind = next((kind for kind in likely() if kind not in tried and kind not in asked), None)
        if kind is None or len(tried) == KINDS_AHEAD:
            return False
        tried.add(kind)
        compiled(kind)
        return True

    return Compiler(manifest, sql, group_bys, own, ahead)
