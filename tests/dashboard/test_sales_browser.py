"""The sales page in Chromium: each click."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from dashboard.theme import LIGHT
from tests.dashboard.browser import CLICK, NARROW, WIDE, Site, parameters, settle

CHARTS = 6
TABLES = "category=Dining&subcategory=Dining+Table"
BARS, CIRCLES = "path[aria-roledescription=bar]", "path[aria-roledescription=point]"
DAYS = "path[aria-roledescription='rect mark']"


def opened(site: Site, page: Page, query: str = "") -> None:
    page.goto(f"{site.server.address}/sales?{query}")
    settle(page, "Data to 30 June 2026", CHARTS)


def click(page: Page, mark: Locator) -> None:
    """Click a mark, and wait for the page that shows what it chose."""
    page.evaluate(f"({CLICK.replace('element.click();', '')})()")
    mark.click()
    settle(page, charts=4)


def marks(page: Page, card: str, kind: str, words: str) -> Locator:
    """The marks of a card of which the description holds words."""
    return page.locator(f'.st-key-card-{card} {kind}[aria-label*="{words}"]')


def click_row(page: Page, card: str, words: str, across: float) -> None:
    """Click a row of a card at a share of the chart's width from the left."""
    name = page.locator(f".st-key-card-{card} svg text").filter(has_text=words).first
    name.scroll_into_view_if_needed()
    chart = page.locator(f".st-key-card-{card} svg.marks").last.bounding_box()
    place = name.bounding_box()
    assert chart
    assert place
    page.evaluate(f"({CLICK.replace('element.click();', '')})()")
    page.mouse.click(chart["x"] + across * chart["width"], place["y"] + place["height"] / 2)
    settle(page, charts=4)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_click_anywhere_on_a_row_filters_by_category(
    site: Site, chromium: Browser, size: ViewportSize
) -> None:
    context = chromium.new_context(viewport=size)
    page = context.new_page()
    opened(site, page)
    for number, across in enumerate((0.02, 0.5, 0.03, 0.97)):
        click_row(page, "targets", "Bathroom", across)
        assert parameters(page) == ({} if number % 2 else {"category": ["Bathroom"]})
        # The chart itself shows all categories, whichever is chosen.
        assert marks(page, "targets", BARS, "category: ").count() == 9
    context.close()


def test_a_category_filters_the_other_charts(site: Site, page: Page) -> None:
    opened(site, page)
    titles = page.locator(".heading h2")
    before, refunded = titles.all_text_contents(), page.locator(".st-key-card-reasons").inner_text()
    click_row(page, "targets", "Bathroom", 0.5)
    assert titles.all_text_contents() != before
    assert page.locator(".st-key-card-reasons").inner_text() != refunded
    page.reload()
    settle(page, charts=CHARTS)
    assert parameters(page) == {"category": ["Bathroom"]}
    fills = marks(page, "targets", BARS, "category: ").evaluate_all(
        "bars => bars.map(bar => bar.getAttribute('fill'))"
    )
    assert fills.count(LIGHT.accent) == 1
    assert set(fills) == {LIGHT.accent, LIGHT.accent_soft}


@pytest.mark.parametrize("query", ["", TABLES], ids=["all", "a subcategory"])
def test_a_click_on_a_product_filters_and_a_second_one_takes_it_back(
    site: Site, page: Page, query: str
) -> None:
    opened(site, page, query)
    shown = page.locator(".tile").all_inner_texts()
    count = marks(page, "pareto", BARS, "Product: ").count()
    assert count > 1
    click_row(page, "pareto", "Heath Dining Table", 0.97)
    assert parameters(page)["product"] == ["Heath Dining Table"]
    filtered = page.locator(".tile").all_inner_texts()
    assert filtered != shown
    assert marks(page, "pareto", BARS, "Product: ").count() == count
    click_row(page, "pareto", "Heath Dining Table", 0.3)
    assert "product" not in parameters(page)
    assert page.locator(".tile").all_inner_texts() == shown
    click_row(page, "pareto", "Heath Dining Table", 0.3)
    page.reload()
    settle(page, charts=4)
    assert parameters(page)["product"] == ["Heath Dining Table"]
    assert page.locator(".tile").all_inner_texts() == filtered
    assert page.locator(".st-key-product [data-tag]").inner_text() == "Heath Dining Table"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_click_on_a_circle_filters_by_its_product(
    site: Site, chromium: Browser, size: ViewportSize
) -> None:
    context = chromium.new_context(viewport=size)
    page = context.new_page()
    opened(site, page, TABLES)
    count = marks(page, "margins", CIRCLES, "Product: ").count()
    click(page, marks(page, "margins", CIRCLES, "Product: Heath Dining Table").first)
    assert parameters(page)["product"] == ["Heath Dining Table"]
    assert marks(page, "margins", CIRCLES, "Product: ").count() == count
    click(page, marks(page, "margins", CIRCLES, "Product: Heath Dining Table").first)
    assert "product" not in parameters(page)
    context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_click_on_a_day_makes_it_the_period(site: Site, chromium: Browser, size: ViewportSize) -> None:
    context = chromium.new_context(viewport=size)
    page = context.new_page()
    opened(site, page)
    for day, iso in (("Mon 25 May 2026", "2026-05-25"), ("Wed 4 Feb 2026", "2026-02-04")):
        click(page, marks(page, "calendar", DAYS, f"{day}: "))
        assert set(parameters(page)["dates"]) == {iso}
        # The other days stay, to be clicked.
        assert marks(page, "calendar", DAYS, ": ").count() == 181
    page.reload()
    settle(page, "4 February 2026", 4)
    context.close()


def test_a_reason_filters_nothing(site: Site, page: Page) -> None:
    opened(site, page)
    shown = page.locator(".tile").all_inner_texts()
    marks(page, "reasons", BARS, "Reason: Damaged").click()
    page.wait_for_timeout(500)
    assert parameters(page) == {}
    assert page.locator(".tile").all_inner_texts() == shown


def test_the_rows_of_the_table_are_held_in_the_url_and_downloaded(site: Site, page: Page) -> None:
    opened(site, page)
    page.locator(".st-key-rows button").filter(has_text="By product").evaluate(CLICK)
    settle(page, "The numbers by product", CHARTS)
    assert parameters(page) == {"rows": ["By product"]}
    page.locator(".st-key-export button").click()
    page.locator(".st-key-export-what :is(input, button)").first.click()
    page.get_by_role("option", name="Table: The numbers by product", exact=True).click()
    with page.expect_download() as download:
        page.locator(".st-key-export-csv button").click()
    [header, *rows] = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert header.startswith('"product","gross_sales_usd","discounts_usd","refunds_usd","net_sales_usd"')
    assert len(rows) > 100
