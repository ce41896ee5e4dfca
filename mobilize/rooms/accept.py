"""The one door into a room: an act is accepted and gives the next room, or is refused in words.

Pure: time is given from outside and nothing is kept, so that the log of a room played through it
again gives the same room. A model is looked at only to tell whether a plant is known by now.
"""

from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

from mobilize.rooms import control, players, talk, turns
from mobilize.rooms.door import in_order, text_of
from mobilize.rooms.fields import faults
from mobilize.rooms.kinds import (
    ALONE,
    ANYBODY,
    TEAMS,
    TEAMS_AND_WHITE,
    WHITE_OR_CLOCK,
    Kind,
    RefusedError,
)
from mobilize.rooms.roles import WATCHERS, WHITE_CELL
from mobilize.rooms.room import SYSTEM, Act, Entry, Member, Refusal, Room

MOST = 50_000  # acts in a room
KINDS: dict[str, Kind] = {**players.KINDS, **talk.KINDS, **turns.KINDS, **control.KINDS}


def accept(room: Room, who: str, act: Act, at: float) -> Room | Refusal:
    """Return the room after an act, with the act in its log, or why it is refused.

    Parameters
    ----------
    who : str
        Id of a member, or "system".
    act : Act
        Its sequence must be one more than that of the member's last act. The same act sent
        again is refused as `known`.
    at : float
        Seconds on the server's clock; time never goes back in a room.
    """
    at = max(at, room.log[-1].at if room.log else at)
    member = Member(SYSTEM, SYSTEM, "", sequence=len(room.log)) if who == SYSTEM else None
    member = member or room.members.get(who)
    if member is None:
        return Refusal("You are not in this room any more: join it again.")
    try:
        text = text_of(act)
        in_order(member.sequence, member.last, act, text)
        kind = _known(act)
        _may(room, member, kind)
        wrong = faults(act.body, kind.fields)
        if wrong:
            raise RefusedError("; ".join(wrong[:5]))
        if len(room.log) >= MOST:
            raise RefusedError(f"A room holds {MOST:,} acts at most: end this one, open another.")
        after = kind.do(room, member, act.body, at)
    except RefusedError as error:
        return Refusal(*error.args)
    return _logged(after, room, member, act, at, text)


def _known(act: Act) -> Kind:
    if act.kind not in KINDS:
        raise RefusedError(f"There is no act '{act.kind[:40]}'.")
    return KINDS[act.kind]


def _may(room: Room, member: Member, kind: Kind) -> None:
    """Refuse what is not this seat's, or not of this phase."""
    if member.id == SYSTEM and kind.who not in (ALONE, WHITE_OR_CLOCK):
        raise RefusedError("That is for people to do.")
    if member.id != SYSTEM:
        role = room.role(member.seat)
        white, watches = role.name == WHITE_CELL, role.name in WATCHERS
        allowed = {
            ANYBODY: not watches,
            TEAMS: role.plays,
            TEAMS_AND_WHITE: role.plays or white,
            ALONE: False,
        }.get(kind.who, white)
        if not allowed:
            raise RefusedError(f"{role.title} cannot {kind.title}.")
    if room.phase not in kind.phases:
        told = " or ".join(kind.phases)
        raise RefusedError(f"You can {kind.title} in the phase {told}; this is {room.phase}.")


def _logged(after: Room, room: Room, member: Member, act: Act, at: float, text: str) -> Room:
    """Return the room with the act in its log, as it was when it was done."""
    body = MappingProxyType(json.loads(text))
    entry = Entry(len(room.log) + 1, at, member.id, member.seat, room.turn, room.phase,
                  act.kind, body, act.sequence)  # fmt: skip
    if member.id in after.members:
        mine = replace(after.members[member.id], sequence=act.sequence, last=(act.kind, text))
        after = after.with_member(mine)
    return replace(after, log=(*after.log, entry))
