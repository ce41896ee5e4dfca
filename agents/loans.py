"""Stock lent and given: a loan is owed and comes back, a gift does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.need import SPARE
from mobilize.cohesion import move_trust, promise
from mobilize.network import NONE
from mobilize.physics.lending import spare as willing
from mobilize.state import EPS, Floats
from mobilize.world import World

OWING = "owing"  # who owes stock, computed once until somebody borrows


@dataclass(frozen=True)
class Loan:
    """Units that a borrower owes a lender, or that were given: programs, then countries."""

    lender: str
    borrower: str
    lender_country: str
    borrower_country: str
    item: str
    units: float
    gift: bool


def loans(world: World) -> list[Loan]:
    """Return who owes whom how much of what, then who gave whom what, for after-action."""
    found = []
    for units, gift in ((world.s.loan, False), (world.s.gift, True)):
        found += [_loan(world, h, gift) for h in np.flatnonzero(units > EPS).tolist()]
    return found


def _loan(world: World, h: int, gift: bool) -> Loan:
    net, names = world.net, world.names
    lender, borrower = int(net.h_lender[h]), int(net.h_borrower[h])
    units = world.s.gift if gift else world.s.loan
    return Loan(
        lender=names.programs[lender],
        borrower=names.programs[borrower],
        lender_country=names.countries[net.p_country[lender]],
        borrower_country=names.countries[net.p_country[borrower]],
        item=names.items[net.p_item[lender]],
        units=float(units[h]),
        gift=gift,
    )


def spare(world: World) -> Floats:
    """Return the units of each program's stock that its government is willing to part with."""
    return _willing(world)[0]


def lender_of(world: World, i: int) -> int | None:
    """Return the program with most to spare of the item of program `i`, if any has."""
    left, known = _willing(world)
    if i not in known:
        others = world.net.h_lender[world.net.h_borrower == i]
        most = int(others[np.argmax(left[others])]) if len(others) else NONE
        known[i] = most if most != NONE and left[most] > EPS else None
    return known[i]


def _willing(world: World) -> tuple[Floats, dict[int, int | None]]:
    """Return what programs can spare, and the lenders found since that was computed."""
    return world.this_month(SPARE, lambda _: (willing(*world.arrays), {}))


def hand_over(world: World, lender: int, borrower: int, units: float, gift: bool = False) -> None:
    """Move stock from one program to another, as a loan or a gift; the borrower trusts more."""
    net, s = world.net, world.s
    h = np.flatnonzero((net.h_lender == lender) & (net.h_borrower == borrower))
    s.stock[lender] -= units
    s.stock[borrower] += units
    world.forget(SPARE)
    world.forget(OWING)
    (s.gift if gift else s.loan)[h] += units
    if net.p_country[lender] != net.p_country[borrower]:
        move_trust(world, int(net.p_country[borrower]), world.p.lend_trust)


def repay(world: World, country: int) -> None:
    """Let a country's programs give back what they owe, as far as they can.

    From what stands above a share of the objective, when no fires go unmet; to all lenders in
    proportion.
    """
    net, s = world.net, world.s
    for i in owing(world).get(country, ()):
        mine = net.h_borrower == i
        owed = float(s.loan[mine].sum())
        free = float(s.stock[i] - world.p.repay_above * world.objective()[i])
        if owed > EPS and free > EPS and s.unmet[i] < EPS:
            give_back(world, i, np.flatnonzero(mine), min(1.0, free / owed))


def owing(world: World) -> dict[int, list[int]]:
    """Return by country its programs that owe stock."""
    return world.this_month(OWING, _owing)


def _owing(world: World) -> dict[int, list[int]]:
    net = world.net
    found: dict[int, list[int]] = {}
    for i in np.unique(net.h_borrower[world.s.loan > EPS]).tolist():
        found.setdefault(net.p_country.item(i), []).append(i)
    return found


def give_back(world: World, i: int, debts: np.ndarray, share: float) -> None:
    """Give a share of what program `i` owes back to every lender."""
    net, s = world.net, world.s
    world.forget(SPARE)
    for h in debts[s.loan[debts] > EPS].tolist():
        units = share * float(s.loan[h])
        lender = int(net.h_lender[h])
        s.loan[h] -= units
        s.stock[i] -= units
        s.stock[lender] += units
        promise(world, int(net.p_country[i]), 1.0)
        who, to = world.names.countries[net.p_country[i]], world.names.programs[lender]
        why = f"stock above {world.p.repay_above:.0%} of the objective; still owed {s.loan[h]:,.0f}"
        world.note(who, "repayment", to, units, "units", why)
