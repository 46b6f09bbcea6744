"""Explore: shelf, links and empty answers, without a browser."""

from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.periods import Compare
from tests.conftest import Built
from tests.dashboard.conftest import Run, spoken_of, text
from tests.dashboard.versions import publish_copy, take_out


@pytest.fixture
def page(open_page: Run) -> Run:
    """Opens the page."""
    return partial(open_page, "explore")


def said(app: AppTest) -> str:
    return " ".join(each.value for each in app.info)


def options(app: AppTest) -> list[str]:
    [control] = [each for each in app.segmented_control if each.key == "chart"]
    return [*control.options]


def test_it_opens_on_net_sales_over_time(page: Run) -> None:
    app = page()
    shown = text(app)
    assert "<h2>Net sales by month</h2>" in shown
    assert "US dollars. 1 July 2025 \u2013 30 June 2026." in shown
    assert options(app)[:2] == ["Auto", "Line"]
    assert "It crosses two things, for one metric." in shown
    assert "metric_time" in app.code[0].value
    assert "$first_day is 2025-07-01" in app.caption[0].value


def test_the_shelf_changes_what_is_shown(page: Run) -> None:
    app = page()
    app.multiselect(key="by").set_value(["Region"]).run()
    assert "<h2>Net sales by region</h2>" in text(app)
    assert "Sessions" not in app.multiselect(key="metrics").options
    app.multiselect(key="metrics").set_value(["Net sales", "Orders"]).run()
    assert "Net sales and Orders by region" in text(app)
    assert "Scatter" in options(app)
    app.segmented_control(key="chart").set_value("Pivot").run()
    assert 'class="crossed"' in text(app)
    app.multiselect(key="by").set_value([]).run()
    assert not app.exception
    assert options(app) == ["Auto", "Figures"]
    app.multiselect(key="metrics").set_value([]).run()
    assert "No metric is chosen" in text(app)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"by": ["Region", "Category"]}, "Net sales by region and category"),
        ({"by": ["Time", "Region"], "chart": "Area", "metrics": "Units"}, "Units by month and region"),
        ({"by": "Category", "chart": "Scatter", "metrics": ["Orders", "Repeat rate"]}, "Upwards orders"),
        ({"by": "Device", "metrics": "Conversion rate"}, "Conversion rate by device"),
        (
            {"by": "Time", "chart": "Bars", "period": "Last 90 days", "grain": "Month"},
            "Pale: part of a month",
        ),
        ({"by": "Product"}, "The 50 largest of"),
        ({"by": "", "metrics": ["Orders", "Sessions"]}, "vs the 365 days before"),
        ({"metrics": ["Net sales", "Sessions"]}, "Sessions by month"),
        ({"grain": "Day", "forecast": "true"}, "Forecast of 14 days"),
        ({"grain": "Quarter", "forecast": "true"}, "No forecast. It takes "),
        ({"by": ["Segment", "Time"], "chart": "Pivot"}, "segment by month"),
        ({"by": "Region", "chart": "Table"}, "the numbers"),
        ({"region": "Northern Europe"}, "US dollars, of Northern Europe."),
    ],
    ids=str,
)
def test_a_link_opens_its_picture(page: Run, parameters: dict[str, Any], words: str) -> None:
    app = page(**parameters)
    assert words.lower() in text(app).lower()
    assert not app.info


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"chart": "Bars"},
        {"chart": "Area", "metrics": "Units"},
        {"metrics": ["Orders", "Sessions"]},
        {"grain": "Month", "forecast": "true"},
    ],
    ids=str,
)
def test_charts_over_time_mark_what_happened(page: Run, parameters: dict[str, Any]) -> None:
    app = page(**parameters)
    heard = spoken_of(app)
    assert heard
    assert all("Promotions: SUMMER25" in words for words in heard)
    app.toggle(key="notes").set_value(False).run()
    assert not app.exception
    assert spoken_of(app) == [words.partition(" Promotions: ")[0] for words in heard]


@pytest.mark.parametrize(
    ("parameters", "controls"),
    [
        ({}, {"notes"}),
        ({"chart": "Pivot"}, set()),
        ({"chart": "Pie"}, {"notes"}),
        ({"by": ["Time", "Region"], "chart": "Heat map"}, set()),
        ({"metrics": ["Orders", "Sessions"], "chart": "Scatter"}, set()),
        ({"by": "Region"}, {"compare"}),
        ({"by": "Region", "chart": "Heat map"}, {"compare"}),
        ({"by": ""}, {"compare"}),
        ({"metrics": ""}, set()),
    ],
    ids=str,
)
def test_controls_are_there_where_they_change_the_picture(
    page: Run, parameters: dict[str, Any], controls: set[str]
) -> None:
    app = page(**parameters)
    drawn = {str(each.key) for each in (*app.selectbox, *app.toggle)}
    assert drawn & {"compare", "notes"} == controls


def test_a_picture_opens_what_lies_behind_it(page: Run, marts: duckdb.DuckDBPyConnection) -> None:
    app = page(metrics=["Units", "Orders"], region="Northern Europe")
    for title in ("Units and Orders by month", "Units and Orders by month: the numbers"):
        app.button(key=f"drill-{title}").click().run()
        assert not app.exception
        [now, then] = marts.execute(
            """
            select
                sum(unit_count) filter (order_date between '2025-07-01' and '2026-06-30'),
                sum(unit_count) filter (order_date between '2024-07-01' and '2025-06-30')
            from marts.fct_order_items where region = 'Northern Europe'
            """
        ).fetchall()[0]
        assert now > then
        words = f"Units rose by {now - then:,} (+{now / then - 1:.1%}) against the 365 days before; by "
        assert words in text(app)


def test_a_scatter_says_both_values_of_its_first_points(page: Run) -> None:
    app = page(by="Category", chart="Scatter", metrics=["Orders", "Repeat rate"], numbers="true")
    [table] = app.dataframe
    first = table.value.iloc[table.value["orders"].argmax()]
    [heard] = spoken_of(app)
    assert "points, each with Orders and Repeat rate. " in heard
    assert f". {first['category']}: {first['orders']:,.0f}, {first['repeat_rate']:.1f}%; " in heard
    assert heard.endswith("more.")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"metrics": "Happiness"}, "metrics `Happiness`, which is not there"),
        ({"by": "Shoe size"}, "by `Shoe size`"),
        ({"chart": "Pie"}, "chart `Pie`"),
        ({"forecast": "perhaps"}, "forecast `perhaps`"),
        ({"compare": str(Compare.YEAR)}, f"compare `{Compare.YEAR}`, which is not there"),
        ({"metrics": "'; drop table marts.fct_orders; --"}, "drop table"),
        ({"metrics": "<script>alert(1)</script>"}, "<script>"),
        ({"metrics": ["x" * 5000] * 50}, "`" + "x" * 40 + "`"),
        ({"by": [f"name {number}" for number in range(500)]}, "`name 4` and 495 more"),
        ({"by": "Device"}, "Net sales cannot be divided by device."),
        (
            {"by": "Device", "metrics": ["Net sales", "Orders", "Sessions"]},
            "Net sales and Orders cannot be divided",
        ),
        ({"chart": "Scatter"}, "does not suit what is shown. It takes two metrics"),
        ({"chart": "Area", "metrics": "Orders"}, "those of orders do not add up"),
        ({"metrics": ["Net sales", "Gross happiness"]}, "Gross happiness"),
        (
            {"by": ["Time", "Category", "Region", "Store"]},
            "No more than 2 names to divide by go together: Region and Store of the link are left out.",
        ),
        (
            {"metrics": ["Net sales", "Orders", "Units", "Sales", "Discounts", "Refunds"]},
            "No more than 5 metrics go together: Refunds of the link is left out.",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_a_link_asks_in_vain_is_said(page: Run, parameters: dict[str, Any], words: str) -> None:
    app = page(**parameters)
    assert words in said(app)
    assert "by month" in text(app)


@pytest.mark.parametrize(
    "parameters",
    [
        {"grain": "x"},
        {"metrics": ""},
        {"by": ["Region", "Time", "Store", "Category"]},
    ],
    ids=str,
)
def test_other_odd_links_open_the_page(page: Run, parameters: dict[str, Any]) -> None:
    assert "Explore" in text(page(**parameters))


def test_reset_goes_back_to_the_default(page: Run) -> None:
    app = page(metrics=["Orders"], by=["Region"], chart="Pivot", region="Northern Europe")
    app.button(key="reset").click().run()
    assert not app.exception
    assert app.multiselect(key="metrics").value == ["Net sales"]
    assert app.multiselect(key="by").value == ["Time"]
    assert "<h2>Net sales by month</h2>" in text(app)


def test_an_empty_answer_is_said_in_words(page: Run, built: Built, tmp_path: Path) -> None:
    publish_copy(
        built.published, tmp_path, "1", "delete from marts.fct_refunds where refund_date > date '2026-01-01'"
    )
    app = page(tmp_path, metrics="Refunds", period="This month")
    assert "Nothing matches these filters" in text(app)
    assert "Refunds by day: no value in 1\u201330 June 2026" in text(app)
    assert not app.get("vega_lite_chart")


def test_a_metric_that_no_longer_exists_is_forgotten(page: Run, built: Built, tmp_path: Path) -> None:
    first = publish_copy(built.published, tmp_path, "1")
    app = page(tmp_path, metrics=["Net sales", "Sales target"])
    assert app.multiselect(key="metrics").value == ["Net sales", "Sales target"]
    second = publish_copy(first, tmp_path, "2")
    take_out(second, "sales_targets")
    app.run()
    assert not app.exception
    assert app.multiselect(key="metrics").value == ["Net sales"]
    assert "sales target" in said(page(tmp_path, metrics="Sales target")).lower()
