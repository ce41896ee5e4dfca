"""Accidents at plants, and repair."""

from __future__ import annotations

from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.state import EPS, Floats, State


@kernel
def strike(s: State, line: int, loss: float, months: float, recovery: float) -> None:
    """Take a share of a line's availability, for some months, then repair it."""
    s.loss[line] = max(s.loss[line], loss)
    s.loss_left[line] = max(s.loss_left[line], months)
    s.loss_heal[line] = s.loss[line] / max(recovery, 1.0)


@kernel
def repair(s: State) -> None:
    """Carry repair on by a month."""
    for line in range(len(s.loss)):
        if s.loss[line] < EPS:
            s.loss[line] = 0.0
        elif s.loss_left[line] > EPS:
            s.loss_left[line] -= 1.0
        else:
            s.loss[line] = max(0.0, s.loss[line] - s.loss_heal[line])


@kernel
def accidents(s: State, p: Parameters, chance: Floats) -> None:
    """Let each line have an accident with the month's share of its yearly rate."""
    for line in range(len(s.loss)):
        if chance[line] < p.incident_rate / 12 and s.loss[line] < EPS:
            strike(s, line, p.incident_loss, p.incident_months, p.incident_recovery)
