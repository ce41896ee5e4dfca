"""Reasonings to mark: what teams wrote beside the rubric, with what its words suggest."""

from __future__ import annotations

from typing import Any

from mobilize.lessons.classroom.value import Classroom
from mobilize.lessons.lesson import Question, Step
from mobilize.lessons.questions import suggest
from mobilize.lessons.responses import BY, Marking

Plain = dict[str, Any]
OTHERS = {"peer": "Another team", "self": "The team itself"}


def written(room: Classroom) -> list[tuple[Step, Question, str]]:
    """Return the reasonings of steps that are closed, by question and team."""
    return [
        (step, question, team)
        for step in room.reached
        if not room.takes(step)
        for question in room.asked(step)
        if question.by_hand
        for team in room.teams
        if _text(room, team, question)
    ]


def waiting(room: Classroom) -> list[tuple[str, str]]:
    """Return team and question of the reasonings that the instructor has not marked."""
    return [(team, question.name) for _, question, team in written(room)
            if _ticked(room, team, question, BY[0]) is None]  # fmt: skip


def _text(room: Classroom, team: str, question: Question) -> str:
    given = room.answers.get((team, question.name))
    return str(given.answer).strip() if given is not None else ""


def _ticked(room: Classroom, team: str, question: Question, by: str) -> Marking | None:
    """Return the last ticks of a kind of marker."""
    found = [m for m in room.markings if (m.team, m.question, m.by) == (team, question.name, by)]
    return found[-1] if found else None


def marking_view(room: Classroom) -> Plain:
    """Return every reasoning that can be marked, and how many still open steps will bring."""
    return {
        "rows": [_row(room, question, team) for _, question, team in written(room)],
        "later": sum(
            1
            for step in room.reached
            if room.takes(step)
            for question in room.asked(step)
            if question.by_hand
        ),
    }


def _row(room: Classroom, question: Question, team: str) -> Plain:
    text = _text(room, team, question)
    mine = _ticked(room, team, question, BY[0])
    whole = sum(point.worth for point in question.rubric)
    return {
        "id": f"{question.name} {team}",
        "team": team,
        "question": question.name,
        "label": f"Q{room.lesson.number(question)}",
        "asked": question.text,
        "text": text,
        "percent": room.lesson.percent(question),
        "whole": whole,
        "rubric": [{"text": point.text, "worth": point.worth} for point in question.rubric],
        "ticked": None if mine is None else list(mine.points),
        "suggested": list(suggest(question, text)),
        "others": [
            {"by": OTHERS[by], "points": list(m.points)}
            for by in BY[1:]
            if (m := _ticked(room, team, question, by)) is not None
        ],
    }  # fmt: skip
