"""How long it takes from money to a contract, and what a kind of contract saves.

A foreign military sale passes request and offer, notification of Congress, the customer's
review, and contracting; about 18 months on average (design: policy, 1.7). A direct commercial
sale needs no such case, but a licence for what it exports.
"""

from __future__ import annotations

from mobilize.network import CHANNELS
from mobilize.terms import (
    ALLOCATION,
    AWARD_TIME,
    CONTRACT_TIME,
    FMS_CONTRACT,
    FMS_NOTIFY,
    FMS_OFFER,
    FMS_REVIEW,
)
from mobilize.world import World

DOMESTIC, FMS, DCS, COPRODUCTION = range(len(CHANNELS))


def stages(world: World, i: int) -> dict[str, float]:
    """Return the months of each stage from money to contract for a program."""
    net, s, p = world.net, world.s, world.p
    c = net.p_country[i]
    terms = s.of_country[:, c]
    whole = float(net.p_award[i]) * float(s.of_program[AWARD_TIME, i])
    if s.channel[i] != FMS:
        if net.p_channel[i] == FMS:  # a case taken out of foreign military sales
            whole = p.dcs_award * float(s.of_program[AWARD_TIME, i])
        return {"contract": whole * float(terms[CONTRACT_TIME])}
    if net.p_channel[i] != FMS:
        whole = p.fms_award * float(s.of_program[AWARD_TIME, i])
    rest = 1.0 - p.fms_offer - p.fms_notify - p.fms_review
    return {
        "offer": whole * p.fms_offer * float(terms[FMS_OFFER] / terms[ALLOCATION]),
        "notification": whole * p.fms_notify * float(terms[FMS_NOTIFY]),
        "review": whole * p.fms_review * float(terms[FMS_REVIEW]),
        "contract": whole * rest * float(terms[FMS_CONTRACT]),
    }


def award_months(world: World, i: int) -> int:
    """Return the months from money to award for a program, at least 1."""
    return max(1, round(sum(stages(world, i).values())))


def saving(world: World, i: int) -> float:
    """Return the share of the price that a program's contract saves against its first one."""
    p, s = world.p, world.s
    saved = (0.0, p.multiyear_saving, p.framework_saving)
    return saved[s.contract[i]] - saved[world.net.p_contract[i]]
