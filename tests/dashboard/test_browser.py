"""The pages in Chromium: what only a browser can tell."""

from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from dashboard.theme import DARK, LIGHT
from tests.conftest import Built
from tests.dashboard.browser import (
    CLICK,
    NARROW,
    WIDE,
    Seen,
    Site,
    choose,
    parameters,
    serve,
    settle,
)
from tests.dashboard.versions import publish_copy

LAST_DAY_GONE = (
    "delete from marts.fct_order_items where order_date = (select max(order_date) from marts.fct_order_items)"
)
NOTICED = 15_000  # milliseconds; the page looks every three seconds
CHARTS = {
    "": 3,
    "acquisition": 3,
    "funnel": 6,
}
"""How many charts each page has, by its path."""


def test_it_opens_without_complaint_and_asks_no_other_host(site: Site, page: Page) -> None:
    seen = Seen.by(page)
    page.goto(site.server.address)
    settle(page, "Data to 30 June 2026")
    for preset in ("Last 90 days", "This month", "All"):
        choose(page, "period", preset)
    assert seen.complaints == []
    assert seen.hosts == {"localhost"}
    assert page.evaluate("document.fonts.check('16px Inter')")
    assert any("inter-latin-wght-normal.woff2" in url for url in seen.requests)
    assert page.title() == "Overview \u00b7 Larkspur"


def test_filters_are_held_in_the_url(site: Site, page: Page) -> None:
    page.goto(site.server.address)
    settle(page)
    assert parameters(page) == {}
    choose(page, "grain", "Week")
    choose(page, "period", "This year")
    choose(page, "region", "Northern Europe")
    assert parameters(page) == {"grain": ["Week"], "period": ["This year"], "region": ["Northern Europe"]}
    shown = page.locator(".tile").all_inner_texts()
    page.reload()
    settle(page, "Net sales by week")
    assert page.locator(".tile").all_inner_texts() == shown
    assert page.locator(".st-key-region").inner_text().count("Northern Europe") == 1


def test_a_bad_url_opens_the_page(site: Site, page: Page) -> None:
    seen = Seen.by(page)
    page.goto(f"{site.server.address}/?period=Never&grain=x&region=Atlantis&dates=today")
    settle(page, "1 July 2025 \u2013 30 June 2026")
    assert seen.complaints == []
    assert set(parameters(page)) <= {"dates"}


def click_bar(page: Page, name: str, position: int) -> str:
    """Click a bar; returns what it stands for."""
    bars = page.locator(f".st-key-card-{name} svg.marks .mark-rect.role-mark path[aria-roledescription=bar]")
    meaning = str(bars.nth(position).get_attribute("aria-label"))
    page.evaluate(f"({CLICK.replace('element.click();', '')})()")
    bars.nth(position).click()
    settle(page)
    return next(part for part in meaning.split("; ") if part.startswith(f"{name}: ")).removeprefix(
        f"{name}: "
    )


def test_a_click_on_a_bar_filters_and_a_second_one_takes_it_back(site: Site, page: Page) -> None:
    page.goto(f"{site.server.address}/?region=Northern+Europe&region=Western+Europe")
    settle(page)
    assert parameters(page)["region"] == ["Northern Europe", "Western Europe"]
    fills = page.locator(".st-key-card-region path[aria-roledescription=bar]").evaluate_all(
        "bars => bars.map(bar => bar.getAttribute('fill'))"
    )
    assert fills.count(LIGHT.accent) == 2
    assert set(fills) == {LIGHT.accent, LIGHT.accent_soft}
    chosen = click_bar(page, "region", fills.index(LIGHT.accent_soft))
    assert chosen in parameters(page)["region"]
    assert click_bar(page, "region", fills.index(LIGHT.accent_soft)) == chosen
    assert parameters(page)["region"] == ["Northern Europe", "Western Europe"]


def test_a_click_goes_down_from_category_to_product(site: Site, page: Page) -> None:
    page.goto(site.server.address)
    settle(page)
    category = click_bar(page, "category", 2)
    assert parameters(page) == {"category": [category]}
    expect(page.locator(".st-key-card-subcategory h2")).to_have_text("Net sales by subcategory")
    subcategory = click_bar(page, "subcategory", 0)
    product = click_bar(page, "product", 0)
    chosen = {"category": [category], "subcategory": [subcategory], "product": [product]}
    assert parameters(page) == chosen
    shown = page.locator(".tile").all_inner_texts()
    page.reload()
    settle(page)
    assert parameters(page) == chosen
    assert page.locator(".tile").all_inner_texts() == shown
    page.get_by_role("button", name=f"Remove {category}").click()
    expect(page.locator(".st-key-card-category h2")).to_have_text("Net sales by category")
    settle(page)
    assert parameters(page) == {}


def test_a_page_is_one_step_of_the_history_with_all_that_was_chosen(site: Site, page: Page) -> None:
    chosen = {"region": ["Northern Europe"], "category": ["Decor", "Kitchen"], "grain": ["Week"]}
    page.goto(f"{site.server.address}/?{urlencode(chosen, doseq=True)}")
    settle(page, "Net sales by week")
    shown = page.locator(".tile").all_inner_texts()
    steps = page.evaluate("history.length")
    page.get_by_role("link", name="Stores", exact=True).click()
    settle(page, "Stores ranked by net sales")
    assert urlsplit(page.url).path == "/stores"
    assert parameters(page) == chosen
    assert page.evaluate("history.length") == steps + 1
    page.go_back()
    expect(page.locator(".masthead h1")).to_have_text("Overview")
    settle(page, "Net sales by week")
    assert urlsplit(page.url).path == "/"
    assert parameters(page) == chosen
    assert page.locator(".tile").all_inner_texts() == shown


def trend_point(page: Page, across: float) -> tuple[float, float]:
    """A place in the middle of the trend, at a share of its width from the left."""
    chart = page.locator(".st-key-card-trend .stVegaLiteChart")
    frame = chart.bounding_box()
    assert frame
    return frame["x"] + across * frame["width"], frame["y"] + 0.4 * frame["height"]


def test_a_click_goes_down_in_time_and_the_trail_back_up(site: Site, page: Page) -> None:
    page.goto(f"{site.server.address}/?period=All&grain=Year")
    settle(page, "Net sales by year")
    lengths = []
    for grain in ("Quarter", "Month", "Week", "Day"):
        page.evaluate(f"({CLICK.replace('element.click();', '')})()")
        page.mouse.click(*trend_point(page, 0.5))
        settle(page, f"Net sales by {grain.lower()}")
        days = parameters(page)["dates"]
        assert parameters(page) == {"period": ["Custom"], "dates": days, "grain": [grain]}
        first, last = map(date.fromisoformat, days)
        lengths.append((last - first).days + 1)
    assert lengths[0] == 365
    assert lengths[1] in range(90, 93)
    assert lengths[2] in range(28, 32)
    assert lengths[3] == 7
    page.reload()
    settle(page, "Net sales by day")
    assert parameters(page)["dates"] == days
    quarter = page.locator(".st-key-trail button").nth(1)
    assert quarter.locator("p").inner_text().startswith("Q")
    quarter.evaluate(CLICK)
    settle(page, "Net sales by week")
    year = page.locator(".st-key-trail button").first
    name = year.locator("p").inner_text()
    year.evaluate(CLICK)
    settle(page, name)
    assert {day[:4] for day in parameters(page)["dates"]} == {name}


def test_a_brush_over_the_trend_makes_its_parts_the_period(site: Site, page: Page) -> None:
    page.goto(site.server.address)
    settle(page, "Net sales by month")
    page.evaluate(f"({CLICK.replace('element.click();', '')})()")
    page.mouse.move(*trend_point(page, 0.3))
    page.mouse.down()
    for across in (0.4, 0.5, 0.6):
        page.mouse.move(*trend_point(page, across), steps=4)
    page.mouse.up()
    settle(page, "Net sales by week")
    first, last = parameters(page)["dates"]
    assert (first, last) == ("2025-11-01", "2026-01-31")


def test_a_tile_opens_what_lies_behind_it(site: Site, page: Page) -> None:
    page.goto(site.server.address)
    settle(page)
    page.get_by_role("button", name="More about Net sales").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("against the 365 days before")).to_be_visible()
    expect(dialog.locator(".stVegaLiteChart svg")).to_be_visible()
    dialog.get_by_text("Meaning", exact=True).click()
    expect(dialog.get_by_text("Sales less refunds, in US dollars.")).to_be_visible()
    dialog.get_by_text("Rows", exact=True).click()
    expect(dialog.get_by_text("rows by order date")).to_be_visible()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download CSV").first.click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    [count] = [
        int(words.split(":")[1].split()[0].replace(",", ""))
        for words in dialog.locator("p").all_inner_texts()
        if words.startswith("fct_order_items:")
    ]
    assert len(lines) - 1 == count


@pytest.mark.parametrize("name", ["acquisition", "funnel"])
def test_other_pages_open_and_keep_their_filters_in_the_url(site: Site, page: Page, name: str) -> None:
    seen = Seen.by(page)
    page.goto(f"{site.server.address}/{name}")
    settle(page, "Data to 30 June 2026", CHARTS[name])
    assert page.title() == f"{name.capitalize()} \u00b7 Larkspur"
    choose(page, "grain", "Quarter", CHARTS[name])
    choose(page, "channel", "Paid Search", CHARTS[name])
    assert parameters(page) == {"grain": ["Quarter"], "channel": ["Paid Search"]}
    shown = page.locator(".tile").all_inner_texts()
    page.reload()
    settle(page, "quarter", CHARTS[name])
    assert page.locator(".tile").all_inner_texts() == shown
    assert seen.complaints == []
    assert seen.hosts == {"localhost"}


def test_what_pages_share_stays_from_one_to_another(site: Site, page: Page) -> None:
    page.goto(f"{site.server.address}/acquisition?channel=Paid+Search")
    settle(page)
    choose(page, "period", "This year")
    choose(page, "model", "Linear")
    for title, path, kept in (
        ("Funnel", "/funnel", {"period", "channel"}),
        ("Overview", "/", {"period", "channel"}),
        ("Acquisition", "/acquisition", {"period", "channel", "model"}),
    ):
        page.get_by_role("link", name=title).click()
        expect(page.locator(".masthead h1")).to_have_text(title)
        settle(page, "1 January \u2013 30 June 2026", CHARTS[path[1:]])
        assert urlsplit(page.url).path == path
        assert parameters(page).keys() == kept


@pytest.mark.parametrize(
    ("name", "card", "size"),
    [
        ("funnel", "device", WIDE),
        ("funnel", "channel", WIDE),
        ("funnel", "channel", NARROW),
        ("acquisition", "models", WIDE),
        ("acquisition", "models", NARROW),
        ("acquisition", "channels", WIDE),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value["width"]),
)
def test_a_click_anywhere_on_a_row_filters(
    site: Site, chromium: Browser, name: str, card: str, size: ViewportSize
) -> None:
    context = chromium.new_context(viewport=size)
    page = context.new_page()
    page.goto(f"{site.server.address}/{name}?period=This+year")
    settle(page, charts=CHARTS[name])
    key = "device" if card == "device" else "channel"
    chosen = set()
    for number, across in enumerate((0.02, 0.3, 0.04, 0.85)):
        page.evaluate(f"({CLICK.replace('element.click();', '')})()")
        click_row(page, card, across)
        settle(page, charts=2)  # A channel without spend has no chart of returns.
        assert parameters(page).keys() == ({"period"} if number % 2 else {"period", key})
        chosen.update(parameters(page).get(key, []))
    assert len(chosen) == 1
    context.close()


def click_row(page: Page, card: str, across: float) -> None:
    """Click a card's second row, at a share of the chart's width from the left."""
    chart = page.locator(f".st-key-card-{card} svg.marks")
    chart.scroll_into_view_if_needed()
    frame = chart.bounding_box()
    name = chart.locator("text[font-weight='600']").nth(1).bounding_box()
    assert frame
    assert name
    page.mouse.click(frame["x"] + across * frame["width"], name["y"] + name["height"] / 2)


def test_landing_pages_over_time(site: Site, page: Page) -> None:
    page.goto(f"{site.server.address}/funnel")
    settle(page, charts=CHARTS["funnel"])
    page.locator(".st-key-landing button").filter(has_text="Over time").evaluate(CLICK)
    settle(page, "Conversion rate by landing page and month of the visit", CHARTS["funnel"])
    assert parameters(page) == {"landing": ["Over time"]}
    cells = page.locator(".st-key-card-landing .mark-text [aria-roledescription='text mark']")
    assert "sessions)" in " ".join(cells.evaluate_all("all => all.map(cell => cell.ariaLabel)"))


def test_a_link_to_one_day_opens_with_its_start_and_end(site: Site, page: Page) -> None:
    page.goto(f"{site.server.address}/?period=Custom&dates=2026-05-05&dates=2026-05-05")
    settle(page, "5 May 2026")
    dates = page.locator(".st-key-dates input")
    for number in range(2):
        expect(dates.nth(number)).to_have_value("2026-05-05")
    assert parameters(page)["period"] == ["Custom"]


def test_charts_follow_when_the_reader_changes_the_theme(site: Site, page: Page) -> None:
    page.goto(site.server.address)
    settle(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator(f".st-key-card-trend path[stroke='{DARK.accent}']").first).to_be_attached(
        timeout=NOTICED
    )


def test_days_do_not_depend_on_the_readers_time_zone(site: Site, chromium: Browser) -> None:
    labels = set()
    for zone in ("America/Los_Angeles", "Pacific/Auckland"):
        context = chromium.new_context(viewport=WIDE, timezone_id=zone)
        page = context.new_page()
        page.goto(f"{site.server.address}/?period=Last+7+days")
        settle(page, "Net sales by day")
        labels.add(tuple(page.locator(".st-key-card-trend .role-axis-label text").all_text_contents()))
        context.close()
    [shown] = labels
    assert "24 Jun 2026" in shown


def test_a_new_version_appears_without_a_restart(built: Built, page: Page, tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        page.goto(server.address)
        expect(page.get_by_text("There is nothing to show yet")).to_be_visible(timeout=NOTICED)
        first = publish_copy(built.published, tmp_path, "1")
        expect(page.get_by_text("Version 1,")).to_be_visible(timeout=NOTICED)
        expect(page.locator(".masthead")).to_contain_text("30 June 2026")
        choose(page, "grain", "Week")
        files = Path(f"/proc/{server.process_id}/fd")
        assert str(first.database) in {str(link.resolve()) for link in files.iterdir()}

        publish_copy(first, tmp_path, "2", LAST_DAY_GONE)
        expect(page.locator(".stToast")).to_contain_text("New data: what was published", timeout=NOTICED)
        expect(page.get_by_text("Version 2,")).to_be_visible(timeout=NOTICED)
        expect(page.locator(".masthead")).to_contain_text("29 June 2026")
        assert parameters(page) == {"grain": ["Week"]}
        assert str(first.database) not in {str(link.resolve()) for link in files.iterdir()}


@pytest.mark.parametrize(
    ("path", "title", "address"),
    [("overview", "Overview", "/"), ("Sales", "Sales", "/sales"), ("overview/sales/", "Sales", "/sales")],
)
def test_other_ways_of_writing_an_address_lead_to_its_page(
    site: Site, page: Page, path: str, title: str, address: str
) -> None:
    seen = Seen.by(page)
    page.goto(f"{site.server.address}/{path}?region=Northern+Europe&region=Western+Europe")
    expect(page.locator(".masthead h1")).to_have_text(title)
    settle(page)
    assert page.get_by_role("dialog").count() == 0
    assert urlsplit(page.url).path == address
    assert parameters(page) == {"region": ["Northern Europe", "Western Europe"]}
    assert seen.complaints == []


@pytest.mark.parametrize(
    "query",
    ["?region={}", "sales?version={}", "experiments?experiment={}", "catalog?metric={}", "explore?by={}"],
)
def test_what_a_link_says_is_no_markup(site: Site, page: Page, query: str) -> None:
    seen = Seen.by(page)
    hostile = "![](http://other.example/p.png)"
    page.goto(f"{site.server.address}/{query.replace('{}', hostile)}")
    alert = page.locator(".stAlert")
    expect(alert).to_contain_text(hostile)
    assert alert.locator("img, a").count() == 0
    assert seen.hosts == {"localhost"}


def test_a_link_of_too_many_parameters_says_so(site: Site, page: Page) -> None:
    page.goto(f"{site.server.address}/sales?{'&'.join(f'store=Store+{place}' for place in range(1100))}")
    settle(page, "The link holds more than can be read: the page opens without it.")
    assert urlsplit(page.url).path == "/sales"


@pytest.mark.parametrize("path", ["nonsense", "sales/nonsense", "//other.example/%2e%2e%2fnonsense"])
def test_an_address_that_names_no_page_says_so(site: Site, page: Page, path: str) -> None:
    page.goto(f"{site.server.address}/{path}?region=Northern+Europe")
    settle(page, "The address names a page that this dashboard, or this version, does not have.", charts=0)
    expect(page.locator(".masthead h1")).to_have_text("There is no such page")
    assert page.get_by_role("dialog").count() == 0
    assert page.get_by_text("Net sales").count() == 0
    page.get_by_role("link", name="Funnel").click()
    settle(page, "Data to 30 June 2026", CHARTS["funnel"])
    assert urlsplit(page.url).path == "/funnel"
