"""What people do to a world beside setting levers: the white cell's hand, and a seat's own acts.

Interventions are dated like settings and belong to a game like them, so that a game with a white
cell is played again bit for bit. Each uses what the model has: the events list, disturbances, the
ladder, the actions of governments. One that finds nothing to do says so in the log.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from agents.actions import ACTIONS
from agents.adversary import KIND, STEP, choose, veto
from agents.industry import CLOSE, INVEST
from agents.rules import Rule
from mobilize.crises.course import befall, lift
from mobilize.crises.events import delay, fire, skip
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.state import EPS, IDLE, Floats, Ints
from mobilize.world import QUARTER, World

OWN = ("lend", "give", "keep output", "withhold", "ask for a loan", "ask for priority")
LATE = ("override",)  # come at the end of their month, when its outcome is known
BASE = "base"
HONOUR = "honour requests"  # for priority, at plants on a country's soil


@dataclass(frozen=True)
class Intervention:
    """Something done in the month `date` (absolute) by `who`; which fields count is its kind's.

    Of kinds see :data:`KINDS`. `what` names a disturbance, a quantity, an action or a mindset;
    `amount` is its size; `months` and `recovery` say how long. Without `amount`, `months` or
    `recovery` the base size counts.
    """

    date: int
    kind: str
    target: str = ""
    what: str = ""
    amount: float | None = None
    months: int | None = None
    recovery: int | None = None
    who: str = "white cell"
    why: str = ""


@dataclass(frozen=True)
class Outcome:
    """A quantity that may be overridden: that of the state times `factor`, above another."""

    name: str
    title: str
    of: str
    unit: str
    state: str
    above: str
    factor: float
    low: float
    high: float


@cache
def outcomes() -> dict[str, Outcome]:
    """Return what may be overridden, by name (``outcomes.csv``)."""
    with Path(__file__).with_name("outcomes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = ("factor", "low", "high")
    return {r["name"]: Outcome(**{**r, **{n: float(r[n]) for n in numbers}}) for r in rows}  # type: ignore[arg-type]


def intervene(world: World, given: Iterable[Intervention], late: bool) -> None:
    """Do what is dated this month, in the order given."""
    now = world.scenario.start + world.month
    for one in given:
        if one.date == now and (one.kind in LATE) == late:
            KINDS[one.kind](world, one)


def _fire(world: World, one: Intervention) -> None:
    fire(world, one.target, one.who)


def _delay(world: World, one: Intervention) -> None:
    delay(world, one.target, int(one.amount or 1), one.why, one.who)


def _skip(world: World, one: Intervention) -> None:
    skip(world, one.target, one.why, one.who)


def _befall(world: World, one: Intervention) -> None:
    befall(world, one.what, one.target, one.amount, one.months, one.recovery, one.who, one.why)


def _lift(world: World, one: Intervention) -> None:
    """End the disturbances of a kind at a target."""
    mine = [t for t in world.troubles if (t.kind, t.target) == (one.what, one.target)]
    for trouble in mine:
        lift(world, trouble)
    done = "ended" if mine else "nothing to end"
    world.note(one.who, "override", one.target, 0.0, "", f"{one.what} {done}: {one.why}")


def held(world: World, quantity: str, target: str) -> float:
    """Return a quantity that may be overridden as it stands, in its unit."""
    of = outcomes()[quantity]
    array, at = _place(world, of, target)
    floor = float(getattr(world.s, of.above)[at]) if of.above else 0.0
    return (float(array[at]) - floor) / of.factor


CHANGE = re.compile(
    r"(?P<title>.+?): (?P<old>\S+) -> (?P<new>\S+) (?P<unit>\S+): (?P<why>.*)", re.S
)


def _override(world: World, one: Intervention) -> None:
    """Set a quantity; the log keeps old and new value, who and why."""
    of, new = outcomes()[one.what], float(one.amount or 0.0)
    old = held(world, one.what, one.target)
    array, at = _place(world, of, one.target)
    floor = float(getattr(world.s, of.above)[at]) if of.above else 0.0
    array[at] = floor + new * of.factor
    told = f"{of.title}: {old:.10g} -> {new:.10g} {of.unit}: {one.why}"
    world.note(one.who, "override", one.target, new, of.unit, told)


def _place(world: World, of: Outcome, target: str) -> tuple[Floats, int]:
    at = 0 if of.of == BASE else getattr(world.names, of.of).index(target)
    return getattr(world.s, of.state), at


def _veto(world: World, one: Intervention) -> None:
    veto(world, one.why, one.who, one.target)


def _choose(world: World, one: Intervention) -> None:
    choose(world, RUNGS.index(one.target), one.who, one.why)


def _mindset(world: World, one: Intervention) -> None:
    """Give the challenger another mindset from now on."""
    old = MINDSETS[world.s.mindset.item(0)]
    world.s.mindset[0] = MINDSETS.index(one.what)
    world.note(one.who, KIND, "mindset", 0.0, "", f"{old} -> {one.what}: {one.why}")


def _sit(world: World, one: Intervention) -> None:
    """Let somebody decide what a rule has decided so far."""
    if one.what == STEP and (one.target, STEP) not in world.seated:
        world.s.chosen[:] = 0
    world.seated |= {(one.target, one.what)}


def _rise(world: World, one: Intervention) -> None:
    world.seated -= {(one.target, one.what)}


def _act(world: World, one: Intervention) -> None:
    """Let a government do one of its own actions about a program, for some months ahead."""
    rule = Rule("seat", one.why or one.what, (), "", 0.0, 1, one.what, float(one.amount or 0.0),
                "", 0, one.months or QUARTER, "", "", "")  # fmt: skip
    country, program = world.names.countries.index(one.who), world.names.programs.index(one.target)
    if not ACTIONS[one.what](world, country, rule, program, one.why or one.what):
        world.note(one.who, "seat", one.target, 0.0, "", f"{one.what}: there was nothing to do")


def _honour(world: World, one: Intervention) -> None:
    """Let a government say what share of the requests made to its plants they honour.

    Plants answer each quarter, so a word holds for a quarter at least.
    """
    share, length = float(one.amount or 0.0), max(one.months or QUARTER, QUARTER)
    world.words[one.target] = (share, world.month + length)
    made = int(requests_of(world, one.target).size)
    told = one.why or "its own decision"
    if not made:
        told = "no plant on its soil is asked for priority"
    world.note(one.who, "seat", one.target, 100.0 * share, "%", f"{HONOUR}: {told}")


def requests_of(world: World, country: str) -> Ints:
    """Return the routes out of plants on a country's soil where a rating is a request."""
    net = world.net
    at = net.l_country[net.r_supplier] == world.names.countries.index(country)
    return np.asarray(np.flatnonzero(at & ~net.l_ratings[net.r_supplier]), np.int32)


def _invest(world: World, one: Intervention) -> None:
    """Let a firm expand a line with its own money, if it builds nothing there and has room."""
    line = world.names.lines.index(one.target)
    j = world.private(line)
    busy = world.under_way()[world.net.j_line == line].any()
    room = bool(world.has_room(world.p.invest_step)[line]) and bool(world.s.alive[line])
    if busy or not room or world.s.phase[j] > IDLE:
        told = "no expansion: " + ("one is under way or done" if room else "no room at the site")
        world.note(one.who, "seat", one.target, 0.0, "", told)
        return
    world.start_project(j)
    cost = float(world.net.j_cost[j]) / 1000
    world.note(one.who, "invest", one.target, cost, "MUSD", one.why or "its own decision")


def _close(world: World, one: Intervention) -> None:
    """Let a firm leave the market with a line."""
    line = world.names.lines.index(one.target)
    if world.s.alive[line]:
        world.s.alive[line] = False
        world.note(one.who, "exit", one.target, 0.0, "", one.why or "its own decision")


KINDS: dict[str, Callable[[World, Intervention], None]] = {
    "fire": _fire,
    "delay": _delay,
    "skip": _skip,
    "befall": _befall,
    "lift": _lift,
    "override": _override,
    "veto": _veto,
    "mindset": _mindset,
    STEP: _choose,
    "sit": _sit,
    "rise": _rise,
    "act": _act,
    HONOUR: _honour,
    INVEST: _invest,
    CLOSE: _close,
}


def sound(value: float) -> bool:
    """Return whether a number may be a size at all."""
    return bool(np.isfinite(value)) and abs(value) < 1.0 / EPS
