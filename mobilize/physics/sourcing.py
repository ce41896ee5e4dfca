"""How buyers move orders between qualified sources."""

from __future__ import annotations

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.state import EPS, Floats, Ints, State

LONG = 3  # months above its capacity after which a source counts as full


@kernel
def at_limit(s: State, p: Parameters, line: int) -> bool:
    """Return whether buyers look for another source: a line gone, late, or long full."""
    late = s.book[line] > p.late_book * (s.normal_book[line] + s.forecast[line])
    return not s.alive[line] or late or s.over[line] >= LONG


@kernel
def reach(net: Network, s: State, line: int) -> float:
    """Return what a line's qualified equipment could make at most, units/month."""
    return s.equip[line] * net.l_rate[line, 2] if s.alive[line] else 0.0


@kernel
def move_shares(net: Network, s: State, p: Parameters, routes: Ints) -> float:
    """Move part of one need away from sources at their limit; return the share moved.

    Buyers move toward shares in proportion to what the equipment of each source could make.
    """
    late, total = False, 0.0
    for r in routes:
        if s.open[r]:
            line = net.r_supplier[r]
            late = late or (s.share[r] > EPS and at_limit(s, p, line))
            total += reach(net, s, line)
    if not late or total < EPS:
        return 0.0
    moved = 0.0
    for r in routes:
        if s.open[r]:
            change = p.resource_step * (reach(net, s, net.r_supplier[r]) / total - s.share[r])
            s.share[r] += change
            moved += max(0.0, change)
    return moved


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
        move_shares(net, s, p, net.k_order[net.k_routes[k] : net.k_routes[k + 1]])


@kernel
def source_program(net: Network, s: State, p: Parameters, i: int) -> float:
    """Let a program move orders away from late primes; return the share moved."""
    return move_shares(net, s, p, net.p_sales[net.p_routes[i] : net.p_routes[i + 1]])
