"""A link may be pinned to a published version, which may be gone when it is opened."""

from pathlib import Path

import pytest

from dashboard import metrics
from plugins.published import UnknownVersionError, kept_versions
from tests.conftest import Built
from tests.dashboard.conftest import Run, text
from tests.dashboard.versions import publish_copy, take_out_metric

FEWER_ORDERS = "delete from marts.fct_order_items where region = 'Southern Europe'"


@pytest.fixture
def warehouse(built: Built, tmp_path: Path) -> Path:
    """Two versions, the second of which serves."""
    first = publish_copy(built.published, tmp_path / "warehouse", "1")
    publish_copy(first, tmp_path / "warehouse", "2", FEWER_ORDERS)
    return tmp_path / "warehouse"


def test_versions_are_listed_the_latest_first(warehouse: Path) -> None:
    assert [version.name for version in kept_versions(warehouse)] == ["2", "1"]


def test_a_pinned_version_is_opened_beside_the_one_that_serves(warehouse: Path) -> None:
    pinned, serving = metrics.serving(warehouse, "1"), metrics.serving(warehouse)
    assert (pinned.name, serving.name) == ("1", "2")
    assert metrics.serving(warehouse, "1") is pinned
    assert metrics.serving(warehouse) is serving


@pytest.mark.parametrize("name", ["3", "../2", "", "1' or '1'='1", "current"])
def test_only_a_version_that_is_kept_can_be_pinned(warehouse: Path, name: str) -> None:
    if not name:
        assert metrics.serving(warehouse, name).name == "2"
        return
    with pytest.raises(UnknownVersionError, match="is not kept"):
        metrics.serving(warehouse, name)


def test_a_pinned_link_shows_its_version(open_page: Run, warehouse: Path) -> None:
    shown = text(open_page("overview", warehouse, version="1"))
    assert "Version 1, published" in shown
    assert "The link is pinned to it." in shown
    assert "Version 2, published" in text(open_page("overview", warehouse))


def test_a_reader_pins_and_lets_go(open_page: Run, warehouse: Path) -> None:
    app = open_page("overview", warehouse)
    app.button(key="pin").click().run()
    assert [*app.query_params["version"]] == ["2"]
    app.switch_page("views/funnel.py").run()
    assert [*app.query_params["version"]] == ["2"]
    app.button(key="release").click().run()
    assert not app.exception
    assert "version" not in app.query_params
    assert "The link is pinned to it." not in text(app)


@pytest.mark.parametrize("name", ["3", "<script>alert(1)</script>", "x" * 5000])
def test_a_version_that_is_gone_is_said(open_page: Run, warehouse: Path, name: str) -> None:
    app = open_page("overview", warehouse, version=name)
    assert "This version is not there any more" in text(app)
    assert name[:40] in app.info[0].value
    app.button(key="release").click().run()
    assert not app.exception
    assert "Version 2, published" in text(app)


@pytest.mark.parametrize(
    ("page", "metric"),
    [
        ("overview", "average_order_value"),
        ("sales", "average_price"),
        ("customers", "repeat_rate"),
        ("stores", "gross_margin_rate"),
        ("acquisition", "visitors"),
        ("funnel", "cart_to_checkout_rate"),
        *((page, "net_sales") for page in ("overview", "sales", "customers", "stores")),
    ],
)
def test_a_page_whose_metric_is_gone_says_so(
    open_page: Run, built: Built, tmp_path: Path, page: str, metric: str
) -> None:
    take_out_metric(publish_copy(built.published, tmp_path, "1"), metric)
    shown = text(open_page(page, tmp_path))
    assert "This version lacks what the page shows" in shown
    assert f"it has no {metric}" in shown


@pytest.mark.parametrize(("page", "words"), [("explore", "Explore"), ("catalog", "Catalog")])
def test_other_pages_open_without_a_metric_that_is_gone(
    open_page: Run, built: Built, tmp_path: Path, page: str, words: str
) -> None:
    take_out_metric(publish_copy(built.published, tmp_path, "1"), "net_sales")
    app = open_page(page, tmp_path)
    assert not app.exception
    assert words in text(app)
    assert "This version lacks" not in text(app)
