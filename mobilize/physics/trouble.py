"""Accidents and damage at plants, repair, and orders to a plant that closes."""

from __future__ import annotations

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.state import CALLS, EPS, WORK, Floats, State
from mobilize.terms import HOSTILE_CONTROL, INCIDENT_RATE


@kernel
def strike(s: State, line: int, loss: float, months: float, recovery: float) -> None:
    """Take a share of a line's availability, for some months, then repair it."""
    s.loss[line] = max(s.loss[line], loss)
    s.loss_left[line] = max(s.loss_left[line], months)
    s.loss_heal[line] = s.loss[line] / max(recovery, 1.0)


@kernel
def destroy(s: State, line: int, share: float) -> None:
    """Lose a share of a line's finished goods and of its work in progress."""
    s.destroyed[line, 0] += share * s.goods[line]
    s.destroyed[line, 1] += share * s.in_work[line]
    s.goods[line] *= 1.0 - share
    for month in range(WORK):
        s.wip[line, month] *= 1.0 - share
    s.in_work[line] *= 1.0 - share


@kernel
def end_orders(net: Network, s: State, t: int, line: int) -> None:
    """End what is on order at a line: programs call it off again, other buyers order anew."""
    for n in range(net.l_sales[line], net.l_sales[line + 1]):
        r = net.sales[n]
        i = net.r_program[r]
        if i >= 0:
            s.calls[i, t % CALLS] += s.owed[r]
        s.due[r] = 0.0
        s.owed[r] = 0.0
    s.cancelled[line] += s.book[line]
    s.book[line] = 0.0
    s.rated[line] = 0.0


@kernel
def repair(s: State) -> None:
    """Carry repair on by a month."""
    for line in range(len(s.loss)):
        if s.loss[line] < EPS:
            s.loss[line] = 0.0
        elif s.loss_left[line] > EPS:
            s.loss_left[line] = max(0.0, s.loss_left[line] - 1.0)
        else:
            s.loss[line] = max(0.0, s.loss[line] - s.loss_heal[line])


@kernel
def attack_surface(net: Network, s: State, p: Parameters) -> float:
    """Return how much likelier incidents are for the sites added since the start."""
    sites, first = 0.0, 0.0
    for line in range(len(s.equip)):
        sites += s.alive[line] and s.equip[line] > EPS
        first += net.l_qualified[line]
    return 1.0 + p.attack_surface * max(0.0, sites / max(first, 1.0) - 1.0)


@kernel
def accidents(net: Network, s: State, p: Parameters, chance: Floats) -> None:
    """Let each line have an accident, or lose a hostile owner's supply, by its yearly rates."""
    surface = attack_surface(net, s, p)
    for line in range(len(s.loss)):
        c = net.l_country[line]
        accident = p.incident_rate * s.of_country[INCIDENT_RATE, c] * surface / 12
        hostile = (
            p.hostile_rate * s.of_country[HOSTILE_CONTROL, c] / 12 if net.l_hidden[line] else 0.0
        )
        if s.loss[line] > EPS or chance[line] >= accident + hostile:
            continue
        loss = p.incident_loss if chance[line] < accident else p.hostile_loss
        strike(s, line, loss, p.incident_months, p.incident_recovery)
