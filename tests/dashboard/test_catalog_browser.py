"""The catalog in Chromium: search and open an entry, walk along the lineage, on a phone too."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.browser import NARROW, parameters, settle

BOXES = "[class*=st-key-lineage-] svg .mark-rect.role-mark path"


def search(page: Page, words: str) -> None:
    box = page.get_by_label("Search")
    box.fill(words)
    box.press("Enter")


def title(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words, exact=True)).to_be_visible()
    expect(page.locator(".stApp[data-test-script-state=notRunning]")).to_be_visible()


def box(page: Page, name: str) -> Locator:
    return page.locator(f'{BOXES}[aria-label*="Name: {name};"]')


def test_search_opens_an_entry_and_the_address_says_so(address: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/catalog")
    settle(page, "Marts (", charts=0)
    search(page, "customer_order_number")
    expect(page.get_by_text("to \u201ccustomer_order_number\u201d")).to_be_visible()
    assert parameters(page) == {"search": ["customer_order_number"]}
    found = page.get_by_role("link", name="fct_orders", exact=True)
    expect(found).to_have_count(1)
    found.click()
    title(page, "fct_orders")
    expect(page.locator(".column-list")).to_contain_text("customer_order_number")
    assert parameters(page) == {"node": ["fct_orders"]}
    page.reload()
    title(page, "fct_orders")
    assert complaints == []


def test_back_leads_to_the_search(address: str, page: Page) -> None:
    page.goto(f"{address}/catalog?search=net+sales&kind=Metrics")
    settle(page, "answers to", charts=0)
    page.get_by_role("link", name="Net sales", exact=True).click()
    title(page, "Net sales")
    page.locator(".st-key-back button").click()
    title(page, "Catalog")
    expect(page.get_by_label("Search")).to_have_value("net sales")
    expect(page.get_by_text("answers to")).to_be_visible()
    assert parameters(page) == {"search": ["net sales"], "kind": ["Metrics"]}


def test_a_click_on_a_box_walks_along_the_lineage(address: str, page: Page) -> None:
    page.goto(f"{address}/catalog?metric=net_sales")
    settle(page, "Lineage of Net sales", charts=1)
    box(page, "Sales").click()
    title(page, "Sales")
    assert parameters(page) == {"metric": ["sales"]}
    expect(page.get_by_text("Lineage of Sales")).to_be_visible()
    box(page, "fct_order_items").click()
    title(page, "fct_order_items")
    assert parameters(page) == {"node": ["fct_order_items"]}
    page.go_back()
    title(page, "Sales")


def test_a_link_below_the_lineage_walks_too(address: str, page: Page) -> None:
    page.goto(f"{address}/catalog?node=fct_refunds")
    settle(page, "Lineage of fct_refunds", charts=1)
    page.locator(".st-key-named-reads").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="fct_refunds")).to_have_count(0)
    assert parameters(page)["node"] != ["fct_refunds"]


def test_steps_widen_the_lineage(address: str, page: Page) -> None:
    page.goto(f"{address}/catalog?node=fct_refunds&steps=1")
    settle(page, "Lineage of fct_refunds", charts=1)
    few = page.locator(BOXES).count()
    page.locator(".st-key-steps button").filter(has_text="All").click()
    expect(box(page, "shop.refunds")).to_have_count(1)
    assert page.locator(BOXES).count() > few
    assert parameters(page) == {"node": ["fct_refunds"], "steps": ["All"]}


@pytest.mark.parametrize(
    ("path", "name"),
    [("catalog?node=fct_orders", "fct_orders"), ("catalog?metric=net_sales", "Net sales")],
)
def test_the_entry_is_in_view_on_a_phone(address: str, chromium: Browser, path: str, name: str) -> None:
    page = chromium.new_page(viewport=NARROW)
    page.goto(f"{address}/{path}")
    settle(page, f"Lineage of {name}", charts=1)
    place = box(page, name).bounding_box()
    assert place is not None
    assert place["x"] >= 0, "it is in view before anybody scrolls"
    assert place["x"] + place["width"] <= NARROW["width"]
    page.close()
