"""The sales page without a browser: its filters, its empty states, and the words of its charts."""

from datetime import date
from functools import partial
from html import unescape
from pathlib import Path

import pytest

from dashboard import formats
from dashboard.filters import Filters
from dashboard.metrics import Served
from dashboard.periods import Grain, Period
from dashboard.queries import annotations, days, figures, products, refunds, sales
from tests.conftest import Built
from tests.dashboard.conftest import Run, spoken_of, text
from tests.dashboard.versions import publish_copy, take_out


@pytest.fixture
def page(open_page: Run) -> Run:
    """Opens the sales page."""
    return partial(open_page, "sales")


def test_the_page_opens_on_the_last_twelve_months(page: Run) -> None:
    app = page()
    shown = text(app)
    assert "1 July 2025 \u2013 30 June 2026" in shown
    for title in (
        "Net sales against target by category",
        "Refunds by reason",
        "Net sales by day",
        "products make 80% of net sales",
        "Price against margin by product",
        "The numbers by month",
    ):
        assert title in shown
    assert len(app.get("vega_lite_chart")) == 6


def test_filters_change_what_is_shown(page: Run) -> None:
    everything = text(page())
    app = page(category="Dining")
    assert text(app) != everything
    app.multiselect(key="subcategory").set_value(["Dining Table"]).run()
    assert "Targets are set by category, not by subcategory" in text(app)
    app.multiselect(key="product").set_value(["Heath Dining Table"]).run()
    assert not app.exception
    assert app.multiselect(key="product").value == ["Heath Dining Table"]
    app.multiselect(key="store").set_value(["Larkspur Online"]).run()
    assert not app.exception
    app.button(key="reset").click().run()
    assert text(app) == everything


def test_the_table_shows_other_rows(page: Run) -> None:
    app = page(rows="By product", numbers="true")
    assert "The numbers by product" in text(app)
    assert "product" in app.dataframe[0].value.columns
    assert "The numbers by category" in text(page(rows="By category"))
    assert "The numbers by month" in text(page(rows="By hand"))


@pytest.mark.parametrize(
    "parameters",
    [
        {"category": "'; drop table marts.fct_order_items; --", "region": '"'},
        {"product": ["x"] * 500, "subcategory": "<script>", "store": "\u0000"},
        {"period": "Custom", "dates": ["2026-06-30", "2026-06-30"], "grain": "Year"},
        {"compare": "Nothing", "rows": "", "period": "All"},
    ],
    ids=str,
)
def test_a_bad_url_shows_a_sane_page(page: Run, parameters: dict[str, str | list[str]]) -> None:
    assert "Net sales by day" in text(page(**parameters))


def test_an_empty_selection_is_said_in_words(page: Run, built: Built, tmp_path: Path) -> None:
    publish_copy(
        built.published,
        tmp_path,
        "1",
        "delete from marts.fct_order_items where category = 'Kitchen' and order_date > date '2026-01-01';"
        "delete from marts.fct_refunds where category = 'Kitchen' and refund_date > date '2026-01-01'",
    )
    app = page(tmp_path, period="This month", category="Kitchen")
    assert "No sales match these filters" in text(app)
    assert "Kitchen had neither orders nor refunds in 1\u201330 June 2026" in text(app)
    assert not app.get("vega_lite_chart")


def test_days_with_refunds_alone_are_shown(page: Run, built: Built, tmp_path: Path) -> None:
    publish_copy(
        built.published,
        tmp_path,
        "1",
        "delete from marts.fct_order_items where category = 'Kitchen' and order_date > date '2026-01-01'",
    )
    app = page(tmp_path, period="This month", category="Kitchen")
    shown = text(app)
    assert "Orange: more refunded than sold" in shown
    assert "They add up to nothing or less: no share is shown" in shown
    assert "No product has both a price and a margin on these days" in " ".join(
        caption.value for caption in app.caption
    )
    assert len(app.get("vega_lite_chart")) == 4


def test_without_refunds_and_without_planning(page: Run, built: Built, tmp_path: Path) -> None:
    version = publish_copy(
        built.published, tmp_path, "1", "delete from marts.fct_refunds; drop table marts.fct_sales_targets"
    )
    take_out(version, "sales_targets")
    for parameters in ({}, {"region": "Northern Europe"}):
        app = page(tmp_path, **parameters)
        assert "arget" not in text(app)
        assert "Net sales by category" in text(app)
        assert "Nothing was refunded on these days" in " ".join(caption.value for caption in app.caption)


def test_charts_have_words_made_from_the_data(page: Run, served: Served) -> None:
    app = page()
    chosen = Filters(Period(date(2025, 7, 1), served.data.end), Grain.MONTH, has_notes=True)
    ledger = sales.read(served, chosen)
    happened = annotations.in_words(ledger.days.events)
    assert happened.startswith("Promotions: SUMMER25")
    largest, row = next(iter(ledger.by_product.items()))
    begin = [
        f"{sales.bullets_sentence(ledger)}. ",
        f"{refunds.sentence(ledger)}.",
        f"{days.sentence(ledger.days)}. {happened}",
        f"{products.pareto_title(ledger)}.",
        f"{largest}: {formats.money(row[figures.NET_SALES])}, ",
        f"{products.scatter_sentence(ledger)}.",
    ]
    for heard, words in zip(spoken_of(app), begin, strict=True):
        assert unescape(heard).startswith(words)
