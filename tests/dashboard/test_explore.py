"""Explore: every number against independent SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import pytest

from dashboard.metrics import Served
from dashboard.periods import Period
from dashboard.queries import captions, crossed, drawn, explore
from dashboard.queries.explore import NONE, TIME, Answer
from dashboard.queries.kinds import Kind
from tests.dashboard.explored import PERIOD, question
from tests.dashboard.sales_marts import ORDER_CHANNEL

Values = dict[Any, float | None]


@dataclass(frozen=True)
class Source:
    """A mart, the column of its days, and the SQL of each group-by name."""

    mart: str
    day: str
    names: Mapping[str, str]


def joined(mart: str, key: str, column: str) -> str:
    return f"(select any_value({column}) from marts.{mart} as other where other.{key} = own.{key})"


SHOP = {
    "category": "category",
    "region": "region",
    "customer_type": "customer_type",
    "subcategory": f"coalesce({joined('dim_products', 'product_id', 'subcategory')}, 'Unknown')",
    "product": joined("dim_products", "product_id", "product_label"),
    "store": joined("dim_stores", "store_id", "store_label"),
    "store_type": joined("dim_stores", "store_id", "store_type"),
    "country": f"coalesce({joined('dim_stores', 'store_id', 'country_name')}, 'Unknown')",
    "segment": joined("dim_customer_segments", "customer_id", "segment"),
    "channel": ORDER_CHANNEL,
}
VISIT = {
    "channel": "channel",
    "campaign": "campaign",
    "device": "device_type",
    "landing_page": "landing_page",
    "exit_page": "exit_page",
    "visitor_type": "visitor_type",
}
ADS = {"channel": "channel", "campaign": "campaign"}
LINES = Source("fct_order_items", "order_date", SHOP)
REFUNDS = Source("fct_refunds", "refund_date", SHOP)
REASONS = replace(REFUNDS, names={**SHOP, "refund_reason": "coalesce(refund_reason, 'not stated')"})
SESSIONS = Source("fct_sessions", "session_date", VISIT)
SPEND = Source("fct_ad_spend", "spend_date", ADS)
SOLD = "count(distinct {} ) filter (not is_cancelled)"
BACK = "count(distinct customer_id) filter (customer_type = 'returning' and not is_cancelled)"


@dataclass(frozen=True)
class Known:
    """A metric by independent SQL: sums or counts of marts, and what is made of them."""

    inputs: tuple[tuple[Source, str], ...]
    formula: Callable[..., float | None] = lambda value: value


def ratio(top: float, bottom: float) -> float | None:
    return top / bottom if bottom else None


LEDGER: dict[str, Known] = {
    "net_sales": Known(
        ((LINES, "sum(sales_usd)"), (REFUNDS, "sum(refund_usd)")), lambda sales, refunds: sales - refunds
    ),
    "refunds": Known(((REASONS, "sum(refund_usd)"),)),
    "orders": Known(((LINES, SOLD.format("order_id")),)),
    "customers": Known(((LINES, SOLD.format("customer_id")),)),
    "units": Known(((LINES, "sum(unit_count)"),)),
    "average_order_value": Known(((LINES, "sum(sales_usd)"), (LINES, SOLD.format("order_id"))), ratio),
    "repeat_rate": Known(((LINES, BACK), (LINES, SOLD.format("customer_id"))), ratio),
    "refund_rate": Known(((REFUNDS, "sum(refund_usd)"), (LINES, "sum(sales_usd)")), ratio),
    "sessions": Known(((SESSIONS, "count(*)"),)),
    "visitors": Known(((SESSIONS, "count(distinct anonymous_id)"),)),
    "conversion_rate": Known(
        ((SESSIONS, "count(*) filter (has_reached_purchase)"), (SESSIONS, "count(*)")), ratio
    ),
    "average_session_seconds": Known(
        ((SESSIONS, "sum(duration_second_count)"), (SESSIONS, "count(*)")), ratio
    ),
    "ad_spend": Known(((SPEND, "sum(spend_usd)"),)),
    "cost_per_click": Known(((SPEND, "sum(spend_usd)"), (SPEND, "sum(click_count)")), ratio),
}
CASES = [(metric, name) for metric, known in LEDGER.items() for name in known.inputs[0][0].names]


def ledger(
    marts: duckdb.DuckDBPyConnection,
    metric: str,
    *by: str,
    period: Period = PERIOD,
    where: str = "true",
) -> dict[tuple[Any, ...], float | None]:
    """The metric by names (`time`: months), straight from the marts; what has no row counts 0."""
    known = LEDGER[metric]
    found = []
    for source, value in known.inputs:
        keys = [
            f"date_trunc('month', {source.day})::date"
            if name == TIME
            else f"coalesce({source.names[name]}, '{NONE}')"
            for name in by
        ]
        columns = "".join(f"{key}, " for key in keys)
        rows = marts.execute(
            f"select {columns} {value} from marts.{source.mart} as own"
            f" where {source.day} between ? and ? and {where} group by all",
            [period.start, period.end],
        ).fetchall()
        found.append({tuple(keys): float(number or 0) for *keys, number in rows})
    every = {key for numbers in found for key in numbers}
    return {key: known.formula(*(numbers.get(key, 0.0) for numbers in found)) for key in every}


@pytest.fixture
def asked(served: Served) -> Callable[..., Answer]:
    """Asks for metrics (one, or a tuple), by names."""

    def ask(metrics: str | tuple[str, ...], *by: str, **more: Any) -> Answer:
        wanted = (metrics,) if isinstance(metrics, str) else metrics
        return explore.ask(served, question(served, wanted, *by, **more))

    return ask


def close(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, abs=0.0049, rel=1e-9)


def same(found: Mapping[Any, float | None], expected: Mapping[Any, float | None]) -> None:
    """Equal, but for what has no row in one of them, which had nothing happen."""
    for key in {*found, *expected}:
        have, want = found.get(key), expected.get(key)
        assert have == close(want) or (not have and not want), key


@pytest.mark.parametrize(("metric", "name"), CASES)
def test_each_metric_by_each_name_equals_the_ledger(
    served: Served, marts: duckdb.DuckDBPyConnection, asked: Callable[..., Answer], metric: str, name: str
) -> None:
    assert name in served.group_bys((metric,))
    answer = asked(metric, name)
    expected = ledger(marts, metric, name)
    assert any(expected.values())
    same({key: row[metric] for key, row in answer.cells.items()}, expected)
    bars = drawn.bars_table(answer, {}).to_pylist()
    same(
        {(row[name],): row["value"] for row in bars},
        {key: expected.get(key) for key in [(row[name],) for row in bars]},
    )
    values = [row["value"] or 0.0 for row in bars]
    assert values == sorted(values, reverse=True)
    assert len(bars) == min(drawn.MOST_BARS, len(answer.keys[name]))
    table = explore.table(answer).to_pylist()
    same({(row[name],): row[metric] for row in table}, expected)
    pivot = crossed.pivot(served, answer)
    same({(label,): value for label, [value] in pivot.rows}, expected)
    assert pivot.total == [close(ledger(marts, metric)[()])]


@pytest.mark.parametrize(
    ("metric", "name"),
    [(metric, name) for metric, name in CASES if name in ("region", "category", "device", "channel")],
)
def test_each_metric_over_time_equals_the_ledger(
    served: Served, marts: duckdb.DuckDBPyConnection, asked: Callable[..., Answer], metric: str, name: str
) -> None:
    answer = asked(metric, TIME, name)
    expected = ledger(marts, metric, TIME, name)
    starts = [part.whole.start for part in answer.question.parts]
    shown = drawn.lines_table(answer.question, drawn.series_of(answer)).to_pylist()
    found = {(date.fromisoformat(row["part"][:10]), row["series"]): row["value"] for row in shown}
    assert len(found) == len(shown) == len(starts) * min(drawn.MOST_SERIES, len(answer.keys[name]))
    largest = [*ledger(marts, metric, name).items()]
    largest.sort(key=lambda item: -(item[1] or 0.0))
    assert {series for _, series in found} == {key for (key,), _ in largest[: drawn.MOST_SERIES]}
    same(found, {key: value for key, value in expected.items() if key in found})
    assert [row["whole"] is None for row in shown][:1] == [True]  # January is cut.
    heat = drawn.heat_table(answer).to_pylist()
    largest_cell = max(abs(row["value"] or 0.0) for row in heat)
    assert all(row["share"] == close(row["value"] and row["value"] / largest_cell) for row in heat)
    months = {part.label: part.whole.start for part in answer.question.parts}
    same({(months[row["column_label"]], row["row_label"]): row["value"] for row in heat}, expected)
    pivot = crossed.pivot(served, answer)
    for label, values in pivot.rows:
        same(
            dict(zip(starts, values[:-1], strict=True)),
            {start: expected.get((start, label)) for start in starts},
        )
    rows = ledger(marts, metric, name)
    same({(label,): values[-1] for label, values in pivot.rows}, rows)
    columns = {key[0]: value for key, value in ledger(marts, metric, TIME).items()}
    same(dict(zip(starts, pivot.total[:-1], strict=True)), columns)
    assert pivot.total[-1] == close(ledger(marts, metric)[()])


@pytest.mark.parametrize(
    "names", [("region", "category"), ("store_type", "segment"), ("subcategory", "customer_type")]
)
def test_two_names_cross_as_in_the_ledger(
    served: Served, marts: duckdb.DuckDBPyConnection, asked: Callable[..., Answer], names: tuple[str, str]
) -> None:
    for metric in ("net_sales", "customers", "repeat_rate"):
        answer = asked(metric, *names)
        expected = ledger(marts, metric, *names)
        same({key: row[metric] for key, row in answer.cells.items()}, expected)
        pivot = crossed.pivot(served, answer)
        same({(label,): values[-1] for label, values in pivot.rows}, ledger(marts, metric, names[0]))
        total = dict(zip([(key,) for key in answer.keys[names[1]]], pivot.total[:-1], strict=True))
        same(total, ledger(marts, metric, names[1]))


def test_totals_of_what_does_not_add_up_are_not_sums(served: Served, asked: Callable[..., Answer]) -> None:
    for metric in ("customers", "orders", "average_order_value", "repeat_rate"):
        pivot = crossed.pivot(served, asked(metric, "region", "category"))
        *columns, total = (value or 0.0 for value in pivot.total)
        assert 0 < total < 0.95 * sum(columns)


def test_filters_hold_for_answers_and_totals(
    served: Served, marts: duckdb.DuckDBPyConnection, asked: Callable[..., Answer]
) -> None:
    answer = asked("repeat_rate", "category", chosen={"region": ("Northern Europe", "Western Europe")})
    where = "region in ('Northern Europe', 'Western Europe')"
    expected = ledger(marts, "repeat_rate", "category", where=where)
    same({key: row["repeat_rate"] for key, row in answer.cells.items()}, expected)
    assert crossed.pivot(served, answer).total == [close(ledger(marts, "repeat_rate", where=where)[()])]
    assert captions.subtitle(answer, Kind.BARS).startswith(
        "Per cent, of Northern Europe and Western Europe. 12 January \u2013 10 June 2026."
    )


def test_stacked_areas_reach_the_total(
    marts: duckdb.DuckDBPyConnection, asked: Callable[..., Answer]
) -> None:
    answer = asked("sessions", TIME, "campaign")
    rows = drawn.areas_table(answer).to_pylist()
    assert {row["series"] for row in rows} >= {drawn.REST}
    assert all(row["start"] <= row["end"] for row in rows)
    tops: dict[str, float] = {}
    for row in rows:
        tops[row["part"]] = max(tops.get(row["part"], 0.0), row["end"])
    expected = {str(start)[:10]: value for (start,), value in ledger(marts, "sessions", TIME).items()}
    same({part[:10]: top for part, top in tops.items()}, expected)


def test_bars_compare_with_the_days_before(
    served: Served, marts: duckdb.DuckDBPyConnection, asked: Callable[..., Answer]
) -> None:
    answer = asked("orders", "region")
    before = explore.days_before(served, answer.question.filters)
    assert before == PERIOD.before()
    rows = drawn.bars_table(answer, explore.compared(served, answer.question, before)).to_pylist()
    same(
        {(row["region"],): row["before"] for row in rows},
        ledger(marts, "orders", "region", period=PERIOD.before()),
    )
    assert all(row["change_words"] for row in rows)
    assert all(not row["share_words"] for row in rows)  # Orders of regions may be the same ones.
    shares = drawn.bars_table(asked("units", "region"), {}).to_pylist()
    assert sum(float(row["share_words"][:-1]) for row in shares) == pytest.approx(100, abs=0.3)
