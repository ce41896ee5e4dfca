"""What the challenger makes of the world: signals, delayed and blurred, and its reasons from them.

Computed the same way for every mindset, side by side; the one that plays is hidden from players.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from agents.challenger import Mindset, Picture, drift, perceive, waterfall
from agents.tables import mindsets
from mobilize.ladder import MINDSETS
from mobilize.luck import Stream
from mobilize.network import CHANNELS, CONTRACTS
from mobilize.state import AGES, EPS, Floats, Ints
from mobilize.terms import PUBLICITY, REASSURANCE
from mobilize.world import QUARTER, World

# Places in a row of `signals`; LATER begins days of fires and months to replenish at the horizon
# of each mindset, as they will be if the visible ramp is carried out.
FIRES, REPLENISH, ASSURED, PUBLIC, EXPOSURE, FRAGILE, LATER = range(7)
PARTS = len(Picture._fields)
YEAR = 12
Terms = tuple[float, ...]


def horizons() -> Floats:
    """Return how many months ahead each mindset plans."""
    return np.array([mindsets()[name].horizon for name in MINDSETS])


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


def signals(world: World, mindset: Mindset, month: int) -> list[float]:
    """Return the signals that have reached a challenger by a month."""
    row: list[float] = world.s.signals[(month - int(mindset.delay)) % AGES].tolist()
    return row


def blur(world: World, month: int) -> Terms:
    """Return a quarter's luck in seeing, a standard normal number for each part."""
    luck = world.luck.uniform(Stream.PERCEPTION, month // QUARTER, PARTS)
    return tuple(_NORMAL.inv_cdf(min(max(u, EPS), 1.0 - EPS)) for u in luck.tolist())


_NORMAL = NormalDist()


def reasons(world: World, name: str, need_days: float, month: int, luck: Terms) -> Terms:
    """Return the waterfall of a mindset in a month: what acting is worth less what waiting is."""
    mindset = mindsets()[name]
    row = signals(world, mindset, month)
    place = LATER + 2 * MINDSETS.index(name)
    now = Picture(row[FIRES], row[REPLENISH], row[ASSURED])
    later = Picture(row[place], row[place + 1], row[ASSURED])
    seen, ahead = (perceive(mindset, truth, luck, row[PUBLIC]) for truth in (now, later))
    drifting = drift(mindset, seen, ahead, need_days, float(world.s.of_base[REASSURANCE]))
    return waterfall(mindset, seen, need_days, drifting, float(world.s.motivation[0]))


def views(world: World, need_days: float, month: int) -> list[Terms]:
    """Return the waterfalls of all mindsets by a month's end, in the order of MINDSETS."""
    luck = blur(world, month)
    return [reasons(world, name, need_days, month, luck) for name in MINDSETS]
