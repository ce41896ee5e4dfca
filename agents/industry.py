"""Firms: where they buy, when they invest, when they leave."""

from __future__ import annotations

import mesa
import numpy as np

from agents.seat import Seat
from mobilize.network import Network
from mobilize.physics.sourcing import source_inputs
from mobilize.state import DONE, EPS, IDLE, INVESTMENT, Ints
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
        self.lines = lines
        self.slots = slots_of(world.net, lines)

    def decide(self, world: World) -> list[Decision]:
        """Each quarter: move orders from late suppliers, invest, leave the market."""
        if not self.board_meets(world):
            return []
        source_inputs(*world.arrays, self.slots)
        return self.invest(world) + self.leave(world)

    def invest(self, world: World) -> list[Decision]:
        """Expand lines that have long been asked for more than they can make.

        Only if demand is credible enough for the firm's cash discipline.
        """
        s, net, p = world.s, world.net, world.p
        lines = self.lines
        ready = s.over[lines] >= p.invest_wait
        if not ready.any():
            return []
        ready &= s.credibility[lines] > net.l_discipline[lines]
        ready &= s.alive[lines] & (world.running()[lines] == 0)
        made = []
        for line in lines[ready]:
            j = len(world.names.projects) + int(line)
            if s.phase[j] not in (IDLE, DONE):
                continue
            cost = float(net.j_cost[j])
            s.cash[line] -= cost
            s.ledger[INVESTMENT] += cost
            world.start_project(j)
            why = f"{int(s.over[line])} months above capacity and demand credible"
            made.append(
                world.note(self.name, "invest", world.names.lines[line], cost / 1000, "MUSD", why)
            )
        return made

    def leave(self, world: World) -> list[Decision]:
        """Close lines that have long stood below their minimum sustaining rate."""
        s, p = world.s, world.p
        lines = self.lines
        gone = (s.under[lines] >= p.exit_wait) & s.alive[lines] & (s.equip[lines] > EPS)
        if not gone.any():
            return []
        gone &= (s.credibility[lines] < p.exit_confidence) & (s.book[lines] < EPS)
        made = []
        for line in lines[gone]:
            s.alive[line] = False
            why = f"{int(s.under[line])} months below the minimum sustaining rate"
            made.append(world.note(self.name, "exit", world.names.lines[line], 0.0, "", why))
        return made


class Prime(Firm):
    """A prime: decides for itself. A human seat overrides :meth:`decide`."""


class Supplier(Firm):
    """Suppliers that share one rule decide as a cohort; a single one can be given its own."""
