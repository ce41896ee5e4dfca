"""A class as xAPI 1.0.3 statements: who attended, answered what, and what each team scored.

People are accounts by an opaque number on a home page that is nobody's (a name reserved for local
use, RFC 6761); names are not sent. Verbs and activity types are those of ADL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mobilize.lessons.classroom.desking import answered
from mobilize.lessons.classroom.file import header, row_of
from mobilize.lessons.classroom.progress import row_of as mark_row
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom, Entry
from mobilize.lessons.lesson import Question
from mobilize.lessons.marks import Marks

HOME = "http://mobilize.localhost"
VERBS = "http://adlnet.gov/expapi/verbs/"
TYPES = "http://adlnet.gov/expapi/activities/"
LANGUAGE = "en-US"
INTERACTIONS = {
    "choice": "choice",
    "number": "numeric",
    "rank": "sequencing",
    "queue": "sequencing",
    "constraint": "other",
    "reasoning": "long-fill-in",
}
DIGITS = 6
Json = dict[str, Any]


def statements(room: Classroom, found: Marks) -> list[Json]:
    """Return the statements of a class.

    A statement keeps its id as the class goes on, and one that says something else, such as an
    answer that was marked since, has another: a record store takes no second statement of one id
    (in xAPI 1.0.3 statements are immutable).
    """
    every = (*_attended(room), *_answered(room, found), *_at_the_desk(room), *_scored(room, found))
    number = registration(room)
    return [{"id": str(uuid5(number, json.dumps(one, sort_keys=True)))} | one for one in every]


def registration(room: Classroom) -> UUID:
    """Return the number of a class: of how it was opened, and who came first."""
    first = row_of(room.log[0]) if room.log else {}
    return uuid5(NAMESPACE_URL, HOME + json.dumps([header(room), first], sort_keys=True))


def _attended(room: Classroom) -> Iterator[Json]:
    for entry in room.log:
        if entry.kind == "join" and entry.body["team"] != INSTRUCTOR:
            who, team = _agent(entry.body["member"]), entry.body["team"]
            yield _statement(room, entry, who, "attended", _lesson(room), team)


def _answered(room: Classroom, found: Marks) -> Iterator[Json]:
    for team in found.teams:
        for question in room.lesson.questions:
            entry = _last(room, team.team, question)
            if entry is None:
                continue
            said = _statement(room, entry, _agent(entry.who), "answered",
                              _activity(room, question), team.team)  # fmt: skip
            row = mark_row(team.rows, question.name)
            said["result"] = {"response": response(question, entry.body["answer"])}
            if not row.open:
                said["result"] |= _score(row.got, row.percent) | {"success": row.share >= 1.0}
            parent = [_lesson(room)]
            said["context"]["contextActivities"] = {"parent": parent}
            yield said


def _at_the_desk(room: Classroom) -> Iterator[Json]:
    """Return a statement for each case of the DPAS desk that somebody answered."""
    acts = [entry for entry in room.log if entry.kind == "desk"]
    for entry, one in zip(acts, answered(room), strict=True):
        case = _part(room, f"desk/{one.case.id}", "DPAS desk", one.case.id, "other")
        said = _statement(room, entry, _agent(entry.who), "answered", case, entry.team)
        said["result"] = {
            "response": one.attempt.answer["decision"],
            "success": one.marked.share >= 1.0,
            **_score(one.marked.share, 1.0),
        }
        said["context"]["contextActivities"] = {"parent": [_lesson(room)]}
        yield said


def _scored(room: Classroom, found: Marks) -> Iterator[Json]:
    """Return a mark for each team that took part, once the lesson is over."""
    entry = next((one for one in reversed(room.log) if one.kind == "end"), None)
    if entry is None:
        return
    for team in (one for one in found.teams if one.team in room.taking_part):
        verb = "scored" if team.open else "completed"
        said = _statement(room, entry, _group(room, team.team), verb, _lesson(room), team.team)
        said["result"] = _score(team.total, 100.0) | {"completion": not team.open}
        yield said


def _last(room: Classroom, team: str, question: Question) -> Entry | None:
    """Return the act by which a team last answered a question."""
    if (team, question.name) not in room.answers:
        return None
    mine = (e for e in reversed(room.log) if (e.kind, e.team) == ("answer", team))
    return next(entry for entry in mine if entry.body["question"] == question.name)


def _statement(
    room: Classroom, entry: Entry, actor: Json, verb: str, thing: Json, team: str
) -> Json:
    number = registration(room)
    when = datetime.fromtimestamp(round(entry.at, 3), UTC).isoformat(timespec="milliseconds")
    return {
        "actor": actor,
        "verb": {"id": VERBS + verb, "display": {LANGUAGE: verb}},
        "object": thing,
        "context": {
            "registration": str(number),
            "platform": "Mobilize",
            "language": LANGUAGE,
            "team": _group(room, team),
        },
        "timestamp": when.replace("+00:00", "Z"),
    }


def _account(name: str) -> Json:
    return {"homePage": HOME, "name": name}


def _agent(member: str) -> Json:
    return {"objectType": "Agent", "account": _account(member)}


def _group(room: Classroom, team: str) -> Json:
    """Return a team by its place in the class: names are typed by people."""
    place = list(room.teams).index(team) + 1
    return {"objectType": "Group", "account": _account(f"{registration(room)}-team-{place}")}


def _score(got: float, most: float) -> Json:
    scaled = min(1.0, max(0.0, got / most)) if most else 0.0
    most = round(most, DIGITS)
    raw = min(most, round(got, DIGITS))
    return {"score": {"scaled": round(scaled, DIGITS), "raw": raw, "min": 0, "max": most}}


def _lesson(room: Classroom) -> Json:
    lesson = room.lesson
    told = {"name": {LANGUAGE: lesson.title}, "description": {LANGUAGE: lesson.summary}}
    return {
        "objectType": "Activity",
        "id": _id(room),
        "definition": {**told, "type": TYPES + "lesson"},
    }


def _id(room: Classroom) -> str:
    lesson = room.lesson
    return f"{HOME}/lessons/{lesson.name}/{lesson.digest[:12] or 'draft'}"


def _activity(room: Classroom, question: Question) -> Json:
    kind = INTERACTIONS[question.kind]
    said = _part(room, f"questions/{question.name}", question.name, question.text, kind)
    if question.kind in ("choice", "rank", "queue"):
        books = [(order.id, order.id) for order in question.book]
        parts = [(one.name, one.text) for one in question.options] or books
        said["definition"]["choices"] = [
            {"id": name, "description": {LANGUAGE: text}} for name, text in parts
        ]
    return said


def _part(room: Classroom, path: str, name: str, text: str, kind: str) -> Json:
    """Return one interaction of the lesson."""
    return {
        "objectType": "Activity",
        "id": f"{_id(room)}/{path}",
        "definition": {
            "name": {LANGUAGE: name},
            "description": {LANGUAGE: text},
            "type": TYPES + "cmi.interaction",
            "interactionType": kind,
        },
    }


def response(question: Question, answer: Any) -> str:
    """Return an answer in the format of its interaction: items are set apart by ``[,]``."""
    if question.kind == "constraint":
        return f"{answer['line']}[,]{answer['bound']}"
    if isinstance(answer, list):
        return "[,]".join(answer)
    return str(answer)
