"""Remake the README's pictures of the dashboard: `python -m tests.dashboard.pictures [--warehouse DIR]`."""

import argparse
from pathlib import Path

from tests.dashboard.browser import ROOT, browser, serve, settle

FOLDER = ROOT / "docs" / "images"
HEIGHT = 1130


def main() -> None:
    """Write overview-light.png and overview-dark.png, of the published version, as they open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=ROOT / "warehouse")
    warehouse = parser.parse_args().warehouse
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serve(warehouse) as server, browser() as chromium:
        for scheme in ("light", "dark"):
            page = chromium.new_page(
                viewport={"width": 1440, "height": HEIGHT},
                color_scheme="dark" if scheme == "dark" else "light",
            )
            page.goto(server.address)
            settle(page)
            page.screenshot(path=FOLDER / f"overview-{scheme}.png")
            page.close()


if __name__ == "__main__":
    main()
