"""A dbt manifest as dbt-project-evaluator sees it: resources, their types, and who depends on whom.

The rules of this folder are those of dbt-project-evaluator 1.x (https://dbt-labs.github.io/dbt-project-evaluator/),
with its default settings and no exception, written anew from their definitions. A rule is a function of a
`Graph` that returns one readable line per violation.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

Node = Mapping[str, Any]

PREFIXES = {
    "base": ["base_"],
    "staging": ["stg_"],
    "intermediate": ["int_"],
    "marts": ["fct_", "dim_"],
    "other": ["rpt_"],
}
FOLDERS = ["base", "staging", "intermediate", "marts"]
UNTYPED = {"test", "source", "metric", "exposure", "seed"}


def prefix_of(name: str) -> str:
    """What comes before the first underscore, with it."""
    return name.split("_")[0] + "_"


def directory_of(node: Node) -> str:
    """The folder of the file that defines the node, as `/models/marts/sales/`."""
    return f"/{PurePosixPath(node['original_file_path']).parent}/"


def folder_type(node: Node) -> str | None:
    """The layer whose folder is nearest to the file, or None outside of all."""
    directory = directory_of(node)
    nearest = max(FOLDERS, key=lambda folder: directory.find(f"/{folder}/"))
    return nearest if f"/{nearest}/" in directory else None


def prefix_type(node: Node) -> str | None:
    """The layer that the name's prefix stands for, or None."""
    prefix = prefix_of(node["name"])
    return next((layer for layer, prefixes in PREFIXES.items() if prefix in prefixes), None)


def model_type(node: Node) -> str | None:
    """The layer by prefix, else by folder, else `other`; None for what has no layer."""
    if node["resource_type"] in UNTYPED:
        return None
    return prefix_type(node) or folder_type(node) or "other"


def label(node: Node) -> str:
    """How a violation names the node."""
    return f"{node['source_name']}.{node['name']}" if node["resource_type"] == "source" else str(node["name"])


@dataclass(frozen=True)
class Graph:
    """A manifest, with its edges. Tests are resources, but no part of the paths."""

    manifest: Mapping[str, Any]

    @cached_property
    def resources(self) -> dict[str, Node]:
        """Nodes, sources, exposures and metrics, by unique id."""
        kinds = ("nodes", "sources", "exposures", "metrics")
        return {key: node for kind in kinds for key, node in self.manifest[kind].items()}

    def of_type(self, *types: str) -> list[Node]:
        """The resources of the given types, in the order of their ids."""
        return [node for _, node in sorted(self.resources.items()) if node["resource_type"] in types]

    @cached_property
    def parents(self) -> dict[str, list[Node]]:
        """Direct parents, each once, of all resources but tests."""
        return {
            key: [
                self.resources[parent]
                for parent in sorted(set(node.get("depends_on", {}).get("nodes", [])))
                if parent in self.resources
            ]
            for key, node in self.resources.items()
            if node["resource_type"] in {"model", "snapshot", "exposure", "metric"}
        }

    @cached_property
    def children(self) -> dict[str, list[Node]]:
        """Direct children, each once, tests not counted."""
        children: dict[str, list[Node]] = {key: [] for key in self.resources}
        for child, parents in sorted(self.parents.items()):
            for parent in parents:
                children[parent["unique_id"]].append(self.resources[child])
        return children

    def parents_of(self, node: Node, *types: str) -> list[Node]:
        """The node's direct parents, of the given types (default: of all)."""
        parents = self.parents.get(node["unique_id"], [])
        return [parent for parent in parents if not types or parent["resource_type"] in types]

    def children_of(self, node: Node, *types: str) -> list[Node]:
        """The node's direct children, of the given types (default: of all)."""
        children = self.children[node["unique_id"]]
        return [child for child in children if not types or child["resource_type"] in types]

    def edges(self) -> Iterator[tuple[Node, Node]]:
        """Every pair of a parent and its direct child."""
        for child, parents in sorted(self.parents.items()):
            for parent in parents:
                yield parent, self.resources[child]

    def ancestors_of(self, node: Node) -> list[Node]:
        """All that the node depends on, directly or not, each once."""
        found: dict[str, Node] = {}
        waiting = self.parents_of(node)
        while waiting:
            parent = waiting.pop()
            if parent["unique_id"] not in found:
                found[parent["unique_id"]] = parent
                waiting.extend(self.parents_of(parent))
        return [node for _, node in sorted(found.items())]

    def tests_of(self, node: Node) -> list[Node]:
        """The data tests attached to the node; a singular test to the last node that it reads."""
        return [test for test in self.of_type("test") if self.tested(test) == node["unique_id"]]

    @staticmethod
    def tested(test: Node) -> str | None:
        """The unique id of the node that a test is attached to."""
        parents = test.get("depends_on", {}).get("nodes", [])
        return test.get("attached_node") or (parents[-1] if parents else None)

    @cached_property
    def time_spines(self) -> set[str]:
        """The names of the time spines, which two rules leave out."""
        return {model["name"] for model in self.of_type("model") if model.get("time_spine")}


Rule = Callable[[Graph], list[str]]


@dataclass(frozen=True)
class RuleSet:
    """Rules by name; `rule` registers a function under its own."""

    rules: dict[str, Rule] = field(default_factory=dict)

    def rule(self, function: Rule) -> Rule:
        """Register a rule."""
        self.rules[function.__name__] = function
        return function
