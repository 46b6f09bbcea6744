"""What is marked personal in the sources stops at staging: by the marks, by lineage, and in the data."""

import json
import re
from collections.abc import Iterable, Mapping

import duckdb
import pytest

from tests.conftest import Built
from tests.standards.project import Node, load_catalog, load_manifest, nodes_of
from tests.standards.sql_trees import parse, stained

MASK = "***"
MASKED = ("fct_rejected_records", "masked_record")


def marked(table: Node) -> set[str]:
    """The columns of a table that its YAML marks as personal."""
    return {
        column["name"] for column in table["columns"].values() if column["config"]["meta"].get("personal")
    }


def personal_sources(manifest: Node) -> dict[tuple[str, str], set[str]]:
    """The personal columns of the raw tables, by source and table."""
    return {
        (source["source_name"], source["name"]): columns
        for source in manifest["sources"].values()
        if (columns := marked(source))
    }


def carriers(manifest: Node, columns: Mapping[str, Mapping[str, str]]) -> dict[str, set[str]]:
    """The columns of each model, seed and snapshot that carry personal values, by lineage: node id → names.

    A seed that fills a raw table carries what the table does.
    """
    found = {source["unique_id"]: marked(source) for source in manifest["sources"].values()}
    relations = {source["relation_name"]: source["unique_id"] for source in manifest["sources"].values()}
    for seed in nodes_of(manifest, "seed"):
        found[seed["unique_id"]] = found.get(relations.get(seed["relation_name"], ""), set())
    waiting = list(nodes_of(manifest, "model", "snapshot"))
    while waiting:
        node = waiting.pop(0)
        parents = node["depends_on"]["nodes"]
        if not set(parents) <= set(found):
            waiting.append(node)
            continue
        stains = set().union(*(found[parent] for parent in parents))
        passed = stained(parse(node["compiled_code"]), stains) if stains else set()
        found[node["unique_id"]] = passed & set(columns[node["unique_id"]])
    return found


def test_something_is_marked(built: Built) -> None:
    assert personal_sources(load_manifest(built))[("shop", "customers")] == {"email", "full_name"}


def test_the_mark_goes_with_the_value(built: Built) -> None:
    manifest = load_manifest(built)
    found = carriers(manifest, load_catalog(built))
    tables = list(nodes_of(manifest, "model", "seed", "snapshot"))
    wrong = {
        table["name"]: sorted(marked(table) ^ found[table["unique_id"]])
        for table in tables
        if marked(table) ^ found[table["unique_id"]] and table["schema"] != "marts"
    }
    assert wrong == {}


def test_no_mart_carries_a_personal_value_but_masked(built: Built) -> None:
    manifest = load_manifest(built)
    found = carriers(manifest, load_catalog(built))
    marts = [model for model in nodes_of(manifest, "model") if model["schema"] == "marts"]
    assert {(mart["name"], name) for mart in marts for name in found[mart["unique_id"]]} == {MASKED}
    assert [mart["name"] for mart in marts if marked(mart)] == []


@pytest.mark.parametrize(
    ("sql", "carrying"),
    [
        ("select lower(trim(email)) as contact from t", {"contact"}),
        (
            "with a as (select email as e from t), b as (select e || '!' as f from a) select * from b",
            {"e", "f"},
        ),
        ("select case when x then email end as y, coalesce(z, email) as z from t", {"y", "z"}),
        ("select cast(json_object('email', email) as varchar) as record from t", {"record"}),
        ("select lag(email) over (order by id) as previous, max(email) as top from t", {"previous", "top"}),
        ("select id, name from a union all select id, email from t", {"name"}),
        ("select (select max(email) from t) as found", {"found"}),
        ("select md5(email) as k, email is null as m, email = 'x' as n, count(email) as c from t", set()),
        ("select row_number() over (partition by email order by email) as n from t where email <> ''", set()),
        ("select case when email is null then 'none' end as reason from t", set()),
    ],
)
def test_lineage_follows_values(sql: str, carrying: set[str]) -> None:
    assert stained(parse(sql), {"email"}) - {"email"} == carrying


def text_columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Every text column of the connected database: (`schema.table`, column)."""
    return connection.execute(
        "select concat_ws('.', table_schema, table_name), column_name from information_schema.columns "
        "where data_type = 'VARCHAR' and table_catalog = current_database() order by all"
    ).fetchall()


def leaks(connection: duckdb.DuckDBPyConnection, personal: Iterable[str]) -> list[str]:
    """The text columns that hold a personal value, alone or within a longer text, in any case.

    Within a text, only values with a space or an `@` are looked for: a single short word may be anything.
    """
    connection.execute(
        "create temp table personal as select unnest(cast(? as varchar[])) as value", [list(personal)]
    )
    found = []
    for table, column in text_columns(connection):
        sql = f"""
            with texts as (select distinct lower(trim("{column}")) as text from {table})
            select text from texts where text in (select value from personal)
            union all
            select texts.text
            from texts
            inner join personal
                on regexp_matches(personal.value, '[ @]') and contains(texts.text, personal.value)
            where regexp_matches(texts.text, '[ @]')
            limit 1
        """
        if connection.execute(sql).fetchall():
            found.append(f"{table}.{column}")
    connection.execute("drop table personal")
    return found


def personal_values(built: Built) -> set[str]:
    """The personal values that were delivered, in lower case and without the spaces around them."""
    values: set[str] = set()
    with duckdb.connect(str(built.database), read_only=True) as connection:
        for (_, table), columns in personal_sources(load_manifest(built)).items():
            for column in columns:
                rows = connection.execute(
                    f"select distinct lower(trim({column})) from raw.{table}"
                ).fetchall()
                values |= {value for (value,) in rows if value and value != "n/a"}
    return values


def test_no_personal_value_is_published(built: Built) -> None:
    values = personal_values(built)
    assert len(values) > 1000
    with duckdb.connect(str(built.published.database), read_only=True) as connection:
        assert len(text_columns(connection)) > 20
        assert leaks(connection, values) == []


def test_the_search_for_personal_values_finds_them(built: Built) -> None:
    values = personal_values(built)
    with duckdb.connect(str(built.database), read_only=True) as connection:
        found = leaks(connection, values)
    assert {
        "raw.customers.email",
        "raw.customers.full_name",
        "staging.base_shop__customers.source_record",
    } <= set(found)


@pytest.mark.parametrize(
    "text", ["Ann Example", "  ANN EXAMPLE ", '{"name":"Ann Example"}', "to ann@example.org", "cher"]
)
def test_a_planted_personal_value_is_found(text: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as select cast(? as varchar) as remark, 'Leeds' as city", [text])
        assert leaks(connection, ["ann example", "ann@example.org", "cher"]) == ["main.t.remark"]


def masking_errors(
    original: Mapping[str, str | None], masked: Mapping[str, str | None], personal: set[str]
) -> list[str]:
    """The fields that are wrong: personal ones with a value are to be masked, all others as before."""
    wanted = {
        field: MASK if field in personal and value is not None else value for field, value in original.items()
    }
    return sorted(
        field for field in wanted.keys() | masked.keys() if wanted.get(field, "") != masked.get(field, "")
    )


def test_rejected_records_mask_exactly_the_personal_columns(built: Built) -> None:
    personal = personal_sources(load_manifest(built))
    with duckdb.connect(str(built.database), read_only=True) as connection:
        rows = connection.execute(
            """
            select mart.source_system, mart.source_table, quarantine.source_record, mart.masked_record
            from marts.fct_rejected_records as mart
            inner join (
                select record_key, source_record from quarantine.int_reference_records_rejected
                union all
                select record_key, source_record from quarantine.int_order_records_rejected
            ) as quarantine on mart.record_key = quarantine.record_key
            """
        ).fetchall()
    masked_tables = {(system, table) for system, table, _, masked in rows if f'"{MASK}"' in masked}
    assert masked_tables == set(personal)
    wrong = [
        (system, table, errors)
        for system, table, original, masked in rows
        if (
            errors := masking_errors(
                json.loads(original), json.loads(masked), personal.get((system, table), set())
            )
        )
    ]
    assert wrong == []


def test_the_masked_fields_are_those_marked(built: Built) -> None:
    manifest = load_manifest(built)
    code = manifest["nodes"]["model.larkspur.fct_rejected_records"]["raw_code"]
    calls = re.findall(r"mask_json\('source_record', \[([^\]]*)\]\)", code)
    fields = {field for call in calls for field in re.findall(r"'(\w+)'", call)}
    assert fields == set().union(*personal_sources(manifest).values())


@pytest.mark.parametrize(
    ("masked", "errors"),
    [
        ({"email": MASK, "city": "Leeds", "name": None}, []),
        ({"email": "ann@example.org", "city": "Leeds", "name": None}, ["email"]),
        ({"email": MASK, "city": MASK, "name": None}, ["city"]),
        ({"email": MASK, "name": None}, ["city"]),
        ({"email": MASK, "city": "Leeds", "name": MASK}, ["name"]),
    ],
)
def test_wrong_masking_is_found(masked: dict[str, str | None], errors: list[str]) -> None:
    original = {"email": "ann@example.org", "city": "Leeds", "name": None}
    assert masking_errors(original, masked, {"email", "name"}) == errors
