"""How long a reader waits: opening each page, and clicks on its filters, in a real browser.

    python -m benchmarks.dashboard [--warehouse DIR] [--servers N] [--opens N] [--rounds N] [--readers N]
                                   [--look SECONDS] [--pages NAME ...]

Serves the dashboard on a free port and drives Chromium. A step is over when the expected words are there,
all charts are drawn, the script has ended, nothing is stale and two frames have passed; the page itself takes
the times. Cold: opened by a new browser on a server that has just begun. Uncached: filters chosen for the
first time on that server, so that every query runs, after a look at the page; what was not compiled ahead in
these seconds is compiled as well. Warm: opened again, in a browser
that has the files; known: filters that were chosen before. Together: as many readers click the same known
choice at the same moment; the server's memory (Linux) is what each of them adds. Goals at the 95th
percentile: opening 1.2 s, known clicks 300 ms, uncached ones 600 ms; none is set for the others. For another
scale, make the company with `python -m sample_company --scale 100`, build it, and name its warehouse.
"""

import argparse
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from tests.commands import ROOT
from tests.dashboard.browser import CLICK, SETTLED, Server, browser, choose, serve, settle

LOOK = 10.0
VIEWPORT = ViewportSize(width=1440, height=1000)
GRAINS = ("Day", "Week", "Month", "Quarter")
PRESETS = ("This month", "Last 90 days", "This year", "Last 28 days", "This quarter", "Last 12 months")
CHOICES = (
    *(("period", preset) for preset in PRESETS),
    *(("grain", grain) for grain in (*GRAINS, "Auto")),
)
SALES = (("region", "Northern Europe"), ("region", ""), ("category", "Kitchen"), ("category", ""))
VISITS = (("channel", "Paid Search"), ("channel", ""))
"""What is chosen one after the other, each by its filter's key, where a page has periods."""
SEEN = {
    ("period", "Last 12 months"),
    ("grain", "Month"),
    ("grain", "Auto"),
    *(("region", ""), ("category", ""), ("channel", "")),
}
"""Of these, what the page opens with: nothing of it is new."""
PLANS = (
    *(("plan", metric) for metric in ("Net sales per unit", "Orders per unit", "Conversion")),
    *(("power", power) for power in ("90%", "95%", "80%")),
)
METRICS = tuple(("metric", metric) for metric in ("Net sales per unit", "Orders per unit", "Conversion"))
KINDS = tuple(("kind", kind) for kind in ("Marts", "Models", "Sources", "Pages", "Metrics", "All kinds"))


@dataclass(frozen=True)
class Measured:
    """A page: its path, how many charts it has, words that it opens with, and what is chosen on it."""

    path: str
    charts: int
    words: str
    choices: tuple[tuple[str, str], ...]
    has_periods: bool = True


PAGES = {
    "overview": Measured("", 3, "Net sales by month", (*CHOICES, *SALES)),
    "sales": Measured("sales", 6, "Net sales by day", (*CHOICES, *SALES)),
    "customers": Measured("customers", 6, "Net sales by month and customer type", (*CHOICES, *SALES)),
    "stores": Measured("stores", 4, "Stores ranked by net sales", (*CHOICES, *SALES)),
    "acquisition": Measured("acquisition", 3, "Sessions by month and channel", (*CHOICES, *VISITS)),
    "funnel": Measured("funnel", 6, "Share of sessions that reach each step, by month", (*CHOICES, *VISITS)),
    "explore": Measured(
        "explore?metrics=Net+sales&by=Time&by=Region", 1, "Net sales by month and region", (*CHOICES, *SALES)
    ),
    "experiments": Measured("experiments", 1, "Plan the next experiment", PLANS, has_periods=False),
    "experiment": Measured(
        "experiments?experiment=X01", 3, "Can it be believed?", METRICS, has_periods=False
    ),
    "catalog": Measured("catalog", 0, "Metrics", KINDS, has_periods=False),
    "entry": Measured("catalog?metric=net_sales", 1, "Lineage of Net sales", (), has_periods=False),
}


def opened(page: Page, address: str, measured: Measured) -> float:
    """Milliseconds to open the page."""
    page.goto(f"{address}/{measured.path}", wait_until="commit")
    return settle(page, measured.words, measured.charts)


def opened_again(page: Page, address: str, measured: Measured) -> float:
    """Milliseconds to open the page in a browser that has opened it before."""
    page.goto("about:blank")
    return opened(page, address, measured)


def clicked(page: Page, measured: Measured) -> dict[tuple[str, str], float]:
    """Milliseconds of each click, one after the other."""
    return {choice: choose(page, *choice, measured.charts) for choice in measured.choices}


def together(
    chromium: Browser, server: Server, measured: Measured, readers: int
) -> tuple[list[float], float]:
    """Milliseconds of a click by all readers at the same moment, and MiB of the server for each of them."""
    pages = [chromium.new_context(viewport=VIEWPORT).new_page() for _ in range(readers + 1)]
    opened(pages[0], server.address, measured)
    before = resident(server)
    for page in pages[1:]:
        opened(page, server.address, measured)
    memory = (resident(server) - before) / readers
    pages.pop(0).context.close()
    times = []
    for grain in GRAINS:
        for page in pages:
            page.locator(".st-key-grain button").filter(has_text=grain).evaluate(CLICK)
            page.evaluate(f"asked => {{ window.atRest = ({SETTLED})(asked); }}", ["", measured.charts])
        times += [float(page.evaluate("window.atRest")) for page in pages]
    for page in pages:
        page.context.close()
    return times, memory


def resident(server: Server) -> float:
    """The memory that the server holds, in MiB; 0 where the system does not say."""
    status = Path(f"/proc/{server.process_id}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def report(name: str, times: list[float], goal: float | None = None) -> None:
    """Print the median and the 95th percentile, against the goal where there is one."""
    if not times:
        return
    high = statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    judged = f"goal {goal:.0f} ms   {'met' if high <= goal else 'MISSED'}" if goal else ""
    print(
        f"{name:<22}{len(times):>4} times   median {statistics.median(times):>5.0f} ms   "
        f"95 % within {high:>5.0f} ms   {judged}".rstrip(),
        flush=True,
    )


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--warehouse", type=Path, default=ROOT / "warehouse")
    parser.add_argument("--servers", type=int, default=3)
    parser.add_argument("--opens", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--readers", type=int, default=10)
    parser.add_argument("--look", type=float, default=LOOK)
    parser.add_argument("--pages", nargs="+", choices=PAGES, default=[*PAGES])
    chosen = parser.parse_args()
    for name in chosen.pages:
        measured = PAGES[name]
        cold, uncached = [], []
        for number in range(chosen.servers):
            with serve(chosen.warehouse) as server, browser() as chromium:
                page = chromium.new_page(viewport=VIEWPORT)
                cold.append(opened(page, server.address, measured))
                time.sleep(chosen.look)
                uncached += [took for choice, took in clicked(page, measured).items() if choice not in SEEN]
                if number < chosen.servers - 1:
                    continue
                known = [took for _ in range(chosen.rounds) for took in clicked(page, measured).values()]
                opens = [opened_again(page, server.address, measured) for _ in range(chosen.opens)]
                report(f"{name}, cold", cold)
                report(f"{name}, warm", opens, 1200)
                report(f"{name}, known", known, 300)
                report(f"{name}, uncached", uncached, 600)
                if measured.has_periods:
                    times, memory = together(chromium, server, measured, chosen.readers)
                    report(f"{name}, together", times)
                    held = resident(server)
                    print(f"{'':<22}{chosen.readers} readers, {memory:.1f} MiB each of {held:.0f} MiB")


if __name__ == "__main__":
    main()
