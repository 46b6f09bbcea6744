"""Which keys of a table no longer hold what they were made of."""

from collections import Counter

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Row = tuple[str, int]
MOST = 2**64 - 1
TEMPLATES = {
    "keys": "{{ keys_hashed('held', 'visitor', hash='record_hash') }}",
    "summed": "{{ keys_hashed('summed', 'visitor', hash='hash_sum', row_count='sum(event_count)') }}",
    "expressed": """{{ keys_hashed(
        'held', 'letter', hash='record_hash', key_expression='upper(visitor)'
    ) }}""",
    "changed": """{{ changed_keys(
        'visitor',
        held=keys_hashed('held', 'visitor', hash='record_hash'),
        fresh=keys_hashed('fresh', 'visitor', hash='record_hash')
    ) }}""",
    "changed_sums": """{{ changed_keys(
        'visitor',
        held=keys_hashed('summed', 'visitor', hash='hash_sum', row_count='sum(event_count)'),
        fresh=keys_hashed('fresh', 'visitor', hash='record_hash')
    ) }}""",
}


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    connection.execute(f"create or replace table {table} (visitor varchar, record_hash ubigint)")
    visitors, hashes = [visitor for visitor, _ in rows], [record_hash for _, record_hash in rows]
    connection.execute(
        f"insert into {table} select unnest(?::varchar[]), unnest(?::ubigint[])", [visitors, hashes]
    )


def changed(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return sorted(key for (key,) in connection.execute(f"from {query}").fetchall())


def test_rows_are_counted_and_their_hashes_added(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    """Sums of the largest hashes are exact, though no 64-bit integer holds them."""
    fill(connection, "held", [("a", MOST), ("a", MOST), ("A", 1), ("b", 0)])
    query = "select *, typeof(hash_sum) from {} order by 1"
    assert connection.execute(query.format(rendered["keys"])).fetchall() == [
        ("A", 1, 1, "DECIMAL(38,0)"),
        ("a", 2, 2 * MOST, "DECIMAL(38,0)"),
        ("b", 1, 0, "DECIMAL(38,0)"),
    ]
    assert connection.execute(query.format(rendered["expressed"])).fetchall() == [
        ("A", 3, 2 * MOST + 1, "DECIMAL(38,0)"),
        ("B", 1, 0, "DECIMAL(38,0)"),
    ]
    described = connection.execute(f"describe from {rendered['expressed']}").fetchall()
    assert [name for name, *_ in described] == ["letter", "row_count", "hash_sum"]


@pytest.mark.parametrize(
    ("held", "fresh", "keys"),
    [
        ([], [], []),
        ([("a", 1)], [("a", 1)], []),
        ([("a", 1), ("a", 2)], [("a", 2), ("a", 1)], []),
        ([], [("new", 1)], ["new"]),
        ([("gone", 1)], [], ["gone"]),
        ([("a", 1), ("b", 1)], [("a", 2), ("b", 1)], ["a"]),
        ([("a", 1)], [("a", 1), ("a", 1)], ["a"]),
        ([("zero", 0)], [("zero", 0), ("zero", 0)], ["zero"]),
        ([("a", 1), ("b", 2)], [("a", 2), ("b", 1)], ["a", "b"]),
        ([("moved", 1), ("b", 2)], [("b", 1), ("b", 2)], ["b", "moved"]),
        ([("A", 1)], [("a", 1)], ["A", "a"]),
        ([("", 1)], [("", 2)], [""]),
    ],
)
def test_keys_that_changed(
    rendered: dict[str, str],
    connection: duckdb.DuckDBPyConnection,
    held: list[Row],
    fresh: list[Row],
    keys: list[str],
) -> None:
    fill(connection, "held", held)
    fill(connection, "fresh", fresh)
    assert changed(connection, rendered["changed"]) == keys


ROWS = st.lists(
    st.tuples(st.sampled_from(["", "a", "b", "c"]), st.integers(0, 2) | st.just(MOST)), max_size=8
)


@given(held=ROWS, fresh=ROWS)
@settings(max_examples=100)
def test_changed_keys_are_those_whose_counts_or_sums_differ(
    rendered: dict[str, str], held: list[Row], fresh: list[Row]
) -> None:
    """Also where a row of the table stands for several rows of what it is made of."""

    def totals(rows: list[Row]) -> dict[str, tuple[int, int]]:
        counts = Counter(key for key, _ in rows)
        return {key: (counts[key], sum(added for name, added in rows if name == key)) for key in counts}

    before, after = totals(held), totals(fresh)
    expected = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    with duckdb.connect() as connection:
        fill(connection, "held", held)
        fill(connection, "fresh", fresh)
        connection.execute(
            """
            create table summed as
            select visitor, record_hash % 2 as part, count(*) as event_count,
                sum(record_hash::decimal(38, 0)) as hash_sum
            from held group by all
            """
        )
        assert changed(connection, rendered["changed"]) == expected
        assert changed(connection, rendered["changed_sums"]) == expected
        keys = connection.execute(f"select visitor, row_count, hash_sum from {rendered['summed']}").fetchall()
        assert {key: (count, total) for key, count, total in keys} == before
