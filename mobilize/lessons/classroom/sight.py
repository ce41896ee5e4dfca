"""What somebody in a team is sent: built up from what they may know, never cut down.

Right answers, reasons and model answers come only with a step whose answers are shown; a rubric
when its step is closed; another part's card never, unless nobody in the team has the part.
"""

from __future__ import annotations

from typing import Any

from mobilize.lessons.classroom.progress import row_of
from mobilize.lessons.classroom.value import Classroom, Person
from mobilize.lessons.lesson import Question, Step
from mobilize.lessons.marks import Marks
from mobilize.scenario import months

Json = dict[str, Any]


def sight(room: Classroom, who: str, found: Marks | None = None) -> Json:
    """Return plain data for somebody in a team.

    Parameters
    ----------
    who : str
        Id of a member; KeyError if nobody has it, or it is an instructor's.
    found : Marks, optional
        Needed to show right answers; without, none are shown.
    """
    person = room.members[who]
    team = room.teams[person.team]
    return {
        "title": room.title,
        "phase": room.phase,
        "me": {"id": who, "name": person.name, "team": person.team, "part": person.part,
               "sequence": person.sequence},
        "team": [{"name": one.name, "part": one.part} for one in room.people(person.team)],
        "cards": _cards(room, person),
        "clock": {"length": room.clock.length, "left": room.clock.left, "ends": room.clock.ends},
        "now": room.now,
        "handed": room.step is not None and room.step.name in team.handed,
        "month": months.label(team.game.date),
        "draft": [{"lever": s.lever, "target": s.target, "value": s.value} for s in team.draft],
        "steps": [_step(room, person, step, found) for step in room.reached],
    }  # fmt: skip


def _cards(room: Classroom, person: Person) -> list[Json]:
    return [
        {"name": part.name, "title": part.title, "told": part.told, "work": part.work}
        for part in room.lesson.parts
        if room.does(person, part.name)
    ]


def _step(room: Classroom, person: Person, step: Step, found: Marks | None) -> Json:
    here = step is room.step and room.takes(step)
    return {
        "name": step.name,
        "kind": step.kind,
        "title": step.title,
        "text": step.text,
        "minutes": step.minutes,
        "open": room.takes(step),
        "questions": [_question(room, person, step, q, found) for q in room.asked(step)],
        "levers": [
            {"lever": row.lever, "targets": list(row.targets), "values": list(row.values)}
            for row in step.levers
            if here and room.does(person, row.part)
        ],
    }


def _question(
    room: Classroom, person: Person, step: Step, question: Question, found: Marks | None
) -> Json:
    given = room.answers.get((person.team, question.name))
    said: Json = {
        "name": question.name,
        "kind": question.kind,
        "text": question.text,
        "unit": question.unit,
        "several": question.several,
        "options": [{"name": one.name, "text": one.text} for one in question.options],
        "book": [
            {"id": o.id, "rating": o.rating.name, "quantity": o.quantity, "required": o.required,
             "received": o.received}
            for o in question.book
        ],
        "capacity": question.capacity,
        "month": question.month,
        "mine": room.does(person, question.part),
        "answer": None if given is None else given.answer,
    }  # fmt: skip
    if not room.takes(step):
        said["rubric"] = [point.text for point in question.rubric]
    if step.name in room.revealed and found is not None:
        row = row_of(found.team(person.team).rows, question.name)
        said |= {"right": row.right, "why": row.text, "share": row.share, "waits": row.open}
    return said
