"""What programs lack, what their money buys, and what they put on contract."""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.contracts import offers
from mobilize.physics.kernel import kernel
from mobilize.physics.ordering import spread
from mobilize.state import EPS, Floats, Ints, State
from mobilize.terms import OBJECTIVE


@kernel
def objective(net: Network, s: State) -> Floats:
    """Return the stock each government wants, units, shape (programs,)."""
    return net.p_objective * s.of_program[OBJECTIVE]


@kernel
def shortfall(net: Network, s: State) -> Floats:
    """Return the units each program still lacks, counting its use until they come; (programs,)."""
    wanted, lacks = objective(net, s), np.empty(len(s.stock))
    for i in range(len(lacks)):
        use = net.p_use[i] * (net.p_award[i] + net.p_span[i])
        lacks[i] = wanted[i] + use - s.stock[i] - s.undelivered[i]
    return lacks


@kernel
def tender(
    net: Network, s: State, p: Parameters, prices: Floats, waits: Floats, units: Floats
) -> Ints:  # fmt: skip
    """Return the programs that have money at hand and lack units.

    Writes today's price (kUSD) and months to contract of every program, and the units that its
    unobligated money buys, up to what it lacks, else nothing; shapes (programs,).
    """
    offers(net, s, p, prices, waits)
    lacks, buyers = shortfall(net, s), np.zeros(len(units), np.bool_)
    for i in range(len(units)):
        money = s.appropriated[i] - s.obligated[i]
        buyers[i] = money > 1.0 and lacks[i] > EPS
        units[i] = min(money / prices[i], lacks[i]) if buyers[i] else 0.0
    return np.flatnonzero(buyers).astype(np.int32)


@kernel
def award(
    net: Network, s: State, t: int, c: int, prices: Floats, waits: Floats, units: Floats
) -> None:  # fmt: skip
    """Put the units that a country's programs buy on contract, by what :func:`tender` wrote."""
    for i in range(len(units)):
        if net.p_country[i] != c or units[i] <= 0.0:
            continue
        wait = max(1, round(waits[i]))
        spread(s, i, t + wait, net.p_span[i], units[i])
        s.undelivered[i] += units[i]
        s.obligated[i] += units[i] * prices[i]
