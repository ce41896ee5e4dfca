"""The commands `lessons`, `lesson` and `teach`: which there are, guides to print, a class."""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mobilize.playing import HONEST, CommandError
from mobilize.words import show, show_json

if TYPE_CHECKING:
    from mobilize.lessons.lesson import Lesson


def lessons(options: argparse.Namespace) -> int:
    """List the shipped lessons."""
    from mobilize.lessons.handbook import lessons as every

    found = every()
    if options.json:
        keys = ("name", "title", "minutes")
        show_json(
            [
                {key: getattr(one, key) for key in keys}
                | {"scenario": one.scenario.name, "objectives": _objectives(one)}
                for one in found
            ]
        )
        return 0
    rows = [
        (one.name, one.title, str(one.minutes), one.scenario.name,
         ", ".join(map(str, _objectives(one))))
        for one in found
    ]  # fmt: skip
    show(
        "Lessons; `mobilize lesson NAME --out FOLDER` writes their guides",
        ("name", "title", "minutes", "scenario", "course objectives"),
        rows,
    )
    return 0


def _objectives(one: Lesson) -> list[int]:
    """Return the numbers of the course objectives that a lesson serves."""
    return sorted({objective.policy for objective in one.objectives})


def lesson(options: argparse.Namespace) -> int:
    """Check a lesson and write its guides."""
    from mobilize.lessons.guides import write_guides
    from mobilize.lessons.keys import LessonError
    from mobilize.lessons.load import load_lesson

    try:
        found = load_lesson(options.lesson)
    except LessonError as error:
        raise CommandError(str(error)) from None
    written = []
    if options.out:
        try:
            written = [str(path) for path in write_guides(found, Path(options.out))]
        except OSError as error:
            told = f"cannot write {options.out}: {error.strerror}; give another --out"
            raise CommandError(told) from None
    if options.json:
        steps = [{"name": s.name, "kind": s.kind, "minutes": s.minutes} for s in found.steps]
        row = {"name": found.name, "title": found.title, "minutes": found.minutes}
        show_json(row | {"digest": found.digest, "steps": steps, "written": written})
        return 0
    show(
        f"{found.title}: {found.minutes} minutes in {found.scenario.title}",
        ("minutes", "step", "title", "questions"),
        [(str(s.minutes), s.kind, s.title, str(len(s.questions))) for s in found.steps],
    )
    for path in written:
        print(path)
    print(HONEST)
    return 0


def teach(options: argparse.Namespace) -> int:
    """Open a class of a lesson, or serve again those that are kept."""
    from mobilize.app.classes.hosting import teach as serve
    from mobilize.commands_play import data_file
    from mobilize.game.store import StoreError
    from mobilize.lessons.keys import LessonError
    from mobilize.lessons.load import load_lesson, shipped
    from mobilize.rooms.room import RoomError

    saves = Path(options.saves) if options.saves else data_file("classes.sqlite")
    try:
        lesson = load_lesson(options.lesson) if options.lesson else None
        known = {lesson.name: lesson} if lesson and lesson.name not in shipped() else {}
        given = {"title": options.title, "teams": options.teams}
        parts: dict[str, Any] = {key: value for key, value in given.items() if value}
        serve(lesson, parts, saves, options.port, options.lan, not options.no_browser, known)
    except (LessonError, RoomError, StoreError, OSError, sqlite3.Error) as error:
        raise CommandError(f"cannot teach: {error}") from error
    return 0
