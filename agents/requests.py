"""Requests for priority across borders: who honours them, and what trust makes of it.

Abroad a rating is a request. A firm that signed its country's code of conduct honours more of
them; its government may still need the output itself (design: policy, 1.3; all coefficients
are notional).
"""

from __future__ import annotations

import numpy as np

from agents.need import own_need
from mobilize.cohesion import promise
from mobilize.luck import Stream
from mobilize.physics.sourcing import answer
from mobilize.state import EPS, Floats, Ints
from mobilize.terms import ALIGNMENT, CODE, LEGAL, SOSA
from mobilize.world import QUARTER, World


def honour_chance(world: World) -> Floats:
    """Return the chance that each line honours a request of the United States, shape (lines,)."""
    p, s = world.p, world.s
    c = world.net.l_country
    signed = world.signatory < s.of_country[CODE, c]
    alignment = (s.of_country[ALIGNMENT, c] + s.trust[c]) / 2
    z = (
        p.honor_base
        + p.honor_alignment * alignment
        + p.honor_sosa * s.of_country[SOSA, c]
        + p.honor_code * signed * s.of_country[SOSA, c]
        + p.honor_legal * s.of_country[LEGAL, c] * s.of_country[SOSA, c]
        - p.honor_need * own_need(world)[c]
        - p.honor_neutral * world.net.c_neutral[c]
    )
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def answer_requests(world: World, country: int, requests: Ints) -> float:
    """Decide which requests (routes) the plants of a country honour; return the share honoured.

    Trust, from 0 to 1, remembers the balance of what was honoured and denied, from none to all.
    """
    chances: Floats = world.this_month("honour", lambda: honour_chance(world))
    chance = chances[world.net.r_supplier[requests]]
    luck = world.luck.uniform(Stream.HONOUR, world.month // QUARTER, len(world.net.r_slot))
    honoured = float(answer(world.arrays[1], requests, luck, chance))
    memory, trust = world.p.trust_memory, world.s.trust
    now = memory * trust.item(country) + (1.0 - memory) * honoured
    trust[country] = min(1.0, max(0.0, now))
    promise(world, country, honoured)
    return honoured


def remember_slights(world: World) -> None:
    """Let partners lose trust where ratings took their goods this month in the United States."""
    s, net = world.s, world.net
    if s.gained.min(initial=0.0) > -EPS:
        return
    abroad = ~net.c_home[net.r_buyer] & net.l_ratings[net.r_supplier]
    buyers, countries = net.r_buyer[abroad], len(s.trust)
    lost = np.bincount(buyers, np.maximum(0.0, -s.gained[abroad]), countries)
    sent = np.bincount(buyers, s.sent[abroad], countries)
    share = np.divide(lost, lost + sent, out=np.zeros(countries), where=lost > EPS)
    np.maximum(0.0, s.trust - world.p.trust_denied * share / 12, out=s.trust)
