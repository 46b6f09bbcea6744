"""What a link asks of the experiments page: a choice that is not there is named, the list can be filtered."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import links
from tests.conftest import Built
from tests.dashboard.conftest import Run, text
from tests.dashboard.experiment_marts import ALL, BROKEN, WIN, experiment_marts
from tests.dashboard.versions import publish_copy

Parameters = Mapping[str, str | list[str]]


@pytest.fixture(scope="module")
def few(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the experiments made by hand."""
    warehouse = tmp_path_factory.mktemp("few")
    publish_copy(built.published, warehouse, "few", experiment_marts(ALL))
    return warehouse


@pytest.fixture(scope="module")
def many(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with eleven experiments, of which one may not be read."""
    warehouse = tmp_path_factory.mktemp("many")
    wins = [replace(WIN, experiment_id=f"W{place:02d}") for place in range(10)]
    publish_copy(built.published, warehouse, "many", experiment_marts([*wins, BROKEN]))
    return warehouse


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"experiment": "X04", "metric": "Happiness"}, "metric `Happiness`, which is not there."),
        ({"experiment": "X04", "arm": "nobody"}, "arm `nobody`, which is not there."),
        ({"experiment": "X01", "arm": "control"}, "arm `control`, which is not there."),
        (
            {"experiment": "X01", "metric": "Happiness", "arm": "nobody"},
            "metric `Happiness` and arm `nobody`, which are not there.",
        ),
        ({"plan": "Happiness"}, "plan `Happiness`, which is not there."),
        ({"verdict": "perhaps"}, "verdict `perhaps`, which is not there."),
        (
            {"power": "120%", "level": "0%"},
            "power `120%` and level `0%`, which are not there.",
        ),
        ({"effect": "abc"}, "effect `abc`, which is not there."),
        ({"baseline": "-1"}, "baseline `-1`, which is not there."),
        ({"baseline": "100.5"}, "baseline `100.5`, which is not there."),
        (
            {"baseline": "nan", "effect": "inf"},
            "baseline `nan` and effect `inf`, which are",
        ),
    ],
    ids=str,
)
def test_what_is_not_there_is_named(open_page: Run, few: Path, parameters: Parameters, words: str) -> None:
    app = open_page("experiments", few, **parameters)
    [line] = app.info
    assert line.value.startswith("The link asked for ")
    assert words in line.value
    app.run()
    assert not app.info, "it is said once"


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"experiment": "X04", "metric": "Refund rate", "arm": "express", "cuped": "true"},
        {"experiment": "X01", "plan": "Happiness", "effect": "abc"},
        {
            "plan": "Net sales per visitor",
            "baseline": "200",
            "effect": "20",
            "traffic": "500",
            "power": "90%",
        },
        {"baseline": "100", "level": "1%"},
        {"metric": "Happiness", "effect": "", "unknown": "x"},
    ],
    ids=str,
)
def test_what_is_there_or_has_no_use_is_not_named(open_page: Run, few: Path, parameters: Parameters) -> None:
    assert not open_page("experiments", few, **parameters).info


def test_a_hostile_choice_is_cut_short() -> None:
    [said] = links.missing({"plan": ["x" * 1000]}, {"plan": ["Conversion"]})
    assert said == f"plan `{'x' * 40}`"


def test_a_share_is_at_most_all(open_page: Run, few: Path) -> None:
    app = open_page("experiments", few, baseline="200", effect="10")
    assert app.number_input(key="baseline").max == 100
    assert app.number_input(key="baseline").value is None
    money = open_page("experiments", few, plan="Net sales per visitor", baseline="200")
    assert money.number_input(key="baseline").value == 200


def offered(app: AppTest) -> list[str]:
    """The buttons that open an experiment."""
    return [button.label for button in app.button if button.label.startswith("Open ")]


def test_a_long_list_is_filtered_by_verdict(open_page: Run, many: Path) -> None:
    app = open_page("experiments", many)
    assert app.selectbox(key="verdict").options == ["All verdicts", "do not read", "ship"]
    assert len(offered(app)) == 11
    app.selectbox(key="verdict").set_value("do not read").run()
    assert not app.exception
    assert offered(app) == ["Open X03"]
    app = open_page("experiments", many, verdict="ship")
    assert not app.info
    assert len(offered(app)) == 10
    assert "11 experiments:" in text(app), "all are counted"
    assert "Plan the next experiment" in text(app)


def test_a_short_list_has_no_filter(open_page: Run, few: Path) -> None:
    app = open_page("experiments", few, verdict="ship")
    assert not [box for box in app.selectbox if box.key == "verdict"]
    assert len(offered(app)) == len(ALL)
