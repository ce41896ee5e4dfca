"""What can be taken home from a room, for whoever holds a seat that may have it.

A file of the whole session is for the white cell, a file of a team for that team and the white
cell; the cookie of the seat decides, never the address alone. A file more is an entry in `FILES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mobilize.app.rooms.shared import the_hall, the_workers
from mobilize.app.seats.tokens import members_of
from mobilize.game.game import Game
from mobilize.game.lookback import by_workers
from mobilize.game.worth import Review
from mobilize.rooms.file import read_room, write_room
from mobilize.rooms.paper.guide import guide_html
from mobilize.rooms.paper.handout import handout_html
from mobilize.rooms.roles import WHITE_CELL
from mobilize.rooms.room import Room, RoomError
from mobilize.rooms.shapes import shape_of
from mobilize.rooms.tables import session_zip

REFUSED = "Nothing of this name for a seat of this browser. Join the room, then try again."
Make = Callable[[Room, str], str | bytes]


@dataclass(frozen=True)
class File:
    """A file that can be taken home: how it is called, what makes it of a room and a seat.

    One `of_team` belongs to the seat that the address names by `?seat=`; others are the white
    cell's alone.
    """

    title: str
    about: str
    media: str
    make: Make
    of_team: bool = False


def report(room: Room, seat: str) -> str:
    """Return the report of a room, or of a team; all work is done by other processes."""
    return by_workers(partial(report_of, write_room(room), seat), room.game, the_workers())


def report_of(session: str, seat: str, game: Game, found: Review) -> str:
    """Return a report of a session file (a room itself does not go into another process)."""
    from mobilize.rooms.report.room import room_report_html
    from mobilize.rooms.report.team import team_report_html

    room = read_room(session, "session", game.scenario).room
    return team_report_html(room, seat, found) if seat else room_report_html(room, found)


def guide(room: Room, seat: str) -> str:
    """Return the facilitator's guide of a room's scenario and shape."""
    return the_workers().answer(guide_html, room.game.scenario, shape_of(room.shape))


def handout(room: Room, seat: str) -> str:
    """Return the handout of a seat."""
    return the_workers().answer(handout_html, room.game.scenario, shape_of(room.shape), seat)


FILES: dict[str, File] = {
    "session.json": File(
        "Session",
        "Every accepted act. `python3 -m mobilize debrief` and the path of this file writes all "
        "reports; `replay` plays it again exactly.",
        "application/json",
        lambda room, seat: write_room(room),
    ),
    "session.zip": File(
        "Tables",
        "Moves, messages, offers, promises, predictions, overrides and acts as CSV, with the "
        "session itself.",
        "application/zip",
        lambda room, seat: session_zip(room),
    ),
    "report.html": File(
        "Report",
        "The session turn by turn, predictions, what each decision was worth. Takes a minute.",
        "text/html",
        report,
    ),
    "guide.html": File(
        "Facilitator's guide",
        "Plan by the minute, events list, what is hidden, what to do when something breaks.",
        "text/html",
        guide,
    ),
    "handout.html": File(
        "Handout",
        "Who you are, what you decide, what you begin with.",
        "text/html",
        handout,
        of_team=True,
    ),
    "team.html": File(
        "Report",
        "The session from the chair of one team, with what it may know.",
        "text/html",
        report,
        of_team=True,
    ),
}


def seats_held(cookies: Mapping[str, str] | None, key: str) -> frozenset[str]:
    """Return the seats of a room that a browser holds by its cookies."""
    hall, held = the_hall(), set()
    for member, token in members_of(cookies).items():
        try:
            found = hall.who(token)
        except RoomError:
            continue
        if found == (key, member):
            held.add(hall.room(key).members[member].seat)
    return frozenset(held)


def may_have(file: File, seat: str, held: frozenset[str]) -> bool:
    """Return whether whoever holds some seats of a room may have a file, of a seat if it is one."""
    if WHITE_CELL in held:
        return bool(seat) or not file.of_team
    return file.of_team and seat in held


def download(request: Request) -> Response:
    """Return a file of a room; refused in the same words whether or not it is there."""
    key, name = request.path_params["key"], request.path_params["name"]
    seat = request.query_params.get("seat", "")
    file, held = FILES.get(name), seats_held(request.cookies, key)
    if file is None or not may_have(file, seat, held):
        return PlainTextResponse(REFUSED, status_code=403)
    room = the_hall().room(key)
    if file.of_team and seat not in {place.id for place in room.seats}:
        return PlainTextResponse(REFUSED, status_code=403)
    answer = Response(file.make(room, seat), media_type=file.media)
    answer.headers["cache-control"] = "no-store"
    if not request.query_params.get("show"):
        whole = "-".join(part for part in (room.game.scenario.name, seat, name) if part)
        safe = re.sub(r"[^\w.-]", "_", whole, flags=re.ASCII)
        answer.headers["content-disposition"] = f'attachment; filename="{safe}"'
    return answer


routes = [Route("/api/room/{key}/{name}", endpoint=download, methods=["GET"])]
