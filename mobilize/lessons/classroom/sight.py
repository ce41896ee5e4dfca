"""What a person of a class may see, as plain data: everything that is sent to them, and no more.

A team sees its own answers, its own game, its own marks once a step is revealed. Right answers,
model answers, rubrics and what other teams wrote are read nowhere on the way before that.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mobilize.lessons.classroom.progress import in_words, row_of
from mobilize.lessons.classroom.value import Classroom, Person
from mobilize.lessons.lesson import Question, Step
from mobilize.lessons.marks import Marks
from mobilize.scenario import months
from policies.dpas import Order

Plain = dict[str, Any]


def common(room: Classroom) -> Plain:
    """Return what everybody in a class knows of it."""
    clock = room.clock
    return {
        "title": room.title,
        "lesson": room.lesson.title,
        "summary": room.lesson.summary,
        "minutes": room.lesson.minutes,
        "phase": room.phase,
        "step": room.now + 1,
        "steps": [
            {"name": step.name, "kind": step.kind, "title": step.title, "minutes": step.minutes}
            for step in room.lesson.steps
        ],
        "clock": {"running": clock.ends is not None, "left": clock.left, "ends": clock.ends},
    }


def student(room: Classroom, person: Person, found: Marks | None = None) -> Plain:
    """Return what somebody of a team sees.

    Parameters
    ----------
    found : Marks, optional
        Where they are worked out already; without them what is revealed says that they come.
    """
    team = room.teams[person.team]
    return {
        "class": common(room),
        "you": {
            "name": person.name,
            "team": person.team,
            "part": person.part,
            "people": [{"name": p.name, "part": p.part} for p in room.people(person.team)],
            "parts": [
                {"name": part.name, "title": part.title, "mine": part.name == person.part}
                | ({"told": part.told, "work": part.work} if part.name == person.part else {})
                for part in room.lesson.parts
            ],
        },
        "steps": [_step(room, person, step, found) for step in room.reached],
        "plan": [{"lever": s.lever, "target": s.target, "value": s.value} for s in team.draft],
        "handed": sorted(team.handed),
        "game": {"months": team.game.month, "date": months.label(team.game.date)},
        "marks": _marks(room, person, found),
    }


def _step(room: Classroom, person: Person, step: Step, found: Marks | None) -> Plain:
    return {
        "name": step.name,
        "kind": step.kind,
        "title": step.title,
        "text": step.text,
        "months": step.months,
        "open": room.takes(step),
        "revealed": step.name in room.revealed,
        "questions": [question(room, person, step, q, found) for q in room.asked(step)],
        "levers": [{**asdict(row), "mine": room.does(person, row.part)} for row in step.levers],
    }


def question(
    room: Classroom, person: Person, step: Step, asked: Question, found: Marks | None
) -> Plain:
    """Return a question as somebody of a team sees it, with the team's answer."""
    given = room.answers.get((person.team, asked.name))
    row = {
        "name": asked.name,
        "kind": asked.kind,
        "text": asked.text,
        "aspect": asked.aspect,
        "percent": room.lesson.percent(asked),
        "part": asked.part,
        "mine": room.does(person, asked.part),
        "several": asked.several,
        "options": [{"name": o.name, "text": o.text} for o in asked.options],
        "unit": asked.unit,
        "book": [_order(order) for order in asked.book],
        "capacity": asked.capacity,
        "month": asked.month,
        "answer": None if given is None else given.answer,
        "said": "" if given is None else in_words(asked, given.answer),
    }
    if step.name in room.revealed:
        row["right"] = _revealed(room, person, asked, found)
    return row


def _order(order: Order) -> Plain:
    return asdict(order) | {"rating": order.rating.name}


def _revealed(room: Classroom, person: Person, asked: Question, found: Marks | None) -> Plain:
    """Return the right answer and what the team's own earned; `waits` while it is worked out."""
    if found is None:
        return {"waits": True}
    row = row_of(found.team(person.team).rows, asked.name)
    return {
        "waits": False,
        "right": row.right,
        "text": row.text,
        "share": row.share,
        "open": row.open,
        "rubric": [{"text": point.text, "worth": point.worth} for point in asked.rubric],
        "ticked": [
            {"by": m.by, "points": list(m.points)}
            for m in room.markings
            if (m.team, m.question) == (person.team, asked.name)
        ],
    }


def _marks(room: Classroom, person: Person, found: Marks | None) -> Plain | None:
    """Return the marks of a team once the lesson is over."""
    if room.phase != "over" or found is None:
        return None
    mine = found.team(person.team)
    return {
        "total": mine.total,
        "open": len(mine.open),
        "aspects": {aspect: mine.of_aspect(aspect) for aspect in room.lesson.shares},
        "objectives": [
            {"text": one.text, "share": mine.of_objective(one.name)}
            for one in room.lesson.objectives
        ],
    }
