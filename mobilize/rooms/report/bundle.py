"""All reports of a session as files: the room's, every team's, and its tables in one archive."""

from __future__ import annotations

from mobilize.game.worth import Review
from mobilize.rooms.paper.bundle import file_of, index_html
from mobilize.rooms.report.room import room_report_html
from mobilize.rooms.report.team import team_report_html
from mobilize.rooms.roles import seat_title
from mobilize.rooms.room import Room
from mobilize.rooms.tables import session_zip


def reports(room: Room, found: Review | None = None) -> dict[str, str | bytes]:
    """Return the files of a debrief by name; teams are those with people or decisions of theirs.

    Parameters
    ----------
    found : Review, optional
        The room's game looked back on; made here if it is not given.
    """
    joined = {e.body["seat"] for e in room.log if e.kind in ("join", "reseat")}
    seats = [p.id for p in room.seats if room.role(p.id).plays and p.id in joined]
    teams = {f"team-{file_of(s)}.html": team_report_html(room, s, found) for s in seats}
    names = {"room.html": "The room: for the white cell, until it releases it"}
    names |= {name: seat_title(s, room.game.scenario) for name, s in zip(teams, seats, strict=True)}
    names["tables.zip"] = "The session and every table"
    index = index_html(f"Debrief: {room.title}", names)
    whole = room_report_html(room, found)
    return {"index.html": index, "room.html": whole, **teams, "tables.zip": session_zip(room)}
