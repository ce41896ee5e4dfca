"""The chain of missing inputs, from a line that is short to the line that holds it up."""

from __future__ import annotations

import numpy as np

from mobilize.network import NONE, Network
from mobilize.physics.kernel import kernel
from mobilize.physics.licences import licence_free
from mobilize.state import EPS, INPUT, Flags, Ints, State


@kernel
def chain(net: Network, s: State, line: int) -> Ints:
    """Return the lines from `line` to the root: each is short of what the next makes."""
    found, count = np.empty(len(s.bound), np.int32), 1
    found[0] = line
    while s.bound[line] == INPUT and not held_up(net, s, line):
        line = shortest_supplier(net, s, s.bound_slot[line])
        if line == NONE or (found[:count] == line).any():
            break
        found[count] = line
        count += 1
    return found[:count]


@kernel
def held_up(net: Network, s: State, line: int) -> bool:
    """Return whether what a line lacks waits for a licence or on a closed route."""
    if s.bound[line] != INPUT:
        return False
    k = s.bound_slot[line]
    owed, shut, unlicensed = 0.0, 0.0, 0.0
    for place in range(net.k_routes[k], net.k_routes[k + 1]):
        r = net.k_order[place]
        if s.open[r]:
            owed += s.owed[r]
            shut += s.owed[r] * (1.0 if s.blocked[r] > EPS else s.squeeze[r])
            unlicensed += waiting(net, s, r)
    return shut > owed / 2 or unlicensed > 0.5


@kernel
def waiting(net: Network, s: State, r: int) -> float:
    """Return the share of its buyer's need that a route may not order: a licence is awaited."""
    k = net.r_slot[r]
    need = s.share[r] * s.plan[net.k_line[k]] * net.k_quantity[k]
    if s.applied[r] <= EPS or need <= EPS:
        return 0.0
    return max(0.0, (1.0 - licence_free(net, s, r)) * need - s.licensed[r]) / need


@kernel
def shortest_supplier(net: Network, s: State, k: int) -> int:
    """Return the open supplier of a slot that owes it most, or NONE."""
    most, line = -1.0, NONE
    for place in range(net.k_routes[k], net.k_routes[k + 1]):
        r = net.k_order[place]
        if s.open[r] and s.owed[r] > most:
            most, line = s.owed[r], net.r_supplier[r]
    return line


@kernel
def seen_chain(net: Network, s: State, i: int, visible: Flags) -> Flags:
    """Return which visible lines are on the chains that hold a program up, shape (lines,)."""
    found = np.zeros(len(visible), np.bool_)
    for place in range(net.p_routes[i], net.p_routes[i + 1]):
        for line in chain(net, s, net.r_supplier[net.p_sales[place]]):
            found[line] = visible[line]
    return found


@kernel
def denied(net: Network, s: State, i: int, visible: Flags) -> Ints:
    """Return the routes from abroad without priority on the chain that holds a program up.

    As far as the chain is seen; nobody asks a country opposed to the United States.
    """
    on, found = seen_chain(net, s, i, visible), np.zeros(len(s.open), np.bool_)
    for r in range(len(found)):
        k, seller = net.r_slot[r], net.r_supplier[r]
        needs = k >= 0 and on[net.k_line[k]] and net.c_home[net.r_buyer[r]]
        asked = (needs or net.r_program[r] == i) and s.open[r] and not s.honour[r]
        abroad = not net.l_ratings[seller] and visible[seller]
        found[r] = asked and abroad and net.c_alignment[net.l_country[seller]] > EPS
    return np.flatnonzero(found).astype(np.int32)


@kernel
def exports(net: Network, s: State, c: int, item: int, buyer: int) -> Ints:
    """Return the open routes in use out of a country on which goods leave.

    Of an item, to whoever buys it, or, with NONE for the item, to a buying country for anything
    but civil customers.
    """
    found = np.zeros(len(s.open), np.bool_)
    for r in range(len(found)):
        line = net.r_supplier[r]
        if net.l_country[line] != c or net.r_buyer[r] == c:
            continue
        military = net.r_slot[r] != NONE or net.r_program[r] != NONE
        chosen = net.l_item[line] == item or (military and net.r_buyer[r] == buyer)
        found[r] = chosen and s.open[r] and s.blocked[r] < EPS and s.share[r] > EPS
    return np.flatnonzero(found).astype(np.int32)
