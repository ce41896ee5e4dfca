"""Goods on their way, and the money that follows them."""

from __future__ import annotations

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.state import CIVIL, EPS, PROGRAMS, TRANSIT, State
from mobilize.terms import PRICE_SPREAD, UNIT_COST


@kernel
def receive(net: Network, s: State, t: int) -> None:
    """Take in what arrives: inputs to lines, accepted units to stocks.

    A program pays on acceptance, at the mean price of what it has on contract.
    """
    s.delivered[:] = 0.0
    for r in range(len(net.r_slot)):
        units = s.transit[r, t % TRANSIT]
        if units < EPS:
            continue
        s.transit[r, t % TRANSIT] = 0.0
        s.moving[r] = max(0.0, s.moving[r] - units)
        if net.r_slot[r] >= 0:
            s.inputs[net.r_slot[r]] += units
        elif net.r_program[r] >= 0:
            accept(net, s, r, units)


@kernel
def accept(net: Network, s: State, r: int, units: float) -> None:
    """Put accepted units into a program's stock and pay the maker."""
    i = net.r_program[r]
    open_money = max(0.0, s.obligated[i] - s.paid[i])
    share = min(1.0, units / max(s.undelivered[i], EPS))
    s.paid[i] += open_money * share
    s.cash[net.r_supplier[r]] += open_money * share
    s.ledger[PROGRAMS] += open_money * share
    s.undelivered[i] = max(0.0, s.undelivered[i] - units)
    s.stock[i] += units
    s.delivered[i] += units


@kernel
def pay(net: Network, s: State) -> None:
    """Buyers pay suppliers for what was shipped this month."""
    for r in range(len(net.r_slot)):
        if s.sent[r] < EPS or net.r_program[r] >= 0:
            continue
        money = s.sent[r] * s.price[net.r_supplier[r]]
        s.cash[net.r_supplier[r]] += money
        if net.r_slot[r] >= 0:
            s.cash[net.k_line[net.r_slot[r]]] -= money
        else:
            s.ledger[CIVIL] += money


@kernel
def set_prices(net: Network, s: State, p: Parameters) -> None:
    """Scarcity makes dearer: price rises with what is wanted over what the line could make."""
    elasticity = p.price_elasticity * s.of_base[PRICE_SPREAD]
    for line in range(len(net.l_item)):
        full = max(s.equip[line] * net.l_rate[line, 2], EPS)
        scarcity = min(max(s.wanted[line] / full, 1.0), 1e6)
        factor = min(scarcity**elasticity, p.price_ceiling)
        cost = net.l_cost[line] * s.of_country[UNIT_COST, net.l_country[line]] * s.dear[line]
        s.price[line] += (cost * factor - s.price[line]) / p.price_smooth


@kernel
def wait_for_leave(s: State) -> None:
    """Count down the months until closed routes open again."""
    for r in range(len(s.blocked)):
        if s.blocked[r] > 0.0:
            s.blocked[r] = max(0.0, s.blocked[r] - 1.0)
