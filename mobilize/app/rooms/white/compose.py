"""Writing an event, or a ruling on a move in words: text, who hears it, what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import solara

from mobilize.app.rooms.white.effects import effect_kinds, targets_of
from mobilize.app.seats.held import Act
from mobilize.rooms.room import Room
from mobilize.rooms.told import seat_name

Plain = dict[str, Any]
LATER = 24  # months that an effect may be put off here


@solara.component_vue("compose.vue")
def Compose(
    mode: str,
    move: Mapping[str, Any],
    seats: list[Plain],
    kinds: list[Plain],
    targets: Plain,
    sequence: int,
    event_act: Act,
    event_aim: Callable[[str], None],
) -> None:
    """Show the form of an event (`mode` inject) or of a ruling on a move (`mode` rule)."""


@solara.component
def ComposePart(room: Room, sequence: int, act: Act, move: Mapping[str, Any] | None = None) -> None:
    """Show the form; what can be struck is sent once a kind is chosen."""
    form, aim = solara.use_state("")
    scenario = room.game.scenario
    seats = solara.use_memo(
        lambda: [{"id": p.id, "title": seat_name(room, p.id)} for p in room.seats], [room.title]
    )
    Compose(
        mode="rule" if move else "inject",
        move=move or {},
        seats=seats,
        kinds=effect_kinds(scenario),
        targets={"form": form, "rows": targets_of(scenario, form)},
        sequence=sequence,
        event_act=act,
        event_aim=lambda name: aim(str(name)),
    )
