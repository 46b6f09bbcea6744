"""The cleaning macros, run on texts that sources really deliver."""

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import pytest

CASES: dict[str, dict[str | None, Any]] = {
    "clean_text('x')": {
        "  a b ": "a b",
        "": None,
        "   ": None,
        "N/A": None,
        " n/a ": None,
        "N/A or so": "N/A or so",
        None: None,
    },
    "parse_timestamp('x')": {
        "2026-06-30 23:59:59": dt.datetime(2026, 6, 30, 23, 59, 59),
        "2026-06-30T23:59:59Z": dt.datetime(2026, 6, 30, 23, 59, 59),
        "2026-06-30T23:59:59.125": dt.datetime(2026, 6, 30, 23, 59, 59, 125000),
        "2026-06-30": dt.datetime(2026, 6, 30),
        "2026/06/30 01:02:03": dt.datetime(2026, 6, 30, 1, 2, 3),
        "30.06.2026 01:02:03": dt.datetime(2026, 6, 30, 1, 2, 3),
        "30.06.2026": dt.datetime(2026, 6, 30),
        "30/06/2026 01:02:03": None,
        "06/05/2026": None,
        "2026-02-30": None,
        "2026-06-30 25:00:00": None,
        "2026-06-30 23:59:59+00": dt.datetime(2026, 6, 30, 23, 59, 59),
        "2026-06-30T23:59:59.5+00:00": dt.datetime(2026, 6, 30, 23, 59, 59, 500000),
        "2026-06-30 23:59": dt.datetime(2026, 6, 30, 23, 59),
        "2026-06-30 23:59:59+02:00": None,
        "2026-06-30 23:59:59-0500": None,
        "2026-06-30 23:59:59 Europe/Berlin": None,
        "2026-06-30 24:00:00": None,
        "2026-06-30 (BC)": None,
        "0202-03-02": None,
        "2202-03-02": None,
        "yesterday": None,
        "20260630": None,
        None: None,
    },
    "parse_date('x')": {
        "2026-06-30": dt.date(2026, 6, 30),
        "30.06.2026": dt.date(2026, 6, 30),
        "2026-06-30 23:59:59": dt.date(2026, 6, 30),
        "June 30": None,
    },
    "parse_decimal('x')": {
        "1": Decimal("1.00"),
        "-1234.5": Decimal("-1234.50"),
        "1,234.50": Decimal("1234.50"),
        "1,234,567": Decimal("1234567.00"),
        "0.005": Decimal("0.01"),
        "-0.005": Decimal("-0.01"),
        "12,50": None,
        "1,23,456": None,
        "$5": None,
        "1e5": None,
        "": None,
        "99999999999999999999": None,
        None: None,
    },
    "parse_decimal('x', 18, 8)": {"1.123456785": Decimal("1.12345679"), "0.00000001": Decimal("0.00000001")},
    "parse_integer('x')": {
        "3": 3,
        "-3": -3,
        "3.0": 3,
        "1,000": 1000,
        "3.5": None,
        "three": None,
        None: None,
    },
    "parse_boolean('x')": {
        "true": True,
        "Yes": True,
        "1": True,
        "F": False,
        "no": False,
        "0": False,
        "maybe": None,
        None: None,
    },
}
TEMPLATES = {call: f"{{{{ {call} }}}}" for call in CASES}


@pytest.mark.parametrize(
    ("call", "text", "value"),
    [(call, text, value) for call, cases in CASES.items() for text, value in cases.items()],
)
def test_value(
    rendered: dict[str, str],
    connection: duckdb.DuckDBPyConnection,
    call: str,
    text: str | None,
    value: Any,
) -> None:
    query = f"select {rendered[call]} from (select cast(? as varchar) as x)"
    assert connection.execute(query, [text]).fetchone() == (value,)
