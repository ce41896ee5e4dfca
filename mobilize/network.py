"""The fixed structure of a supply network as arrays; :mod:`mobilize.arrays` makes them.

The kernels know neither law nor country names, only these arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

PHASES = ("fund", "build", "equip", "qualify", "ramp")
RATINGS = ("DX", "DO", "unrated")
CONTRACTS = ("annual", "multiyear", "framework")
CONTROLS = ("none", "licence", "agreement")
CHANNELS = ("domestic", "fms", "dcs", "coproduction")
PLANTS = ("assembly", "component", "material", "energetics")
STANCES = ("none", "lead", "large", "front_line", "neutral")  # see agents/responses.toml
HOME = "US"  # the country whose law rates orders and controls exports here
STANCELESS, LEAD, LARGE, FRONT_LINE, NEUTRAL = range(len(STANCES))
NONE = -1
NEVER = 1_000_000  # a month that does not come


class Network(NamedTuple):
    """Fixed structure, by leading letter.

    l line, k input slot, r route, c country, p program, j project; f fleet, d depot;
    v development, m milestone, n partner; w conflict, u substitute; h two holders of stock of
    the same item.
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
    l_cost: Floats  # kUSD/unit: its own, else that of the item
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
    k_contract: NDArray[np.bool_]  # ordered for all that is on order of the item, not for the plan
    k_chain: Ints  # the slots so ordered, from the programs down
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
    j_crew: Floats  # trained people who come with all of it
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
    w_war: Ints  # months since its outbreak at the start, NONE at peace
    u_conflict: Ints  # under way, it lets the substitute be fired
    u_program: Ints  # what is short
    u_instead: Ints  # what is fired in its place
    u_units: Floats  # units of it for one
    l_plant: Ints  # index in PLANTS: how long it takes to replace
    l_height: Ints  # lines on the longest way from it to an end item's maker: 0 there
    l_order: Ints  # every line, buyers before their suppliers
    c_stance: Ints  # index in STANCES: how its government responds to a crisis
    h_lender: Ints  # program that may lend to or give to `h_borrower`
    h_borrower: Ints


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
    conflicts: tuple[str, ...]
