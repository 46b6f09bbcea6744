"""The four rules about descriptions."""

from tests.standards.evaluator.graph import Graph, RuleSet, label

DOCUMENTATION = RuleSet()


@DOCUMENTATION.rule
def documentation_coverage(graph: Graph) -> list[str]:
    """The share of described models is below the default goal, 100 %."""
    models = graph.of_type("model")
    described = sum(bool(model["description"]) for model in models)
    return [] if described == len(models) else [f"{described} of {len(models)} models are described"]


@DOCUMENTATION.rule
def undocumented_models(graph: Graph) -> list[str]:
    """A model has no description."""
    return [f"{label(node)} is not described" for node in graph.of_type("model") if not node["description"]]


@DOCUMENTATION.rule
def undocumented_source_tables(graph: Graph) -> list[str]:
    """A source's table has no description."""
    return [f"{label(node)} is not described" for node in graph.of_type("source") if not node["description"]]


@DOCUMENTATION.rule
def undocumented_sources(graph: Graph) -> list[str]:
    """A source has no description."""
    names = {node["source_name"] for node in graph.of_type("source") if not node["source_description"]}
    return [f"the source {name} is not described" for name in sorted(names)]
