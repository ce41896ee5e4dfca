"""How fast the app answers, in a real Chromium: figures and ratios to what is to be reached."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from mobilize.app.driver import Served, begin, browser, served, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TURNS = 12  # times that each act is measured
PAGES = 50  # opened and closed again
SCENARIO = "Arsenal 2026"
TIMED = """async ([act, done]) => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const start = performance.now();
  new Function(act)();
  const check = new Function("return " + done);
  while (!check()) await frame();
  await frame();
  return performance.now() - start;
}"""
RATING = "document.querySelector('[data-lever=\\'title3-rule\\'] select')"
CHOOSE = f"const s = {RATING}; s.value = '%s'; s.dispatchEvent(new Event('change'))"
DRAWN = "document.querySelectorAll('.chart-box')[3].getAttribute('aria-label')"
CALM = "!document.querySelector('.busy')"


@dataclass(frozen=True)
class Figure:
    """One measured figure; `target` is what is to be reached, if anything is."""

    what: str
    unit: str
    median: float
    low: float
    high: float
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return the figure as a multiple of its target."""
        return self.median / self.target if self.target else None


def figure(what: str, unit: str, values: list[float], target: float | None = None) -> Figure:
    """Return a figure of several measurements."""
    return Figure(what, unit, median(values), min(values), max(values), target)


def measure_app(progress: Callable[[str], None] = lambda _: None) -> list[Figure]:
    """Return how fast pages load, levers repaint, forecasts finish, quarters pass.

    Raises
    ------
    RuntimeError
        Where there is no Chromium.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with served(place / "games.sqlite", place / "log.txt") as server, browser() as chrome:
            progress("pages and levers")
            found = _acts(server, chrome)
            if not Path("/proc").exists():  # memory is read there
                return found
            progress("memory")
            return [*found, *_memory(server, chrome)]


def _acts(server: Served, chrome: Browser) -> list[Figure]:
    page = chrome.new_context(viewport={"width": 1440, "height": 900}).new_page()
    key = begin(page, server.address, SCENARIO)
    loads = [_load(page, f"{server.address}/play/{key}/situation") for _ in range(5)]
    received = [0]
    page.on(
        "websocket",
        lambda w: w.on("framereceived", lambda f: received.__setitem__(0, received[0] + len(f))),
    )
    _load(page, f"{server.address}/play/{key}/situation")
    page.fill("#lever-search", "rule of awards title3-rule")
    page.fill("#lever-search", "title3-rule")
    page.wait_for_selector("[data-lever='title3-rule'] select")
    first, whole, sizes = [], [], []
    for n in range(TURNS):
        value = ("loudest", "even")[n % 2]
        settled(page)
        before = received[0]
        done = "[...document.querySelectorAll('.draft li')].some((r) => r.innerText.includes("
        first.append(_timed(page, CHOOSE % value, f"{done}'{value}'))"))
        whole.append(first[-1] + _timed(page, "", f"{CALM} && {DRAWN}.includes('draft')"))
        sizes.append(received[0] - before)
    page.keyboard.press("Escape")
    quarters, later, turns = [], [], []
    for _ in range(TURNS):
        settled(page)
        before = received[0]
        date = page.inner_text(".clock strong")
        act = "document.querySelector('.advance .primary').click()"
        done = f"document.querySelector('.clock strong').innerText !== '{date}'"
        quarters.append(_timed(page, act, f"{done} && document.querySelector('.tile-value')"))
        later.append(quarters[-1] + _timed(page, "", CALM))
        turns.append(received[0] - before)
    page.context.close()
    kilo = [size / 1000 for size in sizes], [size / 1000 for size in turns]
    return [
        figure("page load to drawn charts", "ms", loads),
        figure("lever to first repaint", "ms", first, 150),
        figure("lever to finished forecast, 36 months, 32 worlds", "ms", whole, 1000),
        figure("quarter to repaint", "ms", quarters, 500),
        figure("quarter to finished forecast", "ms", later),
        figure("websocket bytes a lever", "kB", kilo[0]),
        figure("websocket bytes a quarter", "kB", kilo[1]),
    ]


def _timed(page: Page, act: str, done: str) -> float:
    return float(page.evaluate(TIMED, [act, done]))


def _load(page: Page, address: str) -> float:
    start = time.perf_counter()
    page.goto(address)
    settled(page)
    return (time.perf_counter() - start) * 1000


def _memory(server: Served, chrome: Browser) -> list[Figure]:
    """Return the memory of the server for a page, and after many pages were closed."""
    key_page = chrome.new_context().new_page()
    key = begin(key_page, server.address, SCENARIO)
    address = f"{server.address}/play/{key}/situation"
    base = _resident(server)
    pages = []
    for _ in range(10):
        pages.append(chrome.new_context().new_page())
        pages[-1].goto(address)
        settled(pages[-1])
    each = (_resident(server) - base) / 10
    for page in pages:
        page.context.close()
    for _ in range(PAGES - 10):
        page = chrome.new_context().new_page()
        page.goto(address)
        page.wait_for_selector(".chart-box svg")
        page.context.close()
    time.sleep(3)
    after = _resident(server)
    key_page.context.close()
    return [
        figure("server memory with one page", "MB", [base]),
        figure("server memory a page more", "MB", [each]),
        figure(f"server memory after {PAGES} pages closed", "MB", [after]),
    ]


def _resident(server: Served) -> float:
    """Return the memory of the serving process, without its workers, MB."""
    text = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    line = next(row for row in text.splitlines() if row.startswith("VmRSS"))
    return int(line.split()[1]) / 1000
