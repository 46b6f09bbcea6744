"""What the tests of macros share: each module lists the Jinja that it renders as TEMPLATES, by name."""

from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path

import duckdb
import pytest

from tests.commands import render
from tests.macros.macro_runner import Macros


@pytest.fixture(scope="session")
def all_rendered(request: pytest.FixtureRequest, jinja_home: Path) -> dict[tuple[str, Hashable], str]:
    """The SQL of the TEMPLATES of all modules that were collected, by module and name: one run of dbt."""
    modules = {item.module for item in request.session.items if isinstance(item, pytest.Function)}
    templates: dict[tuple[str, Hashable], str] = {
        (module.__name__, name): template
        for module in modules
        for name, template in getattr(module, "TEMPLATES", {}).items()
    }
    return render(templates, jinja_home)


@pytest.fixture(scope="module")
def rendered(
    request: pytest.FixtureRequest, all_rendered: Mapping[tuple[str, Hashable], str]
) -> dict[Hashable, str]:
    """The SQL of each of the module's TEMPLATES."""
    module = request.module
    return {name: all_rendered[module.__name__, name] for name in module.TEMPLATES}


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
