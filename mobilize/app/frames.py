"""What a page of ours sends over its websocket; whatever else arrives is dropped.

The protocol of widgets trusts its client: by it anybody could make the server import a module and
call it, set any property of a widget, or make widgets (`create_widget`, `update_ref` of ipyvue).
A page needs little: it runs, asks how it stands, calls handlers of events, tells where it is.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

from starlette.types import Message, Receive

CONTROL = ("solara.control", "jupyter.widget.control")
TOLD = {"dark_effective": bool, "location": str}  # properties that a page sets by itself
EVENT = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST = 20_000  # letters of an address
PACE, BURST = 20.0, 100.0  # messages a second that are taken, and at once
STRIKES = 20  # messages dropped before the connection is closed
Plain = dict[str, Any]


def allowed(frame: str | bytes) -> bool:
    """Return whether a page of ours could have sent this."""
    try:
        found = json.loads(frame)
        kind, content = found["header"]["msg_type"], found["content"]
        data = content.get("data", {})
        if found.get("buffers") or found["channel"] != "shell":
            return False
        if kind in ("kernel_info_request", "comm_close"):
            return True
        if kind == "comm_open":
            return content["target_name"] in CONTROL and not data
        return kind == "comm_msg" and _said(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def runs(frame: str | bytes) -> bool:
    """Return whether an allowed message runs the app, which a page does once."""
    found = json.loads(frame)
    data = found["content"].get("data") or {}
    return bool(found["header"]["msg_type"] == "comm_msg" and data.get("method") == "run")


def _said(data: Plain) -> bool:
    """Return whether a widget, or the page as a whole, may be told this."""
    method = data["method"]
    if method == "run":
        args = data["args"]
        return _short(args["path"]) and args.get("appName") is None
    if method == "update":
        state = data["state"]
        return all(
            isinstance(value, TOLD.get(name, ())) and _short(value) for name, value in state.items()
        )
    if method == "custom":
        content = data["content"]
        return content.keys() <= {"event", "data"} and bool(EVENT.fullmatch(content["event"]))
    return method in ("app-status", "request_states")


def _short(value: object) -> bool:
    return isinstance(value, bool) or (isinstance(value, str) and len(value) <= LONGEST)


def only_ours(receive: Receive) -> Receive:
    """Return a receiver of a websocket that drops what no page of ours sends, and sets the pace.

    Whoever sends faster is read more slowly; whoever goes on sending other things is cut off.
    """
    left, last, strikes, ran = BURST, 0.0, 0, False

    async def received() -> Message:
        nonlocal left, last, strikes, ran
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            now = asyncio.get_running_loop().time()
            left, last = min(BURST, left + PACE * (now - last)) - 1.0, now
            if left < 0.0:
                await asyncio.sleep(-left / PACE)
            frame = message.get("text") or message.get("bytes") or ""
            ours = allowed(frame) and not (ran and runs(frame))
            if ours:
                ran = ran or runs(frame)
                return message
            strikes += 1
            logging.getLogger(__name__).warning("dropped what no page sends: %.200r", frame)
            if strikes >= STRIKES:
                return {"type": "websocket.disconnect", "code": 1008}

    return received
