"""What plants do: plan, find what binds, start work, finish it."""

from __future__ import annotations

import math

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.physics.ordering import pipeline_weight
from mobilize.state import (
    CLOSED,
    CREW,
    DEMAND,
    DISTURBANCE,
    EPS,
    EQUIPMENT,
    INPUT,
    QUALIFICATION,
    WORK,
    State,
)
from mobilize.terms import HIRE_LIMIT

FULL = 0.98  # a shift posture is full above this share of its rate
SLACK = 0.85  # and given up below this share of the posture under it
FIRST_SHIFT = 0.1  # share of full output a line without a crew yet orders inputs for


@kernel
def plan_output(net: Network, s: State, p: Parameters) -> None:
    """Each line plans what its order book asks, as far as its equipment goes.

    Wanted = demand forecast + closing of the gaps in finished goods, in the order book and,
    under-weighted, in work in progress; smoothed.
    """
    for line in range(len(net.l_item)):
        demand = max(s.forecast[line], s.expected[line])
        late = s.book[line] - s.normal_book[line]
        short = net.l_cover[line] * demand - s.goods[line]
        in_work = net.l_cycle[line] * demand - s.in_work[line]
        weight = pipeline_weight(net, s, p, line)
        target = demand + (late + short + weight * in_work) / p.stock_adjust
        target = max(0.0, target)
        s.wanted[line] += (target - s.wanted[line]) / p.plan_smooth
        if not s.alive[line] or s.wanted[line] < EPS:
            s.wanted[line] = 0.0
        s.plan[line] = min(s.wanted[line], within_reach(net, s, p, line))
        set_posture(net, s, line)


@kernel
def within_reach(net: Network, s: State, p: Parameters, line: int) -> float:
    """Return the output a line can count on when it orders inputs, units/month.

    Its equipment, and the crew it can have trained within its lead time.
    """
    full = s.equip[line] * net.l_rate[line, 2]
    hire_limit = p.hire_limit * s.of_country[HIRE_LIMIT, net.l_country[line]]
    growth = (1.0 + hire_limit) ** net.l_lead[line]
    return min(full, max(s.capacity[line] * growth, FIRST_SHIFT * full))


@kernel
def set_posture(net: Network, s: State, line: int) -> None:
    """Climb or come down at most one shift posture."""
    posture = s.posture[line]
    full = s.equip[line] * net.l_rate[line, posture]
    if posture < 2 and s.wanted[line] > FULL * full:
        s.posture[line] = posture + 1
    elif posture > 0 and s.wanted[line] < SLACK * s.equip[line] * net.l_rate[line, posture - 1]:
        s.posture[line] = posture - 1


@kernel
def labour(net: Network, s: State, line: int) -> float:
    """Return person-months per unit now: labour falls as output accumulates."""
    b = net.l_learning[line]
    if b > -EPS:
        return net.l_labour[line]
    return net.l_labour[line] * math.exp(b * math.log(s.output[line] / net.l_past[line]))


@kernel
def hours(s: State, p: Parameters, line: int) -> float:
    """Return working time per person against a 1-8-5 month."""
    return p.overtime if s.posture[line] == 2 else 1.0


@kernel
def start_work(net: Network, s: State, p: Parameters, t: int) -> None:
    """Start what plan, equipment, crew, availability and inputs allow; note what binds."""
    for line in range(len(net.l_item)):
        was, was_slot = s.bound[line], s.bound_slot[line]
        by_equipment = s.equip[line] * net.l_rate[line, s.posture[line]]
        by_crew = s.crew[line] * hours(s, p, line) / labour(net, s, line)
        able = min(by_equipment, by_crew)
        available = able * (1.0 - s.loss[line])
        s.capacity[line] = available
        starts, bound, slot = s.wanted[line], DEMAND, -1
        if starts > available:
            starts = available
            bound = EQUIPMENT if by_equipment <= by_crew else CREW
            if s.wanted[line] - able < able * s.loss[line]:
                bound = DISTURBANCE  # it takes more than the line lacks without it
        for k in range(net.l_slots[line], net.l_slots[line + 1]):
            possible = s.inputs[k] / net.k_quantity[k]
            if possible < starts * (1.0 - EPS):
                starts, bound, slot = possible, INPUT, k
        if not s.alive[line]:
            bound = CLOSED
        elif s.equip[line] < EPS:
            bound = QUALIFICATION
        starts = max(0.0, starts)
        for k in range(net.l_slots[line], net.l_slots[line + 1]):
            s.inputs[k] = max(0.0, s.inputs[k] - starts * net.k_quantity[k])
        s.wip[line, (t + net.l_cycle[line]) % WORK] += starts
        s.in_work[line] += starts
        s.started[line] = starts
        s.bound[line], s.bound_slot[line] = bound, slot
        if bound != was or slot != was_slot:
            s.bound_since[line] = t


@kernel
def finish_work(net: Network, s: State, t: int) -> None:
    """Move what is due out of work into finished goods."""
    for line in range(len(net.l_item)):
        done = s.wip[line, t % WORK]
        s.wip[line, t % WORK] = 0.0
        s.in_work[line] = max(0.0, s.in_work[line] - done)
        s.goods[line] += done
        s.output[line] += done
        s.finished[line] = done


@kernel
def count_months(net: Network, s: State) -> None:
    """Count the months each line has stood above its capacity or below its sustaining rate."""
    for line in range(len(net.l_item)):
        full = s.equip[line] * net.l_rate[line, 2]
        s.over[line] = s.over[line] + 1 if s.wanted[line] > full * (1.0 + EPS) else 0
        low = s.equip[line] > EPS and s.wanted[line] < net.l_rate[line, 0]
        s.under[line] = s.under[line] + 1 if low else 0
