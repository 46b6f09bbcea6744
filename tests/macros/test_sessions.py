"""Sessions: against published figures, against a plain loop, and at their edges."""

import datetime as dt
import json
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples.complete_journey import prepare
from tests.commands import run
from tests.macros.macro_runner import call
from tests.macros.vectors import vector

NOON = dt.datetime(2026, 3, 1, 12)
HOURS = 3_600


class Event(NamedTuple):
    visitor: str
    at: dt.datetime
    event_id: str
    campaign: str | None = None


class Options(NamedTuple):
    """The options of `sessionize`, under their names."""

    timeout_seconds: int = 1_800
    splits_at_timeout: bool = True
    splits_at_midnight: bool = False
    splits_on_change_of: str | None = None

    def call(self) -> str:
        named = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{{{{ sessionize('events', 'visitor', 'event_at', 'event_id', {named}) }}}}"


SEGMENT = Options(splits_at_timeout=False)
SIX_HOURS = Options(6 * HOURS, splits_at_timeout=False)
DAY = Options(24 * HOURS, splits_at_timeout=False)
MIDNIGHT = Options(splits_at_timeout=False, splits_at_midnight=True)
CAMPAIGN = Options(splits_on_change_of="campaign")
EVERYTHING = Options(7, splits_at_midnight=True, splits_on_change_of="campaign")
ALL_OPTIONS = (Options(), SEGMENT, SIX_HOURS, DAY, MIDNIGHT, CAMPAIGN, EVERYTHING)
RULES = ("UA", "GA4")
TEMPLATES: dict[Options | str, str] = {
    **{options: options.call() for options in ALL_OPTIONS},
    **{name: f"{{{{ tojson(session_rules('{name}', 'campaign')) }}}}" for name in RULES},
    "engaged": call("is_engaged", "duration_seconds", "view_count", "has_key_event"),
}


def sessionized(
    connection: duckdb.DuckDBPyConnection, query: str, events: list[Event]
) -> dict[str, tuple[str, int]]:
    """By event, its session's id and number."""
    connection.execute(
        "create or replace table events (visitor text, event_at timestamp, event_id text, campaign text)"
    )
    if events:
        connection.executemany("insert into events values (?, ?, ?, ?)", events)
    rows = connection.execute(f"select event_id, session_id, session_number from {query}").fetchall()
    return {event: (session, number) for event, session, number in rows}


def looped(options: Options, events: list[Event]) -> dict[str, tuple[str, int]]:
    """The same, one event after another."""
    timeout = dt.timedelta(seconds=options.timeout_seconds)
    sessions: dict[str, tuple[str, int]] = {}
    previous: Event | None = None
    campaign: str | None = None
    for event in sorted(events, key=lambda event: (event.visitor, event.at, event.event_id)):
        if previous is None or previous.visitor != event.visitor:
            sessions[event.event_id] = (event.event_id, 1)
            campaign = event.campaign
        else:
            gap = event.at - previous.at
            starts = (
                gap > timeout
                or (gap == timeout and options.splits_at_timeout)
                or (options.splits_at_midnight and event.at.date() != previous.at.date())
                or (options.splits_on_change_of and event.campaign is not None and event.campaign != campaign)
            )
            session, number = sessions[previous.event_id]
            sessions[event.event_id] = (event.event_id, number + 1) if starts else (session, number)
            campaign = event.campaign or campaign
        previous = event
    return sessions


def series(*seconds: float, campaigns: str = "", start: dt.datetime = NOON) -> list[Event]:
    """A visitor's events at these seconds; campaigns by letter, `-` for none."""
    letters = campaigns or "-" * len(seconds)
    return [
        Event("V", start + dt.timedelta(seconds=second), f"E{number}", None if letter == "-" else letter)
        for number, (second, letter) in enumerate(zip(seconds, letters, strict=True), start=1)
    ]


def numbers(sessions: dict[str, tuple[str, int]]) -> list[int]:
    return [number for _, (_, number) in sorted(sessions.items())]


@pytest.mark.parametrize(("name", "options"), [("segment_dbt", SEGMENT), ("ga_ua_help", Options())])
def test_the_boundary_is_as_published(
    rendered: dict[Options | str, str], connection: duckdb.DuckDBPyConnection, name: str, options: Options
) -> None:
    published = vector("session_boundary")
    assert [
        numbers(sessionized(connection, rendered[options], series(0, gap)))[1] - 1
        for gap in published["inputs"]["gaps_seconds"]
    ] == published["expected"][name]


def test_the_rules_are_as_published(rendered: dict[Options | str, str]) -> None:
    def told(rules: dict[str, Any]) -> dict[str, Any]:
        options = Options(**rules["options"])
        facts: dict[str, Any] = {
            "timeout_min": options.timeout_seconds / 60,
            "midnight_split": options.splits_at_midnight,
            "campaign_change_split": options.splits_on_change_of == "campaign",
        }
        if engaged := rules["engaged"]:
            hours, seconds = divmod(rules["longest_timeout_seconds"], HOURS)
            facts["max_timeout"] = f"{hours}h{seconds // 60}m"
            facts["engaged"] = (
                f">{engaged['longer_than_seconds']} s or key event or "
                f">={engaged['view_count']} page/screen views"
            )
        return facts

    assert {name: told(json.loads(rendered[name])) for name in RULES} == vector("session_rules")["expected"]


def test_an_unknown_standard_is_an_error_that_names_the_known(jinja_home: Path) -> None:
    failed = run("dbt", "compile", "--inline", "{{ session_rules('GA5') }}", home=jinja_home)
    assert failed.returncode != 0
    assert "session_rules knows UA and GA4, not 'GA5'." in failed.stdout


@pytest.mark.parametrize(
    ("seconds", "views", "key", "engaged"),
    [
        (10, 1, False, False),
        (10.000001, 1, False, True),
        (0, 2, False, True),
        (0, 1, True, True),
        (None, None, None, False),
        (None, 1, True, True),
    ],
)
def test_engaged_is_as_published(
    rendered: dict[Options | str, str],
    connection: duckdb.DuckDBPyConnection,
    seconds: float | None,
    views: int | None,
    key: bool | None,
    engaged: bool,
) -> None:
    row = "(select ?::double as duration_seconds, ?::int as view_count, ?::boolean as has_key_event)"
    answer = connection.execute(f"select {rendered['engaged']} from {row}", [seconds, views, key])
    assert answer.fetchone() == (engaged,)


def test_the_baskets_of_2469_households_are_as_published(
    rendered: dict[Options | str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    published = vector("sessionize_completejourney_baskets")
    file = prepare.data_folder() / "transactions.parquet"
    connection.execute(
        f"""
        create table events as
        select
            household_id as visitor, min(transaction_timestamp) as event_at, basket_id as event_id,
            null::varchar as campaign
        from read_parquet('{file}') group by basket_id, household_id
        """
    )
    assert connection.table("events").shape[0] == published["inputs"]["baskets"]
    cases = {
        "gap_gt_1800s": SEGMENT,
        "gap_ge_1800s": Options(),
        "gap_gt_1800s_midnight_split": MIDNIGHT,
        "gap_gt_6h": SIX_HOURS,
        "gap_gt_24h": DAY,
    }
    count = "select count(*), count(distinct session_id) from"
    starts = "where session_id = event_id"
    for name, options in cases.items():
        expected = published["expected"][name]
        answer = connection.execute(f"{count} {rendered[options]} {starts}").fetchone()
        assert answer == (expected, expected), name
        highest = (
            f"select sum(last)::bigint from (select max(session_number) as last from {rendered[options]}"
        )
        assert connection.execute(f"{highest} group by visitor)").fetchone() == (expected,), name


def test_one_event_is_a_session(
    rendered: dict[Options | str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    for options in ALL_OPTIONS:
        assert sessionized(connection, rendered[options], series(0)) == {"E1": ("E1", 1)}
        assert sessionized(connection, rendered[options], []) == {}


def test_events_of_one_moment_stand_in_the_order_of_their_ids(
    rendered: dict[Options | str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    events = series(0, 0, 0, campaigns="aba")
    for order in (events, events[::-1]):
        assert sessionized(connection, rendered[Options()], order) == dict.fromkeys(
            ("E1", "E2", "E3"), ("E1", 1)
        )
        assert sessionized(connection, rendered[CAMPAIGN], order) == {
            "E1": ("E1", 1),
            "E2": ("E2", 2),
            "E3": ("E3", 3),
        }


@pytest.mark.parametrize(
    ("gap", "at_the_timeout", "beyond_it"),
    [(1_799.999999, 1, 1), (1_800, 2, 1), (1_800.000001, 2, 2)],
)
def test_fractions_of_seconds_count(
    rendered: dict[Options | str, str],
    connection: duckdb.DuckDBPyConnection,
    gap: float,
    at_the_timeout: int,
    beyond_it: int,
) -> None:
    """From 12:00:00.9, so that counting whole seconds between the two would go wrong."""
    events = series(0, gap, start=NOON + dt.timedelta(microseconds=900_000))
    assert numbers(sessionized(connection, rendered[Options()], events)) == [1, at_the_timeout]
    assert numbers(sessionized(connection, rendered[SEGMENT], events)) == [1, beyond_it]


def test_midnight_splits_only_where_it_is_told_to(
    rendered: dict[Options | str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    events = series(0, 59.999999, 60, 61, start=dt.datetime(2026, 2, 28, 23, 59))
    assert numbers(sessionized(connection, rendered[SEGMENT], events)) == [1, 1, 1, 1]
    assert numbers(sessionized(connection, rendered[MIDNIGHT], events)) == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("campaigns", "expected"),
    [
        ("aaaa", [1, 1, 1, 1]),
        ("aab-", [1, 1, 2, 2]),
        ("-aaa", [1, 2, 2, 2]),
        ("a-ab", [1, 1, 1, 2]),
        ("a-ba", [1, 1, 2, 3]),
        ("----", [1, 1, 1, 1]),
    ],
)
def test_a_change_of_campaign_splits(
    rendered: dict[Options | str, str],
    connection: duckdb.DuckDBPyConnection,
    campaigns: str,
    expected: list[int],
) -> None:
    events = series(0, 1, 2, 3, campaigns=campaigns)
    assert numbers(sessionized(connection, rendered[CAMPAIGN], events)) == expected
    assert numbers(sessionized(connection, rendered[Options()], events)) == [1, 1, 1, 1]


def test_all_columns_are_kept_and_three_added(
    rendered: dict[Options | str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("create table events (visitor text, event_at timestamp, event_id text, campaign text)")
    described = connection.execute(f"describe select * from {rendered[EVERYTHING]}").fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [
        ("visitor", "VARCHAR"),
        ("event_at", "TIMESTAMP"),
        ("event_id", "VARCHAR"),
        ("campaign", "VARCHAR"),
        ("session_id", "VARCHAR"),
        ("session_number", "BIGINT"),
        ("event_number", "BIGINT"),
    ]


def test_events_are_numbered_by_visitor(
    rendered: dict[Options | str, str], connection: duckdb.DuckDBPyConnection
) -> None:
    events = [*series(0, 1, 4_000), Event("W", NOON, "F1")]
    sessionized(connection, rendered[Options()], events[::-1])
    found = connection.execute(f"select event_id, event_number from {rendered[Options()]}").fetchall()
    assert sorted(found) == [("E1", 1), ("E2", 2), ("E3", 3), ("F1", 1)]


# Gaps about the timeouts of 7 and 1,800 seconds, from a minute before midnight.
OFFSETS = st.sampled_from([0, 3, 7, 7.000001, 13.999999, 14, 59, 60, 1_800, 1_803, 1_807, 3_600, 86_400])
EVENTS = st.lists(
    st.tuples(st.sampled_from("XY"), OFFSETS, st.sampled_from([None, None, "a", "b"])), max_size=14
).map(
    lambda drawn: [
        Event(visitor, dt.datetime(2026, 2, 28, 23, 59) + dt.timedelta(seconds=offset), f"E{n:02}", campaign)
        for n, (visitor, offset, campaign) in enumerate(drawn)
    ]
)


@given(events=EVENTS, options=st.sampled_from(ALL_OPTIONS))
@settings(max_examples=150)
def test_sessions_are_those_of_a_loop(
    rendered: dict[Options | str, str], events: list[Event], options: Options
) -> None:
    with duckdb.connect() as connection:
        assert sessionized(connection, rendered[options], events) == looped(options, events)


@given(events=EVENTS.filter(bool), pick=st.integers(0, 13))
@settings(max_examples=60)
def test_a_late_event_changes_only_the_sessions_that_it_touches(
    rendered: dict[Options | str, str], events: list[Event], pick: int
) -> None:
    """The session that holds it, and those of its visitor within the timeout; no other id."""
    late = events[pick % len(events)]
    with duckdb.connect() as connection:
        before = sessionized(
            connection, rendered[Options()], [event for event in events if event is not late]
        )
        after = sessionized(connection, rendered[Options()], events)
    timeout = dt.timedelta(seconds=Options().timeout_seconds)
    near = {
        event.event_id
        for event in events
        if event.visitor == late.visitor and abs(event.at - late.at) < timeout
    }
    touched = {before[event][0] for event in near & before.keys()} | {after[late.event_id][0]}
    changed = {event for event, (session, _) in before.items() if after[event][0] != session}
    assert {before[event][0] for event in changed} <= touched
