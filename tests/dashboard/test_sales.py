"""The sales page: its totals, targets, refunds and table equal independent SQL on the published marts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from dashboard.charts.bullets import BANDS
from dashboard.components import tables
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Compare, Grain
from dashboard.queries import overview, refunds, sales
from tests.dashboard.sales_marts import CHOICES, EXACT, NAMED, PERIOD, read, totals


@pytest.fixture(params=CHOICES)
def chosen(request: pytest.FixtureRequest) -> dict[str, tuple[str, ...]]:
    return CHOICES[request.param]


def test_tiles_equal_the_marts(
    served: Served, marts: duckdb.DuckDBPyConnection, chosen: dict[str, tuple[str, ...]]
) -> None:
    ledger = read(served, chosen)
    assert ledger.before == PERIOD.before()
    for now, period in ((ledger.now, PERIOD), (ledger.then, PERIOD.before())):
        [expected] = totals(marts, period, chosen).values()
        for metric, name in {
            "gross_sales": "gross",
            "discounts": "discounts",
            "refunds": "refunds",
            "net_sales": "net",
            "gross_margin": "margin",
            "units": "units",
        }.items():
            assert now[metric] == pytest.approx(float(expected[name]), abs=EXACT), metric
        assert now["gross_margin_rate"] == pytest.approx(float(expected["margin"] / expected["costed"]))
        assert now["refund_rate"] == pytest.approx(float(expected["refunds"] / expected["sales"]))
    assert set(sales.tiles(ledger)) < set(ledger.now)


def test_tiles_say_what_their_shares_are_of(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    tiles = sales.tiles(read(served))
    [expected] = totals(marts, PERIOD, {}).values()
    assert tiles["discounts"].note == f"{expected['discounts'] / expected['gross'] * 100:.1f}% of gross sales"
    assert tiles["refunds"].note == f"{expected['refunds'] / expected['sales'] * 100:.1f}% of sales"
    assert expected["uncosted"] > 0
    rate = expected["margin"] / expected["costed"] * 100
    assert tiles["gross_margin"].note == f"{rate:.1f}% where the cost is known"
    assert tiles["units"].note == f"at ${expected['sales'] / expected['units']:.2f} each"


@pytest.mark.parametrize("choice", ["all", "two categories"])
def test_bullets_equal_the_marts(served: Served, marts: duckdb.DuckDBPyConnection, choice: str) -> None:
    ledger = read(served, CHOICES[choice])
    goals = dict(
        marts.sql(
            "select category, sum(target_net_sales_usd) from marts.fct_sales_targets"
            " where target_date between $first and $last group by 1",
            params={"first": PERIOD.start, "last": PERIOD.end},
        ).fetchall()
    )
    expected = totals(marts, PERIOD, {}, "category")
    rows = sales.bullets_table(ledger).to_pylist()
    assert {row["category"] for row in rows} == expected.keys() | goals.keys()
    assert [row["net_sales"] for row in rows] == sorted((row["net_sales"] for row in rows), reverse=True)
    for row in rows:
        goal = goals.get(row["category"])
        assert row["net_sales"] == pytest.approx(float(expected[row["category"]]["net"]), abs=EXACT)
        assert row["target"] == (None if goal is None else pytest.approx(float(goal), abs=EXACT))
        for band, share in BANDS.items():
            assert row[band] == (None if goal is None else pytest.approx(float(goal) * share))
        assert row["is_chosen"] == (row["category"] in CHOICES[choice].get("category", (row["category"],)))
    reached = sum(expected[name]["net"] >= goal for name, goal in goals.items())
    assert f"{reached} of {len(goals)} reached the target" in sales.bullets_subtitle(ledger)
    assert "its target is cut evenly by day" in sales.bullets_subtitle(ledger)


def test_a_category_without_a_target_has_no_bands_and_says_so(served: Served) -> None:
    rows = {row["category"]: row for row in sales.bullets_table(read(served)).to_pylist()}
    assert rows["Unknown"]["target"] is None
    assert rows["Unknown"]["words"].endswith("no target")
    assert rows["Unknown"]["rest_words"] == "\u2013"


def test_a_target_of_what_was_not_sold_is_shown(served: Served) -> None:
    ledger = read(served)
    goal = sales.Goal(1000.0, 0.0)
    ledger = replace(ledger, by_category={}, target=goal, targets={"Kitchen": goal})
    [row] = sales.bullets_table(ledger).to_pylist()
    assert (row["category"], row["net_sales"], row["words"]) == ("Kitchen", 0.0, "$0 \u00b7 0.0% of $1.00K")
    assert row["rest_words"] == "\u2212$1,000.00"
    assert "0 of 1 reached the target, all sales together 0.0% of $1.00K" in sales.bullets_subtitle(ledger)


def test_all_targets_together_are_reached_as_far_as_the_overview_says(served: Served) -> None:
    chosen = Filters(PERIOD, Grain.MONTH)
    whole = overview.read(served, chosen)
    target, sold = sum(filter(None, whole.targets)), whole.now["net_sales"]
    found = read(served).target
    assert found
    assert found.amount == pytest.approx(target)
    assert found.share == pytest.approx(sold / target)


def test_within_a_region_there_is_no_target_and_the_page_says_why(served: Served) -> None:
    ledger = read(served, CHOICES["a region"])
    assert not ledger.targets
    assert "Targets are set by category, not by region" in sales.bullets_subtitle(ledger)
    rows = sales.bullets_table(ledger).to_pylist()
    assert {row["target"] for row in rows} == {None}
    assert not any("target" in row["words"] for row in rows)


def test_refunds_equal_the_marts_by_reason(
    served: Served, marts: duckdb.DuckDBPyConnection, chosen: dict[str, tuple[str, ...]]
) -> None:
    ledger = read(served, chosen)
    rows = refunds.table(ledger).to_pylist()
    found = []
    for period in (PERIOD, PERIOD.before()):
        where = " and ".join(["refund_usd > 0", *(f"list_contains(${name}, {name})" for name in chosen)])
        values = {name: [*names] for name, names in chosen.items()}
        by_reason = marts.sql(
            NAMED.format(facts="fct_refunds")
            + "select lower(coalesce(refund_reason, 'Not stated')), sum(refund_usd) from named"
            f" where refund_date between $first and $last and {where} group by 1",
            params={**values, "first": period.start, "last": period.end},
        ).fetchall()
        found.append({reason: float(amount) for reason, amount in by_reason})
    now, then = found
    assert {row["refund_reason"].lower() for row in rows} == now.keys() | then.keys()
    for row in rows:
        reason = row["refund_reason"].lower()
        assert row["amount"] == pytest.approx(now.get(reason, 0.0), abs=EXACT)
        assert row["before"] == pytest.approx(then.get(reason, 0.0), abs=EXACT)
        assert row["share_words"] == f"{now.get(reason, 0.0) / sum(now.values()) * 100:.1f}%"
    assert sum(row["amount"] for row in rows) == pytest.approx(ledger.now["refunds"], abs=EXACT)


def test_refunds_without_a_reason_are_not_stated(served: Served) -> None:
    ledger = read(served)
    assert ledger.reasons[sales.NOT_STATED] > 0
    assert "Most for: " in refunds.sentence(ledger)
    nothing = replace(ledger, reasons={}, reasons_then={})
    assert not len(refunds.table(nothing))
    assert refunds.sentence(nothing) == ""


@pytest.mark.parametrize("by", sales.ROWS.options)
def test_the_table_equals_the_marts_to_the_cent(
    served: Served, marts: duckdb.DuckDBPyConnection, by: str
) -> None:
    ledger = read(served, CHOICES["two categories"])
    column = {
        "By period": "cast(date_trunc('month', day) as date)",
        "By category": "category",
        "By product": "product",
    }[by]
    expected = totals(marts, PERIOD, CHOICES["two categories"], column)
    rows = sales.numbers_table(ledger, by).to_pylist()
    assert len(rows) == len(expected)
    for row in rows:
        first = next(iter(row.values()))
        own = expected[first.replace(day=1) if isinstance(first, date) else first]
        for name, total in {
            "gross_sales_usd": "gross",
            "discounts_usd": "discounts",
            "refunds_usd": "refunds",
            "net_sales_usd": "net",
        }.items():
            assert Decimal(str(row[name])) == own[total], name
        assert row["units"] == own["units"]
        if own["costed"]:
            assert Decimal(str(row["gross_margin_usd"])) == own["margin"]
            assert row["gross_margin_rate"] == pytest.approx(float(own["margin"] / own["costed"]))
        else:
            assert row["gross_margin_usd"] is None
    assert ("days" in rows[0]) == (by == "By period")
    assert ("target_usd" in rows[0]) == (by == "By category")
    header = tables.csv(sales.numbers_table(ledger, by)).decode().splitlines()[0]
    assert set(header.replace('"', "").split(",")) <= {"from", "days", *sales.COLUMNS}


def test_the_target_can_be_compared_with(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    ledger = read(served, {"category": ("Kitchen",)}, compare=Compare.TARGET)
    [(goal,)] = marts.sql(
        "select sum(target_net_sales_usd) from marts.fct_sales_targets"
        " where category = 'Kitchen' and target_date between $first and $last",
        params={"first": PERIOD.start, "last": PERIOD.end},
    ).fetchall()
    assert ledger.then == {"net_sales": pytest.approx(float(goal), abs=EXACT)}
    assert ledger.reasons_then == {}
    assert refunds.table(ledger)["before"].null_count == len(ledger.reasons)
