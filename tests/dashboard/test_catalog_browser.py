"""The catalog in Chromium: search and open an entry, walk along the lineage, on a phone too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.dashboard.browser import parameters, settle

WIDTHS = {"wide": 1280, "phone": 390}
BOXES = "[class*=st-key-lineage-] svg .mark-rect.role-mark path"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": WIDTHS["wide"], "height": 1000})
    yield context.new_page()
    context.close()


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
    [("catalog", ""), ("catalog?node=fct_orders", "fct_orders"), ("catalog?metric=net_sales", "Net sales")],
)
def test_it_fits_a_phone(address: str, chromium: Browser, path: str, name: str) -> None:
    page = chromium.new_page(viewport={"width": WIDTHS["phone"], "height": 844})
    page.goto(f"{address}/{path}")
    settle(page, f"Lineage of {name}" if name else "Data to", charts=int(bool(name)))
    widest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('.stMainBlockContainer, [class*=st-key-card]')]"
        ".map(part => part.getBoundingClientRect().right))"
    )
    assert widest <= WIDTHS["phone"]
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS["phone"]
    if name:
        place = box(page, name).bounding_box()
        assert place is not None
        assert place["x"] >= 0, "it is in view before anybody scrolls"
        assert place["x"] + place["width"] <= WIDTHS["phone"]
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("name", "path"),
    [("list", "catalog"), ("mart", "catalog?node=fct_orders"), ("metric", "catalog?metric=net_sales")],
)
def test_pictures_to_look_at(
    address: str,
    chromium: Browser,
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    path: str,
    width: str,
    scheme: str,
) -> None:
    folder = tmp_path_factory.getbasetemp() / "pictures"
    folder.mkdir(exist_ok=True)
    page = chromium.new_page(
        viewport={"width": WIDTHS[width], "height": 1500},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(f"{address}/{path}")
    settle(page, "Data to" if name == "list" else "Lineage of", charts=int(name != "list"))
    picture = folder / f"catalog-{name}-{width}-{scheme}.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
    page.close()
