"""How long it takes until a line that has stopped, or what replaces it, works: time to recover."""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.physics.survival import falls_before, stop
from mobilize.physics.sweep import NEVER, Sweep, measure, rivals, usable
from mobilize.state import DONE, EPS, IDLE, QUALIFY, State

PROJECT, ALTERNATE, COMMERCIAL, SOURCE, PLANT = range(5)
RULES = ("project", "alternate", "commercial", "second source", "new plant")
CIVIL = 0.5  # a line works mostly for civil customers above this share of its output


@kernel
def project_months(net: Network, s: State, j: int) -> float:
    """Return the median months until a project passes its first-article tests."""
    months = 0.0
    for phase in range(max(s.phase[j] + 1, 1), QUALIFY + 1):
        months += net.j_phases[j, phase - 1]
    return months + (s.left[j] if IDLE < s.phase[j] <= QUALIFY else 0.0)


@kernel
def stands(f: Sweep, x: int) -> bool:
    """Return whether a line is not among those stopped or short this turn."""
    return f.mark[x] != f.turn[0] or f.lost[x] < EPS


@kernel
def new_source(net: Network, s: State, p: Parameters, f: Sweep, x: int) -> float:
    """Return the months until the soonest new source large enough to replace a line, or NEVER."""
    soonest = NEVER
    for j in range(len(net.j_source) - 2 * len(f.rate)):  # those of the scenario
        y = net.j_line[j]
        if not net.j_source[j] or net.l_item[y] != net.l_item[x] or s.phase[j] == DONE:
            continue
        if not stands(f, y) or net.j_adds[j] * net.l_rate[y, 2] < p.recover_share * f.rate[x]:
            continue
        soonest = min(soonest, project_months(net, s, j))
    return soonest


@kernel
def alternates(net: Network, s: State, f: Sweep, x: int) -> float:
    """Return what the equipment of other qualified sources of a line's buyers makes.

    Units/month, of the buyer that is served worst.
    """
    worst = NEVER
    for m in range(net.l_sales[x], net.l_sales[x + 1]):
        r = net.sales[m]
        if f.weight[r] < EPS:
            continue
        routes, first, last = rivals(net, r)
        units = 0.0
        for n in range(first, last):
            y = net.r_supplier[routes[n]]
            if usable(s, routes[n]) and s.alive[y] and stands(f, y):
                units += s.equip[y] * net.l_rate[y, 2]
        worst = min(worst, units)
    return worst


@kernel
def another_maker(net: Network, s: State, f: Sweep, x: int) -> bool:
    """Return whether some other line makes the item, though not for all of x's buyers."""
    makers = f.makers[net.l_item[x]]
    for y in range(len(f.rate) if makers > 1 else 0):
        if y != x and net.l_item[y] == net.l_item[x] and f.rate[y] > EPS and stands(f, y):
            return True
    return False


@kernel
def plant_months(net: Network, p: Parameters, x: int) -> float:
    """Return how long it takes to bring up such a plant anew."""
    kind = net.l_plant[x]
    if kind == 0:
        return p.recover_assembly
    if kind == 1:
        return p.recover_component
    return p.recover_material if kind == 2 else p.recover_energetics


@kernel
def recover(net: Network, s: State, p: Parameters, f: Sweep, x: int) -> tuple[float, int]:
    """Return the months until a stopped line's output is replaced, and by which of RULES.

    A new source that the scenario names, under way or not begun; else what other qualified
    sources of the same buyers can be brought to make; else civil makers, where the line works
    mostly for civil customers; else another maker that is qualified for its buyers, or a plant
    of its kind built anew, whichever is sooner.
    """
    months = new_source(net, s, p, f, x)
    if months < NEVER:
        return months, PROJECT
    if alternates(net, s, f, x) >= p.recover_share * f.rate[x]:
        return p.recover_alternate, ALTERNATE
    if net.l_civil[x] > CIVIL * f.rate[x]:
        return p.recover_commercial, COMMERCIAL
    months = plant_months(net, p, x)
    if p.recover_source < months and another_maker(net, s, f, x):
        return p.recover_source, SOURCE
    return months, PLANT


@kernel
def fragile_share(net: Network, s: State, p: Parameters, f: Sweep) -> float:
    """Return the share of lines that feed critical programs and survive less than they recover."""
    measure(net, s, p, f)
    alone = np.empty(1, np.int32)
    fragile, all_lines = 0, 0
    for x in range(len(f.rate)):
        if not f.feeds[x]:
            continue
        alone[0] = x
        all_lines += 1
        stop(net, f, alone)
        fragile += falls_before(net, s, p, f, recover(net, s, p, f, x)[0])
    return fragile / max(all_lines, 1)
