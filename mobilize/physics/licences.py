"""Export control: what may be ordered across a border, and the queue for licences.

A licence covers a monthly amount. Whoever needs more applies, and orders what is covered until
the licence is granted (22 CFR 123, 124). Officers work on all applications at once: more of
them than they can handle, and each takes longer.
"""

from __future__ import annotations

import numpy as np

from mobilize.network import NONE, Network
from mobilize.parameters import Parameters
from mobilize.physics.contracts import FMS
from mobilize.physics.kernel import kernel
from mobilize.state import EPS, Floats, State
from mobilize.terms import AGREEMENT_TIME, ALIGNMENT, DENIAL, EXEMPT, LICENCE_TIME, OFFICERS

LICENCE, AGREEMENT = 1, 2


@kernel
def licence_free(net: Network, s: State, r: int) -> float:
    """Return the share of a route's goods that needs no licence.

    A sale from government to government needs none (22 CFR 126.6(c)).
    """
    i = net.r_program[r]
    if net.r_licence[r] == 0 or (i >= 0 and s.channel[i] == FMS):
        return 1.0
    partner = net.r_partner[r]
    if partner == NONE or s.frozen[partner] > EPS:
        return 0.0
    return s.of_country[EXEMPT, partner]


@kernel
def foreign_end(net: Network, r: int) -> int:
    """Return the country that a route's licence is about."""
    return net.r_partner[r] if net.r_partner[r] != NONE else net.r_buyer[r]


@kernel
def design_need(net: Network, s: State, r: int) -> float:
    """Return what a buying line's equipment could use of a route's goods, units/month.

    A new plant applies for what it is built for, not for its first small order.
    """
    k = net.r_slot[r]
    if k < 0:
        return 0.0
    line = net.k_line[k]
    return s.share[r] * s.equip[line] * net.l_rate[line, 2] * net.k_quantity[k]


@kernel
def within_licence(net: Network, s: State, p: Parameters, r: int, units: float) -> float:
    """Return how much of an order (units/month) may be placed; apply for more where it is short."""
    if net.r_licence[r] == 0:
        return units
    free = licence_free(net, s, r)
    controlled = (1.0 - free) * units
    if controlled <= s.licensed[r] + EPS:
        return units
    if s.applied[r] < EPS:
        c = foreign_end(net, r)
        s.applied[r] = max(p.licence_headroom * controlled, design_need(net, s, r))
        if net.r_licence[r] == LICENCE:
            s.wait[r] = p.licence_time * s.of_country[LICENCE_TIME, c]
        else:
            s.wait[r] = p.agreement_time * s.of_country[AGREEMENT_TIME, c]
    return free * units + s.licensed[r]


@kernel
def process_licences(net: Network, s: State, p: Parameters, chance: Floats) -> None:
    """Work on applications for a month; grant or deny those that are done.

    `chance` is uniform luck by route. The more aligned a country, the rarer a denial.
    """
    load = 0.0
    for r in range(len(s.wait)):
        if s.applied[r] > EPS:
            load += p.agreement_load if net.r_licence[r] == AGREEMENT else 1.0
    pace = min(1.0, s.of_base[OFFICERS] * p.licence_capacity / max(load, EPS))
    for r in range(len(s.wait)):
        if s.applied[r] < EPS:
            continue
        c = foreign_end(net, r)
        if s.frozen[c] > EPS:
            continue
        s.wait[r] -= pace
        if s.wait[r] > EPS:
            continue
        s.wait[r] = 0.0
        if chance[r] < p.denial_rate * s.of_country[DENIAL, c] * (1.0 - s.of_country[ALIGNMENT, c]):
            s.wait[r] = p.denial_time  # then it is asked for again, on new terms
        else:
            s.licensed[r] = s.applied[r]
            s.applied[r] = 0.0
    for c in range(len(s.frozen)):
        s.frozen[c] = max(0.0, s.frozen[c] - 1.0)


@kernel
def controlled_sites(net: Network, s: State) -> Floats:
    """Return by country the working lines that take or make controlled goods across a border."""
    at = np.zeros(len(net.l_item), np.bool_)
    for r in range(len(net.r_slot)):
        if net.r_licence[r] > 0 and s.open[r] and s.share[r] > EPS:
            at[net.r_supplier[r]] = True
            if net.r_slot[r] >= 0:
                at[net.k_line[net.r_slot[r]]] = True
    sites = np.zeros(len(s.trust))
    for line in range(len(net.l_item)):
        if at[line] and s.alive[line]:
            sites[net.l_country[line]] += 1.0
    return sites
