"""Which nodes of a supply network are fragile: time to survive against time to recover.

The measures of Simchi-Levi and others (2014, Harvard Business Review 92(1-2)): they need no
probabilities. :mod:`mobilize.physics.survival` and :mod:`mobilize.physics.recovery` compute them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mobilize.conflicts import fires
from mobilize.network import NONE
from mobilize.physics.handle import handle
from mobilize.physics.recovery import RULES, fragile_share, recover
from mobilize.physics.survival import survive
from mobilize.physics.sweep import measure, new_sweep, rivals, usable
from mobilize.programs import DEVELOPMENT, SUSTAINMENT
from mobilize.state import EPS, Flags, Floats, Ints

if TYPE_CHECKING:
    from mobilize.world import World

GROUPS = ("line", "firm", "place", "item", "country")
Reached = dict[int, tuple[float, float, float]]  # by number: month of the fall, share lost, slack


class UnknownNodeError(ValueError):
    """A node that is no line, firm, place, item or country of the scenario."""


@dataclass(frozen=True)
class Stop:
    """What falls when some lines stop, by the survey of a month.

    `lines` and `programs` hold by number the month since the stop in which output, or
    deliveries, fall, the share of it that is lost in the end, and the months of standstill that
    stocks on the way make up for: a stop that is shorter is not felt there.
    """

    survives: float  # months until a critical program's deliveries fall
    lines: Reached
    programs: Reached


@dataclass(frozen=True)
class Node:
    """A line, or all lines of a firm, place, item or country, and what its loss would mean."""

    kind: str  # one of GROUPS
    name: str
    lines: int
    item: str  # what it makes; of several, how many
    country: str
    hidden: bool  # governments do not know a firm of it
    sole: bool  # some buyer has no other source for what it makes
    survives: float  # months, time to survive: infinite where alternates cover it
    absorbs: float  # months of standstill that stocks alone make up for
    recovers: float  # months, time to recover
    rule: str  # what time to recover goes by, one of mobilize.physics.recovery.RULES
    program: str  # the critical program whose deliveries fall first, or ""
    held_up: float  # MUSD a month of deliveries that are lost
    stops: tuple[str, ...]  # critical programs that stop wholly
    stock: float  # months that the first program's stock then lasts at peacetime use
    stock_now: float  # and at what is asked of it this month, wars counted

    @property
    def fragile(self) -> bool:
        """Return whether deliveries fall before it, or what replaces it, works."""
        return self.survives < self.recovers

    @property
    def late(self) -> bool:
        """Return whether deliveries fall, but only afterwards.

        Work in progress and goods in transit delay a gap; only stocks fill it.
        """
        return not self.fragile and self.survives < np.inf and self.absorbs < self.recovers

    @property
    def state(self) -> str:
        """Return fragile, late or safe."""
        return "fragile" if self.fragile else "late" if self.late else "safe"

    @property
    def exposure(self) -> float:
        """Return the risk exposure: deliveries lost until it works again, MUSD."""
        return self.held_up * self.recovers if self.held_up > EPS else 0.0


class Survey:
    """The stress analysis of a world in its present month; the world is only read.

    Parameters
    ----------
    world : World
    critical : sequence of str, optional
        Programs whose deliveries count; all that buy by default.
    """

    def __init__(self, world: World, critical: Sequence[str] | None = None) -> None:
        self.world = world
        self.sweep = new_sweep(world.net, _critical(world, critical))
        self.handle = handle(self.sweep)
        self.measure()

    def measure(self) -> None:
        """Read the world's present month."""
        measure(*self.world.arrays, self.handle)

    def fragile(self) -> float:
        """Return the share of the lines that feed critical programs that are fragile."""
        return float(fragile_share(*self.world.arrays, self.handle))

    def stop(self, lines: Ints) -> Stop:
        """Return what falls when lines, by number, stop together."""
        f, net = self.sweep, self.world.net
        months = survive(*self.world.arrays, self.handle, np.asarray(lines, np.int32))
        turn = f.turn[0]
        hit = np.flatnonzero((f.mark == turn) & (f.lost > EPS))
        taken = np.flatnonzero((f.p_mark == turn) & (f.p_lost > EPS))
        made = f.when + net.l_cycle
        return Stop(
            float(months),
            {x: (made.item(x), f.lost.item(x), f.slack.item(x)) for x in hit.tolist()},
            {i: (f.p_when.item(i), f.p_lost.item(i), f.p_slack.item(i)) for i in taken.tolist()},
        )

    def nodes(self, kind: str = "line") -> list[Node]:
        """Return every node of a kind that feeds a critical program, the most exposed first."""
        groups = [group for group in self._groups(kind) if self.sweep.feeds[group[1]].any()]
        found = [self._node(kind, name, lines) for name, lines in groups]
        return sorted(found, key=lambda n: (-n.exposure, n.survives, n.name))

    def node(self, name: str) -> Node:
        """Return what the loss of a node, found by its name, would mean."""
        return self._node(*self._named(name))

    def _node(self, kind: str, name: str, lines: Ints) -> Node:
        world, f = self.world, self.sweep
        stop = self.stop(lines)
        feeding = lines[f.feeds[lines]]
        times = [recover(*world.arrays, self.handle, x) for x in feeding.tolist()]
        months, rule = max(times, default=(0.0, 0))
        limit = world.p.fallen
        lost = {i: v for i, v in stop.programs.items() if f.critical[i] and v[1] > limit}
        first = min(lost, key=lambda i: lost[i][0], default=NONE)
        held = sum(v[1] * f.use[i] * world.net.p_cost[i] for i, v in lost.items()) / 1000
        whole = tuple(world.names.programs[i] for i, v in lost.items() if v[1] >= 1.0 - limit)
        return Node(
            kind=kind,
            name=name,
            lines=len(lines),
            item=_one(world.names.items, world.net.l_item[lines], "items"),
            country=_one(world.names.countries, world.net.l_country[lines], "countries"),
            hidden=bool((~world.visible[lines]).any()),
            sole=any(self._sole(int(x), lines) for x in feeding),
            survives=stop.survives,
            absorbs=min((v[2] for v in lost.values()), default=np.inf),
            recovers=float(months),
            rule=RULES[rule],
            program="" if first == NONE else world.names.programs[first],
            held_up=float(held),
            stops=whole,
            stock=self._lasts(first, lost, world.net.p_use),
            stock_now=self._lasts(first, lost, _asked(world)),
        )

    def lines(self, name: str) -> Ints:
        """Return the lines of a node, by its name.

        Raises
        ------
        UnknownNodeError
            If no line, firm, place, item or country is called so.
        """
        return self._named(name)[2]

    def _named(self, name: str) -> tuple[str, str, Ints]:
        known: list[str] = []
        for kind in GROUPS:
            groups = dict(self._groups(kind))
            if name in groups:
                return kind, name, groups[name]
            known += groups
        near = difflib.get_close_matches(name, known, 3)
        told = f"; did you mean {' or '.join(near)}?" if near else ""
        raise UnknownNodeError(f"'{name}' is no line, firm, place, item or country here{told}")

    def _groups(self, kind: str) -> Iterator[tuple[str, Ints]]:
        if kind == "line":
            lines = self.world.names.lines
            yield from ((name, np.array([x], np.int32)) for x, name in enumerate(lines))
            return
        owner = self._owner(kind)
        for name in dict.fromkeys(owner.tolist()):
            yield str(name), np.flatnonzero(owner == name).astype(np.int32)

    def _owner(self, kind: str) -> NDArray[np.object_]:
        """Return the name of the group that each line belongs to, shape (lines,)."""
        names, net = self.world.names, self.world.net
        if kind == "place":
            return np.asarray(self.world.scenario.tables["lines"]["place"], object)
        ids, numbers = {
            "firm": (names.firms, net.l_firm),
            "item": (names.items, net.l_item),
            "country": (names.countries, net.l_country),
        }[kind]
        return np.array(ids, object)[numbers]

    def _sole(self, x: int, lines: Ints) -> bool:
        """Return whether some buyer of a line has no source at work outside these lines."""
        net, s, f = self.world.net, self.world.s, self.sweep
        for r in net.sales[net.l_sales[x] : net.l_sales[x + 1]].tolist():
            if f.weight[r] < EPS:
                continue
            routes, first, last = rivals(self.world.arrays[0], r)
            others = [
                q
                for q in np.asarray(routes)[first:last].tolist()
                if usable(self.world.arrays[1], q) and f.rate[net.r_supplier[q]] > EPS
            ]
            if set(net.r_supplier[others].tolist()) <= set(lines.tolist()) and s.alive[x]:
                return True
        return False

    def _lasts(self, i: int, lost: Reached, use: Floats) -> float:
        """Return the months that a program's stock lasts when only part of it is delivered."""
        if i == NONE:
            return float("inf")
        drain = use[i] - (1.0 - lost[i][1]) * self.sweep.use[i]
        return float(self.world.s.stock[i] / drain) if drain > EPS else float("inf")


def _critical(world: World, chosen: Sequence[str] | None) -> Flags:
    names = world.names.programs
    if chosen is None:
        return np.asarray(world.net.p_kind != DEVELOPMENT)
    unknown = [name for name in chosen if name not in names]
    if unknown:
        raise ValueError(f"no program {', '.join(unknown)}; allowed: {', '.join(names)}")
    return np.array([name in chosen for name in names])


def _asked(world: World) -> Floats:
    """Return the units asked of each stock this month; of spares, what repairs use in peace."""
    spares = world.net.p_kind == SUSTAINMENT
    return np.where(spares, world.net.p_use, fires(world))


def _one(names: tuple[str, ...], numbers: Ints, what: str) -> str:
    found = np.unique(numbers)
    return names[found[0]] if len(found) == 1 else f"{len(found)} {what}"
