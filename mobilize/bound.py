"""What the network could deliver in a month at best: an upper bound by linear programming.

Steady state: capacity, bills of materials and open routes count; stocks, lead times, orders,
shares and money do not. A run cannot outdo it for longer than its stocks last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mobilize.chain import chain
from mobilize.network import NONE, Floats, Ints
from mobilize.physics.production import labour
from mobilize.state import BOUND, EPS

if TYPE_CHECKING:
    from mobilize.record import Record
    from mobilize.world import World

MORE = 1.1  # times a line's capacity, to see what it is worth
TOP = 12  # limiting lines of interest
SHARP = 1e-7  # shares below this are the solver's noise


class Binding(NamedTuple):
    """A line that limits the total."""

    line: str
    capacity: float  # units/month
    shadow: float  # kUSD of end items per extra unit of capacity, for small changes
    gain: float  # kUSD/month from 10 % more capacity here and nowhere else


class _Linear(NamedTuple):
    """Maximise weight x z; z = output of lines, flow on routes, deliveries; matrix x z = 0."""

    matrix: Any
    upper: Floats
    lower: Floats
    weight: Floats


@dataclass(frozen=True)
class Bound:
    """An upper bound on a month's deliveries, and what sets it."""

    programs: tuple[str, ...]
    lines: tuple[str, ...]
    deliveries: Floats  # (programs,) units/month
    value: float  # kUSD/month at the prices of the start
    capacity: Floats  # (lines,) units/month
    output: Floats  # (lines,) units/month; other solutions may be as good
    shadow: Floats  # (lines,) kUSD/unit, >= 0
    linear: _Linear = field(repr=False)

    def change(self, line: int, factor: float) -> float:
        """Return the change of value, kUSD/month, with `factor` x the line's capacity."""
        upper = self.linear.upper.copy()
        upper[line] *= factor
        change = -float(_solve(self.linear._replace(upper=upper)).fun) - self.value
        return change if abs(change) > SHARP * self.value else 0.0

    @cached_property
    def binding(self) -> list[Binding]:
        """Limiting lines by what 10 % more of each is worth; surely the TOP of them.

        Where lines limit only jointly, some have a shadow price though each gains nothing.
        """
        most = self.shadow * self.capacity * (MORE - 1.0)  # value is concave in capacity
        found: list[Binding] = []
        for i in np.argsort(-most, kind="stable")[: np.count_nonzero(self.shadow)]:
            if len(found) >= TOP and sorted(b.gain for b in found)[-TOP] >= most[i]:
                break
            row = self.lines[i], float(self.capacity[i]), float(self.shadow[i])
            found.append(Binding(*row, self.change(int(i), MORE)))
        return sorted(found, key=lambda b: (-b.gain, -b.shadow * b.capacity))

    def table(self, top: int = TOP) -> str:
        """Return the deliveries and the `top` limiting lines as plain text."""
        rows = [f"At most {self.value:,.0f} kUSD a month", "", f"{'program':32}{'units/month':>14}"]
        made = sorted(zip(-self.deliveries, self.programs, strict=True))
        rows += [f"{name:32}{-units:14,.0f}" for units, name in made if units < -EPS]
        rows += ["", f"{'limited by':32}{'units/month':>14}{'kUSD/unit':>12}{'+10 %, kUSD':>14}"]
        for line, capacity, shadow, gain in self.binding[:top]:
            last = f"{gain:,.0f}" if gain > 0 else "only jointly"
            rows.append(f"{line:32}{capacity:14,.1f}{shadow:12,.3f}{last:>14}")
        return "\n".join(rows)


class Comparison(NamedTuple):
    """A program's bound beside what a run delivers, and where each sees the bottleneck."""

    program: str
    bound: float  # units/month, all other programs at zero
    delivered: float  # units/month, mean of the last months
    bound_line: str  # first bottleneck of the bound; "" without an open source
    model_line: str  # where the run's chain of missing inputs ends; "" likewise
    model_bound: str  # what limits that line, see :data:`mobilize.state.BOUND`
    agree: bool  # the bound, too, would fall with the model's line


def line_capacity(world: World, present: bool = False) -> Floats:
    """Return units/month of each line at the highest posture; `present`: with today's crew."""
    net, s = world.net, world.s
    able = s.equip * net.l_rate[:, 2]
    if present:
        need = np.array([labour(*world.arrays[:2], line) for line in range(len(able))])
        able = np.minimum(able, s.crew * world.p.overtime / np.maximum(need, EPS))
    return np.asarray(np.where(s.alive, able * (1.0 - s.loss), 0.0))


def lacking(world: World) -> Floats:
    """Return the units each program's stock lacks of its objective: an `ask` for the bound."""
    return np.asarray(np.maximum(0.0, world.net.p_objective - world.s.stock))


def upper_bound(
    world: World, present: bool = False, ask: Floats | None = None, civil: bool = False
) -> Bound:
    """Return the most valuable deliveries a month that the network can sustain.

    With `present` only by the crew of today; each program takes at most its `ask`, units/month
    (such as :func:`lacking`); with `civil`, usual civil orders come first, as far as possible.
    """
    price = world.net.p_cost
    most = np.full(len(price), np.inf) if ask is None else np.asarray(ask, dtype=np.float64)
    if most.shape != price.shape or not (most >= 0).all():
        raise ValueError(f"ask: {len(price)} numbers, none below 0, one for each program")
    return _bound(world, present, most, 0.0 * price, price, civil)


def upper_bound_for(
    world: World, program: str, present: bool = False, keep: bool = False, civil: bool = False
) -> Bound:
    """Return the most of one program (an id) that the network can sustain.

    The others get nothing, or with `keep` this month's deliveries as far as can be sustained.
    """
    mine = np.array(world.names.programs) == program
    if not mine.any():
        raise ValueError(f"no program {program!r}; allowed: {', '.join(world.names.programs)}")
    kept = np.where(mine, 0.0, world.s.delivered * keep)
    most = np.where(mine, np.inf, kept)
    return _bound(world, present, most, kept, world.net.p_cost * mine, civil)


def _bound(
    world: World, present: bool, most: Floats, least: Floats, worth: Floats, civil: bool
) -> Bound:
    """Solve, promises first: `least` to programs and, if asked for, the civil orders."""
    net, s = world.net, world.s
    capacity, lines = line_capacity(world, present), len(net.l_item)
    to_civil = (net.r_slot == NONE) & (net.r_program == NONE)
    flow = np.where(to_civil, net.l_civil[net.r_supplier] * civil, np.inf)
    flow[~s.open | (s.blocked > EPS)] = 0.0
    upper = np.concatenate([capacity, flow, most])
    weight = np.concatenate([np.zeros(lines + len(flow)), worth])
    lp = _Linear(_constraints(world), upper, 0.0 * weight, weight)
    promised = np.concatenate([np.zeros(lines), np.where(to_civil, flow, 0.0), least])
    if promised.any():
        price = np.concatenate([np.zeros(lines), net.l_cost[net.r_supplier], net.p_cost])
        limit = np.where(promised > 0, promised, upper)
        kept = _solve(lp._replace(upper=limit, weight=price * (promised > 0))).x
        lp = lp._replace(lower=np.where(promised > 0, kept * (1.0 - SHARP), 0.0).clip(0.0))
    best = _solve(lp)
    value = 0.0 - float(best.fun)
    shadow = np.maximum(0.0, -best.upper.marginals[:lines])
    shadow[shadow * np.maximum(capacity, 1.0) <= SHARP * value] = 0.0
    made, ids = np.maximum(0.0, best.x), (world.names.programs, world.names.lines)
    return Bound(*ids, made[-len(worth) :], value, capacity, made[:lines], shadow, lp)


def _constraints(world: World) -> Any:
    """Return the matrix: output = sales, inputs needed = bought, deliveries = bought."""
    from scipy.sparse import coo_array  # slow to import

    net = world.net
    line, slot, program = (np.arange(len(a)) for a in (net.l_item, net.k_line, net.p_item))
    route = len(line) + np.arange(len(net.r_slot))  # column; slots begin in row len(line)
    bought, taken = net.r_slot != NONE, net.r_program != NONE
    last = len(line) + len(slot)  # first row of programs
    entries = (  # row, column, value
        (line, line, np.full(len(line), -1.0)),
        (net.r_supplier, route, np.ones(len(route))),
        (len(line) + slot, net.k_line, net.k_quantity),
        (len(line) + net.r_slot[bought], route[bought], np.full(bought.sum(), -1.0)),
        (last + program, len(line) + len(route) + program, np.ones(len(program))),
        (last + net.r_program[taken], route[taken], np.full(taken.sum(), -1.0)),
    )
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    return coo_array((value, (row, column))).tocsr()


def _solve(lp: _Linear) -> Any:
    from scipy.optimize import linprog  # slow to import

    bounds: Any = np.column_stack([lp.lower, np.maximum(lp.lower, lp.upper)])
    zero = np.zeros(lp.matrix.shape[0])
    best: Any = linprog(-lp.weight, A_eq=lp.matrix, b_eq=zero, bounds=bounds, method="highs")
    if not best.success:
        raise RuntimeError(f"no bound, perhaps too little to keep promises: {best.message}")
    return best


def _latest(world: World, routes: Ints) -> int:
    """Return the supplier whose open route keeps its buyer waiting most, or NONE."""
    net, s = world.net, world.s
    routes = routes[s.open[routes]]
    line = net.r_supplier[routes]
    late = s.share[routes] * s.book[line] / np.maximum(s.normal_book[line] + s.forecast[line], EPS)
    return int(line[np.lexsort((s.owed[routes], late))[-1]]) if len(line) else NONE


def root_line(world: World, line: int) -> int:
    """Return where a line's chain of missing inputs ends."""
    return chain(world, line)[-1]


def compare_with_model(
    world: World, record: Record, months: int = 3, present: bool = False
) -> list[Comparison]:
    """Return each program's bound beside the mean of its last `months` recorded months."""
    net, names = world.net, world.names
    delivered = record.series("delivered")[-months:].sum(0) / max(1, min(months, record.months))
    rows = []
    for i, name in enumerate(names.programs):
        best = upper_bound_for(world, name, present)
        maker = _latest(world, net.p_sales[net.p_routes[i] : net.p_routes[i + 1]])
        here = ("", "", False)
        if maker != NONE:
            root = root_line(world, maker)
            here = names.lines[root], BOUND[world.s.bound[root]], best.change(root, 1 / MORE) < 0
        first = best.binding[0].line if best.binding else ""
        rows.append(Comparison(name, float(best.deliveries[i]), float(delivered[i]), first, *here))
    return rows
