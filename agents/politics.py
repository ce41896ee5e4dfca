"""Politics and security month by month: backlash at home, leaks abroad, trust slighted."""

from __future__ import annotations

import numpy as np

from agents.requests import remember_slights
from agents.sights import watch
from mobilize.cohesion import forget
from mobilize.luck import Stream
from mobilize.physics.licences import controlled_sites
from mobilize.terms import LEAK_HAZARD
from mobilize.world import QUARTER, World


def play_politics(world: World) -> None:
    """Let trust, resistance at home, secrets and memory take their course this month."""
    remember_slights(world)
    leak(world)
    watch(world)
    if world.month % QUARTER == 0:
        world.s.backlash[0] *= 1.0 - world.p.backlash_decay
        forget(world)


def leak(world: World) -> None:
    """Let know-how leak from partners' sites; controlled trade with them then stops.

    The hazard grows with the number of sites abroad that make what an agreement controls.
    """
    s, net, p = world.s, world.net, world.p
    sites = controlled_sites(*world.arrays[:2])
    hazard = p.leak_rate * s.of_country[LEAK_HAZARD] / 12
    chance = 1.0 - (1.0 - np.minimum(hazard, 1.0)) ** sites
    luck = world.luck.uniform(Stream.LEAKS, world.month, len(sites))
    for c in np.flatnonzero((luck < chance) & ~net.c_home).tolist():
        s.frozen[c] = p.leak_freeze
        world.resent(p.backlash_denial)
        why = f"know-how leaked from one of {sites[c]:.0f} sites; licences are frozen"
        world.note("security", "leak", world.names.countries[c], p.leak_freeze, "months", why)
