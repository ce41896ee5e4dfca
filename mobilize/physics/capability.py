"""What the base could deliver months ahead, and on whom that depends: kernels of deterrence.

Flows only: equipment, projects under way, bills of materials and the routes of today count; stocks
of parts, people and money do not. A line that an observer does not see holds nobody up in what it
believes.
"""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.physics.kernel import kernel
from mobilize.physics.sweep import usable
from mobilize.state import AHEAD, CALLS, DONE, EPS, IDLE, RAMP, Flags, Floats, Ints, State

YEAR = 12
STANDBY = 0.01  # share of its design that a line without orders is thought to ask parts for


@kernel
def equipment_ahead(net: Network, s: State, months: float, equip: Floats, passed: Flags) -> None:
    """Write the share of its design that each line can use in some months, projects counted.

    `passed` receives whether a new source will have passed its tests. Phases to come take their
    medians; what is broken mends as it does.
    """
    for line in range(len(equip)):
        lost = max(0.0, s.loss[line] - s.loss_heal[line] * max(0.0, months - s.loss_left[line]))
        equip[line] = s.equip[line] * (1.0 - lost) if s.alive[line] else 0.0
        passed[line] = False
    for j in range(len(s.phase)):
        phase = s.phase[j]
        if not IDLE < phase < DONE:
            continue
        wait, ramp = s.left[j], net.j_phases[j, RAMP - 1]
        if phase == RAMP:
            wait, ramp = 0.0, s.left[j]
        for later in range(phase + 1, RAMP):
            wait += net.j_phases[j, later - 1]
        done = min(1.0, max(0.0, (months - wait) / max(ramp, 1.0)))
        line = net.j_line[j]
        if s.alive[line]:
            equip[line] += done * (net.j_adds[j] - s.added[j])
        if net.j_source[j] and months >= wait:
            passed[line] = True


@kernel
def call_rate(net: Network, s: State, i: int, t: int) -> float:
    """Return what a program calls off in a month over the next year, or now takes, if more."""
    total = 0.0
    for month in range(1, YEAR + 1):
        total += s.calls[i, (t + month) % CALLS]
    return max(total / YEAR, s.recent[i])


@kernel
def asked(net: Network, s: State, t: int, wish: Floats) -> None:
    """Write what the buyer of each route needs in a month, units: all of it, from all routes."""
    for r in range(len(wish)):
        k, i = net.r_slot[r], net.r_program[r]
        if k >= 0:
            line = net.k_line[k]
            wish[r] = max(s.wanted[line], STANDBY * net.l_rate[line, 2]) * net.k_quantity[k]
        elif i >= 0:
            wish[r] = call_rate(net, s, i, t)
        else:
            wish[r] = net.l_civil[net.r_supplier[r]]


@kernel
def flows(
    net: Network, s: State, wish: Floats, passed: Flags, months: float, flow: Floats,
    total: Floats,
) -> None:  # fmt: skip
    """Write what is asked of each route in some months, and of each line in all, units a month.

    A new source takes orders like any other once it has passed.
    """
    total[:] = 0.0
    for r in range(len(flow)):
        line = net.r_supplier[r]
        part = s.share[r] if s.open[r] else (1.0 if passed[line] else 0.0)
        flow[r] = part * wish[r] if s.blocked[r] <= months else 0.0
        total[line] += flow[r]


@kernel
def sweep(
    net: Network, order: Ints, seen: Flags, flow: Floats, total: Floats, equip: Floats,
    made: Floats, able: Floats,
) -> None:  # fmt: skip
    """Write what each program could take in a month, units, working up from the deepest tier.

    A line makes what its equipment and the scarcest of its inputs allow (`made`); what it makes
    goes to its routes in proportion to what they order.
    """
    for line in order:
        made[line] = equip[line] * net.l_rate[line, 2]
        for k in range(net.l_slots[line], net.l_slots[line + 1]):
            supply = 0.0
            for place in range(net.k_routes[k], net.k_routes[k + 1]):
                r = net.k_order[place]
                supply += _brought(net, seen, flow, total, made, r)
            made[line] = min(made[line], supply / net.k_quantity[k])
    for i in range(len(able)):
        able[i] = 0.0
        for place in range(net.p_routes[i], net.p_routes[i + 1]):
            r = net.p_sales[place]
            line = net.r_supplier[r]
            if total[line] > EPS:
                able[i] += made[line] * flow[r] / total[line]


@kernel
def _brought(
    net: Network, seen: Flags, flow: Floats, total: Floats, made: Floats, r: int
) -> float:  # fmt: skip
    """Return what a route can bring in a month; from a line unseen, as much as anybody wants."""
    line = net.r_supplier[r]
    if flow[r] < EPS:
        return 0.0
    return made[line] * flow[r] / total[line] if seen[line] else np.inf


@kernel
def look_ahead(net: Network, s: State, t: int, order: Ints, all_lines: Flags, seen: Flags) -> None:
    """Write `s.capable`: what programs could take at each horizon, in truth and as it is seen."""
    lines, routes = len(s.equip), len(s.share)
    wish, flow = np.zeros(routes), np.zeros(routes)
    equip, total, made = np.zeros(lines), np.zeros(lines), np.zeros(lines)
    passed = np.zeros(lines, np.bool_)
    asked(net, s, t, wish)
    for h in range(len(AHEAD)):
        months = float(AHEAD[h])
        equipment_ahead(net, s, months, equip, passed)
        flows(net, s, wish, passed, months, flow, total)
        sweep(net, order, all_lines, flow, total, equip, made, s.capable[0, h])
        sweep(net, order, seen, flow, total, equip, made, s.capable[1, h])


@kernel
def able_at(capable: Floats, i: int, months: float) -> float:
    """Return what a program could take some months ahead, linear between the horizons."""
    for h in range(1, len(AHEAD)):
        if months <= AHEAD[h]:
            part = (months - AHEAD[h - 1]) / (AHEAD[h] - AHEAD[h - 1])
            return capable[h - 1, i] + part * (capable[h, i] - capable[h - 1, i])
    return capable[len(AHEAD) - 1, i]


@kernel
def deliveries(capable: Floats, i: int, first: float, growth: float, since: float,
               path: Floats) -> None:  # fmt: skip
    """Write P(t): what the base can do, no faster than plants can hire from `first` on."""
    hired = first
    for t in range(len(path)):
        path[t] = min(able_at(capable, i, since + t), hired)
        hired *= growth


@kernel
def ramped(capable: Floats, i: int, first: float, growth: float, months: float) -> float:
    """Return the deliveries of a month ahead if what is being added is used as it comes."""
    added = max(0.0, able_at(capable, i, months) - able_at(capable, i, 0.0))
    return min(first + added, first * growth**months)


@kernel
def dependence(net: Network, s: State, order: Ints, lost: Flags, part: Floats) -> None:
    """Write the share of each program's deliveries that passes through some lines.

    A line depends on them as far as its most dependent input does, an input by the shares of
    its sources.
    """
    on = np.zeros(len(lost))
    for line in order:
        if lost[line]:
            on[line] = 1.0
            continue
        for k in range(net.l_slots[line], net.l_slots[line + 1]):
            share = 0.0
            for place in range(net.k_routes[k], net.k_routes[k + 1]):
                r = net.k_order[place]
                share += s.share[r] * on[net.r_supplier[r]] if usable(s, r) else 0.0
            on[line] = max(on[line], min(1.0, share))
    for i in range(len(part)):
        part[i] = 0.0
        for place in range(net.p_routes[i], net.p_routes[i + 1]):
            r = net.p_sales[place]
            part[i] += s.share[r] * on[net.r_supplier[r]] if usable(s, r) else 0.0
        part[i] = min(1.0, part[i])


@kernel
def passing(net: Network, s: State, order: Ints, critical: Ints, through: Floats) -> None:
    """Write the mean share of the critical programs' deliveries that passes through each line.

    From the programs down, by the shares of routes; what reaches a line by several ways adds up,
    to all of a program's deliveries at most.
    """
    through[:] = 0.0
    mine = np.zeros(len(through))
    for i in critical:
        mine[:] = 0.0
        for place in range(net.p_routes[i], net.p_routes[i + 1]):
            r = net.p_sales[place]
            mine[net.r_supplier[r]] += s.share[r] if usable(s, r) else 0.0
        for line in order[::-1]:
            mine[line] = min(1.0, mine[line])
            through[line] += mine[line] / len(critical)
            if mine[line] < EPS:
                continue
            for k in range(net.l_slots[line], net.l_slots[line + 1]):
                for place in range(net.k_routes[k], net.k_routes[k + 1]):
                    r = net.k_order[place]
                    if usable(s, r):
                        mine[net.r_supplier[r]] += s.share[r] * mine[line]


@kernel
def assured_supply(
    net: Network, s: State, through: Floats, chance: Floats, out: Floats
) -> None:  # fmt: skip
    """Write M5: assured allied supply A, and dependence D = foreign share * (1 - A).

    Capacity counts as a share of that of all lines in the critical chains (`through`, see
    :func:`passing`) which make the same item, so that tonnes and missiles add up and every part
    weighs the same.
    """
    items = net.l_item.max() + 1
    whole = np.zeros(items)
    for line in range(len(through)):
        if through[line] > EPS:
            whole[net.l_item[line]] += s.capacity[line]
    foreign, honoured, parts = 0.0, 0.0, 0.0
    for line in range(len(through)):
        item = net.l_item[line]
        if through[line] < EPS or whole[item] < EPS:
            continue
        share = s.capacity[line] / whole[item]
        parts += share
        if not net.l_ratings[line]:
            foreign += share
            honoured += share * chance[line]
    out[0] = honoured / foreign if foreign > EPS else 1.0
    out[1] = foreign / parts * (1.0 - out[0]) if parts > EPS else 0.0
