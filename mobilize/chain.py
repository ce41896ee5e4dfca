"""The chain of missing inputs of a world, see :mod:`mobilize.physics.chains`."""

from __future__ import annotations

from mobilize.physics import chains
from mobilize.world import World


def chain(world: World, line: int) -> list[int]:
    """Return the lines from `line` to the root: each is short of what the next makes."""
    found: list[int] = chains.chain(*world.arrays[:2], line).tolist()
    return found


def held_up(world: World, line: int) -> bool:
    """Return whether what a line lacks waits for a licence or on a closed route."""
    return bool(chains.held_up(*world.arrays[:2], line))
