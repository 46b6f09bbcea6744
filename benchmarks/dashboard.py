"""How long a reader waits: opening each page, and clicks on its filters, in a real browser.

    python -m benchmarks.dashboard [--warehouse DIR] [--opens N] [--rounds N] [--pages NAME ...]

Serves the dashboard on a free port and drives Chromium. A step is over when the expected words are there, all
charts are drawn, the script has ended, nothing is stale and two frames have passed; the page itself takes
the times. Opening: in a browser that has the files, on a server that has answered before. New: filters
chosen for the first time, so that every query runs. Known: the same again. Goals: opening 1.2 s, known
clicks 300 ms, new queries 600 ms, each at the 95th percentile.
"""

import argparse
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.commands import ROOT
from tests.dashboard.browser import browser, choose, serve, settle

GRAINS = ("Day", "Week", "Month", "Quarter")
PRESETS = ("This month", "Last 90 days", "This year", "Last 28 days", "This quarter", "Last 12 months")


CHOICES = (
    *(("period", preset) for preset in PRESETS),
    *(("grain", grain) for grain in (*GRAINS, "Auto")),
)
"""What is chosen one after the other, each by its filter's key, where a page has periods."""
PLANS = (
    *(("plan", metric) for metric in ("Net sales per unit", "Orders per unit", "Conversion")),
    *(("power", power) for power in ("90%", "95%", "80%")),
)
METRICS = tuple(("metric", metric) for metric in ("Net sales per unit", "Orders per unit", "Conversion"))


@dataclass(frozen=True)
class Measured:
    """A page: its path, how many charts it has, words that it opens with, and what is chosen on it."""

    path: str
    charts: int
    words: str
    choices: tuple[tuple[str, str], ...] = CHOICES


PAGES = {
    "overview": Measured("", 3, "Net sales by month"),
    "acquisition": Measured("acquisition", 3, "Sessions by month and channel"),
    "funnel": Measured("funnel", 6, "Share of sessions that reach each step, by month"),
    "experiments": Measured("experiments", 1, "Plan the next experiment", PLANS),
    "experiment": Measured("experiments?experiment=X01", 3, "Can it be believed?", METRICS),
}


def opening(page: Page, address: str, measured: Measured, times: int) -> Iterator[float]:
    """Milliseconds to open the page in a browser that has opened it before."""
    page.goto(f"{address}/{measured.path}")
    settle(page, measured.words, measured.charts)
    for _ in range(times):
        page.goto("about:blank")
        page.goto(f"{address}/{measured.path}", wait_until="commit")
        yield settle(page, measured.words, measured.charts)


def clicks(page: Page, address: str, measured: Measured, rounds: int) -> Iterator[tuple[str, float]]:
    """Milliseconds of clicks: the first round is of new queries, the others of known ones."""
    page.goto(f"{address}/{measured.path}")
    settle(page, measured.words, measured.charts)
    for number in range(rounds + 1):
        kind = "known" if number else "new"
        for key, option in measured.choices:
            yield kind, choose(page, key, option, measured.charts)


def report(name: str, times: list[float], goal: float) -> None:
    """Print the median and the 95th percentile against the goal."""
    high = statistics.quantiles(times, n=20, method="inclusive")[-1]
    print(
        f"{name:<20}{len(times):>4} times   median {statistics.median(times):>5.0f} ms   "
        f"95 % within {high:>5.0f} ms   goal {goal:.0f} ms   {'met' if high <= goal else 'MISSED'}"
    )


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--warehouse", type=Path, default=ROOT / "warehouse")
    parser.add_argument("--opens", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=[*PAGES])
    chosen = parser.parse_args()
    with serve(chosen.warehouse) as server, browser() as chromium:
        page = chromium.new_page(viewport={"width": 1440, "height": 1000})
        for name in chosen.pages:
            measured = PAGES[name]
            opens = list(opening(page, server.address, measured, chosen.opens))
            times = list(clicks(page, server.address, measured, chosen.rounds))
            report(f"{name}, opening", opens, 1200)
            report(f"{name}, known", [time for kind, time in times if kind == "known"], 300)
            report(f"{name}, new", [time for kind, time in times if kind == "new"], 600)


if __name__ == "__main__":
    main()
