"""The door of a room or a class: plain pages that need no script, for any phone.

What differs, the form for a place and how a place is called, is given by
:mod:`mobilize.app.rooms.join` and :mod:`mobilize.app.classes.join`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Generic
from urllib.parse import parse_qs, quote

import solara.server.starlette as solara_server
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from mobilize.app.seats.gate import seats
from mobilize.app.seats.held import GONE
from mobilize.app.seats.once import TICKET, Once, ticket
from mobilize.app.seats.tokens import keep, members_of, token_of
from mobilize.rooms.host import Host, Joined, V
from mobilize.rooms.room import Refusal, RoomError

PAGE = Template(Path(__file__).with_name("join.html").read_text(encoding="utf-8"))
DATA = Template(Path(__file__).with_name("data.html").read_text(encoding="utf-8"))
LARGEST = 10_000  # bytes of a form
SEATS = 4  # that one browser holds in a room
TO_JOIN = '<a class="btn primary" href="/join">Join</a>'
Form = Mapping[str, str]


@dataclass(frozen=True)
class Door(Generic[V]):
    """How people come in.

    `host` returns what is served, `places` the form for a name and a place in it (with the code
    and what was filled in before), `take` lets somebody in by a form and an address, `called` says
    what a place is called to whoever holds it. `kept` and `seen` say what is kept of people, and
    who sees it.
    """

    host: Callable[[], Host[V]]
    places: Callable[[V, str, Form], str]
    take: Callable[[Form, str], Joined | Refusal]
    called: Callable[[V, Any], str]
    kept: str
    seen: tuple[str, ...]
    once: Once = field(default_factory=Once)

    @property
    def routes(self) -> list[BaseRoute]:
        """Return the pages of the door, those of seats, and what a seat's page asks for."""
        return [
            Route("/", endpoint=first),
            Route("/join", endpoint=self.enter, methods=["GET"]),
            Route("/join", endpoint=self.join, methods=["POST"]),
            Route("/seat/{member}", endpoint=self.seat),
            Route("/seat/{member}/{page}", endpoint=self.seat),
            Route("/data", endpoint=self.data),
            Route("/api/now", endpoint=self.now),
        ]

    @property
    def title(self) -> str:
        """Return what the first page is called."""
        return f"Join a {self.host().of}"

    def now(self, request: Request) -> Response:
        """Return the server's time in seconds, by which a browser runs the clock."""
        told = f"{self.host().clock():.3f}"
        return PlainTextResponse(told, headers={"cache-control": "no-store"})

    def data(self, request: Request) -> Response:
        """Say what data goes where."""
        seen = "\n".join(f"<li>{one}</li>" for one in self.seen)
        return page("What data goes where", DATA.substitute(kept=self.kept, seen=seen))

    def enter(self, request: Request) -> Response:
        """Ask for the code; with a code, for a name and a place."""
        code = request.query_params.get("code", "")
        if not code:
            return page(self.title, self._held(request) + self._code_form())
        found = self.host().behind(code, source_of(request))
        if isinstance(found, Refusal):
            return page(self.title, fault(found.why) + self._code_form(code), 403)
        return page(found.title, self._held(request) + self.places(found, code, {}))

    async def join(self, request: Request) -> Response:
        """Let somebody in, and let the browser keep the seat."""
        form = await form_of(request)
        return await run_in_threadpool(self._let_in, request, form)

    def _let_in(self, request: Request, form: Form) -> Response:
        host, code, source = self.host(), form.get("code", ""), source_of(request)
        found = host.behind(code, source)
        if isinstance(found, Refusal):
            return page(self.title, fault(found.why) + self._code_form(code), 403)
        if len([m for m in seats(host, request.cookies) if m in found.members]) >= SEATS:
            told = f"This browser has {SEATS} seats in this {host.of} already: go back to one."
            return page(found.title, fault(told) + self._held(request), 403)
        joined = self.once.take(form, lambda: self.take(form, source))
        if isinstance(joined, Refusal):
            return page(found.title, fault(joined.why) + self.places(found, code, form), 403)
        answer = RedirectResponse(f"/seat/{joined.member}", status_code=303)
        keep(answer, joined.member, joined.token)
        return answer

    async def seat(self, request: Request) -> Response:
        """Show a seat's page to the browser that holds the seat, and to no other."""
        told = await run_in_threadpool(self._not_here, request)
        if told:
            body = f'<section class="panel">{fault(told)}<p>{TO_JOIN}</p></section>'
            return page("No seat here", body, 403)
        return await solara_server.root(request, request.url.path)

    def _not_here(self, request: Request) -> str:
        """Return why a browser is not shown the seat that it asks for; "" if it is."""
        member = request.path_params["member"]
        token = token_of(request.cookies, member)
        try:
            held = self.host().who(token) if token else None
        except RoomError as error:
            return str(error)
        return "" if held is not None and held[1] == member else GONE

    def _code_form(self, code: str = "") -> str:
        return f"""<form class="panel" action="/join" method="get">
<label for="code">Code of the {self.host().of}</label>
<input id="code" name="code" value="{escape(code[:40])}" required maxlength="20" autocomplete="off"
 autocapitalize="characters" spellcheck="false" autofocus>
<button class="btn primary">Go on</button></form>"""

    def _held(self, request: Request) -> str:
        """Return the seats that this browser holds, to go back to."""
        rows = []
        for member, token in members_of(request.cookies).items():
            try:
                held = self.host().who(token)
                value = self.host().value(held[0]) if held and held[1] == member else None
            except RoomError:
                continue
            if value is not None:
                title = escape(self.called(value, value.members[member]))
                rows.append(f'<li><a class="btn" href="/seat/{quote(member)}">{title}</a></li>')
        if not rows:
            return ""
        body = f'<h2>Go back to</h2><ul class="plain">{"".join(rows)}</ul>'
        return f'<section class="panel">{body}</section>'


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """Return a plain page; the body is markup, whatever people wrote in it escaped."""
    return HTMLResponse(PAGE.substitute(title=escape(title), body=body), status_code=status)


def first(request: Request) -> Response:
    """Send whoever comes to the address alone to the door."""
    return RedirectResponse("/join", status_code=303)


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


def place_form(code: str, label: str, name: str, most: int, places: str, note: str) -> str:
    """Return the form for a name and a place; `places` is markup."""
    return f"""<form class="panel" action="/join" method="post">
<input type="hidden" name="code" value="{escape(code[:40])}">
<input type="hidden" name="{TICKET}" value="{ticket()}">
<label for="name">{label}</label>
<input id="name" name="name" value="{escape(name[:most])}" required maxlength="{most}"
 autocomplete="off" autofocus>
{places}
<p class="note">Type nothing sensitive or personal: {note}
<a href="/data">What data goes where</a></p>
<button class="btn primary">Join</button></form>"""
