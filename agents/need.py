"""Own need first: how far a crisis makes a country need its own output (design: policy, 1.3)."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from agents.rules import Rule
from agents.sights import alarms, told
from mobilize.world import World

NEED = "need"  # the action of rules that say how much is needed
SPARE = "spare"  # stock to part with, computed once until need or stocks change


def feel_need(world: World) -> None:
    """Let the need of every country with a stance follow the highest rule that holds."""
    world.forget(SPARE)
    target = np.zeros(len(world.s.need))
    for c, seen in sorted(alarms(world).items(), key=itemgetter(0)):
        first: dict[str, tuple[Rule, int]] = {}
        for rule, i in seen:
            if rule.action == NEED:
                first.setdefault(rule.name, (rule, i))
        target[c] = max((rule.size for rule, _ in first.values()), default=0.0)
        for rule, i in first.values():
            if rule.size == target[c]:
                tell(world, c, rule, i)
    world.s.need[:] += (target - world.s.need) / world.p.need_smooth


def tell(world: World, country: int, rule: Rule, i: int) -> None:
    """Note that a country needs its own output, unless it has done so until lately."""
    who = world.names.countries[country]
    lately = world.rests((rule.name, who, who), rule.cooldown)
    world.answered[rule.name, who, who] = world.month
    if not lately:
        world.note(who, NEED, who, rule.size, rule.unit, f"{rule.title}: {told(world, i, rule)}")
