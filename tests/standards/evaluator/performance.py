"""The two rules about what is kept as a table."""

from tests.standards.evaluator.graph import Graph, Node, RuleSet, label

CHAINED_VIEWS_THRESHOLD = 5

PERFORMANCE = RuleSet()


def is_virtual(node: Node) -> bool:
    """Whether a query of the node runs its SQL again."""
    return node.get("config", {}).get("materialized") in {"view", "ephemeral"}


def chains(graph: Graph, chain: list[Node]) -> list[list[Node]]:
    """The chains of views that go on from the given one, each up to its first table."""
    if not is_virtual(chain[-1]):
        return [chain]
    children = graph.children_of(chain[-1], "model")
    return [longer for child in children for longer in chains(graph, [*chain, child])] or [chain]


@PERFORMANCE.rule
def chained_views_dependencies(graph: Graph) -> list[str]:
    """A model waits for a chain of more than five views."""
    return [
        " → ".join(map(label, chain))
        for model in graph.of_type("model")
        if is_virtual(model)
        for chain in chains(graph, [model])
        if len(chain) - 1 > CHAINED_VIEWS_THRESHOLD
    ]


@PERFORMANCE.rule
def exposure_parents_materializations(graph: Graph) -> list[str]:
    """An exposure reads a source, a view or an ephemeral model."""
    return [
        f"{label(exposure)} reads {label(parent)}, which is no table"
        for exposure in graph.of_type("exposure")
        for parent in graph.parents_of(exposure)
        if parent["resource_type"] == "source" or (parent["resource_type"] == "model" and is_virtual(parent))
    ]
