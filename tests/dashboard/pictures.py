"""Remake the README's pictures of the dashboard: `python -m tests.dashboard.pictures [--warehouse DIR]`."""

import argparse
from pathlib import Path

from tests.dashboard.browser import ROOT, browser, serve, settle

FOLDER = ROOT / "docs" / "images"
WIDTH = 1440
PAGES = {
    "overview": ("", 1130),
    "sales": ("sales", 1400),
    "customers": ("customers", 1400),
    "stores": ("stores", 1250),
    "acquisition": ("acquisition", 1400),
    "funnel": ("funnel", 1180),
    "experiment": ("experiments?experiment=X01", 1400),
}
"""Each picture: the page as a link opens it, and the height of the window."""


def main() -> None:
    """Write <picture>-light.png and <picture>-dark.png of each page, of the published version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=ROOT / "warehouse")
    warehouse = parser.parse_args().warehouse
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serve(warehouse) as server, browser() as chromium:
        for name, (path, height) in PAGES.items():
            for scheme in ("light", "dark"):
                page = chromium.new_page(
                    viewport={"width": WIDTH, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
                page.goto(f"{server.address}/{path}")
                settle(page)
                page.screenshot(path=FOLDER / f"{name}-{scheme}.png")
                page.close()


if __name__ == "__main__":
    main()
