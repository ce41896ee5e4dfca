"""The rooms that are open on this machine: who comes in, what is dispatched, who is told.

The only thing here that changes. An act is on disk before anybody hears of it.
"""

from __future__ import annotations

import json
import math
import secrets
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mobilize.game.game import Game
from mobilize.rooms.accept import accept
from mobilize.rooms.codes import JOINS, Attempts, Recent, new_code, new_token, read_code
from mobilize.rooms.file import header, reopened, replayed, row_of
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import SYSTEM, Act, Refusal, Room, RoomError, found
from mobilize.rooms.store import RoomRow, RoomStore, hashed
from mobilize.rooms.turns import due
from mobilize.scenario import Scenario, load
from mobilize.watchers import Watchers

Watcher = Callable[[Room], None]
MANY, PACE = 40, 10.0  # acts that one person may send within so many seconds
TRIES = 20  # to find a code that is free


@dataclass(frozen=True)
class Opened:
    """A new room: its id, the code for players, and that for the white cell."""

    id: str
    code: str
    staff: str


@dataclass(frozen=True)
class Joined:
    """A place in a room; the token is told once and kept by the browser alone."""

    room: str
    member: str
    token: str


@dataclass
class _Live:
    """A room that is open: its lock, what it is now, and who watches."""

    row: RoomRow
    room: Room
    lock: threading.RLock = field(default_factory=threading.RLock)
    watchers: Watchers[[Room]] = field(default_factory=lambda: Watchers("a room"))
    paces: dict[str, deque[float]] = field(default_factory=dict)


class Hall:
    """Every room of a store; every call is safe from any thread.

    Parameters
    ----------
    store : RoomStore
        Where every act is kept.
    scenarios : mapping of str to Scenario, optional
        Those beside the shipped ones.
    clock : callable, optional
        Seconds of the server.
    """

    def __init__(
        self,
        store: RoomStore,
        scenarios: Mapping[str, Scenario] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store, self.clock = store, clock
        self._scenarios = dict(scenarios or {})
        self._attempts, self._joins = Attempts(), Recent(JOINS)
        self._lock = threading.Lock()
        self._live: dict[str, _Live] = {}
        self._holders: dict[str, tuple[str, str]] = {}  # by hash of a token: asked at every paint

    def open(self, game: Game, **parts: Any) -> Opened:
        """Open a room; parts are those of :func:`mobilize.rooms.room.found`.

        Raises
        ------
        RoomError
            If something is wrong with it, or it cannot be kept.
        """
        room = found(game, **parts)
        for _ in range(TRIES):
            new = Opened(secrets.token_hex(8), new_code(), new_code())
            try:
                self.store.open(new.id, new.code, new.staff, json.dumps(header(room)))
                return new
            except sqlite3.IntegrityError:
                continue
            except sqlite3.Error as error:
                raise RoomError(f"the room cannot be kept: {error}") from error
        raise RoomError("no free code was found")

    def rows(self) -> list[RoomRow]:
        """Return the rooms that are kept, the latest first."""
        return self.store.rooms()

    def row(self, key: str) -> RoomRow:
        """Return a room's codes, for whoever may show them; raises RoomError if there is none."""
        return self._find(key).row

    def room(self, key: str) -> Room:
        """Return a room as it is now.

        Raises
        ------
        RoomError
            If there is none, or what is kept cannot be played again by this version.
        """
        return self._find(key).room

    def _find(self, key: str) -> _Live:
        with self._lock:
            if key not in self._live:
                row = next((r for r in self.store.rooms() if r.id == key), None)
                if row is None:
                    raise RoomError("There is no such room.")
                self._live[key] = _Live(row, self._again(row))
            return self._live[key]

    def _again(self, row: RoomRow) -> Room:
        """Return a room as it is kept, every act through the same door again."""
        head = json.loads(row.header)
        name = head["scenario"]
        room = reopened(head, self._scenarios.get(name) or load(name))
        return replayed(room, [json.loads(text) for _, text in self.store.acts(row.id)])

    def join(self, code: object, name: str, seat: str, source: str = "") -> Joined | Refusal:
        """Let somebody in by a code; with the players' code anywhere but into the white cell."""
        live = self._by_code(code, source)
        if isinstance(live, Refusal):
            return live
        if seat == WHITE_CELL and read_code(code) != live.row.staff:
            with self._lock:
                self._attempts.wrong(source, self.clock(), read_code(code))
            return Refusal("The white cell has a code of its own.")
        with self._lock:
            wait = self._joins.wait(source, self.clock())
        if wait:
            return Refusal(f"Too many people join from your place: wait {minutes(wait)}.")
        member, token = secrets.token_hex(8), new_token()
        body = {"member": member, "name": name, "seat": seat}
        with live.lock:
            act = Act("join", body, len(live.room.log) + 1)
            refused = self._take(live, SYSTEM, act, (hashed(token), member))
        if refused is None:
            with self._lock:
                self._joins.add(source, self.clock())
        self._tell(live, refused)
        return refused or Joined(live.row.id, member, token)

    def seats(self, code: object, source: str = "") -> Room | Refusal:
        """Return the room of a code, to choose a seat in."""
        live = self._by_code(code, source)
        return live if isinstance(live, Refusal) else live.room

    def opens_white_cell(self, code: object) -> bool:
        """Return whether a code is that of a room's white cell."""
        wanted = read_code(code)
        return any(secrets.compare_digest(wanted, row.staff) for row in self.store.rooms())

    def _by_code(self, code: object, source: str) -> _Live | Refusal:
        now = self.clock()
        with self._lock:
            wait = self._attempts.wait(source, now)
        if wait:
            return Refusal(f"Too many wrong codes: wait {minutes(wait)}.")
        wanted = read_code(code)
        for row in self.store.rooms():
            if any(secrets.compare_digest(wanted, known) for known in (row.code, row.staff)):
                try:
                    return self._find(row.id)
                except RoomError as error:
                    return Refusal(f"This room cannot be opened: {error}")
        with self._lock:
            self._attempts.wrong(source, now, wanted)
        return Refusal("No room has this code.")

    def who(self, token: str) -> tuple[str, str] | None:
        """Return room and member of a token, while the member is in the room."""
        key = hashed(token)
        held = self._holders.get(key) or self.store.holder(key)
        if held is not None:
            self._holders[key] = held
        return held if held and held[1] in self.room(held[0]).members else None

    def dispatch(
        self, token: str, kind: str, body: Mapping[str, Any], sequence: int
    ) -> Refusal | None:
        """Do an act for the holder of a token; None once it is accepted, and on disk."""
        try:
            held = self.who(token)
        except RoomError as error:
            return Refusal(str(error))
        if held is None:
            return Refusal("You are not in this room any more: join it again.")
        live = self._find(held[0])
        with live.lock:
            refused = self._too_fast(live, held[1]) or self._take(
                live, held[1], Act(kind, body, sequence)
            )
        self._tell(live, refused)
        return refused

    def _too_fast(self, live: _Live, member: str) -> Refusal | None:
        now, times = self.clock(), live.paces.setdefault(member, deque(maxlen=MANY))
        if len(times) == MANY and now - times[0] < PACE:
            return Refusal("Too many acts at once: wait a few seconds.")
        times.append(now)
        return None

    def _take(
        self, live: _Live, who: str, act: Act, token: tuple[str, str] | None = None
    ) -> Refusal | None:
        """Accept an act and keep it; only then does the room change."""
        after = accept(live.room, who, act, self.clock())
        if isinstance(after, Refusal):
            return after
        entry = after.log[-1]
        try:
            self.store.append(live.row.id, entry.number, json.dumps(row_of(entry)), token)
        except sqlite3.Error as error:
            return Refusal(
                f"That was not done, for it cannot be kept: {error}. Tell the white cell; "
                "nothing is lost."
            )
        live.room = after
        return None

    def _tell(self, live: _Live, refused: Refusal | None) -> None:
        """Tell those who watch, outside the lock, so that none of them holds anybody up."""
        if refused is None:
            live.watchers.tell(live.room)

    def tick(self) -> None:
        """Let the clock move every open room on whose time has run out."""
        with self._lock:
            open_now = list(self._live.values())
        for live in open_now:
            with live.lock:
                act = due(live.room, self.clock())
                refused = None if act is None else self._take(live, SYSTEM, act)
            if act is not None:
                self._tell(live, refused)

    def watch(self, key: str, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with the room after every act; return how to end it."""
        return self._find(key).watchers.add(watcher)

    def forget(self, key: str) -> None:
        """Throw a room away."""
        with self._lock:
            self._live.pop(key, None)
            self._holders = {t: held for t, held in self._holders.items() if held[0] != key}
            self.store.forget(key)


def minutes(seconds: float) -> str:
    """Return a time to wait, in words."""
    whole = max(1, math.ceil(seconds / 60))
    return f"{whole} minute{'s' * (whole > 1)}"
