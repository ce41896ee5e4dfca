"""What a kind of act is: who may do it in which phase, what it holds, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mobilize.rooms.fields import Fields
from mobilize.rooms.room import PHASES, Body, Member, Phase, Room

Do = Callable[[Room, Member, Body, float], Room]
ANYBODY, TEAMS, WHITE, ALONE = "anybody", "teams", "white cell", "system"
TEAMS_AND_WHITE, WHITE_OR_CLOCK = "teams and white cell", "white cell or clock"


class RefusedError(Exception):
    """An act cannot be accepted; the text says why, for whoever tried it."""


@dataclass(frozen=True)
class Kind:
    """One kind of act; `title` is how it is called in words."""

    title: str
    who: str
    fields: Fields
    do: Do
    phases: tuple[Phase, ...] = PHASES
