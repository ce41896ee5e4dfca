"""What a setting does once, in the month in which it takes effect: money, projects, awards."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from agents.loans import hand_over, lender_of, spare
from agents.title3 import award, eligible
from mobilize.luck import Stream
from mobilize.state import IDLE
from mobilize.world import World

Act = Callable[[World, str, float], None]


def appropriate(world: World, target: str, amount: float) -> None:
    """Give a program money (MUSD)."""
    world.s.appropriated[world.names.programs.index(target)] += amount * 1000


def fund_industry(world: World, target: str, amount: float) -> None:
    """Give a government money (MUSD) for the projects of the scenario."""
    world.s.industrial[world.names.countries.index(target)] += amount * 1000


def fund_title3(world: World, target: str, amount: float) -> None:
    """Give the Title III fund money (MUSD); awards follow by the rule in force."""
    world.s.title3[0] += amount * 1000


def award_title3(world: World, target: str, amount: float) -> None:
    """Award a Title III grant to a line of the player's choice, if it may have one."""
    line = world.names.lines.index(target)
    cost, fund = world.grant_cost(line), float(world.s.title3[0])
    if eligible(world)[line] and cost <= fund:
        world.s.title3[0] = fund - cost
        award(world, "US Department of Defense", line, cost, "own choice")
    else:
        why = "no award: " + ("not eligible now" if cost <= fund else "the fund holds too little")
        world.note("US Department of Defense", "policy", target, cost / 1000, "MUSD", why)


def start(world: World, target: str, amount: float) -> None:
    """Start a project of the scenario, on money of its own, unless it has begun."""
    j = world.names.projects.index(target)
    if world.s.phase[j] == IDLE:
        world.start_project(j)


def hasten_equipment(world: World, target: str, amount: float) -> None:
    """Shorten the wait for the equipment of a project to a share of it."""
    world.s.haste[world.names.projects.index(target), 0] *= amount


def hasten_tests(world: World, target: str, amount: float) -> None:
    """Shorten the first-article tests of a project to a share of them."""
    world.s.haste[world.names.projects.index(target), 1] *= amount


def transfer_skill(world: World, target: str, amount: float) -> None:
    """Shorten the tests of every other project for the same item to a share of them."""
    net, j = world.net, world.names.projects.index(target)
    same = net.l_item[net.j_line] == net.l_item[net.j_line[j]]
    same[j] = False
    world.s.haste[same, 1] *= amount


def use_idle(world: World, target: str, amount: float) -> None:
    """Open the routes from a plant that makes the item already but is not yet qualified."""
    for r in closed_routes(world, target):
        world.open_route(r)


def test_foreign(world: World, target: str, amount: float) -> None:
    """Open each route from a plant with a chance: not everything that is tested is bought."""
    luck = world.luck.uniform(Stream.MAPPING, 1, len(world.net.r_slot))
    for r in closed_routes(world, target):
        if luck[r] < amount:
            world.open_route(r)


def closed_routes(world: World, line: str) -> list[int]:
    """Return the routes of a line on which nobody may order yet."""
    net, at = world.net, world.names.lines.index(line)
    routes = net.sales[net.l_sales[at] : net.l_sales[at + 1]]
    return [int(r) for r in routes[~world.s.open[routes]]]


def lend(world: World, target: str, amount: float) -> None:
    """Lend a program a share of the stock of the holder that has most to spare."""
    i = world.names.programs.index(target)
    lender = lender_of(world, i)
    if lender is None:
        world.note("allied government", "policy", target, 0.0, "units", "nobody lends")
        return
    units = min(amount * float(world.s.stock[lender]), float(spare(world)[lender]))
    hand_over(world, lender, i, units)
    who = world.names.countries[world.net.p_country[lender]]
    why = f"lent from {world.names.programs[lender]}; owed"
    world.note(who, "loan", target, units, "units", why)


def gain_trust(world: World, target: str, amount: float) -> None:
    """Add to a partner's trust in the United States, or to that of all."""
    trust, names = world.s.trust, world.names.countries
    chosen = [names.index(target)] if target in names else np.flatnonzero(~world.net.c_home)
    trust[chosen] = np.clip(trust[chosen] + amount, 0.0, 1.0)


ACTS: dict[str, Act] = {
    "appropriated": appropriate,
    "industrial": fund_industry,
    "title3_money": fund_title3,
    "title3_award": award_title3,
    "project": start,
    "equipment_wait": hasten_equipment,
    "test_time": hasten_tests,
    "skill_transfer": transfer_skill,
    "idle": use_idle,
    "foreign_test": test_foreign,
    "loan": lend,
    "trust": gain_trust,
}
MONEY = ("appropriated", "industrial", "title3_money")
