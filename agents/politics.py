"""Politics and security month by month: backlash at home, leaks abroad, trust slighted."""

from __future__ import annotations

import numpy as np

from agents.requests import remember_slights
from mobilize.luck import Stream
from mobilize.state import EPS
from mobilize.terms import LEAK_HAZARD
from mobilize.world import QUARTER, World


def play_politics(world: World) -> None:
    """Let trust, resistance at home and secrets take their course this month."""
    remember_slights(world)
    leak(world)
    if world.month % QUARTER == 0:
        world.s.backlash[0] *= 1.0 - world.p.backlash_decay


def leak(world: World) -> None:
    """Let know-how leak from partners' sites; controlled trade with them then stops.

    The hazard grows with the number of sites abroad that make what an agreement controls.
    """
    s, net, p = world.s, world.net, world.p
    sites = controlled_sites(world)
    hazard = p.leak_rate * s.of_country[LEAK_HAZARD] / 12
    chance = 1.0 - (1.0 - np.minimum(hazard, 1.0)) ** sites
    luck = world.luck.uniform(Stream.LEAKS, world.month, len(sites))
    for c in np.flatnonzero((luck < chance) & ~net.c_home).tolist():
        s.frozen[c] = p.leak_freeze
        s.backlash[0] = min(1.0, s.backlash[0] + p.backlash_denial)
        why = f"know-how leaked from one of {sites[c]:.0f} sites; licences are frozen"
        world.note("security", "leak", world.names.countries[c], p.leak_freeze, "months", why)


def controlled_sites(world: World) -> np.ndarray:
    """Return by country the working lines that take or make controlled goods across a border."""
    s, net = world.s, world.net
    used = (net.r_licence > 0) & s.open & (s.share > EPS)
    lines = np.zeros(len(net.l_item), np.bool_)
    lines[net.r_supplier[used]] = True
    buyers = used & (net.r_slot >= 0)
    lines[net.k_line[net.r_slot[buyers]]] = True
    return np.bincount(net.l_country[lines & s.alive], minlength=len(s.trust))
