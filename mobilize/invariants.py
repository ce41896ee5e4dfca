"""What must hold in every month of every run: nothing negative, every sum its parts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mobilize.network import NONE, Network
from mobilize.state import CLASSES, Floats, Ints, State

ROUNDING = 1e-9  # of the larger of 1 and the figures compared: sums are kept up month by month
NEVER_NEGATIVE = (
    # lines
    *("equip", "coming", "crew", "trainees", "output", "wanted", "plan", "forecast", "expected"),
    *("normal_book", "wip", "in_work", "goods", "loss", "loss_left", "loss_heal", "credibility"),
    *("mix", "price", "over", "under", "capacity", "started", "finished", "shipped", "ordered"),
    *("ordered_trust", "ordered_class", "declined", "cancelled", "book", "rated"),
    *("destroyed", "dear"),
    # slots and routes
    *(
        "inputs",
        "hedge",
        "licensed",
        "applied",
        "wait",
        "share",
        "blocked",
        "squeeze",
        "detour",
        "due",
        "owed",
        "transit",
        "moving",
        "sent",
    ),
    # programs
    *("stock", "calls", "undelivered", "appropriated", "obligated", "paid", "delivered", "unmet"),
    *("waiting", "substituted"),
    # fleets, depots, developments, partners
    *("serviceable", "written_off", "depot_share", "outbound", "queue", "bench", "homebound"),
    *("repaired", "milestone", "work_left", "pledge", "funded", "bad", "contributed"),
    # countries, projects, ledger
    *(
        "pool",
        "trust",
        "industrial",
        "withheld",
        "frozen",
        "resolution",
        "waiting_industry",
        "title3",
        "backlash",
        "added",
        "haste",
        "ledger",
    ),
    # terms
    "of_country",
    # responses of governments
    *("asked", "seen", "need", "promised", "kept", "loan", "gift"),
    # deterrence
    *("recent", "capable", "leverage", "rung_left", "chosen"),
)
MAY_BE_NEGATIVE = ("cash", "gained", "left", "posture", "bound", "bound_slot", "bound_since",
                   "first", "alive", "open", "honour", "rating", "contract", "phase", "channel",
                   "of_program", "of_base", "held", "held_since", "war", "mindset", "motivation",
                   "metrics", "signals")  # fmt: skip
SHARES = (
    "loss",
    "leverage",
    "squeeze",
    "resolution",
    "credibility",
    "mix",
    "share",
    "trust",
    "backlash",
    "depot_share",
    "work_left",
    "pledge",
    "funded",
    "seen",
    "need",
)  # between 0 and 1


def faults(net: Network, s: State) -> list[str]:
    """Return what is wrong with a state, in words; nothing if it is sound.

    Checked: no quantity is negative and no share above 1; the sums that the kernels keep up
    (`owed`, `book`, `rated`, `moving`, `in_work`) are those of their parts; the shares of a
    need's open routes are at most 1 in all; what a program waits for is called off later,
    on order or on its way; every fielded unit is somewhere; nobody pays more than is obligated or
    obligates more than is appropriated; nobody keeps more promises than were asked of it.

    Examples
    --------
    >>> from mobilize.model import Model
    >>> world = Model("artillery-2022", months=6).run().world
    >>> faults(world.net, world.s)
    []
    >>> world.s.goods[0] = -1.0
    >>> faults(world.net, world.s)
    ['goods[0] is -1: negative']
    """
    found = _not_finite(s) or [*_outside(s), *_sums(net, s), *_needs(net, s)]
    return (
        found
        + _above("paid", s.paid, "obligated", s.obligated)
        + _above("obligated", s.obligated, "appropriated", s.appropriated)
        + _above("kept", s.kept, "promised", s.promised)
    )


def _not_finite(s: State) -> list[str]:
    return [f"{f} holds a value that is no number" for f, a in s._asdict().items()
            if not np.isfinite(a).all()]  # fmt: skip


def _outside(s: State) -> list[str]:
    found = []
    for name in NEVER_NEGATIVE:
        values = getattr(s, name)
        scale = ROUNDING * max(1.0, float(np.max(values, initial=0.0)))
        found += _name_places(name, values, values < -scale, "negative")
    for name in SHARES:
        values = getattr(s, name)
        found += _name_places(name, values, values > 1.0 + ROUNDING, "above 1")
    return found


def _sums(net: Network, s: State) -> list[str]:
    """Compare the sums that are kept up with those of their parts."""
    lines, rated = len(net.l_item), s.due[:, :, : CLASSES - 1].sum(axis=(1, 2))
    coming = s.calls.sum(axis=1)
    mine = net.r_program != NONE
    coming += np.bincount(net.r_program[mine], (s.owed + s.moving)[mine], len(coming))
    away = s.outbound.sum(axis=1) + s.homebound.sum(axis=1) + s.queue + s.bench.sum(axis=1)
    units = s.serviceable + s.written_off + _by(net.d_fleet, away, len(net.f_fielded))
    return [
        *_differ("owed", s.owed, "the orders due", s.due.sum(axis=(1, 2))),
        *_differ("book", s.book, "what its routes owe", _by(net.r_supplier, s.owed, lines)),
        *_differ("rated", s.rated, "DX and DO on order", _by(net.r_supplier, rated, lines)),
        *_differ("moving", s.moving, "the goods in transit", s.transit.sum(axis=1)),
        *_differ("in_work", s.in_work, "the work in progress", s.wip.sum(axis=1)),
        *_differ("fielded", net.f_fielded, "units of the fleet", units),
        *_differ("undelivered", s.undelivered, "calls, orders and goods on their way", coming),
    ]


def _needs(net: Network, s: State) -> list[str]:
    """Check that buyers ask for no more than they need of their open routes together."""
    found = []
    share = np.where(s.open, s.share, 0.0)
    for kind, owner, count in (
        ("slot", net.r_slot, len(net.k_line)),
        ("program", net.r_program, len(net.p_item)),
    ):
        mine = owner != NONE
        total = _by(owner[mine], share[mine], count)
        found += _name_places(f"shares of {kind}", total, total > 1.0 + ROUNDING, "above 1")
    return found


def _by(owner: Ints, values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(owner, values, count))


def _differ(name: str, kept: Floats, what: str, parts: Floats) -> list[str]:
    allowed = ROUNDING * np.maximum(1.0, np.maximum(kept, parts).max(initial=0.0))
    return _name_places(
        name, kept, np.abs(kept - parts) > allowed, f"{what} add up to something else", parts
    )


def _above(name: str, low: Floats, limit: str, high: Floats) -> list[str]:
    above = low > high + ROUNDING * np.maximum(1.0, high)
    return _name_places(name, low, above, f"above {limit}", high)


def _name_places(
    name: str,
    values: NDArray[Any],
    wrong: NDArray[np.bool_],
    what: str,
    other: Floats | None = None,
) -> list[str]:
    """Return a sentence for each wrong place."""
    return [
        f"{name}[{', '.join(map(str, place))}] is {values[tuple(place)]:.10g}: {what}"
        + ("" if other is None else f" ({other[tuple(place)]:.10g})")
        for place in np.argwhere(wrong).tolist()
    ]
