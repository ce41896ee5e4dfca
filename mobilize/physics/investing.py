"""Who is short of equipment, who is ready to invest, and who is about to leave the market."""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.state import DONE, EPS, IDLE, Flags, Floats, Ints, State
from mobilize.terms import CEILING, DETECTION


@kernel
def beyond_equipment(net: Network, s: State) -> Floats:
    """Return what each line is asked for beyond its equipment, units/month, shape (lines,)."""
    beyond = np.empty(len(s.wanted))
    for line in range(len(beyond)):
        beyond[line] = max(0.0, s.wanted[line] - s.equip[line] * net.l_rate[line, 2])
    return beyond


@kernel
def has_room(net: Network, s: State, step: float) -> Flags:
    """Return which sites have room for `step` more of their design, shape (lines,)."""
    room = np.empty(len(s.equip), np.bool_)
    for line in range(len(room)):
        ceiling = net.l_site[line] * s.of_country[CEILING, net.l_country[line]]
        room[line] = s.equip[line] + s.coming[line] + step <= ceiling + EPS
    return room


@kernel
def known_shortage(
    net: Network, s: State, visible: Flags, patience: float, items: int
) -> Floats:  # fmt: skip
    """Return by item what lines known to governments cannot make, units/month.

    Of those asked for more than they can for so many months (`patience`, by detection).
    Equipment already on its way is counted off.
    """
    missing, coming = np.zeros(items), np.zeros(items)
    beyond, long = beyond_equipment(net, s), patience * s.of_base[DETECTION]
    for line in range(len(beyond)):
        if s.over[line] >= long and visible[line]:
            missing[net.l_item[line]] += beyond[line]
    for j in range(len(s.phase)):
        line = net.j_line[j]
        if IDLE < s.phase[j] < DONE:
            coming[net.l_item[line]] += (net.j_adds[j] - s.added[j]) * net.l_rate[line, 2]
    return missing - coming


@kernel
def ready_to_invest(net: Network, s: State, p: Parameters) -> Ints:
    """Return the lines long asked for more than they can make, with room to grow.

    Only those whose firm believes in the demand and builds nothing on them yet.
    """
    busy, ready = np.zeros(len(s.over), np.bool_), np.zeros(len(s.over), np.bool_)
    for j in range(len(s.phase)):
        busy[net.j_line[j]] |= IDLE < s.phase[j] < DONE
    room, wait = has_room(net, s, p.invest_step), p.invest_wait * s.of_base[DETECTION]
    for line in range(len(ready)):
        long = s.over[line] >= wait and s.alive[line]
        believes = s.credibility[line] > net.l_discipline[line]
        ready[line] = long and believes and room[line] and not busy[line]
    return np.flatnonzero(ready).astype(np.int32)


@kernel
def ready_to_leave(s: State, p: Parameters) -> Ints:
    """Return the lines without orders long below their minimum sustaining rate."""
    leaves = np.zeros(len(s.under), np.bool_)
    for line in range(len(leaves)):
        long = s.under[line] >= p.exit_wait and s.equip[line] > EPS and s.book[line] < EPS
        leaves[line] = long and s.alive[line] and s.credibility[line] < p.exit_confidence
    return np.flatnonzero(leaves).astype(np.int32)
