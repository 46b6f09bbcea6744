"""What the pages in analyses/ state is what their SQL finds in the published marts.

The interval of the policy's effect holds the true one.
"""

import re
from functools import cache
from typing import Any

import duckdb
import pytest

from tests.commands import ROOT
from tests.conftest import Built

ANALYSES = ROOT / "analyses"
COLUMNS = {
    "free_shipping": {
        1: "weekly_orders_gained",
        2: ("weekly_orders_gained_lower", "weekly_orders_gained_upper"),
        3: "relative_effect",
        4: ("relative_effect_lower", "relative_effect_upper"),
    },
    "price_and_demand": {1: "product_count", 2: "elasticity", 3: ("elasticity_lower", "elasticity_upper")},
}
KEYS = {"free_shipping": "study", "price_and_demand": "category"}


@pytest.fixture(scope="module")
def found(built: Built) -> dict[str, dict[str, dict[str, float]]]:
    """The result of each analysis on the published version, its rows by their keys."""
    results = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{built.published.database}' as larkspur (read_only)")
        for name, key in KEYS.items():
            [sql] = (built.target / "compiled" / "larkspur" / "analyses").glob(f"{name}.sql")
            rows = connection.sql(sql.read_text(encoding="utf-8")).to_arrow_table().to_pylist()
            results[name] = {row.pop(key): row for row in rows}
    return results


@cache
def page(name: str) -> str:
    """The text of an analysis' page, its minus signs as Python reads them."""
    return (ANALYSES / f"{name}.md").read_text(encoding="utf-8").replace("−", "-")


def stated(text: str) -> list[tuple[float, int]]:
    """The numbers of a text, percentages as shares, each with the decimals that it was rounded to."""
    numbers = re.findall(r"(-?\d+(?:\.(\d+))?)( %)?", text)
    return [
        (float(number) / (100 if share else 1), len(decimals) + (2 if share else 0))
        for number, decimals, share in numbers
    ]


def agree(text: str, *values: float) -> None:
    """The text's numbers are these, rounded as it states them."""
    numbers = stated(text)
    assert len(numbers) == len(values), text
    for (number, decimals), value in zip(numbers, values, strict=True):
        assert number == pytest.approx(round(value, decimals), abs=1e-9), (text, value)


def sentence(name: str, pattern: str) -> str:
    """The part of a page that matches, its lines joined."""
    match = re.search(pattern, " ".join(page(name).split()))
    assert match is not None, pattern
    return match.group()


@pytest.mark.parametrize("name", KEYS)
def test_the_pages_table_is_what_was_found(found: dict[str, dict[str, dict[str, float]]], name: str) -> None:
    lines = [line.strip("| ").split(" | ") for line in page(name).splitlines() if line.startswith("| ")]
    rows = {cells[0]: cells for cells in lines[1:]}
    assert list(rows) == list(found[name])
    for key, cells in rows.items():
        for place, columns in COLUMNS[name].items():
            listed = (columns,) if isinstance(columns, str) else columns
            agree(cells[place], *(found[name][key][column] for column in listed))


def test_the_finding_on_free_shipping(found: dict[str, dict[str, dict[str, float]]]) -> None:
    chosen = found["free_shipping"]["against each region, by period"]
    gain = [
        "weekly_orders_gained",
        "weekly_orders_without",
        "weekly_orders_gained_lower",
        "weekly_orders_gained_upper",
    ]
    orders = sentence("free_shipping", r"placed .*? online orders a week more than .*? with a")
    agree(orders, *(chosen[column] for column in gain[:2]))
    interval = sentence("free_shipping", r"from [\d.]+ fewer to [\d.]+ more\.")
    agree(interval, -chosen[gain[2]], chosen[gain[3]])
    share = sentence("free_shipping", r"As a share that is .*? more, from .*? more\.")
    agree(share, chosen["relative_effect"], -chosen["relative_effect_lower"], chosen["relative_effect_upper"])
    agree(sentence("free_shipping", r"those in \d+ comparable"), chosen["region_count"])
    assert chosen["p_value"] > 0.05, "the page says that nothing is proved"
    assert found["free_shipping"]["placebo: half of the time before"]["p_value"] > 0.05


def test_the_true_effect_of_free_shipping_lies_in_the_interval(
    found: dict[str, dict[str, dict[str, float]]], key: dict[str, Any]
) -> None:
    policy = key["policy"]
    assert f"'{policy['region']}'" in (ANALYSES / "free_shipping.sql").read_text(encoding="utf-8")
    assert policy["first_day"] in (ANALYSES / "free_shipping.sql").read_text(encoding="utf-8")
    for study in ("against each region, by period", "against all of them together, by period"):
        row = found["free_shipping"][study]
        assert row["relative_effect_lower"] < policy["effect"] - 1 < row["relative_effect_upper"]


def test_errors_by_the_only_treated_region_are_too_small(
    found: dict[str, dict[str, dict[str, float]]],
) -> None:
    """As the page warns: the same estimate, with less than half the error."""
    by_region, by_period = (
        found["free_shipping"][f"against each region, by {cluster}"] for cluster in ("region", "period")
    )
    assert by_region["weekly_orders_gained"] == pytest.approx(by_period["weekly_orders_gained"])
    margins = [
        row["weekly_orders_gained_upper"] - row["weekly_orders_gained"] for row in (by_region, by_period)
    ]
    assert margins[0] < margins[1] / 2


def test_the_finding_on_prices(found: dict[str, dict[str, dict[str, float]]]) -> None:
    rows = found["price_and_demand"]
    everything = rows["All"]
    bounds = [everything[column] for column in ("elasticity_lower", "elasticity_upper")]
    elasticity = sentence("price_and_demand", r"the elasticity is .*?: a price")
    agree(elasticity.replace("95 %", ""), everything["elasticity"], *bounds)
    words = sentence("price_and_demand", r"a price 5 % higher went with .*? more agrees")
    agree(words, 0.05, -0.05 * everything["elasticity"], -0.05 * bounds[0], 0.05 * bounds[1])
    agree(sentence("price_and_demand", r"all \d+ products"), everything["product_count"])
    assert all(row["adjusted_p_value"] > 0.05 for row in rows.values()), (
        "the page says that nothing was shown"
    )


def test_every_category_is_told_of(built: Built, found: dict[str, dict[str, dict[str, float]]]) -> None:
    with duckdb.connect(str(built.published.database), read_only=True) as connection:
        query = "select distinct category from marts.dim_products where not is_inferred"
        categories = {category for (category,) in connection.execute(query).fetchall()}
    assert set(found["price_and_demand"]) == categories | {"All"}
