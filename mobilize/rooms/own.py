"""What a team knows of its own: a country's programs, a firm's plants, the challenger's view."""

from __future__ import annotations

from typing import Any

import numpy as np

from agents.adversary import stands
from agents.loans import loans
from agents.tables import ladder
from mobilize.interventions import requests_of
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.model import Model
from mobilize.physics.reasons import TERMS
from mobilize.state import BOUND

Plain = dict[str, Any]


def own_programs(model: Model, country: str) -> list[Plain]:
    """Return stocks, orders and money of a country's programs, and what it owes or is owed."""
    world, s = model.world, model.world.s
    mine = np.flatnonzero(world.net.p_country == world.names.countries.index(country)).tolist()
    wanted = world.objective()
    rows = []
    for i in mine:
        name = world.names.programs[i]
        lent = [x for x in loans(world) if name in (x.lender, x.borrower)]
        rows.append(
            {
                "program": name,
                "item": world.names.items[world.net.p_item[i]],
                "stock": float(s.stock[i]),
                "objective": float(wanted[i]),
                "unmet": float(s.unmet[i]),
                "on_contract": float(s.undelivered[i]),
                "money_musd": float(s.appropriated[i] - s.obligated[i]) / 1000,
                "delivered": model.record.series("delivered")[:, i].tolist(),
                "stocks": model.record.series("stock")[:, i].tolist(),
                "loans": [
                    {"lender": x.lender, "borrower": x.borrower, "units": x.units, "gift": x.gift}
                    for x in lent
                ],
            }
        )
    return rows


def own_requests(model: Model, country: str) -> Plain:
    """Return what is asked of a country's plants by ratings from abroad, and how they answered."""
    world = model.world
    routes = requests_of(world, country)
    share, until = world.words.get(country, (0.0, 0))
    return {
        "asked": int(routes.size),
        "honoured": int(world.s.honour[routes].sum()),
        "word": share if world.month < until else None,
    }


def own_firms(model: Model, country: str) -> list[Plain]:
    """Return the plants of industry at home, as far as their customers know of them."""
    world, s, net = model.world, model.world.s, model.world.net
    home = world.names.countries.index(country)
    return [
        {
            "line": world.names.lines[line],
            "firm": world.names.firms[net.l_firm[line]],
            "item": world.names.items[net.l_item[line]],
            "open": bool(s.alive[line]),
            "asked": float(s.wanted[line]),
            "capacity": float(s.capacity[line]),
            "finished": float(s.finished[line]),
            "bound": BOUND[s.bound[line]],
            "crew": float(s.crew[line]),
            "credibility": float(s.credibility[line]),
            "cash_musd": float(s.cash[line]) / 1000,
            "expanding": bool(world.under_way()[net.j_line == line].any()),
        }
        for line in np.flatnonzero((net.l_country == home) & world.visible).tolist()
    ]


def ladder_view(model: Model) -> Plain:
    """Return the ladder and the challenger's own reasons, by what it has seen."""
    world, seat = model.world, model.adversary
    steps = [
        {"step": r.name, "title": r.title, "months": r.duration,
         "stands": stands(world, RUNGS.index(r.name))}
        for r in ladder(world.figures)
    ]  # fmt: skip
    found: Plain = {"at_once": int(world.p.steps_at_once), "steps": steps}
    if model.month and seat.front is not None:
        terms, exposure, fragility = seat.reasons(world, model.month - 1)
        found["mindset"] = MINDSETS[world.s.mindset.item(0)]
        found["reasons"] = dict(zip(TERMS, map(float, terms), strict=True))
        found["reasons"] |= {"exposure": exposure, "fragility": fragility}
    return found
