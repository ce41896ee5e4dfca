"""What somebody in a team is sent: built up from what they may know, never cut down.

Right answers, reasons, model answers and another team's reasoning come only with a step whose
answers are shown; a rubric when its step is closed; another part's card never, unless nobody in
the team has the part.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mobilize.game.game import play
from mobilize.game.seen import unmapped
from mobilize.lessons.answers import ENDLESS
from mobilize.lessons.ask import BOUNDS
from mobilize.lessons.calculations import plants
from mobilize.lessons.calendar import dated
from mobilize.lessons.classroom.answering import ESSAY
from mobilize.lessons.classroom.progress import in_words, row_of
from mobilize.lessons.classroom.value import Classroom, Person
from mobilize.lessons.lesson import Question, Step
from mobilize.lessons.marks import Marks
from mobilize.scenario import months
from policies.dpas import Order

Json = dict[str, Any]


def common(room: Classroom) -> Json:
    """Return what everybody in a class knows of it."""
    clock = room.clock
    return {
        "title": room.title,
        "lesson": room.lesson.handout,
        "summary": room.lesson.summary,
        "minutes": room.lesson.minutes,
        "phase": room.phase,
        "step": room.now + 1,
        "steps": [
            {"name": step.name, "kind": step.kind, "title": step.title, "minutes": step.minutes}
            for step in room.lesson.steps
        ],
        "timed": not room.lesson.homework,
        "clock": {"running": clock.ends is not None, "left": clock.left, "ends": clock.ends},
    }


def sight(room: Classroom, who: str, found: Marks | None = None) -> Json:
    """Return plain data for somebody in a team.

    Parameters
    ----------
    who : str
        Id of a member; KeyError if nobody has it, or it is an instructor's.
    found : Marks, optional
        Needed to show right answers and marks; without, none are shown.
    """
    person = room.members[who]
    team = room.teams[person.team]
    return {
        "class": common(room),
        "you": {
            "id": who,
            "name": person.name,
            "team": person.team,
            "part": person.part,
            "people": [{"name": p.name, "part": p.part} for p in room.people(person.team)],
            "parts": [{"name": part.name, "title": part.title} for part in room.lesson.parts],
        },
        "cards": [
            {"name": part.name, "title": part.title, "told": part.told, "work": part.work}
            for part in room.lesson.parts
            if room.does(person, part.name)
        ],
        "steps": [_step(room, person, step, found) for step in room.reached],
        "shown": found is not None,
        "draft": [{"lever": s.lever, "target": s.target, "value": s.value} for s in team.draft],
        "handed": room.step is not None and room.step.name in team.handed,
        "game": {"months": team.game.month, "date": months.label(team.game.date)},
        "marks": _marks(room, person, found),
    }


def _step(room: Classroom, person: Person, step: Step, found: Marks | None) -> Json:
    here = step is room.step and room.takes(step)
    return {
        "name": step.name,
        "kind": step.kind,
        "title": step.title,
        "text": step.text,
        "minutes": step.minutes,
        "months": step.months,
        "most": step.most,
        "money": step.money,
        "open": room.takes(step),
        "closed": step.name in room.locked,
        "revealed": step.name in room.revealed,
        "questions": [_question(room, person, step, q, found) for q in room.asked(step)],
        "results": _results(room, person, step, found),
        "levers": [
            {"lever": row.lever, "targets": list(row.targets), "values": list(row.values)}
            for row in step.levers
            if here and room.does(person, row.part)
        ],
        "others": [
            {"lever": row.lever, "part": row.part}
            for row in step.levers
            if here and not room.does(person, row.part)
        ],
    }


def _question(
    room: Classroom, person: Person, step: Step, question: Question, found: Marks | None
) -> Json:
    given = room.answers.get((person.team, question.name))
    said: Json = {
        "name": question.name,
        "number": room.lesson.number(question),
        "kind": question.kind,
        "text": question.text,
        "dated": dated(room.lesson, question),
        "aspect": question.aspect,
        "percent": room.lesson.percent(question),
        "part": question.part,
        "mine": room.does(person, question.part),
        "has": [
            p.name for p in room.people(person.team) if question.part and p.part == question.part
        ],
        "open": room.takes(step),
        "because_of": question.because_of,
        "several": question.several,
        "options": [{"name": one.name, "text": one.text} for one in question.options],
        "unit": question.unit,
        "endless": question.calculation is not None and question.calculation.name in ENDLESS,
        "limit": ESSAY,
        "book": [_order(order) for order in question.book],
        "capacity": question.capacity,
        "month": question.month,
        "answer": None if given is None else given.answer,
        "said": "" if given is None else in_words(question, given.answer),
    }
    if question.kind == "reasoning":  # its options are figures of the model answer
        said["options"] = []
    if question.kind == "constraint":
        said |= {"options": said["options"] or _lines(room), "bounds": list(BOUNDS)}
    if not room.takes(step):
        said["rubric"] = [{"text": p.text, "worth": p.worth} for p in question.rubric]
        said["ticked"] = [
            {"by": m.by, "points": list(m.points), "mine": m.who == person.id}
            for m in room.markings
            if (m.team, m.question) == (person.team, question.name)
        ]
    if step.name in room.revealed:
        said["peer"] = _peer(room, person, question)
    if step.name in room.revealed and found is not None:
        row = row_of(found.team(person.team).rows, question.name)
        said |= {"right": row.right, "why": row.text, "share": row.share, "waits": row.open}
    return said


def _lines(room: Classroom) -> list[Json]:
    """Return the plants that governments know of, to choose from where a question names none."""
    hidden = unmapped(play(room.lesson.game).world)
    known = plants(room.lesson.scenario)
    return [{"name": n, "text": text} for n, text in known.items() if n not in hidden]


def _peer(room: Classroom, person: Person, question: Question) -> Json | None:
    """Return the reasoning of the next team that gave one, to be ticked; None if there is none."""
    if not question.by_hand:
        return None
    names = list(room.teams)
    at = names.index(person.team)
    for team in (*names[at + 1 :], *names[:at]):
        given = room.answers.get((team, question.name))
        if given is not None and str(given.answer).strip():
            mine = [m.points for m in room.markings
                    if (m.team, m.question, m.who) == (team, question.name, person.id)]  # fmt: skip
            return {"team": team, "text": given.answer, "points": list(mine[-1]) if mine else None}
    return None


def _results(room: Classroom, person: Person, step: Step, found: Marks | None) -> list[Json]:
    """Return what a team's own game is marked by, once the answers of a step are shown."""
    if step.name not in room.revealed or found is None:
        return []
    rows = found.team(person.team).rows
    return [
        {"name": q.name, "text": q.text, "percent": room.lesson.percent(q),
         "share": row_of(rows, q.name).share, "why": row_of(rows, q.name).text}
        for q in step.questions
        if not q.asked
    ]  # fmt: skip


def _order(order: Order) -> Json:
    return asdict(order) | {"rating": order.rating.name}


def _marks(room: Classroom, person: Person, found: Marks | None) -> Json | None:
    """Return the marks of a team once the lesson is over and its answers are shown."""
    asked = {step.name for step in room.reached if room.asked(step)}
    if room.phase != "over" or found is None or asked - room.revealed:
        return None
    mine = found.team(person.team)
    return {
        "total": mine.total,
        "open": len(mine.open),
        "aspects": {
            aspect: {"got": mine.of_aspect(aspect), "of": whole}
            for aspect, whole in room.lesson.shares.items()
        },
        "objectives": [
            {"text": one.text, "share": mine.of_objective(one.name)}
            for one in room.lesson.objectives
        ],
    }
