"""What readers may ask next, compiled while nobody waits for a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

from dashboard import metrics
from plugins.published import NothingPublishedError

PAUSE = 2.0
"""Seconds without anybody waiting that make a pause, and between looks for one."""
ARRIVAL = 3.0
"""Seconds in which the browser of who opens a page asks for it."""


class Readers:
    """Who waits for a page."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._lock, self._waiting, self._quiet_from = Lock(), 0, inf

    def expect(self) -> None:
        """A reader opens a page, and is going to wait for it."""
        with self._lock:
            self._quiet_from = monotonic() + ARRIVAL

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A reader waits, for as long as the block runs."""
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting, self._quiet_from = self._waiting - 1, monotonic()

    @property
    def pause(self) -> bool:
        """Whether nobody waits, nor did a moment ago; before the first reader there is none."""
        return not self._waiting and monotonic() - self._quiet_from > PAUSE


readers = Readers()


def keep_ahead(warehouse: Path) -> None:
    """Open each version before its first reader comes, and compile what may be asked of it next; for ever."""
    while True:
        work_ahead(warehouse)
        sleep(PAUSE)


def work_ahead(warehouse: Path) -> None:
    """Open the version that serves, and compile for as long as nobody waits."""
    try:
        served = metrics.serving(warehouse)
    except (NothingPublishedError, metrics.NoSalesError, metrics.NotInVersionError):
        return  # The page says what to do.
    while readers.pause and served.compile_ahead():
        pass
