"""Joining a class: plain pages that need no script, for any phone."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import solara.server.starlette as solara_server
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mobilize.app.classes.shared import the_school
from mobilize.app.rooms.gate import seats
from mobilize.app.rooms.join import TO_JOIN, code_form, data, fault, first, form_of, page, source_of
from mobilize.app.rooms.seat import GONE
from mobilize.app.rooms.tokens import keep, members_of, token_of
from mobilize.lessons.classroom.value import INSTRUCTOR, Classroom
from mobilize.rooms.room import Refusal, RoomError
from mobilize.rooms.turns import NAMES

TITLE = "Join a class"
DESKS = 4  # that one browser holds in a class


def door(request: Request) -> Response:
    """Ask for the code; with a code, for a name and a team."""
    code = request.query_params.get("code", "")
    if not code:
        return page(TITLE, _held(request) + code_form())
    found = the_school().teams(code, source_of(request))
    if isinstance(found, Refusal):
        return page(TITLE, fault(found.why) + code_form(code), 403)
    return page(found.title, _held(request) + _teams(found, code))


async def join(request: Request) -> Response:
    """Let somebody in, and let the browser keep the desk."""
    form = await form_of(request)
    return await run_in_threadpool(_let_in, request, form)


def _let_in(request: Request, form: dict[str, str]) -> Response:
    code, name, place = (form.get(key, "") for key in ("code", "name", "place"))
    team, _, part = place.partition("|")
    school, source = the_school(), source_of(request)
    found = school.teams(code, source)
    if isinstance(found, Refusal):
        return page(TITLE, fault(found.why) + code_form(code), 403)
    if len([m for m in seats(school, request.cookies) if m in found.members]) >= DESKS:
        told = f"This browser has {DESKS} desks in this class already: go back to one."
        return page(found.title, fault(told) + _held(request), 403)
    joined = school.join(code, name, team, part, source)
    if isinstance(joined, Refusal):
        return page(found.title, fault(joined.why) + _teams(found, code, name, place), 403)
    answer = RedirectResponse(f"/seat/{joined.member}", status_code=303)
    keep(answer, joined.member, joined.token)
    return answer


def _teams(room: Classroom, code: str, name: str = "", chosen: str = "") -> str:
    """Return the form for a name and a place; the instructor comes in by a code of their own."""
    if the_school().is_staff(code):
        body = f'<input type="hidden" name="place" value="{INSTRUCTOR}|">'
    else:
        rows = [_team(room, team, chosen) for team in room.teams]
        body = f"<fieldset><legend>Choose a team and a part</legend>{''.join(rows)}</fieldset>"
    return f"""<form class="panel" action="/join" method="post">
<input type="hidden" name="code" value="{escape(code[:40])}">
<label for="name">A name for the class, not your full name</label>
<input id="name" name="name" value="{escape(name[:NAMES])}" required maxlength="{NAMES}"
 autocomplete="off" autofocus>
{body}
<p class="note">Type nothing sensitive or personal: answers are kept and exported.
<a href="/data">What data goes where</a></p>
<button class="btn primary">Join</button></form>"""


def _team(room: Classroom, team: str, chosen: str) -> str:
    """Return the parts of a team to choose from, with who has them."""
    people = room.people(team)
    taken = {person.part: person.name for person in people}
    rows = []
    for part in room.lesson.parts:
        value = f"{team}|{part.name}"
        checked = " checked" if value == chosen else ""
        here = taken.get(part.name)
        said = f"{part.title}: {here}" if here else part.title
        rows.append(
            f'<li><label><input type="radio" name="place" value="{escape(value)}"'
            f" required{checked}>"
            f"<span>{escape(said)}</span></label></li>"
        )
    free = f'<li><label><input type="radio" name="place" value="{escape(team)}|" required>'
    rows.append(f"{free}<span>No part of my own</span></label></li>")
    return f'<h2>{escape(team)}</h2><ul class="choices parts">{"".join(rows)}</ul>'


def _held(request: Request) -> str:
    """Return the desks that this browser holds, to go back to."""
    rows = []
    for member, token in members_of(request.cookies).items():
        try:
            held = the_school().who(token)
            room = the_school().value(held[0]) if held and held[1] == member else None
        except RoomError:
            continue
        if room is not None:
            who = room.members[member]
            title = f"{who.team} as {who.name}, in {room.title}"
            rows.append(f'<li><a class="btn" href="/seat/{quote(member)}">{escape(title)}</a></li>')
    if not rows:
        return ""
    body = f'<h2>Go back to</h2><ul class="plain">{"".join(rows)}</ul>'
    return f'<section class="panel">{body}</section>'


async def seat(request: Request) -> Response:
    """Show a desk's page to the browser that holds the desk, and to no other."""
    told = await run_in_threadpool(_not_here, request)
    if told:
        body = f'<section class="panel">{fault(told)}<p>{TO_JOIN}</p></section>'
        return page("No seat here", body, 403)
    return await solara_server.root(request, request.url.path)


def _not_here(request: Request) -> str:
    """Return why a browser is not shown the desk that it asks for; "" if it is."""
    member = request.path_params["member"]
    token = token_of(request.cookies, member)
    try:
        held = the_school().who(token) if token else None
    except RoomError as error:
        return str(error)
    return "" if held is not None and held[1] == member else GONE


def now(request: Request) -> Response:
    """Return the server's time in seconds, by which a browser runs the clock of a step."""
    return PlainTextResponse(f"{the_school().clock():.3f}", headers={"cache-control": "no-store"})


routes = [
    Route("/", endpoint=first),
    Route("/join", endpoint=door, methods=["GET"]),
    Route("/join", endpoint=join, methods=["POST"]),
    Route("/seat/{member}", endpoint=seat),
    Route("/seat/{member}/{page}", endpoint=seat),
    Route("/data", endpoint=data),
    Route("/api/now", endpoint=now),
]
