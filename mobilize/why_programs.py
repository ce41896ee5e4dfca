"""Why a fleet is not serviceable, and why a development is not done: what binds, what relieves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mobilize.chain import chain
from mobilize.development import YEAR, partners, present_milestone
from mobilize.model import Model
from mobilize.network import NONE
from mobilize.physics.handle import handle
from mobilize.physics.recording import FLEET_SERIES, fleet_figures
from mobilize.physics.sustainment import turnaround
from mobilize.programs import PRODUCTION
from mobilize.scenario import months
from mobilize.state import CAPACITY, EPS, HELD, SPARES
from mobilize.terms import DEVELOPMENT_TIME
from mobilize.why import AFTER, RELAX, Link, Relief, Why, first_line, links
from mobilize.words import number
from mobilize.world import World

FAILURES, TRANSIT, REPAIR = "failures", "transit", "time in repair"  # beside HELD
MONEY, TIME, NOTHING = "money", "time", "nothing"
MISSING = 0.1  # of the full funding: from here on money is what makes a development late


@dataclass(frozen=True)
class ProgramWhy(Why):
    """The answer for a program that keeps a fleet or develops an item.

    `links` goes on through the tiers from the maker of spares, where spares bind.
    """

    bound: str
    since: str
    says: tuple[str, ...]

    def text(self) -> str:
        """Return the answer as plain sentences."""
        rows = [f"Why {self.target} stands where it stands in {self.month}"]
        rows.append(f"- bound by {self.bound} since {self.since}")
        rows += [f"  {said}" for said in self.says]
        rows += self.chain_text(1)
        if self.relief is not None:
            r = self.relief
            rows.append(f"Relief: {r.change}: {number(r.units)} {r.unit} in {r.months} months, "
                        "in the same luck.")  # fmt: skip
        return "\n".join(rows)


def is_special(world: World, target: str) -> bool:
    """Return whether a target is a program that keeps a fleet or develops an item."""
    names = world.names
    if target not in names.programs:
        return False
    return bool(world.net.p_kind[names.programs.index(target)] != PRODUCTION)


def why_program(model: Model, target: str, relief: bool = True) -> ProgramWhy:
    """Answer for a sustainment or a development program, for the model's present month."""
    names = model.world.names
    if target in names.fleets:
        return _why_fleet(model, target, names.fleets.index(target), relief)
    return _why_development(model, target, names.developments.index(target), relief)


def _label(model: Model, month: int) -> str:
    return months.label(model.world.scenario.start + month)


# ------------------------------------------------------------------------------------ fleets


def fleet_bound(world: World, f: int) -> tuple[str, int]:
    """Return what takes most units of a fleet out of service, and the depot where it does.

    Waiting counts as what its depot lacks, capacity or spares; repairs that take their time
    and travel count as such; where next to nothing is out of service, failures themselves.
    """
    s, net = world.s, world.net
    mine = np.arange(net.f_depots[f], net.f_depots[f + 1])
    lost = {
        HELD[limit]: s.queue[mine] * (s.held[mine] == limit) for limit in (CAPACITY, SPARES)
    } | {
        TRANSIT: (s.outbound + s.homebound)[mine].sum(axis=1),
        REPAIR: s.bench[mine].sum(axis=1),
    }
    most = max(lost, key=lambda name: float(lost[name].sum()))
    if lost[most].sum() < EPS:
        return FAILURES, int(mine[0])
    return most, int(mine[np.argmax(lost[most])])


def _why_fleet(model: Model, target: str, f: int, relief: bool) -> ProgramWhy:
    world = model.world
    bound, depot = fleet_bound(world, f)
    since = int(world.s.held_since[depot]) if bound in HELD else 0
    chain = _spares_chain(world, target) if bound == HELD[SPARES] else ()
    worth = _fleet_relief(model, f, bound, depot, since) if relief else None
    return ProgramWhy(target, _label(model, model.month - 1), chain, worth, bound,
                      _label(model, since), _fleet_says(world, f))  # fmt: skip


def _spares_chain(world: World, target: str) -> tuple[Link, ...]:
    return links(world, chain(world, first_line(world, target)))


def _fleet_says(world: World, f: int) -> tuple[str, ...]:
    s, net, names = world.s, world.net, world.names
    i = int(net.f_program[f])
    figures = fleet_figures(*world.arrays[:2])
    there = dict(zip(FLEET_SERIES, figures[:, f].tolist(), strict=True))
    said = [
        f"{number(there['serviceable'])} of {number(float(net.f_fielded[f]))} serviceable; "
        f"{number(there['waiting'])} wait, {number(there['in_repair'])} in repair, "
        f"{number(there['under_way'])} on the way, {number(there['written_off'])} written off",
        f"{number(float(s.stock[i]))} {names.items[net.p_item[i]]} in stock, "
        f"{number(float(s.unmet[i]))} lacked this month",
    ]
    return (*said, *(_depot_says(world, d) for d in range(net.f_depots[f], net.f_depots[f + 1])))


def _depot_says(world: World, d: int) -> str:
    s, net = world.s, world.net
    months_here = turnaround(*world.arrays[:2], d)
    said = f"{world.names.depots[d]} gets {s.depot_share[d]:.0%}: {number(float(s.queue[d]))} wait"
    if s.held[d]:
        said += f" for {HELD[s.held[d]]}"
    said += f", {number(float(net.d_capacity[d]))} a month begun at most, {number(months_here)} "
    return f"{said}months in repair, {int(net.d_transit[d])} each way"


def _fleet_relief(model: Model, f: int, bound: str, depot: int, since: int) -> Relief:
    """Run the same world again with what binds relaxed by a fifth since it began to bind."""
    program = int(model.world.net.f_program[f])
    name = model.world.names.depots[depot]
    changed: dict[str, tuple[str, np.ndarray, int, float]] = {
        HELD[CAPACITY]: ("d_capacity", model.world.net.d_capacity, depot, 1 + RELAX),
        TRANSIT: ("d_transit", model.world.net.d_transit, depot, 1 - RELAX),
        REPAIR: ("d_turnaround", model.world.net.d_turnaround, depot, 1 - RELAX),
        FAILURES: ("f_failures", model.world.net.f_failures, f, 1 - RELAX),
    }
    words = {
        HELD[CAPACITY]: f"a fifth more capacity at {name}",
        HELD[SPARES]: "a fifth more spares delivered",
        TRANSIT: f"a month less each way to {name}",
        REPAIR: f"a fifth less time in repair at {name}",
        FAILURES: "a fifth fewer failures",
    }

    def ease(world: World) -> None:
        if bound == HELD[SPARES]:
            world.s.stock[program] += RELAX * _delivered(model, program, since)
            return
        field, values, place, factor = changed[bound]
        values = values.copy()
        values[place] = values[place] - 1 if bound == TRANSIT else values[place] * factor
        _set(world, field, values)

    eased, base, span = _pair(model, since, ease)
    more, less = (run.record.fleet("serviceable")[since:, f].sum() for run in (eased, base))
    return Relief(words[bound], float(more - less), span, "more unit-months of service")


def _delivered(model: Model, program: int, since: int) -> float:
    return float(model.record.series("delivered")[since:, program].sum())


def _set(world: World, field: str, values: np.ndarray) -> None:
    """Give one world a changed network; others of the scenario keep theirs."""
    world.net = world.net._replace(**{field: values})
    world.arrays = (handle(world.net), *world.arrays[1:])


def _pair(model: Model, since: int, ease: Callable[[World], None]) -> tuple[Model, Model, int]:
    """Return the same world eased from a month on, as it was, and the months compared."""
    end = min(model.month + AFTER, model.months)
    base = model.again(end).run()
    eased = model.again(end).run(since)
    ease(eased.world)
    return eased.run(), base, end - since


# ------------------------------------------------------------------------------ developments


def development_bound(world: World, v: int) -> tuple[str, int]:
    """Return what makes a development late, and the partner (or NONE) whose money it is.

    Money that is missing this year, or the time that work takes at full funding.
    """
    if present_milestone(world, v) == NONE:
        return NOTHING, NONE
    s, net = world.s, world.net
    mine = np.arange(net.v_partners[v], net.v_partners[v + 1])
    missing = net.n_share[mine] - s.pledge[mine] * s.funded[mine]
    worst = int(mine[np.argmax(missing)])
    return (MONEY, worst) if missing.sum() > MISSING else (TIME, NONE)


def _why_development(model: Model, target: str, v: int, relief: bool) -> ProgramWhy:
    world = model.world
    bound, partner = development_bound(world, v)
    month = model.month - 1
    since = (month // YEAR) * YEAR if bound == MONEY else 0
    name = world.names.countries[world.net.n_country[partner]] if bound == MONEY else ""
    worth = _development_relief(model, v, bound, name) if relief and bound != NOTHING else None
    return ProgramWhy(target, _label(model, month), (), worth,
                      f"the {bound} of {name}" if name else bound, _label(model, since),
                      _development_says(world, v))  # fmt: skip


def _development_says(world: World, v: int) -> tuple[str, ...]:
    s, net, names = world.s, world.net, world.names
    first, last = int(net.v_milestones[v]), int(net.v_milestones[v + 1])
    passed = f"{int(s.milestone[v])} of {last - first} milestones passed"
    m = present_milestone(world, v)
    if m == NONE:
        return (f"{passed}; {names.items[net.p_item[net.v_program[v]]]} is qualified",)
    slow = float(s.of_program[DEVELOPMENT_TIME, net.v_program[v]])
    left = float(s.work_left[v]) * float(world.lengths[m]) * slow
    said = [f"{passed}; {names.milestones[m]} needs {number(left)} more months at full funding"]
    staying = set(partners(world, v).tolist())
    for n in range(net.v_partners[v], net.v_partners[v + 1]):
        who = f"{names.countries[net.n_country[n]]} ({net.n_share[n]:.0%} at the start)"
        paid = f"{number(float(s.contributed[n]) / 1000)} MUSD paid so far"
        now = f"pays {s.funded[n]:.0%} of its share of {s.pledge[n]:.0%} this year"
        said.append(f"{who} {now if n in staying else 'has left'}; {paid}")
    return tuple(said)


def _development_relief(model: Model, v: int, bound: str, name: str) -> Relief:
    """Run the same world again with steady money of that partner, or a fifth less work."""
    net = model.world.net

    def ease(world: World) -> None:
        if bound == TIME:
            world.lengths = world.lengths * (1 - RELAX)
            return
        steady = net.n_volatility.copy()
        steady[np.array([world.names.countries[c] == name for c in net.n_country])] = 0.0
        _set(world, "n_volatility", steady)

    change = f"steady money of {name}" if name else "a fifth less work in each milestone"
    eased, base, span = _pair(model, 0, ease)
    wanted = model.world.s.milestone[v] + 1
    late, early = ((run.record.milestones[:span, v] < wanted).sum() for run in (base, eased))
    unit = "months less to the present milestone"
    return Relief(f"{change} from the start", float(late - early), span, unit)
