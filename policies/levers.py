"""What a policy may change today: contracting, ratings and funding.

A lever is data plus one effect on a world. The catalogue grows here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mobilize.network import CONTRACTS
from mobilize.state import IDLE
from mobilize.world import World
from policies.dpas import Rating

Value = str | float


@dataclass(frozen=True)
class Lever:
    """One lever.

    `target` names the table its target is an id of; `values` are allowed words, or empty for
    an amount in `unit`.
    """

    name: str
    title: str
    basis: str
    mover: str
    target: str
    values: tuple[str, ...]
    unit: str
    effect: Callable[[World, str, Value], None]


def _rate(world: World, target: str, value: Value) -> None:
    rating = {"DX": Rating.DX, "DO": Rating.DO, "none": Rating.UNRATED}[str(value)]
    world.s.rating[world.names.programs.index(target)] = int(rating)


def _contract(world: World, target: str, value: Value) -> None:
    world.s.contract[world.names.programs.index(target)] = CONTRACTS.index(str(value))


def _appropriate(world: World, target: str, value: Value) -> None:
    world.s.appropriated[world.names.programs.index(target)] += float(value) * 1000


def _industrial(world: World, target: str, value: Value) -> None:
    world.s.industrial[world.names.countries.index(target)] += float(value) * 1000


def _project(world: World, target: str, value: Value) -> None:
    j = world.names.projects.index(target)
    if world.s.phase[j] == IDLE:  # else under way or done already
        world.start_project(j)  # on money of its own, beside the industrial budget


LEVERS = {
    lever.name: lever
    for lever in (
        Lever(
            "rating",
            "DPAS rating of a program's orders",
            "50 USC 4511; 15 CFR 700",
            "United States",
            "programs",
            ("DX", "DO", "none"),
            "",
            _rate,
        ),
        Lever(
            "contract",
            "Kind of contract a program buys under",
            "10 USC 3501",
            "buying government",
            "programs",
            CONTRACTS,
            "",
            _contract,
        ),
        Lever(
            "appropriate",
            "Money for a program",
            "appropriation",
            "buying government",
            "programs",
            (),
            "MUSD",
            _appropriate,
        ),
        Lever(
            "industrial",
            "Money for projects, spent by the government's own rule",
            "50 USC 4533 (DPA Title III) or an ally's own law",
            "government",
            "countries",
            (),
            "MUSD",
            _industrial,
        ),
        Lever(
            "project",
            "Start one project now",
            "50 USC 4533 (DPA Title III) or an ally's own law",
            "payer of the project",
            "projects",
            ("start",),
            "",
            _project,
        ),
    )
}
