"""The thirteen rules about the shape of the graph ("Modeling")."""

import re

from tests.standards.evaluator.graph import Graph, RuleSet, label, model_type

MODEL_FANOUT_THRESHOLD = 3
TOO_MANY_JOINS_THRESHOLD = 7

NAME = r"[\[`\"']?\w+-?\w*[\]`\"']?"
QUOTED_NAME = r"[\[`\"']\w+-?\w+[\]`\"']"
HARD_CODED = re.compile(
    r"(?<!distinct\s)(?:from|join)\s+"
    rf"({{{{\s*var\s*\([^)]*\)\s*}}}}|{NAME}(?:\.{NAME}){{1,2}}(?=\s|$)|{QUOTED_NAME}(?=\s|$))",
    re.IGNORECASE,
)

DAG = RuleSet()


@DAG.rule
def direct_join_to_source(graph: Graph) -> list[str]:
    """A model reads a source and a model."""
    return [
        f"{label(model)} reads the source {label(source)} beside models"
        for model in graph.of_type("model")
        if graph.parents_of(model, "model")
        for source in graph.parents_of(model, "source")
    ]


@DAG.rule
def duplicate_sources(graph: Graph) -> list[str]:
    """Two sources name the same table."""
    tables: dict[str, list[str]] = {}
    for source in graph.of_type("source"):
        table = f"{source['database']}.{source['schema']}.{source['identifier']}"
        tables.setdefault(table, []).append(label(source))
    return [f"{table} is named by {', '.join(names)}" for table, names in tables.items() if len(names) > 1]


@DAG.rule
def hard_coded_references(graph: Graph) -> list[str]:
    """A model's code, Jinja comments included, reads a table by its name or by a variable."""
    return [
        f"{label(model)} reads {reference}"
        for model in graph.of_type("model")
        for reference in HARD_CODED.findall(re.sub("--.*", "", model["raw_code"]))
    ]


@DAG.rule
def marts_or_intermediate_dependent_on_source(graph: Graph) -> list[str]:
    """A model of the marts or the intermediate layer reads a source."""
    return [
        f"{label(child)} reads the source {label(parent)}"
        for parent, child in graph.edges()
        if parent["resource_type"] == "source" and model_type(child) in {"marts", "intermediate"}
    ]


@DAG.rule
def model_fanout(graph: Graph) -> list[str]:
    """Three or more of a parent's direct children are models that nothing reads."""
    found = []
    for parent in graph.resources.values():
        leaves = [child for child in graph.children_of(parent, "model") if not graph.children_of(child)]
        if len(leaves) >= MODEL_FANOUT_THRESHOLD:
            found.append(f"{label(parent)} ends in {', '.join(map(label, leaves))}")
    return found


@DAG.rule
def multiple_sources_joined(graph: Graph) -> list[str]:
    """One node reads several sources."""
    return [
        f"{label(node)} reads {', '.join(map(label, sources))}"
        for node in graph.resources.values()
        if len(sources := graph.parents_of(node, "source")) > 1
    ]


@DAG.rule
def rejoining_of_upstream_concepts(graph: Graph) -> list[str]:
    """A parent's child reads the parent again beside a step that serves nothing else."""
    steps = ("model", "snapshot")
    return [
        f"{label(child)} reads {label(parent)} directly and by {label(between)}, which nothing else reads"
        for parent in graph.resources.values()
        for between in graph.children_of(parent, *steps)
        if len(graph.children_of(between, *steps)) == 1
        for child in graph.children_of(between, *steps)
        if parent in graph.parents_of(child)
    ]


@DAG.rule
def root_models(graph: Graph) -> list[str]:
    """A model reads nothing; a time spine may."""
    return [
        f"{label(model)} has no parent"
        for model in graph.of_type("model")
        if not graph.parents_of(model) and model["name"] not in graph.time_spines
    ]


@DAG.rule
def source_fanout(graph: Graph) -> list[str]:
    """Several models read one source."""
    return [
        f"{label(source)} is read by {', '.join(map(label, models))}"
        for source in graph.of_type("source")
        if len(models := graph.children_of(source, "model")) > 1
    ]


@DAG.rule
def staging_dependent_on_marts_or_intermediate(graph: Graph) -> list[str]:
    """A staging model reads a model of a later layer."""
    return [
        f"{label(child)} reads {label(parent)}"
        for parent, child in graph.edges()
        if parent["resource_type"] == child["resource_type"] == "model"
        and model_type(child) == "staging"
        and model_type(parent) in {"marts", "intermediate"}
    ]


@DAG.rule
def staging_dependent_on_staging(graph: Graph) -> list[str]:
    """A staging model reads another."""
    return [
        f"{label(child)} reads {label(parent)}"
        for parent, child in graph.edges()
        if model_type(parent) == model_type(child) == "staging"
    ]


@DAG.rule
def too_many_joins(graph: Graph) -> list[str]:
    """A model reads seven others or more."""
    return [
        f"{label(model)} reads {len(parents)}"
        for model in graph.of_type("model")
        if len(parents := graph.parents_of(model)) >= TOO_MANY_JOINS_THRESHOLD
    ]


@DAG.rule
def unused_sources(graph: Graph) -> list[str]:
    """Nothing reads a source."""
    return [
        f"nothing reads {label(source)}"
        for source in graph.of_type("source")
        if not graph.children_of(source)
    ]
