"""A server of its own and a real Chromium: for tests, benchmarks and screenshots.

Needs the extra `dev` and a Chromium on the path.
"""

from __future__ import annotations

import random
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
PATIENCE = 120.0  # seconds for whatever a page waits for, however busy the machine is
STARTS = 180.0  # seconds for a server to start: it may have to compile the model
PORTS = range(20_000, 32_000)  # below those that systems give to connections by themselves
TOLD = b"Ctrl+C"  # stands in what a server says once it serves
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
    results = results or saves.parent / "results"
    rest = [*folders, "--saves", str(saves), "--results", str(results)]
    with _started(["play", *rest], log, port or any_port(), before) as (address, process):
        yield Served(address, process, results)


@dataclass
class Hosted:
    """A server of rooms: its address and process, the latest room's codes."""

    address: str
    process: subprocess.Popen[bytes]
    code: str
    staff: str


@contextmanager
def hosted(
    saves: Path, log: Path, *options: str, port: int = 0, before: str = ""
) -> Iterator[Hosted]:
    """Start a server of rooms; end it afterwards.

    Parameters
    ----------
    options : str
        Those of `mobilize host`: a scenario opens a room, none serves what is kept.
    """
    from mobilize.rooms.store import RoomStore

    rest = [*options, "--saves", str(saves)]
    with _started(["host", *rest], log, port or any_port(), before) as (address, process):
        store = RoomStore(saves)
        row = store.rooms()[0]
        store.close()
        yield Hosted(address, process, row.code, row.staff)


@contextmanager
def taught(
    saves: Path, log: Path, *options: str, port: int = 0, before: str = ""
) -> Iterator[Hosted]:
    """Start a server of classes; end it afterwards. Options are those of `mobilize teach`."""
    from mobilize.rooms.store import RoomStore

    rest = [*options, "--saves", str(saves)]
    with _started(["teach", *rest], log, port or any_port(), before) as (address, process):
        store = RoomStore(saves)
        row = store.rooms()[0]
        store.close()
        yield Hosted(address, process, row.code, row.staff)


def any_port() -> int:
    """Return a port that is free, and that no connection gets before a server takes it.

    Nor does a client that seeks a server that is gone: it could otherwise connect to itself.
    """
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"a hundred ports of {PORTS.start} to {PORTS.stop - 1} are all taken")


@contextmanager
def _started(
    command: Sequence[str], log: Path, port: int, before: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a command that serves, in a process of its own; end it afterwards."""
    start = [sys.executable, "-c", f"{before}\n{START}", *command]
    told = log.stat().st_size if log.exists() else 0
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*start, "--no-browser", "--port", str(port)], stdout=out, stderr=out
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, log, told)
        yield address, process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path, told: int) -> None:
    """Wait until a server answers and has told how it is ended, after so many bytes of its log."""
    end = time.monotonic() + STARTS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=PATIENCE):
                if TOLD in log.read_bytes()[told:]:
                    return
        except OSError:
            pass
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


def new_page(chrome: Browser, width: int = 1440, height: int = 900, theme: str = "light") -> Page:
    """Return an empty page in a context of its own, which is patient on a busy machine."""
    context = chrome.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
    )
    context.set_default_timeout(1000 * PATIENCE)
    return context.new_page()


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


def join(page: Page, address: str, code: str, name: str, seat: str = "") -> str:
    """Join a room; return the member's id. The white cell's code needs no seat."""
    page.goto(f"{address}/join?code={code}")
    page.get_by_label("A name for the room").fill(name)
    if seat:
        page.locator(f'input[value="{seat}"]').check()
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector(".seat-bar")
    return page.url.split("/seat/")[1].split("/")[0]


def attend(page: Page, address: str, code: str, name: str, place: str = "") -> str:
    """Join a class as "TEAM|PART"; return the member's id. The instructor's code needs no place."""
    page.goto(f"{address}/join?code={code}")
    page.get_by_label("A name for the class").fill(name)
    if place:
        page.locator(f'input[value="{place}"]').check()
    page.get_by_role("button", name="Join").click()
    page.wait_for_selector(".seat-bar")
    return page.url.split("/seat/")[1].split("/")[0]


def settled(page: Page) -> None:
    """Wait until charts are drawn and no forecast is under way."""
    page.wait_for_selector(".chart-box svg")
    page.wait_for_function("!document.querySelector('.busy')")
