"""The customers and the stores page in Chromium: each click."""

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize

from dashboard.theme import LIGHT
from tests.dashboard import drawn
from tests.dashboard.browser import CLICK, NARROW, WIDE, Site, parameters, settle

CHARTS = {"customers": 6, "stores": 4}
LONDON = "Larkspur London"
MARKS = "path[aria-roledescription=bar]"


def opened(site: Site, page: Page, path: str) -> None:
    page.goto(f"{site.server.address}/{path}")
    settle(page, "Data to 30 June 2026", CHARTS[path.split("?")[0]])


def click(page: Page, mark: Locator, charts: int = 4) -> None:
    """Click a mark, and wait for the page that shows what it chose."""
    page.evaluate(f"({CLICK.replace('element.click();', '')})()")
    mark.click()
    settle(page, charts=charts)


def mark(page: Page, card: str, words: str) -> Locator:
    """The mark of a card whose description begins with words, or holds them."""
    return page.locator(f'.st-key-card-{card} {MARKS}[aria-label*="{words}"]').last


@pytest.mark.parametrize(
    ("card", "words", "size"),
    [("tilegrid", f"{LONDON}, Northern Europe: ", NARROW), ("ranking", f"Store: {LONDON}", WIDE)],
    ids=["tile", "rank"],
)
def test_a_click_chooses_a_store_and_a_second_one_takes_it_back(
    site: Site, chromium: Browser, card: str, words: str, size: ViewportSize
) -> None:
    context = chromium.new_context(viewport=size)
    page = context.new_page()
    opened(site, page, "stores")
    click(page, mark(page, card, words))
    assert parameters(page) == {"store": [LONDON]}
    assert page.get_by_text(f"Net sales of {LONDON} by month", exact=True).count() == 1
    strokes = page.locator(f'.st-key-card-tilegrid {MARKS}[stroke="{LIGHT.accent}"]')
    assert strokes.count() == 1
    tiles = page.locator(f".st-key-card-tilegrid {MARKS}[aria-label*=', ']").count()
    assert tiles == 12  # The grid shows all stores, whichever is chosen.
    page.reload()
    settle(page, f"Net sales of {LONDON} by month", CHARTS["stores"])
    click(page, mark(page, card, words))
    assert parameters(page) == {}
    context.close()


def test_what_is_chosen_and_offered_can_be_read(site: Site, page: Page) -> None:
    longest = "Larkspur San Francisco"
    opened(site, page, f"stores?store={longest}&store=Larkspur New York&region=Northern America")
    chips = page.locator(".st-key-filters [data-tag]:visible").all_inner_texts()
    assert chips == ["Northern America", longest, "Larkspur New York"]
    assert drawn.cut_off(page) == []
    page.get_by_role("combobox", name="Store").click()
    page.get_by_role("option", name="Larkspur Los Angeles").wait_for()
    assert drawn.cut_off(page) == []
    assert parameters(page)["store"] == [longest, "Larkspur New York"]


def test_a_region_leads_to_its_stores(site: Site, page: Page) -> None:
    opened(site, page, "stores")
    click(page, mark(page, "region", "region: Western Europe"))
    assert parameters(page) == {"region": ["Western Europe"]}
    names = page.locator(".st-key-card-ranking svg text[font-weight='600']").all_text_contents()
    assert {name for name in names if name.startswith("Larkspur")} == {
        "Larkspur Berlin",
        "Larkspur Köln",
        "Larkspur München",
        "Larkspur Online",
    }
    click(page, mark(page, "ranking", "Store: Larkspur Berlin"))
    assert parameters(page) == {"region": ["Western Europe"], "store": ["Larkspur Berlin"]}


def test_a_click_on_a_part_of_the_trend_is_the_period(site: Site, page: Page) -> None:
    opened(site, page, "stores")
    chart = page.locator(".st-key-card-trend svg.marks").bounding_box()
    assert chart
    page.evaluate(f"({CLICK.replace('element.click();', '')})()")
    page.locator(".st-key-card-trend svg.marks").click(
        position={"x": chart["width"] * 0.5, "y": chart["height"] * 0.6}
    )
    settle(page, charts=CHARTS["stores"])
    first, last = parameters(page)["dates"]
    assert first[:7] == last[:7]


@pytest.mark.parametrize(("drag", "months"), [((0.5, 0.5), 1), ((0.4, 0.75), 3)], ids=["a click", "a brush"])
def test_parts_of_the_mix_are_the_period(
    site: Site, page: Page, drag: tuple[float, float], months: int
) -> None:
    opened(site, page, "customers")
    plot = page.locator(".st-key-card-mix svg.marks").bounding_box()
    assert plot
    start, end = (plot["x"] + plot["width"] * share for share in drag)
    y = plot["y"] + plot["height"] / 2
    page.evaluate(f"({CLICK.replace('element.click();', '')})()")
    page.mouse.move(start, y)
    page.mouse.down()
    if end > start:
        page.mouse.move((start + end) / 2, y, steps=4)
        page.mouse.move(end, y, steps=4)
    page.mouse.up()
    settle(page, charts=CHARTS["customers"])
    first, last = parameters(page)["dates"]
    assert first.endswith("-01")
    assert (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1 >= months


def test_a_click_on_a_segment_filters_the_rest(site: Site, page: Page) -> None:
    opened(site, page, "customers")
    shown = page.locator(".tile").first.inner_text()
    click(page, mark(page, "segments", "Segment: champions"), CHARTS["customers"])
    assert parameters(page) == {"segment": ["champions"]}
    assert page.locator(".tile").first.inner_text() != shown
    title = "Lifetime net sales of customers in the segment champions"
    assert page.get_by_text(title, exact=True).count() == 1
    assert page.locator(f".st-key-card-segments {MARKS}[aria-label*='Segment: ']").count() == 7
    click(page, mark(page, "segments", "Segment: champions"), CHARTS["customers"])
    assert parameters(page) == {}


@pytest.mark.parametrize(
    ("key", "option", "words"),
    [
        ("split", "Orders", "Orders by month and customer type"),
        ("cohorts", "Net sales per customer", "Net sales per customer by month of the first order"),
        ("customers_table", "Cohorts", "The numbers by cohort and month"),
    ],
)
def test_views_are_switched_and_survive_a_reload(
    site: Site, page: Page, key: str, option: str, words: str
) -> None:
    opened(site, page, "customers")
    page.locator(f".st-key-{key} button").filter(has_text=option).evaluate(CLICK)
    settle(page, words, CHARTS["customers"])
    assert parameters(page) == {key: [option]}
    page.reload()
    settle(page, words, CHARTS["customers"])


def test_the_rules_of_the_segments_are_told(site: Site, page: Page) -> None:
    opened(site, page, "customers")
    page.get_by_text("What the segments mean").click()
    rule = page.locator(".seen").get_by_text("R \u2265 4, F \u2265 4 and M \u2265 4", exact=True)
    rule.wait_for()
