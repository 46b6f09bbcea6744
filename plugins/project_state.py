"""Whether the whole project is green: what dbt's manifest asks for, against what has passed.

A state is fit to be published when every enabled seed, model, snapshot, data test and unit test has passed
with the code that the project has now, on all its data, and not before one of its parents was last built.
Pure functions: the manifest and the recorded results come in, reasons in words come out.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

PASSED = frozenset({"success", "pass", "warn"})
RETRIED = frozenset({"error", "fail", "skipped", "runtime error", "partial success"})
COUNTED = frozenset({"seed", "model", "snapshot", "test", "unit_test"})
NAMES_IN_A_REASON = 5
ADVICE = {
    "failed": "failed. Mend the cause, then run `dbt retry`; after a change of code or data, `dbt build`.",
    "skipped": "skipped, because a node before them failed. They follow with `dbt retry`.",
    "not run": "not run to the end since last selected, or never. Run `dbt build`.",
    "limited": "run with --empty, --sample or --defer, so not on all data. Run `dbt build` without.",
    "changed": "changed since last passed (code, macro, settings, variable or seed file). Run `dbt build`.",
    "older": "older than a parent, which was built again later. Run `dbt build`.",
}


@dataclass(frozen=True)
class Result:
    """How a node's last run ended. `build` grows with each invocation; `limits` is such as `--empty`."""

    status: str
    build: int
    signature: str
    limits: str = ""


@dataclass(frozen=True)
class Project:
    """The enabled nodes of a project, as `manifest.json` describes them, and the settings of this invocation.

    `settings` holds what decides a node's result besides its own files: `dbt_project.yml`, dbt's variables,
    the environment.
    """

    manifest: Mapping[str, Any]
    root: Path
    settings: str = ""

    @cached_property
    def nodes(self) -> dict[str, dict[str, Any]]:
        """Every node that has to pass, by id."""
        candidates = {**self.manifest["nodes"], **self.manifest["unit_tests"]}
        return {
            node_id: node
            for node_id, node in candidates.items()
            if node["resource_type"] in COUNTED
            and node["config"].get("enabled", True)
            and not is_ephemeral(node)
        }

    @cached_property
    def marts(self) -> list[dict[str, Any]]:
        """The models under `models/marts`, which are published, sorted by name."""
        marts = [
            node
            for node in self.nodes.values()
            if node["resource_type"] == "model" and node["fqn"][1] == "marts"
        ]
        return sorted(marts, key=lambda node: str(node["name"]))

    def upstream(self, node: Mapping[str, Any]) -> list[str]:
        """The ids a node reads, with those of the ephemeral models between."""
        found: list[str] = []
        waiting = list(node.get("depends_on", {}).get("nodes", []))
        while waiting:
            parent = waiting.pop()
            found.append(parent)
            if is_ephemeral(self.manifest["nodes"].get(parent, {})):
                waiting.extend(self.manifest["nodes"][parent]["depends_on"]["nodes"])
        return sorted(set(found))

    @cached_property
    def signatures(self) -> dict[str, str]:
        """A hash per node of what decides its result besides data: code, macros, configuration, settings."""
        return {node_id: self.signature(node) for node_id, node in self.nodes.items()}

    def signature(self, node: Mapping[str, Any]) -> str:
        """The hash of one node, with the sources and ephemeral models it reads, which have no result.

        A unit test's includes the whole signature of the model it tests: it depends on nothing else.
        """
        parents = [parent for parent in map(self.lookup, self.upstream(node)) if parent]
        involved = [*filter(has_no_result, parents), node]
        tested = [self.signature(parent) for parent in parents if node["resource_type"] == "unit_test"]
        macros = {macro for part in involved for macro in part.get("depends_on", {}).get("macros", [])}
        parts = [self.settings, *tested, *map(self.definition, involved), *self.macro_texts(macros)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def lookup(self, node_id: str) -> Mapping[str, Any]:
        """The node or source of this id; `{}` for other things that a node may depend on."""
        found: Mapping[str, Any] = self.manifest["nodes"].get(node_id) or self.manifest["sources"].get(
            node_id, {}
        )
        return found

    def definition(self, node: Mapping[str, Any]) -> str:
        """What the project says about a node, as text; prose is left out."""
        columns = {
            name: [column.get("data_type"), column.get("constraints")]
            for name, column in (node.get("columns") or {}).items()
        }
        keys = (
            *("checksum", "raw_code", "config", "constraints", "test_metadata", "relation_name", "external"),
            *("given", "expect", "overrides"),
        )
        return json.dumps(
            [self.seed_content(node), columns, *(node.get(key) for key in keys)], sort_keys=True, default=str
        )

    def seed_content(self, node: Mapping[str, Any]) -> str | None:
        """The hash of a seed whose file is too large for dbt to hash."""
        if node["resource_type"] != "seed" or node["checksum"]["name"] != "path":
            return None
        with (self.root / node["original_file_path"]).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def macro_texts(self, macros: Iterable[str]) -> list[str]:
        """The text of these macros and of all that they call, in a fixed order."""
        found: set[str] = set()
        waiting = list(macros)
        while waiting:
            macro = waiting.pop()
            if macro not in found and macro in self.manifest["macros"]:
                found.add(macro)
                waiting.extend(self.manifest["macros"][macro]["depends_on"]["macros"])
        return [str(self.manifest["macros"][macro]["macro_sql"]) for macro in sorted(found)]


def has_no_result(node: Mapping[str, Any]) -> bool:
    """Whether the node never runs by itself, so that its definition counts with its readers'."""
    return node["resource_type"] == "source" or is_ephemeral(node)


def is_ephemeral(node: Mapping[str, Any]) -> bool:
    """Whether the node exists only inside the models that read it."""
    return bool(node.get("config", {}).get("materialized") == "ephemeral")


def reasons(project: Project, results: Mapping[str, Result]) -> list[str]:
    """Why the project may not be published now: a sentence per cause, none if it may.

    Each node is named under the first cause that holds: what it lacks itself comes before its parents.
    """
    causes: dict[str, list[str]] = {advice: [] for advice in ADVICE}
    for node_id in project.nodes:
        cause = what_is_missing(project, results, node_id)
        if cause:
            causes[cause].append(node_id)
    return [f"{listed(project, found)} {ADVICE[cause]}" for cause, found in causes.items() if found]


def what_is_missing(project: Project, results: Mapping[str, Result], node_id: str) -> str | None:
    """The key in ADVICE of what keeps this node from counting as green, or None."""
    result = results.get(node_id)
    if result is None:
        return "not run"
    if result.status not in PASSED:
        return "skipped" if result.status == "skipped" else "failed"
    if result.limits:
        return "limited"
    if result.signature != project.signatures[node_id]:
        return "changed"
    node = project.nodes[node_id]
    if node["resource_type"] == "unit_test":
        return None
    parents = [parent for parent in project.upstream(node) if parent in results and parent in project.nodes]
    return "older" if any(results[parent].build > result.build for parent in parents) else None


def listed(project: Project, node_ids: list[str]) -> str:
    """`3 nodes (a, b, c)`, with at most five names and the number of the others."""
    names = sorted(str(project.nodes[node_id]["name"]) for node_id in node_ids)
    shown = ", ".join(names[:NAMES_IN_A_REASON])
    more = f" and {len(names) - NAMES_IN_A_REASON} more" if len(names) > NAMES_IN_A_REASON else ""
    return f"{len(names)} node{'s' if len(names) > 1 else ''} ({shown}{more}):"
