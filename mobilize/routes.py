"""The routes of a scenario: who buys from whom, and which borders they cross."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mobilize.columns import column, line_country, lookup, refer
from mobilize.network import CONTROLS, HOME, NONE, Floats, Ints

if TYPE_CHECKING:
    from mobilize.scenario import Scenario


@dataclass(frozen=True)
class Routes:
    """Routes sorted by buyer: slots in order of line, then programs, then civil customers."""

    slot: Ints
    program: Ints
    supplier: Ints
    row: Ints  # row in the routes table, NONE for civil
    slots: tuple[Ints, Ints, Floats]  # line, item, quantity of each slot
    pairs: tuple[tuple[str, str], ...]


def find_slots(scenario: Scenario) -> tuple[Ints, Ints, Floats]:
    """Return line, component item and quantity of every input slot, sorted by line."""
    tables = scenario.tables
    items = lookup(tuple(tables["items"]["id"]))
    parts: dict[str, list[tuple[int, float]]] = {}
    for item, component, quantity in zip(
        tables["bom"]["item"], tables["bom"]["component"], tables["bom"]["quantity"], strict=True
    ):
        parts.setdefault(item, []).append((items[component], float(quantity)))
    rows = [
        (line, component, quantity)
        for line, item in enumerate(tables["lines"]["item"])
        for component, quantity in parts.get(item, ())
    ]
    return (
        np.array([r[0] for r in rows], dtype=np.int32),
        np.array([r[1] for r in rows], dtype=np.int32),
        np.array([r[2] for r in rows], dtype=np.float64),
    )


def find_routes(scenario: Scenario) -> Routes:
    """Return the routes of a scenario in the order of the arrays."""
    tables = scenario.tables
    lines = lookup(tuple(tables["lines"]["id"]))
    programs = lookup(tuple(tables["programs"]["id"]))
    items = refer(tables["lines"]["item"], lookup(tuple(tables["items"]["id"])))
    slots = find_slots(scenario)
    slot_of = {
        (int(line), int(item)): k for k, (line, item) in enumerate(zip(*slots[:2], strict=True))
    }
    rows: list[tuple[int, int, int, int]] = []  # slot, program, supplier, row
    pairs = list(zip(tables["routes"]["buyer"], tables["routes"]["supplier"], strict=True))
    for row, (buyer, supplier) in enumerate(pairs):
        seller = lines[supplier]
        if buyer in programs:
            rows.append((NONE, programs[buyer], seller, row))
        else:
            rows.append((slot_of[lines[buyer], int(items[seller])], NONE, seller, row))
    civil = np.flatnonzero(column(tables["lines"], "civil_share") > 0)
    rows += [(NONE, NONE, int(line), NONE) for line in civil]
    rows.sort(key=lambda r: (r[0] == NONE, r[0], r[1] == NONE, r[1], r[3]))
    slot, program, supplier, row_of = (np.array(c, dtype=np.int32) for c in zip(*rows, strict=True))
    ids = tables["lines"]["id"]
    named = tuple(
        pairs[row] if row != NONE else ("civil", str(ids[seller]))
        for row, seller in zip(row_of, supplier, strict=True)
    )
    return Routes(slot, program, supplier, row_of, slots, named)


def borders(scenario: Scenario, routes: Routes) -> dict[str, Ints]:
    """Return the licence class, the exempt partner and the buyer's country of each route.

    A controlled item needs a licence when it crosses a border. An exemption may cover it:
    22 CFR 126.5 between the United States and Canada, 126.7 among the United States,
    Australia and the United Kingdom.
    """
    tables = scenario.tables
    countries = tables["countries"]
    lines = tables["lines"]
    at = line_country(scenario)
    at |= dict(zip(tables["programs"]["id"], tables["programs"]["country"], strict=True))
    control = dict(zip(tables["items"]["id"], tables["items"]["control"], strict=True))
    exempt = dict(zip(countries["id"], countries["itar_exemption"], strict=True))
    item_of = dict(zip(lines["id"], lines["item"], strict=True))
    number = lookup(tuple(countries["id"]))
    licence = np.zeros(len(routes.supplier), dtype=np.int32)
    partner = np.full(len(routes.supplier), NONE, dtype=np.int32)
    buyers = np.zeros(len(routes.supplier), dtype=np.int32)
    for r, (buyer, supplier) in enumerate(routes.pairs):
        seller = at[supplier]
        home = at.get(buyer, seller)  # civil customers are at home
        buyers[r] = number[home]
        if home == seller:
            continue
        licence[r] = CONTROLS.index(control[item_of[supplier]])
        if HOME in (home, seller):
            partner[r] = number[seller if home == HOME else home]
        elif exempt[home] == exempt[seller] == "aukus":
            partner[r] = number[home]
    return {"r_licence": licence, "r_partner": partner, "r_buyer": buyers}
