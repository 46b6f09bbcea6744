"""Explore in Chromium: build a picture by clicks, open its link, switch charts, filter by a bar."""

import pytest
from playwright.sync_api import Page, expect

from tests.dashboard.browser import CLICK, parameters, settle

BARS = ".st-key-card-explore svg.marks .mark-rect.role-mark path[aria-roledescription=bar]"


def pick(page: Page, key: str, option: str, words: str, charts: int = 1) -> None:
    """Add an option to a choice of several, and wait for the picture."""
    page.locator(f".st-key-{key} input").first.fill(option)
    page.get_by_role("option", name=option, exact=True).evaluate(CLICK)
    settle(page, words, charts=charts)
    page.keyboard.press("Escape")


def draw(page: Page, kind: str, words: str, charts: int = 1) -> None:
    """Choose a chart, and wait for it."""
    page.locator(".st-key-chart button").filter(has_text=kind).click()
    expect(page.locator(".st-key-card-explore, .st-key-card-explore-0").first).to_contain_text(words)
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
    expect(page.locator(".stVegaLiteChart :is(svg, canvas)")).to_have_count(charts)


def heading(page: Page) -> str:
    return page.locator(".heading h2").first.inner_text()


def test_a_picture_is_built_by_clicks_and_its_link_opens_it(address: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text)
            if message.type in ("error", "warning") and "/_stcore/" not in message.location["url"]
            else None
        ),
    )
    page.goto(f"{address}/explore")
    settle(page, "Net sales by month", charts=1)
    assert parameters(page) == {}
    pick(page, "by", "Region", "Net sales by month and region")
    assert parameters(page) == {"by": ["Time", "Region"]}
    draw(page, "Heat map", "Net sales by month and region")
    expect(page.locator(".st-key-card-explore svg .mark-rect.role-mark path")).to_have_count(4 * 12)
    draw(page, "Area", "Net sales by month and region")
    draw(page, "Pivot", "Totals are asked for", charts=0)
    assert parameters(page) == {"by": ["Time", "Region"], "chart": ["Pivot"]}
    shown = page.locator(".crossed").inner_text()
    page.goto("about:blank")
    page.go_back()
    settle(page, "Totals are asked for", charts=0)
    assert page.locator(".crossed").inner_text() == shown
    other = page.context.new_page()
    other.goto(page.url)
    settle(other, "Totals are asked for", charts=0)
    assert other.locator(".crossed").inner_text() == shown
    assert complaints == []


def test_two_metrics_make_a_scatter(address: str, page: Page) -> None:
    page.goto(f"{address}/explore?by=Category")
    settle(page, "Net sales by category", charts=1)
    pick(page, "metrics", "Repeat rate", "Net sales and Repeat rate by category")
    draw(page, "Scatter", "Upwards net sales, to the right repeat rate")
    assert parameters(page)["metrics"] == ["Net sales", "Repeat rate"]
    assert page.locator(".st-key-card-explore svg .mark-symbol path").count() >= 8
    page.get_by_role("button", name="Other charts").click()
    expect(page.get_by_text("It crosses two things, for one metric.").first).to_be_visible()


@pytest.mark.parametrize("name", ["category", "product"])
def test_a_click_on_a_bar_filters_by_it(address: str, page: Page, name: str) -> None:
    page.goto(f"{address}/explore?by={name.capitalize()}")
    settle(page, "Click a bar to filter by it", charts=1)
    page.evaluate(f"({CLICK.replace('element.click();', '')})()")
    page.locator(BARS).nth(1).click()
    settle(page, "US dollars, of ", charts=1)
    [chosen] = parameters(page)[name]
    expect(page.locator(BARS)).to_have_count(1)
    assert f"{name}: {chosen};" in str(page.locator(BARS).first.get_attribute("aria-label"))
    expect(page.locator(f".st-key-{name} [data-tag]:visible")).to_have_text(chosen)


def test_the_forecast_is_drawn_and_explained(address: str, page: Page) -> None:
    page.goto(f"{address}/explore?grain=Day&period=Last+90+days")
    settle(page, "Net sales by day", charts=1)
    page.locator(".st-key-forecast label").click()
    expect(page.get_by_text("Forecast of 14 days")).to_be_visible()
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()
    assert parameters(page)["forecast"] == ["true"]
    expect(page.locator(".st-key-card-explore-0 svg .mark-area.role-mark path")).to_have_count(1)


def test_the_shelf_is_as_it_was_when_the_reader_comes_back(address: str, page: Page) -> None:
    page.goto(f"{address}/explore?metrics=Sessions&by=Device")
    settle(page, "Sessions by device", charts=1)
    page.get_by_role("link", name="Overview").click()
    settle(page, "Net sales by month", charts=3)
    page.get_by_role("link", name="Explore").click()
    settle(page, "Sessions by device", charts=1)
    assert parameters(page) == {"metrics": ["Sessions"], "by": ["Device"]}
