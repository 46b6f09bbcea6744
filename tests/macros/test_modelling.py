"""The macros that models are made with."""

import datetime as dt
from decimal import Decimal
from itertools import combinations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.macros.macro_runner import call

QUOTED_STARS = '"***"'
Row = tuple[dt.date, int | None, str | None]

FIELDS = "abc"
PAIRS = ["".join(pair) for pair in combinations(FIELDS, 2)]
TEMPLATES = {
    "surrogate_key": call("surrogate_key", ["a", "b"]),
    "to_usd": call("to_usd", "amount", "rate"),
    "record": call("json_record", ["email", "city"]),
    "masked": call("mask_json", "record", ["email"]),
    **{f"masked {pair}": call("mask_json", "record", list(pair)) for pair in PAIRS},
    "changed_days": """{{ get_incremental_changed_days_sql({
        'target_relation': 'held', 'temp_relation': 'fresh', 'unique_key': 'day',
        'dest_columns': [
            api.Column.create('day', 'date'),
            api.Column.create('amount', 'int'),
            api.Column.create('note', 'string'),
        ],
    }) }}""",
}


def test_surrogate_keys_of_different_values_differ(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    values = [None, "", "|", "||", "null", "|null|", "a", "a|", "|a", "a|b", "b"]
    connection.execute("create table pairs (a varchar, b varchar)")
    connection.executemany("insert into pairs values (?, ?)", [(a, b) for a in values for b in values])
    keys = connection.execute(f"select a, b, {rendered['surrogate_key']} from pairs").fetchall()
    assert len({key for _, _, key in keys}) == len(values) ** 2


@pytest.mark.parametrize(
    ("amount", "rate", "usd"),
    [
        ("0.50", "0.01", "0.01"),
        ("-0.50", "0.01", "-0.01"),
        ("9.99", "1.1", "10.99"),
        ("9999999999999.99", "1.23456789", "12345678899999.99"),
        (None, "1.1", None),
        ("1.00", None, None),
    ],
)
def test_to_usd_rounds_half_away_from_zero(
    rendered: dict[str, str],
    connection: duckdb.DuckDBPyConnection,
    amount: str | None,
    rate: str | None,
    usd: str | None,
) -> None:
    given_row = "(select cast(? as decimal(18, 2)) as amount, cast(? as decimal(18, 8)) as rate)"
    assert connection.execute(f"select {rendered['to_usd']} from {given_row}", [amount, rate]).fetchone() == (
        usd and Decimal(usd),
    )


def test_a_record_keeps_its_text_and_is_masked(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    emails = ["plain@example.com", 'with "quotes" and \\ bars', "O'Hara, née 茶", "", None]
    for email in emails:
        row = "(select cast(? as varchar) as email, 'Leeds' as city)"
        record = f"(select {rendered['record']} as record from {row})"
        kept, masked = connection.execute(
            f"select json_extract_string(record, '$.email'), {rendered['masked']} from {record}", [email]
        ).fetchone() or (None, None)
        assert kept == email
        assert masked == f'{{"email":{"null" if email is None else QUOTED_STARS},"city":"Leeds"}}'


@pytest.mark.parametrize("pair", PAIRS)
def test_combinations_of_masks_do_not_disturb_each_other(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection, pair: str
) -> None:
    record = "{" + ",".join(f'"{field}":"secret"' for field in FIELDS) + "}"
    query = f"select {rendered[f'masked {pair}']} from (select ? as record)"
    expected = ",".join(f'"{field}":"{"***" if field in pair else "secret"}"' for field in FIELDS)
    assert connection.execute(query, [record]).fetchone() == ("{" + expected + "}",)


ROWS = st.lists(
    st.tuples(
        st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 4)),
        st.none() | st.integers(-2, 2),
        st.none() | st.sampled_from(["", "a", "b"]),
    ),
    max_size=12,
)


@given(states=st.lists(ROWS, min_size=1, max_size=4))
@settings(max_examples=60)
def test_changed_days_end_where_a_full_refresh_would(
    rendered: dict[str, str], states: list[list[Row]]
) -> None:
    """Late, changed, repeated and vanished rows, in any order: the table ends as if it had been made anew."""
    with duckdb.connect() as connection:
        connection.execute("create table held (day date, amount int, note varchar)")
        for rows in states:
            connection.execute("create or replace table fresh (day date, amount int, note varchar)")
            if rows:
                connection.executemany("insert into fresh values (?, ?, ?)", rows)
            connection.execute(rendered["changed_days"])
            held = connection.execute("select * from held order by all").fetchall()
            assert held == connection.execute("select * from fresh order by all").fetchall()


def test_changed_days_leave_equal_days_alone(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("create table held (day date, amount int, note varchar)")
    connection.execute("insert into held values ('2026-01-01', 1, 'a'), ('2026-01-02', 2, 'b')")
    untouched = connection.execute("select rowid from held where day = '2026-01-01'").fetchall()
    connection.execute("create table fresh as select * from held where day = '2026-01-01'")
    connection.execute("insert into fresh values ('2026-01-02', 3, 'b')")
    connection.execute(rendered["changed_days"])
    assert connection.execute("select rowid from held where day = '2026-01-01'").fetchall() == untouched
    assert connection.execute("select amount from held where day = '2026-01-02'").fetchall() == [(3,)]
