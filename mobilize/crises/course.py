"""The course of a disturbance: it befalls, is borne month by month, and passes or is lifted."""

from __future__ import annotations

import numpy as np

from mobilize.crises.effects import PRESSES, STRIKES, release_budgets
from mobilize.crises.kinds import kind_of
from mobilize.crises.places import form, routes_of, struck
from mobilize.crises.trouble import Trouble
from mobilize.state import EPS, Ints
from mobilize.world import World


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
        A name of :func:`mobilize.crises.kinds.kinds`, or of :func:`mobilize.crises.kinds.moving`.
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
    of = kind_of(kind)
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
    if world.troubles:
        world.unsettled |= any(t.of.moves and t.changes(world.month) for t in world.troubles)
        world.troubles[:] = [t for t in world.troubles if not t.over(world.month)]
        press_all(world)
        release_budgets(world)


def press_all(world: World) -> None:
    """Compute anew what the disturbances under way press on."""
    s = world.s
    s.detour[:], s.squeeze[:], s.resolution[:], s.dear[:] = 0, 0.0, 0.0, 1.0
    for trouble in world.troubles:
        for name in trouble.of.does:
            if name in PRESSES:
                PRESSES[name](world, trouble, trouble.force(world.month))


def lift(world: World, trouble: Trouble) -> None:
    """End a disturbance before its time: plants work, routes open, nothing presses any more.

    What has burned, left the market or been sent back to work stays so. What else stops the same
    plants or closes the same routes goes on.
    """
    world.troubles.remove(trouble)
    if "stop" in trouble.of.does:
        world.s.loss[struck(world, trouble)] = 0.0
    if "close" in trouble.of.does:
        reopen(world, trouble)
    for other in world.troubles:
        for name in {"stop", "close"} & set(other.of.does) & set(trouble.of.does):
            STRIKES[name](world, other)
    world.unsettled |= bool(trouble.of.moves)
    press_all(world)
    release_budgets(world)


def reopen(world: World, trouble: Trouble) -> None:
    """Open the routes that a disturbance closes, but those that are closed for longer."""
    s, routes = world.s, routes_of(world, trouble)
    mine = s.blocked[routes] <= trouble.since + trouble.months - world.month + EPS
    s.blocked[routes[mine]] = 0.0


def causes(world: World, lines: Ints, routes: Ints) -> list[Trouble]:
    """Return the disturbances under way that are felt at some lines or on some routes."""
    found = []
    for trouble in world.troubles:
        plants = {"stop", "rework"} & set(trouble.of.does)
        here = plants and np.isin(lines, struck(world, trouble)).any()
        if here or np.isin(routes, routes_of(world, trouble)).any():
            found.append(trouble)
    return found
