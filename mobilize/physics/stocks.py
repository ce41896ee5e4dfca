"""Stocks: what conflicts use, what allies lend, what stands in, which parts primes hand over."""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.physics.kernel import kernel
from mobilize.programs import SUSTAINMENT
from mobilize.state import EPS, INPUT, Floats, State
from mobilize.terms import SUBSTITUTION, SWAP


@kernel
def use_stock(net: Network, s: State, uses: Floats) -> None:
    """Take each program's use from its stock, then from allies', then from what stands in for it.

    Allies come first: they lend by an agreement already made and one for one, while a substitute
    costs more units and is missed where it was meant for. What nobody had is `unmet`. Spares of
    fleets are drawn by repairs instead (see :mod:`mobilize.physics.sustainment`).
    """
    for i in range(len(s.stock)):
        s.asked[i] = uses[i]
        if net.p_kind[i] == SUSTAINMENT:
            continue
        taken = min(uses[i], s.stock[i])
        s.stock[i] -= taken
        s.unmet[i] = uses[i] - taken
        s.substituted[i] = 0.0
    if s.of_base[SUBSTITUTION] > EPS:
        for i in range(len(s.stock)):
            if s.unmet[i] > EPS and net.p_kind[i] != SUSTAINMENT:
                borrow(net, s, uses, i)
    for u in range(len(net.u_program)):
        if s.war[net.u_conflict[u]] >= 0:
            stand_in(net, s, u)


@kernel
def borrow(net: Network, s: State, uses: Floats, i: int) -> None:
    """Cover part of a shortfall with allies' stocks of the same item.

    They lend what stands above a year of their own use, as far as rounds are interchangeable.
    """
    wanted = s.unmet[i] * s.of_base[SUBSTITUTION]
    for other in range(len(s.stock)):
        if other == i or net.p_item[other] != net.p_item[i]:
            continue
        own = uses[other] if net.p_kind[other] != SUSTAINMENT else 0.0
        spare = s.stock[other] - 12 * max(own, net.p_use[other])
        part = min(wanted, max(0.0, spare))
        s.stock[other] -= part
        s.unmet[i] -= part
        wanted -= part


@kernel
def stand_in(net: Network, s: State, u: int) -> None:
    """Fire a substitute for what a program is short of, as far as its stock goes."""
    i, other = net.u_program[u], net.u_instead[u]
    covered = min(s.unmet[i], s.stock[other] / net.u_units[u])
    s.stock[other] = max(0.0, s.stock[other] - covered * net.u_units[u])
    s.unmet[i] -= covered
    s.substituted[i] += covered


@kernel
def swap_parts(net: Network, s: State) -> None:
    """Hand surplus parts of some lines to lines that stand still for want of them.

    Under a voluntary agreement (50 USC 4558); a surplus is what a line holds beyond two
    months of its plan. Only lines of the same country swap.
    """
    if s.of_base[SWAP] < EPS:
        return
    items = 0
    for k in range(len(net.k_item)):
        items = max(items, net.k_item[k] + 1)
    surplus, lack = np.zeros((items, len(s.pool))), np.zeros((items, len(s.pool)))
    for k in range(len(net.k_item)):
        item, c = net.k_item[k], net.l_country[net.k_line[k]]
        surplus[item, c] += beyond_need(net, s, k)
        lack[item, c] += missing(net, s, k)
    for k in range(len(net.k_item)):
        item, c = net.k_item[k], net.l_country[net.k_line[k]]
        if surplus[item, c] < EPS or lack[item, c] < EPS:
            continue
        moved = min(surplus[item, c] * s.of_base[SWAP], lack[item, c])
        given = beyond_need(net, s, k) * moved / surplus[item, c]
        taken = missing(net, s, k) * moved / lack[item, c]
        s.inputs[k] += taken - given


@kernel
def beyond_need(net: Network, s: State, k: int) -> float:
    """Return the parts a line holds beyond two months of its plan, units."""
    return max(0.0, s.inputs[k] - 2.0 * s.plan[net.k_line[k]] * net.k_quantity[k])


@kernel
def missing(net: Network, s: State, k: int) -> float:
    """Return the parts a line needs for this month's plan and lacks, units."""
    line = net.k_line[k]
    if s.bound[line] != INPUT or s.bound_slot[line] != k:
        return 0.0
    return max(0.0, s.plan[line] * net.k_quantity[k] - s.inputs[k])
