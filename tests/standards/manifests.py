"""Hand-made manifests, as small as a rule allows."""

from typing import Any

Node = dict[str, Any]


def manifest(*nodes: Node) -> dict[str, dict[str, Node]]:
    """A manifest of the given nodes."""
    kinds = {"source": "sources", "exposure": "exposures"}
    made: dict[str, dict[str, Node]] = {"nodes": {}, "sources": {}, "exposures": {}, "metrics": {}}
    for node in nodes:
        made[kinds.get(node["resource_type"], "nodes")][node["unique_id"]] = node
    return made


def model(name: str, folder: str, *parents: Node, **changes: Any) -> Node:
    """A described and sound table in `models/<folder>/`, reading the parents."""
    node: Node = {
        "resource_type": "model",
        "unique_id": f"model.small.{name}",
        "name": name,
        "original_file_path": f"models/{folder}/{name}.sql",
        "description": "One row per thing.",
        "raw_code": "select * from {{ ref('it') }}",
        "columns": {"thing_id": {"name": "thing_id", "description": "The thing.", "constraints": []}},
        "config": {"materialized": "table"},
        "access": "protected",
        "contract": {"enforced": False},
        "depends_on": {"nodes": [parent["unique_id"] for parent in parents], "macros": []},
        "time_spine": None,
    }
    return node | changes


def source(name: str, **changes: Any) -> Node:
    """A described and fresh table of the source `shop`."""
    node: Node = {
        "resource_type": "source",
        "unique_id": f"source.small.shop.{name}",
        "name": name,
        "source_name": "shop",
        "original_file_path": "models/staging/shop/_shop__sources.yml",
        "description": "One row per thing.",
        "source_description": "A shop.",
        "database": "small",
        "schema": "raw",
        "identifier": name,
        "freshness": {"warn_after": {"count": 1, "period": "day"}, "error_after": {"count": None}},
        "config": {},
    }
    return node | changes


def data_test(macro: str, tested: Node, column: str | None = "thing_id", **changes: Any) -> Node:
    """A data test by the macro, declared in the folder of what it tests."""
    node: Node = {
        "resource_type": "test",
        "unique_id": f"test.small.{macro}_{tested['name']}_{column}",
        "name": f"{macro}_{tested['name']}_{column}",
        "original_file_path": tested["original_file_path"].replace(".sql", ".yml"),
        "column_name": column,
        "attached_node": tested["unique_id"],
        "test_metadata": {"name": macro},
        "depends_on": {"nodes": [tested["unique_id"]], "macros": [f"macro.{macro}"]},
        "config": {"materialized": "test"},
    }
    return node | changes


def keyed(*models: Node) -> list[Node]:
    """The models, each with the two tests that make a key."""
    tests = [data_test(f"dbt.test_{kind}", each) for each in models for kind in ("unique", "not_null")]
    return [*models, *tests]


def exposure(name: str, *parents: Node) -> Node:
    """A report that reads the parents."""
    return {
        "resource_type": "exposure",
        "unique_id": f"exposure.small.{name}",
        "name": name,
        "original_file_path": "models/_exposures.yml",
        "description": "A report.",
        "depends_on": {"nodes": [parent["unique_id"] for parent in parents], "macros": []},
    }
