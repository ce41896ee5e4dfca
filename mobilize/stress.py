"""Which nodes of a supply network are fragile: time to survive against time to recover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mobilize.network import NONE
from mobilize.physics.handle import handle
from mobilize.physics.recovery import RULES, fragile_share, recover
from mobilize.physics.survival import measure, new_sweep, survive
from mobilize.programs import DEVELOPMENT
from mobilize.state import EPS, Flags, Floats, Ints

if TYPE_CHECKING:
    from mobilize.world import World

GROUPS = ("line", "firm", "place", "item", "country")
Reached = dict[int, tuple[float, float, float]]  # by number: month of the fall, share lost, slack


@dataclass(frozen=True)
class Stop:
    """What stops when some lines do, by the survey of a month.

    `lines` and `programs` hold by number the month since the stop in which output, or
    deliveries, fall, the share of it that is lost in the end, and the months of standstill that
    stocks on the way make up for: a stop that is shorter is not felt there.
    """

    survives: float  # months until a critical program's deliveries fall
    lines: Reached
    programs: Reached


@dataclass(frozen=True)
class Node:
    """A line, or all lines of a firm, place, item or country."""

    kind: str  # one of GROUPS
    name: str
    lines: tuple[str, ...]
    item: str  # what it makes; of several, the number
    country: str
    hidden: bool  # governments do not know one of its firms
    sole: bool  # some buyer has no other source for what it makes
    survives: float  # months, time to survive: infinite where alternates cover it
    absorbs: float  # months of standstill that stocks alone make up for
    recovers: float  # months, time to recover
    rule: str  # what time to recover goes by
    program: str  # the critical program whose deliveries fall first, or ""
    held_up: float  # MUSD a month of deliveries that are lost
    stops: tuple[str, ...]  # critical programs that stop wholly
    stock: float  # months that program's stock then lasts at peacetime use
    stock_war: float  # and at the use asked of it this month

    @property
    def fragile(self) -> bool:
        """Return whether deliveries fall before it, or what replaces it, works."""
        return self.survives < self.recovers

    @property
    def late(self) -> bool:
        """Return whether deliveries fall only afterwards: pipelines delay a gap and fill none."""
        return not self.fragile and self.absorbs < self.recovers and np.isfinite(self.survives)

    @property
    def exposure(self) -> float:
        """Return deliveries lost until it works again, MUSD: the risk exposure."""
        return self.held_up * self.recovers if self.held_up > 0 else 0.0


class Survey:
    """The stress analysis of a world in its present month.

    Parameters
    ----------
    world : World
        It is only read.
    critical : sequence of str, optional
        Programs whose deliveries count; all that take deliveries by default.
    """

    def __init__(self, world: World, critical: Sequence[str] | None = None) -> None:
        self.world = world
        self.sweep = new_sweep(world.net, _critical(world, critical))
        self.handle = handle(self.sweep)
        measure(*world.arrays, self.handle)

    def stop(self, lines: Ints) -> Stop:
        """Return what happens when some lines stop together, shape (any,)."""
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

    def members(self, node: str) -> Ints:
        return np.array([self.world.names.lines.index(node)], np.int32)


def _critical(world: World, chosen: Sequence[str] | None) -> Flags:
    names = world.names.programs
    if chosen is None:
        return np.asarray(world.net.p_kind != DEVELOPMENT)
    return np.array([name in chosen for name in names])
