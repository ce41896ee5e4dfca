"""How buyers move orders between qualified sources."""

from __future__ import annotations

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.state import EPS, Ints, State


@kernel
def is_late(s: State, p: Parameters, line: int) -> bool:
    """Return whether a line's order book has outgrown its usual length."""
    return s.book[line] > p.late_book * (s.normal_book[line] + s.forecast[line])


@kernel
def spare(net: Network, s: State, line: int) -> float:
    """Return the units a month a line's equipment could make beyond what is wanted of it."""
    if not s.alive[line]:
        return 0.0
    return max(0.0, s.equip[line] * net.l_rate[line, 2] - s.wanted[line])


@kernel
def move_shares(net: Network, s: State, p: Parameters, routes: Ints) -> float:
    """Move part of the late flow of one need to its routes with room; return the share moved."""
    room, late = 0.0, 0.0
    for r in routes:
        line = net.r_supplier[r]
        if not s.open[r]:
            continue
        if s.share[r] > EPS and (is_late(s, p, line) or not s.alive[line]):
            late += s.share[r]
        else:
            room += spare(net, s, line)
    if late < EPS or room < EPS:
        return 0.0
    moved = 0.0
    for r in routes:
        line = net.r_supplier[r]
        if not s.open[r]:
            continue
        if s.share[r] > EPS and (is_late(s, p, line) or not s.alive[line]):
            part = s.share[r] * p.resource_step
            s.share[r] -= part
            moved += part
    for r in routes:
        line = net.r_supplier[r]
        if s.open[r] and not (s.share[r] > EPS and (is_late(s, p, line) or not s.alive[line])):
            s.share[r] += moved * spare(net, s, line) / room
    return moved


@kernel
def source_inputs(net: Network, s: State, p: Parameters, slots: Ints) -> None:
    """Let the buyers of these input slots move orders away from late suppliers."""
    for k in slots:
        first, last = net.k_routes[k], net.k_routes[k + 1]
        if last - first > 1:
            move_shares(net, s, p, net.k_order[first:last])


@kernel
def source_program(net: Network, s: State, p: Parameters, i: int) -> float:
    """Let a program move orders away from late primes; return the share moved."""
    first, last = net.p_routes[i], net.p_routes[i + 1]
    if last - first < 2:
        return 0.0
    return move_shares(net, s, p, net.p_sales[first:last])
