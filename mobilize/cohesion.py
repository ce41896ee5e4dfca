"""How far allies hold together: promises kept, trust less resistance at home."""

from __future__ import annotations

from mobilize.physics.politics import allies
from mobilize.physics.politics import promise as keep_or_break
from mobilize.state import EPS
from mobilize.terms import BACKLASH
from mobilize.world import World


def commitments_kept(world: World) -> float:
    """Return the share of requests and promised loans that allies honoured, 0-1.

    Smoothed by quarters; 1 while nothing has been asked of any.
    """
    chosen = allies(world.arrays[0])
    promised = float(world.s.promised[chosen].sum())
    return float(world.s.kept[chosen].sum()) / promised if promised > EPS else 1.0


def cohesion(world: World) -> float:
    """Return M7, 0-1: the mean trust of allies less the share that resistance at home takes.

    A share of trust and not a difference, which would stand at nothing after some years of denials.
    """
    trust = world.s.trust[allies(world.arrays[0])]
    if not len(trust):
        return 0.0
    resistance = min(1.0, max(0.0, world.s.backlash.item(0) + world.s.of_base.item(BACKLASH)))
    return float(trust.sum()) / len(trust) * (1.0 - resistance)


def promise(world: World, country: int, honoured: float) -> None:
    """Remember that a country was asked for something, and which share of it was honoured."""
    keep_or_break(world.arrays[1], country, honoured)


def forget(world: World) -> None:
    """Let the memory of promises fade: a quarter has passed."""
    world.s.promised[:] *= world.p.promise_memory
    world.s.kept[:] *= world.p.promise_memory


def move_trust(world: World, country: int, step: float) -> None:
    """Add to a country's trust toward the United States, which have none toward themselves."""
    if not world.net.c_home[country]:
        trust = world.s.trust
        trust[country] = min(1.0, max(0.0, trust.item(country) + step))
