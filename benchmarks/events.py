"""What events cost at scale: a full build, one more day, and sessionizing over a bare window query.

    python -m benchmarks.events [--scale 100] [--rounds 5]

Makes the sample company as Parquet (3,000 customers and about 55,000 events a unit of scale) in a temporary
folder (TMPDIR), and builds it with every model and test: once whole; once without the rows that arrived on
its last day, and then again with them. Fails unless the sessions of the two ways are the same. Then times the
SQL of the macro `sessionize` and the plainest query of sessions, a lag and a running sum per visitor,
alternating in one process over the same events. Seconds are wall and CPU (user and system) of the whole
command, peak memory that of its process.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.commands import ROOT, environment, program, render

SYSTEMS = "shop,planning,web,ads"
THREADS = 2
# When a row of each table arrives; the lines of an order arrive with it, and targets a year ahead.
ARRIVALS = {
    "shop/customers": "updated_at",
    "shop/exchange_rates": "rate_date",
    "shop/orders": "updated_at",
    "shop/payments": "processed_at",
    "shop/product_prices": "effective_at",
    "shop/products": "updated_at",
    "shop/refunds": "refunded_at",
    "web/events": "received_at",
    "ads/ad_spend": "spend_date",
}
SESSIONIZED = """
    select event_id, session_id, session_number
    from {{ sessionize('events', 'anonymous_id', 'event_at', 'event_id', **session_rules('GA4')['options']) }}
"""
BARE = """
    select event_id, sum(starts) over (visits rows unbounded preceding) as session_number
    from (
        select
            *,
            case when event_at < lag(event_at) over visits + interval 1800 second then 0 else 1 end as starts
        from events
        window visits as (partition by anonymous_id order by event_at)
    )
    window visits as (partition by anonymous_id order by event_at)
"""


@dataclass(frozen=True)
class Cost:
    """Seconds and peak resident memory, in MiB, of one command."""

    wall: float
    cpu: float
    peak: float

    def __str__(self) -> str:
        """One line's worth."""
        return f"wall {self.wall:7.1f} s   cpu {self.cpu:7.1f} s   peak {self.peak:8,.0f} MiB"


def measured(command: list[str], log: Path, variables: dict[str, str]) -> Cost:
    """Run a command in the project's root; exits with what it printed if it fails."""
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(log.read_text(encoding="utf-8"))
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20)


def make(folder: Path, scale: int) -> Cost:
    """Write the company as Parquet files."""
    command = [sys.executable, "-m", "sample_company", "--out", str(folder), "--format", "parquet"]
    return measured([*command, "--scale", str(scale)], folder.with_suffix(".log"), dict(os.environ))


def build(home: Path, raw: Path) -> Cost:
    """Build, test and publish everything in this home."""
    home.mkdir(exist_ok=True)
    variables = environment(home, RAW_PATH=str(raw), SYSTEMS=SYSTEMS)
    return measured([program("dbt"), "build"], home / "build.log", variables)


def came_before(day: str, column: str) -> str:
    """SQL: whether a row came before a day, or has no time to tell by."""
    return f"coalesce(left(replace({column}, '/', '-'), 10) < '{day}', true)"


def hold_back_last_day(company: Path, folder: Path) -> int:
    """Write the company without what arrived on its last day; how many rows that is."""
    key = json.loads((company / "answer_key.json").read_text(encoding="utf-8"))
    last = key["company"]["last_day"]
    known = came_before(last, ARRIVALS["shop/orders"])
    conditions = {table: came_before(last, column) for table, column in ARRIVALS.items()} | {
        "shop/order_items": f"""
            coalesce(order_id, '') not in (
                select order_id from read_parquet('{company}/shop/orders.parquet')
                where order_id is not null group by order_id having not bool_or({known})
            )
        """
    }
    held = 0
    for source in sorted(company.glob("*/*.parquet")):
        table = f"{source.parent.name}/{source.stem}"
        target = folder / f"{table}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        rows = f"from read_parquet('{source}')"
        with duckdb.connect() as connection:
            kept = conditions.get(table, "true")
            connection.execute(f"copy ({rows} where {kept}) to '{target}' (format parquet)")
            [(count,)] = connection.execute(
                f"select (select count(*) {rows}) - (select count(*) from read_parquet('{target}'))"
            ).fetchall()
        held += count
    return held


def deliver_all(company: Path, folder: Path) -> None:
    """Replace each file by the whole one."""
    for source in company.glob("*/*.parquet"):
        shutil.copy(source, folder / source.parent.name / source.name)


def sessions(home: Path) -> tuple[int, int]:
    """Count of the sessions, and a hash of all their columns."""
    with duckdb.connect(str(home / "warehouse" / "larkspur.duckdb"), read_only=True) as connection:
        [(count, total)] = connection.execute(
            "select count(*), sum(hash(sessions)) from marts.fct_sessions as sessions"
        ).fetchall()
    return count, int(total)


def slowest(home: Path, number: int = 10) -> list[tuple[str, float]]:
    """The nodes of the last build that took the most seconds."""
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds = {result["unique_id"].split(".", 2)[2]: result["execution_time"] for result in results}
    return sorted(seconds.items(), key=lambda item: -item[1])[:number]


def seconds_by_kind(home: Path) -> str:
    """The seconds of the last build's nodes, summed by kind: what is left of its wall time is dbt's own."""
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    sums: dict[str, float] = defaultdict(float)
    for result in results:
        sums[result["unique_id"].split(".")[0]] += result["execution_time"]
    return ", ".join(f"{kind} {taken:.1f}" for kind, taken in sorted(sums.items(), key=lambda item: -item[1]))


def sessionizing(home: Path, rounds: int) -> tuple[int, dict[str, list[float]]]:
    """How many events, and the seconds of each round of both queries.

    Exits with an error unless both give every event the same session.
    """
    queries = render({"sessionize": SESSIONIZED}, home / "compiled") | {"bare": BARE}
    database = home / "warehouse" / "larkspur.duckdb"
    seconds: dict[str, list[float]] = {name: [] for name in queries}
    with duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False}) as connection:
        connection.execute(f"attach '{database}' as larkspur (read_only)")
        connection.execute(
            "create table events as "
            "select event_id, anonymous_id, event_at from larkspur.staging.stg_web__events"
        )
        connection.execute("detach larkspur")
        [(events,)] = connection.execute("select count(*) from events").fetchall()
        for number in range(rounds + 1):
            for name, query in queries.items():
                start = time.perf_counter()
                connection.execute(f"create or replace table {name} as {query}")
                if number:
                    seconds[name].append(time.perf_counter() - start)
        [(different,)] = connection.execute(
            "select count(*) from sessionize inner join bare using (event_id) "
            "where sessionize.session_number <> bare.session_number"
        ).fetchall()
    if different:
        raise SystemExit(f"the two queries differ in the sessions of {different} events")
    return events, seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=int, default=100, help="in 3,000 customers")
    parser.add_argument("--rounds", type=int, default=5, help="of sessionizing, after one to warm up")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        company, growing = folder / "company", folder / "growing"
        print(f"scale {arguments.scale}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print(f"sample company                {make(company, arguments.scale)}", flush=True)
        full = build(folder / "whole", company)
        print(f"full build, nothing parsed    {full}", flush=True)
        held = hold_back_last_day(company, growing)
        build(folder / "grown", growing)
        deliver_all(company, growing)
        day = build(folder / "grown", growing)
        print(f"one more day, {held:,} rows   {day}")
        print(f"one more day over full build  wall {day.wall / full.wall:.1%}   cpu {day.cpu / full.cpu:.1%}")
        whole, grown = sessions(folder / "whole"), sessions(folder / "grown")
        if whole != grown:
            raise SystemExit(f"the sessions differ: {whole} in the full build, {grown} after one more day")
        print(f"fct_sessions are the same: {whole[0]:,} rows, hash {whole[1]:x}")
        for title, home in (("full build", "whole"), ("one more day", "grown")):
            print(f"seconds of the {title} by kind of node: {seconds_by_kind(folder / home)}; slowest:")
            for node, taken in slowest(folder / home):
                print(f"  {taken:7.2f} s  {node}")
        events, seconds = sessionizing(folder / "whole", arguments.rounds)
        medians = {query: statistics.median(taken) for query, taken in seconds.items()}
        for query, taken in medians.items():
            rate = events / taken / 1e6
            print(f"{query:10} {events:,} events  median {taken:.2f} s, {rate:.2f} million a second")
        print(f"sessionize over bare: {medians['sessionize'] / medians['bare']:.2f} x (ratio of medians)")


if __name__ == "__main__":
    main()
