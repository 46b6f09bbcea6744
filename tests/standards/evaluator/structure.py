"""The four rules about names and folders."""

from tests.standards.evaluator.graph import (
    PREFIXES,
    Graph,
    RuleSet,
    directory_of,
    folder_type,
    label,
    model_type,
    prefix_of,
)

STRUCTURE = RuleSet()


@STRUCTURE.rule
def model_directories(graph: Graph) -> list[str]:
    """A staging model is outside its source's folder, or any model nearest to another layer's folder."""
    strays = [
        f"{label(model)} stands on the source {label(source)}, outside of a folder of that name"
        for model in graph.of_type("model")
        if model_type(model) == "staging"
        for source in graph.ancestors_of(model)
        if source["resource_type"] == "source" and source["source_name"] not in directory_of(model)
    ]
    misplaced = [
        f"{label(node)} is {layer}, in the folder of {folder}"
        for node in graph.resources.values()
        if (layer := model_type(node)) and (folder := folder_type(node)) and layer != folder
    ]
    return strays + misplaced


@STRUCTURE.rule
def model_naming_conventions(graph: Graph) -> list[str]:
    """A model's prefix is not one of its layer's; a time spine may have any."""
    return [
        f"{label(model)} should begin with one of {', '.join(PREFIXES[layer])}"
        for model in graph.of_type("model")
        if (layer := model_type(model))
        and prefix_of(model["name"]) not in PREFIXES[layer]
        and model["name"] not in graph.time_spines
    ]


@STRUCTURE.rule
def source_directories(graph: Graph) -> list[str]:
    """A source is declared outside a folder of its name."""
    return [
        f"{label(source)} is declared in {source['original_file_path']}"
        for source in graph.of_type("source")
        if source["source_name"] not in directory_of(source)
    ]


@STRUCTURE.rule
def test_directories(graph: Graph) -> list[str]:
    """A model's tests are declared in another folder than the model's."""
    return [
        f"{label(test)} is declared in {directory_of(test)}, its model in {directory_of(model)}"
        for model in graph.of_type("model")
        for test in graph.tests_of(model)
        if test.get("test_metadata") and directory_of(test) != directory_of(model)
    ]
