"""What a scenario brings by date: money, disturbances and projects already decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mobilize.network import NONE, Names
from mobilize.physics.trouble import strike
from mobilize.scenario import Disturbance, Scenario
from mobilize.state import DONE, IDLE, QUALIFY, Ints
from mobilize.world import World

YEAR = 12


@dataclass(frozen=True)
class Script:
    """Dated events of a scenario, by month since the start."""

    grants: dict[int, list[tuple[int, float]]]  # program, kUSD
    industrial: dict[int, list[tuple[int, float]]]  # country, kUSD
    disturbances: dict[int, list[Disturbance]]
    decided: dict[int, list[int]]  # projects by month; month 0 holds those decided before


def read_script(scenario: Scenario, names: Names, months: int) -> Script:
    """Collect the dated events of a scenario up to `months` after its start."""
    programs = {name: i for i, name in enumerate(names.programs)}
    countries = {name: c for c, name in enumerate(names.countries)}
    grants: dict[int, list[tuple[int, float]]] = {}
    industrial: dict[int, list[tuple[int, float]]] = {}
    for row in scenario.tables["budgets"].rows():
        first = int(row["date"]) - scenario.start
        step = YEAR if row["repeat"] == "yearly" else months + abs(first) + 1
        for month in range(first, months, step):
            if month < 0:
                continue
            if row["purpose"] == "industrial":
                country = countries[str(row["country"])]
                industrial.setdefault(month, []).append((country, float(row["amount"]) * 1000))
            else:
                program = programs[str(row["purpose"])]
                grants.setdefault(month, []).append((program, float(row["amount"]) * 1000))
    disturbances: dict[int, list[Disturbance]] = {}
    for event in scenario.disturbances:
        disturbances.setdefault(event.start - scenario.start, []).append(event)
    decided: dict[int, list[int]] = {}
    for j, month in enumerate(scenario.tables["projects"]["decided"]):
        if month >= 0:
            decided.setdefault(max(0, int(month) - scenario.start), []).append(j)
    return Script(grants, industrial, disturbances, decided)


def play(script: Script, world: World) -> None:
    """Let this month's dated events happen."""
    s, month = world.s, world.month
    for program, money in script.grants.get(month, ()):
        s.appropriated[program] += money
    for country, money in script.industrial.get(month, ()):
        s.industrial[country] += money
    for event in script.disturbances.get(month, ()):
        _disturb(world, event)
    starts = world.scenario.tables["projects"]["decided"]
    for j in script.decided.get(month, ()):
        if s.phase[j] != IDLE:
            continue  # a policy has started it earlier
        ago = max(0.0, float(world.scenario.start + month - starts[j]))
        world.start_project(j, ago)
        if QUALIFY < s.phase[j] <= DONE:
            world.qualify(j)
        who = str(world.scenario.tables["projects"]["payer"][j])
        cost = float(world.net.j_cost[j]) / 1000
        why = "decided before the start" if ago else "decided in the scenario"
        world.note(who, "project", world.names.projects[j], cost, "MUSD", why)


def _disturb(world: World, event: Disturbance) -> None:
    if event.kind == "outage":
        line = world.names.lines.index(event.target)
        strike(world.arrays[1], line, event.severity, float(event.months), float(event.recovery))
    else:
        for r in _closed(world, event.target):
            world.s.blocked[r] = max(world.s.blocked[r], float(event.months))
    world.note("scenario", "disturbance", event.target, event.severity, "fraction", event.text)


def _closed(world: World, target: str) -> Ints:
    """Return the routes a closure names: one route, or all that leave a country."""
    names, net = world.names, world.net
    if ">" in target:
        buyer, supplier = target.split(">")
        return np.array([names.routes.index((buyer, supplier))], dtype=np.int32)
    country = names.countries.index(target)
    leaves = net.l_country[net.r_supplier] == country
    to = np.full(len(net.r_slot), country)
    slots, programs = net.r_slot != NONE, net.r_program != NONE
    to[slots] = net.l_country[net.k_line[net.r_slot[slots]]]
    to[programs] = net.p_country[net.r_program[programs]]
    return np.flatnonzero(leaves & (to != country)).astype(np.int32)
