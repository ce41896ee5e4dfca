"""Who may open a page's connection: holders of a seat, and none of them too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from mobilize.app.guard import refuse
from mobilize.app.seats.tokens import members_of
from mobilize.rooms.host import Host
from mobilize.rooms.room import RoomError

EACH, ALL = 16, 400  # websockets of one person, and of the whole server


class Gate:
    """Lets websockets in, each for a browser that holds a seat of a room here.

    Everybody behind one telephone's network has one address, so that nothing is counted by it.

    Parameters
    ----------
    app : ASGI application
    host : Host
        Whose tokens count.
    """

    def __init__(self, app: ASGIApp, host: Host[Any]) -> None:
        self.app, self.host = app, host
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        held = await run_in_threadpool(seats, self.host, HTTPConnection(scope).cookies)
        if not held:
            await refuse(scope, receive, send, 403, "join a room first")
            return
        if max(self._open[m] for m in held) >= EACH or self._open.total() >= ALL:
            await refuse(scope, receive, send, 429, "too many pages are open")
            return
        who = max(held, key=lambda m: self._open[m])
        self._open[who] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._open[who] -= 1
            self._open += Counter()  # forgets those who left


def seats(host: Host[Any], cookies: Mapping[str, str]) -> list[str]:
    """Return the members that a browser is in a room here."""
    found = []
    for member, token in members_of(cookies).items():
        try:
            held = host.who(token)
        except RoomError:
            continue
        if held is not None and held[1] == member:
            found.append(member)
    return found
