"""Products of the sales page: the few that make most, prices and margins; their edges."""

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from dashboard.metrics import Served
from dashboard.queries import products
from dashboard.queries.sales import Ledger
from tests.dashboard.sales_marts import CHOICES, EXACT, PERIOD, read, totals, without


@pytest.fixture(params=CHOICES)
def chosen(request: pytest.FixtureRequest) -> dict[str, tuple[str, ...]]:
    return CHOICES[request.param]


def test_products_equal_the_marts(
    served: Served, marts: duckdb.DuckDBPyConnection, chosen: dict[str, tuple[str, ...]]
) -> None:
    ledger = read(served, chosen)
    expected = totals(marts, PERIOD, without(chosen, "product"), "product")
    expected = {name: row for name, row in expected.items() if row["units"] or row["sales"] or row["refunds"]}
    rows = products.pareto_table(ledger).to_pylist()
    assert [row["product"] for row in rows] == sorted(
        expected, key=lambda name: (-expected[name]["net"], name)
    )
    total, reached = sum(row["net"] for row in expected.values()), Decimal(0)
    for row in rows:
        own = expected[row["product"]]
        reached += own["net"]
        assert row["amount"] == pytest.approx(float(own["net"]), abs=EXACT)
        assert row["share_words"] == f"{float(reached / total) * 100:.1f}%"
        assert row["units_words"] == f"{own['units']:,}"
        assert row["is_chosen"] == (row["product"] in chosen.get("product", (row["product"],)))


def test_the_few_that_make_most_are_as_few_as_can_be(
    served: Served, marts: duckdb.DuckDBPyConnection
) -> None:
    ledger = read(served)
    amounts = sorted((row["net"] for row in totals(marts, PERIOD, {}, "product").values()), reverse=True)
    count = next(
        count for count in range(1, len(amounts)) if sum(amounts[:count]) >= Decimal("0.8") * sum(amounts)
    )
    few = products.few(ledger)
    assert few.count == count
    assert products.pareto_title(ledger).startswith(f"{count} of {few.products} products make 80%")
    marked = [
        place for place, row in enumerate(products.pareto_table(ledger).to_pylist(), 1) if row["is_last"]
    ]
    assert marked == [count]
    drawn = products.curve_tables(ledger)
    assert drawn["rows"].to_pylist()[0]["rank"] == count
    assert drawn["numbers"]["share"].to_pylist()[0] == 0.0
    assert drawn["numbers"]["share"].to_pylist()[-1] == pytest.approx(1.0)


def with_products(ledger: Ledger, *amounts: float) -> Ledger:
    """The ledger with products of these net sales, a unit of each sold at 10 dollars, its margin 40%."""
    row = {
        "units": 1.0,
        "sales": 10.0,
        "average_price": 10.0,
        "uncosted_sales": 0.0,
        "costed_net_sales": 10.0,
        "gross_margin_rate": 0.4,
    }
    found = {f"Product {place}": {**row, "net_sales": amount} for place, amount in enumerate(amounts)}
    return replace(ledger, by_product=found)


@pytest.mark.parametrize(
    ("amounts", "title", "shares"),
    [
        ((50.0,), "One product makes all net sales", ["100.0%"]),
        ((80.0, 20.0), "1 of 2 products makes 80% of net sales", ["80.0%", "100.0%"]),
        ((50.1, 29.9, 20.0), "2 of 3 products make 80% of net sales", ["50.1%", "80.0%", "100.0%"]),
        ((60.0, 60.0, -20.0), "2 of 3 products make 80% of net sales", ["60.0%", "120.0%", "100.0%"]),
        ((10.0, -10.0), "Net sales by product", ["\u2013", "\u2013"]),
        ((-5.0, -10.0), "Net sales by product", ["\u2013", "\u2013"]),
    ],
    ids=str,
)
def test_few_products_or_none(
    served: Served, amounts: tuple[float, ...], title: str, shares: list[str]
) -> None:
    ledger = with_products(read(served), *amounts)
    assert products.pareto_title(ledger) == title
    assert products.pareto_table(ledger)["share_words"].to_pylist() == shares
    subtitle = products.pareto_subtitle(ledger, products.pareto_table(ledger))
    assert ("no share is shown" in subtitle) == (title == "Net sales by product")


def test_what_stands_below_the_line_is_counted(served: Served) -> None:
    ledger = with_products(read(served), *[160.0] * 20, *[40.0] * 20)
    numbers = products.pareto_table(ledger)
    assert " Below the dashed line come the other 20." in products.pareto_subtitle(ledger, numbers)
    listed = products.first_listed(numbers)
    assert " Below the dashed line come 5 of the other 20." in products.pareto_subtitle(ledger, listed)
    even = with_products(ledger, *[10.0] * 40)
    listed = products.first_listed(products.pareto_table(even))
    assert "dashed" not in products.pareto_subtitle(even, listed)


def test_prices_and_margins_equal_the_marts(
    served: Served, marts: duckdb.DuckDBPyConnection, chosen: dict[str, tuple[str, ...]]
) -> None:
    ledger = read(served, chosen)
    expected = totals(marts, PERIOD, without(chosen, "product"), "product")
    drawn = {
        name
        for name, row in expected.items()
        if row["units"] > 0 and row["net"] > 0 and row["costed"] > 0 and row["margin"] >= -row["costed"]
    }
    tables = products.scatter_tables(ledger)
    circles = tables["numbers"].to_pylist()
    assert {circle["product"] for circle in circles} == drawn
    for circle in circles:
        own = expected[circle["product"]]
        assert circle["price"] == pytest.approx(float(own["sales"] / own["units"]))
        assert circle["rate"] == pytest.approx(float(own["margin"] / own["costed"]))
        assert circle["amount"] == pytest.approx(float(own["net"]), abs=EXACT)
        has_unknown = own["uncosted"] > 0
        assert circle["uncosted_words"] == (f"${own['uncosted']:,.2f}" if has_unknown else "none")
    uncosted = [row for row in expected.values() if row["uncosted"] > 0 and row["costed"] == 0]
    words = f"{len(uncosted)} of unknown cost"
    assert (words in products.left_out_words(ledger)) == bool(uncosted)
    [line] = tables["rows"].to_pylist()
    assert line["rate"] == ledger.now["gross_margin_rate"]
    assert line["price"] < min(circle["price"] for circle in circles)
    assert line["price_end"] > max(circle["price"] for circle in circles)


def test_what_cannot_be_drawn_is_left_out_and_said(served: Served) -> None:
    ledger = with_products(read(served), 10.0, 9.0, 8.0, -1.0, 7.0)
    rows = [*ledger.by_product.values()]
    rows[1].update(uncosted_sales=10.0, costed_net_sales=0.0, gross_margin_rate=None)
    rows[2].update(units=0.0, sales=0.0, average_price=None)
    rows[4].update(gross_margin_rate=-25.0)
    assert products.scatter_tables(ledger)["numbers"]["product"].to_pylist() == ["Product 0"]
    assert products.left_out_words(ledger) == (
        "Not drawn: 1 of unknown cost ($9 of net sales), "
        "3 of which nothing, or next to nothing, is left after refunds."
    )
    assert products.left_out_words(with_products(ledger, 10.0)) == ""
    nothing = replace(ledger, by_product={"Product 1": rows[1]})
    assert not len(products.scatter_tables(nothing)["numbers"])
    assert not len(products.scatter_tables(nothing)["rows"])
    assert products.scatter_sentence(nothing) == ""


def test_names_stand_beside_circles_that_are_apart(served: Served) -> None:
    ledger = with_products(read(served), 30.0, 20.0, 10.0, 5.0)
    rows = [*ledger.by_product.values()]
    rows[1]["gross_margin_rate"] = 0.1
    rows[2].update(sales=10.1, gross_margin_rate=0.41)
    rows[3]["sales"] = 1000.0
    titles = products.scatter_tables(ledger)["numbers"]["title"].to_pylist()
    assert titles == ["Product 0", "Product 1", None, None]
