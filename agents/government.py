"""Governments: award contracts, fund projects, answer requests, respond to crises."""

from __future__ import annotations

from typing import NamedTuple

import mesa
import numpy as np

from agents.loans import repay
from agents.requests import answer_requests
from agents.responses import respond
from agents.seat import Seat
from agents.title3 import PATIENCE, award_title3
from mobilize.physics.building import most_relief
from mobilize.physics.buying import award, tender
from mobilize.physics.investing import known_shortage as shortage
from mobilize.physics.sourcing import source_programs
from mobilize.physics.sustainment import route_repairs
from mobilize.programs import awaited
from mobilize.state import EPS, Floats, Ints
from mobilize.world import Decision, World

YEAR = 12


class Government(Seat):
    """One state: its programs, its money for industry, the plants on its soil.

    It sees its programs, and of industry only the firms it knows of (`visible`).
    """

    def __init__(self, model: mesa.Model, name: str, country: int, world: World) -> None:
        super().__init__(model, name)
        net = world.net
        self.country = country
        self.home = bool(net.c_home[country])
        several = np.diff(net.p_routes) > 1
        self.choices = np.flatnonzero((net.p_country == country) & several).astype(np.int32)
        fleets = np.flatnonzero(net.p_country[net.f_program] == country)
        self.fleets: Ints = fleets.astype(np.int32)
        table = world.scenario.tables["projects"]
        options = (table["payer"] == name) & (table["decided"] < 0) & ~awaited(world.scenario)
        self.projects = np.flatnonzero(options).astype(np.int32)
        line = net.j_line[self.projects]
        cost = np.maximum(net.j_cost[self.projects], 1.0)
        self.items: Ints = net.l_item[line]
        self.adds: Floats = net.j_adds[self.projects] * net.l_rate[line, 2]  # units/month
        self.value: Floats = net.l_cost[line] * YEAR / cost  # of a unit a month, per kUSD
        self.cheapest = float(cost.min()) if len(cost) else float("inf")
        abroad = (net.l_country[net.r_supplier] == country) & ~net.l_ratings[net.r_supplier]
        self.requests = np.flatnonzero(abroad).astype(np.int32)

    def decide(self, world: World) -> list[Decision]:
        """Award contracts and respond; each quarter fund, source, repair, answer, repay."""
        made = self.award(world) + self.respond(world)
        if self.board_meets(world):
            made += self.fund_projects(world)
            if len(self.choices):
                source_programs(*world.arrays, world.month, self.choices)
            if len(self.fleets):
                route_repairs(*world.arrays, self.fleets)
            self.answer(world)
            repay(world, self.country)
            if self.home:
                made += award_title3(world, self.name)
        return made

    def respond(self, world: World) -> list[Decision]:
        """Respond to a crisis by the rules of its stance; a human seat decides otherwise."""
        return respond(world, self.country)

    def answer(self, world: World) -> None:
        """Decide which requests for priority its plants honour; a denial is felt at home."""
        if len(self.requests):
            answer_requests(world, self.country, self.requests)

    def award(self, world: World) -> list[Decision]:
        """Put the unobligated money (kUSD) of its programs on contract, up to what they lack."""
        market = world.this_month("tenders", tenders)
        buyers = market.buyers.get(self.country)
        if buyers is None:
            return []
        net, s, _ = world.arrays
        award(net, s, world.month, self.country, *market.terms)
        units, names = market.terms[-1], world.names.programs
        why = "money at hand and stock below its objective"
        return [
            world.note(self.name, "contract", names[i], units.item(i), "units", why) for i in buyers
        ]

    def fund_projects(self, world: World) -> list[Decision]:
        """Spend industrial money on the projects that relieve most per dollar.

        A continuing resolution bars new starts.
        """
        s, net = world.s, world.net
        money = s.industrial.item(self.country)
        if money < self.cheapest or s.resolution[self.country] > EPS:
            return []
        made = []
        short = world.this_month("short", known_shortage)
        options = self.projects, self.items, self.adds, self.value
        for n in most_relief(world.arrays[1], *options, short).tolist():
            j, item = self.projects.item(n), self.items.item(n)
            cost = net.j_cost.item(j)
            if short[item] < EPS or cost > money:
                continue
            world.start_project(j)
            money -= cost
            short[item] -= self.adds[n]
            why = f"the known makers of {world.names.items[item]} are asked for more than they can"
            name = world.names.projects[j]
            made.append(world.note(self.name, "project", name, cost / 1000, "MUSD", why))
        s.industrial[self.country] = money
        return made


class Market(NamedTuple):
    """What programs can buy today."""

    buyers: dict[int, list[int]]  # by country, programs with money at hand that lack units
    terms: tuple[Floats, Floats, Floats]  # kUSD/unit, months to contract, units: (programs,) each


def tenders(world: World) -> Market:
    """Return what programs can buy, as it stood before any government awarded this month."""
    prices, waits, units = np.zeros((3, len(world.s.stock)))
    buyers: dict[int, list[int]] = {}
    for i in tender(*world.arrays, prices, waits, units).tolist():
        buyers.setdefault(world.net.p_country.item(i), []).append(i)
    return Market(buyers, (prices, waits, units))


def known_shortage(world: World) -> Floats:
    """Return by item what lines known to governments cannot make, units/month."""
    return shortage(*world.arrays[:2], world.visible, PATIENCE, len(world.names.items))
