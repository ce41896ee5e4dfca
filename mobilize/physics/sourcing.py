"""How buyers move orders between qualified sources, and who honours their requests."""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.physics.ordering import called_ahead
from mobilize.physics.politics import promise, resent
from mobilize.physics.production import FIRST_SHIFT
from mobilize.state import EPS, Floats, Ints, State
from mobilize.terms import (
    ALIGNMENT,
    BACKLASH,
    CODE,
    DOMESTIC_ONLY,
    KNOWLEDGE,
    LEGAL,
    OPENNESS,
    OWN_NEED,
    PRICE_FACTOR,
    RDP,
    SOSA,
)

TRUSTED = 2  # times what its crew makes now that buyers trust a source to grow to
LONG = 3  # months above its capacity after which a source counts as full


@kernel
def at_limit(s: State, p: Parameters, line: int) -> bool:
    """Return whether buyers look for another source: a line gone, late, or long full."""
    late = s.book[line] > p.late_book * (s.normal_book[line] + s.forecast[line])
    return not s.alive[line] or late or s.over[line] >= LONG


@kernel
def welcome(net: Network, s: State, p: Parameters, r: int) -> float:
    """Return how far a buyer considers a source: 1 at home, less abroad.

    A memorandum makes partner content count as domestic (DFARS 225.872) in the buys whose
    program office knows it; other offers are evaluated at a factor (DFARS 225.502). Political
    resistance above its limit closes part of the door.
    """
    buyer, seller = net.r_buyer[r], net.l_country[net.r_supplier[r]]
    if buyer == seller:
        return 1.0
    known = s.of_base[KNOWLEDGE] * s.of_country[RDP, seller]
    offers = known + (1.0 - known) / s.of_country[PRICE_FACTOR, buyer]
    barred = s.of_country[DOMESTIC_ONLY, buyer]
    if net.c_home[buyer] and s.backlash[0] + s.of_base[BACKLASH] > p.backlash_limit:
        barred = max(barred, p.backlash_cut)
    return min(1.0, offers * s.of_country[OPENNESS, buyer]) * (1.0 - barred)


@kernel
def room(net: Network, s: State, r: int, taken: float) -> float:
    """Return what a route's supplier can make for this buyer, units/month.

    What the buyer takes now (`taken`) and what the supplier's equipment leaves beside all its
    orders, as far as its crew is trusted to grow; of a supplier asked for more than that, the
    buyer's part.
    """
    line = net.r_supplier[r]
    if not s.alive[line] or s.blocked[r] > EPS:
        return 0.0
    full = s.equip[line] * net.l_rate[line, 2] * (1.0 - s.squeeze[r])
    full = min(full, TRUSTED * max(s.capacity[line], FIRST_SHIFT * full))
    asked = s.forecast[line]
    if asked > full:
        return taken * full / asked
    return taken + full - asked


@kernel
def move_shares(net: Network, s: State, p: Parameters, routes: Ints, need: float) -> None:
    """Move part of one need (units/month) away from sources at their limit.

    Buyers move toward shares in proportion to what each source has room for: at once when a
    border closes on one, else step by step.
    """
    late, cut, total = False, False, 0.0
    for r in routes:
        if s.open[r]:
            door = welcome(net, s, p, r)
            shut = at_limit(s, p, net.r_supplier[r]) or door < EPS or s.squeeze[r] > EPS
            cut = cut or (s.share[r] > EPS and s.blocked[r] > EPS)
            late = late or (s.share[r] > EPS and shut)
            total += door * room(net, s, r, s.share[r] * need)
    if not (late or cut) or total < EPS:
        return
    step = 1.0 if cut else p.resource_step
    for r in routes:
        if s.open[r]:
            part = welcome(net, s, p, r) * room(net, s, r, s.share[r] * need) / total
            s.share[r] += step * (part - s.share[r])


@kernel
def own_need(s: State) -> Floats:
    """Return how far each country needs its own output first, 0-1: at least the term."""
    return np.maximum(s.of_country[OWN_NEED], s.need)


@kernel
def readiness(net: Network, s: State, p: Parameters, signatory: Floats) -> Floats:
    """Return the log odds that each line honours a request of the United States, shape (lines,).

    `signatory` is the coverage of its country's code of conduct at which a line's firm signs it.
    """
    z, need = np.empty(len(signatory)), own_need(s)
    for line in range(len(z)):
        c = net.l_country[line]
        sosa = s.of_country[SOSA, c]
        signed = 1.0 if signatory[line] < s.of_country[CODE, c] else 0.0
        z[line] = (
            p.honor_base
            + p.honor_alignment * ((s.of_country[ALIGNMENT, c] + s.trust[c]) / 2)
            + p.honor_sosa * sosa
            + p.honor_code * signed * sosa
            + p.honor_legal * s.of_country[LEGAL, c] * sosa
            - p.honor_need * need[c]
            - p.honor_neutral * net.c_neutral[c]
        )
    return z


@kernel
def answer(
    net: Network, s: State, p: Parameters, c: int, requests: Ints, luck: Floats, chance: Floats,
    part: float,
) -> None:  # fmt: skip
    """Honour or deny a country's priority requests, routes: `part` of all that are made.

    `luck` is uniform by route, `chance` that of each line to honour one. Trust, from 0 to 1,
    remembers the balance of what was honoured and denied, from none to all; a denial is felt at
    home.
    """
    honoured = 0
    for r in requests:
        s.honour[r] = luck[r] < chance[net.r_supplier[r]]
        honoured += s.honour[r]
    share = honoured / len(requests)
    s.trust[c] = min(1.0, max(0.0, p.trust_memory * s.trust[c] + (1.0 - p.trust_memory) * share))
    promise(s, c, share)
    resent(s, p.backlash_denial * (1.0 - share) * part)


@kernel
def source_inputs(net: Network, s: State, p: Parameters, slots: Ints) -> None:
    """Let the buyers of these input slots move orders away from late suppliers."""
    for k in slots:
        routes = net.k_order[net.k_routes[k] : net.k_routes[k + 1]]
        move_shares(net, s, p, routes, s.plan[net.k_line[k]] * net.k_quantity[k])


@kernel
def source_programs(net: Network, s: State, p: Parameters, t: int, programs: Ints) -> None:
    """Let programs move orders away from late primes."""
    for i in programs:
        routes = net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]
        move_shares(net, s, p, routes, called_ahead(s, p, t, i))
