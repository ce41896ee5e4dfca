"""Groups of countries that a lever on the whole base may work on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mobilize.state import Flags
from mobilize.terms import ELIGIBLE, RDP, SOSA
from mobilize.world import World

GROUPS: dict[str, Callable[[World], Flags]] = {
    "all": lambda world: np.ones(len(world.net.c_home), np.bool_),
    "home": lambda world: world.net.c_home,
    "partners": lambda world: ~world.net.c_home,
    "sosa": lambda world: world.s.of_country[SOSA] > 0.5,
    "rdp": lambda world: world.s.of_country[RDP] > 0.5,
    "domestic sources": lambda world: world.s.of_country[ELIGIBLE] > 0.5,
    "nato": lambda world: world.net.c_nato > 0.5,
    "pipir": lambda world: world.net.c_pipir > 0.5,
    "ntib": lambda world: world.net.c_ntib > 0.5,
    "aukus": lambda world: world.scenario.tables["countries"]["itar_exemption"] == "aukus",
    "without arrangement": lambda world: (world.s.of_country[SOSA] < 0.5) & ~world.net.c_home,
    "investors": lambda world: invests(world) & ~world.net.c_home,
    "others": lambda world: ~invests(world) & ~world.net.c_home,
}


def invests(world: World) -> Flags:
    """Return which countries pay for projects of the scenario."""
    payers = world.net.j_payer[: len(world.names.projects)]
    return np.bincount(payers[payers >= 0], minlength=len(world.net.c_home)) > 0
