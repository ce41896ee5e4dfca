"""Development programs: partners pay by the year, milestones pass, a new item is qualified.

Yearly appropriations swing (luck of :data:`mobilize.luck.Stream.FUNDING`); what is missing makes
the work slower. A partner that has long paid too little leaves, and the others take over only
part of its share. The country that leads the program stays.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from mobilize.luck import Stream
from mobilize.network import NONE
from mobilize.physics.development import effort, work_on
from mobilize.state import EPS, IDLE, Ints
from mobilize.terms import ALIGNMENT, FUNDING_VOLATILITY
from mobilize.world import World

YEAR = 12
CERTAIN = 1e-12  # chances are kept this far from 0 and 1


def develop(world: World) -> None:
    """Play a month of every development program that has milestones ahead."""
    for v in range(len(world.net.v_program)):
        if present_milestone(world, v) == NONE:
            continue
        if world.month % YEAR == 0:
            appropriate(world, v)
        work_on_milestones(world, v)


def present_milestone(world: World, v: int) -> int:
    """Return the milestone a development works on, or NONE when all are passed."""
    m = int(world.net.v_milestones[v] + world.s.milestone[v])
    return m if m < world.net.v_milestones[v + 1] else NONE


def partners(world: World, v: int) -> Ints:
    """Return the partners of a development that have not left."""
    mine = np.arange(world.net.v_partners[v], world.net.v_partners[v + 1], dtype=np.int32)
    return mine[world.s.pledge[mine] > EPS]


def appropriate(world: World, v: int) -> None:
    """Let each partner vote this year's money; some have had enough."""
    s, p = world.s, world.p
    luck = world.luck.uniform(Stream.FUNDING, world.month // YEAR, len(s.pledge))
    leader = world.net.p_country[world.net.v_program[v]]
    for n in partners(world, v).tolist():
        s.funded[n] = funded_share(swing(world, v, n), luck.item(n))
        s.bad[n] = s.bad[n] + 1 if s.funded[n] < p.bad_year else 0
        if s.bad[n] >= p.bad_years and world.net.n_country[n] != leader:
            leave(world, v, n)


def swing(world: World, v: int, n: int) -> float:
    """Return the standard deviation of a partner's money against its pledge.

    It grows with the distance of a partner that is neither aligned nor trusted.
    """
    s, net = world.s, world.net
    c = net.n_country[n]
    distance = 1.0 - (s.of_country[ALIGNMENT, c] + s.trust[c]) / 2
    volatility = net.n_volatility[n] * s.of_program[FUNDING_VOLATILITY, net.v_program[v]]
    return float(volatility * (1.0 + world.p.swing_distance * distance))


def funded_share(deviation: float, chance: float) -> float:
    """Return the share of its pledge a partner pays in a year, by its luck.

    A good year brings no more than the pledge.
    """
    z = NormalDist().inv_cdf(min(max(chance, CERTAIN), 1.0 - CERTAIN))
    return min(1.0, max(0.0, 1.0 + deviation * z))


def leave(world: World, v: int, n: int) -> None:
    """Let a partner leave; the others take over a part of its share, in proportion."""
    s, net = world.s, world.net
    share = float(s.pledge[n])
    why = f"{int(s.bad[n])} bad years in a row; the others take over {world.p.takeover:.0%} of it"
    s.pledge[n] = s.funded[n] = 0.0
    rest = partners(world, v)
    s.pledge[rest] *= 1.0 + share * world.p.takeover / s.pledge[rest].sum()
    who = world.names.countries[net.n_country[n]]
    world.note(who, "exit", world.names.developments[v], share, "fraction", why)


def work_on_milestones(world: World, v: int) -> None:
    """Spend the month's effort on the milestones, and pay for it."""
    net, s, _ = world.arrays
    left = effort(net, s, v)
    while left > EPS and (m := present_milestone(world, v)) != NONE:
        left = work_on(net, s, world.lengths, v, m, left)
        if world.s.work_left[v] > EPS:
            return
        pass_milestone(world, v, m)


def pass_milestone(world: World, v: int, m: int) -> None:
    """Note a milestone passed; start the project that has waited for it."""
    s, net, names = world.s, world.net, world.names
    s.milestone[v] += 1
    number, of = int(s.milestone[v]), int(net.v_milestones[v + 1] - net.v_milestones[v])
    s.work_left[v] = 1.0
    leader = names.countries[net.p_country[net.v_program[v]]]
    why = f"milestone {number} of {of} of {names.developments[v]} passed"
    if number == of:
        why += f"; {names.items[net.p_item[net.v_program[v]]]} is qualified"
    world.note(leader, "milestone", names.milestones[m], float(net.m_cost[m]) / 1000, "MUSD", why)
    j = int(net.m_then[m])
    if j != NONE and s.phase[j] == IDLE:
        world.start_project(j)
        payer = str(world.scenario.tables["projects"]["payer"][j])
        why = f"{names.milestones[m]} is passed"
        world.note(payer, "project", names.projects[j], float(net.j_cost[j]) / 1000, "MUSD", why)
