"""The make targets: what they list, what they refuse, and what they do not do twice."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands import ROOT, dbt
from tests.conftest import Built


def make(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    # What a make that runs these tests tells its children must not reach this one.
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"
    }
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what an installation reads, and nothing installed."""
    for file in (ROOT / "Makefile", ROOT / "requirements.txt"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_make_alone_lists_every_target(folder: Path) -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    listed = [line.split()[1] for line in make(folder=folder).stdout.splitlines()]
    assert listed == targets
    assert {"dashboard", "build", "test", "docs", "lint", "clean", "complete-journey"} <= set(listed)


def test_a_python_that_is_too_old_is_refused(folder: Path) -> None:
    old = folder / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.1\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    done = make("build", f"PYTHON={old}", folder=folder)
    assert done.returncode != 0
    assert f"Larkspur needs Python 3.11 or newer, and {old} is Python 3.9.1." in done.stderr
    assert not (folder / ".venv").exists()


def test_a_machine_without_python_is_told_so(folder: Path) -> None:
    done = make("build", "PYTHON=", folder=folder)
    assert done.returncode != 0
    assert "Larkspur needs Python 3.11 or newer, and found none." in done.stderr


def test_nothing_is_installed_twice(folder: Path) -> None:
    assert "pip install" in make("--dry-run", "build", folder=folder).stdout
    (folder / ".venv").mkdir()
    (folder / ".venv" / ".installed").touch()
    assert make("--dry-run", "build", folder=folder).stdout.split() == [".venv/bin/dbt", "build"]


@pytest.fixture(scope="module")
def home(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the build, for commands that write artifacts anew."""
    return shutil.copytree(built.home, tmp_path_factory.mktemp("made") / "home")


def test_nothing_is_parsed_twice(home: Path) -> None:
    printed = [dbt("ls", "--resource-type", "exposure", home=home) for _ in range(2)]
    assert "Starting full parse" not in printed[1]
    assert "Unable to do partial parsing" not in printed[1]


def test_sources_are_fresh(home: Path) -> None:
    printed = dbt("source", "freshness", home=home)
    assert printed.count(" PASS freshness of ") == 15
    assert "WARN" not in printed
