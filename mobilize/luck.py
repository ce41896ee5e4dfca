"""Named streams of chance: the same world meets the same luck under every policy.

A draw belongs to a stream (one per kind of luck) and is addressed by month and thing, so
taking or skipping a decision never shifts anybody else's luck (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

BLOCK = 12  # months drawn together; any month can be reached without the ones before it


class Stream(IntEnum):
    """Kinds of luck. Numbers are part of the saved format: append, never renumber."""

    INCIDENTS = 0
    SLIPS = 1
    HONOUR = 2
    LICENCES = 3
    MAPPING = 4
    SIGNATURES = 5
    LEAKS = 6
    FUNDING = 7
    MILESTONES = 8
    HAZARDS = 9
    ASKS = 10
    MINDSET = 11
    PERCEPTION = 12
    ADVERSARY = 13
    TARGETS = 14
    SIGHT = 15


@dataclass(slots=True)
class Luck:
    """Chance of one world.

    Parameters
    ----------
    seed : int
        Seed of the study or game.
    world : int
        Number of the world; its luck does not depend on how many others run.
    """

    seed: int
    world: int
    _blocks: dict[tuple[int, int, int], NDArray[np.float64]] = field(
        default_factory=dict, repr=False
    )

    def uniform(self, stream: Stream, month: int, things: int) -> NDArray[np.float64]:
        """Return one number in [0, 1) per thing for a month.

        Parameters
        ----------
        stream : Stream
            Kind of luck.
        month : int
            Months since the start of the run.
        things : int
            How many things the scenario has; fixed for a stream within a run.

        Returns
        -------
        ndarray, shape (things,)
        """
        key = (int(stream), month // BLOCK, things)
        block = self._blocks.get(key)
        if block is None:
            block = self._draw(key)
            self._blocks[key] = block
        row: NDArray[np.float64] = block[month % BLOCK]
        return row

    def normal(self, stream: Stream, things: int) -> NDArray[np.float64]:
        """Return one standard normal number per thing, for luck that is drawn once."""
        return self._generator(stream, 0).standard_normal(things)

    def _draw(self, key: tuple[int, int, int]) -> NDArray[np.float64]:
        stream, block, things = key
        return self._generator(stream, block).random((BLOCK, things))

    def _generator(self, stream: int, block: int) -> np.random.Generator:
        words = np.random.SeedSequence(self.seed, spawn_key=(self.world, int(stream), block))
        return np.random.Generator(np.random.Philox(words))
