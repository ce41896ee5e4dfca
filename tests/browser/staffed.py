"""One server of rooms for a file of tests, a room for each; people come in by browsers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from mobilize.app.driver import Hosted, Watched, hosted, join, new_page, watch
from mobilize.game.game import Game
from mobilize.rooms.hall import Hall
from mobilize.rooms.store import RoomStore
from mobilize.scenario import load

GAP = "industrial-gap"
Come = Callable[..., Page]


@dataclass(frozen=True)
class Table:
    """A room of a server: where it is, and its codes."""

    address: str
    key: str
    code: str
    staff: str


@pytest.fixture(scope="module")
def rooms_chrome(chrome: Browser) -> Browser:
    return chrome


@pytest.fixture(scope="module")
def rooms_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hosted, Path]]:
    folder = tmp_path_factory.mktemp("rooms")
    with hosted(folder / "rooms.sqlite", folder / "log.txt", GAP) as found:
        yield found, folder / "rooms.sqlite"


@pytest.fixture(name="table")
def new_table(rooms_server: tuple[Hosted, Path], request: pytest.FixtureRequest) -> Iterator[Table]:
    """Return a new room: the server finds it by its code, as it finds one kept from yesterday.

    A test may ask for turns of another length than three months.
    """
    server, saves = rooms_server
    store = RoomStore(saves)
    months = getattr(request, "param", 3)
    opened = Hall(store).open(Game(load(GAP), 5), minutes=20, months=months)
    yield Table(server.address, opened.id, opened.code, opened.staff)
    store.close()


@pytest.fixture(name="come")
def coming(table: Table, rooms_chrome: Browser) -> Iterator[Come]:
    """Return how somebody comes in with a browser of their own; no page may misbehave."""
    opened: list[Watched] = []

    def new(name: str, seat: str = "", wide: int = 1440) -> Page:
        page = new_page(rooms_chrome, wide)
        opened.append(watch(page, table.address))
        join(page, table.address, table.code if seat else table.staff, name, seat)
        return page

    yield new
    faults = [fault for watched in opened for fault in watched.faults]
    for watched in opened:
        watched.page.context.close()
    assert faults == []


def to(page: Page, name: str) -> None:
    """Go to a page by the bar."""
    pages = page.get_by_role("navigation", name="Pages", exact=True)
    pages.get_by_role("button", name=name, exact=True).click()
    heading = "What to do now" if name == "Control" else name
    expect(page.locator("main h1", has_text=heading)).to_be_visible()


def panel(page: Page, heading: str) -> Locator:
    """Return the panel under a heading."""
    found = page.get_by_role("heading", name=heading, exact=True)
    return page.locator("main .panel").filter(has=found)


def act(page: Page, kind: str, **body: object) -> None:
    """Send an act as the page of a seat would, and wait until it is accepted."""
    bar = "[...document.querySelectorAll('*')].find((e) => e.__vue__ && e.__vue__.act).__vue__"
    sent = page.evaluate(
        f"([kind, body]) => {{ {bar}.act(mobilize.act(kind, body)); return mobilize.sent; }}",
        [kind, body],
    )
    page.wait_for_function(f"(n) => {bar}.sequence >= n", arg=sent)


def twice(scope: Locator, name: str) -> None:
    """Press a button that asks once more, and the same button again."""
    scope.get_by_role("button", name=name).click()
    time.sleep(0.35)  # a double click counts as one press
    scope.locator(".btn.danger").click()


def done(page: Page, text: str) -> None:
    """Wait until the page says what was done."""
    expect(page.locator(".last-done")).to_contain_text(text)


def next_phase(page: Page, *phases: str) -> None:
    """Press Next until the room is in the last of some phases, each in its turn."""
    for phase in phases:
        page.locator("#next").click()
        expect(page.locator(".phases .on")).to_have_text(phase)
