"""What the page shows equals independent SQL on the published marts."""

from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow.compute as pc
import pytest

from dashboard.components import tables
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Grain, Period
from dashboard.queries import figures, overview
from dashboard.requests import Query

CHOICES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "all": ((), ()),
    "a region": (("Northern Europe",), ()),
    "two categories": ((), ("Kitchen", "Textiles")),
    "both": (("Northern Europe", "Western Europe"), ("Kitchen",)),
}
EXACT = 0.0049  # Half a cent: sums of money agree to the cent.


def rows(marts: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return marts.execute(sql, list(values)).fetchall()


def ledger(
    marts: duckdb.DuckDBPyConnection, period: Period, regions: tuple[str, ...], categories: tuple[str, ...]
) -> tuple[float, int, float | None, float | None, int]:
    """The tiles' numbers straight from the marts."""
    chosen = (regions, regions, categories, categories)
    where = "(len(?) = 0 or list_contains(?, region)) and (len(?) = 0 or list_contains(?, category))"
    values = [list(value) for value in chosen]
    [(sales, uncosted, cost, orders, new)] = rows(
        marts,
        f"""
        select
            coalesce(sum(sales_usd), 0),
            coalesce(sum(uncosted_sales_usd), 0),
            coalesce(sum(cost_of_goods_usd), 0),
            count(distinct order_id) filter (not is_cancelled),
            count(distinct customer_id) filter (is_first_order)
        from marts.fct_order_items where order_date between ? and ? and {where}
        """,
        period.start,
        period.end,
        *values,
    )
    [(refunds, uncosted_refunds)] = rows(
        marts,
        f"""
        select coalesce(sum(refund_usd), 0), coalesce(sum(uncosted_refund_usd), 0)
        from marts.fct_refunds where refund_date between ? and ? and {where}
        """,
        period.start,
        period.end,
        *values,
    )
    costed = float(sales - refunds - uncosted + uncosted_refunds)
    return (
        float(sales - refunds),
        orders,
        float(sales) / orders if orders else None,
        (costed - float(cost)) / costed if costed else None,
        new,
    )


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("preset", PRESETS)
def test_tiles_equal_the_ledger(
    served: Served, marts: duckdb.DuckDBPyConnection, preset: str, choice: str
) -> None:
    regions, categories = CHOICES[choice]
    period = PRESETS[preset](served.data).within(served.data)
    sales = overview.read(served, Filters(period, Grain.MONTH, {"region": regions, "category": categories}))
    for shown, days in ((sales.now, period), (sales.then, sales.before)):
        if days:
            expected = ledger(marts, days, regions, categories)
            for name, value in zip(overview.METRICS, expected, strict=True):
                assert shown[name] == (
                    None if value is None else pytest.approx(value, abs=EXACT, rel=1e-12)
                ), name


def test_the_data_ends_with_the_last_order(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    [(first, last)] = rows(
        marts, "select min(order_date), max(order_date) from marts.fct_order_items where not is_cancelled"
    )
    assert served.data == Period(first, last)


@pytest.mark.parametrize("grain", Grain)
def test_the_trend_equals_the_ledger(served: Served, marts: duckdb.DuckDBPyConnection, grain: Grain) -> None:
    period = Period(date(2026, 1, 20), date(2026, 6, 10))
    regions, categories = (), ("Kitchen", "Decor")
    sales = overview.read(served, Filters(period, grain, {"region": regions, "category": categories}))
    table = overview.trend_table(sales).to_pylist()
    assert len(table) == len(sales.parts)
    for part, row in zip(sales.parts, table, strict=True):
        assert row["part"].split("|")[0] == part.whole.start.isoformat()
        assert row["net_sales"] == pytest.approx(ledger(marts, part.days, regions, categories)[0], abs=EXACT)
        year_before = Period(grain.year_before(part.days.start), grain.year_before(part.days.end))
        assert row["year_before"] == pytest.approx(
            ledger(marts, year_before, regions, categories)[0], abs=EXACT
        )
        [(target,)] = rows(
            marts,
            "select sum(target_net_sales_usd) from marts.fct_sales_targets"
            " where target_date between ? and ? and list_contains(?, category)",
            part.days.start,
            part.days.end,
            list(categories),
        )
        assert row["target"] == pytest.approx(float(target), abs=EXACT)


def test_the_axis_names_a_year_where_it_is_new() -> None:
    starts = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert figures.axis_labels(starts, Grain.MONTH) == ["Nov 2025", "Dec", "Jan 2026", "Feb"]
    assert figures.axis_labels([date(2025, 12, 29), date(2026, 1, 5)], Grain.WEEK) == [
        "29 Dec 2025",
        "5 Jan 2026",
    ]
    assert figures.axis_labels([date(2026, 1, 1), date(2026, 4, 1)], Grain.QUARTER) == ["Q1 2026", "Q2 2026"]
    days = [date(2025, 12, 15) + timedelta(days=number) for number in range(30)]
    assert figures.axis_labels(days, Grain.DAY)[:2] == ["15 Dec 2025", "16 Dec 2025"]
    assert figures.axis_labels(days, Grain.DAY)[-1] == "13 Jan 2026"
    assert figures.axis_labels(days[:14], Grain.DAY)[-1] == "28 Dec"


@pytest.mark.parametrize("name", ["category", "region"])
def test_bars_equal_the_ledger_and_are_sorted(
    served: Served, marts: duckdb.DuckDBPyConnection, name: str
) -> None:
    period = Period(date(2026, 1, 1), date(2026, 6, 30))
    sales = overview.read(served, Filters(period, Grain.MONTH))
    bars = overview.breakdown_table(sales, name).to_pylist()
    amounts = [bar["net_sales"] for bar in bars]
    assert amounts == sorted(amounts, reverse=True)
    assert {bar[name] for bar in bars} >= {
        value
        for (value,) in rows(
            marts, f"select distinct {name} from marts.fct_order_items where order_date >= ?", period.start
        )
    }
    for bar in bars:
        chosen = {"region": (), "category": (), name: (bar[name],)}
        expected = ledger(marts, period, chosen["region"], chosen["category"])[0]
        assert bar["net_sales"] == pytest.approx(expected, abs=EXACT)
        earlier = ledger(marts, period.before(), chosen["region"], chosen["category"])[0]
        assert bar["before"] == pytest.approx(earlier, abs=EXACT)
    assert sum(amounts) == pytest.approx(sales.now["net_sales"], abs=EXACT)


def test_a_choice_keeps_the_other_bars_but_not_their_emphasis(served: Served) -> None:
    chosen = {"category": ("Decor", "Kitchen")}
    sales = overview.read(served, Filters(served.data, Grain.MONTH, chosen))
    bars = overview.breakdown_table(sales, "category").to_pylist()
    assert len(bars) > 2
    assert {bar["category"] for bar in bars if bar["is_chosen"]} == {*chosen["category"]}
    assert all(bar["is_chosen"] for bar in overview.breakdown_table(sales, "region").to_pylist())


def test_without_earlier_data_nothing_is_compared(served: Served) -> None:
    sales = overview.read(served, Filters(served.data, Grain.QUARTER))
    assert sales.before is None
    assert all(tile.change is None for tile in figures.tiles_of(served, sales, overview.TILES))
    assert sales.year_before[:4] == [None] * 4
    assert all(sales.year_before[4:])


def test_a_region_has_no_target_and_the_page_says_so(served: Served) -> None:
    sales = overview.read(served, Filters(served.data, Grain.MONTH, {"region": ("Northern Europe",)}))
    assert not any(sales.targets)
    assert "Targets are set by category" in overview.trend_subtitle(sales)
    assert "target_usd" not in overview.numbers_table(sales).column_names


@pytest.mark.parametrize(
    "chosen",
    [
        {"channel": ("Email", "In store"), "category": ("Kitchen",)},
        {"store": ("Larkspur London",), "segment": ("champions", "loyal")},
        {"product": ("Heath Dining Table",)},
    ],
    ids=str,
)
def test_the_rows_behind_a_figure_add_up_to_it(served: Served, chosen: dict[str, tuple[str, ...]]) -> None:
    query = Query(("net_sales",), served.data, (), tuple(chosen.items()))
    sums = []
    for behind, column in zip(served.behind("net_sales"), ("sales_usd", "refund_usd"), strict=True):
        rows = behind.rows(query.period, query.selection)
        found = served.read(rows.all(), rows.values)
        assert served.read(rows.all(3), rows.values) == found.slice(0, 3)
        assert served.read(rows.count, rows.values)["row_count"].to_pylist() == [len(found)]
        sums.append(float(pc.sum(found[column]).as_py() or 0))
    [row] = served.run(query).to_pylist()
    assert row["net_sales"] == pytest.approx(sums[0] - sums[1], abs=EXACT)
    assert sums[0] > 0


def test_the_csv_holds_the_table(served: Served) -> None:
    sales = overview.read(served, Filters(Period(date(2026, 5, 4), date(2026, 6, 30)), Grain.MONTH))
    lines = tables.csv(overview.numbers_table(sales)).decode().splitlines()
    assert lines[0] == (
        '"from","days","net_sales_usd","year_before_usd","target_usd","target_attainment","orders",'
        '"average_order_value_usd","gross_margin_rate","new_customers"'
    )
    assert lines[1].startswith('2026-05-04,"28 of 31",')
    assert lines[2].startswith('2026-06-01,"30 of 30",')
    assert len(lines) == 3
