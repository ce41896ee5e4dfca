"""The white cell's pages: what to do now, events, rulings, the world, talk, the log, afterwards."""

from __future__ import annotations

from typing import Any

import solara

from mobilize.app.rooms.shared import Look, the_hall
from mobilize.app.rooms.white.after import AfterPage
from mobilize.app.rooms.white.control import ControlPage
from mobilize.app.rooms.white.done import DonePart
from mobilize.app.rooms.white.events import EventsPage
from mobilize.app.rooms.white.log import LogPage
from mobilize.app.rooms.white.rulings import RulingsPage
from mobilize.app.rooms.white.talk import TalkPage
from mobilize.app.rooms.white.world import WorldPage
from mobilize.app.seats.held import Act

WHITE_PAGES = {
    "control": "Control",
    "events": "Events",
    "rulings": "Rulings",
    "world": "World",
    "talk": "Talk",
    "log": "Log",
    "after": "After",
}
SHOWN = {
    "control": ControlPage,
    "events": EventsPage,
    "rulings": RulingsPage,
    "world": WorldPage,
    "talk": TalkPage,
    "log": LogPage,
    "after": AfterPage,
}


@solara.component
def WhitePage(key: str, look: Look, page: str, act: Act, go: Any) -> None:
    """Show a page, below what the white cell did last."""
    room = the_hall().room(key)
    DonePart(room, look.member).key("done")
    SHOWN[page](key, room, look, act, go).key(page)
