"""What a unit costs a program today, and how long it takes from money to a contract.

A foreign military sale passes request and offer, notification of Congress, the customer's
review, and contracting; about 18 months on average (design: policy, 1.7). A direct commercial
sale needs no such case, but a licence for what it exports.
"""

from __future__ import annotations

import numpy as np

from mobilize.network import Network
from mobilize.parameters import Parameters
from mobilize.physics.kernel import kernel
from mobilize.state import EPS, Floats, State
from mobilize.terms import (
    ALLOCATION,
    AWARD_TIME,
    CONTRACT_TIME,
    FMS_CONTRACT,
    FMS_NOTIFY,
    FMS_OFFER,
    FMS_REVIEW,
    PRICE,
)

DOMESTIC, FMS, DCS, COPRODUCTION = 0, 1, 2, 3  # as in mobilize.network.CHANNELS
STAGES = ("offer", "notification", "review", "contract")


@kernel
def stage_months(net: Network, s: State, p: Parameters, i: int, months: Floats) -> None:
    """Write the months of each stage from money to contract of a program, shape (4,)."""
    c = net.p_country[i]
    terms = s.of_country
    whole = net.p_award[i]
    months[:] = 0.0
    if s.channel[i] != FMS:
        if net.p_channel[i] == FMS:  # a case taken out of foreign military sales
            whole = p.dcs_award
        months[3] = whole * s.of_program[AWARD_TIME, i] * terms[CONTRACT_TIME, c]
        return
    if net.p_channel[i] != FMS:
        whole = p.fms_award
    whole *= s.of_program[AWARD_TIME, i]
    rest = 1.0 - p.fms_offer - p.fms_notify - p.fms_review
    months[0] = whole * p.fms_offer * terms[FMS_OFFER, c] / terms[ALLOCATION, c]
    months[1] = whole * p.fms_notify * terms[FMS_NOTIFY, c]
    months[2] = whole * p.fms_review * terms[FMS_REVIEW, c]
    months[3] = whole * rest * terms[FMS_CONTRACT, c]


@kernel
def saved(p: Parameters, contract: int) -> float:
    """Return the share of the price that a kind of contract saves against annual ones."""
    if contract == 2:
        return p.framework_saving
    return p.multiyear_saving if contract == 1 else 0.0


@kernel
def unit_price(net: Network, s: State, p: Parameters, i: int) -> float:
    """Return the price of a unit today (kUSD), over the sources the program buys from."""
    total, paid = 0.0, 0.0
    for n in range(net.p_routes[i], net.p_routes[i + 1]):
        r = net.p_sales[n]
        total += s.share[r]
        paid += s.share[r] * s.price[net.r_supplier[r]]
    going = paid / total if total > EPS else net.p_cost[i]
    saving = saved(p, s.contract[i]) - saved(p, net.p_contract[i])
    return going * s.of_program[PRICE, i] * (1.0 - saving)


@kernel
def offers(net: Network, s: State, p: Parameters, prices: Floats, waits: Floats) -> None:
    """Write unit price (kUSD) and months to contract of every program, shapes (programs,)."""
    months = np.zeros(len(STAGES))
    for i in range(len(prices)):
        stage_months(net, s, p, i, months)
        prices[i] = unit_price(net, s, p, i)
        waits[i] = months.sum()
