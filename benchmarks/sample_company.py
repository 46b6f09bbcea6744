"""How fast the sample company is made and how much memory it takes: `python -m benchmarks.sample_company`.

Each scale runs in a process of its own, for peak memory is a property of a process. Rows per second are
all rows of all tables over the wall time of the whole command, start included.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Run:
    """One run of the program. Sizes are in MiB, times in seconds."""

    scale: int
    file_format: str
    rows: int
    seconds: float
    rows_per_second: int
    peak_memory: float
    written: float


def _memory_of_last_child(command: list[str]) -> tuple[str, int]:
    """Run the command in a child of a child; its output and its peak resident memory in bytes."""
    probe = (
        "import json, resource, subprocess, sys;"
        "out = subprocess.run(sys.argv[1:], check=True, stdout=subprocess.PIPE, text=True).stdout;"
        "print(json.dumps([out, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, *command], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    output, peak = json.loads(done.stdout)
    unit = 1 if sys.platform == "darwin" else 1024
    return output, peak * unit


def measure(scale: int, file_format: str) -> Run:
    """Make the company once, in a directory that is removed again."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-m", "sample_company", "--out", directory]
        start = time.perf_counter()
        output, peak = _memory_of_last_child([*command, "--scale", str(scale), "--format", file_format])
        seconds = time.perf_counter() - start
        written = sum(path.stat().st_size for path in Path(directory).rglob("*") if path.is_file())
    found = re.match(r"[\d,]+", output)
    if found is None:
        raise ValueError(f"expected the number of rows first, got {output!r}")
    rows = int(found.group().replace(",", ""))
    return Run(
        scale, file_format, rows, round(seconds, 2), round(rows / seconds),
        round(peak / MEBIBYTE, 1), round(written / MEBIBYTE, 1),
    )  # fmt: skip


def main() -> None:
    """Print one line of JSON for each scale and format."""
    parser = argparse.ArgumentParser(description="Speed and memory of the sample company's generator.")
    parser.add_argument("--scales", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--formats", nargs="+", default=["csv", "parquet"], choices=["csv", "parquet"])
    arguments = parser.parse_args()
    for file_format in arguments.formats:
        for scale in arguments.scales:
            print(json.dumps(asdict(measure(scale, file_format))), flush=True)


if __name__ == "__main__":
    main()
