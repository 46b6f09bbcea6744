"""Everything that can be described is, and says something; the columns described are those that exist."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from dbt.parser.schemas import is_valid_type

from tests.conftest import Built
from tests.standards.project import Node, load_catalog, load_manifest, nodes_of

PLACEHOLDER = re.compile(
    r"\b(todo|tbd|tba|fixme|xxx|lorem|ipsum|placeholder|undocumented|self[- ]explanatory)\b"
    r"|^\W*$|^n/?a\W*$|\.{3}$",
    re.IGNORECASE,
)
ADAPTER_OF = re.compile(r"^(default|duckdb|spark)__(.+)$")
MACRO_HEADER = re.compile(r"\{%-?\s*(?:macro|test)\s+(\w+)\s*\((.*?)\)\s*-?%\}", re.DOTALL)
BUILT_IN_TESTS = {"unique", "not_null", "accepted_values", "relationships"}


def says_something(description: str | None, name: str) -> bool:
    """Whether a description is neither empty nor a placeholder, nor only the name again."""
    text = (description or "").strip()
    bare = re.sub(r"\W|_", "", text.lower())
    return bool(bare) and not PLACEHOLDER.search(text) and bare != re.sub(r"\W|_", "", name.lower())


def own(manifest: Node, kind: str) -> list[Node]:
    """The project's own members of a part of the manifest (macros, groups, metrics, …), in order."""
    members = manifest[kind].items()
    return [member for _, member in sorted(members) if member["package_name"] == "larkspur"]


def described_columns(nodes: Iterator[Node]) -> Iterator[tuple[str, str | None]]:
    """Name and description of every column."""
    for node in nodes:
        for column in node["columns"].values():
            yield f"{node['name']}.{column['name']}", column["description"]


def named_tests(manifest: Node) -> Iterator[tuple[str, str | None]]:
    """Every data test that is not one of dbt's four under dbt's own name."""
    for test in nodes_of(manifest, "test"):
        metadata = test.get("test_metadata")
        kind = metadata["name"] if metadata else None
        is_plain = (
            metadata and kind in BUILT_IN_TESTS and test["name"].startswith((f"{kind}_", f"source_{kind}_"))
        )
        if not is_plain:
            yield test["name"], test["description"]


def semantic_parts(manifest: Node) -> Iterator[tuple[str, str | None]]:
    """Every semantic model with its entities, dimensions and measures."""
    for model in own(manifest, "semantic_models"):
        yield model["name"], model["description"]
        for part in [*model["entities"], *model["dimensions"], *model["measures"]]:
            yield f"{model['name']}.{part['name']}", part["description"]


def sources(manifest: Node) -> Iterator[tuple[str, str | None]]:
    """Every source and every table of it."""
    for source in own(manifest, "sources"):
        yield source["source_name"], source["source_description"]
        yield source["name"], source["description"]


def members(*kinds: str) -> Callable[[Node], Iterator[tuple[str, str | None]]]:
    """A finder of names and descriptions in parts of the manifest."""

    def find(manifest: Node) -> Iterator[tuple[str, str | None]]:
        for kind in kinds:
            for member in own(manifest, kind):
                yield member["name"], member["description"]

    return find


def typed_nodes(*types: str) -> Callable[[Node], Iterator[tuple[str, str | None]]]:
    """A finder of names and descriptions among the nodes of the given types."""
    return lambda manifest: ((node["name"], node["description"]) for node in nodes_of(manifest, *types))


DESCRIBED: dict[str, Callable[[Node], Iterator[tuple[str, str | None]]]] = {
    "models": typed_nodes("model"),
    "seeds": typed_nodes("seed"),
    "snapshots": typed_nodes("snapshot"),
    "columns": lambda manifest: described_columns(nodes_of(manifest, "model", "seed", "snapshot")),
    "source_columns": lambda manifest: described_columns(iter(own(manifest, "sources"))),
    "sources": sources,
    "tests": named_tests,
    "unit_tests": members("unit_tests"),
    "groups": members("groups"),
    "metrics": members("metrics"),
    "semantic_models": semantic_parts,
    "exposures": members("exposures", "saved_queries"),
}


@pytest.mark.parametrize("kind", DESCRIBED)
def test_it_is_described(built: Built, kind: str) -> None:
    found = DESCRIBED[kind](load_manifest(built))
    assert [name for name, text in found if not says_something(text, name.split(".")[-1])] == []


@pytest.mark.parametrize("kind", [kind for kind in DESCRIBED if kind != "exposures"])
def test_there_is_something_to_describe(built: Built, kind: str) -> None:
    assert list(DESCRIBED[kind](load_manifest(built)))


@pytest.mark.parametrize(
    "description",
    [None, "", "  ", "TODO", "tbd.", "To be described: xxx", "N/A", "-", "order_id", "Order ID.", "..."],
)
def test_a_placeholder_is_no_description(description: str | None) -> None:
    assert not says_something(description, "order_id")


def test_a_description_is_one() -> None:
    assert says_something("The order.", "order_id")


def test_models_state_their_grain_first(built: Built) -> None:
    manifest = load_manifest(built)
    tables = [*nodes_of(manifest, "model", "snapshot"), *own(manifest, "sources")]
    assert [table["name"] for table in tables if not table["description"].startswith("One row per ")] == []


def test_columns_in_yaml_are_those_of_the_warehouse(built: Built) -> None:
    manifest, catalog = load_manifest(built), load_catalog(built)
    tables = [*nodes_of(manifest, "model", "seed", "snapshot"), *own(manifest, "sources")]
    differences = {
        table["unique_id"]: difference
        for table in tables
        if (difference := column_differences(table, catalog.get(table["unique_id"], {})))
    }
    assert differences == {}


def column_differences(table: Node, columns: Mapping[str, str]) -> list[str]:
    """The columns that only the YAML or only the warehouse knows."""
    described = {column["name"] for column in table["columns"].values()}
    missing = [f"{name}: described, not in the warehouse" for name in sorted(described - set(columns))]
    return missing + [f"{name}: not described" for name in sorted(set(columns) - described)]


def test_a_difference_of_columns_is_found() -> None:
    table = {"columns": {"a": {"name": "a"}, "b": {"name": "b"}}}
    assert column_differences(table, {"b": "DATE", "c": "DATE"}) == [
        "a: described, not in the warehouse",
        "c: not described",
    ]


def parameters_of(macro: Node) -> list[str]:
    """The names of a macro's parameters, as its code states them."""
    found = {name.removeprefix("test_"): inside for name, inside in MACRO_HEADER.findall(macro["macro_sql"])}
    inside = found[macro["name"].removeprefix("test_")]
    bare = re.sub(r"\[[^\]]*\]|\([^)]*\)|'[^']*'", "", inside)
    return [part.split("=")[0].strip() for part in bare.split(",") if part.strip()]


def macro_gaps(macro: Node, macros: Mapping[str, Node]) -> list[str]:
    """What the documentation of a macro lacks.

    An engine's variant of a macro (`duckdb__matches`) is described by what it is a variant of (`matches`),
    where there is such a macro; its parameters must be the same.
    """
    variant = ADAPTER_OF.match(macro["name"])
    if variant and variant[2] in macros:
        same = parameters_of(macro) == parameters_of(macros[variant[2]])
        return [] if same else ["its parameters differ from its namesake's"]
    gaps = [] if says_something(macro["description"], macro["name"]) else ["no description"]
    documented = [argument["name"] for argument in macro["arguments"]]
    if documented != parameters_of(macro):
        gaps.append(f"describes the arguments {documented}, has {parameters_of(macro)}")
    for argument in macro["arguments"]:
        if not says_something(argument["description"], argument["name"]):
            gaps.append(f"{argument['name']}: no description")
        if not is_valid_type(argument["type"] or ""):
            gaps.append(f"{argument['name']}: no type that dbt knows")
    return gaps


def test_macros_and_their_arguments_are_described(built: Built) -> None:
    macros = {macro["name"]: macro for macro in own(load_manifest(built), "macros")}
    assert len(macros) > 30
    assert {name: gaps for name, macro in macros.items() if (gaps := macro_gaps(macro, macros))} == {}


def macro(name: str, signature: str, description: str, **arguments: tuple[str, str]) -> dict[str, Any]:
    """A macro as the manifest shows it; `arguments` are pairs of type and description."""
    return {
        "name": name,
        "macro_sql": f"{{% macro {name}({signature}) -%}}{{% endmacro %}}",
        "description": description,
        "arguments": [
            {"name": key, "type": kind, "description": text} for key, (kind, text) in arguments.items()
        ],
    }


DOUBLED = macro(
    "doubled", "amount, by=['a', 'b']", "Twice.", amount=("string", "SQL."), by=("list[string]", "Keys.")
)


@pytest.mark.parametrize(
    ("faulty", "gap"),
    [
        (macro("doubled", "amount", "", amount=("string", "SQL.")), "no description"),
        (macro("doubled", "amount", "Twice."), "describes the arguments [], has ['amount']"),
        (macro("doubled", "amount", "Twice.", amount=("string", "")), "amount: no description"),
        (macro("doubled", "amount", "Twice.", amount=("text", "SQL.")), "amount: no type that dbt knows"),
        (macro("duckdb__doubled", "sum", ""), "its parameters differ from its namesake's"),
        (macro("duckdb__halved", "", ""), "no description"),
    ],
)
def test_a_gap_in_a_macros_documentation_is_found(faulty: Node, gap: str) -> None:
    assert macro_gaps(DOUBLED, {"doubled": DOUBLED}) == []
    assert macro_gaps(faulty, {"doubled": DOUBLED}) == [gap]
