"""Politics and security month by month: backlash at home, leaks abroad, trust slighted."""

from __future__ import annotations

from mobilize.cohesion import forget
from mobilize.conflicts import peacetime
from mobilize.luck import Stream
from mobilize.physics.licences import controlled_sites
from mobilize.physics.politics import politics
from mobilize.world import QUARTER, World


def play_politics(world: World) -> None:
    """Let trust, resistance at home, secrets and memory take their course this month."""
    luck = world.luck.uniform(Stream.LEAKS, world.month, len(world.s.trust))
    leaked = politics(*world.arrays, world.month, luck, peacetime(world.scenario))
    if len(leaked):
        leak(world, leaked.tolist())
    if world.month % QUARTER == 0:
        world.s.backlash[0] *= 1.0 - world.p.backlash_decay
        forget(world)


def leak(world: World, countries: list[int]) -> None:
    """Let know-how leak from countries' sites; controlled trade with them then stops."""
    s, p = world.s, world.p
    sites = controlled_sites(*world.arrays[:2])
    for c in countries:
        s.frozen[c] = p.leak_freeze
        world.resent(p.backlash_denial)
        why = f"know-how leaked from one of {sites[c]:.0f} sites; licences are frozen"
        world.note("security", "leak", world.names.countries[c], p.leak_freeze, "months", why)
