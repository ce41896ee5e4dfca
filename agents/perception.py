"""What the challenger makes of the world: signals, delayed and blurred, and its reasons from them.

Computed the same way for every mindset, side by side; the one that plays is hidden from players.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np

from agents.tables import handles, mindsets
from mobilize.ladder import MINDSETS
from mobilize.luck import Stream
from mobilize.network import CHANNELS, CONTRACTS
from mobilize.physics.reasons import LATER, Picture, Terms
from mobilize.physics.reasons import reasons as weigh
from mobilize.state import AGES, EPS, Floats, Ints
from mobilize.terms import PUBLICITY, REASSURANCE
from mobilize.world import QUARTER, World

PARTS = len(Picture._fields)
YEAR = 12


def visibility(world: World, critical: Ints) -> float:
    """Return how much of the critical programs is public, above the floor and at most 1.

    Half is the share of what is on contract that was published (multiyear and framework
    contracts, foreign military sales), half the share of the stock that came in the last year;
    then what the term `publicity` adds or hides.
    """
    s, net = world.s, world.net
    worth = net.p_cost[critical]
    announced = s.contract[critical] != CONTRACTS.index("annual")
    announced |= s.channel[critical] == CHANNELS.index("fms")
    on_contract = s.undelivered[critical] * worth
    year = YEAR * s.recent[critical] * worth
    held = s.stock[critical] * worth + year
    contracts = float(on_contract[announced].sum() / max(float(on_contract.sum()), EPS))
    arrived = float(year.sum() / max(float(held.sum()), EPS))
    public = (contracts + arrived) / 2 + float(world.s.of_base[PUBLICITY])
    floor = world.p.visibility_floor
    return float(floor + (1.0 - floor) * min(1.0, max(0.0, public)))


def signals(world: World, name: str, month: int) -> Floats:
    """Return the signals that have reached a mindset by a month, shape (SIGNALS,)."""
    row: Floats = world.s.signals[(month - int(mindsets(world.figures)[name].delay)) % AGES]
    return row


def blur(world: World, month: int) -> Floats:
    """Return a quarter's luck in seeing, a standard normal number for each part."""
    luck = world.luck.uniform(Stream.PERCEPTION, month // QUARTER, PARTS)
    return np.array([_normal(u) for u in luck.tolist()])


@lru_cache(maxsize=1024)
def _normal(u: float) -> float:
    return _NORMAL.inv_cdf(min(max(u, EPS), 1.0 - EPS))


_NORMAL = NormalDist()
_PLACE = {name: LATER + 2 * n for n, name in enumerate(MINDSETS)}  # of a horizon's picture


def reasons(world: World, name: str, need_days: float, month: int, luck: Floats) -> Terms:
    """Return the waterfall of a mindset in a month: what acting is worth less what waiting is."""
    reassured, motivation = world.s.of_base.item(REASSURANCE), world.s.motivation.item(0)
    row = signals(world, name, month)
    return weigh(
        handles(world.figures)[name], row, _PLACE[name], luck, need_days, reassured, motivation
    )


def views(world: World, need_days: float, month: int) -> list[Terms]:
    """Return the waterfalls of all mindsets by a month's end, in the order of MINDSETS."""
    luck = blur(world, month)
    return [reasons(world, name, need_days, month, luck) for name in MINDSETS]
