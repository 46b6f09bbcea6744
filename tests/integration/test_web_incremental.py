"""In whatever order and portions events arrive, change and vanish: sessions end as one full build makes them.

A few hundred events of the sample, and copies of some under other visitors' names, are delivered state by
state. Each state is built on top of the one before it, and made anew beside it; all rows must agree.
"""

import csv
import datetime as dt
import functools
import random
import shutil
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pytest

from plugins.records import unmark_all
from tests.commands import ROOT, dbt

Row = dict[str, str]
Contents = dict[str, list[tuple[Any, ...]]]

INCREMENTAL = {
    "staging.base_web__events": "delivery_day",
    "intermediate.int_events_sessionized": "anonymous_id",
    "intermediate.int_sessions_summarized": "anonymous_id",
    "intermediate.int_sessions_sourced": "anonymous_id",
}
TABLES = [
    *INCREMENTAL,
    "marts.fct_sessions",
    "marts.dim_visitors",
    "marts.dim_order_channels",
    "marts.fct_funnel_daily",
    "marts.fct_tracking_quality",
]
MARTS = [table.split(".")[1] for table in TABLES if table.startswith("marts")]
NONSENSE = 55
QUIET_CRAWLER_PACE = 60


@functools.cache
def seeded() -> list[Row]:
    with (ROOT / "seeds" / "web" / "events.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> dt.datetime | None:
    """A time in the tracker's usual form; None for any other text."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None


def delay(row: Row) -> float:
    """Seconds from an event to its receipt; 0 where the event's time is in another form."""
    at, received = moment(row["event_at"]), moment(row["received_at"])
    return (received - at).total_seconds() if at and received else 0


@functools.cache
def company() -> list[Row]:
    """The sample's peculiar visitors, some usual ones, and copies of events by others than their visitors."""
    rows, nonsense = seeded()[:-NONSENSE], seeded()[-NONSENSE:]
    draw = random.Random(5)
    by_visitor: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_visitor[row["anonymous_id"]].append(row)
    paces = Counter((row["anonymous_id"], row["event_at"][:13]) for row in rows)
    ids = Counter(row["event_id"] for row in rows)

    def some(count: int, wanted: list[str]) -> list[str]:
        return draw.sample(sorted(set(wanted)), count)

    chosen = {
        *some(1, [visitor for (visitor, _), count in paces.items() if count > QUIET_CRAWLER_PACE]),
        *some(3, [row["anonymous_id"] for row in rows if "bot" in row["user_agent"].lower()]),
        *some(12, [row["anonymous_id"] for row in rows if ids[row["event_id"]] > 1]),
        *some(8, [row["anonymous_id"] for row in rows if delay(row) > 86_400]),
        *some(4, [row["anonymous_id"] for row in rows if delay(row) < 0]),
        *some(12, [row["anonymous_id"] for row in rows if row["order_id"]]),
        *some(12, [visitor for visitor, events in by_visitor.items() if len(events) > 8]),
        *some(20, list(by_visitor)),
    }
    events = [row for visitor in sorted(chosen) for row in by_visitor[visitor]]
    copies = []
    for row in draw.sample(events, 40):
        received = dt.datetime.fromisoformat(row["received_at"]) + draw.choice([-1, 1]) * dt.timedelta(
            seconds=draw.choice([1, 3_600, 86_400, 3 * 86_400])
        )
        visitor = draw.choice(sorted(chosen))
        copies.append(row | {"anonymous_id": visitor, "received_at": received.isoformat(" ")})
    return events + copies + nonsense


def corrected(row: Row, draw: random.Random) -> Row:
    """A row with another value in one place, as it may be before or after a correction."""
    at = moment(row["event_at"])
    changes: list[Row] = [
        {"page_path": "/elsewhere"},
        {"utm_source": "newsletter", "utm_medium": "email"},
        {"event_name": "video_play"},
        {"customer_id": "C0001"},
        {"anonymous_id": draw.choice(company())["anonymous_id"]},
        {"event_id": draw.choice(company())["event_id"]},
    ]
    if at:
        changes.append(
            {"event_at": (at + dt.timedelta(minutes=draw.choice([-45, -1, 1, 45]))).isoformat(" ")}
        )
    return row | draw.choice(changes)


def arrivals(seed: int, steps: int) -> list[list[Row]]:
    """What is delivered at each step.

    Rows come in any order; some are not as they will be, some are withdrawn. In the last but one step a day
    of delivery and a visitor are missing altogether; in the last all is there, but what was withdrawn.
    """
    draw = random.Random(seed)
    usual = draw.choice([0.3, 0.6])
    states: list[list[Row]] = [[] for _ in range(steps)]
    missing_day = draw.choice([row["received_at"][:10] for row in company()])
    missing_visitor = draw.choice([row["anonymous_id"] for row in company()])
    for row in company():
        first = 0 if draw.random() < usual else draw.randrange(steps)
        last = draw.randrange(first, steps) if draw.random() < 0.04 else steps
        right_from = draw.randrange(first, steps) if draw.random() < 0.05 else first
        for step in range(first, min(last + 1, steps)):
            if step == steps - 2 and missing_day == row["received_at"][:10]:
                continue
            if step == steps - 2 and missing_visitor == row["anonymous_id"]:
                continue
            states[step].append(row if step >= right_from else corrected(row, draw))
    for state in states:
        draw.shuffle(state)
    return states


def deliver(raw: Path, rows: list[Row]) -> None:
    with (raw / "web" / "events.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(seeded()[0]))
        writer.writeheader()
        writer.writerows(rows)


class Warehouse:
    """A home in which every build counts as published.

    It stays where it is, for dbt would parse the project anew for another path; states are put aside.
    """

    def __init__(self, folder: Path) -> None:
        self.raw, self.home, self.aside = folder / "raw", folder / "home", folder / "aside"
        self.file = self.home / "warehouse" / "larkspur.duckdb"
        self.aside.mkdir()

    def build(self, *selection: str) -> None:
        """Build models; the next build then trusts them, for it finds no mark of an unpublished write."""
        dbt("build", *selection, home=self.home, RAW_PATH=str(self.raw), SYSTEMS="shop,web")
        with duckdb.connect(str(self.file)) as connection:
            unmark_all(connection)

    def build_all(self) -> None:
        parents = [f"+{mart}" for mart in MARTS]
        self.build("--select", *parents, "--resource-types", "model", "seed", "snapshot")

    def build_web(self, *options: str) -> None:
        between = [f"base_web__events+,+{mart}" for mart in MARTS]
        self.build("--select", *between, "--resource-types", "model", *options)

    def keep(self, name: str) -> None:
        shutil.copy(self.file, self.aside / name)

    def put_back(self, name: str) -> None:
        shutil.copy(self.aside / name, self.file)

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements; the rows of the last one."""
        with duckdb.connect(str(self.file)) as connection:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
        return rows

    def contents(self) -> Contents:
        return {table: self.execute(f"select * from {table} order by all") for table in TABLES}

    def made_anew(self) -> Contents:
        """What a full refresh makes of the same files; the warehouse stays as it was."""
        self.keep("grown")
        self.build_web("--full-refresh")
        contents = self.contents()
        self.put_back("grown")
        return contents

    def sql(self, kind: str, table: str) -> str:
        """A model of the last build: `compiled`, its query; `run`, the statement that wrote its table."""
        [path] = (self.home / "target" / kind).rglob(f"{table.split('.')[1]}.sql")
        return path.read_text(encoding="utf-8").strip()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with the shop of the sample and all of the small company's events."""
    folder = tmp_path_factory.mktemp("web")
    shutil.copytree(ROOT / "seeds" / "shop", folder / "raw" / "shop", ignore=shutil.ignore_patterns("*.yml"))
    (folder / "raw" / "web").mkdir()
    warehouse = Warehouse(folder)
    deliver(warehouse.raw, company())
    warehouse.build_all()
    warehouse.keep("first")
    return warehouse


@pytest.fixture
def warehouse(first: Warehouse) -> Warehouse:
    """The warehouse as it was first."""
    first.put_back("first")
    return first


def test_the_small_company_has_every_case(warehouse: Warehouse) -> None:
    counts = dict(
        warehouse.execute("select record_status, count(*) from staging.base_web__events group by all")
    )
    assert set(counts) == {"accepted", "duplicate", "rejected"}
    events = warehouse.execute(
        """
        select
            count(distinct crawler_kind),
            count(*) filter (where is_late), count(*) filter (where is_clock_corrected),
            count(distinct customer_id), count(distinct order_id), count(distinct anonymous_id)
        from intermediate.int_events_sessionized
        """
    )
    kinds, *others = events[0]
    assert kinds == 2
    assert all(count > 5 for count in (*counts.values(), *others))
    shared = """
        select count(*) from (
            select event_id from staging.base_web__events where rejection_reason is null
            group by event_id having count(distinct anonymous_id) > 1
        )
    """
    assert warehouse.execute(shared)[0][0] >= 30


@pytest.mark.parametrize("seed", [2, 3, 5])
def test_any_order_and_split_of_arrival_ends_as_a_full_refresh(warehouse: Warehouse, seed: int) -> None:
    states = arrivals(seed, steps=3)
    seen = []
    for state in states:
        deliver(warehouse.raw, state)
        warehouse.build_web()
        for table, key in INCREMENTAL.items():
            assert warehouse.sql("run", table).startswith("insert into")
            assert f"not in (select distinct {key} from" in warehouse.sql("compiled", table)
        seen.append(warehouse.contents())
        if state is not states[0]:
            anew = warehouse.made_anew()
            assert [table for table in TABLES if seen[-1][table] != anew[table]] == []
    assert all(seen[-1].values())
    assert seen[0] != seen[1] != seen[2]


def values(warehouse: Warehouse, query: str) -> set[str]:
    return {value for (value,) in warehouse.execute(query)}


def test_only_what_arrivals_touch_is_made_again(warehouse: Warehouse) -> None:
    """An event weeks late, a visitor withdrawn, a page corrected; rows are marked first, and most stay so."""
    summaries = "select * exclude (device_type) from intermediate.int_sessions_summarized"
    before = set(warehouse.execute(summaries))
    ids = Counter(row["event_id"] for row in company())
    copied = {row["anonymous_id"] for row in company() if ids[row["event_id"]] > 1}
    people = warehouse.execute(
        "select anonymous_id from intermediate.int_sessions_summarized where crawler_kind is null "
        "group by anonymous_id order by count(*) desc, anonymous_id"
    )
    late, gone, mended, *_ = (visitor for (visitor,) in people if visitor not in copied)
    [(earlier_id, start)] = warehouse.execute(
        f"""
        select session_id, started_at from intermediate.int_sessions_summarized
        where anonymous_id = '{late}' and session_number = 2
        """
    )
    new_row = company()[0] | {
        "event_id": "late",
        "anonymous_id": late,
        "event_at": str(start - dt.timedelta(minutes=29, seconds=59)),
        "received_at": str(start + dt.timedelta(days=29)),
    }
    [mended_row, *_] = [row for row in company() if row["anonymous_id"] == mended]
    [(mended_id,)] = warehouse.execute(
        "select session_id from intermediate.int_events_sessionized "
        f"where event_id = '{mended_row['event_id']}'"
    )
    touched = [new_row, mended_row, *(row for row in company() if row["anonymous_id"] == gone)]
    days = {row["received_at"][:10] for row in touched}
    of_days = {row["event_id"] for row in company() if row["received_at"][:10] in days and row["event_id"]}
    days |= {row["received_at"][:10] for row in company() if row["event_id"] in of_days}

    for table in INCREMENTAL:
        warehouse.execute(f"update {table} set device_type = 'untouched'")
    delivered = [row for row in company() if row not in touched]
    delivered += [new_row, mended_row | {"page_path": "/elsewhere"}]
    deliver(warehouse.raw, delivered)
    warehouse.build_web()
    made_again = "where device_type is distinct from 'untouched'"
    assert [
        values(warehouse, f"select {key} from {table} {made_again}") for table, key in INCREMENTAL.items()
    ] == [days & {row["received_at"][:10] for row in delivered}, *3 * [{late, mended}]]

    after = set(warehouse.execute(summaries))
    gone_ids = {session for session, visitor, *_ in before if visitor == gone}
    assert {session for session, *_ in before - after} == {earlier_id, mended_id, *gone_ids}
    assert {session for session, *_ in after - before} == {"late", mended_id}
