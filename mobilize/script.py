"""What a scenario brings by date: money, disturbances and projects already decided."""

from __future__ import annotations

from dataclasses import dataclass

from mobilize.crises.course import befall
from mobilize.network import Names
from mobilize.scenario import Disturbance, Scenario
from mobilize.state import DONE, IDLE, QUALIFY
from mobilize.world import World

YEAR = 12

BEFORE = "decided before the start"  # of projects that are under way when a run begins


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
        if event.start is not None:  # else an event calls for it
            month = max(0, event.start - scenario.start)
            disturbances.setdefault(month, []).append(event)
    decided: dict[int, list[int]] = {}
    for j, month in enumerate(scenario.tables["projects"]["decided"]):
        if month >= 0:
            decided.setdefault(max(0, int(month) - scenario.start), []).append(j)
    return Script(grants, industrial, disturbances, decided)


def play(script: Script, world: World) -> None:
    """Let this month's dated events happen."""
    s, month = world.s, world.month
    for program, money in script.grants.get(month, ()):
        grant(world, program, money)
    for country, money in script.industrial.get(month, ()):
        grant_industry(world, country, money)
    for event in script.disturbances.get(month, ()):
        _disturb(world, event, event.start or 0)
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
        why = BEFORE if ago else "decided in the scenario"
        world.note(who, "project", world.names.projects[j], cost, "MUSD", why)


def grant(world: World, program: int, money: float) -> None:
    """Appropriate money (kUSD) to a program, less what a continuing resolution holds back."""
    s = world.s
    held = money * s.resolution.item(world.net.p_country.item(program))
    s.appropriated[program] += money - held
    s.waiting[program] += held


def grant_industry(world: World, country: int, money: float) -> None:
    """Appropriate money (kUSD) to the projects of a country, less what is held back."""
    s = world.s
    held = money * float(s.resolution[country])
    s.industrial[country] += money - held
    s.waiting_industry[country] += held


def _disturb(world: World, event: Disturbance, start: int) -> None:
    befall(
        world,
        event.kind,
        event.target,
        event.severity,
        event.months,
        event.recovery,
        why=event.text,
        since=start - world.scenario.start,
    )
