"""The dashboard's pages as pictures; `python -m tests.dashboard.pictures` remakes those of the README."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.dashboard.browser import ROOT, browser, serve, settle

README_FOLDER = ROOT / "docs" / "images"
README_WIDTH = 1440
README_HEIGHTS = {
    "overview": 1130,
    "sales": 1400,
    "customers": 1400,
    "stores": 1250,
    "acquisition": 1400,
    "funnel": 1180,
    "experiment": 1400,
}
"""What the README shows, from the top of each page down to this height."""


@dataclass(frozen=True)
class View:
    """A page as a link opens it, and how many charts it draws."""

    link: str
    charts: int


PAGES = {
    "overview": View("", 3),
    "sales": View("sales", 6),
    "customers": View("customers", 6),
    "stores": View("stores", 4),
    "acquisition": View("acquisition", 3),
    "funnel": View("funnel", 6),
    "experiments": View("experiments", 1),
    "experiment": View("experiments?experiment=X01", 3),
    "explore": View("explore", 1),
    "catalog": View("catalog", 0),
}
"""Every page, as it opens first."""
STATES = {
    "sales-few": View("sales?period=Last+7+days&region=Northern+Europe", 6),
    "sales-product": View("sales?period=All&category=Dining&subcategory=Dining+Table", 6),
    "customers-value": View("customers?period=All&cohorts=Net+sales+per+customer", 6),
    "stores-one": View("stores?period=All&store=Larkspur+Online", 4),
    "explore-lines": View("explore?by=Time&by=Category", 1),
    "explore-pivot": View("explore?by=Store&by=Category&chart=Pivot", 0),
    "explore-bars": View("explore?by=Region&metrics=Orders&metrics=Repeat+rate", 1),
    "catalog-mart": View("catalog?node=fct_orders", 1),
    "catalog-metric": View("catalog?metric=net_sales", 1),
}
"""Other states, in which a page is wider, longer or emptier."""


def open_whole(page: Page, address: str, view: View) -> None:
    """Open a page, and make the window as high as all of it is once its charts and tables are drawn."""
    page.goto(f"{address}/{view.link}")
    settle(page, charts=view.charts)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    height = page.evaluate("document.querySelector('.stMain').scrollHeight")
    page.set_viewport_size({"width": page.evaluate("window.innerWidth"), "height": height})
    settle(page, charts=view.charts)


def main() -> None:
    """Write <picture>-light.png and <picture>-dark.png of each page, of the published version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=ROOT / "warehouse")
    warehouse = parser.parse_args().warehouse
    README_FOLDER.mkdir(parents=True, exist_ok=True)
    with serve(warehouse) as server, browser() as chromium:
        for name, height in README_HEIGHTS.items():
            for scheme in ("light", "dark"):
                page = chromium.new_page(
                    viewport={"width": README_WIDTH, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                open_whole(page, server.address, PAGES[name])
                page.screenshot(
                    path=README_FOLDER / f"{name}-{scheme}.png",
                    clip={"x": 0, "y": 0, "width": README_WIDTH, "height": height},
                )
                page.close()


if __name__ == "__main__":
    main()
