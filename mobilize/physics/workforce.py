"""People: hiring within the local market, training, leaving."""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.physics.production import hours, labour
from mobilize.state import EPS, WAGES, State
from mobilize.terms import ATTRITION, HIRE_LIMIT, TRAINING_TIME

SPARE = 1.1  # a firm keeps up to this many times the people it needs


@kernel
def crew_needed(net: Network, s: State, p: Parameters, line: int) -> float:
    """Return the people for the output wanted, as far as present and coming equipment goes.

    A new plant in its first-article tests staffs its first shift.
    """
    full = (s.equip[line] + s.coming[line]) * net.l_rate[line, 2]
    units = min(s.wanted[line], full)
    if s.equip[line] < EPS:
        units = s.coming[line] * net.l_rate[line, 1]
    return units * labour(net, s, line) / hours(s, p, line)


@kernel
def training(net: Network, s: State, p: Parameters, line: int) -> float:
    """Return the months from hiring to proficiency."""
    return max(1.0, p.training * s.of_country[TRAINING_TIME, net.l_country[line]])


@kernel
def leaving(net: Network, s: State, p: Parameters, line: int) -> float:
    """Return the share of people who leave in a month."""
    return p.attrition * s.of_country[ATTRITION, net.l_country[line]] / 12


@kernel
def hires_wanted(net: Network, s: State, p: Parameters, line: int, crew: float) -> float:
    """Return the people a line that needs `crew` people wants to hire this month.

    Bounded by what a plant can take in a month; firms hold back when demand is not credible
    (they fear the lay-offs after a burst).
    """
    people = s.crew[line] + s.trainees[line]
    leave = leaving(net, s, p, line)
    in_training = leave * training(net, s, p, line)
    gap = crew * (1.0 + in_training) - people
    if gap + leave * people < EPS or not s.alive[line]:
        return 0.0
    first_shift = net.l_rate[line, 1] * net.l_labour[line] * (s.equip[line] + s.coming[line])
    hire_limit = p.hire_limit * s.of_country[HIRE_LIMIT, net.l_country[line]]
    bound = hire_limit * max(people, first_shift)
    willing = 1.0 - p.burst_aversion * (1.0 - s.credibility[line])
    growth = min(gap, bound * willing)
    return max(0.0, growth + leave * people)


@kernel
def staff(net: Network, s: State, p: Parameters) -> None:
    """Hire, train, lose and lay off; people only move between lines and their country's pool."""
    lines = len(net.l_item)
    needed, wanted = np.zeros(lines), np.zeros(lines)
    by_country = np.zeros(len(s.pool))
    for line in range(lines):
        needed[line] = crew_needed(net, s, p, line)
        wanted[line] = hires_wanted(net, s, p, line, needed[line])
        by_country[net.l_country[line]] += wanted[line]
    granted = np.ones(len(s.pool))
    for c in range(len(s.pool)):
        if by_country[c] > s.pool[c]:
            granted[c] = s.pool[c] / by_country[c]
    for line in range(lines):
        c = net.l_country[line]
        if s.crew[line] + s.trainees[line] + wanted[line] < EPS:
            continue
        hired = wanted[line] * granted[c]
        trained = s.trainees[line] / training(net, s, p, line)
        leave = leaving(net, s, p, line)
        left, left_early = leave * s.crew[line], leave * s.trainees[line]
        spare = s.crew[line] - SPARE * needed[line]
        doubt = 1.0 - s.credibility[line]  # a firm that believes in demand keeps its people
        laid_off = min(max(spare, 0.0), p.layoff * doubt * s.crew[line])
        if not s.alive[line]:
            laid_off = s.crew[line]
        left = min(left + laid_off, s.crew[line])
        s.crew[line] += trained - left
        s.trainees[line] += hired - trained - left_early
        s.pool[c] += left + left_early - hired
        wages = p.wage * (s.crew[line] + s.trainees[line])
        s.cash[line] -= wages
        s.ledger[WAGES] += wages
