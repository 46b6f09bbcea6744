"""The macros that judge a raw row: first by itself, then among the versions of its key."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.commands import compiled


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    templates = [
        """{{ rejection([
            missing('id'),
            invalid('amount', 'number'),
            breaks('amount', 'negative_amount', 'amount < 0'),
            unknown_value('status', ['open', 'shut']),
        ]) }}""",
        "{{ record_status(['id', 'day'], latest='updated') }}",
        "{{ record_status(['id']) }}",
    ]
    return compiled("\n-- next\n".join(templates), tmp_path_factory.mktemp("macros")).split("-- next")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (("a", "1", 1, "open"), (None, None)),
        (("a", None, None, None), (None, None)),
        ((None, "1", 1, "open"), ("id", "missing_required_value")),
        (("a", "one", None, "open"), ("amount", "invalid_number")),
        (("a", "-1", -1, "open"), ("amount", "negative_amount")),
        (("a", "1", 1, "Open"), ("status", "unknown_value")),
        ((None, "one", None, "ajar"), ("id", "missing_required_value")),
        (("a", "-1", -1, "ajar"), ("amount", "negative_amount")),
    ],
)
def test_the_first_broken_rule_is_told(
    rendered: list[str],
    connection: duckdb.DuckDBPyConnection,
    row: tuple[object, ...],
    verdict: tuple[str | None, str | None],
) -> None:
    query = f"""
        select {rendered[0]} from (
            select ?::varchar as id, ?::varchar as amount_text, ?::int as amount, ?::varchar as status
        )
    """
    assert connection.execute(query, list(row)).fetchone() == verdict


def test_one_version_of_each_key_stands(rendered: list[str], connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        create table versions (name varchar, id int, day int, updated int, source_record varchar,
            copy_number int, rejection_reason varchar);
        insert into versions values
            ('older', 1, 1, 1, 'x', 1, null),
            ('newer', 1, 1, 2, 'a', 1, null),
            ('newest but broken', 1, 1, 3, 'z', 1, 'invalid_number'),
            ('other day', 1, 2, 1, 'x', 1, null),
            ('first copy', 2, 1, 1, 'same', 1, null),
            ('second copy', 2, 1, 1, 'same', 2, null),
            ('same time, lower text', 3, 1, 1, 'a', 1, null),
            ('same time, higher text', 3, 1, 1, 'b', 1, null),
            ('alone and broken', 4, 1, 1, 'x', 1, 'missing_required_value');
        """
    )
    assert dict(connection.execute(f"select name, {rendered[1]} from versions").fetchall()) == {
        "older": "duplicate",
        "newer": "accepted",
        "newest but broken": "rejected",
        "other day": "accepted",
        "first copy": "accepted",
        "second copy": "duplicate",
        "same time, lower text": "duplicate",
        "same time, higher text": "accepted",
        "alone and broken": "rejected",
    }
    standing = (
        f"select name from (select name, {rendered[2]} as status from versions) where status = 'accepted'"
    )
    assert connection.execute(f"{standing} order by name").fetchall() == [
        ("first copy",),
        ("older",),
        ("same time, higher text",),
    ]
