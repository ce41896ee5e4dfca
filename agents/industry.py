"""Firms: where they buy, when they invest, when they leave."""

from __future__ import annotations

import mesa
import numpy as np

from agents.seat import Seat
from mobilize.network import Network
from mobilize.physics.sourcing import source_inputs
from mobilize.state import INVESTMENT, Ints
from mobilize.world import Decision, World


def slots_of(net: Network, lines: Ints) -> Ints:
    """Return the input slots of some lines."""
    owned = np.isin(net.k_line, lines)
    return np.flatnonzero(owned).astype(np.int32)


class Firm(Seat):
    """A firm, or many that decide by one rule: its lines and their suppliers.

    It sees its own lines, their order books and the lateness of its direct suppliers.
    """

    def __init__(self, model: mesa.Model, name: str, lines: Ints, world: World) -> None:
        super().__init__(model, name)
        self.lines = set(lines.tolist())
        slots = slots_of(world.net, lines)
        self.slots = slots[np.diff(world.net.k_routes)[slots] > 1]

    def decide(self, world: World) -> list[Decision]:
        """Each quarter: move orders from late suppliers, invest, leave the market."""
        if not self.board_meets(world):
            return []
        if len(self.slots):
            source_inputs(*world.arrays, self.slots)
        return self.invest(world) + self.leave(world)

    def invest(self, world: World) -> list[Decision]:
        """Expand lines that have long been asked for more than they can make.

        Only if demand is credible enough for the firm's cash discipline.
        """
        s, net = world.s, world.net
        made = []
        for line in world.ready_to_invest():
            if line not in self.lines:
                continue
            j = len(world.names.projects) + line
            cost = float(net.j_cost[j])
            s.cash[line] -= cost
            s.ledger[INVESTMENT] += cost
            world.start_project(j)
            why = f"{int(s.over[line])} months above capacity and demand credible"
            name = world.names.lines[line]
            made.append(world.note(self.name, "invest", name, cost / 1000, "MUSD", why))
        return made

    def leave(self, world: World) -> list[Decision]:
        """Close lines that have long stood below their minimum sustaining rate."""
        s = world.s
        made = []
        for line in world.idle():
            if line in self.lines and s.credibility[line] < world.p.exit_confidence:
                s.alive[line] = False
                why = f"{int(s.under[line])} months below the minimum sustaining rate"
                made.append(world.note(self.name, "exit", world.names.lines[line], 0.0, "", why))
        return made


class Prime(Firm):
    """A prime: decides for itself. A human seat overrides :meth:`decide`."""


class Supplier(Firm):
    """Suppliers that share one rule decide as a cohort; a single one can be given its own."""
