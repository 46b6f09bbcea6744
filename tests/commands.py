"""Runs the project's commands as a person does, each in a home of its own.

A home is a folder that holds a warehouse, a target and logs.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

K = TypeVar("K")

ROOT = Path(__file__).parents[1]


def environment(home: Path, **changes: str) -> dict[str, str]:
    """The environment in which dbt builds under `home`.

    `changes` such as RAW_PATH come on top; an empty text unsets.
    """
    merged = os.environ | {
        "WAREHOUSE_PATH": str(home / "warehouse"),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "NO_COLOR": "1",
    }
    for name in ("RAW_PATH", "SYSTEMS"):
        merged.pop(name, None)
    return {name: value for name, value in (merged | changes).items() if value}


def program(name: str) -> str:
    """The path of a command that is installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


def run(*arguments: str, home: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment's bin folder (`dbt`, `mf`, …) in the project's root."""
    return subprocess.run(
        [program(arguments[0]), *arguments[1:]],
        cwd=ROOT,
        env=environment(home, **changes),
        capture_output=True,
        text=True,
        check=False,
    )


def dbt(*arguments: str, home: Path, **changes: str) -> str:
    """Run dbt and return what it printed; fails with that text when dbt does."""
    done = run("dbt", *arguments, home=home, **changes)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def render(templates: Mapping[K, str], home: Path) -> dict[K, str]:
    """What each piece of Jinja renders to, with all the project's macros at hand, in one run of dbt.

    It leaves the home's manifest as it is. The next run there need not parse the project again.
    """
    mark = "-- next piece"
    template = f"\n{mark}\n".join(templates.values())
    text = dbt("--quiet", "--no-write-json", "compile", "--inline", template, home=home)
    return dict(zip(templates, (piece.strip() for piece in text.split(mark)), strict=True))
