"""The customers page: its numbers equal independent SQL, and what is not known yet is not drawn."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from dashboard import metrics
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import PRESETS, Grain, Period, months_later
from dashboard.queries import cohort_charts, cohorts, customers, segments
from dashboard.queries.cohorts import RETENTION, VALUE, Cohorts
from dashboard.queries.customers import TYPES
from dashboard.queries.segments import Lifetimes
from dashboard.requests import Query
from tests.conftest import Built
from tests.dashboard.conftest import Run, text
from tests.dashboard.sales_marts import ORDER_CHANNEL
from tests.dashboard.versions import publish_copy

EXACT = 0.0049  # Half a cent: sums of money agree to the cent.
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "all": {},
    "a region": {"region": ("Northern Europe",)},
    "a store and a category": {"store": ("Larkspur Online",), "category": ("Kitchen", "Textiles")},
    "a type": {"customer_type": ("new",)},
    "a segment": {"segment": ("at risk",)},
    "channels": {"channel": ("Email", "In store")},
}
LEDGER = f"""
    with chosen as (
        select store_id from marts.dim_stores
        where len($store) = 0 or list_contains($store, store_label)
    ),
    rows as (
        select * exclude (segment), segment from (
            select order_date as day, store_id, region, category, customer_type, customer_id, order_id,
                sales_usd as amount, is_cancelled, true as is_order, {ORDER_CHANNEL} as channel
            from marts.fct_order_items as own
            union all
            select refund_date, store_id, region, category, customer_type, customer_id, order_id,
                -refund_usd, true, false, {ORDER_CHANNEL}
            from marts.fct_refunds as own
        )
        left join marts.dim_customer_segments using (customer_id)
    )
    select * from rows where day between $first and $last
        and store_id in (from chosen)
        and (len($region) = 0 or list_contains($region, region))
        and (len($category) = 0 or list_contains($category, category))
        and (len($segment) = 0 or list_contains($segment, segment))
        and (len($channel) = 0 or list_contains($channel, channel))
"""


def filters(served: Served, preset: str = "Last 12 months", **chosen: tuple[str, ...]) -> Filters:
    return Filters(PRESETS[preset](served.data), Grain.MONTH, chosen)


def rows(
    marts: duckdb.DuckDBPyConnection, sql: str, chosen: Filters, days: Period | None = None
) -> list[tuple[Any, ...]]:
    """What a query on `ledger`, the rows within the filters but that of the type, answers."""
    days = days or chosen.period
    values = {name: [*chosen.of(name)] for name in ("store", "region", "category", "segment", "channel")}
    used = {"first": days.start, "last": days.end, **values}
    return marts.execute(f"with ledger as ({LEDGER}) {sql}", used).fetchall()


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("preset", ["Last 28 days", "Last 12 months", "All"])
def test_tiles_equal_the_ledger(
    served: Served, marts: duckdb.DuckDBPyConnection, preset: str, choice: str
) -> None:
    chosen = filters(served, preset, **CHOICES[choice])
    shown = customers.read(served, chosen)
    kinds = [*(chosen.of("customer_type") or TYPES)]
    for values, days in ((shown.now, chosen.period), (shown.then, shown.before)):
        if days is None:
            continue
        [(buyers, new, returning, sold)] = rows(
            marts,
            f"""
            select count(distinct customer_id) filter (is_order and not is_cancelled),
                count(distinct customer_id) filter (is_order and customer_type = 'new' and not is_cancelled),
                count(distinct customer_id)
                    filter (is_order and customer_type = 'returning' and not is_cancelled),
                coalesce(sum(amount), 0)
            from ledger where list_contains({kinds}, customer_type)
            """,
            chosen,
            days,
        )
        assert (values["customers"], values["new_customers"], values["returning_customers"]) == (
            buyers,
            new,
            returning,
        )
        assert values["repeat_rate"] == (pytest.approx(returning / buyers) if buyers else None)
        assert values["net_sales"] == pytest.approx(float(sold), abs=EXACT)


@pytest.mark.parametrize("choice", CHOICES)
def test_new_and_returning_equal_the_ledger(
    served: Served, marts: duckdb.DuckDBPyConnection, choice: str
) -> None:
    chosen = filters(served, "Last 12 months", **CHOICES[choice])
    shown = customers.read(served, chosen)
    found = rows(
        marts,
        """
        select customer_type, date_trunc('month', day)::date, sum(amount),
            count(distinct order_id) filter (is_order and not is_cancelled)
        from ledger group by 1, 2
        """,
        chosen,
    )
    assert found
    for measure, column in (("net_sales", 2), ("orders", 3)):
        expected = {(row[0], row[1]): float(row[column]) for row in found if row[column]}
        drawn = {
            (row["kind"], date.fromisoformat(row["part"][:10])): row["value"]
            for row in customers.mix_tables(shown, measure)["numbers"].to_pylist()
        }
        assert drawn == pytest.approx(expected, abs=EXACT)
    returning = sum(float(row[2]) for row in found if row[0] == "returning")
    assert shown.total("net_sales", "returning") == pytest.approx(returning, abs=EXACT)
    table = customers.numbers_table(shown).to_pylist()
    assert sum(row["net_sales_new_usd"] for row in table) == pytest.approx(
        sum(float(row[2]) for row in found if row[0] == "new"), abs=EXACT
    )


def test_the_types_that_are_not_chosen_are_paler(served: Served) -> None:
    shown = customers.read(served, filters(served, customer_type=("new", "guest")))
    drawn = customers.mix_tables(shown, "orders")["numbers"].to_pylist()
    assert {row["kind"] for row in drawn} == {*TYPES}
    assert {row["kind"] for row in drawn if row["is_chosen"]} == {"new", "guest"}
    assert customers.tiles(shown)["net_sales"].note == ""
    assert "net_sales_returning_usd" not in customers.numbers_table(shown).column_names
    everybody = customers.tiles(customers.read(served, filters(served)))
    assert everybody["net_sales"].note.endswith(" of it from returning customers")
    assert everybody["customers"].note == "Some are both new and returning"
    one_day = Filters(Period(served.data.end, served.data.end), Grain.DAY)
    assert customers.tiles(customers.read(served, one_day))["customers"].note == ""


def test_a_cut_month_is_marked(served: Served) -> None:
    cut = Filters(Period(date(2026, 4, 10), date(2026, 6, 30)), Grain.MONTH)
    shown = customers.read(served, cut)
    drawn = customers.mix_tables(shown, "net_sales")["numbers"].to_pylist()
    assert {row["label"] for row in drawn if not row["is_whole"]} == {"Apr 2026 (from 10 Apr)"}
    assert "Dashed: part of a month." in customers.mix_subtitle(shown, "net_sales")


def expected_cohorts(
    marts: duckdb.DuckDBPyConnection, chosen: Filters, days: Period, first: str, last: str
) -> dict[tuple[date, int], tuple[int, int, float]]:
    """By cohort and months since: the cohort's customers, those who ordered, and net sales so far."""
    found = rows(
        marts,
        f"""
        , bought as (
            select *, date_trunc('month', day)::date as month from ledger where customer_id is not null
        ),
        orders as (select * from bought where is_order and not is_cancelled),
        born as (select customer_id, min(month) as cohort from orders group by 1),
        months as (
            select unnest(generate_series(min(cohort), $last, interval 1 month))::date as month from born
        )
        select cohort, datediff('month', cohort, months.month),
            (select count(*) from born as other where other.cohort = cohorts.cohort),
            (select count(distinct customer_id) from orders join born using (customer_id)
                where born.cohort = cohorts.cohort and orders.month = months.month),
            (select sum(amount) from bought join born using (customer_id)
                where born.cohort = cohorts.cohort and bought.month <= months.month)
        from (select distinct cohort from born) as cohorts
        join months on months.month >= cohorts.cohort
        where cohort between '{first}'::date and '{last}'::date
        """,
        chosen,
        days,
    )
    return {(row[0], row[1]): (row[2], row[3], float(row[4])) for row in found}


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("view", [RETENTION, VALUE])
def test_cohorts_equal_the_orders(
    served: Served, marts: duckdb.DuckDBPyConnection, view: str, choice: str
) -> None:
    chosen = Filters(Period(date(2025, 3, 17), date(2025, 9, 2)), Grain.MONTH, CHOICES[choice])
    found = cohorts.read(served, chosen, view)
    expected = expected_cohorts(marts, chosen, served.data, "2024-10-01", "2025-09-01")
    assert found.words == "October 2024 \u2013 September 2025"
    values = {
        key: (active if view == RETENTION else money) / size
        for key, (size, active, money) in expected.items()
    }
    drawn = cohort_charts.triangle_tables(found)
    cells = {
        (row["cohort"], int(row["place"])): row["detail"]
        for row in drawn["numbers"].to_pylist()
        if row["cohort"] != "All"
    }
    assert cells == {
        (f"{cohort:%b %Y}", month): found.say(value) for (cohort, month), value in values.items()
    }
    for month, measured in found.averages().items():
        reached = [values_of for (_, since), values_of in expected.items() if since == month]
        total = sum(row[1] if view == RETENTION else row[2] for row in reached)
        assert found.measured(measured) == pytest.approx(total / sum(row[0] for row in reached), rel=1e-9)
    lines = cohort_charts.curve_tables(found)["numbers"].to_pylist()
    assert {(row["cohort"], row["month"]): row["value"] for row in lines} == pytest.approx(
        {
            (f"{cohort:%b %Y}", month): value
            for (cohort, month), value in values.items()
            if month or view == VALUE
        },
        rel=1e-9,
    )
    assert drawn["rows"]["size"][0].as_py() == f"{sum(v[0] for k, v in expected.items() if not k[1]):,}"


def test_cohorts_of_everything_are_those_of_the_mart(served: Served) -> None:
    found = cohorts.within(served, ())
    order = [("cohort_month_date", "ascending"), ("month_number", "ascending")]
    mart = served.rows(cohorts.MART).select(found.column_names)
    assert found.sort_by(order).to_pylist() == mart.sort_by(order).to_pylist()


def test_cohorts_within_filters_count_orders_and_mark_the_month_that_is_not_over(
    built: Built, tmp_path: Path
) -> None:
    version = publish_copy(
        built.published,
        tmp_path,
        "1",
        "delete from marts.fct_order_items where order_date > date '2026-06-20';"
        "delete from marts.fct_refunds where refund_date > date '2026-06-20'",
    )
    cut = metrics.serving(tmp_path)
    found = cohorts.within(cut, (("region", ("Northern Europe",)),)).to_pylist()
    with duckdb.connect(str(version.database), read_only=True) as connection:
        expected = connection.execute("""
            with ordered as (
                select customer_id, order_id, date_trunc('month', order_date)::date as month,
                    min(date_trunc('month', order_date)::date) over (partition by customer_id) as cohort
                from marts.fct_order_items
                where region = 'Northern Europe' and customer_id is not null and not is_cancelled
            )
            select cohort, datediff('month', cohort, month), count(distinct order_id), month < '2026-06-01'
            from ordered group by all
        """).fetchall()
    counted = {
        (row["cohort_month_date"], row["month_number"]): (row["order_count"], row["is_complete"])
        for row in found
    }
    assert {key: value for key, value in counted.items() if value[0]} == {
        (cohort, month): (count, is_over) for cohort, month, count, is_over in expected
    }
    ends = {months_later(cohort, month): is_over for (cohort, month), (_, is_over) in counted.items()}
    assert [month for month, is_over in ends.items() if not is_over] == [date(2026, 6, 1)]


def cohort_row(cohort: int, month: int, active: int, **changes: Any) -> dict[str, Any]:
    return {
        "cohort_month_date": date(2026, cohort, 1),
        "month_number": month,
        "cohort_customer_count": 10 * cohort,
        "active_customer_count": active,
        "order_count": active,
        "net_sales_usd": 5,
        "cumulative_net_sales_usd": 100 * (month + 1),
        "is_complete": True,
        **changes,
    }


@pytest.fixture
def small() -> Cohorts:
    """Two cohorts, of 10 and 20 customers; the last month is not over."""
    return Cohorts(
        [
            cohort_row(1, 0, 10),
            cohort_row(1, 1, 0),
            cohort_row(1, 2, 4, is_complete=False),
            cohort_row(2, 0, 20),
            cohort_row(2, 1, 5, is_complete=False),
        ],
        RETENTION,
    )


def test_open_months_are_marked_and_in_no_average(small: Cohorts) -> None:
    cells = cohort_charts.triangle_tables(small)["numbers"].to_pylist()
    assert [(row["cohort"], row["place"]) for row in cells if row["is_open"]] == [
        ("Jan 2026", 2),
        ("Feb 2026", 1),
    ]
    assert [(row["place"], row["words"]) for row in cells if row["cohort"] == "All"] == [
        (0, "100%"),
        (1, "0%"),
    ]
    lines = cohort_charts.curve_tables(small)["numbers"].to_pylist()
    assert [(row["month"], row["whole"]) for row in lines] == [(1, 0.0), (2, None), (1, None)]
    assert "Dashed: a month that is not over" in cohorts.subtitle(small)


def test_what_has_not_come_has_no_cell_and_0_is_a_value(small: Cohorts) -> None:
    cells = cohort_charts.triangle_tables(small)["numbers"].to_pylist()
    of_february = [row["place"] for row in cells if row["cohort"] == "Feb 2026"]
    assert of_february == [0, 1]
    [nobody] = [row for row in cells if row["cohort"] == "Jan 2026" and row["place"] == 1]
    assert (nobody["words"], nobody["strength"]) == ("0%", 0)
    assert nobody["note"] == "0 of 10 customers ordered"


def test_a_single_month_has_no_curve_of_retention() -> None:
    found = Cohorts([cohort_row(1, 0, 10)], RETENTION)
    assert len(cohort_charts.curve_tables(found)["numbers"]) == 0
    assert cohort_charts.in_words(found) == "No month after a first order is over yet."
    assert len(cohort_charts.curve_tables(Cohorts(found.rows, VALUE))["numbers"]) == 1


@pytest.mark.parametrize("choice", ["all", "a region", "a store and a category"])
@pytest.mark.parametrize("segment", [(), ("loyal",), ("champions", "lapsed")], ids=str)
def test_segments_and_concentration_equal_the_orders(
    served: Served, marts: duckdb.DuckDBPyConnection, segment: tuple[str, ...], choice: str
) -> None:
    chosen = filters(served, "Last 12 months", segment=segment, **CHOICES[choice])
    found = segments.read(served, chosen)
    everyone = rows(
        marts,
        """
        select segment, sum(amount) from ledger where customer_id is not null
        group by customer_id, segment having bool_or(is_order and not is_cancelled)
        """,
        filters(served, "Last 12 months", **CHOICES[choice]),
        served.data,
    )
    expected: dict[str, list[float]] = {}
    for name, amount in everyone:
        expected.setdefault(name, []).append(float(amount))
    assert {row["segment"]: (row["customer_count"], row["net_sales_usd"]) for row in found.by_segment} == {
        name: (len(amounts), pytest.approx(sum(amounts), abs=EXACT)) for name, amounts in expected.items()
    }
    amounts = sorted(
        (amount for name, each in expected.items() if not segment or name in segment for amount in each),
        reverse=True,
    )
    assert found.cents.to_pylist() == [round(amount * 100) for amount in amounts]
    top = round(len(amounts) / 10)
    share = sum(amounts[:top]) / sum(amounts)
    assert f"({top:,}) make {share:.1%} of net sales." in segments.concentration_words(found)
    curve = segments.concentration_tables(found)["numbers"].to_pylist()
    assert (curve[0]["customer_rate"], curve[0]["net_sales_rate"]) == (0, 0)
    assert curve[-1]["customer_rate"] == 1
    assert curve[-1]["net_sales_rate"] == pytest.approx(1)
    for point in curve:
        place = round(point["customer_rate"] * len(amounts))
        assert point["net_sales_rate"] == pytest.approx(sum(amounts[:place]) / sum(amounts), rel=1e-9)
    brackets = segments.brackets_table(found).to_pylist()
    assert sum(row["customer_rate"] for row in brackets) == pytest.approx(1)
    assert sum(row["net_sales_rate"] for row in brackets) == pytest.approx(1)


def test_the_concentration_is_that_of_the_mart(served: Served, marts: duckdb.DuckDBPyConnection) -> None:
    found = segments.read(served, filters(served))
    [mark] = segments.concentration_tables(found)["rows"].to_pylist()
    [(rate,)] = marts.execute(
        "select cumulative_net_sales_rate from marts.dim_customer_segments where net_sales_rank_number = ?",
        [round(found.customer_count / 10)],
    ).fetchall()
    assert mark["net_sales_rate"] == pytest.approx(rate, rel=1e-9)


def test_the_segments_table_holds_the_period_within_the_filters(
    served: Served, marts: duckdb.DuckDBPyConnection
) -> None:
    chosen = filters(served, region=("Western Europe",), segment=("loyal", "lapsed"))
    table = segments.numbers_table(served, chosen, segments.read(served, chosen)).to_pylist()
    expected = {
        row[0]: (row[1], pytest.approx(float(row[2]), abs=EXACT))
        for row in rows(
            marts,
            "select segment, count(distinct customer_id) filter (is_order and not is_cancelled),"
            " sum(amount) from ledger group by 1",
            chosen,
        )
    }
    assert expected.keys() == {"loyal", "lapsed"}
    assert {
        row["segment"]: (row["period_customers"], row["period_net_sales_usd"]) for row in table
    } == expected


def test_what_is_sent_back_after_the_last_order_counts_within_filters_too(
    served: Served, built: Built, tmp_path: Path
) -> None:
    publish_copy(
        built.published,
        tmp_path,
        "1",
        "update marts.fct_refunds set refund_date = refund_date + 400 where customer_id is not null",
    )
    late = metrics.serving(tmp_path)
    assert late.data == served.data
    regions = late.run(Query(("units",), late.data, "region"))["region"].to_pylist()
    everywhere = (("region", tuple(regions)),)
    found = {
        row["customer_id"]: row["net_sales_usd"] for row in segments.within(late, everywhere).to_pylist()
    }
    whole = {row["customer_id"]: float(row["net_sales_usd"]) for row in late.rows(segments.MART).to_pylist()}
    assert found == pytest.approx(whole, abs=EXACT)


def test_brackets_hold_amounts_up_to_their_end() -> None:
    amounts = sorted([-500, 0, *[1500] * 20, *[2000] * 20, *[6000] * 20, 90000], reverse=True)
    found = segments.brackets_table(Lifetimes([], pa.array(amounts), ())).to_pylist()
    assert [(row["bracket"], row["customers_words"].split(" ")[0]) for row in found] == [
        ("Nothing or less", "2"),
        ("$10 \u2013 $20", "40"),
        ("More than $50", "21"),
    ]
    assert [
        row["words"] for row in segments.brackets_table(Lifetimes([], pa.array([0]), ())).to_pylist()
    ] == ["100.0% \u00b7 \u2013"]


def test_without_net_sales_there_is_no_share() -> None:
    nothing = Lifetimes(
        [{"segment": "lapsed", "customer_count": 2, "net_sales_usd": -1.0}], pa.array([100, -200]), ()
    )
    assert "there is nothing of which to take a share" in segments.concentration_words(nothing)
    [row] = segments.segments_table(nothing).to_pylist()
    assert (row["customer_rate"], row["net_sales_rate"]) == (1.0, None)


def test_every_segment_has_the_rule_of_the_documentation(built: Built, served: Served) -> None:
    known = segments.rules(built.warehouse, served)
    found = segments.read(served, filters(served))
    assert known.keys() == {row["segment"] for row in found.by_segment}
    assert known["champions"].rule == "R \u2265 4, F \u2265 4 and M \u2265 4"
    assert known["promising"].who == "bought lately, not yet often"
    assert segments.rules_html(found, known).count("<dt>") == len(known)
    assert segments.rules_html(found, {}) == ""


def test_the_tables_are_those_of_their_columns(served: Served) -> None:
    found = cohorts.read(served, filters(served, "All"), RETENTION)
    table = cohorts.numbers_table(found)
    assert len(table) == 300
    assert table.column_names == [*cohorts.COLUMNS]
    first = table.to_pylist()[0]
    assert (first["cohort"], first["month_number"], first["retention_rate"]) == ("2024-07", 0, 1.0)
    assert isinstance(table, pa.Table)


def test_the_page_opens_and_views_are_held_in_the_url(open_page: Run) -> None:
    shown = text(open_page("customers"))
    assert "Net sales by month and customer type" in shown
    assert "Retention by month of the first order" in shown
    app = open_page("customers", cohorts=VALUE, split="Orders", customers_table="Segments")
    assert "Orders by month and customer type" in text(app)
    assert "Net sales per customer over the months after the first order" in text(app)
    assert "The numbers by segment" in text(app)
    assert "The numbers by cohort and month" in text(open_page("customers", customers_table="Cohorts"))
    assert "Retention by month" in text(open_page("customers", cohorts="x'; drop table y"))


def test_filters_divide_the_page_and_say_how(open_page: Run) -> None:
    app = open_page("customers")
    everything = text(app)
    assert "within the filters" not in everything
    app.multiselect(key="region").set_value(["Northern Europe"]).run()
    assert not app.exception
    assert text(app) != everything
    assert "Below, the customers and orders are those within the filters" in text(app)
    assert "Lifetime net sales of customers within the filters" in text(app)
    app.multiselect(key="customer_type").set_value(["new"]).run()
    assert "first orders and later ones count, whatever the customer type" in text(app)


@pytest.fixture
def nobody(built: Built, tmp_path: Path) -> Path:
    """A version in which nobody bought Kitchen lately, and whose last month is not over."""
    publish_copy(
        built.published,
        tmp_path,
        "1",
        "delete from marts.fct_order_items where category = 'Kitchen' and order_date > date '2026-01-01';"
        "delete from marts.fct_refunds where category = 'Kitchen' and refund_date > date '2026-01-01';"
        "update marts.fct_customer_cohorts set is_complete = false where month_start_date = '2026-06-01'",
    )
    return tmp_path


def test_an_empty_selection_is_said_in_words(open_page: Run, nobody: Path) -> None:
    app = open_page("customers", nobody, period="This month", category="Kitchen")
    assert "No orders match these filters" in text(app)
    assert not app.get("vega_lite_chart")


def test_guests_alone_have_no_cohorts(open_page: Run, built: Built, tmp_path: Path) -> None:
    publish_copy(
        built.published,
        tmp_path,
        "1",
        "delete from marts.fct_order_items where customer_id is not null;"
        "delete from marts.fct_refunds where customer_id is not null;"
        "delete from marts.fct_customer_cohorts; delete from marts.dim_customer_segments",
    )
    for view in ("Over time", "Cohorts", "Segments"):
        app = open_page("customers", tmp_path, customers_table=view)
        assert "No customer with an account ordered" in app.caption[0].value
        assert len(app.get("vega_lite_chart")) == 1


def test_months_without_a_first_order_are_said_in_words(open_page: Run, built: Built, tmp_path: Path) -> None:
    publish_copy(
        built.published,
        tmp_path,
        "1",
        "delete from marts.fct_customer_cohorts where cohort_month_date >= date '2025-07-01'",
    )
    shown = text(open_page("customers", tmp_path))
    assert "Nobody ordered for the first time in these months." in shown


def test_a_month_that_is_not_over_is_said(open_page: Run, nobody: Path) -> None:
    assert "Dashed: a month that is not over" in text(open_page("customers", nobody))
