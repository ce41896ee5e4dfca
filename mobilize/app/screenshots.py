"""Screenshots of every page, three sizes, light and dark: `python -m mobilize.app.screenshots OUT`.

A short game of the default scenario is played first, so that there is something to see.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mobilize.app.driver import begin, browser, served, settled

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES = ((1440, 900), (1024, 768), (390, 844))
THEMES = ("light", "dark")
SCENARIO = "Arsenal 2026"
ITEM = "amraam"  # what the charts of the situation show
QUARTERS = 6
PAGES = ("situation", "network", "map", "compare", "log", "after", "sources", "help")
LONGEST = 120_000  # ms for a comparison to end
REST = 700  # ms in which pictures settle


def take(out: Path, only: tuple[str, ...] = ()) -> list[Path]:
    """Take every screenshot, or those of some pages; return the files."""
    out.mkdir(parents=True, exist_ok=True)
    taken = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with served(place / "games.sqlite", place / "log.txt") as server, browser() as chrome:
            key = _play(chrome, server.address)
            pages = {"home": "/", "lab": "/lab"} | {name: f"/play/{key}/{name}" for name in PAGES}
            for name, path in pages.items():
                if only and name not in only:
                    continue
                for width, height in SIZES:
                    for theme in THEMES:
                        file = out / f"{name}-{width}-{theme}.png"
                        _take(chrome, server.address + path, width, height, theme, file)
                        taken.append(file)
    return taken


def _play(chrome: Browser, address: str) -> str:
    """Play some quarters and leave a draft on the table; return the key of the game."""
    page = chrome.new_context().new_page()
    key = begin(page, address, SCENARIO)
    for quarter in range(QUARTERS):
        if quarter == 2:
            _choose(page, "title3-eligible-set", "all SOSA partners")
            _choose(page, "usml-to-ccl", "both")
        page.click(".advance .primary")
        settled(page)
    page.fill("#lever-search", "component-swap")
    slider = page.locator("[data-lever='component-swap'] input[type=range]")
    slider.fill("0.1")
    slider.dispatch_event("change")
    page.wait_for_selector(".draft")
    settled(page)
    page.goto(f"{address}/play/{key}/after")
    page.get_by_role("button", name="Work it out").click()
    page.wait_for_selector(".bar-row", timeout=LONGEST)
    page.goto(f"{address}/play/{key}/compare")
    for place, package in enumerate(("Export control reform", "Title III money for allied plants")):
        page.locator(".page form select").nth(place).select_option(label=package)
    page.get_by_role("button", name="Compare", exact=True).last.click()
    page.wait_for_selector(".page table.data", timeout=LONGEST)
    page.context.close()
    return key


def _choose(page: Page, lever: str, value: str) -> None:
    page.fill("#lever-search", lever)
    page.select_option(f"[data-lever='{lever}'] .control select", value)
    page.wait_for_selector(".draft")


def _take(chrome: Browser, url: str, width: int, height: int, theme: str, file: Path) -> None:
    context = chrome.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.add_init_script("localStorage.setItem('mobilize:tour', 'seen')")
    page.goto(url)
    page.wait_for_selector(".mob main, .mob .page > *")
    page.wait_for_function("!document.querySelector('.busy, .loading')")
    if page.locator(".chart select").count():
        page.locator(".chart select").first.select_option(ITEM)
    page.wait_for_timeout(REST)
    page.screenshot(path=str(file))
    context.close()


if __name__ == "__main__":
    for taken_file in take(Path(sys.argv[1]), tuple(sys.argv[2:])):
        print(taken_file)
