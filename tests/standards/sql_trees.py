"""What a model's SQL does, read from the tree that DuckDB's own parser makes of it."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb

Tree = dict[str, Any]

# Their results do not reveal what they were made of.
ONE_WAY = {"md5", "hash", "count", "count_star", "length", "regexp_matches"}
CONDITIONS = {"COMPARISON", "CONJUNCTION", "BETWEEN"}
NOT_CARRIED = {"partitions", "orders", "filter", "filter_expr", "when_expr"}

PLAIN_ITEMS = {"STAR", "COLUMN_REF", "CONSTANT"}
PLAIN_CONDITIONS = {"COMPARE_EQUAL", "COMPARE_NOTEQUAL", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL"}


def parse(sql: str) -> Tree:
    """The tree of one select statement; its nodes are told by `type`, expressions by `class` too.

    Raises ValueError for what DuckDB cannot read.
    """
    with duckdb.connect() as connection:
        row = connection.execute("select json_serialize_sql(cast(? as varchar))", [sql]).fetchone()
    answer = json.loads(row[0]) if row else {"error": True}
    if answer["error"]:
        raise ValueError(f"DuckDB cannot read this as a select statement: {answer}")
    tree: Tree = answer["statements"][0]["node"]
    return tree


def walk(tree: Any) -> Iterator[Tree]:
    """Every node of the tree, the root first."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from walk(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from walk(value)


def selects(tree: Tree) -> Iterator[Tree]:
    """Every select of the statement, in its CTEs and subqueries too."""
    return (node for node in walk(tree) if node.get("type") == "SELECT_NODE")


def carried(tree: Any) -> set[str]:
    """The columns whose values an expression passes on, not those that it only judges or hashes."""
    if isinstance(tree, list):
        return set().union(*map(carried, tree))
    if not isinstance(tree, dict):
        return set()
    kind, operator = tree.get("class"), tree.get("type", "")
    if kind == "COLUMN_REF":
        return {tree["column_names"][-1]}
    if kind in CONDITIONS or (
        kind == "OPERATOR" and operator not in {"OPERATOR_COALESCE", "OPERATOR_NULLIF"}
    ):
        return set()
    if kind == "FUNCTION" and tree["function_name"] in ONE_WAY:
        return set()
    return set().union(*(carried(value) for key, value in tree.items() if key not in NOT_CARRIED))


def output_name(item: Tree) -> str | None:
    """The name of a select's item, where it states one."""
    if item.get("alias"):
        return str(item["alias"])
    return str(item["column_names"][-1]) if item["class"] == "COLUMN_REF" else None


def stained(tree: Tree, stains: set[str]) -> set[str]:
    """The columns, by name, that carry a value of the stained ones anywhere in the statement.

    Names are not told apart by their tables, so that rather too much is found than too little. In a union, a
    column of any part stains the column of that place in all of them.
    """
    found = set(stains)
    places = [items for node in walk(tree) if (items := union_items(node))]
    places += [[[item]] for node in selects(tree) for item in node["select_list"]]
    while True:
        more = {
            name
            for place in places
            for items in place
            if carried(items) & found
            for name in map(output_name, items)
            if name
        }
        if more <= found:
            return found
        found |= more


def union_items(node: Tree) -> list[list[Tree]]:
    """Of a union, the items that share a place, place by place; nothing where a part selects `*`."""
    if node.get("type") != "SET_OPERATION_NODE":
        return []
    lists = [child["select_list"] for child in node["children"] if child.get("type") == "SELECT_NODE"]
    if any(item["class"] == "STAR" for items in lists for item in items):
        return []
    return [list(items) for items in zip(*lists, strict=True)]


def logic(tree: Tree) -> list[str]:
    """What a statement does beyond passing rows on; nothing for one that only does the following.

    It selects columns and constants as they are, perhaps under other names, from one table at a time; keeps
    rows where a column equals a constant, or not, or is null, or not; and stacks such parts (`union all`).
    """
    found = []
    for node in walk(tree):
        if node.get("type") == "SET_OPERATION_NODE" and not (
            node["setop_type"] == "UNION" and node["setop_all"]
        ):
            found.append("compares sets")
    for select in selects(tree):
        found += [
            f"computes {output_name(item)}"
            for item in select["select_list"]
            if item["class"] not in PLAIN_ITEMS
        ]
        if select["from_table"]["type"] != "BASE_TABLE":
            found.append(f"reads a {select['from_table']['type'].lower()}")
        found += [key for key in ("group_expressions", "having", "qualify", "modifiers") if select.get(key)]
        found += ["filters by more than one column and constant"] * (
            not is_plain_filter(select["where_clause"])
        )
    return found


def is_plain_filter(condition: Tree | None) -> bool:
    """Whether a condition, or each of several joined by `and`, compares a column with a constant or null."""
    if not condition:
        return True
    if condition["type"] == "CONJUNCTION_AND":
        return all(map(is_plain_filter, condition["children"]))
    sides = condition.get("children") or [condition.get("left"), condition.get("right")]
    return condition["type"] in PLAIN_CONDITIONS and [side["class"] for side in sides] in (
        ["COLUMN_REF"],
        ["COLUMN_REF", "CONSTANT"],
    )
