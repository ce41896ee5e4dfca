"""How long deliveries go on when lines stop: time to survive, with no search and no luck.

After Simchi-Levi and others (2014, Harvard Business Review 92(1-2); 2015, Interfaces 45(5)): a
node stops, and what it no longer makes is looked for with the other qualified sources of its
buyers; what they have no room for runs down goods, goods in transit and parts on hand, line by
line, until deliveries to a program fall. Suppliers come before their buyers, so every line that
is reached is looked at once, and two makers of a part that fail for want of the same material
cannot stand in for each other.
"""

from __future__ import annotations

import numpy as np

from mobilize.network import NONE, Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.physics.sweep import NEVER, Sweep, need_of, rivals, usable
from mobilize.state import EPS, Ints, State


@kernel
def enter(f: Sweep, x: int) -> None:
    """Enter a line into this stop, unharmed."""
    if f.mark[x] != f.turn[0]:
        f.mark[x] = f.turn[0]
        f.lost[x], f.when[x], f.slack[x] = 0.0, NEVER, NEVER
        f.left[x], f.claims[x] = f.room[x], 0.0


@kernel
def queue(net: Network, f: Sweep, x: int) -> None:
    """Put a line in the queue of its height: it is looked at when its suppliers are known."""
    enter(f, x)
    if f.queued[x] != f.turn[0]:
        f.queued[x] = f.turn[0]
        h = net.l_height[x]
        f.after[x], f.head[h] = f.head[h], x


@kernel
def stop(net: Network, f: Sweep, lines: Ints) -> None:
    """Stop lines now, together, and follow what is missing down to the programs' makers."""
    f.turn[0] += 1
    f.reached[0] = 0
    for x in lines:
        queue(net, f, x)
        f.lost[x], f.when[x], f.slack[x] = 1.0, 0.0, 0.0
    for x in lines:
        claim(net, f, x)


@kernel
def claim(net: Network, f: Sweep, x: int) -> None:
    """Let every buyer of a stopped line ask its other sources for what it loses."""
    for m in range(net.l_sales[x], net.l_sales[x + 1]):
        r = net.sales[m]
        units = f.weight[r] * need_of(net, f, r)
        if units < EPS:
            continue
        routes, first, last = rivals(net, r)
        for n in range(first, last if last - first > 1 else first):
            other = net.r_supplier[routes[n]]
            enter(f, other)
            f.claims[other] += units


@kernel
def cover(net: Network, s: State, f: Sweep, routes: Ints, first: int, last: int,
          units: float) -> float:  # fmt: skip
    """Take what is missing from the room of unharmed sources; return what they give.

    Where several buyers of what has stopped ask the same source, its room is split by what
    they lack; buyers further down take what is left.
    """
    given = 0.0
    for n in range(first, last):
        r = routes[n]
        x = net.r_supplier[r]
        if not usable(s, r) or f.room[x] < EPS:
            continue
        enter(f, x)
        if f.lost[x] > EPS:
            continue
        part = f.left[x] * units / max(units, f.claims[x])
        taken = min(part, units - given)
        given += taken
        f.left[x] -= taken
        f.claims[x] = max(0.0, f.claims[x] - units)
    return given


@kernel
def fails(net: Network, f: Sweep, r: int) -> bool:
    """Return whether a route carries goods of a line that lost output this turn."""
    x = net.r_supplier[r]
    return f.weight[r] > EPS and f.mark[x] == f.turn[0] and f.lost[x] > EPS


@kernel
def loss_on(net: Network, s: State, f: Sweep, r: int) -> tuple[float, float, float]:
    """Return the share of a route's flow that is lost, from when on, and the slack until then.

    Arrivals fall when the supplier's work in progress and goods are used up and what was on its
    way has arrived. Rated orders lose only what unrated ones cannot give (15 CFR 700.14). Where
    that is not enough, the supplier serves them ahead of the dates it will not meet, by at most
    its lead time, from work in progress and goods: they fall later, unrated orders sooner.
    """
    x, q = net.r_supplier[r], f.rated[r]
    lost, rated = f.lost[x], f.first[x]
    kept = s.goods[x] / (lost * f.rate[x])
    falls = f.when[x] + net.l_cycle[x] + kept + net.r_transit[r]
    free = 1.0 - rated
    if rated < EPS or free < EPS:
        return lost, falls, f.slack[x] + kept
    if lost <= free:
        return (1.0 - q) * lost / free, falls, f.slack[x] + kept
    rated_lost = (lost - free) / rated
    part = q * rated_lost + 1.0 - q
    there = net.l_cycle[x] * (1.0 - free / lost) + s.goods[x] / f.rate[x]
    ahead = min(free / rated * there, net.l_lead[x] * rated_lost)
    if net.r_program[r] >= 0:  # what comes ahead fills a stock and makes later deliveries no later
        return part, falls - (ahead * rated / free if q < rated else 0.0), f.slack[x] + kept
    shift = ahead * (q - rated) / (free * part)
    return part, falls + shift, f.slack[x] + kept + max(0.0, shift)


@kernel
def surplus(net: Network, f: Sweep, r: int) -> float:
    """Return the months of use by which a stock grows while work in progress still comes."""
    x = net.r_supplier[r]
    return (f.balance[x] - 1.0) * net.l_cycle[x]


@kernel
def gap(net: Network, s: State, f: Sweep, routes: Ints, first: int, last: int, need: float,
        stock: float) -> tuple[float, float, float]:  # fmt: skip
    """Return what a need misses once `stock` is used up, from when on, and the slack until then.

    The stock lasts until the sum of what has not arrived is as much; routes that fail later
    than that did not count, so they are left out again.
    """
    lost, failing, found = 0.0, 0, (0.0, NEVER, NEVER)
    for n in range(first, last):
        r = routes[n]
        if fails(net, f, r):
            found = loss_on(net, s, f, r)
            lost += f.weight[r] * found[0]
            failing += 1
    if lost < EPS or need < EPS:
        return 0.0, NEVER, NEVER
    missing = lost
    if last - first > failing:
        missing -= cover(net, s, f, routes, first, last, lost * need) / need
    if missing < EPS:
        return 0.0, NEVER, NEVER
    before = np.inf
    while True:
        flow, months, spare = 0.0, stock / need, stock / need
        for n in range(first, last):
            r = routes[n]
            if not fails(net, f, r):
                continue
            share, falls, slack = found if failing == 1 else loss_on(net, s, f, r)
            if falls < before + EPS:
                part = f.weight[r] * share * missing / lost
                flow += part
                months += part * (falls + (surplus(net, f, r) if stock > EPS else 0.0))
                spare += part * slack
        when = months / max(flow, EPS)
        if failing == 1 or not when < before - EPS:  # also never, or where EPS is too small
            return missing, when, spare / max(flow, EPS)
        before = when


@kernel
def weaken(net: Network, s: State, f: Sweep, x: int) -> None:
    """Find what a line loses: as much as its scarcest input, from when the first runs out."""
    for k in range(net.l_slots[x], net.l_slots[x + 1]):
        if f.short[k] != f.turn[0]:
            continue
        need = f.rate[x] * net.k_quantity[k]
        missing, when, slack = gap(
            net, s, f, net.k_order, net.k_routes[k], net.k_routes[k + 1], need, s.inputs[k]
        )
        f.lost[x] = max(f.lost[x], missing)
        f.when[x] = min(f.when[x], when)
        f.slack[x] = min(f.slack[x], slack)


@kernel
def pass_on(net: Network, f: Sweep, x: int) -> None:
    """Let the buyers of a line that lost output know."""
    for m in range(net.l_sales[x], net.l_sales[x + 1]):
        r = net.sales[m]
        k, i = net.r_slot[r], net.r_program[r]
        if f.weight[r] < EPS:
            continue
        if k >= 0:
            f.short[k] = f.turn[0]
            queue(net, f, net.k_line[k])
        elif i >= 0:
            f.reached[0] += f.p_mark[i] != f.turn[0]
            f.p_mark[i] = f.turn[0]


@kernel
def fall(net: Network, s: State, f: Sweep, limit: float) -> None:
    """Follow a stop from the deepest supplier to the programs, for `limit` months."""
    for h in range(len(f.head) - 1, -1, -1):
        x = f.head[h]
        while x != NONE:
            if f.lost[x] < EPS:
                weaken(net, s, f, x)
            if f.lost[x] > EPS and f.when[x] < limit:
                pass_on(net, f, x)
            x = f.after[x]
        f.head[h] = NONE


@kernel
def deliver(net: Network, s: State, f: Sweep, i: int) -> None:
    """Find what a program loses of its deliveries."""
    f.p_lost[i], f.p_when[i], f.p_slack[i] = gap(
        net, s, f, net.p_sales, net.p_routes[i], net.p_routes[i + 1], f.use[i], 0.0
    )


@kernel
def falls_before(net: Network, s: State, p: Parameters, f: Sweep, limit: float) -> bool:
    """Return whether deliveries of a critical program fall within `limit` months of a stop."""
    fall(net, s, f, limit)
    for i in range(len(f.use) if f.reached[0] else 0):
        if f.p_mark[i] == f.turn[0] and f.critical[i]:
            deliver(net, s, f, i)
            if f.p_lost[i] > p.fallen and f.p_when[i] < limit:
                return True
    return False


@kernel
def survive(net: Network, s: State, p: Parameters, f: Sweep, lines: Ints) -> float:
    """Stop lines together; return the months until a critical program's deliveries fall.

    They have fallen when they lack more than the share `fallen`; infinite if they never do.
    """
    stop(net, f, lines)
    fall(net, s, f, NEVER)
    months = NEVER
    for i in range(len(f.use)):
        if f.p_mark[i] == f.turn[0]:
            deliver(net, s, f, i)
            if f.critical[i] and f.p_lost[i] > p.fallen:
                months = min(months, f.p_when[i])
    return months
