"""Teaching in the browser: a class is opened, and the classes of a file are served."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mobilize.app.seats.hosting import serve
from mobilize.app.seats.invitation import Words
from mobilize.lessons.lesson import Lesson

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from mobilize.lessons.classroom.school import School
    from mobilize.rooms.store import RoomStore
    from mobilize.workers import Workers

WORDS = Words("Students", "python3 -m mobilize teach", "lesson")


def teach(
    lesson: Lesson | None,
    parts: Mapping[str, Any],
    saves: Path,
    port: int,
    lan: bool = False,
    browser: bool = True,
    known: Mapping[str, Lesson] | None = None,
) -> None:
    """Open a class, say how to join, and serve until interrupted.

    Parameters
    ----------
    lesson : Lesson, optional
        Of the new class; without one, the classes that are kept are served again.
    parts : mapping
        How the class is opened: see :func:`mobilize.lessons.classroom.value.found`.
    known : mapping of str to Lesson, optional
        Lessons beside the shipped ones.

    Raises
    ------
    RoomError, OSError
        As :func:`mobilize.app.seats.hosting.serve` does, or if the class cannot be opened.
    """
    from mobilize.lessons.classroom.school import School

    def opened(store: RoomStore) -> School:
        school = School(store, known)
        if lesson is not None:
            school.open(lesson, **parts)
        return school

    serve(opened, application, WORDS, saves, port, lan, browser)


def application(
    school: School, workers: Workers, hosts: frozenset[str], address: str = ""
) -> Starlette:
    """Return the application that serves the classes of a school to some Host headers."""
    from mobilize.app.seats.serving import prepare, served

    prepare("mobilize.app.classes.main")
    from mobilize.app.classes import downloads, join, shared

    shared.school, shared.workers, shared.address = school, workers, address
    return served(school, workers, hosts, [*join.routes, *downloads.routes])
