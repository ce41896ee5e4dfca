"""Own need first: how far a crisis makes a country need its own output (design: policy, 1.3)."""

from __future__ import annotations

import numpy as np

from agents.rules import Rule
from agents.sights import alarms, told
from mobilize.network import STANCELESS
from mobilize.state import Floats
from mobilize.terms import OWN_NEED
from mobilize.world import World

NEED = "need"  # the action of rules that say how much is needed
SPARE = "spare"  # stock to part with, computed once until need or stocks change


def own_need(world: World) -> Floats:
    """Return how far each country needs its own output first, 0-1: at least the term."""
    return np.maximum(world.s.of_country[OWN_NEED], world.s.need)


def feel_need(world: World) -> None:
    """Let the need of every country with a stance follow the highest rule that holds."""
    seen = alarms(world)
    world.forget(SPARE)
    for c in np.flatnonzero(world.net.c_stance != STANCELESS).tolist():
        first = {rule.name: (rule, i) for rule, i in reversed(seen.get(c, []))}
        felt = [pair for pair in reversed(first.values()) if pair[0].action == NEED]
        target = max((rule.size for rule, _ in felt), default=0.0)
        world.s.need[c] += (target - world.s.need[c]) / world.p.need_smooth
        for rule, i in felt:
            if rule.size == target:
                tell(world, c, rule, i)


def tell(world: World, country: int, rule: Rule, i: int) -> None:
    """Note that a country needs its own output, unless it has done so until lately."""
    who = world.names.countries[country]
    lately = world.rests((rule.name, who, who), rule.cooldown)
    world.answered[rule.name, who, who] = world.month
    if not lately:
        world.note(who, NEED, who, rule.size, rule.unit, f"{rule.title}: {told(world, i, rule)}")
