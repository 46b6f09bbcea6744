"""What macros render: documented in full, SQL that the linter can read, and null where there is no result."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from sqlfluff.core import FluffConfig, Linter

from tests.macros.macro_runner import call

ROOT = Path(__file__).parents[2]
MACROS = ROOT / "macros"
FOLDERS = ("statistics", "anomalies", "features")
SIZE = re.compile(r"Renders ([\d,]+) characters\.")
SOURCE = re.compile(r"Sources?: \w|Source as of `(\w+)`")
EXAMPLES: dict[str, object] = {"list[string]": ["a", "b"], "float": 0.3, "integer": 1}
# These only guard against what is no number; nothing is taken from elsewhere.
WITHOUT_SOURCE = {"finite", "root_if_positive", "staged_doubles"}
# Parts of other macros: they read names whose range those have checked.
PARTS = {
    "polynomial",
    "log_one_plus",
    "log_gamma_at",
    "chi_square_upper",
    "student_t_upper",
    "noncentral_t_power",
}
# A MAD that is missing is replaced as one of 0 is.
READS_NULL = {"robust_z"}
GRID = ("0", None, "inf", "-inf", "nan", "1e308", "1e-310", "-1", "1", "0.5")


def described() -> dict[str, dict[str, Any]]:
    """The macros' documentation by name."""
    entries = {}
    for folder in FOLDERS:
        for file in sorted((MACROS / folder).glob("_*.yml")):
            for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["macros"]:
                words = " ".join(entry["description"].split())
                entries[entry["name"]] = {**entry, "description": words, "folder": folder}
    return entries


ENTRIES = described()
SIZED = [name for name, entry in ENTRIES.items() if SIZE.search(entry["description"])]
STATISTICS = [name for name, entry in ENTRIES.items() if entry["folder"] == "statistics"]


def required(entry: dict[str, Any]) -> list[str]:
    """The arguments that a macro cannot do without."""
    files = (MACROS / entry["folder"]).glob("*.sql")
    found = (
        re.search(rf"macro {entry['name']}\(([^)]*)\)", file.read_text(encoding="utf-8")) for file in files
    )
    (header,) = [header[1] for header in found if header]
    return re.findall(r"(\w+)(?=,|$)", re.sub(r"\w+=(\[\]|[^,]*)", "", header))


def example(entry: dict[str, Any]) -> str:
    """A call with what the macro cannot do without: columns of the arguments' own names."""
    names = required(entry)
    arguments = [
        "lower" if argument["name"] == "side" else EXAMPLES.get(argument["type"], argument["name"])
        for argument in entry.get("arguments", [])
        if argument["name"] in names
    ]
    return call(entry["name"], *arguments)


def public() -> list[str]:
    """Macros of statistics that models, analyses, other folders' macros or tests call."""
    places = [ROOT / place for place in ("models", "analyses", "benchmarks", "tests")]
    places += [folder for folder in MACROS.iterdir() if folder.name != "statistics"]
    files = [file for place in places for ending in ("sql", "py") for file in place.rglob(f"*.{ending}")]
    texts = "\n".join(file.read_text(encoding="utf-8") for file in files if file != Path(__file__))
    return [name for name in STATISTICS if re.search(rf"\b{name}\(|\(\"{name}\"", texts)]


def is_expression(name: str) -> bool:
    """Whether a macro gives one number for any numbers."""
    types = {argument["type"] for argument in ENTRIES[name].get("arguments", [])}
    is_query = ENTRIES[name]["description"].startswith(("A query", "Three columns", "Six columns"))
    is_number = types <= {"string", "optional[string]", "float"} and name not in PARTS
    return is_number and not is_query and name not in {"merged_products", "untestable_reason"}


EXPRESSIONS = [name for name in SIZED if is_expression(name)]
TEMPLATES = {name: example(ENTRIES[name]) for name in SIZED}


@pytest.mark.parametrize("name", STATISTICS)
def test_macros_state_their_size(name: str) -> None:
    assert name in SIZED or "depends on its arguments." in ENTRIES[name]["description"]


def test_public_macros_state_their_source() -> None:
    names = public()
    assert len(names) > 30
    sources = {name: SOURCE.search(ENTRIES[name]["description"]) for name in names}
    assert {name for name, source in sources.items() if not source} == WITHOUT_SOURCE
    referred = {source[1] for source in sources.values() if source and source[1]}
    assert [name for name in referred if "Source: " not in ENTRIES[name]["description"]] == []


@pytest.mark.parametrize("name", SIZED)
def test_the_size_is_as_documented(rendered: dict[str, str], name: str) -> None:
    size = SIZE.search(ENTRIES[name]["description"])
    assert size
    assert len(rendered[name]) == int(size[1].replace(",", ""))


@pytest.fixture
def deep_recursion() -> Iterator[None]:
    """The linter calls itself for what is nested: for some macros deeper than the 1,000 calls of Python."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(4_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("deep_recursion")
@pytest.mark.parametrize("name", SIZED)
def test_the_linter_reads_what_is_rendered(rendered: dict[str, str], name: str) -> None:
    sql = rendered[name]
    has_names = re.search(r" as \w+$", sql)
    query = sql if re.match(r"(with|select)\b", sql) else f"select {sql}{'' if has_names else ' as result'}"
    query += "" if query == sql else " from inputs"
    config = FluffConfig.from_path(str(ROOT), overrides={"templater": "raw", "max_parse_depth": 0})
    linter = Linter(config=config)
    assert [str(fault) for fault in linter.parse_string(query + "\n").violations] == []


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_the_result_is_null_or_finite(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, name: str
) -> None:
    """For all combinations of odd numbers; and null where one of them is no number."""
    columns = [column for column in required(ENTRIES[name]) if column != "side"]
    grids = ", ".join(f"(select v as {column} from grid) as grid_{column}" for column in columns)
    lacks = " or ".join(f"{column} is null or isnan({column})" for column in columns)
    connection.execute("create table grid as select cast(unnest(?) as double) as v", [list(GRID)])
    faults = connection.execute(
        f"select * from (select *, {rendered[name]} as result from {grids}) where result is not null"
        f" and (not isfinite(result) or (({lacks}) and {name not in READS_NULL})) limit 5"
    ).fetchall()
    assert faults == []
