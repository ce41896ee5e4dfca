"""Joining a class: a team and a part in it are chosen, the instructor's place by its own code."""

from __future__ import annotations

from html import escape

from mobilize.app.classes.shared import the_school
from mobilize.app.seats.door import Door, Form, place_form
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom, Person
from mobilize.rooms.host import Joined
from mobilize.rooms.room import Refusal
from mobilize.rooms.turns import NAMES


def teams_form(room: Classroom, code: str, form: Form) -> str:
    """Return the form for a name and a place; the instructor comes in by a code of their own."""
    if the_school().is_staff(code):
        places = f'<input type="hidden" name="place" value="{INSTRUCTOR}|">'
    else:
        rows = [_team(room, team, form.get("place", "")) for team in room.teams]
        places = f"<fieldset><legend>Choose a team and a part</legend>{''.join(rows)}</fieldset>"
    note, label = "answers are kept and exported.", "A name for the class, not your full name"
    return place_form(code, label, form.get("name", ""), NAMES, places, note)


def _team(room: Classroom, team: str, chosen: str) -> str:
    """Return the parts of a team to choose from, with who has them."""
    taken = {person.part: person.name for person in room.people(team)}
    rows = []
    for part in room.lesson.parts:
        here = taken.get(part.name)
        said = f"{part.title}: {here}" if here else part.title
        rows.append(_place(f"{team}|{part.name}", said, chosen))
    rows.append(_place(f"{team}|", "No part of my own", chosen))
    return f'<h2>{escape(team)}</h2><ul class="choices parts">{"".join(rows)}</ul>'


def _place(value: str, said: str, chosen: str) -> str:
    checked = " checked" if value == chosen else ""
    box = f'<input type="radio" name="place" value="{escape(value)}" required{checked}>'
    return f"<li><label>{box}<span>{escape(said)}</span></label></li>"


def _take(form: Form, source: str) -> Joined | Refusal:
    team, _, part = form.get("place", "").partition("|")
    return the_school().join(form.get("code", ""), form.get("name", ""), team, part, source)


def _called(room: Classroom, who: Person) -> str:
    return f"{who.team} as {who.name}, in {room.title}"


KEPT = (
    "The name you choose, your team and part, what your team answers, writes and decides, and what "
    "you answer at the desk, each with its time."
)
SEEN = (
    "Your team sees its answers and decisions. Once answers are shown, another team may be asked "
    "to judge what your team wrote; it sees the team's name, and not yours.",
    "The instructor sees everything, by team and by name. What is shown to the whole class has "
    "names of teams, none of people.",
    "The instructor can take the class away as files. Marks and answers are by team; a list says "
    "who was in which team; what was answered at the desk, and the class itself, can be laid to a "
    "name by that list. Statements for a learning record store have numbers instead of names.",
)
routes = Door(the_school, teams_form, _take, _called, KEPT, SEEN).routes
