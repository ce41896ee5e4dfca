"""What many people change together on this machine: codes, tokens, one act after another, on disk.

Rooms and classes are kept alike: a value that one pure door changes, every act on disk before
anybody hears of it. What differs is said by the class that inherits.
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
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from mobilize.rooms.codes import JOINS, Attempts, Recent, new_code, new_token, read_code
from mobilize.rooms.room import SYSTEM, Act, Refusal, RoomError
from mobilize.rooms.store import RoomRow, RoomStore, hashed
from mobilize.watchers import Watchers

MANY, PACE = 40, 10.0  # acts that one person may send within so many seconds
TRIES = 20  # to find a code that is free


class Shared(Protocol):
    """A value that acts change: who is in it, and every act so far."""

    @property
    def members(self) -> Mapping[str, Any]:
        """Return who is in it, by id."""

    @property
    def title(self) -> str:
        """Return what it is called."""

    @property
    def log(self) -> tuple[Any, ...]:
        """Return the accepted acts."""


V = TypeVar("V", bound=Shared)


@dataclass(frozen=True)
class Opened:
    """What was opened: its id, the code to come in by, and that for whoever leads it."""

    id: str
    code: str
    staff: str


@dataclass(frozen=True)
class Joined:
    """A place in it; the token is told once and kept by the browser alone."""

    room: str
    member: str
    token: str


@dataclass
class Live(Generic[V]):
    """What is open: its lock, what it is now, and who watches."""

    row: RoomRow
    value: V
    lock: threading.RLock = field(default_factory=threading.RLock)
    watchers: Watchers[[V]] = field(default_factory=lambda: Watchers("a room"))
    paces: dict[str, deque[float]] = field(default_factory=dict)


class Host(Generic[V]):
    """Everything of one kind in a store; every call is safe from any thread.

    Parameters
    ----------
    store : RoomStore
        Where every act is kept.
    clock : callable, optional
        Seconds of the server.
    """

    of = "room"  # what it is called in words
    leader = "white cell"

    def __init__(self, store: RoomStore, clock: Callable[[], float] = time.time) -> None:
        self.store, self.clock = store, clock
        self._attempts, self._joins = Attempts(), Recent(JOINS)
        self._lock = threading.Lock()
        self._live: dict[str, Live[V]] = {}
        self._holders: dict[str, tuple[str, str]] = {}  # by hash of a token: asked at every paint

    # what differs

    def _again(self, row: RoomRow) -> V:
        """Return what is kept, every act through the same door again; RoomError if it cannot."""
        raise NotImplementedError

    def _after(self, value: V, who: str, act: Act, at: float) -> V | Refusal:
        """Return the value after an act: the pure door."""
        raise NotImplementedError

    def _row_of(self, entry: Any) -> dict[str, Any]:
        """Return an accepted act as it is kept."""
        raise NotImplementedError

    # what is alike

    def _keep_new(self, header: Mapping[str, Any]) -> Opened:
        """Keep something new under codes that are free."""
        for _ in range(TRIES):
            new = Opened(secrets.token_hex(8), new_code(), new_code())
            try:
                self.store.open(new.id, new.code, new.staff, json.dumps(header))
                return new
            except sqlite3.IntegrityError:
                continue
            except sqlite3.Error as error:
                raise RoomError(f"the {self.of} cannot be kept: {error}") from error
        raise RoomError("no free code was found")

    def rows(self) -> list[RoomRow]:
        """Return what is kept, the latest first."""
        return self.store.rooms()

    def row(self, key: str) -> RoomRow:
        """Return its codes, for whoever may show them; raises RoomError if there is none."""
        return self._find(key).row

    def value(self, key: str) -> V:
        """Return it as it is now.

        Raises
        ------
        RoomError
            If there is none, or what is kept cannot be played again by this version.
        """
        return self._find(key).value

    def _find(self, key: str) -> Live[V]:
        with self._lock:
            if key not in self._live:
                row = next((r for r in self.store.rooms() if r.id == key), None)
                if row is None:
                    raise RoomError(f"There is no such {self.of}.")
                self._live[key] = Live(row, self._again(row))
            return self._live[key]

    def _let_in(
        self, live: Live[V], source: str, body: Callable[[str], Mapping[str, Any]]
    ) -> Joined | Refusal:
        """Let somebody in; `body` tells from the new member's id what the act of joining holds."""
        with self._lock:
            wait = self._joins.wait(source, self.clock())
        if wait:
            return Refusal(f"Too many people join from your place: wait {minutes(wait)}.")
        member, token = secrets.token_hex(8), new_token()
        with live.lock:
            act = Act("join", body(member), len(live.value.log) + 1)
            refused = self._take(live, SYSTEM, act, (hashed(token), member))
        if refused is None:
            with self._lock:
                self._joins.add(source, self.clock())
        self._tell(live, refused)
        return refused or Joined(live.row.id, member, token)

    def behind(self, code: object, source: str = "") -> V | Refusal:
        """Return what a code opens, to choose a place in."""
        live = self._by_code(code, source)
        return live if isinstance(live, Refusal) else live.value

    def is_staff(self, code: object) -> bool:
        """Return whether a code is that of whoever leads one."""
        wanted = read_code(code)
        return any(secrets.compare_digest(wanted, row.staff) for row in self.store.rooms())

    def _by_code(self, code: object, source: str) -> Live[V] | Refusal:
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
                    return Refusal(f"This {self.of} cannot be opened: {error}")
        self._wrong(source, code)
        return Refusal(f"No {self.of} has this code.")

    def _wrong(self, source: str, code: object) -> None:
        """Remember a wrong code."""
        with self._lock:
            self._attempts.wrong(source, self.clock(), read_code(code))

    def who(self, token: str) -> tuple[str, str] | None:
        """Return what a token is of and its member, while the member is in it."""
        key = hashed(token)
        held = self._holders.get(key) or self.store.holder(key)
        if held is not None:
            self._holders[key] = held
        return held if held and held[1] in self.value(held[0]).members else None

    def dispatch(
        self, token: str, kind: str, body: Mapping[str, Any], sequence: int
    ) -> Refusal | None:
        """Do an act for the holder of a token; None once it is accepted, and on disk."""
        try:
            held = self.who(token)
            if held is None:
                return Refusal(f"You are not in this {self.of} any more: join it again.")
            live = self._find(held[0])
        except RoomError as error:
            return Refusal(str(error))
        with live.lock:
            refused = self._too_fast(live, held[1]) or self._take(
                live, held[1], Act(kind, body, sequence)
            )
        self._tell(live, refused)
        return refused

    def _too_fast(self, live: Live[V], member: str) -> Refusal | None:
        now, times = self.clock(), live.paces.setdefault(member, deque(maxlen=MANY))
        if len(times) == MANY and now - times[0] < PACE:
            return Refusal("Too many acts at once: wait a few seconds.")
        times.append(now)
        return None

    def _take(
        self, live: Live[V], who: str, act: Act, token: tuple[str, str] | None = None
    ) -> Refusal | None:
        """Accept an act and keep it; only then does anything change."""
        if self._live.get(live.row.id) is not live:  # thrown away while this one waited
            return Refusal(f"There is no such {self.of} any more.")
        after = self._after(live.value, who, act, self.clock())
        if isinstance(after, Refusal):
            return after
        entry = after.log[-1]
        try:
            self.store.append(live.row.id, entry.number, json.dumps(self._row_of(entry)), token)
        except sqlite3.Error as error:
            return Refusal(
                f"That was not done, for it cannot be kept: {error}. Tell the {self.leader}; "
                "nothing is lost."
            )
        live.value = after
        return None

    def _tell(self, live: Live[V], refused: Refusal | None) -> None:
        """Tell those who watch, outside the lock, so that none of them holds anybody up."""
        if refused is None:
            live.watchers.tell(live.value)

    def watch(self, key: str, watcher: Callable[[V], object]) -> Callable[[], None]:
        """Call `watcher` with the value after every act; return how to end it."""
        return self._find(key).watchers.add(watcher)

    def forget(self, key: str) -> None:
        """Throw it away."""
        live = self._live.get(key)
        with live.lock if live else nullcontext(), self._lock:
            self._live.pop(key, None)
            self._holders = {t: held for t, held in self._holders.items() if held[0] != key}
            self.store.forget(key)


def minutes(seconds: float) -> str:
    """Return a time to wait, in words."""
    whole = max(1, math.ceil(seconds / 60))
    return f"{whole} minute{'s' * (whole > 1)}"
