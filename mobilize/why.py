"""Why a line, a program or an item stands where it stands: the chain to the root."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from mobilize.chain import chain, held_up
from mobilize.crises.course import causes, lift
from mobilize.model import Model
from mobilize.network import NONE
from mobilize.scenario import months
from mobilize.state import (
    BOUND,
    CLOSED,
    CREW,
    DEMAND,
    DISTURBANCE,
    EPS,
    EQUIP,
    EQUIPMENT,
    IDLE,
    INPUT,
    PHASE,
    QUALIFICATION,
)
from mobilize.words import number
from mobilize.world import World

LICENCE = "a licence or closed route"
RELAX = 0.2  # share by which the root constraint is relaxed to measure its relief
SOURCES = 3  # of an input that are named
AFTER = 12  # months of deliveries after which relief is counted


@dataclass(frozen=True)
class Link:
    """One line in the chain: what it made, what was wanted, what binds it and since when."""

    line: str
    item: str
    made: float
    wanted: float
    bound: str
    since: str
    cause: str


@dataclass(frozen=True)
class Relief:
    """What relaxing the root would have been worth, in the same luck."""

    change: str
    units: float
    months: int
    unit: str = "units"


@dataclass(frozen=True)
class Why:
    """The answer: from what was asked about, through the tiers, to the root."""

    target: str
    month: str
    links: tuple[Link, ...]
    relief: Relief | None

    def as_dict(self) -> dict[str, object]:
        """Return plain data."""
        return asdict(self)

    def text(self) -> str:
        """Return the chain as plain sentences, with what relief would have been worth."""
        return f"{self.chain()}\n{self._relief_text()}"

    def chain(self) -> str:
        """Return the chain alone as plain sentences."""
        head = f"Why {self.target} stands where it stands in {self.month}"
        return "\n".join([head, *self.chain_text()])

    def chain_text(self, first: int = 0) -> list[str]:
        """Return two lines for each link, indented by its depth from `first` on."""
        rows = []
        for depth, link in enumerate(self.links, first):
            rows.append(
                f"{'  ' * depth}- {link.line} started {number(link.made)} {link.item}, wanted "
                f"{number(link.wanted)}; bound by {link.bound} since {link.since}"
            )
            rows.append(f"{'  ' * depth}  {link.cause}")
        return rows

    def _relief_text(self) -> str:
        root = self.links[-1]
        if self.relief is not None:
            r = self.relief
            return (
                f"Relief: {r.change} since {root.since} would have brought "
                f"{number(r.units)} more {self.target} in {r.months} months, in the same luck."
            )
        if root.bound == BOUND[INPUT]:
            return f"Nothing to relax: {root.line} has no open source for what it lacks."
        if len(self.links) > 1:
            return f"Nothing to relax: {root.line} keeps its dates; what is short was ordered late."
        return "Nothing to relieve: the line makes what is wanted of it."


class UnknownTargetError(ValueError):
    """A target that is no program, item or line of the scenario."""


def first_line(world: World, target: str) -> int:
    """Return the line that a question about a program, item or line starts from.

    For a program the source it asks most of; for an item the line that falls furthest short.
    """
    names, net, s = world.names, world.net, world.s
    if target in names.lines:
        return names.lines.index(target)
    if target in names.programs:
        i = names.programs.index(target)
        routes = net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]
        return int(net.r_supplier[routes[np.argmax(s.share[routes])]])
    if target in names.items:
        makers = np.flatnonzero(net.l_item == names.items.index(target))
        if len(makers):
            return int(makers[np.argmax((s.wanted - s.started)[makers])])
    known = ", ".join((*names.programs, *dict.fromkeys(names.items[i] for i in net.p_item)))
    raise UnknownTargetError(f"'{target}' is no program, item or line; try one of: {known}")


def explain(world: World, line: int) -> str:
    """Say what stands behind the constraint of one line."""
    s, names, net = world.s, world.names, world.net
    bound = int(s.bound[line])
    if bound == INPUT:
        return _missing_input(world, int(s.bound_slot[line]))
    if bound == CREW:
        return (
            f"{s.crew[line]:,.0f} trained people and {s.trainees[line]:,.0f} in training; "
            f"hiring is bounded by the local market and by how far the firm believes in the "
            f"demand ({s.credibility[line]:.0%})"
        )
    if bound in (EQUIPMENT, QUALIFICATION):
        return _projects(world, line)
    if bound == DISTURBANCE:
        lost = f"{s.loss[line]:.0%} of availability lost"
        return lost + told_causes(world, line, np.zeros(0, np.int32))
    if bound == DEMAND:
        return (
            f"it makes what its order book asks; an order takes {net.l_lead[line]} months to ship"
        )
    return f"{names.firms[net.l_firm[line]]} has left the market"


def _missing_input(world: World, slot: int) -> str:
    s, net, names = world.s, world.net, world.names
    item = names.items[net.k_item[slot]]
    routes = np.arange(net.k_routes[slot], net.k_routes[slot + 1])
    said = (
        f"short of {item}: {number(s.inputs[slot])} on hand, {number(s.owed[routes].sum())} owed, "
    )
    said += f"{number(s.moving[routes].sum())} on the way"
    said += _by_source(world, routes)
    closed = [r for r in routes if s.open[r] and s.blocked[r] > EPS]
    if closed:
        most = max(float(s.blocked[r]) for r in closed)
        said += f"; {len(closed)} route(s) closed for up to {most:.1f} months more"
    kept = [float(s.squeeze[r]) for r in routes if s.open[r] and s.squeeze[r] > EPS]
    if kept:
        said += f"; up to {max(kept):.0%} of what is due is kept back on {len(kept)} route(s)"
    late = [int(s.detour[r]) for r in routes if s.open[r] and s.detour[r] > 0]
    if late:
        said += f"; goods are up to {max(late)} months late on {len(late)} route(s)"
    said += told_causes(world, NONE, routes)
    applied = [r for r in routes if s.open[r] and s.applied[r] > EPS]
    if applied:
        most = max(float(s.wait[r]) for r in applied)
        said += f"; {len(applied)} licence(s) applied for, up to {most:.1f} months of work left"
    lost = float(s.gained[routes].sum())
    if lost < -EPS:
        winners = _winners(world, routes)
        said += f"; {number(-lost)} went this month to rated orders of {winners}"
    return said


def told_causes(world: World, line: int, routes: np.ndarray) -> str:
    """Name the disturbances under way that are felt at a line or on some routes."""
    felt = causes(world, np.array([line]), routes)
    start = world.scenario.start
    return "".join(
        f"; {t.text} ({t.of.name} by {t.who}, since {months.label(start + t.since)})" for t in felt
    )


def _by_source(world: World, routes: np.ndarray) -> str:
    """Say what the largest sources of an input owe and have sent, if there are several."""
    s, names = world.s, world.names
    using = [r for r in routes if s.open[r] and (s.owed[r] + s.moving[r] > EPS)]
    if len(using) < 2:
        return ""
    first = sorted(using, key=lambda r: -float(s.owed[r] + s.moving[r]))[:SOURCES]
    told = (f"{names.routes[r][1]} {number(s.owed[r])} and {number(s.moving[r])}" for r in first)
    return f" ({', '.join(told)})"


def _winners(world: World, losing: np.ndarray) -> str:
    """Name the buyers to which preferential scheduling gave what these routes lost."""
    net, s = world.net, world.s
    lines = set(net.r_supplier[losing[s.gained[losing] < -EPS]].tolist())
    rivals = [r for r in np.flatnonzero(s.gained > EPS) if int(net.r_supplier[r]) in lines]
    return ", ".join(dict.fromkeys(world.names.routes[r][0] for r in rivals)) or "others"


def _projects(world: World, line: int) -> str:
    s, net = world.s, world.net
    mine = np.flatnonzero((net.j_line == line) & world.under_way()).tolist()
    if not mine:
        return _milestone_ahead(world, line) or "no project to add equipment is under way"
    return "; ".join(
        f"{world.project_name(j)} is {PHASE[s.phase[j]]}, "
        f"{max(0.0, float(s.left[j])):.0f} months of that left"
        for j in mine
    )


def _milestone_ahead(world: World, line: int) -> str:
    """Say which milestone of a development starts the project that a line waits for."""
    net, names = world.net, world.names
    for m, j in enumerate(net.m_then.tolist()):
        if j >= 0 and net.j_line[j] == line and world.s.phase[j] == IDLE:
            return f"{names.projects[j]} starts when the milestone {names.milestones[m]} is passed"
    return ""


def why(model: Model, target: str, relief: bool = True) -> Why:
    """Answer for the model's present month.

    Parameters
    ----------
    model : Model
        A model that has played at least one month.
    target : str
        A program, an item or a line.
    relief : bool
        Also measure what relaxing the root by a fifth would have been worth.

    Raises
    ------
    UnknownTargetError
        If the target is nothing in the scenario.
    """
    from mobilize.why_programs import is_special, why_program  # it builds on this module

    world = model.world
    if is_special(world, target):
        return why_program(model, target, relief)
    lines = chain(world, first_line(world, target))
    label = months.label(world.scenario.start + model.month - 1)
    worth = measure_relief(model, target, lines) if relief else None
    return Why(target, label, links(world, lines), worth)


def links(world: World, lines: list[int]) -> tuple[Link, ...]:
    """Return what binds each line of a chain, in words."""
    start = world.scenario.start
    return tuple(
        Link(
            world.names.lines[line],
            world.names.items[world.net.l_item[line]],
            float(world.s.started[line]),
            float(world.s.wanted[line]),
            LICENCE if held_up(world, line) else BOUND[world.s.bound[line]],
            months.label(start + int(world.s.bound_since[line])),
            explain(world, line),
        )
        for line in lines
    )


def measure_relief(model: Model, target: str, lines: list[int]) -> Relief | None:
    """Run the same world again with the root relaxed since it began to bind."""
    root = lines[-1]
    bound = int(model.world.s.bound[root])
    if bound == DEMAND or (bound == INPUT and not held_up(model.world, root)):
        return None
    since = int(model.world.s.bound_since[root])
    end = min(model.month + AFTER, model.months)
    base = model.again(end).run()
    eased = model.again(end).run(since)
    change = ease(eased.world, root, bound)
    eased.run()
    gained = _delivered(eased, target, lines[0], since) - _delivered(base, target, lines[0], since)
    return Relief(change, gained, end - since)


def ease(world: World, line: int, bound: int) -> str:
    """Relax what binds a line by a fifth and say what was done."""
    s, name = world.s, world.names.lines[line]
    if bound == EQUIPMENT:
        s.equip[line] *= 1 + RELAX
        return f"a fifth more qualified equipment at {name}"
    if bound == CREW:
        s.crew[line] *= 1 + RELAX
        return f"a fifth more trained people at {name}"
    if bound == DISTURBANCE:
        s.loss[line] = 0.0
        return f"no disturbance at {name}"
    if bound == INPUT:
        routes = world.names.routes
        held = (s.blocked > EPS) | (s.applied > EPS) | (s.squeeze > EPS) | (s.detour > 0)
        waiting = np.flatnonzero(held).tolist()
        mine = [r for r in waiting if routes[r][0] == name]
        for trouble in causes(world, np.array([NONE]), np.array(mine, np.int32)):
            lift(world, trouble)
        s.blocked[mine] = s.wait[mine] = 0.0
        s.licensed[mine] = np.maximum(s.licensed[mine], s.applied[mine])
        s.applied[mine] = 0.0
        return f"the licences and routes that {name} waits for open"
    if bound == CLOSED:
        s.alive[line] = True
        return f"{name} kept open"
    for j in np.flatnonzero((world.net.j_line == line) & world.under_way()).tolist():
        s.phase[j], s.left[j] = EQUIP, 0.0
        world.slips[j, EQUIP:] = -1e3  # qualification and ramp take next to no time
    return f"first-article tests passed at once at {name}"


def _delivered(model: Model, target: str, line: int, since: int) -> float:
    names, record = model.world.names, model.record
    if target in names.programs:
        return float(record.series("delivered")[since:, names.programs.index(target)].sum())
    if target in names.items:
        return float(record.items[since : record.months, names.items.index(target)].sum())
    return float(record.output[since : record.months, line].sum())
