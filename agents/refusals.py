"""Export stops: a front-line state keeps what it lacks, a neutral stays out of a war."""

from __future__ import annotations

import numpy as np

from agents.rules import Rule
from agents.sights import Told
from mobilize.cohesion import move_trust, promise
from mobilize.network import NONE
from mobilize.state import EPS, Flags
from mobilize.world import World


def keep_output(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Let none of an item leave the country for some months."""
    net = world.net
    item = net.l_item[net.r_supplier] == net.p_item[i]
    return stop(world, country, item, rule, world.names.programs[i], why)


def withhold(world: World, country: int, rule: Rule, i: int, why: Told) -> bool:
    """Let nothing leave for a country at war for some months, but what civil customers buy."""
    net = world.net
    at_war = net.p_country[i]
    military = (net.r_slot != NONE) | (net.r_program != NONE)
    chosen = military & (net.r_buyer == at_war)
    return stop(world, country, chosen, rule, world.names.countries[at_war], why)


def stop(
    world: World, country: int, chosen: Flags, rule: Rule, target: str, why: Told
) -> bool:  # fmt: skip
    """Close the chosen routes out of a country that are not closed; return whether there are any.

    The country and those it denies lose trust; a denial of the United States is felt there.
    """
    net, s, p = world.net, world.s, world.p
    own = net.l_country[net.r_supplier] == country
    exports = np.flatnonzero(own & (net.r_buyer != country) & chosen)
    routes = exports[(s.blocked[exports] < EPS) & (s.share[exports] * s.open[exports] > EPS)]
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
