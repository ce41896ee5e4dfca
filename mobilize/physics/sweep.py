"""What a stop of lines needs to know of the month: rates, room, who supplies whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mobilize.network import NONE, Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.physics.ordering import UNRATED, ratable
from mobilize.physics.production import labour
from mobilize.state import EPS, Flags, Floats, Ints, State
from mobilize.terms import ASSURED

NEVER = np.inf  # months: it does not fall


class Sweep(NamedTuple):
    """What a stop needs to know of the month, and what it does to lines and programs.

    The second and third part count for a line or program only where `mark` or `p_mark` is the
    present `turn`.
    """

    # the month
    rate: Floats  # (lines,) units/month started, mean of a cycle
    room: Floats  # (lines,) units/month that equipment and crew could make beyond it
    balance: Floats  # (lines,) units started for each that its buyers use up
    first: Floats  # (lines,) share of output for rated orders; 1 where the rest already waits
    weight: Floats  # (routes,) share of its buyer's need that a route carries
    rated: Floats  # (routes,) share of the orders on it that count as rated
    makers: Ints  # (items,) lines at work
    use: Floats  # (programs,) units/month on their way to it
    critical: Flags  # (programs,) its deliveries count
    feeds: Flags  # (lines,) works, for a critical program
    # lines of this stop
    turn: Ints  # (1,)
    mark: Ints  # (lines,)
    queued: Ints  # (lines,) turn in which it was last queued
    short: Ints  # (slots,) turn in which a supplier last fell short
    lost: Floats  # (lines,) share of its starts that is lost
    when: Floats  # (lines,) months until that begins
    slack: Floats  # (lines,) months of standstill that stocks on the way make up for
    left: Floats  # (lines,) room not yet taken
    claims: Floats  # (lines,) units/month asked of it by direct buyers of what has stopped
    head: Ints  # (heights,) first line to look at
    after: Ints  # (lines,) the next one of the same height
    # programs of this stop
    p_mark: Ints  # (programs,)
    reached: Ints  # (1,) how many are marked
    p_lost: Floats  # (programs,) share of deliveries lost
    p_when: Floats  # (programs,) months until deliveries fall
    p_slack: Floats  # (programs,) as of lines


def new_sweep(net: Network, critical: Flags) -> Sweep:
    """Return an empty sweep that looks after the critical programs, shape (programs,)."""
    lines, programs, routes = len(net.l_item), len(net.p_item), len(net.r_slot)
    zeros, marks = np.zeros(lines), np.zeros(lines, np.int32)
    none = np.full(int(net.l_height.max(initial=0)) + 1, NONE, np.int32)
    return Sweep(
        rate=zeros.copy(), room=zeros.copy(), balance=zeros.copy(), first=zeros.copy(),
        weight=np.zeros(routes), rated=np.zeros(routes),
        makers=np.zeros(int(net.l_item.max(initial=0)) + 1, np.int32), use=np.zeros(programs),
        critical=critical.copy(), feeds=np.zeros(lines, np.bool_), turn=np.zeros(1, np.int32),
        mark=marks.copy(), queued=marks.copy(), short=np.zeros(len(net.k_line), np.int32),
        lost=zeros.copy(), when=zeros.copy(), slack=zeros.copy(), left=zeros.copy(),
        claims=zeros.copy(), head=none, after=marks.copy(), p_mark=np.zeros(programs, np.int32),
        reached=np.zeros(1, np.int32),
        p_lost=np.zeros(programs), p_when=np.zeros(programs), p_slack=np.zeros(programs),
    )  # fmt: skip


@kernel
def measure(net: Network, s: State, p: Parameters, f: Sweep) -> None:
    """Read the month: rates, room, who supplies whom, and which lines matter."""
    f.makers[:] = 0
    for x in range(len(f.rate)):
        f.rate[x] = s.in_work[x] / net.l_cycle[x] if s.alive[x] else 0.0
        f.makers[net.l_item[x]] += f.rate[x] > EPS
        crew = s.crew[x] * p.overtime / labour(net, s, x)
        able = min(s.equip[x] * net.l_rate[x, 2], crew) * (1.0 - s.loss[x])
        f.room[x] = max(0.0, able - f.rate[x]) if s.alive[x] else 0.0
    for k in range(len(net.k_line)):
        weigh(net, s, f, net.k_order, net.k_routes[k], net.k_routes[k + 1])
    for i in range(len(f.use)):
        first, last = net.p_routes[i], net.p_routes[i + 1]
        weigh(net, s, f, net.p_sales, first, last)
        f.use[i] = 0.0
        for n in range(first, last):
            f.use[i] += s.moving[net.p_sales[n]] / net.r_transit[net.p_sales[n]]
    for r in range(len(f.weight)):
        if f.weight[r] > EPS:
            f.rated[r] = rated_share(net, s, r)
    for x in range(len(f.rate)):
        f.balance[x] = balance(net, f, x)
        f.first[x] = s.forecast[x] * (1.0 - s.mix[x, UNRATED]) / max(f.rate[x], EPS)
        if f.first[x] > 1.0 - p.fallen:
            f.first[x] = 1.0
    mark_feeders(net, f)


@kernel
def rated_share(net: Network, s: State, r: int) -> float:
    """Return the share of a buyer's orders on a route that preferential scheduling protects."""
    share = 0.0
    if ratable(net, s, r):
        k, i = net.r_slot[r], net.r_program[r]
        if k >= 0:
            share = 1.0 - s.mix[net.k_line[k], UNRATED]
        elif i >= 0:
            share = 1.0 if s.rating[i] < UNRATED else 0.0
        if net.l_ratings[net.r_supplier[r]] and not net.c_home[net.r_buyer[r]]:
            share += (1.0 - share) * s.of_country[ASSURED, net.r_buyer[r]]
    return share


@kernel
def balance(net: Network, f: Sweep, x: int) -> float:
    """Return what a line starts for each unit that its buyers use up and civil customers want."""
    used = net.l_civil[x]
    for m in range(net.l_sales[x], net.l_sales[x + 1]):
        used += f.weight[net.sales[m]] * need_of(net, f, net.sales[m])
    return f.rate[x] / used if used > EPS else 1.0


@kernel
def usable(s: State, r: int) -> bool:
    """Return whether goods can be ordered on a route and leave."""
    return s.open[r] and s.blocked[r] < EPS


@kernel
def weigh(net: Network, s: State, f: Sweep, routes: Ints, first: int, last: int) -> None:
    """Split a need over the routes that carry it: by share, among suppliers at work."""
    total = 0.0
    for n in range(first, last):
        r = routes[n]
        works = usable(s, r) and f.rate[net.r_supplier[r]] > EPS
        f.weight[r] = s.share[r] if works else 0.0
        total += f.weight[r]
    for n in range(first, last):
        f.weight[routes[n]] /= max(total, EPS)


@kernel
def mark_feeders(net: Network, f: Sweep) -> None:
    """Find the lines at work whose goods end in a critical program; buyers come first."""
    for n in range(len(net.l_order)):
        x = net.l_order[n]
        f.feeds[x] = False
        for m in range(net.l_sales[x], net.l_sales[x + 1]):
            r = net.sales[m]
            i, k = net.r_program[r], net.r_slot[r]
            if f.weight[r] < EPS or f.rate[x] < EPS:
                continue
            if i >= 0:
                f.feeds[x] |= f.critical[i] and f.use[i] > EPS
            elif k >= 0:
                f.feeds[x] |= f.feeds[net.k_line[k]]


@kernel
def rivals(net: Network, r: int) -> tuple[Ints, int, int]:
    """Return where to find the routes that serve the same need as a route, itself among them."""
    k, i = net.r_slot[r], net.r_program[r]
    if k >= 0:
        return net.k_order, net.k_routes[k], net.k_routes[k + 1]
    return net.p_sales, net.p_routes[i], net.p_routes[i + 1]


@kernel
def need_of(net: Network, f: Sweep, r: int) -> float:
    """Return what the buyer at the end of a route needs in all, units/month."""
    k = net.r_slot[r]
    if k >= 0:
        return f.rate[net.k_line[k]] * net.k_quantity[k]
    return f.use[net.r_program[r]] if net.r_program[r] >= 0 else 0.0
