"""What a month does to trust, to secrets, and to what governments have seen."""

from __future__ import annotations

import numpy as np

from mobilize.network import NEUTRAL, STANCELESS, Network
from mobilize.parameters import Parameters
from mobilize.physics.buying import objective
from mobilize.physics.kernel import kernel
from mobilize.physics.licences import controlled_sites
from mobilize.programs import SUSTAINMENT
from mobilize.state import EPS, LACK, MEMORY, UNMET, WAR, Flags, Floats, Ints, State
from mobilize.terms import LEAK_HAZARD


@kernel
def politics(
    net: Network, s: State, p: Parameters, t: int, luck: Floats, peacetime: Floats
) -> Ints:  # fmt: skip
    """Let partners lose trust and know-how, and governments see; return where something leaked.

    Parameters
    ----------
    t : int
        Months since the start.
    luck : ndarray, shape (countries,)
        Uniform luck of secrets this month.
    peacetime : ndarray, shape (programs,)
        Units of each program that are used a month in peace.

    Returns
    -------
    ndarray of int32
        Countries where know-how leaked.
    """
    remember_slights(net, s, p)
    look(net, s, t, peacetime)
    return leaks(net, s, p, luck)


@kernel
def allies(net: Network) -> Flags:
    """Return which countries are allies of the United States: neither neutral nor opposed."""
    found = np.zeros(len(net.c_home), np.bool_)
    for c in range(len(found)):
        aligned = net.c_alignment[c] > EPS and net.c_neutral[c] < 0.5
        found[c] = aligned and net.c_stance[c] != NEUTRAL and not net.c_home[c]
    return found


@kernel
def promise(s: State, c: int, honoured: float) -> None:
    """Remember that a country was asked for something, and which share of it was honoured."""
    s.promised[c] += 1.0
    s.kept[c] += honoured


@kernel
def resent(s: State, step: float) -> None:
    """Add to the resistance at home to foreign sources, at most 1."""
    s.backlash[0] = min(1.0, s.backlash[0] + step)


@kernel
def remember_slights(net: Network, s: State, p: Parameters) -> None:
    """Let partners lose trust where ratings took their goods this month in the United States."""
    taken = False
    for r in range(len(s.gained)):
        taken = taken or s.gained[r] <= -EPS
    if not taken:
        return
    lost, sent = np.zeros(len(s.trust)), np.zeros(len(s.trust))
    for r in range(len(s.gained)):
        c = net.r_buyer[r]
        if net.l_ratings[net.r_supplier[r]] and not net.c_home[c]:
            lost[c] += max(0.0, -s.gained[r])
            sent[c] += s.sent[r]
    for c in range(len(s.trust)):
        if lost[c] > EPS:
            share = lost[c] / (lost[c] + sent[c])
            s.trust[c] = max(0.0, s.trust[c] - p.trust_denied * share / 12)


@kernel
def leaks(net: Network, s: State, p: Parameters, luck: Floats) -> Ints:
    """Return the countries abroad where know-how leaks, by luck.

    The hazard grows with the number of sites that make what an agreement controls.
    """
    sites = controlled_sites(net, s)
    leaked = np.zeros(len(sites), np.bool_)
    for c in range(len(sites)):
        hazard = min(1.0, p.leak_rate * s.of_country[LEAK_HAZARD, c] / 12)
        leaked[c] = not net.c_home[c] and luck[c] < 1.0 - (1.0 - hazard) ** sites[c]
    return np.flatnonzero(leaked).astype(np.int32)


@kernel
def look(net: Network, s: State, t: int, peacetime: Floats) -> None:
    """Write down what was seen of every program this month, as shares, where anybody responds.

    Of what was asked of its stock and went unmet; of its objective that is not in stock; of the
    use that is not peacetime's. For a fleet the first counts spares.
    """
    if (net.c_stance == STANCELESS).all():
        return
    now, aim = t % MEMORY, objective(net, s)
    for i in range(len(s.stock)):
        wanted = net.p_use[i] if net.p_kind[i] == SUSTAINMENT else s.asked[i]
        s.seen[UNMET, i, now] = part(s.unmet[i], max(wanted, s.unmet[i]))
        s.seen[LACK, i, now] = part(max(0.0, aim[i] - s.stock[i]), aim[i])
        s.seen[WAR, i, now] = part(max(0.0, s.asked[i] - peacetime[i]), s.asked[i])


@kernel
def part(some: float, whole: float) -> float:
    """Return some as a share of the whole, 0 of nothing."""
    return some / whole if whole > EPS else 0.0
