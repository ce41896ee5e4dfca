"""What each step of the ladder does, and at what it is aimed: by rule, from what is seen.

What players see of it (disturbances, wars) says what was done, never the challenger's reasons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.tables import Rung
from mobilize.conflicts import at_war, break_out
from mobilize.crises.course import befall
from mobilize.luck import Stream
from mobilize.physics.capability import dependence, passing
from mobilize.state import EPS, Flags, Floats, Ints
from mobilize.world import World

LINE, MEANS = range(2)  # draws of a month: which plant, by what means


@dataclass(frozen=True)
class Front:
    """Where a challenger stands: its country, its neighbour, and what it knows of the base."""

    who: str
    near: str | None
    critical: Ints
    order: Ints  # lines, the deepest first
    seen: Flags  # (lines,)
    abroad: Flags  # (lines,) plants on its soil


Move = Callable[[World, Front, Rung], str | None]
UNKNOWN = "unknown"  # who hit a plant, as far as players can tell


def share_of_chains(world: World, front: Front, lines: Flags) -> float:
    """Return the share of the critical programs' deliveries that passes through some lines."""
    part = np.zeros(len(world.net.p_item))
    net, s, _ = world.arrays
    dependence(net, s, front.order, lines, part)
    return float(part[front.critical].mean())


def best_item(world: World, front: Front) -> int | None:
    """Return the item on whose makers on its soil most of the critical chains depend."""
    net = world.net
    items = np.unique(net.l_item[front.abroad]).tolist()
    shares = [share_of_chains(world, front, front.abroad & (net.l_item == i)) for i in items]
    return items[int(np.argmax(shares))] if shares and max(shares) > EPS else None


def plants(world: World, front: Front) -> Floats:
    """Return the share of critical chains that passes through each plant it sees abroad."""
    through = np.zeros(len(front.seen))
    net, s, _ = world.arrays
    passing(net, s, front.order, front.critical, through)
    return np.where(front.seen & ~front.abroad & world.s.alive, through, 0.0)


def weakest_supplier(world: World, front: Front) -> int | None:
    """Return the country with plants in the base, neither side's own, that trusts least."""
    net, s = world.net, world.s
    there = np.bincount(net.l_country[~front.abroad & s.alive], minlength=len(s.trust)) > 0
    there &= ~net.c_home & (s.trust > EPS)
    return int(np.argmin(np.where(there, s.trust, np.inf))) if there.any() else None


def press(world: World, front: Front, rung: Rung) -> str | None:
    """Press the least committed supplier country: its trust falls."""
    c = weakest_supplier(world, front)
    if c is None:
        return None
    world.s.trust[c] = max(0.0, world.s.trust[c] - rung.strength)
    return world.names.countries[c]


def _withhold(kind: str) -> Move:
    def move(world: World, front: Front, rung: Rung) -> str | None:
        item = best_item(world, front)
        if item is None:
            return None
        target = f"{world.names.items[item]}@{front.who}"
        befall(world, kind, target, months=rung.duration, who=front.who, why=rung.title)
        return target

    return move


def strike_plant(world: World, front: Front, rung: Rung) -> str | None:
    """Hit a plant it sees, the likelier the more of the critical chains passes through it."""
    shares = plants(world, front)
    total = shares.sum()
    if total < EPS:
        return None
    luck = world.luck.uniform(Stream.TARGETS, world.month, 2)
    line = int(np.searchsorted(np.cumsum(shares), luck[LINE] * total, side="right"))
    kind = "cyber" if luck[MEANS] < 0.5 else "sabotage"
    target = world.names.lines[min(line, len(shares) - 1)]
    befall(world, kind, target, who=UNKNOWN, why=rung.title)
    return target


def quarantine(world: World, front: Front, rung: Rung) -> str | None:
    """Delay shipping of the ally near it."""
    if front.near is None:
        return None
    befall(world, "shipping-delay", front.near, months=rung.duration, who=front.who, why=rung.title)
    return front.near


def waiting_for_attack(world: World) -> list[int]:
    """Return the conflicts that break out by an attack and are not under way."""
    war = at_war(world)
    conflicts = world.scenario.conflicts
    return [n for n, c in enumerate(conflicts) if c.outbreak == "attack" and not war[n]]


def attacked(world: World) -> bool:
    """Return whether a conflict that breaks out by an attack is under way."""
    war = at_war(world)
    return any(war[n] for n, c in enumerate(world.scenario.conflicts) if c.outbreak == "attack")


def attack(world: World, front: Front, rung: Rung) -> str | None:
    """Let every conflict that waits for an attack break out."""
    waiting = waiting_for_attack(world)
    for n in waiting:
        break_out(world, n, f"{rung.title} by {front.who}")
    return ", ".join(world.scenario.conflicts[n].id for n in waiting) or None


MOVES: dict[str, Move] = {
    "protest": press,
    "slow-roll": _withhold("licence-slow-roll"),
    "embargo": _withhold("export-ban"),
    "sabotage": strike_plant,
    "quarantine": quarantine,
    "attack": attack,
}
