"""Fielded items: they fail, are hit, are repaired in a depot with spares, and return.

Fielded = serviceable + on the way to a depot and back + waiting there + in repair + written off.
A depot begins no more repairs than its capacity and the program's stock of spares allow.
"""

from __future__ import annotations

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.state import (
    BENCH,
    CAPACITY,
    EPS,
    NOTHING,
    REPAIRS,
    SPARES,
    TRANSIT,
    Floats,
    Ints,
    State,
)
from mobilize.terms import REPAIR_ABROAD, REPAIR_TIME

FOREVER = 1e6  # months: the queue of a depot that repairs nothing


@kernel
def sustain(net: Network, s: State, p: Parameters, t: int, uses: Floats) -> None:
    """Play a month of every fleet: units break and are sent, return repaired, go into repair.

    `uses` holds, for a sustainment program, the fielded units hit this month.
    """
    for f in range(len(s.serviceable)):
        broken = fail(net, s, p, f, uses[net.f_program[f]])
        for d in range(net.f_depots[f], net.f_depots[f + 1]):
            send(net, s, t, d, broken * s.depot_share[d])
            move_on(net, s, t, d)
        repair_fleet(net, s, t, f)


@kernel
def move_on(net: Network, s: State, t: int, d: int) -> None:
    """Let units arrive at a depot, leave it repaired, and come back to their fleet."""
    s.serviceable[net.d_fleet[d]] += s.homebound[d, t % TRANSIT]
    s.homebound[d, t % TRANSIT] = 0.0
    s.queue[d] += s.outbound[d, t % TRANSIT]
    s.outbound[d, t % TRANSIT] = 0.0
    repaired = s.bench[d, t % BENCH]
    s.bench[d, t % BENCH] = 0.0
    s.repaired[d] += repaired
    if net.d_transit[d] == 0:
        s.serviceable[net.d_fleet[d]] += repaired
    else:
        s.homebound[d, (t + net.d_transit[d]) % TRANSIT] += repaired


@kernel
def fail(net: Network, s: State, p: Parameters, f: int, hits: float) -> float:
    """Take failed and hit units out of service; return those that can be repaired."""
    failed = s.serviceable[f] * min(1.0, net.f_failures[f] / 12)
    hit = min(hits, s.serviceable[f] - failed)
    lost = hit * (1.0 - p.battle_repairable)
    s.serviceable[f] = max(0.0, s.serviceable[f] - failed - hit)
    s.written_off[f] += lost
    return failed + hit - lost


@kernel
def send(net: Network, s: State, t: int, d: int, units: float) -> None:
    """Send unserviceable units to a depot."""
    if net.d_transit[d] == 0:
        s.queue[d] += units
    else:
        s.outbound[d, (t + net.d_transit[d]) % TRANSIT] += units


@kernel
def repair_fleet(net: Network, s: State, t: int, f: int) -> None:
    """Begin repairs in a fleet's depots; short of spares, all get the same fraction.

    What the depots could have begun and had no spares for is `unmet`, in spares.
    """
    i, wanted = net.f_program[f], 0.0
    for d in range(net.f_depots[f], net.f_depots[f + 1]):
        wanted += min(s.queue[d], net.d_capacity[d]) * net.d_parts[d]
    there = min(1.0, s.stock[i] / max(wanted, EPS))
    for d in range(net.f_depots[f], net.f_depots[f + 1]):
        able = min(s.queue[d], net.d_capacity[d])
        begun = able * there if net.d_parts[d] > 0.0 else able
        note_limit(s, t, d, able, begun)
        begin_repairs(net, s, t, d, begun)
    s.stock[i] = max(0.0, s.stock[i] - wanted * there)
    s.unmet[i] = wanted * (1.0 - there)


@kernel
def note_limit(s: State, t: int, d: int, able: float, begun: float) -> None:
    """Note what keeps units waiting in a depot, and since when."""
    limit = NOTHING
    if begun < able * (1.0 - EPS):
        limit = SPARES
    elif s.queue[d] > able + EPS:
        limit = CAPACITY
    if limit != s.held[d]:
        s.held[d], s.held_since[d] = limit, t


@kernel
def begin_repairs(net: Network, s: State, t: int, d: int, units: float) -> None:
    """Take units from the queue to the bench, and pay.

    A turnaround between two whole months is split over both, so that its mean is kept.
    """
    months = turnaround(net, s, d)
    whole = int(months)
    later = months - whole
    s.bench[d, (t + whole) % BENCH] += units * (1.0 - later)
    s.bench[d, (t + whole + 1) % BENCH] += units * later
    s.queue[d] = max(0.0, s.queue[d] - units)
    s.ledger[REPAIRS] += units * net.d_cost[d]


@kernel
def turnaround(net: Network, s: State, d: int) -> float:
    """Return the months a repair takes, waiting and transit not counted; at least one."""
    return max(1.0, net.d_turnaround[d] * s.of_country[REPAIR_TIME, net.d_country[d]])


@kernel
def expected_months(net: Network, s: State, d: int) -> float:
    """Return the months from a failure now to return: both ways, waiting for a place, repair."""
    coming = s.queue[d]
    for month in range(TRANSIT):
        coming += s.outbound[d, month]
    waiting = min(FOREVER, coming / max(net.d_capacity[d], EPS))
    return 2.0 * net.d_transit[d] + waiting + turnaround(net, s, d)


@kernel
def fastest(net: Network, s: State, f: int, theatre: bool) -> int:
    """Return the depot at home or in theatre with the shortest expected time, or -1."""
    best, least = -1, 0.0
    for d in range(net.f_depots[f], net.f_depots[f + 1]):
        if net.d_theatre[d] != theatre:
            continue
        months = expected_months(net, s, d)
        if best < 0 or months < least:
            best, least = d, months
    return best


@kernel
def route_repairs(net: Network, s: State, p: Parameters, fleets: Ints) -> None:
    """Move part of the repairs of fleets toward the faster of their depots."""
    for f in fleets:
        route_fleet(net, s, p, f)


@kernel
def route_fleet(net: Network, s: State, p: Parameters, f: int) -> None:
    """Move part of a fleet's repairs toward the faster of its depots at home and in theatre.

    The owner's law limits what may be done outside home depots (10 USC 2466), where there is
    a home depot to do it instead. A quarter moves the share that buyers move, `resource_step`.
    """
    home, theatre = fastest(net, s, f, False), fastest(net, s, f, True)
    abroad = 0.0
    if home < 0:
        abroad = 1.0
    elif theatre >= 0 and expected_months(net, s, theatre) < expected_months(net, s, home):
        abroad = s.of_country[REPAIR_ABROAD, net.p_country[net.f_program[f]]]
    for d in range(net.f_depots[f], net.f_depots[f + 1]):
        target = 0.0
        if d == theatre:
            target = abroad
        elif d == home:
            target = 1.0 - abroad
        s.depot_share[d] += p.resource_step * (target - s.depot_share[d])
