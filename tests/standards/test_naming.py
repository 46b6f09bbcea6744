"""Names of models and columns, files and their shape: the rules of `style`."""

import re
from pathlib import Path

import pytest

from tests.conftest import Built
from tests.standards.naming import column_faults, model_name_faults
from tests.standards.project import files, layer_of, load_catalog, load_manifest, nodes_of, relative

LONGEST_OF_A_FOLDER = 200
LONGEST = 300

# The layers whose columns the rules are for; a type-2 snapshot has dbt's own column names.
NAMED_LAYERS = ("staging", "intermediate", "marts")


def test_columns_are_named_by_their_types(built: Built) -> None:
    catalog = load_catalog(built)
    faults = {
        model["name"]: found
        for model in nodes_of(load_manifest(built), "model")
        if (layer := layer_of(model)) in NAMED_LAYERS
        and (found := column_faults(catalog[model["unique_id"]], layer))
    }
    assert faults == {}


@pytest.mark.parametrize(
    ("name", "kind", "layer"),
    [
        ("ordered", "TIMESTAMP", "staging"),
        ("ordered_date", "TIMESTAMP", "staging"),
        ("ordered_at", "DATE", "staging"),
        ("opened_on", "VARCHAR", "staging"),
        ("target_month", "DATE", "staging"),
        ("active", "BOOLEAN", "intermediate"),
        ("is_active", "VARCHAR", "intermediate"),
        ("price_usd", "DOUBLE", "intermediate"),
        ("order_id", "BIGINT", "intermediate"),
        ("order_key", "HUGEINT", "marts"),
        ("valid_from", "DATE", "marts"),
        ("orders", "BIGINT", "marts"),
        ("order_count", "DOUBLE", "marts"),
        ("refund_rate", "VARCHAR", "marts"),
        ("amount", "DECIMAL(18,2)", "marts"),
    ],
)
def test_a_badly_named_column_is_found(name: str, kind: str, layer: str) -> None:
    assert column_faults({name: kind}, layer) == [f"{name} is a {kind}"]


def test_well_named_columns_pass() -> None:
    columns = {
        "order_id": "VARCHAR",
        "currency_code": "VARCHAR",
        "list_price": "DECIMAL(18,2)",
        "sales_usd": "DECIMAL(18,2)",
        "order_count": "BIGINT",
        "day_of_week": "INTEGER",
        "refund_rate": "DOUBLE",
        "is_sale": "BOOLEAN",
        "date_day": "DATE",
        "week_start_date": "DATE",
        "ordered_at": "TIMESTAMP",
        "valid_to": "TIMESTAMP",
    }
    assert column_faults(columns, "marts") == []
    assert column_faults({"quantity": "BIGINT", "amount": "DECIMAL(18,2)"}, "staging") == []


def test_keys_are_named_as_such(built: Built) -> None:
    """A column tested as unique is a key: surrogate (`_key`), natural (`_id`), or the day of the calendar."""
    tests = nodes_of(load_manifest(built), "test")
    unique = {
        (test["attached_node"].split(".")[-1], test["column_name"])
        for test in tests
        if test.get("test_metadata", {}).get("name") == "unique"
        and test["attached_node"].startswith("model.")
    }
    assert unique
    assert [key for key in sorted(unique) if not re.search("(_key|_id)$|^date_day$", key[1])] == []


def test_models_are_named_by_their_layers(built: Built) -> None:
    manifest = load_manifest(built)
    sources = {f"{source['source_name']}__{source['name']}" for source in manifest["sources"].values()}
    layers = {model["name"]: layer_of(model) for model in nodes_of(manifest, "model")}
    assert [
        fault for name, layer in layers.items() for fault in model_name_faults(name, layer, sources)
    ] == []
    for layer in ("base", "staging"):
        made = {name.split("_", 1)[1] for name, place in layers.items() if place == layer}
        assert made == sources


@pytest.mark.parametrize(
    ("name", "layer", "is_good"),
    [
        ("stg_shop__orders", "staging", True),
        ("stg_shop__order", "staging", False),
        ("stg_orders", "staging", False),
        ("base_shop__orders", "base", True),
        ("base_web__orders", "base", False),
        ("int_orders_priced", "intermediate", True),
        ("int_refunds_spread", "intermediate", True),
        ("int_calendar_days", "intermediate", False),
        ("int_order_priced", "intermediate", False),
        ("dim_customers", "marts", True),
        ("dim_customer", "marts", False),
        ("fct_daily_sales", "marts", True),
        ("fct_order_item", "marts", False),
    ],
)
def test_model_names_are_judged(name: str, layer: str, is_good: bool) -> None:
    assert (model_name_faults(name, layer, {"shop__orders"}) == []) == is_good


def test_each_model_has_a_yaml_file_of_its_name_beside_it(built: Built) -> None:
    models = list(nodes_of(load_manifest(built), "model"))
    wrong = {
        model["name"]: model["patch_path"]
        for model in models
        if model["patch_path"] != f"larkspur://{model['original_file_path'].removesuffix('.sql')}.yml"
    }
    assert wrong == {}


def test_sources_are_declared_in_files_of_their_names(built: Built) -> None:
    sources = load_manifest(built)["sources"].values()
    wrong = {
        source["unique_id"]: path
        for source in sources
        if Path(path := source["original_file_path"]).name != f"_{source['source_name']}__sources.yml"
    }
    assert wrong == {}


def shape_faults(name: str, sql: str) -> list[str]:
    """What differs from the shape of a model.

    `with` alone on its line; CTEs padded with blank lines; the last one named as the model and selected.
    """
    faults = []
    if re.findall(r"^with\b.*$", sql, re.MULTILINE) != ["with"]:
        faults.append("`with` does not stand once, alone on its line")
    ctes = re.findall(r"^(\w+) as \($", sql, re.MULTILINE)
    padded = re.findall(r"\n\n(?:--[^\n]*\n)*\w+ as \(\n\n", sql)
    closed = re.findall(r"\n\n\),?\n", sql)
    if not len(ctes) == len(padded) == len(closed):
        faults.append("a CTE is not padded with blank lines")
    if not ctes or ctes[-1] != name:
        faults.append("its last CTE does not bear its name")
    if not sql.endswith(f"\n)\n\nselect * from {name}\n"):
        faults.append(f"it does not end with `select * from {name}`")
    return faults


def test_models_have_the_shape() -> None:
    models = files("models/**/*.sql")
    assert models
    found = {model.stem: shape_faults(model.stem, model.read_text(encoding="utf-8")) for model in models}
    assert {name: faults for name, faults in found.items() if faults} == {}


GOOD = """with

a as (

    select * from t

),

-- Why.
m as (

    select b from a

)

select * from m
"""


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("with\n\na", "with a"),
        ("(\n\n    select b", "(\n    select b"),
        ("from a\n\n)", "from a\n)"),
        ("m as", "last as"),
        ("select * from m", "select b from m"),
    ],
)
def test_another_shape_is_found(good: str, bad: str) -> None:
    assert shape_faults("m", GOOD) == []
    assert good in GOOD
    assert shape_faults("m", GOOD.replace(good, bad))


def length_faults(lengths: dict[str, int]) -> list[str]:
    """The files that are too long; one that describes a folder (`_…`) is so sooner."""
    return [
        f"{file}: {length} lines"
        for file, length in lengths.items()
        if length > (LONGEST_OF_A_FOLDER if Path(file).name.startswith("_") else LONGEST)
    ]


def test_no_file_has_hundreds_of_lines() -> None:
    found = files(
        "dbt_project.yml", *(f"{folder}/**/*.{kind}" for folder in DBT_FOLDERS for kind in DBT_KINDS)
    )
    lengths = {relative(file): len(file.read_text(encoding="utf-8").splitlines()) for file in found}
    assert len(lengths) > 100
    assert length_faults(lengths) == []


DBT_FOLDERS = ("models", "seeds", "snapshots", "macros", "analyses", "tests/generic", "tests/singular")
DBT_KINDS = ("sql", "yml", "md")


def test_a_long_file_is_found() -> None:
    lengths = {"models/_all.yml": 201, "models/a.yml": 301, "models/_b.yml": 200, "models/c.yml": 300}
    assert length_faults(lengths) == ["models/_all.yml: 201 lines", "models/a.yml: 301 lines"]


def macro_file_faults(macros: dict[str, str], callers: list[str]) -> list[str]:
    """Macros (path → text) that do not stand where one looks for them.

    A file lies in a theme's folder and holds the macro of its name; what stands there besides is that macro's
    variants for single engines, and helpers that no other file calls.
    """
    faults = []
    for path, text in macros.items():
        folder, name = Path(path).parent, Path(path).stem
        if folder.parent.as_posix() != "macros":
            faults.append(f"{path} lies in no theme's folder")
        defined = set(re.findall(r"\{%-?\s*macro\s+(\w+)\(", text))
        if name not in defined:
            faults.append(f"{path} holds no macro {name}")
        others = [*callers, *(other for place, other in macros.items() if place != path)]
        for helper in sorted(defined - {name}):
            called = re.compile(rf"\b{helper.split('__', 1)[-1]}\(")
            if not helper.endswith(f"__{name}") and any(map(called.search, others)):
                faults.append(f"{path} hides {helper}, which other files call")
    return faults


def test_each_macro_has_a_file_of_its_name_in_a_theme_folder() -> None:
    macros = {relative(file): file.read_text(encoding="utf-8") for file in files("macros/**/*.sql")}
    callers = files("models/**/*.sql", "tests/generic/*.sql", "tests/singular/*.sql")
    assert "macros/cleaning/clean_text.sql" in macros
    assert macro_file_faults(macros, [file.read_text(encoding="utf-8") for file in callers]) == []


def test_a_misplaced_macro_is_found() -> None:
    texts = {
        "macros/a.sql": "{% macro a() %}{% endmacro %}",
        "macros/text/b.sql": "{% macro bee() %}{% endmacro %}",
        "macros/text/c.sql": "{% macro c() %}{% macro duckdb__c() %}{%- macro d() %}{% macro f() %}",
        "macros/text/e.sql": "{% macro e() %}{{ d() }}{% endmacro %}{% macro own() %}{% endmacro %}",
    }
    assert macro_file_faults(texts, ["select {{ f() }}"]) == [
        "macros/a.sql lies in no theme's folder",
        "macros/text/b.sql holds no macro b",
        "macros/text/c.sql hides d, which other files call",
        "macros/text/c.sql hides f, which other files call",
    ]
