"""What several test modules share."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from plugins.published import Version, require_version
from tests.commands import dbt

settings.register_profile("larkspur", deadline=None)  # A slow machine is no fault of what is tested.
settings.load_profile("larkspur")


@dataclass(frozen=True)
class Built:
    """Where one build of the project, by itself and with the sample company's data, left its results.

    Only read them: a command of dbt in this home would overwrite the manifest. `render` has `jinja_home`.
    """

    home: Path

    @property
    def warehouse(self) -> Path:
        """The folder of the working warehouse and of the published versions."""
        return self.home / "warehouse"

    @property
    def database(self) -> Path:
        """The working warehouse; open it read-only."""
        return self.warehouse / "larkspur.duckdb"

    @property
    def target(self) -> Path:
        """dbt's artifacts: manifest.json, catalog.json and so on."""
        return self.home / "target"

    @property
    def published(self) -> Version:
        """The version that serves."""
        return require_version(self.warehouse)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The project, built, published and documented once for all tests, warnings as errors. Only read it.

    Where the tests run in several processes, the first that needs it builds it for all.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        home = tmp_path_factory.mktemp("built")
        build(home)
        return Built(home)
    home = tmp_path_factory.getbasetemp().parent / "built"
    with FileLock(home.with_suffix(".lock")):
        if not (home / "is_built").exists():
            build(home)
            (home / "is_built").touch()
    return Built(home)


def build(home: Path) -> None:
    """Build and document the project in this home."""
    dbt("--warn-error", "build", home=home)
    dbt("--warn-error", "docs", "generate", home=home)


@pytest.fixture(scope="session")
def jinja_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with nothing built, in which tests render Jinja: shared, so that dbt parses the project once."""
    return tmp_path_factory.mktemp("jinja")
