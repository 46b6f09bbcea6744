"""Every page in both themes, at a desk and on a phone: nothing wrong with it, and a picture to look at.

The pictures lie in `target/pictures`, as <page>-<width>-<theme>.png.
"""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext

from dashboard.theme import DARK, LIGHT, Palette
from tests.dashboard import drawn
from tests.dashboard.browser import ROOT, Seen, Site
from tests.dashboard.pictures import PAGES, STATES, open_whole

Window = tuple[int, Literal["light", "dark"]]

FOLDER = ROOT / "target" / "pictures"
DESK, PHONE = 1280, 390
WINDOWS: list[Window] = [(DESK, "light"), (PHONE, "dark"), (DESK, "dark"), (PHONE, "light")]
PALETTES: dict[str, Palette] = {"light": LIGHT, "dark": DARK}
CASES = [
    (window, name)
    for place, window in enumerate(WINDOWS)
    for name in [*PAGES, *(STATES if place < 2 else ())]
]
"""All pages in all windows; of their other states one picture at a desk and one on a phone."""
FEWEST_WORDS = 80
COLOURS = {
    "overview": [("trend", "stroke", "accent")],
    "sales": [(card, "fill", "accent") for card in ("targets", "reasons", "calendar", "pareto", "margins")]
    + [("calendar", "fill", "target")],
    "customers": [("mix", "fill", "accent_strong"), ("curves", "stroke", "accent")],
    "stores": [("tilegrid", "fill", "page")],
    "acquisition": [("models", "fill", "target")],
    "funnel": [("steps", "fill", "accent"), ("exits", "fill", "accent_strong")],
}
"""Cards whose charts have shapes of a colour of the palette, by attribute."""


@pytest.fixture(scope="module")
def window(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[tuple[Window, BrowserContext]]:
    width, theme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    yield request.param, context
    context.close()


@pytest.mark.parametrize(
    ("window", "name"), CASES, indirect=["window"], ids=[f"{name}-{w}-{theme}" for (w, theme), name in CASES]
)
def test_a_page_can_be_shown(site: Site, window: tuple[Window, BrowserContext], name: str) -> None:
    (width, theme), context = window
    view, palette = (PAGES | STATES)[name], PALETTES[theme]
    page = context.new_page()
    seen = Seen.by(page)
    open_whole(page, site.server.address, view)
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png")

    assert page.locator(".stException").count() == 0
    assert page.locator(".stVegaLiteChart svg.marks").count() == view.charts
    assert drawn.empty(page) == []
    assert drawn.wider(page) == []
    assert drawn.cut_off(page) == []
    looked_at, pale = drawn.pale(page)
    assert looked_at > FEWEST_WORDS
    assert pale == []
    assert drawn.colour(page, ".stApp", "backgroundColor") == drawn.rgb(palette.page)
    if page.locator(".tile").count():
        assert drawn.colour(page, ".tile", "backgroundColor") == drawn.rgb(palette.surface)
        assert drawn.colour(page, ".tile .value", "color") == drawn.rgb(palette.text)
    for card, attribute, colour in COLOURS.get(name, []):
        shapes = page.locator(f".st-key-card-{card} path[{attribute}='{getattr(palette, colour)}']")
        assert shapes.count() > 0, card
    assert seen.complaints == []
    assert seen.hosts == {"localhost"}
    page.close()
