"""The three rules about tests."""

from tests.standards.evaluator.graph import Graph, Node, RuleSet, label

TESTING = RuleSet()


def macros_of(test: Node) -> str:
    """The macros that a test calls, as one text."""
    return " ".join(test["depends_on"]["macros"])


def is_primary_key(graph: Graph, model: Node) -> bool:
    """Whether one of the model's columns is both unique and never null.

    Unique and not_null tests on the same column; or the unique test and a not-null constraint; or
    dbt_utils' unique_combination_of_columns. A test under another macro's name does not count.
    """
    tests = graph.tests_of(model)
    if any("macro.dbt_utils.test_unique_combination_of_columns" in macros_of(test) for test in tests):
        return True

    def tested(macro: str) -> set[str | None]:
        return {test.get("column_name") for test in tests if f"macro.dbt.{macro}" in macros_of(test)}

    constrained = {
        column["name"]
        for column in model["columns"].values()
        if any(constraint["type"] == "not_null" for constraint in column.get("constraints", []))
    }
    return bool(tested("test_unique") & (tested("test_not_null") | constrained))


@TESTING.rule
def missing_primary_key_tests(graph: Graph) -> list[str]:
    """No column of a model is tested as its key."""
    return [
        f"{label(model)} has no tested key"
        for model in graph.of_type("model")
        if not is_primary_key(graph, model)
    ]


@TESTING.rule
def sources_without_freshness(graph: Graph) -> list[str]:
    """A source table says neither when to warn nor when to fail for age."""

    def counts(source: Node) -> list[int | None]:
        limits = [source.get("freshness") or {}, source.get("config", {}).get("freshness") or {}]
        return [
            (limit.get(threshold) or {}).get("count")
            for limit in limits
            for threshold in ("warn_after", "error_after")
        ]

    return [
        f"{label(source)} has no freshness" for source in graph.of_type("source") if not any(counts(source))
    ]


@TESTING.rule
def test_coverage(graph: Graph) -> list[str]:
    """A model has no data test (the default goal is 100 %)."""
    return [f"{label(model)} has no test" for model in graph.of_type("model") if not graph.tests_of(model)]
