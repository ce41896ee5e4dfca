"""Governments that respond to crises: each works down the rules of its stance.

A rule that a lever of the catalogue can carry out sets that lever, so cost, onset and evidence
are the lever's; it leaves alone what the policy has set.
"""

from __future__ import annotations

from agents.actions import ACTIONS, ENDS
from agents.need import NEED
from agents.rules import Rule
from agents.sights import Reason, alarms
from mobilize.world import Decision, World


def respond(world: World, country: int) -> list[Decision]:
    """Let a government do what its rules say about what it has seen; return what it did."""
    seen = alarms(world).get(country)
    if seen is None:
        return []
    before = len(world.log)
    taken = taken_from(world, world.names.countries[country])
    idle = (NEED,) if world.made else (NEED, *ENDS)
    for rule, i in seen:
        if rule.action not in idle and rule.action not in taken:
            act(world, country, rule, i)
    return world.log[before:]


def taken_from(world: World, who: str) -> frozenset[str]:
    """Return the actions that somebody in a seat decides, so that the rules of `who` do not."""
    return frozenset(action for name, action in world.seated if name == who)


def act(world: World, country: int, rule: Rule, i: int) -> None:
    """Do what a rule says about a program, unless it was done lately."""
    answer = (rule.name, world.names.countries[country], world.names.programs[i])
    if world.rests(answer, rule.cooldown):
        return
    if ACTIONS[rule.action](world, country, rule, i, Reason(world, rule, i)):
        world.answered[answer] = world.month
