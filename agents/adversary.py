"""The adversary: it has its seat; in this version it stays quiet."""

from __future__ import annotations

from agents.seat import Seat
from mobilize.world import Decision, World


class Adversary(Seat):
    """The challenger. Its ladder of moves comes with crises and deterrence."""

    def decide(self, world: World) -> list[Decision]:
        """Stay quiet."""
        return []
