"""A scenario turned into arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mobilize.columns import column, lookup, refer, starts
from mobilize.conflicts import conflict_parts
from mobilize.network import (
    CHANNELS,
    CONTRACTS,
    HOME,
    NEVER,
    NONE,
    PHASES,
    PLANTS,
    STANCES,
    Floats,
    Ints,
    Names,
    Network,
)
from mobilize.programs import ordered_parts, program_parts, spares_use
from mobilize.routes import Routes, borders, find_routes

if TYPE_CHECKING:
    from mobilize.parameters import Parameters
    from mobilize.scenario import Scenario


def compile_network(scenario: Scenario, p: Parameters) -> tuple[Network, Names]:
    """Turn the tables of a scenario into a :class:`Network`, and its ids into :class:`Names`."""
    tables = scenario.tables
    routes = find_routes(scenario)
    lines = tables["lines"]
    arrays = dict(
        **_line_arrays(scenario, routes, p),
        k_line=routes.slots[0],
        k_item=routes.slots[1],
        k_quantity=routes.slots[2],
        **_contract_arrays(scenario, routes),
        k_routes=starts(
            np.where(routes.slot == NONE, len(routes.slots[0]), routes.slot).astype(np.int32),
            len(routes.slots[0]),
        ),
        k_order=np.arange(len(routes.slot), dtype=np.int32),
        **_route_arrays(scenario, routes),
        **_country_arrays(scenario, p),
        **_program_arrays(scenario, routes),
        **_holders(scenario),
        **_project_arrays(scenario, len(lines), p),
        **program_parts(scenario),
        **conflict_parts(scenario),
        **_places(scenario, routes),
    )
    net = Network(**{name: np.array(arrays[name], order="C") for name in Network._fields})
    return net, _names(scenario, routes)


def _contract_arrays(scenario: Scenario, routes: Routes) -> dict[str, NDArray[np.generic]]:
    """Return which input slots are ordered for the contract, and these from tier 1 down."""
    bom, items, lines = (scenario.tables[name] for name in ("bom", "items", "lines"))
    pairs = zip(bom["item"], bom["component"], bom["ordered"] == "contract", strict=True)
    given = {(item, part) for item, part, contract in pairs if contract}
    line, part, _ = routes.slots
    slots = zip(lines["item"][line], items["id"][part], strict=True)
    contract = np.array([slot in given for slot in slots], dtype=np.bool_)
    mine = np.flatnonzero(contract)
    chain = mine[np.argsort(lines["tier"][line[mine]], kind="stable")]
    return {"k_contract": contract, "k_chain": chain.astype(np.int32)}


def _names(scenario: Scenario, routes: Routes) -> Names:
    """Return the ids of a scenario in array order."""
    tables = scenario.tables
    key = {t: tuple(str(v) for v in tables[t]["id"]) for t in _KEYED}
    found = ordered_parts(scenario)
    return Names(
        **key,
        routes=routes.pairs,
        fleets=found.fleets,
        depots=tuple(tables["depots"]["id"][found.depots]),
        developments=found.developments,
        milestones=tuple(tables["milestones"]["id"][found.milestones]),
        conflicts=tuple(conflict.id for conflict in scenario.conflicts),
    )


_KEYED = ("countries", "items", "firms", "lines", "programs", "projects")


def _line_arrays(
    scenario: Scenario, routes: Routes, p: Parameters
) -> dict[str, NDArray[np.generic]]:
    tables = scenario.tables
    lines, items, firms = tables["lines"], tables["items"], tables["firms"]
    item = refer(lines["item"], lookup(tuple(items["id"])))
    firm = refer(lines["firm"], lookup(tuple(firms["id"])))
    country = refer(firms["country"], lookup(tuple(tables["countries"]["id"])))[firm]
    is_us = tables["countries"]["id"] == HOME
    order = np.argsort(routes.supplier, kind="stable").astype(np.int32)
    return {
        "l_item": item,
        "l_firm": firm,
        "l_country": country,
        "l_rate": np.column_stack([column(lines, c) for c in ("msr", "rate_185", "rate_max")]),
        "l_start": column(lines, "start_rate"),
        "l_cycle": lines["cycle"].astype(np.int32),
        "l_lead": lines["lead"].astype(np.int32),
        "l_labour": column(lines, "labour"),
        "l_learning": np.log2(column(items, "learning"))[item],
        "l_past": np.maximum(
            column(lines, "start_rate") * p.experience,
            column(lines, "rate_185") * 12,
        ),
        "l_civil": column(lines, "civil_share") * column(lines, "start_rate"),
        "l_cover": column(lines, "cover"),
        "l_cost": _own_or(column(lines, "cost"), column(items, "cost")[item]),
        "l_ratings": is_us[country],
        "l_site": p.site_ceiling * (1.0 + _added(scenario)),
        "l_hidden": (firms["visible"] == "no")[firm],
        "l_discipline": column(firms, "cash_discipline")[firm],
        "l_qualified": lines["qualified"] == "yes",
        "l_slots": starts(routes.slots[0], len(lines)),
        "l_sales": starts(routes.supplier[order], len(lines)),
        "sales": order,
    }


def _own_or(own: Floats, common: Floats) -> Floats:
    """Return a line's own figure where it has one, else that of its item."""
    return np.where(np.isnan(own), common, own)


KINDS = {"end_item": "assembly", "component": "component", "material": "material"}


def _places(scenario: Scenario, routes: Routes) -> dict[str, Ints]:
    """Return what kind of plant each line is, and where it stands between mine and end item."""
    lines, items = scenario.tables["lines"], scenario.tables["items"]
    plants = [
        PLANTS.index(KINDS[kind] if plant == "ordinary" else plant)
        for kind, plant in zip(items["kind"], items["plant"], strict=True)
    ]
    item = refer(lines["item"], lookup(tuple(items["id"])))
    height = np.zeros(len(lines), dtype=np.int32)
    bought = routes.slot != NONE
    seller, buyer = routes.supplier[bought], routes.slots[0][routes.slot[bought]]
    while (height[seller] <= height[buyer]).any():
        np.maximum.at(height, seller, height[buyer] + 1)
    return {
        "l_plant": np.array(plants, dtype=np.int32)[item],
        "l_height": height,
        "l_order": np.argsort(height, kind="stable").astype(np.int32),
    }


def _added(scenario: Scenario) -> Floats:
    """Return what all projects of the scenario could add to each line, as shares of its design."""
    lines, table = scenario.tables["lines"], scenario.tables["projects"]
    line = refer(table["line"], lookup(tuple(lines["id"])))
    added = np.bincount(line, column(table, "adds"), len(lines))
    return np.asarray(added / np.maximum(column(lines, "rate_max"), 1e-9))


def _route_arrays(scenario: Scenario, routes: Routes) -> dict[str, NDArray[np.generic]]:
    table = scenario.tables["routes"]

    def pick(name: str, civil: float) -> Floats:
        values = np.append(column(table, name), civil)
        picked: Floats = values[routes.row]  # NONE picks the last, the civil value
        return picked

    qualified = np.append(table["qualified"] == "yes", True)[routes.row]

    return {
        "r_slot": routes.slot,
        "r_program": routes.program,
        "r_supplier": routes.supplier,
        "r_transit": np.maximum(pick("transit", 1), 1).astype(np.int32),
        "r_hedge": pick("hedge", 0),
        **borders(scenario, routes),
        "r_share": np.where(qualified, pick("share", 1), 0.0),
        "r_qualified": qualified,
    }


def _arrangements(scenario: Scenario) -> Ints:
    """Return the month of the run from which each country has an arrangement."""
    table = scenario.tables["countries"]
    since = np.maximum(0, table["sosa_since"] - scenario.start)  # empty counts as long ago
    return np.where(table["sosa"] == "yes", since, NEVER).astype(np.int32)


def _country_arrays(scenario: Scenario, p: Parameters) -> dict[str, NDArray[np.generic]]:
    table = scenario.tables["countries"]
    exempt = {"none": 0.0, "canada": p.exempt_canada, "aukus": p.exempt_aukus}

    def flag(column: str) -> Floats:
        return (table[column] == "yes").astype(np.float64)

    return {
        "c_alignment": column(table, "alignment"),
        "c_need": column(table, "own_need"),
        "c_sosa": _arrangements(scenario),
        "c_code": flag("code_of_conduct"),
        "c_neutral": flag("neutral"),
        "c_home": table["id"] == HOME,
        "c_rdp": flag("rdp_mou"),
        "c_title3": flag("title3"),
        "c_nato": flag("nato"),
        "c_pipir": flag("pipir"),
        "c_ntib": flag("ntib"),
        "c_exempt": np.array([exempt[word] for word in table["itar_exemption"]]),
        "c_pool": column(table, "labour_pool"),
        "c_stance": refer(table["stance"], lookup(STANCES)),
    }


def _program_arrays(scenario: Scenario, routes: Routes) -> dict[str, NDArray[np.generic]]:
    tables = scenario.tables
    programs = tables["programs"]
    mine = np.flatnonzero(routes.program != NONE).astype(np.int32)
    mine = mine[np.argsort(routes.program[mine], kind="stable")]
    return {
        "p_country": refer(programs["country"], lookup(tuple(tables["countries"]["id"]))),
        "p_item": refer(programs["item"], lookup(tuple(tables["items"]["id"]))),
        "p_stock": column(programs, "stock"),
        "p_objective": column(programs, "objective"),
        "p_on_order": column(programs, "on_order"),
        "p_cost": column(tables["items"], "cost")[
            refer(programs["item"], lookup(tuple(tables["items"]["id"])))
        ],
        "p_span": programs["span"].astype(np.int32),
        "p_award": programs["award"].astype(np.int32),
        "p_use": np.where(
            programs["kind"] == "sustainment",
            spares_use(scenario),
            column(programs, "training_use"),
        ),
        "p_rating": refer(programs["rating"], {"DX": 0, "DO": 1, "none": 2}),
        "p_contract": refer(programs["contract"], lookup(CONTRACTS)),
        "p_channel": refer(programs["channel"], lookup(CHANNELS)),
        "p_routes": starts(routes.program[mine], len(programs)),
        "p_sales": mine,
    }


def _holders(scenario: Scenario) -> dict[str, NDArray[np.generic]]:
    """Return every ordered pair of programs that hold stock of the same item."""
    item = scenario.tables["programs"]["item"]
    same = item[:, None] == item[None, :]
    lender, borrower = np.nonzero(same & ~np.eye(len(item), dtype=np.bool_))
    return {"h_lender": lender.astype(np.int32), "h_borrower": borrower.astype(np.int32)}


def _project_arrays(
    scenario: Scenario, lines: int, p: Parameters
) -> dict[str, NDArray[np.generic]]:
    """Scenario projects, then per line a private expansion, then per line a Title III grant."""
    tables = scenario.tables
    table = tables["projects"]
    line = refer(table["line"], lookup(tuple(tables["lines"]["id"])))
    full = np.maximum(column(tables["lines"], "rate_max"), 1e-9)
    cost = column(tables["items"], "cost")
    item = refer(tables["lines"]["item"], lookup(tuple(tables["items"]["id"])))
    private = [0.0, p.invest_build, p.invest_equip, p.invest_qualify, 2.0]
    granted = [p.grant_fund, p.grant_build, p.grant_equip, p.grant_qualify, 3.0]
    phases = np.column_stack([column(table, phase) for phase in PHASES])
    yearly = full * 12 * cost[item] * p.capex_ratio
    every = np.arange(lines, dtype=np.int32)
    payers = lookup(tuple(tables["countries"]["id"]))
    return {
        "j_line": np.concatenate([line, every, every]),
        "j_phases": np.concatenate(
            [phases, np.tile(private, (lines, 1)), np.tile(granted, (lines, 1))]
        ),
        "j_spread": np.concatenate([column(table, "spread"), np.full(2 * lines, p.invest_spread)]),
        "j_adds": np.concatenate(
            [
                column(table, "adds") / full[line],
                np.full(lines, p.invest_step),
                np.full(lines, p.grant_step),
            ]
        ),
        "j_cost": np.concatenate(
            [column(table, "cost") * 1000, p.invest_step * yearly, p.grant_step * yearly]
        ),
        "j_crew": np.append(column(table, "crew"), np.zeros(2 * lines)),
        "j_payer": np.concatenate(
            [
                np.array([payers.get(str(who), NONE) for who in table["payer"]], dtype=np.int32),
                np.full(lines, NONE, dtype=np.int32),
                np.full(lines, payers.get(HOME, NONE), dtype=np.int32),
            ]
        ),
        "j_source": np.append(table["kind"] == "new_source", np.zeros(2 * lines, dtype=np.bool_)),
    }
