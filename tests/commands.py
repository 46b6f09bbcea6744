"""Runs the project's commands as a person does, each in a home of its own: warehouse, target and logs in one folder."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(home: Path, **changes: str) -> dict[str, str]:
    """The environment in which dbt builds under `home`; `changes` such as RAW_PATH come on top, an empty text unsets."""
    merged = os.environ | {
        "WAREHOUSE_PATH": str(home / "warehouse"),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "NO_COLOR": "1",
    }
    for name in ("RAW_PATH", "SYSTEMS"):
        merged.pop(name, None)
    return {name: value for name, value in (merged | changes).items() if value}


def run(
    *arguments: str, home: Path, cwd: Path = ROOT, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment's bin folder (`dbt`, `mf`, …), by default in the project's root."""
    program = str(Path(sys.executable).with_name(arguments[0]))
    return subprocess.run(
        [program, *arguments[1:]],
        cwd=cwd,
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


def compiled(template: str, home: Path) -> str:
    """The SQL that a piece of Jinja compiles to, with all the project's macros at hand."""
    return dbt("--quiet", "compile", "--inline", template, home=home)
