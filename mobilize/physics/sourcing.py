"""How buyers move orders between qualified sources."""

from __future__ import annotations

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.physics.ordering import called_ahead
from mobilize.state import EPS, Floats, Ints, State

LONG = 3  # months above its capacity after which a source counts as full


@kernel
def at_limit(s: State, p: Parameters, line: int) -> bool:
    """Return whether buyers look for another source: a line gone, late, or long full."""
    late = s.book[line] > p.late_book * (s.normal_book[line] + s.forecast[line])
    return not s.alive[line] or late or s.over[line] >= LONG


@kernel
def room(net: Network, s: State, r: int, taken: float) -> float:
    """Return what a route's supplier can make for this buyer, units/month.

    What the buyer takes now (`taken`) and what the supplier's equipment leaves beside all
    its orders; of a supplier asked for more than it can make, the buyer's part.
    """
    line = net.r_supplier[r]
    if not s.alive[line]:
        return 0.0
    full = s.equip[line] * net.l_rate[line, 2]
    asked = s.forecast[line]
    if asked > full:
        return taken * full / asked
    return taken + full - asked


@kernel
def move_shares(net: Network, s: State, p: Parameters, routes: Ints, need: float) -> None:
    """Move part of one need (units/month) away from sources at their limit.

    Buyers move toward shares in proportion to what each source has room for.
    """
    late, total = False, 0.0
    for r in routes:
        if s.open[r]:
            late = late or (s.share[r] > EPS and at_limit(s, p, net.r_supplier[r]))
            total += room(net, s, r, s.share[r] * need)
    if not late or total < EPS:
        return
    for r in routes:
        if s.open[r]:
            part = room(net, s, r, s.share[r] * need) / total
            s.share[r] += p.resource_step * (part - s.share[r])


@kernel
def answer(s: State, requests: Ints, luck: Floats, chance: float) -> float:
    """Honour or deny a priority request on each of some routes; return the share honoured."""
    honoured = 0
    for r in requests:
        s.honour[r] = luck[r] < chance
        honoured += s.honour[r]
    return honoured / len(requests)


@kernel
def source_inputs(net: Network, s: State, p: Parameters, slots: Ints) -> None:
    """Let the buyers of these input slots move orders away from late suppliers."""
    for k in slots:
        routes = net.k_order[net.k_routes[k] : net.k_routes[k + 1]]
        move_shares(net, s, p, routes, s.plan[net.k_line[k]] * net.k_quantity[k])


@kernel
def source_program(net: Network, s: State, p: Parameters, t: int, i: int) -> None:
    """Let a program move orders away from late primes."""
    routes = net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]
    move_shares(net, s, p, routes, called_ahead(s, p, t, i))
