"""A class as a value: who is in which team, what they answered and decided, and where it stands.

Everything here is plain and never changed; :func:`mobilize.lessons.classroom.accept.accept` makes
the next class from an act. Every team plays a game of its own in the same luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from mobilize.game.game import Game
from mobilize.lessons.lesson import TEAM, Lesson, Question, Step
from mobilize.lessons.responses import Marking, Response
from mobilize.rooms.fields import NAME, text
from mobilize.rooms.room import Clock, RoomError
from policies.package import Setting

Phase = Literal["lobby", "work", "paused", "over"]
INSTRUCTOR = "instructor"  # in place of a team
TEAMS, PEOPLE, TITLE = 30, 120, 80  # at most in a class; letters of a title


class ClassroomError(RoomError):
    """A class that cannot be opened or played again; the text says why."""


@dataclass(frozen=True)
class Person:
    """Somebody in a class, by a name they chose; `part` is theirs in the team, or ""."""

    id: str
    name: str
    team: str
    part: str = ""
    sequence: int = 0
    last: tuple[str, str] = ("", "")  # kind and text of the last act, to know it again


@dataclass(frozen=True)
class Team:
    """One team: its game, what it plans for the coming months, and the steps it handed in."""

    name: str
    game: Game
    draft: tuple[Setting, ...] = ()
    handed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """An accepted act in the log; `at` are seconds on the server's clock."""

    number: int
    at: float
    who: str
    team: str
    step: str
    phase: str
    kind: str
    body: Mapping[str, Any]
    sequence: int


@dataclass(frozen=True)
class Attempt:
    """An answer at the DPAS desk: to which case, by whom, and what was said."""

    team: str
    member: str
    level: int
    number: int
    answer: Mapping[str, Any]
    at: float


Answers = Mapping[tuple[str, str], Response]


@dataclass(frozen=True)
class Classroom:
    """One class; see the module.

    `now` is the number of the step from 0, -1 before the first; what is `locked` cannot be
    answered any more, of what is `revealed` the right answers are shown. `answers` are the last
    ones by team and question.
    """

    lesson: Lesson
    title: str
    teams: Mapping[str, Team]
    members: Mapping[str, Person] = field(default_factory=lambda: MappingProxyType({}))
    phase: Phase = "lobby"
    now: int = -1
    clock: Clock = field(default_factory=Clock)
    locked: frozenset[str] = frozenset()
    revealed: frozenset[str] = frozenset()
    answers: Answers = field(default_factory=lambda: MappingProxyType({}))
    markings: tuple[Marking, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    before: tuple[Mapping[str, Team], ...] = ()  # teams as each step so far was left
    log: tuple[Entry, ...] = ()

    @property
    def step(self) -> Step | None:
        """Return the step that is worked on; None before the first."""
        return self.lesson.steps[self.now] if self.now >= 0 else None

    @property
    def reached(self) -> tuple[Step, ...]:
        """Return the steps so far."""
        return self.lesson.steps[: self.now + 1]

    @property
    def responses(self) -> tuple[Response, ...]:
        """Return the answers that count, in the order in which they were given."""
        return tuple(sorted(self.answers.values(), key=lambda one: one.at))

    @property
    def games(self) -> dict[str, Game]:
        """Return what each team played so far."""
        return {team.name: team.game for team in self.teams.values()}

    @property
    def taking_part(self) -> tuple[str, ...]:
        """Return the teams that have people, or had and did something; the others are a name."""
        acted = {entry.team for entry in self.log} | {one.team for one in self.members.values()}
        return tuple(team for team in self.teams if team in acted)

    def people(self, team: str) -> tuple[Person, ...]:
        """Return who is in a team, or the instructors."""
        return tuple(one for one in self.members.values() if one.team == team)

    def takes(self, step: Step) -> bool:
        """Return whether questions of a step can be answered now."""
        shut = self.locked | self.revealed
        return self.phase == "work" and step in self.reached and step.name not in shut

    def does(self, person: Person, part: str) -> bool:
        """Return whether work of a part is a person's: their own, or nobody's in the team."""
        parts = {one.part for one in self.people(person.team)}
        return part in (TEAM, person.part) or part not in parts

    def asked(self, step: Step) -> tuple[Question, ...]:
        """Return the questions of a step that people answer."""
        return tuple(question for question in step.questions if question.asked)

    def with_team(self, team: Team) -> Classroom:
        """Return the class in which a team is as given."""
        return replace(self, teams=MappingProxyType({**self.teams, team.name: team}))

    def with_person(self, person: Person) -> Classroom:
        """Return the class in which a person is as given."""
        return replace(self, members=MappingProxyType({**self.members, person.id: person}))


def found(lesson: Lesson, teams: tuple[str, ...] | int = 6, title: str = "") -> Classroom:
    """Return a class in which nobody is yet.

    Parameters
    ----------
    teams : tuple of str or int
        Names of the teams, or how many there are.

    Raises
    ------
    ClassroomError
        With everything that is wrong.
    """
    if isinstance(teams, int):
        teams = tuple(f"Team {n}" for n in range(1, teams + 1))
    faults = []
    if not 1 <= len(teams) <= TEAMS:
        faults.append(f"{len(teams)} teams; allowed: 1 to {TEAMS}")
    if wrong := [str(name)[:NAME] for name in teams if text(NAME, 1)(name)]:
        faults.append(f"teams {', '.join(wrong)}; allowed: {text(NAME, 1)(None)}")
    folded = [str(name).strip().casefold() for name in teams]
    if len(set(folded)) < len(folded) or INSTRUCTOR in folded:
        faults.append(f"names of teams; allowed: each once, and none '{INSTRUCTOR}'")
    if told := text(TITLE)(title):
        faults.append(f"title; allowed: {told}")
    if lesson.months > lesson.game.left:
        faults.append(f"the lesson plays {lesson.months} months of {lesson.game.left}")
    if faults:
        raise ClassroomError("\n".join(faults))
    start = {name: Team(name, lesson.game) for name in teams}
    return Classroom(lesson, title or lesson.handout, MappingProxyType(start))
