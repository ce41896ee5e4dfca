"""What is written down of a month: the kernel of :mod:`mobilize.record`."""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.physics.kernel import kernel
from mobilize.state import Floats, State

FLEET_SERIES = ("serviceable", "under_way", "waiting", "in_repair", "written_off")
PROGRAM_SERIES = ("delivered", "stock", "undelivered", "unmet", "obligated", "paid", "substituted")


@kernel
def total(values: Floats) -> float:
    """Return the sum of at most 128 values in numpy's order: eight sums side by side."""
    side, whole, many = np.zeros(8), len(values) - len(values) % 8, 0.0
    for n in range(whole):
        side[n % 8] += values[n]
    if whole:
        many += (side[0] + side[1]) + (side[2] + side[3])
        many += (side[4] + side[5]) + (side[6] + side[7])
    for n in range(whole, len(values)):
        many += values[n]
    return many


@kernel
def fleet_figures(net: Network, s: State) -> Floats:
    """Return where the units of each fleet are, shape (series, fleets), see FLEET_SERIES."""
    figures = np.zeros((len(FLEET_SERIES), len(s.serviceable)))
    for f in range(len(s.serviceable)):
        figures[0, f], figures[4, f] = s.serviceable[f], s.written_off[f]
    for d in range(len(s.queue)):
        f, travelling = net.d_fleet[d], s.outbound[d] + s.homebound[d]
        figures[1, f] += total(travelling)
        figures[2, f] += s.queue[d]
        figures[3, f] += total(s.bench[d])
    return figures


@kernel
def write(
    net: Network, s: State, t: int, programs: Floats, items: Floats, ledger: Floats,
    fleets: Floats, milestones: Floats, metrics: Floats,
) -> None:  # fmt: skip
    """Write totals of a month `t` into the series of a record, see there."""
    written = (s.delivered, s.stock, s.undelivered, s.unmet, s.obligated, s.paid, s.substituted)
    for series in range(len(written)):
        values = written[series]
        for i in range(len(values)):
            programs[series, t, i] = values[i]
    items[t] = 0.0
    for line in range(len(s.finished)):
        items[t, net.l_item[line]] += s.finished[line]
    for entry in range(len(s.ledger)):
        ledger[t, entry] = s.ledger[entry]
    if len(s.serviceable):
        fleets[:, t] = fleet_figures(net, s)
    for v in range(len(s.milestone)):
        milestones[t, v] = s.milestone[v] + 1.0 - s.work_left[v]
    for name in range(len(metrics)):
        metrics[name, t] = s.metrics[name]


@kernel
def write_lines(
    net: Network, s: State, t: int, output: Floats, wanted: Floats, equipment: Floats,
    bound: np.ndarray, bound_slot: np.ndarray, gained: Floats,
) -> None:  # fmt: skip
    """Write every line and route in a month `t` into the panels of a record."""
    for line in range(len(s.finished)):
        output[t, line] = s.finished[line]
        wanted[t, line] = s.wanted[line]
        equipment[t, line] = s.equip[line] * net.l_rate[line, 2]
        bound[t, line] = s.bound[line]
        bound_slot[t, line] = s.bound_slot[line]
    for r in range(len(s.gained)):
        gained[t, r] = s.gained[r]
