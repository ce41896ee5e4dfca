"""Governments that respond to crises: each works down the rules of its stance.

A rule that a lever of the catalogue can carry out sets that lever, so cost, onset and evidence
are the lever's; it leaves alone what the policy has set.
"""

from __future__ import annotations

import numpy as np

from agents.actions import ACTIONS
from agents.need import NEED
from agents.rules import Rule, rules_of
from agents.sights import TRIGGERS, told
from mobilize.network import STANCELESS
from mobilize.world import Decision, World


def respond(world: World, country: int) -> list[Decision]:
    """Let a government do what its rules say about what it has seen; return what it did."""
    stance = world.net.c_stance[country]
    before = len(world.log)
    if stance == STANCELESS:
        return []
    for rule in rules_of(stance):
        if rule.action != NEED:
            for i in np.flatnonzero(TRIGGERS[rule.trigger](world, country, rule)).tolist():
                act(world, country, rule, i)
    return world.log[before:]


def act(world: World, country: int, rule: Rule, i: int) -> None:
    """Do what a rule says about a program, unless it was done lately."""
    answer = (rule.name, world.names.countries[country], world.names.programs[i])
    if world.rests(answer, rule.cooldown):
        return
    if ACTIONS[rule.action](world, country, rule, i, f"{rule.title}: {told(world, i, rule)}"):
        world.answered[answer] = world.month
