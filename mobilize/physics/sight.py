"""What was seen for some months in a row: the kernels of governments' triggers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mobilize.network import FRONT_LINE, LEAD, Network
from mobilize.physics.kernel import kernel
from mobilize.state import EPS, MEMORY, WAR, Flags, Floats, Ints, State

OWN, OTHERS, PARTNERS, FRONT = range(4)  # whose program: PARTNERS ask the lead, FRONT is at war


class Questions(NamedTuple):
    """What rules ask of what was seen, by rule."""

    sight: Ints  # (rules,) what is looked at, see mobilize.state.SIGHTS
    threshold: Floats  # (rules,) the least share
    months: Ints  # (rules,) in how many months in a row, at most MEMORY
    below: Flags  # (rules,) that it stays below the threshold; not known in a run's first months
    whose: Ints  # (rules,) OWN for the government's own programs, else of others
    stance: Flags  # (rules, STANCES) that a government must have


@kernel
def in_a_row(s: State, q: Questions, n: int, i: int, t: int) -> bool:
    """Return whether of a program a share stood as a rule asks in each of the last months."""
    if q.below[n] and t < q.months[n]:
        return False
    for back in range(1, q.months[n] + 1):
        enough = s.seen[q.sight[n], i, (t - back) % MEMORY] >= q.threshold[n] - EPS
        if enough == q.below[n]:
            return False
    return True


@kernel
def concerns(net: Network, s: State, q: Questions, n: int, i: int, t: int) -> bool:
    """Return whether a program is of those that a rule asks about."""
    stance = net.c_stance[net.p_country[i]]
    if q.whose[n] == OWN:
        return q.stance[n, stance]
    if q.whose[n] == PARTNERS:
        return stance != LEAD  # which asks for itself
    if q.whose[n] == FRONT:
        return stance == FRONT_LINE and s.seen[WAR, i, (t - 1) % MEMORY] > EPS
    return True


@kernel
def alarms(net: Network, s: State, q: Questions, t: int) -> Ints:
    """Return which rules hold this month: rows of country, rule and program, shape (alarms, 3).

    In the order of rules, then of programs, then of countries.
    """
    found, count = np.empty((64, 3), np.int32), 0
    for n in range(len(q.sight)):
        for i in range(len(s.stock)):
            if not (concerns(net, s, q, n, i, t) and in_a_row(s, q, n, i, t)):
                continue
            its = net.p_country[i]
            own = q.whose[n] == OWN
            for c in range(its if own else 0, its + 1 if own else len(net.c_stance)):
                if (c == its) != own or not q.stance[n, net.c_stance[c]]:
                    continue
                if count == len(found):
                    found = np.concatenate((found, np.empty_like(found)))
                found[count, 0], found[count, 1], found[count, 2] = c, n, i
                count += 1
    return found[:count]
