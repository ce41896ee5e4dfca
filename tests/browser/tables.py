"""A room that is served for a test module, and people who join it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from mobilize.app.driver import PATIENCE, Hosted, hosted, join, new_page, watch

Sit = Callable[..., Page]


def until(done: Callable[[], object]) -> None:
    """Wait until something is so that no page shows."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)


@contextmanager
def replaced(page: Page, what: str) -> Iterator[None]:
    """Wait until other things are drawn where these are: what a click brings comes by and by."""
    mark = "(what) => document.querySelectorAll(what).forEach((e) => { e.dataset.before = 1; })"
    page.evaluate(mark, what)
    yield
    expect(page.locator("[data-before]")).to_have_count(0)
    page.wait_for_selector(what)


def open_tab(page: Page, name: str) -> None:
    """Go to a page of a team."""
    button = page.locator(".seat-bar nav").get_by_role("button", name=re.compile(f"^{name}"))
    if button.get_attribute("aria-current") is None:
        with replaced(page, ".page .panel"):
            button.click()
    expect(page.locator(".seat-bar nav button.on")).to_contain_text(name)


@contextmanager
def served_table(folder: Path, *options: str) -> Iterator[Hosted]:
    """Serve a room of industrial-gap, with the options of `mobilize host`."""
    with hosted(folder / "rooms.sqlite", folder / "log.txt", "industrial-gap", *options) as found:
        yield found


@contextmanager
def people(table: Hosted, chrome: Browser) -> Iterator[Sit]:
    """Give how somebody joins in a browser of their own; at the end no page may have misbehaved."""
    watched = []

    def sit(name: str, seat: str = "", width: int = 1440, height: int = 900,
            theme: str = "light") -> Page:  # fmt: skip
        page = new_page(chrome, width, height, theme)
        watched.append(watch(page, table.address))
        join(page, table.address, table.code if seat else table.staff, name, seat)
        return page

    yield sit
    faults = [fault for one in watched for fault in one.faults]
    for one in watched:
        one.page.context.close()
    assert faults == []
