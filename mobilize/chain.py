"""The chain of missing inputs, from a line that is short to the line that holds it up."""

from __future__ import annotations

import numpy as np

from mobilize.network import NONE
from mobilize.physics.licences import licence_free
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
    routes = np.arange(net.k_routes[slot], net.k_routes[slot + 1])
    routes = routes[s.open[routes]]
    owed = s.owed[routes]
    shut = np.where(s.blocked[routes] > EPS, 1.0, s.squeeze[routes])
    closed = bool((owed * shut).sum() > owed.sum() / 2)
    return closed or float(unlicensed(world, routes).sum()) > 0.5


def unlicensed(world: World, routes: np.ndarray) -> np.ndarray:
    """Return the share of its buyer's need that each route may not yet order.

    Because a licence for it is applied for.
    """
    s, net = world.s, world.net
    slot = net.r_slot[routes]
    need = s.share[routes] * s.plan[net.k_line[slot]] * net.k_quantity[slot]
    free = np.array([licence_free(*world.arrays[:2], int(r)) for r in routes])
    short = np.maximum(0.0, (1.0 - free) * need - s.licensed[routes])
    waiting = short * (s.applied[routes] > EPS)
    return np.divide(waiting, need, out=np.zeros(len(routes)), where=need > EPS)


def shortest_supplier(world: World, slot: int) -> int:
    """Return the open supplier of a slot that owes it most, or NONE."""
    net, s = world.net, world.s
    routes = np.arange(net.k_routes[slot], net.k_routes[slot + 1])
    routes = routes[s.open[routes]]
    if not len(routes):
        return NONE
    return int(net.r_supplier[routes[np.argmax(s.owed[routes])]])
