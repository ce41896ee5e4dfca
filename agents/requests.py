"""Requests for priority across borders: who honours them, and what trust makes of it.

Abroad a rating is a request. A firm that signed its country's code of conduct honours more of
them; its government may still need the output itself (design: policy, 1.3; all coefficients
are notional).
"""

from __future__ import annotations

import numpy as np

from mobilize.luck import Stream
from mobilize.physics.sourcing import answer, readiness
from mobilize.state import Floats, Ints
from mobilize.world import QUARTER, World


def honour_chance(world: World) -> Floats:
    """Return the chance that each line honours a request of the United States, shape (lines,)."""
    z = readiness(*world.arrays, world.signatory)
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def answer_requests(world: World, country: int, requests: Ints) -> None:
    """Decide which requests (routes) the plants of a country honour; a denial is felt at home.

    Where somebody sits for its government and has given a word, the word is the chance.
    """
    part = len(requests) / max(1, world.requests)
    luck, chance = world.this_month("honour", _odds)
    share, until = world.words.get(world.names.countries[country], (0.0, 0))
    if world.month < until:
        chance = np.full_like(chance, share)
    answer(*world.arrays, country, requests, luck, chance, part)


def _odds(world: World) -> tuple[Floats, Floats]:
    """Return the luck of each route this quarter, and the chance that each line honours."""
    luck = world.luck.uniform(Stream.HONOUR, world.month // QUARTER, len(world.net.r_slot))
    return luck, honour_chance(world)
