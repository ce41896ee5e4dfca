"""Teaching: a class is opened, its address and codes are printed, and it is served."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mobilize.app.rooms.hosting import ANYWHERE, hosts, lan_addresses, qr, spaced
from mobilize.app.server import LOOPBACK, free_port, run
from mobilize.lessons.lesson import Lesson


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
    saves : Path
        SQLite file of the classes.
    lan : bool
        Whether others in the network can join, or only this machine.

    Raises
    ------
    RoomError
        If the class cannot be opened.
    OSError
        If no port is free.
    """
    from mobilize.app.rooms.serving import prepare, served

    prepare("mobilize.app.classes.main")
    from mobilize.app.classes import downloads, join, shared
    from mobilize.lessons.classroom.school import School
    from mobilize.rooms.store import RoomStore
    from mobilize.workers import Workers

    school = School(RoomStore(saves), known)
    if lesson is not None:
        school.open(lesson, **parts)
    bound = ANYWHERE if lan else LOOPBACK
    port = free_port(port, bound)
    addresses = (lan_addresses() if lan else ()) or (LOOPBACK,)
    workers = Workers()
    shared.school, shared.workers = school, workers
    shared.address = f"http://{addresses[0]}:{port}"
    names = hosts((*addresses, LOOPBACK, "localhost"), port)
    app = served(school, workers, names, [*join.routes, *downloads.routes])
    staff = school.rows()[0].staff if school.rows() else ""
    opened = f"http://{LOOPBACK}:{port}/join?code={staff}" if browser and staff else ""
    run(app, bound, port, how_to_join(school, shared.address, port, saves, lan), opened)


def how_to_join(school: Any, address: str, port: int, saves: Path, lan: bool) -> str:
    """Return what is printed when a server of classes is up: the latest class first."""
    lines = []
    rows = school.rows()
    for row in rows[:1]:
        lines += [
            qr(f"{address}/join?code={row.code}"),
            f"Students join at  {address}   with the code {spaced(row.code)}",
            f"Instructor        http://{LOOPBACK}:{port}/join?code={row.staff}",
            "                  keep this one to yourself",
        ]
    lines += [f"Also open         {row.opened[:10]} code {spaced(row.code)}, instructor "
              f"{spaced(row.staff)}" for row in rows[1:6]]  # fmt: skip
    if not lan:
        lines.append("Only this machine can join: add --lan to let in the network of the room.")
    again = "teach --lan" if lan else "teach"
    lines.append(f"Kept in           {saves}")
    lines.append(f"Ctrl+C ends it; `{again}` with no lesson goes on, a lesson opens another class.")
    return "\n".join(lines)
