"""A server of its own per process, a browser of its own per process, a context per test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mobilize.app.driver import (
    PATIENCE,
    Hosted,
    Served,
    Watched,
    browser,
    chromium,
    new_page,
    served,
    watch,
)
from tests.browser.tables import Sit, people, served_table

expect.set_options(timeout=1000 * PATIENCE)  # for every test of this folder
NEEDED = bool(os.environ.get("CI"))  # where a missing Chromium is a fault, not a reason to skip


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if chromium() is None and not NEEDED:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("served")
    with served(folder / "games.sqlite", folder / "log.txt") as found:
        yield found


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    if chromium() is None and not NEEDED:
        pytest.skip("no Chromium on this machine")
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def table_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """Serve a room of industrial-gap to the tests of a module."""
    if chromium() is None and not NEEDED:
        pytest.skip("no Chromium on this machine")
    with served_table(tmp_path_factory.mktemp("hosted")) as found:
        yield found


@pytest.fixture
def sit(table_server: Hosted, chrome: Browser) -> Iterator[Sit]:
    """Return how somebody joins the room in a browser of their own."""
    with people(table_server, chrome) as found:
        yield found


Open = Callable[..., Page]


@pytest.fixture
def open_page(server: Served, chrome: Browser) -> Iterator[Open]:
    """Return how to open a page of a context of its own; at the end no page may have misbehaved."""
    opened: list[Watched] = []

    def new(
        width: int = 1440, height: int = 900, theme: str = "light", path: str | None = ""
    ) -> Page:
        page = new_page(chrome, width, height, theme)
        opened.append(watch(page, server.address))
        if path is not None:
            page.goto(server.address + path)
        return page

    yield new
    faults = [fault for watched in opened for fault in watched.faults]
    for watched in opened:
        watched.page.context.close()
    assert faults == []


@pytest.fixture
def address(server: Served) -> str:
    return server.address


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return tmp_path
