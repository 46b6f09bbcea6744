"""How much of a build publishing takes: both measured in the same runs of `dbt build`.

    python -m benchmarks.publishing [--project DIR] [--runs N]

Builds the project in a temporary warehouse, once cold and then N times warm. Publishing is the time of the
on-run-end hook: recording results, deciding, writing the version, moving the pointer, clearing old versions.
The build is all of dbt's run of nodes and hooks, without starting Python and parsing. Goal: at most 5 %.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from plugins.published import require_version
from tests.commands import ROOT


@dataclass(frozen=True)
class Measure:
    """Seconds of one build, of its two hooks, and of writing the version within the second."""

    build: float
    starting: float
    publishing: float
    writing: float


def measure(project: Path, folder: Path) -> Measure:
    """Run one build. Raises CalledProcessError, with dbt's output, if it fails."""
    environment = {
        **os.environ,
        "WAREHOUSE_PATH": str(folder / "warehouse"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "REPOSITORY": str(ROOT),
        "MACROS": str(ROOT / "macros"),
    }
    dbt = Path(sys.executable).with_name("dbt")
    subprocess.run([dbt, "build"], cwd=project, env=environment, check=True, stdout=subprocess.PIPE)
    run = json.loads((folder / "target" / "run_results.json").read_text())
    hooks = {
        result["unique_id"].split(".")[-1]: float(result["execution_time"])
        for result in run["results"]
        if result["unique_id"].startswith("operation.")
    }
    return Measure(
        run["elapsed_time"],
        sum(seconds for name, seconds in hooks.items() if name.endswith("on-run-start-0")),
        sum(seconds for name, seconds in hooks.items() if name.endswith("on-run-end-0")),
        require_version(folder / "warehouse").facts["publishing_seconds"],
    )


def main() -> None:
    """Print the times of each run and the median share."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--project", type=Path, default=ROOT, help="a dbt project; by default this one")
    parser.add_argument("--runs", type=int, default=3, help="warm runs after the cold one")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measures = [measure(arguments.project, folder) for _ in range(arguments.runs + 1)]
        facts = require_version(folder / "warehouse").facts
    print(f"{sum(facts['nodes'].values())} nodes, {len(facts['rows'])} marts, {facts['bytes'] / 1e6:.1f} MB")
    print("       build s  start hook s  publishing s  of it writing s  share")
    for number, run in enumerate(measures):
        print(
            f"{'warm' if number else 'cold':4} {run.build:9.2f} {run.starting:13.2f} {run.publishing:13.2f} "
            f"{run.writing:16.2f} {run.publishing / run.build:6.1%}"
        )
    share = statistics.median(run.publishing / run.build for run in measures[1:])
    print(f"publishing: {share:.1%} of the build (median of the warm runs; goal: at most 5 %)")


if __name__ == "__main__":
    main()
