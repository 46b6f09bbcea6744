"""What a version tells of itself: its metrics and models, as the project describes them.

`catalog.json` holds `nodes` and `metrics`, lists sorted by `id` (dbt's unique id). Every entry has `id`,
`kind`, `name`, `label`, `description` (Markdown), `owners` (name and e-mail, as the project declares them),
`tags`, `path` (in the project) and `parents` (ids).

Nodes (`model`, `seed`, `snapshot`, `source`, `exposure`) also have `layer` (`staging`, `marts`, of others
their kind), `folder`, `materialization`, `columns` (`name`, `type`, `description`, `tests`: names), `tests`
(`name`, `kind`, `column`, `description`, `status`: `passed` or `warned`, `rows`: how many it looked at, null
where that is not known) and `rows` (of a published mart, else null).

Metrics have `type`, `expression`, `measures` (`name`, `aggregation`, `expression`, `model`), `filter`,
`models` (ids of those it reads) and `group_bys` (as MetricFlow spells them, time aside).

It holds what the project says, and counts: no values of the data, of the environment or of the machine.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PureWindowsPath
from typing import Any

from plugins.project_state import Project, Result

Entry = dict[str, Any]
Types = Mapping[tuple[str, str, str], str]
"""The type of each column of the working warehouse, by schema, table and column."""

NODES = ("model", "seed", "snapshot")
MOST_VALUES = 8
REFERENCE = re.compile(r"(?:ref|source)\((?:.*,)?\s*['\"](?P<name>[^'\"]+)['\"]\s*\)")


@dataclass(frozen=True)
class Build:
    """What describes a build: the project, how its nodes ended, the rows of its marts, and column types."""

    project: Project
    results: Mapping[str, Result]
    rows: Mapping[str, int]
    types: Types

    @property
    def manifest(self) -> Mapping[str, Any]:
        """dbt's manifest."""
        return self.project.manifest

    @cached_property
    def described(self) -> dict[str, Entry]:
        """Every node that is described, as the manifest has it, by id."""
        nodes = {
            node_id: node
            for node_id, node in self.manifest["nodes"].items()
            if node["resource_type"] in NODES and node["config"].get("enabled", True)
        }
        return {**nodes, **self.manifest.get("sources", {}), **self.manifest.get("exposures", {})}

    @cached_property
    def marts(self) -> frozenset[str]:
        """The ids of the models that are published."""
        return frozenset(str(node["unique_id"]) for node in self.project.marts)

    @cached_property
    def owners(self) -> dict[str, Entry]:
        """The owner of each group."""
        groups = self.manifest.get("groups", {}).values()
        return {group["name"]: owner(group["owner"]) for group in groups}

    @cached_property
    def tests(self) -> dict[str, list[Entry]]:
        """The tests of each node, by its id: those attached to it, else all that a test reads."""
        found: dict[str, list[Entry]] = {}
        for test_id, test in self.project.nodes.items():
            if test["resource_type"] not in ("test", "unit_test"):
                continue
            attached = test.get("attached_node")
            for node_id in [attached] if attached else test["depends_on"]["nodes"]:
                found.setdefault(node_id, []).append(self.test(test_id, test, node_id))
        return {
            node_id: sorted(tests, key=lambda test: (test["column"] or "", test["name"]))
            for node_id, tests in found.items()
        }

    def test(self, test_id: str, test: Entry, node_id: str) -> Entry:
        """A test as the catalog holds it."""
        generic = test.get("test_metadata")
        reads_all = generic and not test["config"].get("where") and node_id in self.marts
        return {
            "name": test["name"],
            "kind": generic["name"] if generic else test["resource_type"],
            "column": test.get("column_name"),
            "description": plain(test.get("description")) or test_words(test),
            "status": "warned" if self.results[test_id].status == "warn" else "passed",
            "rows": self.rows.get(self.described[node_id]["alias"]) if reads_all else None,
        }

    def node(self, node: Entry) -> Entry:
        """A node as the catalog holds it."""
        node_id, kind = node["unique_id"], node["resource_type"]
        tests = self.tests.get(node_id, [])
        folders = [str(part) for part in node["fqn"][1:-1]]
        direct = node.get("owner")
        group = self.owners.get(node.get("group") or "")
        return {
            **self.common(node, [owner(direct)] if direct else [group] if group else []),
            "name": f"{node['source_name']}.{node['name']}" if kind == "source" else node["name"],
            "parents": sorted(set(node.get("depends_on", {}).get("nodes", []))),
            "layer": folders[0] if kind == "model" and folders else kind,
            "folder": "/".join(folders),
            "materialization": node["config"].get("materialized"),
            "columns": [
                {
                    "name": column["name"],
                    "type": column.get("data_type") or self.type_of(node, column["name"]),
                    "description": plain(column.get("description")),
                    "tests": [test["name"] for test in tests if test["column"] == column["name"]],
                }
                for column in (node.get("columns") or {}).values()
            ],
            "tests": tests,
            "rows": self.rows.get(node["alias"]) if node_id in self.marts else None,
        }

    def common(self, node: Entry, owners: list[Entry]) -> Entry:
        """What every entry has."""
        return {
            "id": node["unique_id"],
            "kind": node["resource_type"],
            "name": node["name"],
            "label": node.get("label") or "",
            "description": (node.get("description") or "").strip(),
            "owners": owners,
            "tags": sorted(node.get("tags") or []),
            "path": PureWindowsPath(node["original_file_path"]).as_posix(),
        }

    def type_of(self, node: Entry, column: str) -> str | None:
        """The column's type in the working warehouse, None where it has none such."""
        table = node.get("alias") or node.get("identifier") or node["name"]
        found = self.types.get((node["schema"], table, column))
        return found and found.lower()

    @cached_property
    def measured(self) -> dict[str, tuple[Entry, Entry]]:
        """Each measure with its semantic model, by name."""
        return {
            measure["name"]: (measure, model)
            for model in self.manifest.get("semantic_models", {}).values()
            for measure in model["measures"]
        }

    def metric(self, metric: Entry) -> Entry:
        """A metric as the catalog holds it."""
        settings = metric["type_params"]
        measures = [self.measured[one["name"]] for one in settings.get("input_measures") or []]
        models = sorted({model["depends_on"]["nodes"][0] for _, model in measures})
        groups = dict.fromkeys(self.described[model].get("group") for model in models)
        inputs = [f"metric.{metric['package_name']}.{one['name']}" for one in settings.get("metrics") or []]
        return {
            **self.common(metric, [self.owners[group] for group in groups if group in self.owners]),
            "parents": sorted(inputs) or models,
            "type": metric["type"],
            "expression": metric_words(settings),
            "measures": [
                {
                    "name": measure["name"],
                    "aggregation": measure["agg"],
                    "expression": measure["expr"] or measure["name"],
                    "model": model["depends_on"]["nodes"][0],
                }
                for measure, model in measures
            ],
            "filter": filter_words(metric.get("filter")),
            "models": models,
            "group_bys": sorted(set.intersection(*(self.group_bys(model) for _, model in measures)))
            if measures
            else [],
        }

    def group_bys(self, model: Entry) -> set[str]:
        """The names to group a semantic model's measures by: its entities, and dimensions one join away."""
        primary = {entity["name"] for entity in model["entities"] if entity["type"] == "primary"}
        entities = {entity["name"] for entity in model["entities"]}
        found = entities - primary
        for other in self.manifest["semantic_models"].values():
            keys = {entity["name"] for entity in other["entities"] if entity["type"] in ("primary", "unique")}
            for key in keys & entities:
                found |= {f"{key}__{each['name']}" for each in other["dimensions"] if each["type"] != "time"}
        return found


def describe(build: Build) -> dict[str, list[Entry]]:
    """The catalog of a build whose nodes have all passed."""
    metrics = build.manifest.get("metrics", {}).values()
    return {
        "nodes": by_id(build.node(node) for node in build.described.values()),
        "metrics": by_id(build.metric(metric) for metric in metrics if metric["config"].get("enabled", True)),
    }


def by_id(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in the order of their ids."""
    return sorted(entries, key=lambda entry: str(entry["id"]))


def owner(declared: Mapping[str, Any]) -> Entry:
    """Name and e-mail of an owner; dbt asks for one of them."""
    return {"name": declared.get("name") or "", "email": declared.get("email") or ""}


def plain(text: str | None) -> str:
    """A description on one line."""
    return " ".join((text or "").split())


def test_words(test: Entry) -> str:
    """What a test without a description says: dbt's own four in words, of others the name."""
    metadata = test.get("test_metadata") or {"name": "", "kwargs": {}}
    arguments = metadata["kwargs"]
    column = f"`{test.get('column_name')}`"
    match metadata["name"]:
        case "unique":
            return f"{column} is unique."
        case "not_null":
            return f"{column} is never empty."
        case "accepted_values":
            values = [f"`{value}`" for value in arguments["values"]]
            more = f" or {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else ""
            return f"{column} is one of {', '.join(values[:MOST_VALUES])}{more}."
        case "relationships":
            other = REFERENCE.search(str(arguments["to"]))
            name = other["name"] if other else arguments["to"]
            as_field = "" if arguments["field"] == test["column_name"] else f" as `{arguments['field']}`"
            return f"Each {column} is in `{name}`{as_field}."
    return f"{str(test['name']).replace('_', ' ').capitalize()}."


def metric_words(settings: Mapping[str, Any]) -> str:
    """How a metric is worked out of others or of its measure."""
    if settings.get("expr"):
        return str(settings["expr"])
    if settings.get("numerator"):
        return f"{settings['numerator']['name']} / {settings['denominator']['name']}"
    measure = settings.get("measure")
    return str(measure["name"]) if measure else ""


def filter_words(declared: Mapping[str, Any] | None) -> str | None:
    """The conditions of a metric, as the project writes them."""
    conditions = [one["where_sql_template"] for one in (declared or {}).get("where_filters", [])]
    return " and ".join(map(plain, conditions)) or None
