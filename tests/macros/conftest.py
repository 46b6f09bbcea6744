"""What the tests of macros share: each module lists the Jinja that it renders as TEMPLATES, by name."""

from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path

import duckdb
import pytest

from tests.commands import render
from tests.macros.macro_runner import Macros


@pytest.fixture(scope="module")
def rendered(request: pytest.FixtureRequest, jinja_home: Path) -> dict[Hashable, str]:
    """The SQL of each of the module's TEMPLATES."""
    templates: Mapping[Hashable, str] = request.module.TEMPLATES
    return render(templates, jinja_home)


@pytest.fixture(scope="module")
def macros(rendered: dict[str, str]) -> Iterator[Macros]:
    """The same, with a database in which all the module's tests work it out."""
    with duckdb.connect() as opened:
        yield Macros(rendered, opened)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database for one test."""
    with duckdb.connect() as opened:
        yield opened
