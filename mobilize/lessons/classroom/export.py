"""A class to take home: marks and reflections as CSV, xAPI statements, and the class itself.

No SCORM package is made: it would have to run in a player, and a class is not one learner's page.
"""

from __future__ import annotations

import json

from mobilize.game.export import as_csv, zipped
from mobilize.lessons.classroom.desking import answered
from mobilize.lessons.classroom.file import write_class
from mobilize.lessons.classroom.progress import in_words, marks, row_of, table
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom
from mobilize.lessons.classroom.xapi import statements
from mobilize.lessons.lesson import ASPECTS
from mobilize.lessons.marks import Marks
from mobilize.lessons.responses import to_lines

README = """A class of Mobilize, one file a table; UTF-8, comma-separated, one header line.

class.json       the class itself, every accepted act: marks are worked out again from it alone
marks.csv        the mark of each team, percent, by aspect and objective, and its place
answers.csv      every question of every team: what was answered, what is right, the marks and why
reflections.csv  what teams wrote, with the points of the rubric that were ticked
desk.csv         cases of the DPAS desk: who answered, the marks, and what was right, by part
people.csv       who was in which team at last, by the names they chose, those sent out too
responses.jsonl  answers and ticks as they count
xapi.jsonl       the same as xAPI 1.0.3 statements, one a line; people by number, not by name

Names are as people typed them; nothing else about a person is kept.
"""
DIGITS = 4


def files(room: Classroom, found: Marks | None = None) -> dict[str, str]:
    """Return every file of a class by name; the same class gives the same bytes."""
    found = found or marks(room)
    lines = (json.dumps(row, ensure_ascii=False) for row in statements(room, found))
    return {
        "README.txt": README,
        "class.json": write_class(room),
        "marks.csv": _marks(room, found),
        "answers.csv": _answers(room, found),
        "reflections.csv": _reflections(room, found),
        "desk.csv": _desk(room),
        "people.csv": _people(room),
        "responses.jsonl": to_lines(room.responses, room.markings),
        "xapi.jsonl": "".join(f"{line}\n" for line in lines),
    }


def class_zip(room: Classroom) -> bytes:
    """Return every file of a class as one archive; the same class gives the same bytes."""
    return zipped(files(room))


def _marks(room: Classroom, found: Marks) -> str:
    names = [one.name for one in room.lesson.objectives]
    head = ("place", "team", "people", "total", *ASPECTS, *(f"objective {n}" for n in names),
            "waiting_for_the_instructor")  # fmt: skip
    rows = [
        (p.rank, p.team, len(room.people(p.team)), round(p.total, DIGITS),
         *(round(p.aspects.get(a, 0.0), DIGITS) for a in ASPECTS),
         *(round(p.objectives[n], DIGITS) for n in names), p.open)
        for p in table(room, found)
    ]  # fmt: skip
    return as_csv(head, rows)


def _answers(room: Classroom, found: Marks) -> str:
    head = ("team", "question", "objective", "aspect", "worth_percent", "answer", "right",
            "share", "got_percent", "waiting", "text")  # fmt: skip
    rows = [
        (team.team, row.question, row.objective, row.aspect, round(row.percent, DIGITS),
         in_words(room.lesson.question(row.question), row.answer), row.right,
         round(row.share, DIGITS), round(row.got, DIGITS), "yes" if row.open else "no", row.text)
        for team in found.teams
        for row in team.rows
    ]  # fmt: skip
    return as_csv(head, rows)


def _reflections(room: Classroom, found: Marks) -> str:
    head = ("team", "question", "asked", "answer", "marked_by", "ticked", "of", "share")
    rows = []
    for team in found.teams:
        for question in room.lesson.questions:
            row = row_of(team.rows, question.name)
            if not question.by_hand or row.answer is None:
                continue
            ticks = [m for m in room.markings
                     if (m.team, m.question) == (team.team, question.name)]  # fmt: skip
            for by, points in [(m.by, m.points) for m in ticks] or [("", ())]:
                told = "; ".join(question.rubric[n].text for n in points)
                rows.append((team.team, question.name, question.text, row.answer, by, told,
                             len(question.rubric), round(row.share, DIGITS)))  # fmt: skip
    return as_csv(head, rows)


def _desk(room: Classroom) -> str:
    head = ("team", "id", "level", "number", "share", "part", "part_share", "given", "right",
            "paragraph")  # fmt: skip
    rows = [
        (one.attempt.team, one.attempt.member, one.attempt.level, one.attempt.number,
         round(one.marked.share, DIGITS), part.name, round(part.share, DIGITS), part.given,
         part.right, part.paragraph)
        for one in answered(room)
        for part in one.marked.parts
    ]  # fmt: skip
    return as_csv(head, rows)


def _people(room: Classroom) -> str:
    """Return everybody who was in a team, those sent out too: the desk has their answers by id."""
    came: dict[str, tuple[str, str, str]] = {}
    for entry in room.log:
        body = entry.body
        if entry.kind in ("join", "move") and body["team"] != INSTRUCTOR:
            name = body["name"].strip() if entry.kind == "join" else came[body["member"]][2]
            came[body["member"]] = (body["team"], body.get("part") or "", name)
    rows = [(*told, key, "yes" if key in room.members else "no") for key, told in came.items()]
    return as_csv(("team", "part", "name", "id", "here_at_the_end"), sorted(rows))
