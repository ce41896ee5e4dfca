"""A server of its own and a real Chromium: for tests, benchmarks and screenshots.

Needs the extra `dev` and a Chromium on the path.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync")  # fmt: skip
PATIENCE = 60.0  # seconds for a server to start
START = "import sys; from mobilize.cli import main; sys.exit(main(sys.argv[1:]))"


def chromium() -> str | None:
    """Return the Chromium of this machine, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@dataclass
class Served:
    """A server that runs: its address, its process, where it looks for results of studies."""

    address: str
    process: subprocess.Popen[bytes]
    results: Path


@contextmanager
def served(
    saves: Path,
    log: Path,
    port: int = 0,
    folders: Sequence[str] = (),
    before: str = "",
    results: Path | None = None,
) -> Iterator[Served]:
    """Start a server of its own process; end it afterwards.

    Parameters
    ----------
    port : int
        0 is any that is free.
    folders : sequence of str
        Scenario folders besides the shipped ones.
    before : str
        Python that is run in the server first: how a test breaks it.
    results : Path, optional
        Results of studies; by default a folder beside the games.

    Raises
    ------
    RuntimeError
        If it does not answer in time; with what it printed.
    """
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    command = [sys.executable, "-c", f"{before}\n{START}", "play", *folders, "--no-browser"]
    results = results or saves.parent / "results"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--saves", str(saves), "--results", str(results)],
            stdout=out,
            stderr=out,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, log)
        yield Served(address, process, results)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium, headless; raises RuntimeError where there is none."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        raise RuntimeError(f"no Chromium on the path; looked for {', '.join(NAMES)}")
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, args=list(QUIET))
        yield found
        found.close()


@dataclass
class Watched:
    """A page, and what it did that it must not: requests elsewhere, errors."""

    page: Page
    faults: list[str] = field(default_factory=list)


def watch(page: Page, address: str) -> Watched:
    """Collect what a page does that no page may do."""
    watched = Watched(page)

    def request(url: str) -> None:
        own = (address, address.replace("http", "ws", 1), "data:", "blob:")
        if not url.startswith(own):
            watched.faults.append(f"asked elsewhere: {url}")

    page.on("request", lambda r: request(r.url))
    page.on("websocket", lambda w: request(w.url))
    page.on("pageerror", lambda e: watched.faults.append(f"page error: {e}"))
    page.on(
        "console",
        lambda m: watched.faults.append(f"console: {m.text}") if m.type == "error" else None,
    )
    return watched


def begin(page: Page, address: str, title: str, tour: bool = False) -> str:
    """Begin a game of a scenario from home, without the tour by default; return its key."""
    if not tour:
        page.add_init_script("localStorage.setItem('mobilize:tour', 'seen')")
    page.goto(address)
    card = page.locator(".card").filter(has=page.get_by_role("heading", name=title, exact=True))
    card.get_by_role("button", name="Play").click()
    page.wait_for_selector(".situation")
    settled(page)
    return page.url.split("/play/")[1].split("/")[0]


def settled(page: Page) -> None:
    """Wait until charts are drawn and no forecast is under way."""
    page.wait_for_selector(".chart-box svg")
    page.wait_for_function("!document.querySelector('.busy')")
