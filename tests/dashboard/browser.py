"""The dashboard served on a free port, and Chromium driving it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, sync_playwright

from tests import chromium

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30
WIDE, NARROW = ViewportSize(width=1440, height=1000), ViewportSize(width=390, height=844)
SHOWN = "[...document.querySelectorAll('.masthead, .tile, .heading')].map(part => part.innerText).join()"
SETTLED = """
([words, charts]) => new Promise((resolve, reject) => {
  const began = window.clickedAt ?? 0, deadline = performance.now() + 20000;
  let calm = 0;
  const look = () => {
    const drawn = document.querySelectorAll('.stVegaLiteChart :is(svg, canvas)').length;
    const isAtRest = document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'
      && !document.querySelector('[data-stale=true]');
    // To read the page takes the browser's time, of which there is enough only when it is at rest.
    const isNew = () => SHOWN !== window.shownBefore && document.body.innerText.includes(words);
    calm = isAtRest && drawn >= charts && isNew() ? calm + 1 : 0;
    if (calm > 2) resolve(performance.now() - began);
    else if (performance.now() > deadline) reject(new Error(`not settled on: ${words}; ${drawn} charts`));
    else requestAnimationFrame(look);
  };
  look();
})
""".replace("SHOWN", SHOWN)
CLICK = (
    f"element => {{ window.shownBefore = {SHOWN}; window.clickedAt = performance.now(); element.click(); }}"
)


def free_port() -> int:
    """A port on which nothing listens now."""
    with closing(socket.socket()) as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """Where a dashboard is served, and by which process."""

    address: str
    process_id: int


@dataclass(frozen=True)
class Site:
    """A dashboard that serves the built version, and what it prints."""

    server: Server
    log: Path


@dataclass
class Seen:
    """What a page asked for and complained about."""

    requests: list[str]
    complaints: list[str]

    @classmethod
    def by(cls, page: Page) -> "Seen":
        seen = cls([], [])

        def on_console(message: ConsoleMessage) -> None:
            # On the path of a page Streamlit looks there for its server first, and then at the root.
            is_search = "/_stcore/" in message.location["url"]
            if message.type in ("error", "warning") and not is_search:
                seen.complaints.append(message.text)

        def on_request(request: Request) -> None:
            seen.requests.append(request.url)

        page.on("console", on_console)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("request", on_request)
        return seen

    @property
    def hosts(self) -> set[str | None]:
        """The hosts asked, without data that is part of the page."""
        return {urlsplit(url).hostname for url in self.requests if not url.startswith(("data:", "blob:"))}


@contextmanager
def serve(warehouse: Path, log: Path | None = None) -> Iterator[Server]:
    """Serve the dashboard on this warehouse. What it prints goes to `log`."""
    port = free_port()
    with (log or Path(os.devnull)).open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "--port", str(port)],
            cwd=ROOT,
            env={
                **os.environ,
                "WAREHOUSE_PATH": str(warehouse.resolve()),
                "SAVED_VIEWS_PATH": str(warehouse.resolve().with_name(f"saved_views_{port}.sqlite")),
                "PYTHONWARNINGS": "default",
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://localhost:{port}"
            wait_until_healthy(process, address)
            yield Server(address, process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait_until_healthy(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait for the server. Raises RuntimeError if it ends or does not answer."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{address}/_stcore/health"):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"The dashboard did not answer at {address}.")


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium with a fresh profile."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.require(), args=ARGUMENTS)
        try:
            yield running
        finally:
            running.close()


def settle(page: Page, words: str = "", charts: int = 3) -> float:
    """Wait until the page is at rest, shows these words and not what it showed before the last click.

    Returns milliseconds since that click, or since the page was opened.
    """
    return float(page.evaluate(SETTLED, [words, charts]))


def choose(page: Page, key: str, option: str, charts: int = 3) -> float:
    """Choose an option of a filter that changes the page; returns milliseconds from click to rest.

    Without an option, remove the one that is chosen.
    """
    if not option:
        page.keyboard.press("Escape")
        target = page.locator(f".st-key-{key} [data-tag]:visible button")
    elif key == "grain":
        target = page.locator(".st-key-grain button").filter(has_text=option)
    else:
        page.locator(f".st-key-{key} :is(input, button)").first.click()
        target = page.get_by_role("option", name=option, exact=True)
    target.evaluate(CLICK)
    return settle(page, charts=charts)


def parameters(page: Page) -> dict[str, list[str]]:
    """What the page's URL holds."""
    return parse_qs(urlsplit(page.url).query)
