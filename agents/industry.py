"""Firms: where they buy, when they invest, when they leave."""

from __future__ import annotations

import mesa
import numpy as np

from agents.seat import Seat
from mobilize.network import Network
from mobilize.physics.sourcing import source_inputs
from mobilize.state import IDLE, Floats, Ints
from mobilize.world import Decision, World

INVEST, CLOSE = "invest", "close"  # what somebody in the seat of a firm may decide


def lacking(world: World) -> Floats:
    """Return by item what its makers are asked for beyond their equipment, units/month."""
    return world.this_month("lacking", _lacking)


def _lacking(world: World) -> Floats:
    short = np.bincount(world.net.l_item, world.beyond_equipment(), len(world.names.items))
    return np.asarray(short, np.float64)


def slots_of(net: Network, lines: Ints) -> Ints:
    """Return the input slots of some lines."""
    if not len(lines):
        return np.zeros(0, np.int32)
    ranges = [np.arange(net.l_slots[line], net.l_slots[line + 1]) for line in lines]
    return np.concatenate(ranges).astype(np.int32)


def taken(world: World, line: int, what: str) -> bool:
    """Return whether somebody in a seat decides this about a line, so that no rule does."""
    if not world.seated:
        return False
    return (world.names.firms[world.net.l_firm[line]], what) in world.seated


class Firm(Seat):
    """A firm, or many that decide by one rule: its lines and their suppliers.

    It sees its own lines, their order books and the lateness of its direct suppliers.
    """

    def __init__(
        self, model: mesa.Model, name: str, number: int, lines: Ints, world: World
    ) -> None:
        super().__init__(model, name)
        self.number = number
        world.decider[lines] = number
        slots = slots_of(world.net, lines)
        self.slots = slots[np.diff(world.net.k_routes)[slots] > 1]
        own = world.firm_options()
        kinds = world.scenario.tables["projects"]["kind"]
        mine = {line: own[line] for line in own.keys() & set(lines.tolist())} if own else {}
        self.options = {line: j for line, j in mine.items() if kinds[j] == "capacity"}
        self.sources = {line: j for line, j in sorted(mine.items()) if kinds[j] == "new_source"}

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
        for line in world.ready_to_invest().get(self.number, ()):
            if taken(world, line, INVEST):
                continue
            j = self.options.get(line, world.private(line))
            if s.phase[j] != IDLE:
                j = world.private(line)
            world.start_project(j)
            why = f"{int(s.over[line])} months above capacity and demand credible"
            cost = float(net.j_cost[j]) / 1000
            name = world.names.lines[line]
            made.append(world.note(self.name, "invest", name, cost, "MUSD", why))
        return made + self.open_sources(world)

    def open_sources(self, world: World) -> list[Decision]:
        """Build a new source of its own where the makers of the item cannot do what is wanted."""
        s, net = world.s, world.net
        made = []
        for line, j in self.sources.items():
            adds = net.j_adds[j] * net.l_rate[line, 2]
            if s.phase[j] == IDLE and lacking(world)[net.l_item[line]] >= adds:
                world.start_project(j)
                why = "the present makers cannot make what is wanted of them"
                cost, name = float(net.j_cost[j]) / 1000, world.names.projects[j]
                made.append(world.note(self.name, "invest", name, cost, "MUSD", why))
        return made

    def leave(self, world: World) -> list[Decision]:
        """Close lines that have long stood below their minimum sustaining rate."""
        s = world.s
        made = []
        for line in world.idle().get(self.number, ()):
            if taken(world, line, CLOSE):
                continue
            s.alive[line] = False
            why = f"{int(s.under[line])} months below the minimum sustaining rate"
            made.append(world.note(self.name, "exit", world.names.lines[line], 0.0, "", why))
        return made


class Prime(Firm):
    """A prime: decides for itself. A human seat overrides :meth:`decide`."""


class Supplier(Firm):
    """Suppliers that share one rule decide as a cohort; a single one can be given its own."""
