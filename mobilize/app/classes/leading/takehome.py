"""What is taken home: files, guides, next term's class, and the other classes of its leader."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from mobilize.app.seats.invitation import spaced
from mobilize.lessons.classroom.value import Classroom
from mobilize.lessons.lesson import Lesson
from mobilize.lessons.load import FOLDER, shipped
from mobilize.rooms.store import RoomRow

Plain = dict[str, Any]
ALL = "class.zip"
FILES = (
    ("marks.csv", "Marks", "one row a team: total, by aspect and objective, its place"),
    ("answers.csv", "Answers", "every question of every team, what is right, the marks and why"),
    ("reflections.csv", "Reflections", "what teams wrote, and the points that were ticked"),
    ("desk.csv", "DPAS desk", "cases that were answered, and what was right"),
    ("people.csv", "People", "who was in which team, by the names they chose"),
    ("xapi.jsonl", "xAPI statements", "for a learning record store, one a line; no names"),
    ("class.json", "The class itself", "plays again exactly; marks follow from it alone"),
)
GUIDE = "instructor.html"


def files_view(room: Classroom, member: str) -> Plain:
    """Return the files of a class and the guides of its lesson, with their addresses."""
    base = f"/api/class/{member}"
    return {
        "all": f"{base}/{ALL}",
        "files": [{"href": f"{base}/{name}", "name": name, "title": title, "text": text}
                  for name, title, text in FILES],
        "guide": f"{base}/{GUIDE}",
        "students": [
            {"title": part.title, "before": f"{base}/student-{part.name}.html",
             "after": f"{base}/student-{part.name}-after.html"}
            for part in room.lesson.parts
        ],
    }  # fmt: skip


def classes_view(rows: Iterable[RoomRow], own: str) -> list[Plain]:
    """Return classes with their codes, the latest first; `own` is the id of this one."""
    out = []
    for row in rows:
        head = json.loads(row.header)
        out.append(
            {
                "id": row.id,
                "own": row.id == own,
                "title": head["title"],
                "lesson": head["lesson"],
                "teams": len(head["teams"]),
                "opened": row.opened[:16].replace("T", " "),
                "code": spaced(row.code),
                "staff": f"/join?code={row.staff}",
            }
        )
    return out


def lessons_view(own: Lesson) -> list[Plain]:
    """Return the lessons of which a class can be opened, the shortest first; `own` among them."""
    here = (own.name, own.title, own.minutes)
    rows = [dict(zip(("name", "title", "minutes"), one, strict=True)) for one in {here, *shelf()}]
    return sorted(rows, key=lambda row: (row["minutes"], row["title"]))


@cache
def shelf() -> tuple[tuple[str, str, int], ...]:
    """Return name, title and minutes of the shipped lessons; their scenarios are not read."""
    found = []
    for name in shipped():
        top = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        found.append((name, str(top["title"]), int(top["minutes"])))
    return tuple(found)
