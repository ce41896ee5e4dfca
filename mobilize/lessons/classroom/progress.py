"""Where a class stands: by team and by question, what many get wrong, the league."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mobilize.lessons import marks as marking
from mobilize.lessons.classroom.value import Classroom
from mobilize.lessons.lesson import Question
from mobilize.lessons.marks import Marks, Row
from mobilize.words import number

WRONG = 0.5  # share of the marks below which an answer counts as a mistake
DIGITS = 6  # after the point, in which marks of teams are alike


@dataclass(frozen=True)
class TeamProgress:
    """How far a team is: answers of those asked in the steps so far, and in this step."""

    team: str
    people: tuple[str, ...]
    answered: int
    asked: int
    here: int
    asked_here: int
    handed: bool
    planned: tuple[str, ...]  # levers of the draft


@dataclass(frozen=True)
class QuestionProgress:
    """How many teams have answered a question that was asked."""

    step: str
    question: str
    text: str
    open: bool
    answered: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """The instructor's live table; what is in it needs no run of the model."""

    teams: tuple[TeamProgress, ...]
    questions: tuple[QuestionProgress, ...]


@dataclass(frozen=True)
class Mistake:
    """One wrong answer to a question, by the teams that gave it; the commonest first."""

    question: str
    text: str
    given: str
    right: str
    why: str
    teams: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A team in the league: `rank` from 1, the same for equal marks."""

    rank: int
    team: str
    total: float
    aspects: Mapping[str, float]  # percent got
    objectives: Mapping[str, float]  # share got of what the objective is worth
    open: int  # reasonings that wait for the instructor


def progress(room: Classroom) -> Progress:
    """Return how far every team is, and every question that has been asked."""
    asked = [(step, question) for step in room.reached for question in room.asked(step)]
    names = {q.name for _, q in asked}
    here = {q.name for step, q in asked if step is room.step}
    teams = []
    for team in room.teams.values():
        done = {name for by, name in room.answers if by == team.name} & names
        teams.append(
            TeamProgress(
                team.name,
                tuple(person.name for person in room.people(team.name)),
                len(done),
                len(asked),
                len(done & here),
                len(here),
                room.step is not None and room.step.name in team.handed,
                tuple(setting.lever for setting in team.draft),
            )
        )
    questions = []
    for step, question in asked:
        done = {by for by, name in room.answers if name == question.name}
        missing = tuple(name for name in room.teams if name not in done)
        questions.append(
            QuestionProgress(step.name, question.name, question.text, room.takes(step),
                             tuple(name for name in room.teams if name in done), missing)
        )  # fmt: skip
    return Progress(tuple(teams), tuple(questions))


def marks(room: Classroom) -> Marks:
    """Return the marks of every team so far; runs the model for what it has not run before."""
    found = marking.mark(room.lesson, room.responses, room.games, room.markings)
    teams = {team.team: team for team in found.teams}
    return Marks(found.lesson, found.digest, tuple(teams[name] for name in room.teams))


def mistakes(room: Classroom, found: Marks) -> tuple[Mistake, ...]:
    """Return wrong answers to questions that were asked, by question, the commonest first."""
    wrong: dict[tuple[str, str], list[tuple[str, Row]]] = {}
    asked = [question for step in room.reached for question in room.asked(step)]
    for question in asked:
        if question.by_hand:
            continue
        for team in found.teams:
            row = row_of(team.rows, question.name)
            if row.answer is not None and row.share < WRONG:
                key = (question.name, json.dumps(row.answer, sort_keys=True))
                wrong.setdefault(key, []).append((team.team, row))
    order = {question.name: n for n, question in enumerate(asked)}
    every = sorted(wrong.items(), key=lambda item: (order[item[0][0]], -len(item[1]), item[0]))
    return tuple(
        Mistake(name, room.lesson.question(name).text,
                in_words(room.lesson.question(name), them[0][1].answer), them[0][1].right,
                them[0][1].text, tuple(team for team, _ in them))
        for (name, _), them in every
    )  # fmt: skip


def row_of(rows: Iterable[Row], question: str) -> Row:
    """Return the row of a question; KeyError if there is none."""
    return {row.question: row for row in rows}[question]


def in_words(question: Question, answer: Any) -> str:
    """Return an answer as people read it."""
    names = {option.name: option.text for option in question.options}
    if isinstance(answer, Mapping):
        return ", ".join(names.get(str(v), str(v)) for v in answer.values())
    if isinstance(answer, list | tuple):
        join = " > ".join if question.kind in ("rank", "queue") else ", ".join
        return join(names.get(str(one), str(one)) for one in answer) or "none of them"
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return f"{number(float(answer))} {question.unit}".strip()
    return names.get(str(answer), str(answer)) if answer is not None else ""


def table(room: Classroom, found: Marks) -> tuple[Place, ...]:
    """Return the league by the lesson's own marks and objectives; equal marks share a place."""
    totals = {team.team: round(team.total, DIGITS) for team in found.teams}
    places = [
        Place(
            1 + sum(other > totals[team.team] for other in totals.values()),
            team.team,
            totals[team.team],
            {aspect: team.of_aspect(aspect) for aspect in room.lesson.shares},
            {one.name: team.of_objective(one.name) for one in room.lesson.objectives},
            len(team.open),
        )
        for team in found.teams
    ]
    return tuple(sorted(places, key=lambda place: (place.rank, place.team)))
