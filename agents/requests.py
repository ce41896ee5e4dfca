"""Requests for priority across borders: who honours them, and what trust makes of it.

Abroad a rating is a request. A firm that signed its country's code of conduct honours more of
them; its government may still need the output itself (design: policy, 1.3; all coefficients
are notional).
"""

from __future__ import annotations

import numpy as np

from mobilize.cohesion import promise
from mobilize.luck import Stream
from mobilize.physics.sourcing import answer, readiness
from mobilize.state import Floats, Ints
from mobilize.world import QUARTER, World


def honour_chance(world: World) -> Floats:
    """Return the chance that each line honours a request of the United States, shape (lines,)."""
    z = readiness(*world.arrays, world.signatory)
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def answer_requests(world: World, country: int, requests: Ints) -> float:
    """Decide which requests (routes) the plants of a country honour; return the share honoured."""
    chance = world.this_month("honour", honour_chance)
    luck = world.luck.uniform(Stream.HONOUR, world.month // QUARTER, len(world.net.r_slot))
    honoured = answer(*world.arrays, country, requests, luck, chance)
    promise(world, country, honoured)
    return honoured
