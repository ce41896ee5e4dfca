"""Export stops: a front-line state keeps what it lacks, a neutral stays out of a war."""

from __future__ import annotations

import numpy as np

from agents.rules import Rule
from agents.sights import Told
from mobilize.cohesion import move_trust, promise
from mobilize.network import NONE
from mobilize.physics.chains import exports
from mobilize.state import Ints
from mobilize.world import World


def keep_output(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Let none of an item leave the country for some months."""
    routes = exports(*world.arrays[:2], country, world.net.p_item[i], NONE)
    return stop(world, country, routes, rule, world.names.programs[i], why)


def withhold(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Let nothing leave for a country at war for some months, but what civil customers buy."""
    at_war = world.net.p_country[i]
    routes = exports(*world.arrays[:2], country, NONE, at_war)
    return stop(world, country, routes, rule, world.names.countries[at_war], why)


def stop(
    world: World, country: int, routes: Ints, rule: Rule, target: str, why: Told
) -> bool:  # fmt: skip
    """Close routes out of a country; return whether there are any.

    The country and those it denies lose trust; a denial of the United States is felt there.
    """
    net, s, p = world.net, world.s, world.p
    if not len(routes):
        return False
    s.blocked[routes] = rule.size
    denied = np.unique(net.r_buyer[routes]).tolist()
    for c in (country, *denied):
        move_trust(world, c, -p.deny_trust)
    if net.c_home[denied].any():
        world.resent(p.backlash_denial)
    promise(world, country, 0.0)
    world.note(world.names.countries[country], "denial", target, len(routes), "routes", str(why))
    return True
