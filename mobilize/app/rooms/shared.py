"""What every tab of a room shares: the hall, and what each seat may see, worked out once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from mobilize.app.present import use_latest
from mobilize.game.game import play
from mobilize.rooms.hall import Hall
from mobilize.rooms.room import Member, Room
from mobilize.rooms.sight import sight
from mobilize.workers import Workers

KEPT = 16  # rooms whose sights are remembered
hall: Hall | None = None
workers: Workers | None = None
address = ""  # by which others in the network reach this server


def the_hall() -> Hall:
    """Return the hall that this process serves."""
    if hall is None:
        raise RuntimeError("no hall: start the server by `mobilize host`")
    return hall


def the_workers() -> Workers:
    """Return the processes that this server has for long work."""
    if workers is None:
        raise RuntimeError("no workers: start the server by `mobilize host`")
    return workers


@dataclass(frozen=True)
class Look:
    """What one member's tab shows: who it is, and what its seat may see."""

    member: Member
    sight: dict[str, Any]


class Sights:
    """What seats see of rooms as they are now; each worked out once, however many tabs ask.

    A sight that is as it was before is the same object, so that nothing is painted for it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rooms: OrderedDict[str, _Seen] = OrderedDict()

    def of(self, key: str, room: Room, seat: str) -> dict[str, Any]:
        """Return what a seat of a room may see."""
        with self._lock:
            seen = self._rooms.setdefault(key, _Seen())
            self._rooms.move_to_end(key)
            while len(self._rooms) > KEPT:
                self._rooms.popitem(last=False)
        return seen.of(room, seat)


class _Seen:
    """The sights of one room, by seat, with the act after which each was worked out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sights: dict[str, tuple[int, dict[str, Any]]] = {}

    def of(self, room: Room, seat: str) -> dict[str, Any]:
        with self._lock:
            number, before = self._sights.get(seat, (-1, {}))
            if number >= len(room.log):
                return before
            now = sight(room, seat)
            kept = before if now == before else {k: _same(before.get(k), now[k]) for k in now}
            self._sights[seat] = (len(room.log), kept)
            return kept


def _same(before: Any, now: Any) -> Any:
    """Return the part as it was, if it is equal."""
    return before if before == now else now


SIGHTS = Sights()


class Watching:
    """A room as something that a tab can watch."""

    def __init__(self, key: str) -> None:
        self.key = key

    def watch(self, watcher: Callable[[], None], /) -> Callable[[], None]:
        """Call `watcher` after every act; return how to end it."""
        return the_hall().watch(self.key, lambda _: watcher())


def look(key: str, member: str) -> Look | None:
    """Return what a member of a room sees now, or None if it is not in the room any more."""
    room = the_hall().room(key)
    who = room.members.get(member)
    return None if who is None else Look(who, SIGHTS.of(key, room, who.seat))


def use_look(key: str, member: str) -> Look | None:
    """Return what a member sees, and render again when that changes."""
    source = solara.use_memo(lambda: Watching(key), [key])
    return use_latest(source, lambda: look(key, member))


def ready(room: Room) -> None:
    """Play a room's game, and a turn ahead: nobody waits then for what is compiled to be read."""
    play(room.game)
    if room.game.left:
        play(room.game.after((), min(room.months, room.game.left)))
