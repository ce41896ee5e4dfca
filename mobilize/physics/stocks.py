"""Stocks of end items: what is used, and what was asked for and not there."""

from __future__ import annotations

from mobilize.physics.kernel import kernel
from mobilize.state import Floats, State


@kernel
def use_stock(s: State, uses: Floats) -> None:
    """Take each program's use from its stock; count what could not be met."""
    for i in range(len(s.stock)):
        taken = min(uses[i], s.stock[i])
        s.stock[i] -= taken
        s.unmet[i] = uses[i] - taken
