"""The three rules about what other teams may rely on."""

from tests.standards.evaluator.graph import Graph, Node, RuleSet, label

GOVERNANCE = RuleSet()


def is_public(node: Node) -> bool:
    """Whether anybody may read the model."""
    return node.get("access") == "public"


@GOVERNANCE.rule
def public_models_without_contract(graph: Graph) -> list[str]:
    """A public model's columns are not enforced."""
    return [
        f"{label(model)} has no enforced contract"
        for model in graph.of_type("model")
        if is_public(model) and not (model.get("contract") or {}).get("enforced")
    ]


@GOVERNANCE.rule
def exposures_dependent_on_private_models(graph: Graph) -> list[str]:
    """An exposure reads what is no public model."""
    return [
        f"{label(exposure)} reads {label(parent)}"
        for exposure in graph.of_type("exposure")
        for parent in graph.parents_of(exposure)
        if not (parent["resource_type"] == "model" and is_public(parent))
    ]


@GOVERNANCE.rule
def undocumented_public_models(graph: Graph) -> list[str]:
    """A public model, or one of its columns, is not described, or it declares no column."""

    def is_documented(model: Node) -> bool:
        columns = model["columns"].values()
        return bool(model["description"] and columns) and all(column["description"] for column in columns)

    return [
        f"{label(model)} is not described, column by column"
        for model in graph.of_type("model")
        if is_public(model) and not is_documented(model)
    ]
