"""The overview's logic, and what all pages share, without a browser."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import Built
from tests.dashboard.conftest import Run, text
from tests.dashboard.versions import publish_copy, take_out


@pytest.fixture
def page(open_page: Run) -> Run:
    """Opens the overview."""
    return partial(open_page, "overview")


def test_the_page_opens_on_the_last_twelve_months(page: Run) -> None:
    shown = text(page())
    assert "1 July 2025 \u2013 30 June 2026" in shown
    assert "compared with the 365 days before (1 July 2024 \u2013 30 June 2025)" in shown
    assert "Net sales by month" in shown
    assert "Data to 30 June 2026. Version " in shown


def test_filters_change_what_is_shown(page: Run) -> None:
    app = page()
    everything = text(app)
    app.multiselect(key="region").set_value(["Northern Europe"]).run()
    assert text(app) != everything
    assert "Targets are set by category, not by region" in text(app)
    app.selectbox(key="period").set_value("Last 28 days").run()
    assert "3\u201330 June 2026" in text(app)
    assert "Net sales by day" in text(app)


def test_a_channel_filters_sales(page: Run) -> None:
    app = page(channel=["Email", "Skywriting"])
    assert app.multiselect(key="channel").value == ["Email"]
    assert "Targets are set by category, not by channel: none is shown while a channel is" in text(app)
    assert "1 July 2025 \u2013 30 June 2026, channel Email." in text(app)
    app.multiselect(key="region").set_value(["Northern Europe"]).run()
    assert "1 July 2025 \u2013 30 June 2026, Northern Europe (channel Email)." in text(app)


def test_parameters_set_the_filters(page: Run) -> None:
    app = page(period="This quarter", grain="Week", category=["Kitchen", "Decor"])
    assert app.selectbox(key="period").value == "This quarter"
    assert app.multiselect(key="category").value == ["Kitchen", "Decor"]
    assert "Net sales by week" in text(app)


def test_a_link_to_one_day_shows_that_day(page: Run) -> None:
    shown = text(page(period="Custom", dates=["2026-06-12", "2026-06-12"]))
    assert "12 June 2026" in shown
    assert "the day before" in shown


@pytest.mark.parametrize(
    ("parameters", "asked"),
    [
        ({"period": "Last 3 centuries"}, "period `Last 3 centuries`, which is not there"),
        ({"grain": "Fortnight"}, "grain `Fortnight`"),
        ({"compare": "Yesterday"}, "compare `Yesterday`"),
        ({"region": "Atlantis"}, "region `Atlantis`"),
        ({"category": ["Kitchen", "Weapons", ""]}, "category `Weapons`, which is"),
        ({"category": "Kitchen", "subcategory": "' or 1=1 --"}, "subcategory `' or 1=1 --`"),
        ({"store": [f"Store {number}" for number in range(900)]}, "`Store 4` and 895 more"),
        ({"period": "Custom", "dates": "yesterday"}, "dates `yesterday`"),
        (
            {"period": "Custom", "dates": ["1999-01-01", "2099-12-31"]},
            "dates `1999-01-01` and dates `2099-12-31`, which are not there",
        ),
        ({"period": "Custom", "dates": ["2026-03-31", "2026-03-01"]}, ""),
        ({"period": "Custom", "dates": ["2026-03-31", "2026-04-01", "2026-04-02"]}, ""),
        ({"notes": "maybe"}, "notes `maybe`"),
        ({"numbers": "-1"}, "numbers `-1`"),
        ({"notes": "FALSE"}, ""),
        ({"cut": "true"}, "holds more than can be read"),
        ({"unknown": "x"}, ""),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_bad_url_shows_a_sane_page_and_says_so(
    page: Run, parameters: dict[str, str | list[str]], asked: str
) -> None:
    app = page(**parameters)
    assert "Net sales by " in text(app)
    assert bool(app.info) == bool(asked)
    assert all(asked in line.value for line in app.info)
    app.selectbox(key="compare").set_value("Last year").run()
    assert not app.info, "it is said once"


def test_dates_make_the_period(page: Run) -> None:
    app = page(dates=["2026-06-01", "2026-06-30"])
    assert app.selectbox(key="period").value == "Custom"
    assert "1\u201330 June 2026" in text(app)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("sales", {"rows": "By magic"}),
        ("customers", {"split": "Net joy"}),
        ("acquisition", {"channel": "Pigeons"}),
        ("funnel", {"landing": "On the moon"}),
        ("stores", {"store": "'; drop table marts.dim_stores; --"}),
    ],
)
def test_every_page_says_what_a_link_asks_in_vain(
    open_page: Run, name: str, parameters: dict[str, str]
) -> None:
    [line] = open_page(name, **parameters).info
    [(key, value)] = parameters.items()
    assert line.value == f"The link asked for {key} `{value}`, which is not there."


def test_reset_goes_back_to_the_default(page: Run) -> None:
    app = page(period="This month", region="Northern Europe", grain="Day")
    app.button(key="reset").click().run()
    assert not app.exception
    assert "1 July 2025 \u2013 30 June 2026" in text(app)
    assert app.multiselect(key="region").value == []


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


def test_nothing_published_names_the_command(page: Run, tmp_path: Path) -> None:
    app = page(tmp_path)
    assert "There is nothing to show yet" in text(app)
    assert "No version of the warehouse is published" in app.info[0].value
    assert "`make build` (or `dbt build`)" in app.info[0].value


def test_a_version_without_sales_is_said_in_words(page: Run, built: Built, tmp_path: Path) -> None:
    publish_copy(built.published, tmp_path, "1", "delete from marts.fct_order_items")
    assert "holds no order that is a sale" in page(tmp_path).info[0].value


def test_a_new_version_with_fewer_regions_forgets_the_choice(page: Run, built: Built, tmp_path: Path) -> None:
    first = publish_copy(built.published, tmp_path, "1")
    app = page(tmp_path, region="Southern Europe")
    assert app.multiselect(key="region").value == ["Southern Europe"]
    publish_copy(
        first,
        tmp_path,
        "2",
        "delete from marts.fct_order_items where region = 'Southern Europe';"
        "delete from marts.fct_refunds where region = 'Southern Europe'",
    )
    app.run()
    assert not app.exception
    assert app.multiselect(key="region").value == []
    assert "Version 2," in text(app)


def test_without_planning_there_is_no_word_of_targets(page: Run, built: Built, tmp_path: Path) -> None:
    version = publish_copy(built.published, tmp_path, "1", "drop table marts.fct_sales_targets")
    take_out(version, "sales_targets")
    for parameters in ({}, {"region": "Northern Europe"}):
        shown = text(page(tmp_path, **parameters))
        assert "Net sales by month" in shown
        assert "arget" not in shown


def test_one_region_is_enough(page: Run, built: Built, tmp_path: Path) -> None:
    publish_copy(
        built.published,
        tmp_path,
        "1",
        "delete from marts.fct_order_items where region <> 'Northern Europe';"
        "delete from marts.fct_refunds where region <> 'Northern Europe'",
    )
    assert "Net sales by region" in text(page(tmp_path))
    shutil.rmtree(tmp_path / "published")
    assert "There is nothing to show yet" in text(page(tmp_path))
