"""Files of a class and guides of its lesson, for the instructor who leads it and nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mobilize.app.classes.leading.takehome import ALL, GUIDE
from mobilize.app.classes.shared import MARKER, the_school
from mobilize.app.seats.tokens import token_of
from mobilize.game.export import zipped
from mobilize.lessons.classroom.export import files
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom
from mobilize.lessons.lesson import Lesson
from mobilize.rooms.room import RoomError

REFUSED = "Only the instructor of this class can take its files, from the browser that leads it."
TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "txt": "text/plain",
}


def led(request: Request) -> tuple[str, Classroom] | None:
    """Return the class that a browser leads as the member it asks for; None if it does not.

    Raises
    ------
    RoomError
        If what is kept of the class cannot be opened.
    """
    member = request.path_params["member"]
    token = token_of(request.cookies, member)
    held = the_school().who(token) if token else None
    if held is None or held[1] != member:
        return None
    room = the_school().value(held[0])
    person = room.members.get(member)
    return (held[0], room) if person is not None and person.team == INSTRUCTOR else None


def download(request: Request) -> Response:
    """Return one of the files of a class, or a guide of its lesson."""
    try:
        found = led(request)
    except RoomError as error:
        return PlainTextResponse(str(error), status_code=409)
    if found is None:
        return PlainTextResponse(REFUSED, status_code=403)
    key, room = found
    name = request.path_params["name"]
    page = guide(room.lesson, name)
    if page is not None:
        return Response(page(), media_type="text/html")
    content = of_class(key, room, name)
    if content is None:
        return PlainTextResponse("There is no such file.", status_code=404)
    kind = TYPES.get(name.rpartition(".")[2], "application/zip")
    called = re.sub(r"[^\w.-]+", "_", f"{room.lesson.name}-{name}", flags=re.ASCII)
    headers = {
        "content-disposition": f'attachment; filename="{called}"',
        "cache-control": "no-store",
    }
    return Response(content, media_type=kind, headers=headers)


def of_class(key: str, room: Classroom, name: str) -> str | bytes | None:
    """Return a file of a class as it is now, by the marks that are known if they are of now."""
    made = files(room, MARKER.of(key, room))
    return zipped(made) if name == ALL else made.get(name)


def guide(lesson: Lesson, name: str) -> Callable[[], str] | None:
    """Return what makes a guide of a lesson; None if there is none of this name."""
    from mobilize.lessons.guides import instructor, student

    if name == GUIDE:
        return lambda: instructor(lesson)
    for part in lesson.parts:
        for after, end in ((False, ""), (True, "-after")):
            if name == f"student-{part.name}{end}.html":
                return lambda part=part, after=after: student(lesson, part, after)  # type: ignore[misc]
    return None


routes = [Route("/api/class/{member}/{name}", endpoint=download)]
