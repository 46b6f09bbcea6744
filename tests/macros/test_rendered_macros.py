"""What macros render: as long as their documentation says, and SQL that the linter can read."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlfluff.core import FluffConfig, Linter

from tests.macros.macro_runner import call, render

MACROS = Path(__file__).parents[2] / "macros"
DESCRIBED = (
    "statistics/_inference",
    "statistics/_proportions",
    "statistics/_planning",
    "statistics/_drift_and_regression",
    "anomalies/_anomalies",
    "features/_features",
)
SIZE = re.compile(r"Renders ([\d,]+) characters\.")
EXAMPLES: dict[str, object] = {"list[string]": ["a", "b"], "float": 0.3}


def described() -> dict[str, dict[str, Any]]:
    """Documented macros by name, those that state their size."""
    entries = {}
    for name in DESCRIBED:
        text = (MACROS / f"{name}__macros.yml").read_text(encoding="utf-8")
        for entry in yaml.safe_load(text)["macros"]:
            if SIZE.search(" ".join(entry["description"].split())):
                entries[entry["name"]] = {**entry, "folder": name.split("/")[0]}
    return entries


def example(entry: dict[str, Any]) -> str:
    """A call with what the macro cannot do without: columns of the arguments' own names."""
    file = MACROS / entry["folder"] / f"{entry['name']}.sql"
    header = re.search(rf"macro {entry['name']}\(([^)]*)\)", file.read_text(encoding="utf-8"))
    assert header, file
    required = re.findall(r"(\w+)(?=,|$)", re.sub(r"\w+=(\[\]|[^,]*)", "", header[1]))
    arguments = [
        "lower" if argument["name"] == "side" else EXAMPLES.get(argument["type"], argument["name"])
        for argument in entry["arguments"]
        if argument["name"] in required
    ]
    return call(entry["name"], *arguments)


ENTRIES = described()


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    calls = {name: example(entry) for name, entry in ENTRIES.items()}
    return render(calls, tmp_path_factory.mktemp("macros"))


def test_macros_state_their_size() -> None:
    assert len(ENTRIES) > 40


@pytest.mark.parametrize("name", ENTRIES)
def test_the_size_is_as_documented(rendered: dict[str, str], name: str) -> None:
    size = SIZE.search(" ".join(ENTRIES[name]["description"].split()))
    assert size
    assert len(rendered[name]) == int(size[1].replace(",", ""))


@pytest.mark.parametrize("name", ENTRIES)
def test_the_linter_reads_what_is_rendered(rendered: dict[str, str], name: str) -> None:
    sql = rendered[name]
    query = sql if re.match(r"(with|select)\b", sql) else f"select {sql} as result from inputs"
    linter = Linter(config=FluffConfig.from_path(str(MACROS.parent), overrides={"templater": "raw"}))
    assert [str(fault) for fault in linter.parse_string(query + "\n").violations] == []
