"""The built project's manifest and catalog, and small questions to them."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.commands import ROOT
from tests.conftest import Built

Node = dict[str, Any]


@cache
def read_json(file: Path) -> Node:
    """A JSON file's object; read once."""
    content: Node = json.loads(file.read_text(encoding="utf-8"))
    return content


def load_manifest(built: Built) -> Node:
    """What dbt knows of the project."""
    return read_json(built.target / "manifest.json")


def load_catalog(built: Built) -> dict[str, dict[str, str]]:
    """The types of the columns that the warehouse holds: unique id → column → type."""
    catalog = read_json(built.target / "catalog.json")
    return {
        unique_id: {column["name"]: column["type"] for column in table["columns"].values()}
        for kind in ("nodes", "sources")
        for unique_id, table in catalog[kind].items()
    }


def nodes_of(manifest: Node, *types: str) -> Iterator[Node]:
    """The nodes of the given types (model, seed, snapshot, test), in the order of their ids."""
    for _, node in sorted(manifest["nodes"].items()):
        if node["resource_type"] in types:
            yield node


def layer_of(node: Node) -> str:
    """`base`, `staging`, `intermediate` or `marts`: of a model, by its folder."""
    return "base" if "base" in node["fqn"] else str(node["fqn"][1])


def files(*patterns: str) -> list[Path]:
    """The project's files that match, without those of the dbt project that publishing is tested on."""
    found = {file for pattern in patterns for file in ROOT.glob(pattern)}
    return sorted(file for file in found if ROOT / "tests/integration" not in file.parents)


def relative(file: Path) -> str:
    """The file's path within the project."""
    return file.relative_to(ROOT).as_posix()
