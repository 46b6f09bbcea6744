"""Build, test and publish The Complete Journey: `python -m examples.complete_journey [--warehouse DIR]`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from examples.complete_journey.prepare import PackageMissingError, data_folder, prepare

PROJECT = Path(__file__).resolve().parents[2]
WAREHOUSE = Path("warehouse/complete_journey")


def environment(warehouse: Path) -> dict[str, str]:
    """The environment in which dbt reads the files under `warehouse`/raw, and nothing but the shop."""
    return {
        **os.environ,
        "RAW_PATH": str(warehouse / "raw"),
        "SYSTEMS": "shop",
        "WAREHOUSE_PATH": str(warehouse),
    }


def build(warehouse: Path) -> int:
    """Run `dbt build` on the prepared files; all it makes lies under `warehouse`. Returns dbt's exit code."""
    dbt = str(Path(sys.executable).with_name("dbt"))
    folders = ["--target-path", str(warehouse / "target"), "--log-path", str(warehouse / "logs")]
    command = [dbt, "build", *folders]
    return subprocess.run(command, cwd=PROJECT, env=environment(warehouse), check=False).returncode


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare, build, and say how to look at it; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.complete_journey",
        description="Build, test and publish a year of purchases by 2,469 households.",
    )
    parser.add_argument(
        "--warehouse", type=Path, default=WAREHOUSE, help=f"folder of the warehouse (default: {WAREHOUSE})"
    )
    chosen: Path = parser.parse_args(arguments).warehouse
    warehouse = chosen.resolve()
    try:
        prepare(data_folder(), warehouse / "raw")
    except PackageMissingError as error:
        print(error, file=sys.stderr)
        return 1
    code = build(warehouse)
    if code == 0:
        print(f"To open the dashboard on it: WAREHOUSE_PATH={chosen} {sys.executable} -m dashboard")
    return code


if __name__ == "__main__":
    sys.exit(main())
