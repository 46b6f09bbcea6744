"""Finding a Chromium, and saying what to do where there is none."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests import chromium


def test_one_is_found_here() -> None:
    assert Path(chromium.require()).exists()


@pytest.mark.parametrize("name", chromium.NAMES)
def test_any_of_the_names_will_do(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / name
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.found() == str(program)


def test_where_none_can_be_installed_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def refuse(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 1, "", f"{command[0]} said no")

    monkeypatch.setattr(chromium, "found", lambda: None)
    monkeypatch.setattr(chromium, "may_install", lambda: ["sudo", "-n"])
    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(RuntimeError, match="Install one of them so that it is on the PATH"):
        chromium.require()
    assert [command[:3] for command in commands[:2]] == [["sudo", "-n", "apt-get"]] * 2
    assert commands[2][1:] == ["-m", "playwright", "install", "chromium"]


def test_without_a_package_manager_playwrights_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert chromium.may_install() is None
