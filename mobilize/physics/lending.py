"""What governments are willing to part with of their stocks."""

from __future__ import annotations

import numpy as np

from mobilize.network import FRONT_LINE, NEUTRAL, STANCELESS, Network
from mobilize.parameters import Parameters
from mobilize.physics.buying import objective
from mobilize.physics.kernel import kernel
from mobilize.physics.sourcing import own_need
from mobilize.state import EPS, Floats, State


@kernel
def above_floor(net: Network, s: State, p: Parameters) -> Floats:
    """Return the units of each program's stock above what its government keeps for itself.

    A share of its objective, more for a front-line state, or months of its own present
    use; one without a stance keeps nothing. Shapes (programs,).
    """
    free, wanted = np.empty(len(s.stock)), objective(net, s)
    for i in range(len(free)):
        stance = net.c_stance[net.p_country[i]]
        floor = p.lend_floor_front if stance == FRONT_LINE else p.lend_floor
        keeps = max(floor * wanted[i], p.lend_months * max(s.asked[i], net.p_use[i]))
        free[i] = s.stock[i] if stance == STANCELESS else max(0.0, s.stock[i] - keeps)
    return free


@kernel
def spare(net: Network, s: State, p: Parameters) -> Floats:
    """Return the units of each program's stock that its government is willing to part with.

    What stands above its floor; nothing of a neutral or of a front-line state in need.
    """
    free, need = above_floor(net, s, p), own_need(s)
    for i in range(len(free)):
        c = net.p_country[i]
        in_need = net.c_stance[c] == FRONT_LINE and need[c] >= p.lend_need - EPS
        if net.c_stance[c] == NEUTRAL or in_need:
            free[i] = 0.0
    return free
