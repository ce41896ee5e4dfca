"""The chain of missing inputs, from a line that is short to the line that holds it up."""

from __future__ import annotations

import numpy as np

from mobilize.network import NONE
from mobilize.state import INPUT
from mobilize.world import World


def chain(world: World, line: int) -> list[int]:
    """Return the lines from `line` to the root: each is short of what the next makes."""
    found = [line]
    while world.s.bound[line] == INPUT:
        line = shortest_supplier(world, int(world.s.bound_slot[line]))
        if line == NONE or line in found:
            break
        found.append(line)
    return found


def shortest_supplier(world: World, slot: int) -> int:
    """Return the open supplier of a slot that owes it most, or NONE."""
    net, s = world.net, world.s
    routes = np.arange(net.k_routes[slot], net.k_routes[slot + 1])
    routes = routes[s.open[routes]]
    if not len(routes):
        return NONE
    return int(net.r_supplier[routes[np.argmax(s.owed[routes])]])
