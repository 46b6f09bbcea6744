"""The project's own plugin, made to fail at a named point: `FAULT=<action>:<point>`.

Actions: `kill` (the process, at once), `fill` (no file may grow further, as on a full disk), `hold` (wait
until the file `release` exists, after making the file `held`).
"""

import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plugins import catalog, publication, publisher, records
from plugins.publisher import Plugin

__all__ = ["Plugin"]

POINTS: dict[str, tuple[Any, str, str]] = {
    "build begun": (records, "prepare_writes", "before"),
    "results recorded": (records, "record_results", "after"),
    "publishing begun": (publication, "copy_tables", "before"),
    "a table copied": (publication, "copy_table", "after"),
    "all tables copied": (publication, "copy_tables", "after"),
    "catalog described": (catalog, "describe", "after"),
    "version complete": (publication, "point_to", "before"),
    "pointer moved": (publication, "point_to", "after"),
    "old versions removed": (records, "unmark_all", "before"),
    "results reported": (publisher.Plugin, "record_and_publish", "before"),
}


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fill() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, resource.RLIM_INFINITY))


def hold() -> None:
    Path("held").touch()
    while not Path("release").exists():
        time.sleep(0.02)


def arm(action: Callable[[], None], point: str) -> None:
    owner, name, moment = POINTS[point]
    original = getattr(owner, name)

    def failing(*args: Any, **kwargs: Any) -> Any:
        if moment == "before":
            action()
        result = original(*args, **kwargs)
        if moment == "after":
            action()
        return result

    failing.__name__ = name
    setattr(owner, name, failing)


if fault := os.environ.get("FAULT"):
    chosen, _, where = fault.partition(":")
    arm({"kill": kill, "fill": fill, "hold": hold}[chosen], where)
