"""How fast a room answers a class: scripted clients and real tabs, and ratios to targets."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mobilize.app.driver import Hosted, browser, chromium, hosted
from mobilize.app.driver import join as join_by_hand
from mobilize.app.scripted import Tab, Visitor
from mobilize.bench_app import Figure, figure
from mobilize.rooms.roles import WATCHERS, WHITE_CELL, places
from mobilize.scenario import load

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCENARIO = "industrial-gap"
TURNS = 6  # of which the first is not counted: it reads what was compiled
MOVES = 200
QUIET = 0.5  # seconds without a message, after which an update is whole
PATIENCE = 120.0  # seconds
SETTLED = 10.0  # seconds in which a new page is drawn
CLIENT, TAB = 1.5, 2.0  # seconds from the white cell's act to the last client, and the last paint
PAINTED = """(phase) => {
  window.painted = 0;
  const check = () => {
    const on = document.querySelector('.phases li.on');
    if (!on || on.innerText !== phase) return requestAnimationFrame(check);
    requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = Date.now(); }));
  };
  check();
}"""
IDLE = "() => new Promise((done) => requestIdleCallback(() => done()))"
NEXT = {"lock": "Lock", "resolve": "Resolve", "brief": "Brief", "plan": "Plan"}


def measure_room(
    clients: int = 40, tabs: int = 25, progress: Callable[[str], None] = lambda _: None
) -> list[Figure]:
    """Return how fast phases reach everybody, what a client costs, and whether all see the same.

    Parameters
    ----------
    clients : int
        Scripted ones, which receive everything and paint nothing.
    tabs : int
        Of a real Chromium; 0, or where there is none, leaves them out.
    """
    found: list[Figure] = []
    kinds = (
        ("scripted clients", clients, _scripted),
        ("real tabs", tabs if chromium() else 0, _real),
    )
    for what, count, measure in kinds:
        if count:
            with tempfile.TemporaryDirectory() as folder:
                place = Path(folder)
                saves = place / "rooms.sqlite"
                with hosted(saves, place / "log.txt", SCENARIO) as server:
                    progress(f"{count} {what}")
                    found += measure(server, count)
    return found


def seats() -> list[str]:
    """Return the seats of the teams, in which clients sit one after the other."""
    every = places(load(SCENARIO))
    return [p.id for p in every if p.role not in (*WATCHERS, WHITE_CELL)]


def white_cell(server: Hosted) -> Tab:
    """Return a tab of the white cell."""
    visitor = Visitor(server.address)
    return Tab(visitor, visitor.join(server.staff, "white", WHITE_CELL)).run()


def _scripted(server: Hosted, count: int) -> list[Figure]:
    """Measure with scripted clients."""
    last = [0.0]

    def heard(_: str) -> None:
        last[0] = time.monotonic()

    with ExitStack() as stack:
        white = stack.enter_context(white_cell(server))
        base = memory(server.process.pid)
        team = seats()
        visitors = [Visitor(server.address) for _ in range(count)]
        paths = [
            v.join(server.code, f"client {n}", team[n % len(team)]) for n, v in enumerate(visitors)
        ]
        pairs = zip(visitors, paths, strict=True)
        tabs = [stack.enter_context(Tab(v, path, heard).run()) for v, path in pairs]
        each = (memory(server.process.pid) - base) / count
        times: dict[str, list[float]] = {phase: [] for phase in NEXT}
        costs, bytes_ = [], []
        for turn in range(TURNS):
            spent, got = cpu(server.process.pid), sum(t.received for t in tabs)
            for phase, found in times.items():
                start = time.monotonic()
                white.act("next", {})
                everybody(tabs, last, partial(in_phase, phase))
                if turn:
                    found.append(1000 * (last[0] - start))
            if turn:
                costs.append(1000 * (cpu(server.process.pid) - spent))
                bytes_.append((sum(t.received for t in tabs) - got) / count / 1000)
        moved = moves(tabs)
        everybody(tabs, last, lambda t: t.bar["sequence"] == moved[tabs.index(t)])
        alike = sum(same(t) for t in tabs)
    rows = [
        figure(f"{phase}: white cell's act to the last of {count} clients", "ms", found,
               1000 * CLIENT)
        for phase, found in times.items()
    ]  # fmt: skip
    return [
        *rows,
        figure(f"server CPU a turn, {count} clients", "ms", costs),
        figure("websocket bytes a client and turn", "kB", bytes_),
        figure("server memory a client", "MB", [each]),
        figure(f"clients that show what a new page shows, after {MOVES} moves", "", [alike], count),
    ]


def in_phase(phase: str, tab: Tab) -> bool:
    """Return whether a client shows a phase."""
    return bool(tab.bar["room"]["phase"] == phase)


def everybody(tabs: Sequence[Tab], last: list[float], done: Callable[[Tab], Any]) -> None:
    """Wait until something is so for every client, and nothing more arrives."""
    for tab in tabs:
        tab.wait(done, PATIENCE)
    while time.monotonic() - last[0] < QUIET:
        time.sleep(QUIET / 10)


def moves(tabs: Sequence[Tab]) -> list[int]:
    """Let the clients act in turn; return how many acts of each were accepted."""
    sent = [0] * len(tabs)
    first = [tab.bar["sequence"] for tab in tabs]
    for n in range(MOVES):
        at = n % len(tabs)
        tab = tabs[at]
        sent[at] += 1
        number = first[at] + sent[at]
        if n % 3 == 0:
            tab.act("note", {"text": f"move {n}"}, number)
        elif n % 3 == 1:
            tab.act("say", {"to": [WHITE_CELL], "text": f"move {n}"}, number)
        else:
            tab.act("submit" if n % 2 else "reopen", {}, number)
    return [a + b for a, b in zip(first, sent, strict=True)]


def shown(tab: Tab) -> set[str]:
    """Return everything that a page shows, without the names of its parts."""
    own = ("fault", "layout", "children", "template", "_component_instances")
    rows = set()
    for state in [*tab.widgets.values()]:
        kept = {
            key: value
            for key, value in state.items()
            if key not in own and "IPY_MODEL_" not in json.dumps(value)
        }
        rows.add(json.dumps(kept, sort_keys=True))
    return rows


def same(tab: Tab) -> bool:
    """Return whether a client shows what a new page of its seat does, once that is drawn."""
    end = time.monotonic() + SETTLED
    with Tab(tab.visitor, tab.path).run() as new:
        while shown(new) != shown(tab) and time.monotonic() < end:
            time.sleep(QUIET / 5)
        return shown(new) == shown(tab)


def _real(server: Hosted, count: int) -> list[Figure]:
    """Measure with real tabs."""
    team, found = seats(), {phase: list[float]() for phase in NEXT}
    with browser() as chrome, white_cell(server) as white:
        pages: list[Page] = []
        for n in range(count):
            pages.append(chrome.new_context(viewport={"width": 1024, "height": 768}).new_page())
            join_by_hand(pages[-1], server.address, server.code, f"tab {n}", team[n % len(team)])
        for turn in range(TURNS - 1):
            for phase, title in NEXT.items():
                for page in pages:  # nobody goes on while the last phase is still being painted
                    page.evaluate(IDLE)
                    page.evaluate(PAINTED, title)
                start = time.time()
                white.act("next", {})
                for page in pages:
                    page.wait_for_function("window.painted", timeout=1000 * PATIENCE)
                ends = [float(page.evaluate("window.painted")) for page in pages]
                if turn:
                    found[phase].append(max(ends) - 1000 * start)
    return [
        figure(f"{phase}: white cell's act to the last of {count} tabs painted", "ms", values,
               1000 * TAB)
        for phase, values in found.items()
    ]  # fmt: skip


def cpu(pid: int) -> float:
    """Return the CPU time that a process has used, seconds; 0 where there is no /proc."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def memory(pid: int) -> float:
    """Return the memory of a process, MB; 0 where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    rows = status.read_text(encoding="ascii").splitlines()
    return int(next(row for row in rows if row.startswith("VmRSS")).split()[1]) / 1000
