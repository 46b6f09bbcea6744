"""A Chromium for the tests: one that is here, or one installed now.

`python -m tests.chromium` prints its path, after installing it if it must: with the system's package manager
where it may, else with Playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
INSTALL = (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"])


def found() -> str | None:
    """The path of a Chromium or a browser built on it, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def may_install() -> list[str] | None:
    """What comes before `apt-get` to use it without a password: nothing for root; None where one may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install() -> str:
    """Install Chromium; returns what went wrong, in words, and an empty text where nothing did."""
    problems = []
    prefix = may_install()
    if prefix is not None:
        for command in INSTALL:
            done = subprocess.run([*prefix, *command], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return ""
        problems.append(done.stderr.strip())
    own = [sys.executable, "-m", "playwright", "install", "chromium"]
    done = subprocess.run(own, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else "\n".join([*problems, done.stderr.strip()])


def require() -> str:
    """The path of a Chromium, installed first where there is none.

    Raises RuntimeError, with what the installers said, where that does not work.
    """
    path = found()
    if path is None:
        problem = install()
        path = found()
        if path is None:
            raise RuntimeError(
                f"The dashboard's tests need Chromium, Chrome or Edge; none could be installed. {problem}\n"
                "Install one of them so that it is on the PATH, then run the tests again."
            )
    return path


if __name__ == "__main__":
    print(require())
