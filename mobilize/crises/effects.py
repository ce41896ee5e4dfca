"""What disturbances do: some strike once, others press as long as they last.

What presses is computed anew every month from the disturbances under way, so that it ends
without a trace; what strikes is repaired by the month itself (:mod:`mobilize.physics.trouble`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mobilize.crises.places import country_of, exports_of, form, sea_routes_of, struck
from mobilize.crises.trouble import Trouble
from mobilize.physics.trouble import destroy, end_orders, strike
from mobilize.state import BUILD, EPS, EQUIP, IDLE, QUALIFY, TRANSIT, Floats
from mobilize.world import World

Strike = Callable[[World, Trouble], None]
Press = Callable[[World, Trouble, float], None]


def size(trouble: Trouble, effect: str) -> float:
    """Return how hard one effect of a disturbance is: its severity, or the kind's own figure."""
    return trouble.of.factor.get(effect, trouble.severity)


def left(world: World, trouble: Trouble) -> tuple[float, float, float]:
    """Return force, months and recovery still ahead of a disturbance that may be under way."""
    ago = world.month - trouble.since
    ahead = max(0, trouble.months - ago)
    healing = min(trouble.recovery, trouble.months + trouble.recovery - ago)
    return trouble.force(world.month), float(ahead), float(max(0, healing))


def stop(world: World, trouble: Trouble) -> None:
    """Take a share of the availability of lines; repair follows."""
    hit(world, trouble, "stop")


def hit(world: World, trouble: Trouble, effect: str) -> None:
    """Take availability from the lines that a disturbance strikes."""
    force, months, recovery = left(world, trouble)
    for line in struck(world, trouble).tolist():
        strike(world.arrays[1], line, size(trouble, effect) * force, months, recovery)


def burn(world: World, trouble: Trouble) -> None:
    """Destroy a share of the finished goods and the work in progress of lines."""
    if world.month == trouble.since:
        for line in struck(world, trouble).tolist():
            destroy(world.arrays[1], line, size(trouble, "destroy"))


def close(world: World, trouble: Trouble) -> None:
    """Close the routes on which a target's goods leave their country."""
    _, months, _ = left(world, trouble)
    routes = exports_of(world, trouble)
    world.s.blocked[routes] = np.maximum(world.s.blocked[routes], months)


def fund(world: World, trouble: Trouble) -> None:
    """Appropriate money (MUSD) to a program, or to the projects of a country."""
    money = size(trouble, "fund") * 1000
    if trouble.target in world.names.programs:
        world.s.appropriated[world.names.programs.index(trouble.target)] += money
    else:
        world.s.industrial[world.names.countries.index(trouble.target)] += money


def rework(world: World, trouble: Trouble) -> None:
    """Send a project back to its equipment, a milestone back to work, or stop a wrong product."""
    names, s = world.names, world.s
    at = form(names, trouble.of, trouble.target)
    if at == "project":
        redo(world, names.projects.index(trouble.target), float(trouble.months))
    elif at == "program" and trouble.target in names.developments:
        v = names.developments.index(trouble.target)
        s.work_left[v] = min(1.0, s.work_left[v] + trouble.severity)
    else:
        hit(world, trouble, "rework")


def redo(world: World, j: int, months: float) -> None:
    """Send a project that is being built, equipped or tested back to its equipment."""
    s, net = world.s, world.net
    if BUILD <= s.phase[j] <= QUALIFY:
        if s.phase[j] == QUALIFY:
            s.coming[net.j_line[j]] = max(0.0, s.coming[net.j_line[j]] - net.j_adds[j])
        s.phase[j], s.left[j] = EQUIP, months
    elif s.phase[j] > IDLE:
        what = "funding" if s.phase[j] < BUILD else "passed its tests: nothing is redone"
        world.note("engineers", "project", world.project_name(j), 0.0, "", what)


def leave(world: World, trouble: Trouble) -> None:
    """Close lines for good; what is on order there is asked of others."""
    for line in struck(world, trouble).tolist():
        world.s.alive[line] = False
        end_orders(*world.arrays[:2], world.month, line)


def squeeze(world: World, trouble: Trouble, force: float) -> None:
    """Keep a share of what is due abroad at home."""
    routes, s = exports_of(world, trouble), world.s
    s.squeeze[routes] = np.maximum(s.squeeze[routes], min(1.0, force * size(trouble, "squeeze")))


def delay(world: World, trouble: Trouble, force: float) -> None:
    """Make goods that cross a border late by whole months."""
    routes, s = sea_routes_of(world, trouble), world.s
    late = round(force * size(trouble, "delay"))
    room = TRANSIT - 1 - world.net.r_transit[routes]
    s.detour[routes] = np.maximum(s.detour[routes], np.minimum(late, room)).astype(np.int32)


def dear(world: World, trouble: Trouble, force: float) -> None:
    """Make an item dearer, and whatever contains it by its part of the cost."""
    item = world.names.items.index(trouble.target.partition("@")[0])
    factor = 1.0 + (size(trouble, "dear") - 1.0) * force
    world.s.dear[:] = np.maximum(world.s.dear, passed_on(world, item, factor))


def passed_on(world: World, item: int, factor: float) -> Floats:
    """Return by line how much dearer its product is when an item costs `factor` times as much."""
    net, cost = world.net, world.net.l_cost
    more = np.where(net.l_item == item, cost * (factor - 1.0), 0.0)
    own = more.copy()
    makers = np.bincount(net.l_item, minlength=len(world.names.items))
    for _ in range(len(makers)):  # a tier a round, until none is left
        of_item = np.bincount(net.l_item, more, len(makers)) / np.maximum(makers, 1)
        parts = of_item[net.k_item] * net.k_quantity
        before, more = more, own + np.bincount(net.k_line, parts, len(cost))
        if np.array_equal(before, more):
            break
    return np.asarray(1.0 + np.divide(more, cost, out=np.zeros(len(cost)), where=cost > EPS))


def hold_budget(world: World, trouble: Trouble, force: float) -> None:
    """Hold back a share of what a country appropriates, and its new starts."""
    c = country_of(world, trouble.target)
    if force >= 1.0:
        world.s.resolution[c] = max(world.s.resolution[c], size(trouble, "hold_budget"))


def release_budgets(world: World) -> None:
    """Appropriate what was held back, where the continuing resolution is over."""
    s, net = world.s, world.net
    free = s.resolution < EPS
    programs = free[net.p_country]
    s.appropriated[programs] += s.waiting[programs]
    s.waiting[programs] = 0.0
    s.industrial[free] += s.waiting_industry[free]
    s.waiting_industry[free] = 0.0


def motivate(world: World, trouble: Trouble) -> None:
    """Add to the challenger's own reasons to act; they fade by themselves."""
    world.s.motivation[0] += size(trouble, "motivate")


STRIKES: dict[str, Strike] = {
    "motivate": motivate,
    "stop": stop,
    "destroy": burn,
    "close": close,
    "fund": fund,
    "rework": rework,
    "leave": leave,
}
PRESSES: dict[str, Press] = {
    "squeeze": squeeze,
    "delay": delay,
    "dear": dear,
    "hold_budget": hold_budget,
}
