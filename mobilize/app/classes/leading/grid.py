"""How far every team is with every question, what they answer, and what many get wrong."""

from __future__ import annotations

import json
from typing import Any

from mobilize.app.classes.leading.marking import waiting
from mobilize.app.classes.leading.now import state
from mobilize.app.views.practice import PARTS
from mobilize.lessons.answers import owns
from mobilize.lessons.classroom.desking import standings
from mobilize.lessons.classroom.progress import in_words, mistakes, progress, row_of
from mobilize.lessons.classroom.value import Classroom
from mobilize.lessons.lesson import Question, Step
from mobilize.lessons.marks import Marks, Row
from mobilize.state import EPS

Plain = dict[str, Any]
VARIES = "differs by team: it follows from what each team decided"
WHOLE = 1.0  # share of the marks of a right answer


def grid_view(room: Classroom) -> Plain:
    """Return teams by questions: what is answered, missing, handed in and waiting for marks."""
    found, open_marks = progress(room), set(waiting(room))
    columns = [
        {
            "name": one.question,
            "label": f"Q{room.lesson.number(room.lesson.question(one.question))}",
            "text": one.text,
            "step": room.lesson.steps[_at(room, one.step)].title,
            "open": one.open,
            "revealed": one.step in room.revealed,
            "kind": room.lesson.question(one.question).kind,
            "done": len(one.answered),
        }
        for one in found.questions
    ]
    rows = [
        {
            "team": team.team,
            "people": len(team.people),
            "state": state(room, team),
            "levers": len(team.planned),
            "cells": [
                "wait" if (team.team, one.question) in open_marks
                else "done" if team.team in one.answered
                else "missing"
                for one in found.questions
            ],
        }
        for team in found.teams
    ]  # fmt: skip
    return {"columns": columns, "rows": rows, "waiting": len(open_marks)}


def desk_view(room: Classroom) -> list[Plain]:
    """Return how everybody stands at the DPAS desk, by team, person and level."""
    if not room.attempts:
        return []
    names = {one.id: one.name for one in room.members.values()}
    rows = [
        {
            "team": one.team,
            "name": names.get(one.member, "not in the class any more"),
            "level": one.level,
            "cases": one.cases,
            "percent": round(100 * one.mean),
            "weakest": PARTS.get(one.weakest, ""),
        }
        for one in standings(room)
    ]
    return sorted(rows, key=lambda row: (row["team"], row["name"], row["level"]))


def _at(room: Classroom, step: str) -> int:
    return next(n for n, one in enumerate(room.lesson.steps) if one.name == step)


def asked(room: Classroom) -> list[tuple[Step, Question]]:
    """Return the questions so far with their steps."""
    return [(step, question) for step in room.reached for question in room.asked(step)]


def answers_view(room: Classroom, found: Marks | None) -> dict[str, Plain]:
    """Return what was answered, by question: counts, marks where they are known, mistakes."""
    wrong: dict[str, list[Plain]] = {}
    for one in mistakes(room, found) if found is not None else ():
        wrong.setdefault(one.question, []).append(
            {"given": one.given, "teams": list(one.teams), "why": one.why}
        )
    return {
        question.name: {
            "bars": bars(room, question, found),
            "of": len(room.taking_part),
            "several": question.several,
            "right": _right(room, question, found),
            "mistakes": wrong.get(question.name, []),
        }
        for _, question in asked(room)
        if not question.by_hand
    }


def _right(room: Classroom, question: Question, found: Marks | None) -> str:
    """Return the right answer in words, "" while it is worked out."""
    if found is None or not found.teams:
        return ""
    return VARIES if owns(question) else row_of(found.teams[0].rows, question.name).right


def bars(room: Classroom, question: Question, found: Marks | None) -> list[Plain]:
    """Return the answers to a question with the teams that gave each, the commonest first.

    Options of a choice come in their own order, those that nobody chose among them; of several
    that may be right each counts for itself.
    """
    given = {team: room.answers[team, question.name].answer
             for team in room.teams if (team, question.name) in room.answers}  # fmt: skip
    if question.kind == "choice":
        return [_option(question, o.name, o.text, given, found) for o in question.options]
    groups: dict[str, list[str]] = {}
    for team, answer in given.items():
        groups.setdefault(json.dumps(answer, sort_keys=True), []).append(team)
    rows = [
        {
            "text": in_words(question, given[teams[0]]),
            "teams": teams,
            "tag": tag(_marked(question, teams[0], given[teams[0]], found)),
        }
        for teams in groups.values()
    ]
    if question.kind == "number":
        return sorted(rows, key=lambda row: _size(given[row["teams"][0]]))
    return sorted(rows, key=lambda row: (-len(row["teams"]), row["text"]))


def _option(
    question: Question, name: str, text: str, given: dict[str, Any], found: Marks | None
) -> Plain:
    if question.several:
        return {"text": text, "teams": [t for t, a in given.items() if name in a], "tag": ""}
    teams = [team for team, answer in given.items() if answer == name]
    known = _marked(question, teams[0], name, found) if teams else None
    return {"text": text, "teams": teams, "tag": tag(known)}


def _marked(question: Question, team: str, answer: Any, found: Marks | None) -> Row | None:
    """Return the row of a team's answer, where the marks are of this answer."""
    if found is None:
        return None
    row = row_of(found.team(team).rows, question.name)
    return row if row.answer == answer else None


def _size(answer: Any) -> float:
    return float(answer) if isinstance(answer, int | float) else float("inf")


def tag(row: Row | None) -> str:
    """Return in words what an answer earns, "" while that is not known."""
    return "" if row is None else earned(row.share)


def earned(share: float) -> str:
    """Return a share of the marks in words.

    Examples
    --------
    >>> earned(1.0), earned(0.5), earned(0.0)
    ('right', 'partly right, 50 %', 'wrong')
    """
    if share >= WHOLE - EPS:
        return "right"
    return f"partly right, {100 * share:.0f} %" if share > EPS else "wrong"
