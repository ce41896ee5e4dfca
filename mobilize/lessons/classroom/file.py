"""A whole class as a file: how it was opened and every accepted act; played again exactly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mobilize import __version__
from mobilize.lessons.classroom.accept import accept
from mobilize.lessons.classroom.value import Classroom, ClassroomError, Entry, found
from mobilize.lessons.lesson import Lesson
from mobilize.rooms.again import played_again

KIND, FORMAT = "mobilize class", 1
HEADER = ("lesson", "lesson_sha256", "seed", "title", "teams")
KEYS = ("kind", "format", "mobilize", *HEADER, "acts")
ENTRY = ("number", "at", "who", "kind", "body", "sequence")
TOLD = ("team", "step", "phase")  # follow from the acts before; for whoever reads the file
LARGEST = 50_000_000  # bytes


def header(room: Classroom) -> dict[str, Any]:
    """Return how a class was opened."""
    return {
        "lesson": room.lesson.name,
        "lesson_sha256": room.lesson.digest,
        "seed": room.lesson.seed,
        "title": room.title,
        "teams": list(room.teams),
    }


def reopened(given: Mapping[str, Any], lesson: Lesson) -> Classroom:
    """Return the class of a header, before anybody came.

    Raises
    ------
    ClassroomError
        With everything that is wrong.
    """
    faults = [f"key '{key}' is missing" for key in HEADER if key not in given]
    if not faults and given["lesson"] != lesson.name:
        faults.append(f"it is of the lesson '{str(given['lesson'])[:60]}', not '{lesson.name}'")
    elif not faults and given["lesson_sha256"] != lesson.digest:
        faults.append(
            f"it was opened with another version of its lesson than the one here; open it in the "
            f"Mobilize of that time, or a new class of '{lesson.name}'"
        )
    elif not faults and given["seed"] != lesson.seed:
        faults.append(f"its luck is {str(given['seed'])[:20]}, that of the lesson {lesson.seed}")
    teams, title = given.get("teams"), given.get("title", "")
    if not isinstance(teams, list) or not all(isinstance(name, str) for name in teams):
        faults.append("'teams' is no list of names")
    if not isinstance(title, str):
        faults.append("'title' is no text")
    if faults or not isinstance(teams, list):
        raise ClassroomError("\n".join(faults))
    return found(lesson, tuple(teams), title)


def replayed(room: Classroom, rows: Iterable[Mapping[str, Any]]) -> Classroom:
    """Return a class after acts that were accepted once, each through the same door again.

    Raises
    ------
    ClassroomError
        If one is not accepted now: the file is damaged, or of another version.
    """
    return played_again(room, rows, accept, ClassroomError)


def row_of(entry: Entry) -> dict[str, Any]:
    """Return an accepted act as it is kept."""
    return {key: getattr(entry, key) for key in (*ENTRY, *TOLD)} | {"body": dict(entry.body)}


def write_class(room: Classroom) -> str:
    """Return the text of a class file: the same class gives the same bytes."""
    content = {"kind": KIND, "format": FORMAT, "mobilize": __version__, **header(room),
               "acts": [row_of(entry) for entry in room.log]}  # fmt: skip
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read_class(text: str | bytes, place: str, lesson: Lesson | None = None) -> Classroom:
    """Return the class in the text of a file, played again; marks follow from it alone.

    Parameters
    ----------
    lesson : Lesson, optional
        By default the shipped one of its name.

    Raises
    ------
    ClassroomError
        If it cannot be read, or an act of it is not accepted.
    """
    if len(text) > LARGEST:
        raise ClassroomError(f"{place}: larger than {LARGEST:,} bytes; no class file is")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ClassroomError(f"{place}: not readable as JSON: {error}") from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise ClassroomError(f'{place}: not a class; a class file says "kind": "{KIND}"')
    if content.get("format") != FORMAT:
        told = f"format {content.get('format')}; this version reads {FORMAT}"
        raise ClassroomError(f"{place}: {told}")
    wrong = [key for key in content if key not in KEYS] + [k for k in KEYS if k not in content]
    if wrong:
        told = ", ".join(map(str, wrong[:10]))
        raise ClassroomError(f"{place}: keys unknown or missing: {told}")
    try:
        rows = content["acts"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ClassroomError("'acts' is not a list of acts")
        return replayed(reopened(content, lesson or shipped_lesson(content["lesson"])), rows)
    except ClassroomError as error:
        told = "\n".join(f"{place}: {line}" for line in str(error).splitlines())
        raise ClassroomError(told) from error


def shipped_lesson(name: object) -> Lesson:
    """Return a lesson that comes with Mobilize; ClassroomError if there is none of this name."""
    from mobilize.lessons.keys import LessonError
    from mobilize.lessons.load import load_lesson, shipped

    if name not in shipped():
        told = f"lesson '{str(name)[:60]}' is not among those here: {', '.join(shipped())}"
        raise ClassroomError(told)
    try:
        return load_lesson(str(name))
    except LessonError as error:
        raise ClassroomError(str(error)) from error
