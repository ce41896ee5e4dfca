"""What governments see of a crisis: fires unmet, shelves empty, use that is not peacetime's.

Each government knows its own programs. Of others it knows what they make known: that their fires
go unmet, and that they are at war. The memory of twelve months is in the state (`seen`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np

from agents.rules import Rule, rules
from mobilize.chain import chain
from mobilize.network import FRONT_LINE, LEAD, STANCES
from mobilize.programs import SUSTAINMENT
from mobilize.state import EPS, LACK, MEMORY, UNMET, WAR, Flags, Floats
from mobilize.terms import OBJECTIVE
from mobilize.world import World

Trigger = Callable[[World, Rule], Flags]
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
    objective = net.p_objective * s.of_program[OBJECTIVE]
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


def in_a_row(world: World, sight: int, rule: Rule) -> Flags:
    """Return for which programs a rule's threshold was reached in each of its last months."""
    return _in_a_row(world, sight, rule.threshold, rule.months)


def _in_a_row(world: World, sight: int, threshold: float, months: int) -> Flags:
    def find() -> Flags:
        shares = world.s.seen[sight]
        held = shares[:, last(world, 1)[0]] >= threshold - EPS
        for at in last(world, months)[1:]:
            held &= shares[:, at] >= threshold - EPS
        return held

    return cast(Flags, world.this_month(f"{sight} {threshold} {months}", find))


def fires_unmet(world: World, rule: Rule) -> Flags:
    """Return the programs of which too much went unmet."""
    return in_a_row(world, UNMET, rule)


def fires_met(world: World, rule: Rule) -> Flags:
    """Return the programs of which in every month hardly anything went unmet."""
    shares = world.s.seen[UNMET][:, last(world, rule.months)]
    known = world.month >= rule.months
    return np.asarray((shares < rule.threshold - EPS).all(axis=1) & known)


def stock_low(world: World, rule: Rule) -> Flags:
    """Return the programs that lack too much of their objective."""
    return in_a_row(world, LACK, rule)


def conflict(world: World, rule: Rule) -> Flags:
    """Return the programs that a conflict draws on."""
    return in_a_row(world, WAR, rule)


def out_of_fires(world: World, rule: Rule) -> Flags:
    """Return the programs of which too much went unmet, but the lead's, which asks for itself."""
    leads = world.net.c_stance[world.net.p_country] == LEAD
    return np.asarray(~leads & in_a_row(world, UNMET, rule))


def front_line_out_of_fires(world: World, rule: Rule) -> Flags:
    """Return the programs of front-line states of which a conflict uses more than there is."""
    front = world.net.c_stance[world.net.p_country] == FRONT_LINE
    return np.asarray(front & in_a_row(world, UNMET, rule) & now_at_war(world))


def now_at_war(world: World) -> Flags:
    """Return the programs of which use last month was not peacetime's alone."""
    return np.asarray(world.s.seen[WAR][:, last(world, 1)[0]] > EPS)


def chain_seen(world: World, i: int) -> list[int]:
    """Return the lines that hold a program up, as far as their firms are known to governments."""
    net = world.net
    makers = net.r_supplier[net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]].tolist()
    return sorted({at for line in makers for at in chain(world, line) if world.visible[at]})


TRIGGERS: dict[str, Trigger] = {
    "own fires unmet": fires_unmet,
    "own fires met": fires_met,
    "own stock low": stock_low,
    "own conflict": conflict,
    "partner out of fires": out_of_fires,
    "front line out of fires": front_line_out_of_fires,
    "buyer at war": conflict,
}  # those that begin with "own" are about a country's own programs, the others about others'


def alarms(world: World) -> Alarms:
    """Return by country which of its rules hold this month, and of which programs."""
    return cast(Alarms, world.this_month("alarms", lambda: _alarms(world)))


def _alarms(world: World) -> Alarms:
    owner, stances = world.net.p_country.tolist(), world.net.c_stance.tolist()
    found: Alarms = {}
    for rule in rules():
        programs = np.flatnonzero(TRIGGERS[rule.trigger](world, rule)).tolist()
        if not programs:
            continue
        mine = [c for c, stance in enumerate(stances) if STANCES[stance] in rule.stances]
        if rule.trigger.startswith("own"):
            pairs = [(owner[i], i) for i in programs if owner[i] in mine]
        else:
            pairs = [(c, i) for c in mine for i in programs if owner[i] != c]
        for c, i in pairs:
            found.setdefault(c, []).append((rule, i))
    return found


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
