"""What readers may ask next, compiled while nobody waits for a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

from dashboard import metrics
from plugins.published import NothingPublishedError

PAUSE = 0.5
"""Seconds without anybody waiting that are a pause, and between looks for one."""


class Readers:
    """Who waits for a page."""

    def __init__(self) -> None:
        """Nobody, ever."""
        self._lock, self._waiting, self._served = Lock(), 0, 0.0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """A reader waits, for as long as the block runs."""
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting, self._served = self._waiting - 1, monotonic()

    @property
    def pause(self) -> bool:
        """Whether nobody waits, nor did a moment ago."""
        return not self._waiting and monotonic() - self._served > PAUSE


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
