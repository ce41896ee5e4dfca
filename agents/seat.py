"""What every decider has in common."""

from __future__ import annotations

import mesa

from mobilize.world import QUARTER, Decision, World


class Seat(mesa.Agent):
    """Somebody who decides once a month; an empty seat is played by this written rule.

    An agent holds its identity and what it may see; everything that changes is in the state.
    """

    def __init__(self, model: mesa.Model, name: str) -> None:
        super().__init__(model)
        self.name = name

    def decide(self, world: World) -> list[Decision]:
        """Read what this seat may know, act, and return what was decided with the reason."""
        raise NotImplementedError

    @staticmethod
    def board_meets(world: World) -> bool:
        """Return whether this is a month in which slow decisions are taken."""
        return world.month % QUARTER == 0
