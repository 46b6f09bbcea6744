"""The experiments' macros: numbers in words, and declarations of metrics that cannot be computed."""

import json
from pathlib import Path

import duckdb
import pytest

from tests.commands import run

TEMPLATES = {
    "percent": "{{ percent_text('x') }}",
    "p": "{{ p_value_text('x') }}",
    "share": "{{ metric_value_text('x', \"'share'\") }}",
    "number": "{{ metric_value_text('x', \"'number'\") }}",
    "usd": "{{ metric_value_text('x', \"'usd'\") }}",
    "count": "{{ count_text('x') }}",
    "probability": "{{ not_above_one('x') }}",
    "sentence": "{{ sentence([\"It's \", 'cast(x as varchar)', '.']) }}",
}
SOUND = {"name": "orders", "label": "Orders", "kind": "mean", "numerator": "orders"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("percent", 0.12345, "12.3%"),
        ("percent", -0.05, "−5.0%"),
        ("percent", 1e7, None),
        ("percent", None, None),
        ("p", 0.0123, "p = 0.0123"),
        ("p", 0.00009, "p < 0.0001"),
        ("p", 0.0, "p < 0.0001"),
        ("p", 1.0, "p = 1.0000"),
        ("p", None, None),
        ("share", 0.5, "50.0%"),
        ("number", 1.256, "1.26"),
        ("usd", 12.5, "12.50 USD"),
        ("usd", 1e13, None),
        ("count", 1234.0, "1234"),
        ("probability", 0.4, 0.4),
        ("probability", 3.0, 1.0),
        ("probability", None, None),
        ("sentence", 2.5, "It's 2.5."),
        ("sentence", None, None),
    ],
)
def test_numbers_in_words(
    rendered: dict[str, str],
    connection: duckdb.DuckDBPyConnection,
    name: str,
    value: float | None,
    words: object,
) -> None:
    query = f"select {rendered[name]} from (select cast(? as double) as x)"
    assert connection.execute(query, [value]).fetchall() == [(words,)]


def test_a_declaration_that_cannot_be_computed_is_named(tmp_path: Path) -> None:
    faults: dict[str, dict[str, object]] = {
        "is of kind 'median'": {"kind": "median"},
        "measures 'clicks'": {"numerator": "clicks"},
        "a ratio has a denominator": {"kind": "ratio"},
        "only buyers does": {"kind": "proportion"},
        "only a mean is winsorized": {"winsorized_at": 1.5},
        "window_days is a number of days above 0": {"window_days": 0},
        "is in 'eur'": {"unit": "eur"},
        "better is 1 where more is better": {"better": 0},
    }
    declared = [{**SOUND, "name": f"metric_{place}", **fault} for place, fault in enumerate(faults.values())]
    variables = json.dumps({"experiment_metrics": [*declared, {**SOUND, "aliases": ["metric_0"]}]})
    done = run(
        *("dbt", "--quiet", "compile", "--inline", "{{ declared_metric('x') }}", "--vars", variables),
        home=tmp_path,
    )
    assert done.returncode != 0
    for place, words in enumerate(faults):
        [line] = [text for text in done.stdout.splitlines() if words in text]
        assert f"metric_{place}" in line
    assert "names and aliases repeat: metric_0, metric_0, metric_1" in done.stdout
