"""A room that is served for a test module, and people who join it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from mobilize.app.driver import Hosted, hosted, join, watch

expect.set_options(timeout=20_000)  # on a machine that does much else, pages are slow
Sit = Callable[..., Page]


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
        context = chrome.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        watched.append(watch(page, table.address))
        join(page, table.address, table.code if seat else table.staff, name, seat)
        return page

    yield sit
    faults = [fault for one in watched for fault in one.faults]
    for one in watched:
        one.page.context.close()
    assert faults == []
