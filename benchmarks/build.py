"""What dbt costs: a build of the sample, cold and warm, over the same compiled SQL run bare in DuckDB.

    python -m benchmarks.build

All in one run and in one temporary home, so that the ratios hold on a noisy machine. Prints wall and CPU
seconds (user and system, children included) of a build with nothing parsed (cold), of builds after it (warm),
and of the same seeds, models and data tests as plain SQL in one DuckDB connection with two threads.
"""

import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from tests.commands import ROOT, dbt, environment, program

RUNS = 3
# What dbt's first run of a snapshot makes of its query.
FIRST_SNAPSHOT = """
    select *, md5(product_id || updated_at) as dbt_scd_id, updated_at as dbt_updated_at,
        updated_at as dbt_valid_from, cast(null as timestamp) as dbt_valid_to
    from ({})
"""


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of an action, those of its finished child processes included."""

    def cpu() -> float:
        return sum(
            usage.ru_utime + usage.ru_stime
            for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        )

    wall, used = time.perf_counter(), cpu()
    action()
    return time.perf_counter() - wall, cpu() - used


def build(home: Path) -> None:
    """Build the project by itself, as a person does."""
    done = subprocess.run(
        [program("dbt"), "build"],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def statements(home: Path) -> list[str]:
    """The seeds, models, snapshot and data tests of the last build as plain SQL, in dbt's order."""
    manifest = json.loads((home / "target" / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    sql = []
    for result in results:
        node = manifest["nodes"].get(result["unique_id"])
        if node is None or "resource_type" not in node:
            continue
        relation = f'{node["schema"]}."{node["alias"]}"'
        if node["resource_type"] == "seed":
            file = ROOT / node["original_file_path"]
            sql.append(f"create or replace table {relation} as from read_csv('{file}', all_varchar = true)")
        elif node["resource_type"] == "model":
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            sql.append(f"create or replace {kind} {relation} as {result['compiled_code']}")
        elif node["resource_type"] == "snapshot":
            sql.append(
                f"create or replace table {relation} as {FIRST_SNAPSHOT.format(result['compiled_code'])}"
            )
        elif node["resource_type"] == "test":
            sql.append(f"select count(*) from ({result['compiled_code']})")
    return sql


def bare(sql: list[str], database: Path) -> None:
    """Run statements in one connection to a new database."""
    with duckdb.connect(str(database), config={"threads": 2}) as connection:
        for schema in ("raw", "reference", "staging", "quarantine", "intermediate", "marts", "snapshots"):
            connection.execute(f"create schema {schema}")
        for statement in sql:
            connection.execute(statement).fetchall()


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        print(f"cores {os.cpu_count()}, load {os.getloadavg()[0]:.1f}")
        cold = timed(lambda: build(home))
        warm = [timed(lambda: build(home)) for _ in range(RUNS)]
        sql = statements(home)
        nothing = statistics.median(
            timed(lambda: dbt("--quiet", "ls", "--resource-type", "exposure", home=home))[1]
            for _ in range(RUNS)
        )
        runs = []
        for number in range(RUNS):
            database = home / f"bare{number}" / "larkspur.duckdb"
            database.parent.mkdir()
            runs.append(timed(lambda path=database: bare(sql, path)))  # type: ignore[misc]
    wall, cpu = (statistics.median(figures) for figures in zip(*warm, strict=True))
    bare_wall, bare_cpu = (statistics.median(figures) for figures in zip(*runs, strict=True))
    print(f"dbt build, cold            wall {cold[0]:6.1f} s   cpu {cold[1]:6.1f} s")
    print(f"dbt build, warm (median)   wall {wall:6.1f} s   cpu {cpu:6.1f} s")
    print(f"dbt start alone                            cpu {nothing:6.1f} s")
    print(f"{len(sql)} statements bare        wall {bare_wall:6.1f} s   cpu {bare_cpu:6.1f} s")
    print(f"cpu, warm over bare        {cpu / bare_cpu:.1f} x")
    print(f"wall over bare             {(wall - bare_wall) / len(sql) * 1000:.0f} ms a statement")


if __name__ == "__main__":
    main()
