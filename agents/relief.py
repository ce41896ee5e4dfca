"""Projects that would relieve a short item: start one, or hasten one that has begun."""

from __future__ import annotations

import numpy as np

from agents.rules import Rule
from agents.settings import set_lever, tokens_left
from agents.sights import Told, chain_seen
from mobilize.programs import awaited
from mobilize.state import EPS, EQUIP, IDLE, Flags
from mobilize.world import World

START, HASTEN = "project-start", "dx-on-plant-equipment"


def start_project(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Start the undecided project of this country that relieves most for its cost."""
    net, s = world.net, world.s
    idle = relieving(world, i, country, s.phase == IDLE)
    worth = net.j_adds * net.l_rate[net.j_line, 2] * net.l_cost[net.j_line]
    cost = np.maximum(net.j_cost, 1.0)
    who = world.names.countries[country]
    for j in sorted(idle, key=lambda j: -worth[j] / cost[j]):
        if set_lever(world, rule, START, j, "on", who, why):
            return True
    return False


def hasten_project(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Spend a DX token on the machines of the project under way that brings most."""
    net, s = world.net, world.s
    who = world.names.countries[country]
    if tokens_left(world) < 1:
        return False
    waiting = relieving(world, i, country, (s.phase > IDLE) & (s.phase <= EQUIP))
    for j in sorted(waiting, key=lambda j: -net.j_adds[j] * net.l_rate[net.j_line[j], 2]):
        if set_lever(world, rule, HASTEN, j, "on", who, why):
            return True
    return False


def relieving(world: World, i: int, country: int, eligible: Flags) -> list[int]:
    """Return the eligible projects a country pays for that add to what holds a program up.

    Seen is the chain of missing inputs as far as its firms are known. A project counts where it
    adds to an item on that chain whose makers are asked for more than they can make.
    """
    net, count = world.net, len(world.names.projects)
    own = np.flatnonzero((net.j_payer[:count] == country) & eligible[:count])
    if not len(own):
        return []
    beyond = world.beyond_equipment()
    short = {int(net.l_item[at]) for at in chain_seen(world, i) if beyond[at] > EPS}
    waits = awaited(world.scenario)
    return [j for j in own.tolist() if int(net.l_item[net.j_line[j]]) in short and not waits[j]]
