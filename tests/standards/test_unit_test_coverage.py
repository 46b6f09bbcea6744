"""Every model with logic of its own has a dbt unit test."""

import pytest

from tests.conftest import Built
from tests.standards.project import load_manifest, nodes_of
from tests.standards.sql_trees import logic, parse

PLAIN = [
    "with b as (select * from t), m as (select id, a as r from b where s = 'x') select * from m",
    "select id, 'shop' as system from a where x is not null and y <> 1 union all select id, 'web' from b",
]
LOGICAL = [
    "select a + b as c from t",
    "select lower(a) as a from t",
    "select a is null as is_missing from t",
    "select cast(a as date) as a from t",
    "select count(*) from t",
    "select row_number() over (order by a) as n from t",
    "select a from t join u using (id)",
    "select distinct a from t",
    "select a from t order by a limit 1",
    "select a from t where a > 1",
    "select a from t where a = b",
    "select a from t where a = 1 or b = 1",
    "select a from t group by a",
    "select a from t union select a from u",
    "select a from (select b + 1 as a from t) as s",
    "with s as (select case when a = 1 then b end as c from t) select * from s",
]


def test_every_model_with_logic_has_a_unit_test(built: Built) -> None:
    """Logic is told mechanically, from the compiled SQL: see `logic`."""
    manifest = load_manifest(built)
    tested = {test["depends_on"]["nodes"][0] for test in manifest["unit_tests"].values()}
    untested = {
        model["name"]: found
        for model in nodes_of(manifest, "model")
        if model["unique_id"] not in tested and (found := logic(parse(model["compiled_code"])))
    }
    assert untested == {}


def test_staging_only_filters(built: Built) -> None:
    models = [model for model in nodes_of(load_manifest(built), "model") if model["name"].startswith("stg_")]
    assert models
    assert {model["name"]: found for model in models if (found := logic(parse(model["compiled_code"])))} == {}


@pytest.mark.parametrize("sql", PLAIN)
def test_passing_rows_on_is_no_logic(sql: str) -> None:
    assert logic(parse(sql)) == []


@pytest.mark.parametrize("sql", LOGICAL)
def test_all_else_is_logic(sql: str) -> None:
    assert logic(parse(sql))
