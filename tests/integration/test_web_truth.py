"""Sessions, identities and conversions against what the generator knows: counts, precision and recall.

`pytest -rP tests/integration/test_web_truth.py` shows the figures. Found is what the models say, true what
the answer key says; precision is the share of the found that is true, recall the share of the true that is
found. The assertions stand near what was measured.
"""

from collections.abc import Set
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import duckdb
import pytest

CHANNELS = {
    "paid_search": "Paid Search",
    "paid_social": "Paid Social",
    "organic_search": "Organic Search",
    "email": "Email",
    "direct": "Direct",
    "referral": "Referral",
    "social": "Organic Social",
}


class Score(NamedTuple):
    """How many were found, how many are true, and how many are both."""

    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.true


def score(name: str, found: Set[Any], true: Set[Any]) -> Score:
    """Compare two sets, and print a line of the table."""
    result = Score(len(found), len(true), len(found & true))
    print(
        f"{name:44} found {result.found:6,}  true {result.true:6,}  right {result.right:6,}"
        f"  precision {result.precision:.4f}  recall {result.recall:.4f}"
    )
    return result


def exact(count: int) -> Score:
    return Score(count, count, count)


@pytest.fixture(scope="module")
def sessions(key: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The true sessions by their first event: number of events, channel, customer and order, as text."""
    listed = key["sessions"]
    letters = {letter: CHANNELS[name] for letter, name in listed["channel_letters"].items()}
    names = ("events", "channel", "customer", "order")
    columns = (
        listed["events"].split(),
        [letters[letter] for letter in listed["channel"]],
        listed["customer"].split(","),
        listed["order"].split(","),
    )
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    return dict(zip(listed["first_event"].split(), rows, strict=True))


def rows(warehouse: duckdb.DuckDBPyConnection, query: str) -> set[Any]:
    """The distinct rows of a query, those of one column as their values."""
    fetched = warehouse.execute(query).fetchall()
    return {row[0] if len(row) == 1 else row for row in fetched}


def total(warehouse: duckdb.DuckDBPyConnection, query: str) -> Any:
    [(value,)] = warehouse.execute(query).fetchall()
    return value


def days(anomaly: dict[str, Any]) -> list[date]:
    first, last = map(date.fromisoformat, anomaly["days"])
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def anomaly(key: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [entry for entry in key["anomalies"] if entry["anomaly_id"] == name]
    return dict(found)


def test_sessions(warehouse: duckdb.DuckDBPyConnection, sessions: dict[str, dict[str, str]]) -> None:
    """The same first event, and as many events."""
    found = rows(warehouse, "select session_id, event_count from marts.fct_sessions")
    true = {(first, int(session["events"])) for first, session in sessions.items()}
    assert score("sessions", found, true) == exact(20_605)


def test_channels(warehouse: duckdb.DuckDBPyConnection, sessions: dict[str, dict[str, str]]) -> None:
    found = rows(warehouse, "select session_id, channel from marts.fct_sessions")
    true = {(first, session["channel"]) for first, session in sessions.items()}
    for channel in CHANNELS.values():
        in_channel = score(
            f"sessions by {channel}",
            {pair for pair in found if pair[1] == channel},
            {pair for pair in true if pair[1] == channel},
        )
        assert in_channel.precision == in_channel.recall == 1
    assert score("sessions with their channel", found, true) == exact(20_605)


def test_crawlers(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any], sessions: dict[str, dict[str, str]]
) -> None:
    """The truth by visitors: who has no true session is a crawler, its kind that of the key's examples."""
    cases = key["defects"]["web.events"]
    visitors = dict(
        warehouse.execute("select event_id, anonymous_id from staging.stg_web__events").fetchall()
    )
    people = {visitors[first] for first in sessions}
    quiet = {visitors[event] for event in cases["crawler_unannounced"]["ids"]}
    [flood_day] = days(anomaly(key, "crawler_flood"))
    on_another_day = rows(
        warehouse,
        f"select anonymous_id from staging.stg_web__events where cast(event_at as date) <> '{flood_day}'",
    )
    true: dict[str, set[str]] = {"announced": set(), "flood": set(), "unannounced": set()}
    for event, visitor in visitors.items():
        if visitor not in people:
            flood = "announced" if visitor in on_another_day else "flood"
            true["unannounced" if visitor in quiet else flood].add(event)
    assert {kind: len(events) for kind, events in true.items()} == {
        kind: cases[f"crawler_{kind}"]["count"] for kind in true
    }

    flagged = "select event_id from intermediate.int_events_sessionized where crawler_kind"
    announced = rows(warehouse, f"{flagged} = 'announced'")
    unannounced = rows(warehouse, f"{flagged} = 'unannounced'")
    assert score("events of crawlers that say so", announced, true["announced"] | true["flood"]) == exact(
        1_755
    )
    assert score("  of them the flood's", announced & true["flood"], true["flood"]) == exact(1_100)
    assert score("events of crawlers that do not", unannounced, true["unannounced"]) == exact(360)
    everything = score("events of crawlers", announced | unannounced, set().union(*true.values()))
    assert everything == exact(key["ledger"]["web"]["crawler_events"])


def test_identities(warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]) -> None:
    """A sign-in joins a browser and a customer; who used a browser and never signed in stays unknown."""

    def pairs(name: str) -> set[tuple[str, str]]:
        return {
            (browser, customer)
            for browser, customer in (pair.split("=") for pair in key["identities"][name].split())
        }

    signed_in = pairs("signed_in")
    used = signed_in | pairs("used_but_never_signed_in")
    found = rows(warehouse, "select anonymous_id, customer_id from intermediate.int_identities_stitched")
    assert score("browsers and who signed in on them", found, signed_in) == exact(len(signed_in))
    of_used = score("browsers and who used them", found, used)
    assert of_used.precision == 1
    assert of_used.recall == pytest.approx(0.9568, abs=0.002)


def test_customers_of_sessions(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any], sessions: dict[str, dict[str, str]]
) -> None:
    query = "select session_id, customer_id from marts.fct_sessions where customer_id is not null"
    found = rows(warehouse, query)
    true = {(first, session["customer"]) for first, session in sessions.items() if session["customer"]}
    of_all = score("sessions with their customer", found, true)
    assert of_all.precision == pytest.approx(0.9927, abs=0.002)
    assert of_all.recall == pytest.approx(0.9756, abs=0.002)
    signed_in = rows(warehouse, f"{query} and is_signed_in")
    assert score("  of them with a sign-in", signed_in, true).precision == 1
    assert len(signed_in) == key["ledger"]["web"]["sessions_of_customers_signed_in"]


def test_conversions(
    warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any], sessions: dict[str, dict[str, str]]
) -> None:
    """Every purchase is seen in its session; it converts if the warehouse counts the order as a sale."""
    true = {(first, session["order"]) for first, session in sessions.items() if session["order"]}
    reached = rows(warehouse, "select session_id from marts.fct_sessions where has_reached_purchase")
    purchases = score("sessions with a purchase", reached, {first for first, _ in true})
    assert purchases == exact(key["ledger"]["web"]["sessions_with_a_purchase"])

    sales = rows(warehouse, "select order_id from marts.fct_orders where is_sale")
    found = rows(warehouse, "select session_id, order_id from intermediate.int_conversions_matched")
    converted = score("sessions with the order of a sale", found, {pair for pair in true if pair[1] in sales})
    assert converted.precision == converted.recall == 1
    named = rows(warehouse, "select session_id, order_id from marts.fct_sessions where order_id is not null")
    assert score("  as fct_sessions has them", named, found).precision == 1

    online = rows(
        warehouse,
        """
        select order_id from marts.fct_orders
        inner join marts.dim_stores using (store_id) where is_sale and store_type = 'online'
        """,
    )
    tracked = score("online sales that the tracker saw", {order for _, order in found}, online)
    assert tracked.precision == 1
    assert tracked.recall == pytest.approx(key["parameters"]["tracked_share_of_online_orders"], abs=0.015)


def test_clocks(warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]) -> None:
    """As many as the key counts, its examples among them."""
    cases = key["defects"]["web.events"]
    events = "select event_id from intermediate.int_events_sessionized where"
    for name, kinds, found in (
        (
            "clocks hours ahead, corrected",
            ["clock_hours_ahead"],
            rows(warehouse, f"{events} is_clock_corrected"),
        ),
        (
            "clocks years off, rejected",
            ["clock_years_off"],
            rows(
                warehouse,
                "select event_id from staging.base_web__events "
                "where rejection_reason = 'clock_skew_out_of_range'",
            ),
        ),
        ("late by days, kept", ["late_by_days", "day_loaded_late"], rows(warehouse, f"{events} is_late")),
    ):
        counted = sum(cases[kind]["count"] for kind in kinds)
        print(f"{name:44} found {len(found):6,}  true {counted:6,}")
        assert len(found) == counted
        assert found >= {event for kind in kinds for event in cases[kind]["ids"]}


def test_what_was_done_with_every_event(warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]) -> None:
    counted = key["rows"]["web.events"]
    statuses = "select record_status, count(*) from staging.base_web__events group by all"
    assert dict(warehouse.execute(statuses).fetchall()) == {
        status: counted[status] for status in ("accepted", "duplicate", "rejected")
    }
    reasons = """
        select rejection_reason, count(*) from staging.base_web__events
        where rejection_reason is not null group by all
    """
    assert dict(warehouse.execute(reasons).fetchall()) == counted["rejected_by_reason"]


def test_tracking_losses(warehouse: duckdb.DuckDBPyConnection, key: dict[str, Any]) -> None:
    """All that is flagged is true; tablets send too few events a day to be judged."""
    found = rows(
        warehouse, "select event_date, device_type from marts.fct_tracking_quality where is_tracking_loss"
    )
    devices = rows(warehouse, "select device_type from marts.fct_tracking_quality")
    loss = anomaly(key, "tracking_loss")
    on_mobile = {(day, loss["device_type"]) for day in days(loss)}
    [outage_day] = days(anomaly(key, "outage"))
    outage = {(outage_day, device) for device in devices}
    score("device-days of the tracking loss", found & on_mobile, on_mobile)
    score("device-days of the outage", found & outage, outage)
    everything = score("device-days without their usual events", found, on_mobile | outage)
    judged = total(
        warehouse,
        "select count(*) from marts.fct_tracking_quality where usual_event_count is not null",
    )
    print(f"{'other device-days flagged':44} found {len(found - on_mobile - outage):6,}  of   {judged:6,}")
    assert found >= on_mobile
    assert found & outage == {(outage_day, "mobile"), (outage_day, "desktop")}
    assert everything.precision == 1


def test_net_sales_are_those_of_the_orders_converted(warehouse: duckdb.DuckDBPyConnection) -> None:
    converted = total(
        warehouse,
        """
        select sum(net_sales_usd) from marts.fct_orders
        where order_id in (select order_id from intermediate.int_conversions_matched)
        """,
    )
    assert converted > Decimal(500_000)
    for table, column, condition in (
        ("fct_sessions", "net_sales_usd", "true"),
        ("fct_funnel_daily", "net_sales_usd", "true"),
        ("dim_visitors", "net_sales_usd", "true"),
        *(
            ("fct_attribution", "credit_usd", f"attribution_model = '{model}'")
            for model in sorted(rows(warehouse, "select attribution_model from marts.fct_attribution"))
        ),
    ):
        credited = total(warehouse, f"select sum({column}) from marts.{table} where {condition}")
        print(f"{table:20} {condition:44} {credited:14,} of {converted:14,} USD")
        assert credited == converted
