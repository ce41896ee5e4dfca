"""A scenario turned into arrays: everything about a supply network that does not change.

The kernels know neither law nor country names, only these arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mobilize.programs import ordered_parts, program_parts, spares_use

if TYPE_CHECKING:
    from mobilize.parameters import Parameters
    from mobilize.scenario import Scenario, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

PHASES = ("fund", "build", "equip", "qualify", "ramp")
RATINGS = ("DX", "DO", "unrated")
CONTRACTS = ("annual", "multiyear", "framework")
CONTROLS = ("none", "licence", "agreement")
CHANNELS = ("domestic", "fms", "dcs", "coproduction")
HOME = "US"  # the country whose law rates orders and controls exports here
NONE = -1
NEVER = 1_000_000  # a month that does not come


class Network(NamedTuple):
    """Fixed structure, by leading letter.

    l line, k input slot, r route, c country, p program, j project; f fleet, d depot;
    v development, m milestone, n partner.
    """

    l_item: Ints  # item made
    l_firm: Ints
    l_country: Ints
    l_rate: Floats  # (lines, 3) units/month of full equipment at minimum, 1-8-5, maximum
    l_start: Floats  # units/month before the start
    l_cycle: Ints  # months from start of work to finished goods
    l_lead: Ints  # months from order to shipment it quotes
    l_labour: Floats  # person-months/unit at the start
    l_learning: Floats  # exponent of the learning curve, <= 0
    l_past: Floats  # units made before the start, for the learning curve
    l_civil: Floats  # units/month wanted by civil customers
    l_cover: Floats  # months of finished goods aimed for
    l_cost: Floats  # kUSD/unit
    l_ratings: NDArray[np.bool_]  # a rating is law here (the plant is in the United States)
    l_qualified: NDArray[np.bool_]  # has qualified equipment at the start
    l_site: Floats  # equipment its site has room for, as a share of its design
    l_hidden: NDArray[np.bool_]  # its firm is unknown to governments
    l_discipline: Floats  # firm's reluctance to invest ahead of a contract, 0-1
    l_slots: Ints  # (lines + 1) first input slot of each line
    l_sales: Ints  # (lines + 1) first entry in `sales` of each line
    sales: Ints  # routes ordered by supplier
    k_line: Ints
    k_item: Ints
    k_quantity: Floats  # components per unit
    k_routes: Ints  # (slots + 1) first route of each slot
    k_order: Ints  # every route in order: `k_order[k_routes[k]:k_routes[k + 1]]` are slot k's
    r_slot: Ints  # buyer's slot, or NONE
    r_program: Ints  # buying program, or NONE
    r_supplier: Ints
    r_transit: Ints  # months, >= 1: goods shipped in a month arrive in a later one
    r_hedge: Floats  # months of buffer beside the normal cover
    r_licence: Ints  # index in CONTROLS of the licence its goods need at the border
    r_partner: Ints  # country whose exemption covers the route, or NONE
    r_buyer: Ints  # country of the buyer
    r_share: Floats  # share of the buyer's need at the start
    r_qualified: NDArray[np.bool_]  # open at the start
    c_alignment: Floats  # 0-1
    c_need: Floats  # own need, 0-1
    c_sosa: Ints  # month from which an arrangement is in force, NEVER without one
    c_code: Floats  # 1 with a code of conduct in force
    c_neutral: Floats  # 1 if neutral or unaligned
    c_home: NDArray[np.bool_]  # the United States
    c_rdp: Floats  # 1 with a reciprocal defense procurement memorandum
    c_title3: Floats  # 1 if a domestic source under Title III
    c_nato: Floats  # 1 for a member
    c_pipir: Floats  # 1 for a member
    c_ntib: Floats  # 1 for a member
    c_exempt: Floats  # share of controlled trade with the United States free of licences
    c_pool: Floats  # skilled people looking for work at the start
    p_country: Ints
    p_item: Ints
    p_stock: Floats  # serviceable units at the start
    p_objective: Floats  # units wanted in stock
    p_on_order: Floats  # on contract at the start
    p_cost: Floats  # kUSD/unit at the start
    p_span: Ints  # months over which a contract delivers
    p_award: Ints  # months from money to award
    p_use: Floats  # peacetime use, units/month; of spares where it sustains a fleet
    p_rating: Ints  # index in RATINGS at the start
    p_contract: Ints  # index in CONTRACTS at the start
    p_channel: Ints  # index in CHANNELS at the start
    p_routes: Ints  # routes of program p are `p_sales[p_routes[p]:p_routes[p + 1]]`
    p_sales: Ints
    j_line: Ints
    j_phases: Floats  # (projects, 5) median months of each phase
    j_spread: Floats  # log sd of each phase
    j_adds: Floats  # share of the line's full equipment added
    j_cost: Floats  # kUSD
    j_payer: Ints  # country that pays, or NONE for a firm
    j_source: NDArray[np.bool_]  # finishing qualifies the line as a new source
    p_kind: Ints  # see mobilize.programs.KINDS
    f_program: Ints
    f_fielded: Floats  # units
    f_unserviceable: Floats  # units at the start
    f_failures: Floats  # share of serviceable units that fails in a year
    f_depots: Ints  # (fleets + 1) first depot of each fleet
    d_fleet: Ints
    d_country: Ints
    d_theatre: NDArray[np.bool_]  # near where the fleet is fielded
    d_capacity: Floats  # repairs begun, units/month
    d_turnaround: Floats  # months
    d_transit: Ints  # months each way
    d_share: Floats  # share of unserviceable units sent there at the start
    d_parts: Floats  # spares per repair
    d_cost: Floats  # kUSD per repair, spares not counted
    v_program: Ints
    v_milestones: Ints  # (developments + 1) first milestone of each development
    v_partners: Ints  # (developments + 1) first partner of each development
    m_months: Floats  # median time at full funding
    m_cost: Floats  # kUSD
    m_spread: Floats  # log sd
    m_then: Ints  # project that it starts, or NONE
    n_country: Ints
    n_share: Floats  # share of the cost at the start
    n_volatility: Floats  # sd of the yearly swing of its money


@dataclass(frozen=True)
class Names:
    """Ids in the order of the arrays, for people."""

    countries: tuple[str, ...]
    items: tuple[str, ...]
    firms: tuple[str, ...]
    lines: tuple[str, ...]
    programs: tuple[str, ...]
    projects: tuple[str, ...]  # of the scenario; per line a private one and a grant follow
    routes: tuple[tuple[str, str], ...]  # (buyer, supplier); civil routes buy for "civil"
    fleets: tuple[str, ...]  # program of each
    depots: tuple[str, ...]
    developments: tuple[str, ...]  # program of each
    milestones: tuple[str, ...]


def _column(table: Table, name: str) -> Floats:
    return np.asarray(table[name], dtype=np.float64)


def _lookup(ids: tuple[str, ...]) -> dict[str, int]:
    return {name: i for i, name in enumerate(ids)}


def _refer(values: NDArray[np.object_], index: dict[str, int]) -> Ints:
    return np.fromiter((index[v] for v in values), dtype=np.int32, count=len(values))


def _starts(owner: Ints, count: int) -> Ints:
    """Return first positions of each owner in an array sorted by owner, shape (count + 1,)."""
    return np.searchsorted(owner, np.arange(count + 1)).astype(np.int32)


def names(scenario: Scenario) -> Names:
    """Return the ids of a scenario in array order."""
    tables = scenario.tables
    key = {t: tuple(str(v) for v in tables[t]["id"]) for t in _KEYED}
    found = ordered_parts(scenario)
    return Names(
        **key,
        routes=_routes(scenario).pairs,
        fleets=found.fleets,
        depots=tuple(tables["depots"]["id"][found.depots]),
        developments=found.developments,
        milestones=tuple(tables["milestones"]["id"][found.milestones]),
    )


_KEYED = ("countries", "items", "firms", "lines", "programs", "projects")


@dataclass(frozen=True)
class _Routes:
    """Routes sorted by buyer: slots in order of line, then programs, then civil customers."""

    slot: Ints
    program: Ints
    supplier: Ints
    row: Ints  # row in the routes table, NONE for civil
    slots: tuple[Ints, Ints, Floats]  # line, item, quantity of each slot
    pairs: tuple[tuple[str, str], ...]


def _slots(scenario: Scenario) -> tuple[Ints, Ints, Floats]:
    """Return line, component item and quantity of every input slot, sorted by line."""
    tables = scenario.tables
    items = _lookup(tuple(tables["items"]["id"]))
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


def _routes(scenario: Scenario) -> _Routes:
    tables = scenario.tables
    lines = _lookup(tuple(tables["lines"]["id"]))
    programs = _lookup(tuple(tables["programs"]["id"]))
    items = _refer(tables["lines"]["item"], _lookup(tuple(tables["items"]["id"])))
    slots = _slots(scenario)
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
    civil = np.flatnonzero(_column(tables["lines"], "civil_share") > 0)
    rows += [(NONE, NONE, int(line), NONE) for line in civil]
    rows.sort(key=lambda r: (r[0] == NONE, r[0], r[1] == NONE, r[1], r[3]))
    slot, program, supplier, row_of = (np.array(c, dtype=np.int32) for c in zip(*rows, strict=True))
    ids = tables["lines"]["id"]
    named = tuple(
        pairs[row] if row != NONE else ("civil", str(ids[seller]))
        for row, seller in zip(row_of, supplier, strict=True)
    )
    return _Routes(slot, program, supplier, row_of, slots, named)


def compile_network(scenario: Scenario, p: Parameters) -> Network:
    """Turn the tables of a scenario into a :class:`Network`."""
    tables = scenario.tables
    routes = _routes(scenario)
    lines = tables["lines"]
    arrays = dict(
        **_line_arrays(scenario, routes, p),
        k_line=routes.slots[0],
        k_item=routes.slots[1],
        k_quantity=routes.slots[2],
        k_routes=_starts(
            np.where(routes.slot == NONE, len(routes.slots[0]), routes.slot).astype(np.int32),
            len(routes.slots[0]),
        ),
        k_order=np.arange(len(routes.slot), dtype=np.int32),
        **_route_arrays(scenario, routes),
        **_country_arrays(scenario, p),
        **_program_arrays(scenario, routes),
        **_project_arrays(scenario, len(lines), p),
        **program_parts(scenario),
    )
    return Network(**{name: np.array(arrays[name], order="C") for name in Network._fields})


def _line_arrays(
    scenario: Scenario, routes: _Routes, p: Parameters
) -> dict[str, NDArray[np.generic]]:
    tables = scenario.tables
    lines, items, firms = tables["lines"], tables["items"], tables["firms"]
    item = _refer(lines["item"], _lookup(tuple(items["id"])))
    firm = _refer(lines["firm"], _lookup(tuple(firms["id"])))
    country = _refer(firms["country"], _lookup(tuple(tables["countries"]["id"])))[firm]
    is_us = tables["countries"]["id"] == HOME
    order = np.argsort(routes.supplier, kind="stable").astype(np.int32)
    return {
        "l_item": item,
        "l_firm": firm,
        "l_country": country,
        "l_rate": np.column_stack([_column(lines, c) for c in ("msr", "rate_185", "rate_max")]),
        "l_start": _column(lines, "start_rate"),
        "l_cycle": lines["cycle"].astype(np.int32),
        "l_lead": lines["lead"].astype(np.int32),
        "l_labour": _column(lines, "labour"),
        "l_learning": np.log2(_column(items, "learning"))[item],
        "l_past": np.maximum(
            _column(lines, "start_rate") * p.experience,
            _column(lines, "rate_185") * 12,
        ),
        "l_civil": _column(lines, "civil_share") * _column(lines, "start_rate"),
        "l_cover": _column(lines, "cover"),
        "l_cost": _column(items, "cost")[item],
        "l_ratings": is_us[country],
        "l_site": p.site_ceiling * (1.0 + _added(scenario)),
        "l_hidden": (firms["visible"] == "no")[firm],
        "l_discipline": _column(firms, "cash_discipline")[firm],
        "l_qualified": lines["qualified"] == "yes",
        "l_slots": _starts(routes.slots[0], len(lines)),
        "l_sales": _starts(routes.supplier[order], len(lines)),
        "sales": order,
    }


def _added(scenario: Scenario) -> Floats:
    """Return what all projects of the scenario could add to each line, as shares of its design."""
    lines, table = scenario.tables["lines"], scenario.tables["projects"]
    line = _refer(table["line"], _lookup(tuple(lines["id"])))
    added = np.bincount(line, _column(table, "adds"), len(lines))
    return np.asarray(added / np.maximum(_column(lines, "rate_max"), 1e-9))


def _route_arrays(scenario: Scenario, routes: _Routes) -> dict[str, NDArray[np.generic]]:
    table = scenario.tables["routes"]

    def pick(column: str, civil: float) -> Floats:
        values = np.append(_column(table, column), civil)
        picked: Floats = values[routes.row]  # NONE picks the last, the civil value
        return picked

    qualified = np.append(table["qualified"] == "yes", True)[routes.row]

    return {
        "r_slot": routes.slot,
        "r_program": routes.program,
        "r_supplier": routes.supplier,
        "r_transit": np.maximum(pick("transit", 1), 1).astype(np.int32),
        "r_hedge": pick("hedge", 0),
        **_borders(scenario, routes),
        "r_share": np.where(qualified, pick("share", 1), 0.0),
        "r_qualified": qualified,
    }


def _borders(scenario: Scenario, routes: _Routes) -> dict[str, Ints]:
    """Return the licence class, the exempt partner and the buyer's country of each route.

    A controlled item needs a licence when it crosses a border. An exemption may cover it:
    22 CFR 126.5 between the United States and Canada, 126.7 among the United States,
    Australia and the United Kingdom.
    """
    tables = scenario.tables
    countries = tables["countries"]
    lines = tables["lines"]
    firm_country = dict(zip(tables["firms"]["id"], tables["firms"]["country"], strict=True))
    at = {line: firm_country[f] for line, f in zip(lines["id"], lines["firm"], strict=True)}
    at |= dict(zip(tables["programs"]["id"], tables["programs"]["country"], strict=True))
    control = dict(zip(tables["items"]["id"], tables["items"]["control"], strict=True))
    exempt = dict(zip(countries["id"], countries["itar_exemption"], strict=True))
    item_of = dict(zip(lines["id"], lines["item"], strict=True))
    number = _lookup(tuple(countries["id"]))
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
        "c_alignment": _column(table, "alignment"),
        "c_need": _column(table, "own_need"),
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
        "c_pool": _column(table, "labour_pool"),
    }


def _program_arrays(scenario: Scenario, routes: _Routes) -> dict[str, NDArray[np.generic]]:
    tables = scenario.tables
    programs = tables["programs"]
    mine = np.flatnonzero(routes.program != NONE).astype(np.int32)
    mine = mine[np.argsort(routes.program[mine], kind="stable")]
    return {
        "p_country": _refer(programs["country"], _lookup(tuple(tables["countries"]["id"]))),
        "p_item": _refer(programs["item"], _lookup(tuple(tables["items"]["id"]))),
        "p_stock": _column(programs, "stock"),
        "p_objective": _column(programs, "objective"),
        "p_on_order": _column(programs, "on_order"),
        "p_cost": _column(tables["items"], "cost")[
            _refer(programs["item"], _lookup(tuple(tables["items"]["id"])))
        ],
        "p_span": programs["span"].astype(np.int32),
        "p_award": programs["award"].astype(np.int32),
        "p_use": np.where(
            programs["kind"] == "sustainment",
            spares_use(scenario),
            _column(programs, "training_use"),
        ),
        "p_rating": _refer(programs["rating"], {"DX": 0, "DO": 1, "none": 2}),
        "p_contract": _refer(programs["contract"], _lookup(CONTRACTS)),
        "p_channel": _refer(programs["channel"], _lookup(CHANNELS)),
        "p_routes": _starts(routes.program[mine], len(programs)),
        "p_sales": mine,
    }


def _project_arrays(
    scenario: Scenario, lines: int, p: Parameters
) -> dict[str, NDArray[np.generic]]:
    """Scenario projects, then per line a private expansion, then per line a Title III grant."""
    tables = scenario.tables
    table = tables["projects"]
    line = _refer(table["line"], _lookup(tuple(tables["lines"]["id"])))
    full = np.maximum(_column(tables["lines"], "rate_max"), 1e-9)
    cost = _column(tables["items"], "cost")
    item = _refer(tables["lines"]["item"], _lookup(tuple(tables["items"]["id"])))
    private = [0.0, p.invest_build, p.invest_equip, p.invest_qualify, 2.0]
    granted = [p.grant_fund, p.grant_build, p.grant_equip, p.grant_qualify, 3.0]
    phases = np.column_stack([_column(table, phase) for phase in PHASES])
    yearly = full * 12 * cost[item] * p.capex_ratio
    every = np.arange(lines, dtype=np.int32)
    payers = _lookup(tuple(tables["countries"]["id"]))
    return {
        "j_line": np.concatenate([line, every, every]),
        "j_phases": np.concatenate(
            [phases, np.tile(private, (lines, 1)), np.tile(granted, (lines, 1))]
        ),
        "j_spread": np.concatenate([_column(table, "spread"), np.full(2 * lines, p.invest_spread)]),
        "j_adds": np.concatenate(
            [
                _column(table, "adds") / full[line],
                np.full(lines, p.invest_step),
                np.full(lines, p.grant_step),
            ]
        ),
        "j_cost": np.concatenate(
            [_column(table, "cost") * 1000, p.invest_step * yearly, p.grant_step * yearly]
        ),
        "j_payer": np.concatenate(
            [
                np.array([payers.get(str(who), NONE) for who in table["payer"]], dtype=np.int32),
                np.full(lines, NONE, dtype=np.int32),
                np.full(lines, payers.get(HOME, NONE), dtype=np.int32),
            ]
        ),
        "j_source": np.append(table["kind"] == "new_source", np.zeros(2 * lines, dtype=np.bool_)),
    }
