"""What governments see of a crisis: fires unmet, shelves empty, use that is not peacetime's.

Each government knows its own programs. Of others it knows what they make known: that their fires
go unmet, and that they are at war. The memory of twelve months is in the state (`seen`).
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from agents.rules import Rule, rules
from mobilize.network import STANCES
from mobilize.physics.chains import seen_chain
from mobilize.physics.handle import handle
from mobilize.physics.sight import FRONT, OTHERS, OWN, PARTNERS, Questions
from mobilize.physics.sight import alarms as raise_alarms
from mobilize.state import LACK, MEMORY, UNMET, WAR
from mobilize.world import World

Alarms = dict[int, list[tuple[Rule, int]]]


def last(world: World, months: int) -> list[int]:
    """Return where the last months before this one stand in the memory."""
    return [(world.month - back) % MEMORY for back in range(1, months + 1)]


def chain_seen(world: World, i: int) -> list[int]:
    """Return the lines that hold a program up, as far as their firms are known to governments."""
    seen = seen_chain(*world.arrays[:2], i, world.visible)
    return np.flatnonzero(seen).tolist()


def alarms(world: World) -> Alarms:
    """Return by country which of its rules hold this month, and of which programs."""
    return world.this_month("alarms", _alarms)


def _alarms(world: World) -> Alarms:
    net, s, _ = world.arrays
    found: Alarms = {}
    known = rules()
    for c, n, i in raise_alarms(net, s, _questions(), world.month).tolist():
        found.setdefault(c, []).append((known[n], i))
    return found


@cache
def _questions() -> Any:
    """Return what every rule asks, as kernels take it."""
    sight, whose, below = zip(*(TRIGGERS[rule.trigger] for rule in rules()), strict=True)
    questions = Questions(
        sight=np.array(sight, np.int32),
        threshold=np.array([rule.threshold for rule in rules()]),
        months=np.array([rule.months for rule in rules()], np.int32),
        below=np.array(below),
        whose=np.array(whose, np.int32),
        stance=np.array([[name in rule.stances for name in STANCES] for rule in rules()]),
    )
    return handle(questions)


TRIGGERS = {
    "own fires unmet": (UNMET, OWN, False),  # of which too much went unmet
    "own fires met": (UNMET, OWN, True),  # of which hardly anything did
    "own stock low": (LACK, OWN, False),  # that lack too much of their objective
    "own conflict": (WAR, OWN, False),  # that a conflict draws on
    "partner out of fires": (UNMET, PARTNERS, False),
    "front line out of fires": (UNMET, FRONT, False),
    "buyer at war": (WAR, OTHERS, False),
}  # what is looked at, of whose programs, and whether it must stay below


class Reason(NamedTuple):
    """Why a rule works, put into words only where something comes of it."""

    world: World
    rule: Rule
    program: int

    def __str__(self) -> str:
        return f"{self.rule.title}: {told(self.world, self.program, self.rule)}"


Told = str | Reason


def told(world: World, i: int, rule: Rule) -> str:
    """Return in words, with the figures, what of a program made a rule work."""
    seen = world.s.seen[:, i, last(world, 1)[0]]
    name, months = world.names.programs[i], "month" if rule.months == 1 else "months in a row"
    if rule.trigger == "own stock low":
        return f"stock of {name} {seen[LACK]:.0%} below its objective, {rule.months} {months}"
    if rule.trigger in ("own conflict", "buyer at war"):
        return f"{seen[WAR]:.0%} of the use of {name} is a conflict's, {rule.months} {months}"
    if rule.trigger == "own fires met":
        return f"no more than {seen[UNMET]:.0%} of what was asked of {name} unmet, " \
               f"{rule.months} {months}"  # fmt: skip
    return f"{seen[UNMET]:.0%} of what was asked of {name} unmet, {rule.months} {months}"
