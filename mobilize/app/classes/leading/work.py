"""What a debrief needs of the model, worked out by other processes, piece by piece."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from mobilize.app.views.why import answer
from mobilize.game.game import Game
from mobilize.lessons.answers import owns, truth
from mobilize.lessons.classroom.debrief import hardest, paths, reason, subject, weighed
from mobilize.lessons.classroom.value import Classroom, Team
from mobilize.lessons.lesson import Lesson
from mobilize.lessons.marks import told
from mobilize.lessons.worlds import Bench
from mobilize.pieces import Pieces
from mobilize.watchers import Watchers
from mobilize.workers import Workers

OPEN = 8  # classes whose work is remembered
NOTHING = ""  # in place of a team: the game in which nothing was decided
Piece = tuple[str, str]
"""What is worked out, and about what: see :data:`KINDS`."""


@dataclass(frozen=True)
class Fact:
    """What the model says to a question: its answer, and why in words."""

    answer: Any
    why: str


@dataclass(frozen=True)
class Played:
    """What of a class the model is run for: its lesson and the teams' games."""

    lesson: Lesson
    games: Mapping[str, Game]

    @property
    def nothing(self) -> Game:
        """Return the game in which nothing was decided, and what befell every team did."""
        return self.lesson.undecided(max(game.month for game in self.games.values()))


def played_so_far(room: Classroom) -> Played:
    """Return what can be sent to another process of a class."""
    lesson = replace(room.lesson, shares=dict(room.lesson.shares))
    return Played(lesson, dict(room.games))


def facts(of: Played, about: str) -> dict[str, Fact]:
    """Return what the model says to every prediction whose answer is the same for all teams."""
    bench, found = Bench(of.lesson), {}
    for question in of.lesson.questions:
        if question.aspect == "prediction" and question.asked and not owns(question):
            known = truth(bench, question)
            found[question.name] = Fact(known.answer, told(question.why, known))
    return found


def paths_of(of: Played, about: str) -> Any:
    """Return what could have come and what each team played of an item."""
    teams = {name: Team(name, game) for name, game in of.games.items()}
    return paths(Classroom(of.lesson, of.lesson.title, teams, {}), about)


def worth_of(of: Played, about: str) -> Any:
    """Return what each decision of a team was worth, in the luck of the class."""
    return weighed(of.games[about])


def chain_of(of: Played, about: str) -> Any:
    """Return the chain behind what the lesson asks about, in the game of a team or in none's.

    It is that of the hard months, for at the end a shortage may be over; where a lesson names no
    program, that of the one that lacks most.
    """
    game = of.nothing if about == NOTHING else of.games[about]
    target = subject(of.lesson, game) or reason(game).target
    return answer(game, "program", target, hardest(game, target))


KINDS: dict[str, Callable[[Played, str], Any]] = {
    "facts": facts,
    "paths": paths_of,
    "worth": worth_of,
    "chain": chain_of,
}


def work(piece: Piece, of: Played) -> Any:
    """Do a piece: called in a process of its own."""
    return KINDS[piece[0]](of, piece[1])


class Debrief:
    """What was worked out for a class as it was played; every call is safe from any thread."""

    def __init__(self, room: Classroom, workers: Workers) -> None:
        self.games = room.games
        self.fault = ""
        self._wanted: dict[Piece, None] = {}
        self._lock = threading.Lock()
        self._watchers: Watchers[[]] = Watchers("a debrief")
        of = played_so_far(room)
        self._pieces: Pieces[Piece, Any] = Pieces(
            lambda piece: workers.submit(work, piece, of),
            workers.processes,
            lambda *_: self._watchers.tell(),
            self._failed,
        )

    def watch(self, watcher: Callable[[], None], /) -> Callable[[], None]:
        """Call `watcher` after every piece; return how to end it."""
        return self._watchers.add(watcher)

    @property
    def found(self) -> Mapping[Piece, Any]:
        """Return the pieces that are there."""
        return MappingProxyType(self._pieces.found)

    @property
    def wanted(self) -> int:
        """Return how many pieces have been asked for."""
        return len(self._wanted)

    def want(self, pieces: list[Piece]) -> None:
        """Have pieces worked out, after those that were wanted before."""
        with self._lock:
            new = [piece for piece in pieces if piece not in self._wanted]
            self._wanted |= dict.fromkeys(new)
            every = list(self._wanted)
        if new:
            self.fault = ""
            self._pieces.hand_out(every)

    def again(self) -> None:
        """Try once more after a fault."""
        self.fault = ""
        self._pieces.hand_out(list(self._wanted))
        self._watchers.tell()

    def stop(self) -> None:
        """Hand nothing more out."""
        self._pieces.stop()

    def _failed(self, error: BaseException) -> None:
        self.fault = f"{type(error).__name__}: {error}"
        self._watchers.tell()


_DEBRIEFS: OrderedDict[str, Debrief] = OrderedDict()
_LOCK = threading.Lock()


def debrief_of(key: str, room: Classroom, workers: Workers) -> Debrief:
    """Return the work on a class that every tab shares; that on fewer months stops."""
    with _LOCK:
        found = _DEBRIEFS.get(key)
        if found is None or not _alike(found.games, room.games):
            if found is not None:
                found.stop()
            found = _DEBRIEFS[key] = Debrief(room, workers)
        _DEBRIEFS.move_to_end(key)
        while len(_DEBRIEFS) > OPEN:
            _DEBRIEFS.popitem(last=False)[1].stop()
        return found


def _alike(one: Mapping[str, Game], other: Mapping[str, Game]) -> bool:
    return one.keys() == other.keys() and all(one[n].identity == other[n].identity for n in one)
