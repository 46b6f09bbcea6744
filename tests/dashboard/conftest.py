"""What the dashboard's test modules share: the built version, opened, and its pages without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import metrics
from dashboard.metrics import Served
from tests.conftest import Built
from tests.dashboard.browser import ROOT

Run = Callable[..., AppTest]
"""Opens a page: its name, a warehouse (by default the built one), and the parameters of its URL."""


@pytest.fixture(scope="module")
def served(built: Built) -> Served:
    return metrics.serving(built.warehouse)


@pytest.fixture(scope="module")
def marts(built: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built.published.database), read_only=True) as connection:
        yield connection


@pytest.fixture
def open_page(built: Built, monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(name: str, warehouse: Path = built.warehouse, **parameters: str | list[str]) -> AppTest:
        monkeypatch.setenv("WAREHOUSE_PATH", str(warehouse))
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=30)
        app.switch_page(f"views/{name}.py")
        for key, value in parameters.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return run


def text(app: AppTest) -> str:
    """All HTML of the page but its stylesheet."""
    return "".join(
        element.proto.body for element in app.get("html") if not element.proto.body.startswith("<style>")
    )
