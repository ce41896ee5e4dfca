"""Title III of the Defense Production Act: who gets the money (50 USC 4533).

Money goes to a line that the payer can see, in a country that counts as a domestic source, by
the rule in force. The rule looks at shortages as the payer sees them, so it can miss: a prime
that complains is not always the one that holds its item up, and a hidden maker gets nothing.
"""

from __future__ import annotations

import numpy as np

from mobilize.chain import chain
from mobilize.state import BOUND, EPS, Floats
from mobilize.terms import AUTHORITY, DETECTION, ELIGIBLE, FREE_RIDING, TITLE3_RULE
from mobilize.world import Decision, World

PATIENCE = 3  # months a line stands above capacity before it counts as short
SHADOW, LOUDEST, EVEN = range(3)
RULES = ("largest shadow price", "loudest prime", "spread evenly")


def award_title3(world: World, who: str) -> list[Decision]:
    """Award grants until the fund, or the list of lines that may have one, is used up.

    A continuing resolution bars new starts.
    """
    s = world.s
    money = float(s.title3[0])
    if money < EPS or (s.resolution[world.net.c_home] > EPS).any():
        return []
    rule = round(float(s.of_base[TITLE3_RULE]))
    claims = (by_shadow_price, by_loudest, evenly)[rule](world)
    may = eligible(world)
    made = []
    for line in np.argsort(-claims, kind="stable").tolist():
        if claims[line] < EPS:
            break
        cost = world.grant_cost(line)
        if not may[line] or cost > money:
            continue
        money -= cost
        made.append(award(world, who, line, cost, RULES[rule]))
    s.title3[0] = money
    return made


def award(world: World, who: str, line: int, cost: float, rule: str) -> Decision:
    """Award a grant (kUSD) to a line; an ally may then spend less of its own."""
    s, net = world.s, world.net
    c = net.l_country[line]
    world.start_project(world.grant(line), cost=cost)
    why = f"{rule}; the line is bound by {BOUND[s.bound[line]]}"
    if not net.c_home[c]:
        withheld = min(float(s.industrial[c]), float(s.of_country[FREE_RIDING, c]) * cost)
        s.industrial[c] -= withheld
        s.withheld[c] += withheld
        world.resent(world.p.backlash_award)
        why += f"; abroad: {world.names.countries[c]} withholds {withheld / 1000:.1f} MUSD"
    name = world.project_name(world.grant(line))
    return world.note(who, "project", name, cost / 1000, "MUSD", why)


def eligible(world: World) -> np.ndarray:
    """Return which lines may have a grant now, shape (lines,)."""
    s, net = world.s, world.net
    first = world.grant(0)
    running = world.under_way()[first:]
    country = net.c_home | (s.of_country[ELIGIBLE] > 0.5)
    may = country[net.l_country] & world.visible & s.alive & ~running & (s.equip > EPS)
    may &= s.of_base[AUTHORITY] > 0.5
    return np.asarray(may & world.has_room(world.p.grant_step))


def by_shadow_price(world: World) -> Floats:
    """Return by line the value (kUSD a month) of the end items it is seen to hold up.

    The payer follows each late program down the chain of missing inputs as far as it sees.
    """
    s, net = world.s, world.net
    claims = np.zeros(len(net.l_item))
    short = s.over >= PATIENCE * s.of_base[DETECTION]
    for line in first_tier(world):
        seen = [at for at in chain(world, line) if world.visible[at]]
        root = seen[-1] if seen else line
        if short[root]:
            claims[root] += held_up_value(world, line)
    return claims


def by_loudest(world: World) -> Floats:
    """Return by line what its own prime says it is short of: only the first tier is heard."""
    claims = np.zeros(len(world.net.l_item))
    for line in first_tier(world):
        claims[line] = held_up_value(world, line)
    return claims


def evenly(world: World) -> Floats:
    """Return the same claim for every line that is busy, less for those that had a grant."""
    s, net = world.s, world.net
    had = s.added[world.grant(0) :] > EPS
    busy = s.wanted > 0.9 * s.equip * net.l_rate[:, 2]
    return np.where(busy, np.where(had, 0.5, 1.0), 0.0)


def first_tier(world: World) -> list[int]:
    """Return the lines that sell to programs."""
    net = world.net
    return np.unique(net.r_supplier[net.r_program >= 0]).tolist()


def held_up_value(world: World, line: int) -> float:
    """Return the value of what a line is asked for and does not start, kUSD a month."""
    s, net = world.s, world.net
    return float(max(0.0, s.wanted[line] - s.started[line]) * net.l_cost[line])
