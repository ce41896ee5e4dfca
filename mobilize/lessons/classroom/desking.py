"""The DPAS desk in a class: the same cases for everybody, in one order; the first answer counts.

Cases follow from the lesson's seed, the level and a number, so that only answers are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from mobilize.lessons.classroom.kinds import TEAMS, Body, Kind
from mobilize.lessons.classroom.value import Attempt, Classroom, Person
from mobilize.lessons.desk.case import Case
from mobilize.lessons.desk.generate import generate, levels
from mobilize.lessons.desk.mark import AnswerError, Marked, mark, read_answer, worst
from mobilize.lessons.desk.solve import Solution, solve
from mobilize.rooms.fields import whole
from mobilize.rooms.kinds import RefusedError

CASES = 200  # that one person may answer at a level
KEPT = 4096  # solved cases remembered in a process


@dataclass(frozen=True)
class Answered:
    """One case that somebody answered, and its marks."""

    attempt: Attempt
    case: Case
    marked: Marked


def case_of(room: Classroom, level: int, number: int) -> Case:
    """Return a case of a class by level and number (from 0)."""
    return _solved(level, room.lesson.seed, number)[0]


@lru_cache(maxsize=KEPT)
def _solved(level: int, seed: int, number: int) -> tuple[Case, Solution]:
    """Return a case and all that is right in it: a whole class answers the same ones."""
    case = generate(level, seed, number)
    return case, solve(case)


def marked(room: Classroom, one: Attempt) -> Marked:
    """Return the marks of an answer."""
    case, solution = _solved(one.level, room.lesson.seed, one.number)
    return mark(case, read_answer(one.answer), solution)


def next_case(room: Classroom, who: str, level: int) -> Case:
    """Return the case that somebody answers next at a level."""
    return case_of(room, level, _done(room, who, level))


def _done(room: Classroom, who: str, level: int) -> int:
    return sum((one.member, one.level) == (who, level) for one in room.attempts)


def answered(room: Classroom) -> tuple[Answered, ...]:
    """Return every case that was answered, marked, in the order in which it was."""
    return tuple(
        Answered(one, case_of(room, one.level, one.number), marked(room, one))
        for one in room.attempts
    )


@dataclass(frozen=True)
class Standing:
    """What somebody did at the desk at one level; `weakest` is the part most was lost in, or ""."""

    member: str
    team: str
    level: int
    cases: int
    mean: float
    weakest: str


def standings(room: Classroom) -> tuple[Standing, ...]:
    """Return how everybody stands at the desk, by person and level."""
    by: dict[tuple[str, int], list[Answered]] = {}
    for one in answered(room):
        by.setdefault((one.attempt.member, one.attempt.level), []).append(one)
    return tuple(
        Standing(member, them[-1].attempt.team, level, len(them),
                 sum(one.marked.share for one in them) / len(them),
                 worst([one.marked for one in them]))
        for (member, level), them in sorted(by.items())
    )  # fmt: skip


def attempt(room: Classroom, person: Person, body: Body, at: float) -> Classroom:
    """Answer the next case of a level; it cannot be answered again."""
    level, number = body["level"], body["number"]
    wanted = _done(room, person.id, level)
    if number != wanted or wanted >= CASES:
        raise RefusedError(f"Your next case of level {level} is number {wanted}, of {CASES}.")
    try:
        read_answer(body["answer"])
    except AnswerError as error:
        raise RefusedError("; ".join(str(error).splitlines())) from error
    given: Mapping[str, Any] = body["answer"]
    one = Attempt(person.team, person.id, level, number, given, at)
    return replace(room, attempts=(*room.attempts, one))


KINDS = {
    "desk": Kind(
        "answer at the desk",
        TEAMS,
        {"level": whole(1, len(levels())), "number": whole(0, CASES), "answer": lambda _: ""},
        attempt,
    )
}
