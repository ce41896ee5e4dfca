"""What disturbances do: some strike once, others press as long as they last.

What presses is computed anew every month from the disturbances under way, so that it ends
without a trace; what strikes is repaired by the month itself (:mod:`mobilize.physics.trouble`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mobilize.crises.kinds import kinds
from mobilize.crises.places import country_of, exports_of, form, lines_of, sea_routes_of
from mobilize.crises.trouble import Trouble
from mobilize.physics.trouble import destroy, end_orders, strike
from mobilize.state import BUILD, EPS, EQUIP, IDLE, QUALIFY, TRANSIT, Floats, Ints
from mobilize.world import World

Strike = Callable[[World, Trouble], None]
Press = Callable[[World, Trouble, float], None]
TIERS = 8  # rounds of passing on: more than the tiers of any network


def befall(
    world: World,
    kind: str,
    target: str,
    severity: float | None = None,
    months: int | None = None,
    recovery: int | None = None,
    who: str = "scenario",
    why: str = "",
    since: int | None = None,
) -> Trouble:
    """Let something go wrong now; what is not given is the kind's base size.

    Parameters
    ----------
    world : World
    kind : str
        A name of :func:`mobilize.crises.kinds.kinds`.
    target : str
        What it strikes, in one of the forms of its kind.
    severity : float, optional
        In the unit of its kind.
    months, recovery : int, optional
        Months in full force, and back to normal after that.
    who, why : str
        Who brought it about, and the reason in words.
    since : int, optional
        Month in which it began, where that is past.

    Raises
    ------
    KeyError
        If there is no such kind.
    ValueError
        If the kind cannot strike this target.
    """
    of = kinds()[kind]
    form(world.names, of, target)
    trouble = Trouble(
        kind,
        target,
        of.severity.base if severity is None else severity,
        world.month if since is None else since,
        round(of.months.base if months is None else months),
        round(of.recovery.base if recovery is None else recovery),
        who,
        why or of.title,
    )
    for name in of.does:
        if name in STRIKES:
            STRIKES[name](world, trouble)
    world.troubles.append(trouble)
    world.note(who, "disturbance", target, trouble.severity, of.unit, trouble.text)
    return trouble


def bear(world: World) -> None:
    """Let the disturbances under way press this month; forget those that are over."""
    s, month = world.s, world.month
    if not world.troubles:
        return
    s.detour[:], s.squeeze[:], s.resolution[:], s.dear[:] = 0, 0.0, 0.0, 1.0
    world.unsettled |= any(t.of.moves for t in world.troubles)
    world.troubles[:] = [t for t in world.troubles if not t.over(month)]
    for trouble in world.troubles:
        for name in trouble.of.does:
            if name in PRESSES:
                PRESSES[name](world, trouble, trouble.force(month))
    release_budgets(world)


def size(trouble: Trouble, effect: str) -> float:
    """Return how hard one effect of a disturbance is: its severity, or the kind's own figure."""
    return trouble.of.factor.get(effect, trouble.severity)


def left(world: World, trouble: Trouble) -> tuple[float, float, float]:
    """Return force, months and recovery still ahead of a disturbance that may be under way."""
    ago = world.month - trouble.since
    ahead = max(0, trouble.months - ago)
    healing = min(trouble.recovery, trouble.months + trouble.recovery - ago)
    return trouble.force(world.month), float(ahead), float(max(0, healing))


def struck(world: World, trouble: Trouble) -> Ints:
    """Return the lines a disturbance strikes."""
    return lines_of(world, form(world.names, trouble.of, trouble.target), trouble.target)


def stop(world: World, trouble: Trouble) -> None:
    """Take a share of the availability of lines; repair follows."""
    force, months, recovery = left(world, trouble)
    for line in struck(world, trouble).tolist():
        strike(world.arrays[1], line, size(trouble, "stop") * force, months, recovery)


def burn(world: World, trouble: Trouble) -> None:
    """Destroy a share of the finished goods and the work in progress of lines."""
    if world.month == trouble.since:
        for line in struck(world, trouble).tolist():
            destroy(world.arrays[1], line, size(trouble, "destroy"))


def close(world: World, trouble: Trouble) -> None:
    """Close the routes on which a target's goods leave their country."""
    _, months, _ = left(world, trouble)
    at = form(world.names, trouble.of, trouble.target)
    routes = exports_of(world, at, trouble.target)
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
    names, net, s = world.names, world.net, world.s
    at = form(names, trouble.of, trouble.target)
    if at == "project":
        redo(world, names.projects.index(trouble.target), float(trouble.months))
    elif at == "program" and trouble.target in names.developments:
        v = names.developments.index(trouble.target)
        s.work_left[v] = min(1.0, s.work_left[v] + trouble.severity)
    elif at == "program":
        i = names.programs.index(trouble.target)
        for r in net.p_sales[net.p_routes[i] : net.p_routes[i + 1]].tolist():
            hit(world, int(net.r_supplier[r]), trouble)
    else:
        hit(world, names.lines.index(trouble.target), trouble)


def hit(world: World, line: int, trouble: Trouble) -> None:
    """Take availability from one line."""
    force, months, recovery = left(world, trouble)
    strike(world.arrays[1], line, trouble.severity * force, months, recovery)


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
    at = form(world.names, trouble.of, trouble.target)
    routes, s = exports_of(world, at, trouble.target), world.s
    s.squeeze[routes] = np.maximum(s.squeeze[routes], min(1.0, force * size(trouble, "squeeze")))


def delay(world: World, trouble: Trouble, force: float) -> None:
    """Make goods that cross a border late by whole months."""
    at = form(world.names, trouble.of, trouble.target)
    routes, s = sea_routes_of(world, at, trouble.target), world.s
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
    of_item = np.zeros(len(world.names.items))
    for _ in range(TIERS):
        of_item[net.l_item] = more  # every maker of an item has the same list price
        parts = of_item[net.k_item] * net.k_quantity
        more = own + np.bincount(net.k_line, parts, len(cost))
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


STRIKES: dict[str, Strike] = {
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
