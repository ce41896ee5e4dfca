"""Joining a room: plain pages that need no script, for any phone; and what data goes where."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, quote

import solara.server.starlette as solara_server
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mobilize.app.rooms.gate import seats
from mobilize.app.rooms.seat import GONE
from mobilize.app.rooms.shared import the_hall
from mobilize.app.rooms.tokens import keep, members_of, token_of
from mobilize.rooms.roles import WATCHERS, WHITE_CELL, country_name, roles
from mobilize.rooms.room import Refusal, Room, RoomError
from mobilize.rooms.turns import NAMES

PAGE = Template(Path(__file__).with_name("join.html").read_text(encoding="utf-8"))
LARGEST = 10_000  # bytes of a form
SEATS = 4  # that one browser holds in a room
TO_JOIN = '<a class="btn primary" href="/join">Join a room</a>'


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """Return a plain page; the body is markup, whatever people wrote in it escaped."""
    return HTMLResponse(PAGE.substitute(title=escape(title), body=body), status_code=status)


def first(request: Request) -> Response:
    """Send whoever comes to the address alone to the door."""
    return RedirectResponse("/join", status_code=303)


def now(request: Request) -> Response:
    """Return the server's time in seconds, by which a browser runs the clock of a turn."""
    return PlainTextResponse(f"{the_hall().clock():.3f}", headers={"cache-control": "no-store"})


def door(request: Request) -> Response:
    """Ask for the code; with a code, for a name and a seat."""
    code = request.query_params.get("code", "")
    if not code:
        return page("Join a room", _held(request) + code_form())
    found = the_hall().seats(code, source_of(request))
    if isinstance(found, Refusal):
        return page("Join a room", fault(found.why) + code_form(code), 403)
    return page(found.title, _held(request) + _seats(found, code))


async def join(request: Request) -> Response:
    """Let somebody in, and let the browser keep the seat."""
    form = await form_of(request)
    return await run_in_threadpool(_let_in, request, form)


def _let_in(request: Request, form: dict[str, str]) -> Response:
    code, name, seat = (form.get(key, "") for key in ("code", "name", "seat"))
    hall, source = the_hall(), source_of(request)
    found = hall.seats(code, source)
    if isinstance(found, Refusal):
        return page("Join a room", fault(found.why) + code_form(code), 403)
    if len([m for m in seats(hall, request.cookies) if m in found.members]) >= SEATS:
        told = f"This browser has {SEATS} seats in this room already: go back to one."
        return page(found.title, fault(told) + _held(request), 403)
    joined = hall.join(code, name, seat, source)
    if isinstance(joined, Refusal):
        return page(found.title, fault(joined.why) + _seats(found, code, name, seat), 403)
    answer = RedirectResponse(f"/seat/{joined.member}", status_code=303)
    keep(answer, joined.member, joined.token)
    return answer


async def seat(request: Request) -> Response:
    """Show a seat's page to the browser that holds the seat, and to no other."""
    told = await run_in_threadpool(_not_here, request)
    if told:
        body = f'<section class="panel">{fault(told)}<p>{TO_JOIN}</p></section>'
        return page("No seat here", body, 403)
    return await solara_server.root(request, request.url.path)


def _not_here(request: Request) -> str:
    """Return why a browser is not shown the seat that it asks for; "" if it is."""
    member = request.path_params["member"]
    token = token_of(request.cookies, member)
    try:
        held = the_hall().who(token) if token else None
    except RoomError as error:
        return str(error)
    return "" if held is not None and held[1] == member else GONE


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; one that is too long has none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return {}
    fields = parse_qs(body.decode(errors="replace"), max_num_fields=10)
    return {key: values[0] for key, values in fields.items()}


def source_of(request: Request) -> str:
    """Return the address that a request came from."""
    return request.client.host if request.client else ""


def fault(text: str) -> str:
    """Return what is wrong, as markup."""
    return f'<p class="error" role="alert">{escape(text)}</p>'


def code_form(code: str = "") -> str:
    """Return the form for a code."""
    return f"""<form class="panel" action="/join" method="get">
<label for="code">Code of the room</label>
<input id="code" name="code" value="{escape(code[:40])}" required maxlength="20" autocomplete="off"
 autocapitalize="characters" spellcheck="false" autofocus>
<button class="btn primary">Go on</button></form>"""


def _seats(room: Room, code: str, name: str = "", chosen: str = "") -> str:
    """Return the form for a name and a seat; the white cell is let in by a code of its own."""
    staff = the_hall().opens_white_cell(code)
    rows = [_seat(room, p.id, chosen) for p in room.seats if staff == (p.role == WHITE_CELL)]
    legend = "Your seat" if staff else "Choose a seat"
    return f"""<form class="panel" action="/join" method="post">
<input type="hidden" name="code" value="{escape(code[:40])}">
<label for="name">A name for the room, not your full name</label>
<input id="name" name="name" value="{escape(name[:NAMES])}" required maxlength="{NAMES}"
 autocomplete="off" autofocus>
<fieldset><legend>{legend}</legend><ul class="choices">{"".join(rows)}</ul></fieldset>
<p class="note">Type nothing sensitive or personal: everything is kept in the session's log.
<a href="/data">What data goes where</a></p>
<button class="btn primary">Join</button></form>"""


def _seat(room: Room, seat: str, chosen: str) -> str:
    """Return a seat to choose: what it is, and who sits there."""
    role = room.role(seat)
    name = country_name(room.place(seat).country, room.game.scenario)
    here = [escape(m.name) for m in room.people(seat)]
    said = ", ".join(here) if here else _empty(role.name)
    country = f" · {escape(name)}" if name and role.plays else ""
    checked = " checked" if seat == chosen or role.name == WHITE_CELL else ""
    return f"""<li><label><input type="radio" name="seat" value="{escape(seat)}" required{checked}>
<span><strong>{escape(role.title)}{country}</strong><br>{escape(role.about)}<br>
<span class="note">{said}</span></span></label></li>"""


def _empty(role: str) -> str:
    if role in WATCHERS or role == WHITE_CELL:
        return "nobody yet"
    return "nobody yet: its rules play for it"


def _held(request: Request) -> str:
    """Return the seats that this browser holds, to go back to."""
    rows = []
    for member, token in members_of(request.cookies).items():
        try:
            held = the_hall().who(token)
            room = the_hall().room(held[0]) if held and held[1] == member else None
        except RoomError:
            continue
        if room is not None:
            who = room.members[member]
            title = f"{roles()[room.place(who.seat).role].title} as {who.name}, in {room.title}"
            rows.append(f'<li><a class="btn" href="/seat/{quote(member)}">{escape(title)}</a></li>')
    if not rows:
        return ""
    body = f'<h2>Go back to</h2><ul class="plain">{"".join(rows)}</ul>'
    return f'<section class="panel">{body}</section>'


def data(request: Request) -> Response:
    """Say what data goes where."""
    body = Path(__file__).with_name("data.html").read_text(encoding="utf-8")
    return page("What data goes where", body)


routes = [
    Route("/", endpoint=first),
    Route("/join", endpoint=door, methods=["GET"]),
    Route("/join", endpoint=join, methods=["POST"]),
    Route("/seat/{member}", endpoint=seat),
    Route("/seat/{member}/{page}", endpoint=seat),
    Route("/data", endpoint=data),
    Route("/api/now", endpoint=now),
]
