"""Publishing under kills, a full disk, a second build and other programs, with readers throughout."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from plugins import published
from tests.integration.publishing_project.harness import (
    REPOSITORY,
    Sandbox,
    assert_cured,
    cure,
    new_sandbox,
    poison,
)

SEED = 20261
TIMED_KILLS = 10
BEFORE_THE_POINTER = [
    "results recorded",
    "a table copied",
    "all tables copied",
    "catalog described",
    "version complete",
]
AFTER_THE_POINTER = ["pointer moved", "old versions removed"]

READER = """
import json, sys, time
from pathlib import Path
from plugins.published import connect

warehouse, stop = Path(sys.argv[1]), Path(sys.argv[2])
reads, versions = 0, set()
while not stop.exists():
    version, connection = connect(warehouse)
    with connection:
        (built_by,) = connection.execute(
            "select list_distinct(list(built_by)) from "
            "(select built_by from marts.fct_daily_sales union all select built_by from marts.dim_products)"
        ).fetchall()[0]
        assert built_by == [version.facts["invocation_id"]], (built_by, version)
        sums = connection.execute(
            "select sum(amount) from marts.fct_sales union select sum(amount) from marts.fct_daily_sales"
        ).fetchall()
        assert len(sums) == 1, (sums, version)
        for name, rows in version.facts["rows"].items():
            assert connection.execute(f"select count(*) from marts.{name}").fetchall() == [(rows,)], name
        json.loads(version.semantic_manifest.read_text())
        told = {node["name"]: node["rows"] for node in version.catalog["nodes"] if node["rows"] is not None}
        assert told == version.facts["rows"], version
    reads += 1
    versions.add(version.name)
    time.sleep(0.15)
print(json.dumps({"reads": reads, "versions": len(versions)}))
"""


@pytest.fixture(scope="module")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    sandbox = new_sandbox(tmp_path_factory.mktemp("faults") / "project", "faults")
    sandbox.build()
    return sandbox


@pytest.fixture
def built(first_build: Sandbox, tmp_path: Path) -> Sandbox:
    """A project that has been built and published once."""
    return first_build.copy(tmp_path / "project")


@contextmanager
def readers(sandbox: Sandbox, count: int = 2) -> Iterator[list[dict[str, int]]]:
    """Processes that read the published version all the while; what they counted is there afterwards."""
    stop, counts = sandbox.root / "stop", list[dict[str, int]]()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(sandbox.warehouse), str(stop)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        yield counts
    finally:
        stop.touch()
        for process in processes:
            output, errors = process.communicate(timeout=30)
            assert process.returncode == 0, errors
            counts.append(json.loads(output))


def wait_until_begun(sandbox: Sandbox, process: subprocess.Popen[str], previous: str) -> None:
    """Wait until the build has passed its first hook."""
    while process.poll() is None and sandbox.attempt["invocation_id"] == previous:
        time.sleep(0.01)


def kill_after(sandbox: Sandbox, delay: float) -> int:
    """Start a build and kill it so many seconds after its first hook; returns its exit code."""
    previous = sandbox.attempt["invocation_id"]
    process = sandbox.start("build")
    wait_until_begun(sandbox, process, previous)
    time.sleep(delay)
    process.kill()
    process.communicate()
    return process.returncode


def assert_only_versions(sandbox: Sandbox, count: int) -> None:
    names = sorted(file.name for file in published.published_folder(sandbox.warehouse).iterdir())
    versions = [name for name in names if name.startswith("20")]
    assert len(versions) == count
    assert sandbox.version.name == versions[-1]
    assert [name for name in names if name not in versions] == ["current", "last_attempt.json"]


def test_kills_at_random_moments_and_at_named_points_with_readers_throughout(built: Sandbox) -> None:
    moments = random.Random(SEED)
    previous = built.attempt["invocation_id"]
    oldest, patient = published.connect(built.warehouse)
    with readers(built) as counts:
        process = built.start("build")
        wait_until_begun(built, process, previous)
        started = time.monotonic()
        process.communicate()
        duration = time.monotonic() - started

        delays = [duration * (part + moments.random()) / TIMED_KILLS for part in range(TIMED_KILLS)]
        killed = 0
        for day, delay in enumerate(moments.sample(delays, TIMED_KILLS), start=1):
            built.add_sale(f"{100 + day},lamp,2026-02-{day:02},{day}.00")
            before = built.version
            killed += kill_after(built, delay) == -signal.SIGKILL
            assert (
                built.version == before
                or built.version.facts["invocation_id"] == built.attempt["invocation_id"]
            )
        assert killed >= TIMED_KILLS // 2

        for point in BEFORE_THE_POINTER + AFTER_THE_POINTER:
            before = built.version
            assert built.dbt("build", fault=f"kill:{point}").code == -signal.SIGKILL
            assert (built.version != before) == (point in AFTER_THE_POINTER), point
            assert built.attempt["outcome"] == "started"

        built.build()
    assert_only_versions(built, 3)
    with patient:
        assert not oldest.folder.exists()
        built_by = patient.execute("select distinct built_by from marts.dim_products").fetchall()
        assert built_by == [(oldest.facts["invocation_id"],)]
    ids = [(1,), (2,), (3,), *((100 + day,) for day in range(1, TIMED_KILLS + 1))]
    assert built.query("select sale_id from marts.fct_sales order by all") == ids
    assert built.query("select sale_id from marts.fct_arrivals order by all") == ids
    assert built.query("select count(*) from marts.dim_products") == [(2,)]
    assert all(count["reads"] > 100 and count["versions"] >= 3 for count in counts)


@pytest.mark.parametrize("point", ["build begun", "publishing begun"])
def test_a_full_disk_leaves_the_old_version_serving(built: Sandbox, point: str) -> None:
    before = built.version
    run = built.dbt("build", fault=f"fill:{point}")
    assert run.code not in (0, -signal.SIGKILL), run.output
    assert "File too large" in run.output
    assert built.version == before
    assert built.query("select count(*) from marts.fct_sales") == [(3,)]
    if point == "publishing begun":
        assert built.attempt["outcome"] == "failed"
        assert "Publishing failed" in built.attempt["reasons"][0]
        assert_only_versions(built, 1)
    built.build()
    assert built.version != before
    assert_only_versions(built, 2)


def test_of_two_builds_at_once_the_second_fails_at_once_and_the_first_publishes(built: Sandbox) -> None:
    """The second also replaces dbt's artifacts, which the first still needs."""
    before = built.version
    first = built.start("build", fault="hold:build begun")
    while not (built.root / "held").exists():
        assert first.poll() is None
        time.sleep(0.02)
    second = built.dbt("build")
    assert second.code != 0
    assert f"is held by process {first.pid} (" in second.output
    assert "Wait until that process ends" in second.output
    assert "Traceback" not in second.output
    (built.root / "release").touch()
    output, _ = first.communicate()
    assert first.returncode == 0, output
    assert built.version != before


def test_another_program_that_holds_the_file_is_named(built: Sandbox) -> None:
    before = built.version
    with duckdb.connect(str(built.warehouse / "larkspur.duckdb")):
        run = built.dbt("build")
    assert run.code != 0
    assert f"is held by process {os.getpid()} (" in run.output
    assert built.version == before


def test_what_a_killed_build_wrote_never_reaches_a_later_version(built: Sandbox) -> None:
    before = built.version
    poison(built)
    assert built.dbt("build", fault="kill:results reported").code == -9
    assert built.query_working("select max(amount) from marts.fct_sales") == [(777,)]
    assert (built.attempt["outcome"], built.version) == ("started", before)
    cure(built)
    built.build()
    assert_cured(built)
