"""What is let in, as plain ASGI: requests of own pages, of bounded size; and security headers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Container

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mobilize.app.frames import only_ours

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Templates are compiled in the browser, hence 'unsafe-eval'; nothing comes from anywhere else."""
HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
LARGEST = 6_000_000  # bytes of a request body
SLOWEST = 20.0  # seconds without a further part of a body
FOREIGN = (403, "requests from other sites are refused")


class _BodyError(Exception):
    """A body that is not read on: status and text of the answer."""


class Guard:
    """Refuse foreign origins and bodies too large; add the security headers.

    A page on another site could else open a websocket to this server in a visitor's name.

    Parameters
    ----------
    app : ASGI application
    hosts : container of str
        Host headers that are answered, such as "localhost:8765"; the address at which a
        connection arrived always is, so that a laptop may change its network.
    largest : int
        Bytes of a request body.
    """

    def __init__(self, app: ASGIApp, hosts: Container[str], largest: int = LARGEST) -> None:
        self.app, self.hosts, self.largest = app, hosts, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        fault = self.fault(scope)
        if fault:
            await refuse(scope, receive, send, *fault)
            return
        receive = only_ours(receive) if scope["type"] == "websocket" else self._bounded(receive)
        try:
            await self.app(scope, receive, _with_headers(send))
        except _BodyError as error:
            await refuse(scope, receive, send, *error.args)

    def fault(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and text for a request that is not let in."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not host or (host not in self.hosts and host != _arrived(scope)):
            return 421, "this server answers to its own address only"
        if origin not in (None, "null") and origin.split("://")[-1] != host:
            return FOREIGN
        reads = scope["type"] == "http" and scope.get("method", "GET") in ("GET", "HEAD")
        if origin == "null" and not reads:
            return FOREIGN
        length = headers.get("content-length", "0")
        if not re.fullmatch("[0-9]{1,12}", length) or int(length) > self.largest:
            return 413, f"larger than {self.largest:,} bytes"
        return None

    def _bounded(self, receive: Receive) -> Receive:
        """Return a receiver that refuses a body which is too long, or does not come."""
        read, whole = 0, False

        async def bounded() -> Message:
            nonlocal read, whole
            try:
                message = await asyncio.wait_for(receive(), None if whole else SLOWEST)
            except TimeoutError:
                return {"type": "http.disconnect"}
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                whole = not message.get("more_body", False)
                if read > self.largest:
                    raise _BodyError(413, f"larger than {self.largest:,} bytes")
            return message

        return bounded


def _arrived(scope: Scope) -> str:
    """Return the address and port of this machine at which a connection arrived."""
    host, port = scope.get("server") or ("", None)
    return f"{host}:{port}" if port is not None else ""


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    """Answer that a request or a websocket is not let in."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": text})
        return
    own = {"content-type": "text/plain; charset=utf-8", **HEADERS}
    kind = [(name.encode(), value.encode()) for name, value in own.items()]
    await send({"type": "http.response.start", "status": status, "headers": kind})
    await send({"type": "http.response.body", "body": text.encode()})


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return with_headers
