"""Everything that changes in a run: one structure of arrays.

Copying it forks a world; writing it saves one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]

EPS = 1e-9  # quantities below this are nothing
DUE = 32  # months in a route's order book: overdue up to 11 months, due up to 20 ahead
LATEST = 20  # furthest month ahead an order may be due
TRANSIT = 8  # months in a route's transit ring
WORK = 24  # months in a line's work-in-progress ring
CALLS = 160  # months in a program's delivery schedule ring
CLASSES = 3  # DX, DO, unrated
MEMORY = 12  # months that governments remember what they saw of their programs
BENCH = 104  # months in a depot's ring of repairs: a turnaround of 20 at five times its length

# Deterrence.
AHEAD = (0, 12, 24, 36, 60)  # months ahead at which the base is swept for what it could deliver
AGES = 13  # months in the ring of signals
SIGNALS = 12  # what a challenger looks at, see agents.perception
STEPS = 6  # rungs of the ladder above quiet, see agents/ladder.csv
LEVERAGE = ("assured", "dependence", "exposure", "visibility", "kept", "fragile")
METRICS = 46  # series of deterrence, see mobilize.deterrence

# What limits a line in a month.
DEMAND, EQUIPMENT, CREW, INPUT, DISTURBANCE, QUALIFICATION, CLOSED = range(7)
BOUND = ("demand", "equipment", "crew", "input", "disturbance", "qualification", "closed")

# Phases of a project.
IDLE, FUND, BUILD, EQUIP, QUALIFY, RAMP, DONE = range(7)
PHASE = ("idle", "funding", "building", "equipping", "qualifying", "ramping", "done")

# What keeps units waiting in a depot.
NOTHING, CAPACITY, SPARES = range(3)
HELD = ("nothing", "capacity", "spares")

# What a government sees of a program each month, as shares.
UNMET, LACK, WAR = range(3)
SIGHTS = ("unmet", "lack", "war")

# Accounts of the ledger: who paid money into the base, and what left it, kUSD.
PROGRAMS, PROJECTS, CIVIL, WAGES, INVESTMENT, POLICY, REPAIRS = range(7)
LEDGER = ("programs", "projects", "civil", "wages", "investment", "policy", "repairs")


class State(NamedTuple):
    """Arrays that change, by line, slot, route, program, fleet, depot, country and so on."""

    # lines
    equip: Floats  # qualified equipment as a share of the line's design
    coming: Floats  # equipment in qualification or ramp, same unit
    posture: Ints  # shift posture: 0 minimum sustaining, 1 1-8-5, 2 maximum
    crew: Floats  # trained people
    trainees: Floats  # people in training
    output: Floats  # cumulative output, units, with what came before the start
    wanted: Floats  # output the order book asks for, units/month
    plan: Floats  # planned output, units/month: wanted, as far as the equipment goes
    forecast: Floats  # smoothed orders, units/month
    expected: Floats  # firm contracts ahead, units/month
    normal_book: Floats  # order book if every order were on time, units
    wip: Floats  # (lines, WORK) units by month of completion
    in_work: Floats  # units, sum of wip
    goods: Floats  # finished goods, units
    loss: Floats  # share of availability lost to disturbances
    loss_left: Floats  # months before repair shows
    loss_heal: Floats  # availability regained per month of repair
    credibility: Floats  # credibility of the line's demand, 0-1
    mix: Floats  # (lines, CLASSES) shares of the classes in recent orders
    price: Floats  # kUSD/unit
    cash: Floats  # kUSD earned less spent since the start
    over: Ints  # months in a row above capacity
    under: Ints  # months in a row below the minimum sustaining rate
    alive: Flags  # still in the market
    bound: Ints  # what limits the line, see BOUND
    bound_slot: Ints  # slot of the missing input, or -1
    bound_since: Ints  # month since which the same thing binds
    capacity: Floats  # units/month
    started: Floats  # units this month
    finished: Floats  # units this month
    shipped: Floats  # units this month
    ordered: Floats  # units ordered this month
    ordered_trust: Floats  # units ordered this month x credibility of the buyer
    ordered_class: Floats  # (lines, CLASSES) units ordered this month
    declined: Floats  # unrated units declined since the start
    cancelled: Floats  # units whose order was withdrawn since the start
    destroyed: Floats  # (lines, 2) finished goods and work in progress lost since the start, units
    dear: Floats  # cost of its product, multiplier
    book: Floats  # units on order, all routes
    rated: Floats  # units on order with a rating
    # slots
    inputs: Floats  # units on hand
    hedge: Floats  # months of cover that policy adds
    # routes
    share: Floats  # share of the buyer's need asked from this route
    open: Flags  # qualified and not closed
    blocked: Floats  # months until goods may leave again: route closed
    squeeze: Floats  # share of what is due that is kept back
    detour: Ints  # months by which goods that leave now are late
    licensed: Floats  # units/month that may be ordered under licences in force
    applied: Floats  # units/month of a licence that is applied for
    wait: Floats  # months of work left on that application
    honour: Flags  # a priority request is honoured
    due: Floats  # (routes, DUE, CLASSES) units by month due and class
    first: Ints  # no order is due before this month
    owed: Floats  # units on order
    transit: Floats  # (routes, TRANSIT) units by month of arrival
    moving: Floats  # units in transit
    sent: Floats  # units shipped this month
    gained: Floats  # units gained by preferential scheduling this month (lost: negative)
    # programs
    stock: Floats  # units
    calls: Floats  # (programs, CALLS) units to be called off by month
    undelivered: Floats  # units on contract and not delivered
    rating: Ints  # DPAS class of its orders
    contract: Ints  # kind of contract, see mobilize.network.CONTRACTS
    channel: Ints  # how it buys, see mobilize.network.CHANNELS
    appropriated: Floats  # kUSD since the start
    obligated: Floats  # kUSD since the start
    paid: Floats  # kUSD since the start
    waiting: Floats  # kUSD held back by a continuing resolution
    delivered: Floats  # units this month
    unmet: Floats  # units asked for this month and not there, nor stood in for
    substituted: Floats  # units asked for this month that other programs' stocks stood in for
    # fleets
    serviceable: Floats  # units
    written_off: Floats  # units since the start
    # depots
    depot_share: Floats  # share of its fleet's unserviceable units sent there
    outbound: Floats  # (depots, TRANSIT) units by month of arrival at the depot
    queue: Floats  # units waiting there
    bench: Floats  # (depots, BENCH) units by month of completion
    homebound: Floats  # (depots, TRANSIT) units by month of return to the fleet
    repaired: Floats  # units since the start
    held: Ints  # what keeps units waiting, see HELD
    held_since: Ints  # month since which the same thing does
    # developments
    milestone: Ints  # milestones passed
    work_left: Floats  # share of the present milestone's work still to be done
    # partners
    pledge: Floats  # share of the cost it has taken on; 0: it has left
    funded: Floats  # share of its pledge that it pays this year
    bad: Ints  # bad years in a row
    contributed: Floats  # kUSD since the start
    # countries
    pool: Floats  # people looking for work
    trust: Floats  # 0-1, toward the United States
    industrial: Floats  # kUSD appropriated for projects and not obligated
    withheld: Floats  # kUSD kept back from its own industry since the start
    frozen: Floats  # months for which controlled trade is on hold after a leak
    resolution: Floats  # share of appropriations held back now
    waiting_industry: Floats  # kUSD for projects held back by a continuing resolution
    # projects
    phase: Ints  # see PHASE
    left: Floats  # months left in the phase
    added: Floats  # share of equipment brought so far
    haste: Floats  # (projects, 2) time of the equipment and the test phase, multiplier
    # terms: quantities that policy moves, see mobilize.terms
    of_country: Floats  # (terms, countries)
    of_program: Floats  # (terms, programs)
    of_base: Floats  # (terms,)
    # conflicts
    war: Ints  # months since the outbreak, -1 at peace
    # the whole base
    title3: Floats  # (1,) kUSD of Title III money not obligated
    backlash: Floats  # (1,) 0-1, resistance at home to foreign sources
    ledger: Floats  # (accounts,) kUSD since the start, see LEDGER
    # responses of governments
    asked: Floats  # (programs,) units asked of its stock this month; of a fleet, units hit
    seen: Floats  # (SIGHTS, programs, MEMORY) shares by month, see agents.sights
    need: Floats  # (countries,) 0-1, how far a crisis makes it need its own output first
    promised: Floats  # (countries,) requests and loans it was asked for, smoothed by quarters
    kept: Floats  # (countries,) those it honoured, smoothed the same way
    loan: Floats  # (holders,) units lent by h_lender to h_borrower and not back yet
    gift: Floats  # (holders,) units given since the start
    # deterrence
    recent: Floats  # (programs,) smoothed deliveries, units/month
    capable: Floats  # (2, AHEAD, programs) units/month it could take: in truth, as it is seen
    leverage: Floats  # (LEVERAGE,) 0-1, by quarter, see LEVERAGE
    signals: Floats  # (AGES, SIGNALS) what there was to see, by month
    motivation: Floats  # (1,) utility: its own reasons to act, which no industry can change
    mindset: Ints  # (1,) place among the mindsets, -1 without a challenger
    rung_left: Ints  # (STEPS,) months for which each step of the ladder still stands
    chosen: Ints  # (STEPS,) 1 for a step that begins next month
    metrics: Floats  # (METRICS,) of the month before, in the order of mobilize.deterrence.SERIES

    def copy(self) -> State:
        """Return a state that shares nothing with this one."""
        return State._make(array.copy() for array in self)
