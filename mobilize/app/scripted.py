"""A browser without a screen: it joins a room or class, speaks Solara's protocol, keeps it all.

For measuring, and for tests of what a client may send that no page of ours would.
"""

from __future__ import annotations

import json
import struct
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack, suppress
from http.cookiejar import CookieJar
from types import TracebackType
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

PATIENCE = 120.0  # seconds; only a hang takes so long
WIDGET = "jupyter.widget"
Plain = dict[str, Any]


class Visitor:
    """A browser's cookies, and what it asks for over HTTP."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = CookieJar()
        own = urllib.request.ProxyHandler({})  # this machine's proxy is not for this machine
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self._opener = urllib.request.build_opener(own, cookies)

    @property
    def cookies(self) -> str:
        """Return the cookies as a header."""
        return "; ".join(f"{c.name}={c.value}" for c in self.jar)

    def get(self, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Return the address and the text of a page, after redirects; a form is posted.

        Raises
        ------
        urllib.error.HTTPError
            If it is refused.
        """
        data = None if form is None else urlencode(form).encode()
        with self._opener.open(self.address + path, data, PATIENCE) as answer:
            return answer.url, answer.read().decode()

    def join(self, code: str, name: str, seat: str) -> str:
        """Join a room; return the path of the seat's page."""
        where, _ = self.get("/join", {"code": code, "name": name, "seat": seat})
        return urlsplit(where).path

    def attend(self, code: str, name: str, place: str) -> str:
        """Join a class as "TEAM|PART"; return the path of the desk's page."""
        where, _ = self.get("/join", {"code": code, "name": name, "place": place})
        return urlsplit(where).path


class Tab:
    """A page of a visitor: its websocket, and every widget as it is now.

    Parameters
    ----------
    heard : callable, optional
        Told every message that is received, as text.
    cookies : str, optional
        Instead of the visitor's own.
    """

    def __init__(
        self,
        visitor: Visitor,
        path: str,
        heard: Callable[[str], object] = lambda _: None,
        cookies: str | None = None,
    ) -> None:
        self.visitor, self.path, self.heard = visitor, path, heard
        self.widgets: dict[str, Plain] = {}
        self.received = self.messages = 0
        self.closed: str | None = None  # why the socket was closed
        self._changed = threading.Condition()
        self._session, self._kernel = uuid4().hex, str(uuid4())
        url = (
            f"{visitor.address.replace('http', 'ws', 1)}/jupyter/api/kernels/{self._kernel}"
            f"/channels?session_id={self._session}"
        )
        headers = {"Cookie": visitor.cookies if cookies is None else cookies}
        opening = connect(url, additional_headers=headers, origin=Origin(visitor.address),
                          max_size=None, proxy=None, open_timeout=PATIENCE)  # fmt: skip
        self.socket = ExitStack().enter_context(opening)
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Tab:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def run(self) -> Tab:
        """Run the app, and wait until the seat is shown."""
        self.start()
        self.wait(lambda tab: tab.bar)
        return self

    def start(self) -> None:
        """Ask for the page."""
        control = uuid4().hex
        self.send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        args: Plain = {"path": self.path, "appName": None, "dark": False, "themes": {}}
        self.send("comm_msg", {"comm_id": control, "data": {"method": "run", "args": args}})

    def send(self, kind: str, content: Plain) -> None:
        """Send a message of the protocol."""
        header = {"msg_id": uuid4().hex, "msg_type": kind, "username": "", "session": self._session,
                  "date": "2026-01-01T00:00:00Z", "version": "5.2"}  # fmt: skip
        whole = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.send_raw(json.dumps({**whole, "channel": "shell", "buffers": []}))

    def send_raw(self, text: str | bytes) -> None:
        """Send whatever this is."""
        self.socket.send(text)

    def event(self, widget: str, name: str, data: Any) -> None:
        """Call a handler of a widget, as a click does."""
        content = {"event": name, "data": data}
        self.custom(widget, content)

    def custom(self, widget: str, content: Plain) -> None:
        """Send a widget a message of its own."""
        self.send("comm_msg", {"comm_id": widget, "data": {"method": "custom", "content": content}})

    def act(self, kind: str, body: Plain, sequence: int | None = None) -> None:
        """Send an act of the room as the bar does; by default the next of this member."""
        name = self.widget("sequence")
        n = self.widgets[name]["sequence"] + 1 if sequence is None else sequence
        self.event(name, "act", {"kind": kind, "body": body, "n": n})

    def widget(self, *traits: str) -> str:
        """Return the id of the widget that has these properties."""
        return next(name for name, state in [*self.widgets.items()] if {*traits} <= state.keys())

    @property
    def bar(self) -> Plain:
        """Return the properties of the bar above the page; none until it is shown."""
        for state in [*self.widgets.values()]:
            if {"sequence", "fault"} <= state.keys():
                return state
        return {}

    def wait(self, done: Callable[[Tab], Any], patience: float = PATIENCE) -> None:
        """Wait until something is so; raises TimeoutError when it does not come to be."""
        end = time.monotonic() + patience
        with self._changed:
            while not done(self):
                if self.closed is not None:
                    raise TimeoutError(f"the connection was closed: {self.closed}")
                if not self._changed.wait(end - time.monotonic()):
                    raise TimeoutError("it did not come")

    def close(self) -> None:
        """Close the page as a browser does, so that the server forgets it."""
        self.socket.close()
        path = f"/_solara/api/close/{self._kernel}?session_id={self._session}"
        with suppress(OSError):
            self.visitor.get(path, {})

    def _listen(self) -> None:
        try:
            for frame in self.socket:
                self._take(frame)
        except ConnectionClosed:
            pass
        with self._changed:
            self.closed = f"{self.socket.close_code} {self.socket.close_reason}"
            self._changed.notify_all()

    def _take(self, frame: str | bytes) -> None:
        text = text_of(frame)
        message = json.loads(text)
        content, kind = message["content"], message["header"]["msg_type"]
        with self._changed:
            self.received += len(frame)
            self.messages += 1
            data = content.get("data", {})
            if kind == "comm_open" and content["target_name"] == WIDGET:
                self.widgets[content["comm_id"]] = dict(data.get("state", {}))
            elif kind == "comm_msg" and data.get("method") in ("update", "echo_update"):
                self.widgets.setdefault(content["comm_id"], {}).update(data["state"])
            elif kind == "comm_close":
                self.widgets.pop(content["comm_id"], None)
            self._changed.notify_all()
        self.heard(text)


def text_of(frame: str | bytes) -> str:
    """Return the JSON of a frame; one with buffers begins with their number and offsets."""
    if isinstance(frame, str):
        return frame
    count = struct.unpack("!i", frame[:4])[0]
    offsets = struct.unpack(f"!{count}I", frame[4 : 4 * (count + 1)])
    return frame[offsets[0] : offsets[1] if count > 1 else None].decode()
