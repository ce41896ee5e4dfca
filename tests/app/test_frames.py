"""Of what arrives over a websocket only what a page of ours sends reaches the widgets."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mobilize.app.frames import STRIKES, allowed, only_ours

RUN = {"method": "run", "args": {"path": "/seat/1", "appName": None, "dark": False, "themes": {}}}


def frame(kind: str, channel: str = "shell", buffers: tuple[str, ...] = (), **content: Any) -> str:
    header = {"msg_id": "1", "msg_type": kind}
    return json.dumps(
        {"header": header, "content": content, "channel": channel, "buffers": buffers}
    )


def message(**data: Any) -> str:
    return frame("comm_msg", comm_id="1", data=data)


OURS = [
    frame("kernel_info_request"),
    frame("comm_open", comm_id="1", target_name="solara.control", data={}),
    frame("comm_open", comm_id="1", target_name="jupyter.widget.control", data={}),
    frame("comm_close", comm_id="1", data={}),
    message(**RUN),
    message(method="app-status"),
    message(method="request_states"),
    message(method="update", state={"dark_effective": True}, buffer_paths=[]),
    message(method="update", state={"location": "/seat/1/map"}, buffer_paths=[]),
    message(method="custom", content={"event": "act", "data": {"kind": "note", "body": {}}}),
]
MAKES = {"create_widget": ["logging", "basicConfig"], "props": {"filename": "x"}, "id": "y"}
THEIRS = [
    "",
    "{",
    "[]",
    "null",
    "1" * 5000,
    "[" * 100_000,
    frame("shutdown_request"),
    frame("execute_request", code="1"),
    frame("comm_open", comm_id="1", target_name="jupyter.widget", data={}),
    frame("comm_open", comm_id="1", target_name="jupyter.widget", data={"state": {}}),
    frame("comm_open", comm_id="1", target_name="solara.control", data={"method": "run"}),
    frame("kernel_info_request", channel="control"),
    frame("kernel_info_request", buffers=("x",)),
    message(method="evict"),
    message(method="reload", path="/"),
    message(method="run", args={"path": "/" * 30_000}),
    message(method="run", args={"path": "/", "appName": "other"}),
    message(method="custom", content=MAKES),
    message(method="custom", content={**MAKES, "event": "act", "data": {}}),
    message(method="custom", content={"update_ref": "/etc/passwd", "prop": "template", "id": "1"}),
    message(method="custom", content={"destroy_widget": "1"}),
    message(method="custom", content={"event": "__init__", "data": {}}),
    message(method="custom", content={"event": ["act"], "data": {}}),
    message(method="update", state={"template": "<b></b>"}),
    message(method="update", state={"events": ["x"]}),
    message(method="update", state={"location": "x" * 30_000}),
    message(method="update", state={"location": {"a": 1}}),
    message(method="update", state=["location"]),
    message(method=["update"]),
]


def taken(frames: list[str], patience: float = 20.0) -> list[dict[str, Any]]:
    """Return what passes of messages that arrive at once."""
    left = [{"type": "websocket.receive", "text": text} for text in frames]

    async def receive() -> dict[str, Any]:
        return left.pop(0) if left else {"type": "websocket.disconnect"}

    async def drain() -> list[dict[str, Any]]:
        found, mine = [], only_ours(receive)  # type: ignore[arg-type]
        while not found or found[-1]["type"] != "websocket.disconnect":
            found.append(dict(await asyncio.wait_for(mine(), patience)))
        return found

    with ThreadPoolExecutor(1) as apart:  # of a loop that a browser in this process may run
        return apart.submit(asyncio.run, drain()).result()


@pytest.mark.parametrize("text", OURS, ids=range(len(OURS)))
def test_what_a_page_sends_passes(text: str) -> None:
    assert allowed(text)
    assert taken([text])[0] == {"type": "websocket.receive", "text": text}


@pytest.mark.parametrize("text", THEIRS, ids=range(len(THEIRS)))
def test_what_no_page_sends_is_dropped(text: str) -> None:
    assert not allowed(text)
    assert [m["type"] for m in taken([text])] == ["websocket.disconnect"]


def test_a_page_runs_once() -> None:
    """Each run makes every widget again, and the server keeps them all."""
    found = taken([message(**RUN), message(**RUN), message(method="app-status")])
    assert [json.loads(m["text"])["content"]["data"]["method"] for m in found[:-1]] == [
        "run",
        "app-status",
    ]


def test_whoever_goes_on_with_other_things_is_cut_off() -> None:
    found = taken([THEIRS[-1]] * STRIKES + [OURS[0]])
    assert found == [{"type": "websocket.disconnect", "code": 1008}]


def test_a_flood_is_read_slowly() -> None:
    with pytest.raises(asyncio.TimeoutError):
        taken([OURS[-1]] * 1000, 0.04)  # each message after the first hundred waits longer
