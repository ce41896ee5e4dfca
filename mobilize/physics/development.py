"""The month's work of a development: what its partners have funded, and what it costs them."""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.physics.kernel import kernel
from mobilize.state import EPS, PROJECTS, Floats, State
from mobilize.terms import DEVELOPMENT_TIME


@kernel
def funding(net: Network, s: State, v: int) -> Floats:
    """Return the share of a development that each partner has funded, 0 of one that left."""
    first, last = net.v_partners[v], net.v_partners[v + 1]
    weight = np.zeros(last - first)
    for n in range(first, last):
        if s.pledge[n] > EPS:
            weight[n - first] = s.pledge[n] * s.funded[n]
    return weight


@kernel
def effort(net: Network, s: State, v: int) -> float:
    """Return the months of fully funded work done in a month."""
    funded = 0.0
    for weight in funding(net, s, v):
        funded += weight
    return funded / s.of_program[DEVELOPMENT_TIME, net.v_program[v]]


@kernel
def work_on(net: Network, s: State, lengths: Floats, v: int, m: int, left: float) -> float:
    """Spend effort (months) on a milestone, as far as it goes; return what is left of it.

    The partners pay in proportion to what they have funded.

    Parameters
    ----------
    lengths : ndarray, shape (milestones,)
        Months of each milestone at full funding.
    v, m : int
        The development and its present milestone.
    """
    share = min(left / lengths[m], s.work_left[v])
    s.work_left[v] -= share
    money, first = share * net.m_cost[m], net.v_partners[v]
    weights, total = funding(net, s, v), 0.0
    for weight in weights:
        total += weight
    for n in range(len(weights)):
        s.contributed[first + n] += money * weights[n] / total
    s.ledger[PROJECTS] += money
    return left - share * lengths[m]
