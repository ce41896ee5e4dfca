"""The guard lets own pages in, nothing else, and says how pages must be handled."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mobilize.app.guard import HEADERS, LARGEST, Guard

HOST = "127.0.0.1:8765"
Sent = list[dict[str, Any]]


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body that arrives, or accept a websocket."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def ask(
    headers: dict[str, str],
    kind: str = "http",
    bodies: tuple[bytes, ...] = (b"",),
    **rest: object,
) -> Sent:
    scope = {
        **rest,
        "type": kind,
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }
    parts = [
        {"type": "http.request", "body": body, "more_body": n + 1 < len(bodies)}
        for n, body in enumerate(bodies)
    ]
    sent: Sent = []

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as apart:  # of a loop that a browser in this process may run
        apart.submit(asyncio.run, Guard(_echo, frozenset({HOST}))(scope, receive, send)).result()  # type: ignore[arg-type]
    return sent


def test_own_pages_are_let_in_with_security_headers() -> None:
    sent = ask({"host": HOST})
    assert sent[0]["status"] == 200
    told = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    assert told == HEADERS
    assert "http" not in told["content-security-policy"]  # no other host is named in it


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1:9999", "http://"])
def test_requests_from_other_sites_are_refused(origin: str) -> None:
    assert ask({"host": HOST, "origin": origin})[0]["status"] == 403
    closed = ask({"host": HOST, "origin": origin, "connection": "Upgrade"}, "websocket")
    assert closed[0]["type"] == "websocket.close"


def test_a_page_without_origin_cannot_open_a_websocket() -> None:
    closed = ask({"host": HOST, "origin": "null", "connection": "Upgrade"}, "websocket")
    assert closed[0]["type"] == "websocket.close"


@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("POST", 403)])
def test_a_page_without_origin_may_read_and_not_send(method: str, status: int) -> None:
    assert ask({"host": HOST, "origin": "null"}, method=method)[0]["status"] == status


def test_the_address_of_a_connection_is_answered_whichever_it_is() -> None:
    """A laptop changes its network; a foreign name that resolves to it stays a foreign name."""
    server = ("10.1.2.3", 8765)
    assert ask({"host": "10.1.2.3:8765"}, server=server)[0]["status"] == 200
    for host in ("10.1.2.4:8765", "10.1.2.3:80", "10.1.2.3", "evil.example:8765", "None:None"):
        assert ask({"host": host}, server=server)[0]["status"] == 421
    mixed = {"host": "10.1.2.3:8765", "origin": f"http://{HOST}"}
    assert ask(mixed, server=server)[0]["status"] == 403


def test_refusals_have_the_security_headers_too() -> None:
    for headers in ({"host": "evil.example"}, {"host": HOST, "origin": "http://evil.example"}):
        told = {k.decode(): v.decode() for k, v in ask(headers)[0]["headers"]}
        assert HEADERS.items() <= told.items()


def test_its_own_origin_may_open_a_websocket() -> None:
    headers = {"host": HOST, "origin": f"http://{HOST}", "connection": "Upgrade"}
    assert ask(headers, "websocket")[0]["type"] == "websocket.accept"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", ""])
def test_other_names_of_this_machine_are_not_answered(host: str) -> None:
    """A foreign name that resolves to this machine would make its page ours."""
    assert ask({"host": host})[0]["status"] == 421


@pytest.mark.parametrize("length", [str(LARGEST + 1), "-1", "many", "\u00b2", "9" * 5000])
def test_bodies_that_say_they_are_too_large_are_refused(length: str) -> None:
    assert ask({"host": HOST, "content-length": length})[0]["status"] == 413


def test_a_body_larger_than_it_said_is_cut_off() -> None:
    assert ask({"host": HOST}, bodies=(b"x" * LARGEST, b"x"))[0]["status"] == 413
    assert ask({"host": HOST}, bodies=(b"x", b"y"))[1]["body"] == b"xy"
