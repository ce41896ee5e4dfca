"""What a team's pages are made of: its look, what it may move and predict, the public scenario.

The only place where these pages meet a room; what they show comes from here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future as Promise
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mobilize.app.rooms import shared
from mobilize.app.rooms.once import kept, once
from mobilize.app.rooms.shared import Look, the_hall
from mobilize.app.rooms.teams.views.planning import act_rows, begin, lever_board
from mobilize.app.seats.held import Act
from mobilize.game.game import play
from mobilize.rooms.acting import doable
from mobilize.rooms.moves import first_moves
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import Room
from mobilize.rooms.sight import figures_to_predict, menu
from mobilize.scenario import Scenario
from mobilize.workers import Workers

Plain = dict[str, Any]
Go = Callable[[str], None]
NOTHING: list[Plain] = []


@dataclass(frozen=True)
class Given:
    """One member's tab, and what its seat may do; lists stay the same objects between turns."""

    look: Look
    scenario: Scenario
    menu: list[Plain]
    acts: list[Plain]
    figures: list[Plain]
    act: Act
    go: Go

    @property
    def sight(self) -> Plain:
        """Return what the seat may see."""
        return self.look.sight

    @property
    def seat(self) -> str:
        """Return the seat's id."""
        return str(self.look.sight["you"]["seat"])

    @property
    def act_rows(self) -> list[Plain]:
        """Return the acts of the seat with names of targets."""
        return once(act_rows, self.acts, self.sight["world"], self.scenario)

    @property
    def asked(self) -> frozenset[str]:
        """Return the levers that need the white cell's word."""
        return once(_asked, self.menu)


def _asked(rows: list[Plain]) -> frozenset[str]:
    return frozenset(row["lever"] for row in rows if row["asked"])


def given(key: str, look: Look, act: Act, go: Go) -> Given:
    """Return what a member's pages are made of; worked out once a turn for all tabs of a seat."""
    room, seat = the_hall().room(key), look.member.seat
    turns = room.shown.turns  # of what is told: the menu of a seat follows from these alone
    rows = [
        kept((what, key, seat), turns, lambda what=what: what(room, seat))  # type: ignore[misc]
        for what in (menu, doable, figures_to_predict)
    ]
    return Given(look, room.game.scenario, rows[0], rows[1], rows[2], act, go)


def gives(key: str, seat: str) -> tuple[list[Plain], list[Plain]]:
    """Return the levers and acts that another seat can be asked for, as anybody knows them.

    Those of the start of the game: what was found out since is not everybody's.
    """
    room = the_hall().room(key)
    if seat == WHITE_CELL or seat not in {p.id for p in room.seats}:
        return NOTHING, NOTHING
    rows = [
        kept(("gives", what, key, seat), (), lambda what=what: what(room, seat, _first(room)))  # type: ignore[misc]
        for what in (menu, doable)
    ]
    return rows[0], rows[1]


def _first(room: Room) -> Any:
    return play(room.game.before(0))


def board_of(given: Given, suggested: tuple[str, ...]) -> Plain:
    """Return the board of a seat's levers; in a first turn with some to begin with."""
    first: tuple[str, ...] = ()
    if given.sight["room"]["turn"] == 1:
        first = begin(suggested, given.menu, given.sight["you"]["parts"])
    return kept(
        ("board", " ".join(first)),
        (given.menu, given.scenario),
        lambda: lever_board(given.menu, first, given.scenario),
    )


def suggested(scenario: Scenario, seat: str) -> tuple[str, ...]:
    """Return what a seat may begin with, once it is found; the first to ask has it looked for.

    It takes many runs of the model: a process of the server's own does it, and nobody waits.
    """
    if shared.workers is None:
        return ()
    found = _search(shared.workers, scenario, seat)
    return found.result() if found.done() and found.exception() is None else ()


def suggest_ahead(scenario: Scenario, seats: Iterator[str]) -> None:
    """Have it looked for what seats may begin with, one after another.

    Not all at once: what somebody waits for would have to wait for all of it.
    """
    seat = next(seats, None)
    if seat is None or shared.workers is None:
        return

    def next_one(done: Promise[tuple[str, ...]]) -> None:
        if not done.cancelled() and done.exception() is None:
            with suppress(RuntimeError):  # the server ends
                suggest_ahead(scenario, seats)

    _search(shared.workers, scenario, seat).add_done_callback(next_one)


def _search(workers: Workers, scenario: Scenario, seat: str) -> Promise[tuple[str, ...]]:
    """Return the search for what a seat may begin with, begun by whoever asks first."""
    with _LOCK:
        key = (scenario.digest, seat)
        if key not in _ASKED:
            _ASKED[key] = workers.submit(first_moves, scenario, seat)
        return _ASKED[key]


_LOCK = threading.Lock()
_ASKED: dict[tuple[str, str], Promise[tuple[str, ...]]] = {}
