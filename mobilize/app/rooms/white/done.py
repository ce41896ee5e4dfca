"""What a member did last, as it stands in the log: it was accepted, and is on disk."""

from __future__ import annotations

import solara

from mobilize.rooms.acted import act_told
from mobilize.rooms.room import Member, Room


@solara.component_vue("done.vue")
def Done(text: str, number: int) -> None:
    """Say what was done."""


def last_done(room: Room, member: str) -> tuple[str, int]:
    """Return what a member did last in words, and its number in the log (0: nothing yet)."""
    for entry in reversed(room.log):
        if entry.who == member:
            if entry.kind == "next":
                return f"went on: turn {room.turn}, {room.phase}", entry.number
            return act_told(room, entry.kind, entry.body), entry.number
    return "", 0


@solara.component
def DonePart(room: Room, member: Member) -> None:
    """Show what a member did last."""
    text, number = solara.use_memo(lambda: last_done(room, member.id), [member.sequence])
    Done(text=text, number=number)
