"""The chain of missing inputs, from a line that is short to the line that holds it up."""

from __future__ import annotations

import numpy as np

from mobilize.network import NONE
from mobilize.state import EPS, INPUT
from mobilize.world import World


def chain(world: World, line: int) -> list[int]:
    """Return the lines from `line` to the root: each is short of what the next makes."""
    found = [line]
    while world.s.bound[line] == INPUT and not held_up(world, line):
        line = shortest_supplier(world, int(world.s.bound_slot[line]))
        if line == NONE or line in found:
            break
        found.append(line)
    return found


def held_up(world: World, line: int) -> bool:
    """Return whether what a line lacks waits for a licence or on a closed route."""
    net, s = world.net, world.s
    if s.bound[line] != INPUT:
        return False
    slot = int(s.bound_slot[line])
    routes = slice(int(net.k_routes[slot]), int(net.k_routes[slot + 1]))
    owed = s.owed[routes] * s.open[routes]
    return bool((owed * (s.blocked[routes] > EPS)).sum() > owed.sum() / 2)


def shortest_supplier(world: World, slot: int) -> int:
    """Return the open supplier of a slot that owes it most, or NONE."""
    net, s = world.net, world.s
    routes = np.arange(net.k_routes[slot], net.k_routes[slot + 1])
    routes = routes[s.open[routes]]
    if not len(routes):
        return NONE
    return int(net.r_supplier[routes[np.argmax(s.owed[routes])]])
