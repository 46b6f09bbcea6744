"""What the dashboard's test modules share: the built version, opened, and its pages, in a browser or not."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from streamlit.testing.v1 import AppTest

from dashboard import metrics
from dashboard.bookmarks import FIRST_PAGE
from dashboard.metrics import Served
from tests.conftest import Built
from tests.dashboard.browser import ROOT, WIDE, Site, browser, serve

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
def open_page(built: Built, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("SAVED_VIEWS_PATH", str(tmp_path / "saved_views.sqlite"))

    def run(name: str, warehouse: Path = built.warehouse, **parameters: str | list[str]) -> AppTest:
        monkeypatch.setenv("WAREHOUSE_PATH", str(warehouse))
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=30)
        if name != FIRST_PAGE:
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


def spoken_of(app: AppTest) -> list[str]:
    """What the page's charts say to who cannot see them, one after the other."""
    return re.findall(r'<p class="spoken">(.*?)</p>', text(app))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def site(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    log = tmp_path_factory.mktemp("site") / "log"
    with serve(built.warehouse, log) as server:
        yield Site(server, log)
    printed = log.read_text(encoding="utf-8")
    assert "Traceback" not in printed, printed
    assert "arning" not in printed, printed


@pytest.fixture(scope="session")
def address(site: Site) -> str:
    """Where the built version is served."""
    return site.server.address


@pytest.fixture(scope="session")
def reader(chromium: Browser) -> Iterator[BrowserContext]:
    """A reader, whose browser keeps the scripts that it has loaded."""
    context = chromium.new_context(viewport=WIDE, color_scheme="light", accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(reader: BrowserContext) -> Iterator[Page]:
    yield reader.new_page()
    for tab in reader.pages:
        tab.close()
