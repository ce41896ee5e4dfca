"""The command `teach`: a lesson in the browser, for a class in one room."""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path
from typing import Any

from mobilize.playing import CommandError


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
