"""Joining a room: a seat is chosen, the white cell's by a code of its own."""

from __future__ import annotations

from html import escape

from mobilize.app.rooms.shared import the_hall
from mobilize.app.seats.door import Door, Form, place_form
from mobilize.rooms.host import Joined
from mobilize.rooms.roles import WATCHERS, WHITE_CELL, seat_title
from mobilize.rooms.room import Member, Refusal, Room
from mobilize.rooms.turns import NAMES


def seats_form(room: Room, code: str, form: Form) -> str:
    """Return the form for a name and a seat; the white cell is let in by a code of its own."""
    staff, chosen = the_hall().is_staff(code), form.get("seat", "")
    rows = [_seat(room, p.id, chosen) for p in room.seats if staff == (p.role == WHITE_CELL)]
    legend = "Your seat" if staff else "Choose a seat"
    places = (
        f'<fieldset><legend>{legend}</legend><ul class="choices">{"".join(rows)}</ul></fieldset>'
    )
    note = "everything is kept in the session's log."
    label = "A name for the room, not your full name"
    return place_form(code, label, form.get("name", ""), NAMES, places, note)


def _seat(room: Room, seat: str, chosen: str) -> str:
    """Return a seat to choose: what it is, and who sits there."""
    role = room.role(seat)
    here = [escape(m.name) for m in room.people(seat)]
    said = ", ".join(here) if here else _empty(role.name)
    checked = " checked" if seat == chosen or role.name == WHITE_CELL else ""
    return f"""<li><label><input type="radio" name="seat" value="{escape(seat)}" required{checked}>
<span><strong>{escape(seat_title(seat, room.game.scenario))}</strong><br>{escape(role.about)}<br>
<span class="note">{said}</span></span></label></li>"""


def _empty(role: str) -> str:
    if role in WATCHERS or role == WHITE_CELL:
        return "nobody yet"
    return "nobody yet: its rules play for it"


def _take(form: Form, source: str) -> Joined | Refusal:
    code, name, seat = (form.get(key, "") for key in ("code", "name", "seat"))
    return the_hall().join(code, name, seat, source)


def _called(room: Room, who: Member) -> str:
    return f"{seat_title(who.seat, room.game.scenario)} as {who.name}, in {room.title}"


KEPT = (
    "The name you choose, your seat, and what you decide, write, predict and send, each with its "
    "turn and time."
)
SEEN = (
    "Your team sees its plans, notes and messages. The white cell sees everything. Other teams see "
    "who sits where, who has handed in, and what you send them.",
    "The log of the session, with names and messages, can be downloaded by the white cell.",
)
routes = Door(the_hall, seats_form, _take, _called, KEPT, SEEN).routes
