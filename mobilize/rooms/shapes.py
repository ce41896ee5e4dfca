"""Session shapes as data (``shapes.toml``): how a session is spent, and the room it opens."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TypedDict

from mobilize.rooms.roles import WATCHERS, Place, owners, places, roles
from mobilize.rooms.room import RoomError
from mobilize.scenario import Scenario

FILE = Path(__file__).with_name("shapes.toml")
OWNED = ("programs", "lines", "projects")  # by which an ally has a stake in a scenario
USUAL = "half-day"
ALLY = "large-ally"  # sits for a role that a scenario does not offer


class ShapeError(RoomError):
    """A shape that is not there, or does not fit a scenario; the text says why, all at once."""


class Parts(TypedDict):
    """Arguments of :func:`mobilize.rooms.room.found` that a shape gives."""

    seats: tuple[str, ...]
    months: int
    minutes: float
    auto: bool
    shape: str


@dataclass(frozen=True)
class Shape:
    """One shape; the fields are explained in the data file, times are in minutes."""

    name: str
    title: str
    objective: str
    turns: int
    months: int
    opening: int
    practice: int
    plan: int
    brief: int
    breaks: int
    debrief: int
    length: int
    clock: bool
    auto: bool
    seats: tuple[str, ...]
    people: str
    staff: int

    @property
    def alone(self) -> bool:
        """Return whether one person plays, and is the white cell too."""
        return self.staff == 0

    def of_turn(self, scenario: Scenario) -> int:
        """Return the months of a turn in a scenario: fewer where it is too short for all turns."""
        return max(1, min(self.months, scenario.horizon // self.turns))


def shape_of(name: str) -> Shape:
    """Return the shape of a room by the name it keeps; of a room without one, half a day's."""
    return shapes().get(name) or shapes()[USUAL]


@cache
def shapes() -> dict[str, Shape]:
    """Return every shape by name, the shortest first.

    Raises
    ------
    ShapeError
        With everything that is wrong in the data file.
    """
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["shape"]
    faults = [f"{FILE.name}: {row.get('name')}: {fault}" for row in rows for fault in _faults(row)]
    if faults:
        raise ShapeError("\n".join(faults))
    return {row["name"]: Shape(**{**row, "seats": tuple(row["seats"])}) for row in rows}


def _faults(row: dict[str, object]) -> list[str]:
    known = {f.name for f in fields(Shape)}
    wrong = [f"key '{key}' is unknown or missing" for key in sorted(known ^ row.keys())]
    if wrong:
        return wrong
    shape = Shape(**row)  # type: ignore[arg-type]
    turns = shape.turns * (shape.plan + shape.brief)
    spent = shape.opening + shape.practice + turns + shape.breaks + shape.debrief
    if spent != shape.length:
        wrong.append(f"its parts take {spent} minutes, its length is {shape.length}")
    if 3 * (shape.turns * shape.brief + shape.debrief) < shape.length:
        wrong.append("less than a third of it is spent on looking back")
    return wrong + [f"seat '{seat}' is no role" for seat in shape.seats if seat not in roles()]


def shape(name: str) -> Shape:
    """Return a shape by name.

    Raises
    ------
    ShapeError
        If there is none of this name.
    """
    if name not in shapes():
        raise ShapeError(f"shape '{name[:40]}'; allowed: {', '.join(shapes())}")
    return shapes()[name]


def fitted(shape: Shape, scenario: Scenario) -> Parts:
    """Return how a room of a shape is opened in a scenario.

    Raises
    ------
    ShapeError
        With everything for which the shape does not fit.
    """
    seats = seated(shape, scenario)
    faults = []
    if scenario.horizon < shape.turns:
        faults.append(f"{scenario.name} has {scenario.horizon} months, too few for {shape.turns} "
                      "turns; choose a shape with fewer turns")  # fmt: skip
    if not seats:
        faults.append(f"{scenario.name} offers none of the seats {', '.join(shape.seats)}")
    if faults:
        raise ShapeError("\n".join(f"shape '{shape.name}': {fault}" for fault in faults))
    watch = () if shape.alone else WATCHERS
    minutes = float(shape.plan) if shape.clock else 0.0
    return Parts(seats=(*seats, *watch), months=shape.of_turn(scenario), minutes=minutes,
                 auto=shape.auto, shape=shape.name)  # fmt: skip


def seated(shape: Shape, scenario: Scenario) -> tuple[str, ...]:
    """Return the teams of a shape in a scenario, in the order of the roles.

    Of a role with several countries those sit first whose programs fight the scenario's wars, then
    those with most programs, plants and projects. For a role that the scenario does not offer a
    further ally sits, as long as there is one.
    """
    offered = sorted(places(scenario), key=lambda place: _stake(place, scenario), reverse=True)
    free = [place for place in offered if roles()[place.role].plays]
    taken: list[Place] = []
    for role in shape.seats:
        found = next((p for p in free if p.role == role), None)
        if found is not None:
            free.remove(found)
            taken.append(found)
    for _ in range(len(shape.seats) - len(taken)):
        spare = next((p for p in free if p.role == ALLY), None)
        if spare is not None:
            free.remove(spare)
            taken.append(spare)
    return tuple(place.id for place in places(scenario) if place in taken)


def _stake(place: Place, scenario: Scenario) -> tuple[int, int]:
    """Return how often a country's programs are used in wars, and how much there is of its own."""
    mine = owners(scenario, "programs")
    fights = sum(place.country in mine.get(use.program, ()) for use in scenario.uses)
    own = sum(place.country in who for t in OWNED for who in owners(scenario, t).values())
    return fights, own
