"""The macros that judge a raw row: first by itself, then among the versions of its key."""

import duckdb
import pytest

TEMPLATES = {
    "rejection": """{{ rejection([
        missing('id'),
        invalid('amount', 'number'),
        breaks('amount', 'negative_amount', 'amount < 0'),
        unknown_value('status', ['open', 'shut']),
    ]) }}""",
    "status by time": "{{ record_status(['id', 'day'], latest='updated') }}",
    "status": "{{ record_status(['id']) }}",
}


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
    rendered: dict[str, str],
    connection: duckdb.DuckDBPyConnection,
    row: tuple[object, ...],
    verdict: tuple[str | None, str | None],
) -> None:
    query = f"""
        select {rendered["rejection"]} from (
            select ?::varchar as id, ?::varchar as amount_text, ?::int as amount, ?::varchar as status
        )
    """
    assert connection.execute(query, list(row)).fetchone() == verdict


def test_one_version_of_each_key_stands(
    rendered: dict[str, str], connection: duckdb.DuckDBPyConnection
) -> None:
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
    judged = connection.execute(f"select name, {rendered['status by time']} from versions")
    assert dict(judged.fetchall()) == {
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
    judged = connection.execute(f"select name, {rendered['status']} from versions order by name")
    assert [name for name, status in judged.fetchall() if status == "accepted"] == [
        "first copy",
        "older",
        "same time, higher text",
    ]
