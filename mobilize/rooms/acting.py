"""What a team may do beside levers in a room as it is: targets and bounds (``acts.toml``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from agents.adversary import STEP
from agents.tables import ladder
from mobilize.game.game import play
from mobilize.game.interventions import SIZES
from mobilize.game.seen import unmapped
from mobilize.interventions import HONOUR
from mobilize.model import Model
from mobilize.network import HOME
from mobilize.rooms.acts import acts
from mobilize.rooms.players import HOLD, LONGEST_HOLD
from mobilize.rooms.roles import owners
from mobilize.rooms.room import Room

Plain = dict[str, Any]
TOLD = ("name", "aim", "unit", "usual", "title", "does", "cost", "bites")


def doable(room: Room, seat: str, model: Model | None = None) -> list[Plain]:
    """Return the acts of a seat that have a target here: ids, and bounds of the size.

    Parameters
    ----------
    model : Model, optional
        That of the game as the seat may know it, for plants that are known; by default played.
    """
    model = play(room.shown) if model is None else model
    rows = []
    for name in room.role(seat).acts:
        act = acts()[name]
        targets = AIMS[act.aim](room, seat, model)
        if targets:
            low, high = bounds(name, min(room.months, room.shown.left))
            told = {field: getattr(act, field) for field in TOLD}
            rows.append({**told, "targets": targets, "low": low, "high": high})
    return rows


def bounds(name: str, months: int) -> tuple[float, float]:
    """Return the least and the largest size of an act in a turn of some months; equal for none."""
    own = {HOLD: (1.0, float(LONGEST_HOLD)), STEP: (0.0, months - 1.0), HONOUR: (0.0, 1.0)}
    return own.get(name) or SIZES.get(name, (0.0, 0.0))


def _own(room: Room, seat: str, model: Model) -> list[str]:
    country = room.place(seat).country
    return [p for p, whose in owners(room.game.scenario, "programs").items() if country in whose]


def _borrowers(room: Room, seat: str, model: Model) -> list[str]:
    """Return the programs of others that use what a country has programs of."""
    country, table = room.place(seat).country, room.game.scenario.tables["programs"]
    mine = table["country"] == country
    same = np.isin(table["item"], table["item"][mine])
    return [str(p) for p in table["id"][same & ~mine]]


def _countries(room: Room, seat: str, model: Model) -> list[str]:
    """Return a program of each other country, which stands for it."""
    table = room.game.scenario.tables["programs"]
    first: dict[str, str] = {}
    for program, country in zip(table["id"], table["country"], strict=True):
        first.setdefault(str(country), str(program))
    first.pop(room.place(seat).country, None)
    return list(first.values())


def _lines(room: Room, seat: str, model: Model) -> list[str]:
    """Return the plants at home that are known and open."""
    world = model.world
    home = world.net.l_country == world.names.countries.index(HOME)
    may = np.flatnonzero(home & world.visible & world.s.alive).tolist()
    return [world.names.lines[line] for line in may]


def _firms(room: Room, seat: str, model: Model) -> list[str]:
    world, hidden = model.world, unmapped(model.world)
    places = {name: n for n, name in enumerate(world.names.lines)}
    mine = [world.names.firms[world.net.l_firm[places[x]]] for x in _lines(room, seat, model)]
    return [firm for firm in dict.fromkeys(mine) if firm not in hidden]


def _steps(room: Room, seat: str, model: Model) -> list[str]:
    return [rung.name for rung in ladder(model.world.figures)]


def _self(room: Room, seat: str, model: Model) -> list[str]:
    return [room.place(seat).country]


AIMS: dict[str, Callable[[Room, str, Model], list[str]]] = {
    "own": _own,
    "borrowers": _borrowers,
    "countries": _countries,
    "lines": _lines,
    "firms": _firms,
    "steps": _steps,
    "self": _self,
}
