"""Governments: award contracts, fund projects, answer requests for priority."""

from __future__ import annotations

import mesa
import numpy as np

from agents.seat import Seat
from mobilize.luck import Stream
from mobilize.physics.sourcing import source_program
from mobilize.state import EPS, IDLE, Floats, Ints
from mobilize.world import QUARTER, Decision, World

PATIENCE = 3  # months a line stands above capacity before a government acts
YEAR = 12


class Government(Seat):
    """One state: its programs, its money for industry, the plants on its soil.

    It sees its programs, and of industry only the firms it knows of (`visible`).
    """

    def __init__(self, model: mesa.Model, name: str, country: int, world: World) -> None:
        super().__init__(model, name)
        net = world.net
        self.country = country
        self.programs = [int(i) for i in np.flatnonzero(net.p_country == country)]
        table = world.scenario.tables["projects"]
        options = (table["payer"] == name) & (table["decided"] < 0)
        self.projects = np.flatnonzero(options).astype(np.int32)
        abroad = (net.l_country[net.r_supplier] == country) & ~net.l_ratings[net.r_supplier]
        self.requests = np.flatnonzero(abroad).astype(np.int32)

    def decide(self, world: World) -> list[Decision]:
        """Award contracts when there is money; each quarter, fund and answer."""
        made = [d for i in self.programs if (d := self.award(world, i)) is not None]
        if self.board_meets(world):
            made += self.fund_projects(world)
            for i in self.programs:
                source_program(*world.arrays, i)
            self.answer_requests(world)
        return made

    def award(self, world: World, i: int) -> Decision | None:
        """Put the unobligated money of a program on contract, up to its objective."""
        s, net = world.s, world.net
        money = s.appropriated[i] - s.obligated[i]
        if money < EPS:
            return None
        price = self.price(world, i)
        use = net.p_use[i] * (net.p_award[i] + net.p_span[i])
        need = net.p_objective[i] + use - s.stock[i] - s.undelivered[i]
        units = min(money / price, need)
        if units * price < 1.0:
            return None
        world.award_contract(i, units, units * price)
        why = "money at hand and stock below its objective"
        return world.note(self.name, "contract", world.names.programs[i], units, "units", why)

    def price(self, world: World, i: int) -> float:
        """Return the price of a unit today, over the sources the program buys from."""
        net, s = world.net, world.s
        routes = net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]
        share = s.share[routes]
        if share.sum() < EPS:
            return float(net.p_cost[i])
        return float((share * s.price[net.r_supplier[routes]]).sum() / share.sum())

    def fund_projects(self, world: World) -> list[Decision]:
        """Spend industrial money on the projects that relieve most per dollar."""
        s, net = world.s, world.net
        if s.industrial[self.country] < EPS or not len(self.projects):
            return []
        made = []
        relief = self.relief(world)
        for n in np.argsort(-relief, kind="stable"):
            j = int(self.projects[n])
            if relief[n] < EPS or net.j_cost[j] > s.industrial[self.country]:
                continue
            if s.phase[j] != IDLE:
                continue
            world.start_project(j, self.country)
            line = world.names.lines[net.j_line[j]]
            why = f"asked for more of what {line} makes than the lines known can make"
            cost = float(net.j_cost[j]) / 1000
            made.append(
                world.note(self.name, "project", world.names.projects[j], cost, "MUSD", why)
            )
        return made

    def relief(self, world: World) -> Floats:
        """Return the yearly value of what is missing per kUSD of each project's cost."""
        s, net = world.s, world.net
        short = np.maximum(0.0, s.wanted - s.equip * net.l_rate[:, 2])
        known = (s.over >= PATIENCE) & world.visible
        short = np.where(known, short, 0.0)
        by_item = np.bincount(net.l_item, short)
        by_item = np.append(by_item, np.zeros(int(net.l_item.max()) + 1 - len(by_item)))
        line: Ints = net.j_line[self.projects]
        gain = np.minimum(
            by_item[net.l_item[line]], net.j_adds[self.projects] * net.l_rate[line, 2]
        )
        value = gain * net.l_cost[line] * YEAR
        return np.asarray(value / np.maximum(net.j_cost[self.projects], 1.0))

    def answer_requests(self, world: World) -> None:
        """Decide which foreign priority requests the plants on its soil honour this quarter.

        Chance = logistic of alignment (with trust), arrangement, code of conduct, own need
        and neutrality (design: policy, 1.3).
        """
        s, net = world.s, world.net
        if not len(self.requests):
            return
        chance = honour_chance(world)[self.country]
        luck = world.luck.uniform(Stream.HONOUR, world.month // QUARTER, len(net.r_slot))
        s.honour[self.requests] = luck[self.requests] < chance


def honour_chance(world: World) -> Floats:
    """Return the chance that each country honours a priority request, shape (countries,)."""
    net, p = world.net, world.p
    alignment = (net.c_alignment + world.s.trust) / 2
    z = (
        p.honor_base
        + p.honor_alignment * alignment
        + p.honor_sosa * net.c_sosa
        + p.honor_code * net.c_code
        - p.honor_need * net.c_need
        - p.honor_neutral * net.c_neutral
    )
    return np.asarray(1.0 / (1.0 + np.exp(-z)))
