"""The 29 rules of dbt-project-evaluator hold in this project, and each finds what it is there to find."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.conftest import Built
from tests.standards.evaluator.graph import Graph
from tests.standards.evaluator.rules import RULES
from tests.standards.manifests import Node, data_test, exposure, keyed, manifest, model, source
from tests.standards.project import load_manifest

STAGING = "staging/shop"


def sound() -> list[Node]:
    """A small project that breaks no rule."""
    orders = source("orders")
    base = model("base_shop__orders", f"{STAGING}/base", orders)
    staged = model("stg_shop__orders", STAGING, base)
    mart = model("fct_orders", "marts/sales", staged, access="public", contract={"enforced": True})
    return [orders, *keyed(base, staged, mart), exposure("report", mart)]


ORDERS, STORES = source("orders"), source("stores")
STAGED = model("stg_shop__orders", STAGING, ORDERS)
STEP = model("int_orders_priced", "intermediate", STAGED)
MART = model("fct_orders", "marts", STAGED)


def views(count: int) -> list[Node]:
    """A chain of so many views, and the table at its end."""
    chain = [model("stg_shop__orders", STAGING, ORDERS, config={"materialized": "view"})]
    for number in range(1, count):
        chain.append(model(f"int_{number}", "intermediate", chain[-1], config={"materialized": "ephemeral"}))
    return [*chain, model("fct_orders", "marts", chain[-1])]


def public(**changes: Any) -> Node:
    """A public model with a contract, changed as given."""
    return model("fct_orders", "marts", STAGED, access="public", contract={"enforced": True}) | changes


UNDESCRIBED = {"thing_id": {"name": "thing_id", "description": "", "constraints": []}}

BROKEN: dict[str, list[list[Node]]] = {
    "direct_join_to_source": [[ORDERS, STAGED, model("stg_shop__lines", STAGING, ORDERS, STAGED)]],
    "duplicate_sources": [[ORDERS, source("purchases", identifier="orders")]],
    "hard_coded_references": [
        [model("fct_orders", "marts", raw_code=f"select * {code}")]
        for code in (
            "from raw.orders",
            "from things join larkspur.raw.orders on true",
            'FROM "raw"."orders"\n',
            'from "orders"',
            "from {{ var('table') }}",
            "from {{ var('table', 'orders') }}",
            "{# cut from raw.orders #} from {{ ref('it') }}",
        )
    ],
    "marts_or_intermediate_dependent_on_source": [
        [ORDERS, model("fct_orders", "marts", ORDERS)],
        [ORDERS, model("orders", "intermediate", ORDERS)],
    ],
    "model_fanout": [[STAGED, *(model(f"fct_{name}", "marts", STAGED) for name in "abc")]],
    "multiple_sources_joined": [[ORDERS, STORES, model("stg_shop__orders", STAGING, ORDERS, STORES)]],
    "rejoining_of_upstream_concepts": [[STAGED, STEP, model("fct_orders", "marts", STAGED, STEP)]],
    "root_models": [[model("fct_orders", "marts")]],
    "source_fanout": [[ORDERS, STAGED, model("stg_shop__purchases", STAGING, ORDERS)]],
    "staging_dependent_on_marts_or_intermediate": [
        [STEP, model("stg_shop__lines", STAGING, STEP)],
        [MART, model("stg_shop__lines", STAGING, MART)],
    ],
    "staging_dependent_on_staging": [[STAGED, model("stg_shop__lines", STAGING, STAGED)]],
    "too_many_joins": [
        [
            *(made := [model(f"int_{name}", "intermediate") for name in "abcdefg"]),
            model("fct_a", "marts", *made),
        ]
    ],
    "unused_sources": [[ORDERS]],
    "missing_primary_key_tests": [
        [MART, data_test("dbt.test_unique", MART)],
        [MART, data_test("dbt.test_unique", MART), data_test("dbt.test_not_null", MART, "other_id")],
        [MART, data_test("small.test_unique_combination", MART, None)],
    ],
    "sources_without_freshness": [[source("orders", freshness={"warn_after": {"count": None}})]],
    "test_coverage": [[MART]],
    "documentation_coverage": [[model("fct_orders", "marts", description="")]],
    "undocumented_models": [[model("fct_orders", "marts", description="")]],
    "undocumented_source_tables": [[source("orders", description="")]],
    "undocumented_sources": [[source("orders", source_description="")]],
    "model_naming_conventions": [
        [model("orders", "marts")],
        [model("mart_orders", "marts")],
        [model("stage_orders", "elsewhere")],
    ],
    "model_directories": [
        [ORDERS, model("stg_shop__orders", "staging/store", ORDERS)],
        [model("int_orders_priced", "marts/sales")],
        [model("base_shop__orders", STAGING)],
        [model("stg_shop__orders", f"{STAGING}/base")],
    ],
    "source_directories": [[source("orders", original_file_path="models/staging/_sources.yml")]],
    "test_directories": [[MART, data_test("dbt.test_unique", MART, original_file_path="models/tests.yml")]],
    "chained_views_dependencies": [[ORDERS, *views(6)]],
    "exposure_parents_materializations": [
        [ORDERS, exposure("report", ORDERS)],
        [ORDERS, *(made := views(1)), exposure("report", made[0])],
    ],
    "public_models_without_contract": [[public(contract={"enforced": False})]],
    "exposures_dependent_on_private_models": [
        [MART, exposure("report", MART)],
        [ORDERS, exposure("r", ORDERS)],
    ],
    "undocumented_public_models": [
        [public(description="")],
        [public(columns={})],
        [public(columns=UNDESCRIBED)],
    ],
}


def violations(name: str, nodes: Iterable[Node]) -> list[str]:
    return RULES[name](Graph(manifest(*nodes)))


def test_all_29_rules_are_here() -> None:
    assert len(RULES) == 29
    assert set(BROKEN) == set(RULES)


@pytest.mark.parametrize("name", RULES)
def test_the_project_keeps_the_rule(built: Built, name: str) -> None:
    assert RULES[name](Graph(load_manifest(built))) == []


@pytest.mark.parametrize("name", RULES)
def test_a_sound_project_breaks_no_rule(name: str) -> None:
    assert violations(name, sound()) == []


@pytest.mark.parametrize(
    ("name", "nodes"), [(name, nodes) for name, projects in BROKEN.items() for nodes in projects]
)
def test_the_rule_finds_what_breaks_it(name: str, nodes: list[Node]) -> None:
    assert len(violations(name, nodes)) == 1


@pytest.mark.parametrize(
    ("name", "nodes"),
    [
        ("chained_views_dependencies", [ORDERS, *views(5)]),
        (
            "root_models",
            [model("dim_dates", "marts", time_spine={"standard_granularity_column": "date_day"})],
        ),
        ("model_naming_conventions", [model("all_days", "marts", time_spine={"custom_granularities": []})]),
        (
            "hard_coded_references",
            [model("fct_orders", "marts", raw_code="-- cut from raw.orders\nselect 1")],
        ),
        (
            "rejoining_of_upstream_concepts",
            [STAGED, STEP, model("fct_a", "marts", STAGED, STEP), model("fct_b", "marts", STEP)],
        ),
        (
            "model_fanout",
            [
                STAGED,
                *(made := [model(f"fct_{name}", "marts", STAGED) for name in "abc"]),
                exposure("report", *made),
            ],
        ),
        (
            "missing_primary_key_tests",
            [
                made[0] | {"columns": {"a": {"name": "thing_id", "constraints": [{"type": "not_null"}]}}},
                data_test("dbt.test_unique", made[0]),
            ],
        ),
        (
            "missing_primary_key_tests",
            [MART, data_test("dbt_utils.test_unique_combination_of_columns", MART, None)],
        ),
    ],
)
def test_the_rule_lets_pass_what_it_should(name: str, nodes: list[Node]) -> None:
    assert violations(name, nodes) == []
