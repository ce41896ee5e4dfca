"""What is let in, as plain ASGI: requests of own pages, of bounded size; and security headers."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)
"""Templates are compiled in the browser, hence 'unsafe-eval'; nothing comes from anywhere else."""
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
LARGEST = 6_000_000  # bytes of a request body


class Guard:
    """Refuse foreign origins and bodies too large; add the security headers.

    A page on another site could else open a websocket to this server in a visitor's name.

    Parameters
    ----------
    app : ASGI application
    hosts : frozenset of str
        Host headers that are answered, such as "127.0.0.1:8765".
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        fault = self.fault(headers)
        if fault:
            await _refuse(scope, receive, send, *fault)
            return
        await self.app(scope, _bounded(receive), _with_headers(send))

    def fault(self, headers: Headers) -> tuple[int, str] | None:
        """Return status and text for a request that is not let in."""
        if headers.get("host", "") not in self.hosts:
            return 421, "this server answers to its own address only"
        origin = headers.get("origin")
        if origin not in (None, "null") and origin.split("://")[-1] not in self.hosts:
            return 403, "requests from other sites are refused"
        if origin == "null" and "upgrade" in headers.get("connection", "").lower():
            return 403, "requests from other sites are refused"
        length = headers.get("content-length", "0")
        if not re.fullmatch("[0-9]{1,12}", length) or int(length) > LARGEST:
            return 413, f"larger than {LARGEST:,} bytes"
        return None


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": text})
        return
    kind = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": kind})
    await send({"type": "http.response.body", "body": text.encode()})


def _bounded(receive: Receive) -> Receive:
    """Return a receiver that ends a body longer than it said it would be."""
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > LARGEST:
                return {"type": "http.disconnect"}
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return with_headers
