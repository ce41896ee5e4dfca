"""The classes that are open on this machine: who comes in, what is dispatched, who is told.

The only thing here that changes. An act is on disk before anybody hears of it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mobilize.lessons.classroom.accept import accept
from mobilize.lessons.classroom.file import header, reopened, replayed, row_of, shipped_lesson
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom, Entry, found
from mobilize.lessons.lesson import Lesson
from mobilize.rooms.codes import read_code
from mobilize.rooms.host import Host, Joined, Opened
from mobilize.rooms.room import Act, Refusal
from mobilize.rooms.store import RoomRow, RoomStore


class School(Host[Classroom]):
    """Every class of a store; every call is safe from any thread.

    Parameters
    ----------
    store : RoomStore
        Where every act is kept, in a file of its own.
    lessons : mapping of str to Lesson, optional
        Those beside the shipped ones.
    clock : callable, optional
        Seconds of the server.
    """

    of = "class"
    leader = "instructor"

    def __init__(
        self,
        store: RoomStore,
        lessons: Mapping[str, Lesson] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(store, clock)
        self._lessons = dict(lessons or {})

    def open(self, lesson: Lesson, beside: str = "", **parts: Any) -> Opened:
        """Open a class; parts are those of :func:`mobilize.lessons.classroom.value.found`.

        Parameters
        ----------
        beside : str
            Id of the class whose leader opens it, if one does: who leads that leads this.

        Raises
        ------
        ClassroomError
            If something is wrong with it.
        RoomError
            If it cannot be kept.
        """
        return self._keep_new(self._opened_beside(beside) | header(found(lesson, **parts)))

    def copy(self, key: str, title: str = "") -> Opened:
        """Open next term's class: the same lesson, luck, teams and settings, and nobody in it.

        Raises
        ------
        RoomError
            If there is no such class, or its lesson is not here any more.
        """
        head = json.loads(self.row(key).header) | ({"title": title} if title else {})
        kept = header(reopened(head, self.lesson(head["lesson"])))
        return self._keep_new(self._opened_beside(key) | kept)

    def led_with(self, key: str, also: Iterable[str] = ()) -> list[RoomRow]:
        """Return the classes that the leader of one leads: those opened beside it, and `also`."""
        family, others = _family(self.row(key)), {key, *also}
        return [row for row in self.rows() if row.id in others or _family(row) == family]

    def _opened_beside(self, key: str) -> dict[str, Any]:
        """Return what tells whose class a new one is; nothing for the first of a leader."""
        return {"beside": _family(self.row(key))} if key else {}

    def lesson(self, name: str) -> Lesson:
        """Return a lesson by name: one of those given, or a shipped one."""
        return self._lessons.get(name) or shipped_lesson(name)

    def _again(self, row: RoomRow) -> Classroom:
        head = json.loads(row.header)
        room = reopened(head, self.lesson(head["lesson"]))
        return replayed(room, [json.loads(text) for _, text in self.store.acts(row.id)])

    def _after(self, value: Classroom, who: str, act: Act, at: float) -> Classroom | Refusal:
        return accept(value, who, act, at)

    def _row_of(self, entry: Entry) -> dict[str, Any]:
        return row_of(entry)

    def join(
        self, code: object, name: str, team: str, part: str = "", source: str = ""
    ) -> Joined | Refusal:
        """Let somebody in by a code; with the students' code into a team only."""
        live = self._by_code(code, source)
        if isinstance(live, Refusal):
            return live
        if team == INSTRUCTOR and read_code(code) != live.row.staff:
            self._wrong(source, code)
            return Refusal("The instructor has a code of its own.")
        given = {"name": name, "team": team, "part": part}
        return self._let_in(live, source, lambda member: {"member": member, **given})


def _family(row: RoomRow) -> str:
    """Return the first class of the leader who opened one."""
    return str(json.loads(row.header).get("beside", row.id))
