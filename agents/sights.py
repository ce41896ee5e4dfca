"""What governments see of a crisis: fires unmet, shelves empty, use that is not peacetime's.

Each government knows its own programs. Of others it knows what they make known: that their fires
go unmet, and that they are at war. The memory of twelve months is in the state (`seen`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np

from agents.rules import Rule, rules
from mobilize.chain import chain
from mobilize.network import FRONT_LINE, LEAD, STANCES
from mobilize.physics.sight import in_a_row
from mobilize.programs import SUSTAINMENT
from mobilize.state import EPS, LACK, MEMORY, UNMET, WAR, Flags, Floats, Ints
from mobilize.world import World

Alarms = dict[int, list[tuple[Rule, int]]]


def watch(world: World) -> None:
    """Write down what was seen of every program this month, as shares.

    Of what was asked of its stock and went unmet; of its objective that is not in stock; of the
    use that is not peacetime's. For a fleet the first counts spares.
    """
    net, s = world.net, world.s
    if not net.c_stance.any():
        return
    now = world.month % MEMORY
    wanted = np.where(net.p_kind == SUSTAINMENT, net.p_use, s.asked)
    objective = world.objective()
    peacetime = np.asarray(world.scenario.tables["programs"]["training_use"], np.float64)
    s.seen[UNMET, :, now] = part(s.unmet, np.maximum(wanted, s.unmet))
    s.seen[LACK, :, now] = part(np.maximum(0.0, objective - s.stock), objective)
    s.seen[WAR, :, now] = part(np.maximum(0.0, s.asked - peacetime), s.asked)


def part(some: Floats, whole: Floats) -> Floats:
    """Return some as a share of the whole, 0 of nothing."""
    return np.divide(some, whole, out=np.zeros(len(whole)), where=whole > EPS)


def last(world: World, months: int) -> list[int]:
    """Return where the last months before this one stand in the memory."""
    return [(world.month - back) % MEMORY for back in range(1, months + 1)]


def chain_seen(world: World, i: int) -> list[int]:
    """Return the lines that hold a program up, as far as their firms are known to governments."""
    net = world.net
    makers = net.r_supplier[net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]].tolist()
    return sorted({at for line in makers for at in chain(world, line) if world.visible[at]})


def alarms(world: World) -> Alarms:
    """Return by country which of its rules hold this month, and of which programs."""
    return cast(Alarms, world.this_month("alarms", lambda: _alarms(world)))


def _alarms(world: World) -> Alarms:
    owner, stances = world.net.p_country.tolist(), world.net.c_stance.tolist()
    found: Alarms = {}
    rows, programs = np.nonzero(holding(world))
    for n, i in zip(rows.tolist(), programs.tolist(), strict=True):
        rule, its = rules()[n], owner[i]
        if rule.trigger.startswith("own"):
            mine = [its] if STANCES[stances[its]] in rule.stances else []
        else:
            mine = [c for c, a in enumerate(stances) if c != its and STANCES[a] in rule.stances]
        for c in mine:
            found.setdefault(c, []).append((rule, i))
    return found


def holding(world: World) -> Flags:
    """Return which rules hold of which programs, whoever looks, shape (rules, programs)."""
    found = np.zeros((len(rules()), len(world.s.stock)), np.bool_)
    sights, thresholds, months, below = _asked()
    in_a_row(world.s.seen, sights, thresholds, months, below, world.month, found)
    stance = world.net.c_stance[world.net.p_country]
    at_war = world.s.seen[WAR][:, (world.month - 1) % MEMORY] > EPS
    for n, rule in enumerate(rules()):
        if rule.trigger == "partner out of fires":
            found[n] &= stance != LEAD  # which asks for itself
        elif rule.trigger == "front line out of fires":
            found[n] &= (stance == FRONT_LINE) & at_war
    return found


@cache
def _asked() -> tuple[Ints, Floats, Ints, Flags]:
    """Return sight, threshold, months and whether to stay below it, of every rule."""
    triggers = [TRIGGERS[rule.trigger] for rule in rules()]
    return (
        np.array([sight for sight, _ in triggers], np.int32),
        np.array([rule.threshold for rule in rules()]),
        np.array([rule.months for rule in rules()], np.int32),
        np.array([below for _, below in triggers]),
    )


TRIGGERS = {
    "own fires unmet": (UNMET, False),  # of which too much went unmet
    "own fires met": (UNMET, True),  # of which hardly anything did
    "own stock low": (LACK, False),  # that lack too much of their objective
    "own conflict": (WAR, False),  # that a conflict draws on
    "partner out of fires": (UNMET, False),
    "front line out of fires": (UNMET, False),
    "buyer at war": (WAR, False),
}  # what is looked at, and whether it must stay below; "own": of its own programs, else of others'


@dataclass(frozen=True, slots=True)
class Reason:
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
