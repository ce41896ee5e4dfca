"""What every tab of a class shares: the school, and marks, worked out beside what people do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import solara

from mobilize.app.present import use_latest
from mobilize.lessons.classroom.progress import marks
from mobilize.lessons.classroom.school import School
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom, Person
from mobilize.lessons.marks import Marks
from mobilize.rooms.room import RoomError
from mobilize.watchers import Watchers
from mobilize.workers import Workers

PAUSE = 0.25  # seconds between two looks of a tab: sixty people answer at once
school: School | None = None
workers: Workers | None = None
address = ""  # by which others in the network reach this server


def the_school() -> School:
    """Return the school that this process serves."""
    if school is None:
        raise RuntimeError("no school: start the server by `mobilize teach`")
    return school


def the_workers() -> Workers:
    """Return the processes that this server has for long work."""
    if workers is None:
        raise RuntimeError("no workers: start the server by `mobilize teach`")
    return workers


@dataclass(frozen=True)
class Look:
    """What a tab shows: the person, the class as it is, and the marks so far if they are there.

    Two looks with the same `stamp` show the same, so that nothing is painted for the second.
    """

    person: Person
    room: Classroom = field(compare=False)
    marks: Marks | None = field(compare=False)
    stamp: tuple[Any, ...]


class Marker:
    """Works out the marks of classes in a thread of its own, the latest state of each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[tuple[Any, ...], Marks]] = {}
        self._wanted: dict[str, Classroom] = {}
        self._busy = False
        self._watchers: Watchers[[]] = Watchers("marks")

    def of(self, key: str, room: Classroom) -> Marks | None:
        """Return the marks of a class as it is, or None while they are worked out."""
        with self._lock:
            known = self._known.get(key)
            if known is not None and _alike(known[0], _state(room)):
                return known[1]
            self._wanted[key] = room
            if not self._busy:
                self._busy = True
                threading.Thread(target=self._work, daemon=True).start()
        return None

    def last(self, key: str) -> Marks | None:
        """Return the marks of a class as they were last worked out, or None."""
        with self._lock:
            known = self._known.get(key)
            return None if known is None else known[1]

    def watch(self, watcher: Callable[[], None], /) -> Callable[[], None]:
        """Call `watcher` when marks were worked out; return how to end it."""
        return self._watchers.add(watcher)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._busy = False
                    return
                key, room = self._wanted.popitem()
            try:
                found = marks(room)
            except Exception:
                logging.getLogger(__name__).exception("marks of a class")
                continue
            with self._lock:
                self._known[key] = (_state(room), found)
            self._watchers.tell()


def _state(room: Classroom) -> tuple[Any, ...]:
    """Return what marks follow from."""
    return (room.answers, room.markings, *(team.game for team in room.teams.values()))


def _alike(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


MARKER = Marker()


class Watching:
    """A class and its marks, as something that a tab can watch."""

    def __init__(self, key: str) -> None:
        self.key = key

    def watch(self, watcher: Callable[[], None], /) -> Callable[[], None]:
        """Call `watcher` after every act, and when marks are there; return how to end it."""
        ends = [the_school().watch(self.key, lambda _: watcher()), MARKER.watch(watcher)]

        def end() -> None:
            for each in ends:
                each()

        return end


def look(key: str, member: str) -> Look | None:
    """Return what a member sees now, or None if they or the class are not there any more."""
    try:
        room = the_school().value(key)
    except RoomError:
        return None
    person = room.members.get(member)
    if person is None:
        return None
    leads = person.team == INSTRUCTOR
    found = MARKER.of(key, room) if leads or room.revealed else None
    if room.revealed and not leads:  # a tick must not take what is shown away for a moment
        found = found or MARKER.last(key)
    return Look(
        person, room, found, (len(room.log), id(found)) if leads else _stamp(room, person, found)
    )


def _stamp(room: Classroom, person: Person, found: Marks | None) -> tuple[Any, ...]:
    """Return what a team's pages follow from."""
    team = person.team
    return (
        *(room.phase, room.now, room.clock, room.locked, room.revealed, room.teams[team]),
        room.people(team),
        tuple(one for (by, _), one in room.answers.items() if by == team),
        tuple(one for one in room.markings if team == one.team or person.id == one.who),
        tuple(one for one in room.attempts if one.member == person.id),
        found.team(team) if found is not None and room.revealed else None,
    )


def use_look(key: str, member: str) -> Look | None:
    """Return what a member sees, and render again when that changes."""
    source = solara.use_memo(lambda: Watching(key), [key])
    return use_latest(source, lambda: look(key, member), PAUSE)
