"""What a version's semantic manifest says of a metric: the marts whose rows it sums up, and by which columns.

The names in it were checked by dbt when it was built; values of filters are bound as parameters.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.periods import Period
from dashboard.requests import Selection, spelled

RATIO = re.compile(
    r"(?P<nullif>nullif\()?(?P<numerator>\w+)(?(nullif), 0\)) \* 1\.0e0 / nullif\((?P<denominator>\w+), 0\)"
)
SUM = re.compile(r"\w+( [+-] \w+)*")
"""How the project writes a metric that is one metric over another, and one that is a sum."""
CASE = re.compile(
    r"case when (?P<condition>((?!\b(case|when|then)\b).)+) then ((?!\b(case|when|then|else)\b).)+"
    r"(?P<otherwise> else 0)? end",
    re.DOTALL,
)
"""How it writes a measure of some rows alone."""
DIMENSION = "__"
"""What MetricFlow writes between an entity and a dimension of the table that it leads to."""


@dataclass(frozen=True)
class Rows:
    """The rows of a mart, with its schema, for which SQL holds; `words` says which those are, in Markdown.

    `values`: those of the SQL's parameters, which are all of them; `order`: the columns that they are first
    ordered by.
    """

    mart: str
    where: str
    values: Mapping[str, Any]
    order: str
    words: str = ""

    @property
    def name(self) -> str:
        """The mart, without its schema."""
        return self.mart.rpartition(".")[2]

    @property
    def count(self) -> str:
        """SQL of how many they are, as `row_count`."""
        return f"select count(*) as row_count from {self.mart} where {self.where}"

    def all(self, most: int | None = None) -> str:
        """SQL of them in the order of `order`, then of all columns; not more than `most` of them."""
        limit = "" if most is None else f" limit {most}"
        return f"select * from {self.mart} where {self.where} order by {self.order}, columns(*){limit}"


@dataclass(frozen=True)
class Meaning:
    """What a card of a mart draws: which of its columns, and the SQL of them.

    `formula`: how columns make what is drawn, where it is none of them; `note`: what else there is to say.
    """

    mart: str
    columns: tuple[str, ...]
    sql: str
    formula: str = ""
    note: str = ""


@dataclass(frozen=True)
class Behind:
    """A mart that a metric reads, with its schema: the column of its days, and how its rows are filtered.

    `conditions`: by a group-by name as MetricFlow spells it, SQL that holds where its value is among those of
    the parameter `{values}`. `where`: SQL that holds of the rows that count; nothing where all do.
    """

    mart: str
    day: str
    conditions: Mapping[str, str]
    where: str = ""

    def rows(self, period: Period, selection: Selection) -> Rows:
        """The rows of a period that a selection leaves.

        Raises KeyError for a name that the mart is not grouped by.
        """
        conditions = [
            self.conditions[spelled(name, self.conditions)].format(values=f"${name}") for name, _ in selection
        ]
        counted = [f"({self.where})"] if self.where else []
        where = " and ".join([f"{self.day} between $first_day and $last_day", *counted, *conditions])
        which = f", `{self.where}`" if self.where else ""
        values: dict[str, Any] = {"first_day": period.start, "last_day": period.end}
        values |= {name: list(chosen) for name, chosen in selection}
        return Rows(self.mart, where, values, self.day, f"by {self.day.replace('_', ' ')}{which}")


def marts_behind(manifest: Any, metric: str) -> tuple[Behind, ...]:
    """The marts of a metric's measures, each once, in the order of its formula."""
    models = {measure.name: model for model in manifest.semantic_models for measure in model.measures}
    measures = dict.fromkeys(measures_of(manifest, metric))
    found = {}
    for model in (models[name] for name in measures):
        day = next(
            dimension.expr or dimension.name
            for dimension in model.dimensions
            if dimension.name == model.defaults.agg_time_dimension
        )
        where = counted([measure for measure in model.measures if measure.name in measures])
        found[model.name] = Behind(mart_of(model), day, dict(conditions_of(manifest, model)), where)
    return tuple(found.values())


def counted(measures: Sequence[Any]) -> str:
    """SQL that holds of the rows that any of a mart's measures counts; nothing where one counts all."""
    found = []
    for measure in measures:
        case = CASE.fullmatch((measure.expr or "").strip())
        if case is None or (case["otherwise"] and measure.agg.value != "sum"):
            return ""
        found.append(case["condition"])
    return " or ".join(dict.fromkeys(found))


def own_names(manifest: Any, metrics: tuple[str, ...]) -> frozenset[str]:
    """The group-by names, ids left out, that every mart of every one of the metrics has itself."""
    marts = [mart for metric in metrics for mart in marts_behind(manifest, metric)]
    names = [{name for name in mart.conditions if DIMENSION not in name} for mart in marts]
    return frozenset(set.intersection(*names) if names else ())


def measures_of(manifest: Any, metric: str) -> list[str]:
    """The measures that a metric is made of, directly or through others."""
    [definition] = [each for each in manifest.metrics if each.name == metric]
    inputs = definition.type_params.metrics or []
    if inputs:
        return [name for each in inputs for name in measures_of(manifest, each.name)]
    return [each.name for each in definition.input_measures]


def parts_of(manifest: Any, metric: str) -> tuple[str, ...]:
    """A sum itself, of a ratio its numerator and denominator; nothing of what is neither."""
    [definition] = [each for each in manifest.metrics if each.name == metric]
    inputs = [each.name for each in definition.type_params.metrics or []]
    if not inputs:
        return (metric,)
    formula = definition.type_params.expr
    if ratio := RATIO.fullmatch(formula):
        return (ratio["numerator"], ratio["denominator"])
    is_sum = SUM.fullmatch(formula) and all(parts_of(manifest, name) == (name,) for name in inputs)
    return (metric,) if is_sum else ()


def unit_of(definition: Any) -> str:
    """The unit that a metric's YAML names; nothing where it names none."""
    return str(definition.config.meta.get("unit", "") if definition.config else "")


def adds_up(manifest: Any, metric: str) -> bool:
    """Whether the metric adds and subtracts only sums and counts, so that its parts add up to the whole."""
    sums = {
        measure.name
        for model in manifest.semantic_models
        for measure in model.measures
        if measure.agg.value in ("sum", "count")
    }
    return is_sum_of(manifest, metric, lambda simple: simple.measure.name in sums)


def is_never_null(manifest: Any, metric: str) -> bool:
    """Whether the metric adds and subtracts only what is 0 where nothing happened."""
    return is_sum_of(manifest, metric, lambda simple: simple.fill_nulls_with == 0)


def is_sum_of(manifest: Any, metric: str, holds: Callable[[Any], bool]) -> bool:
    """Whether the metric adds and subtracts only metrics of one measure for which something holds."""
    [definition] = [each for each in manifest.metrics if each.name == metric]
    inputs = definition.type_params.metrics or []
    if not inputs:
        return holds(definition.type_params)
    is_sum = SUM.fullmatch(definition.type_params.expr) is not None
    return is_sum and all(is_sum_of(manifest, each.name, holds) for each in inputs)


def mart_of(model: Any) -> str:
    """The mart under a semantic model, with its schema."""
    return f"{model.node_relation.schema_name}.{model.node_relation.alias}"


def conditions_of(manifest: Any, model: Any) -> Iterator[tuple[str, str]]:
    """Per group-by name of a semantic model: its own, ids left out, and those of tables that it leads to."""
    keys = {
        (other.name, key.name): key.expr or key.name
        for other in manifest.semantic_models
        for key in other.entities
        if key.is_linkable_entity_type
    }
    ids = {name for _, name in keys}
    for entity in model.entities:
        column = entity.expr or entity.name
        if entity.name not in ids:
            yield entity.name, f"list_contains({{values}}, {column})"
        for other in manifest.semantic_models:
            key = keys.get((other.name, entity.name))
            if other.name == model.name or key is None:
                continue
            for dimension in other.dimensions:
                value = dimension.expr or dimension.name
                chosen = f"select {key} from {mart_of(other)} where list_contains({{values}}, {value})"
                yield f"{entity.name}{DIMENSION}{dimension.name}", f"{column} in ({chosen})"
