"""The state in which a run begins: every line in balance at its starting rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from mobilize.network import NONE, Network
from mobilize.parameters import Parameters
from mobilize.state import (
    AGES,
    AHEAD,
    BENCH,
    CALLS,
    CLASSES,
    DUE,
    EPS,
    LEDGER,
    LEVERAGE,
    MEMORY,
    METRICS,
    QUALIFICATION,
    SIGHTS,
    SIGNALS,
    STEPS,
    TRANSIT,
    WORK,
    Floats,
    State,
)
from mobilize.terms import first_terms

Arrays = dict[str, np.ndarray[Any, Any]]
TIERS = 8  # rounds of flow-down: more than the tiers of any network


def first_state(net: Network, p: Parameters) -> State:
    """Return the state of a network that has long run at its starting rates."""
    flow = _flows(net)
    arrays = dict(
        **_lines(net, p, flow),
        inputs=_inputs(net, p),
        hedge=np.zeros(len(net.k_line)),
        **_routes(net, p, flow),
        **_programs(net, flow),
        **_fleets(net),
        **_depots(net),
        **_developments(net),
        pool=net.c_pool.copy(),
        trust=net.c_alignment.copy(),
        industrial=np.zeros(len(net.c_pool)),
        phase=np.zeros(len(net.j_line), np.int32),
        left=np.zeros(len(net.j_line)),
        added=np.zeros(len(net.j_line)),
        haste=np.ones((len(net.j_line), 2)),
        ledger=np.zeros(len(LEDGER)),
        withheld=np.zeros(len(net.c_pool)),
        frozen=np.zeros(len(net.c_pool)),
        war=net.w_war.copy(),
        resolution=np.zeros(len(net.c_pool)),
        waiting_industry=np.zeros(len(net.c_pool)),
        title3=np.zeros(1),
        backlash=np.zeros(1),
        **_responses(net),
        **first_terms(net, p),
        **_deterrence(net),
    )
    return State(**{name: np.array(arrays[name], order="C") for name in State._fields})


def _responses(net: Network) -> Arrays:
    """Begin with nothing asked, seen, promised, lent or given."""
    programs, countries = len(net.p_item), len(net.c_pool)
    return {
        "asked": np.zeros(programs),
        "seen": np.zeros((len(SIGHTS), programs, MEMORY)),
        "need": np.zeros(countries),
        "promised": np.zeros(countries),
        "kept": np.zeros(countries),
        "loan": np.zeros(len(net.h_lender)),
        "gift": np.zeros(len(net.h_lender)),
    }


def _flows(net: Network) -> Floats:
    """Return the units a month that each route carries at the start."""
    need = np.zeros(len(net.r_slot))
    slots = net.r_slot != NONE
    slot = net.r_slot[slots]
    need[slots] = net.l_start[net.k_line[slot]] * net.k_quantity[slot]
    programs = net.r_program != NONE
    need[programs] = (net.p_on_order / net.p_span)[net.r_program[programs]]
    civil = ~slots & ~programs
    need[civil] = net.l_civil[net.r_supplier[civil]]
    return np.asarray(need * net.r_share)


def _inputs(net: Network, p: Parameters) -> Floats:
    hedge = np.zeros(len(net.k_line))
    slots = net.r_slot != NONE
    np.maximum.at(hedge, net.r_slot[slots], net.r_hedge[slots])
    need = net.l_start[net.k_line] * net.k_quantity
    return np.asarray(need * (p.cover + hedge))  # the month's own need arrives first


def _lines(net: Network, p: Parameters, flow: Floats) -> Arrays:
    lines = len(net.l_item)
    zeros, ints = np.zeros(lines), np.zeros(lines, np.int32)
    ordered = np.bincount(net.r_supplier, flow, lines)
    book = ordered * net.l_lead
    posture = (net.l_start > net.l_rate[:, 1] * (1 + EPS)).astype(np.int32) + 1
    crew = net.l_start * net.l_labour / np.where(posture == 2, p.overtime, 1.0)
    civil = np.bincount(
        net.r_supplier, flow * ((net.r_slot == NONE) & (net.r_program == NONE)), lines
    )
    civil_part = np.divide(civil, ordered, out=np.zeros(lines), where=ordered > EPS)
    wip = np.zeros((lines, WORK))
    months = np.arange(WORK)
    wip[months < net.l_cycle[:, None]] = 1.0
    mix = class_mix(net, flow)
    return {
        "equip": net.l_qualified.astype(np.float64),
        "coming": zeros.copy(),
        "posture": posture,
        "crew": crew,
        "trainees": crew * p.attrition / 12 * p.training,
        "output": net.l_past.copy(),
        "wanted": net.l_start.copy(),
        "plan": net.l_start.copy(),
        "forecast": ordered.copy(),
        "expected": zeros.copy(),
        "normal_book": book.copy(),
        "wip": wip * net.l_start[:, None],
        "in_work": net.l_start * net.l_cycle,
        "goods": net.l_cover * net.l_start,
        "loss": zeros.copy(),
        "loss_left": zeros.copy(),
        "loss_heal": zeros.copy(),
        "credibility": p.confidence_annual
        + (p.confidence_civil - p.confidence_annual) * civil_part,
        "mix": mix,
        "price": net.l_cost.copy(),
        "cash": zeros.copy(),
        "over": ints.copy(),
        "under": ints.copy(),
        "alive": np.ones(lines, np.bool_),
        "bound": np.where(net.l_qualified, 0, QUALIFICATION).astype(np.int32),
        "bound_slot": np.full(lines, NONE, np.int32),
        "bound_since": ints.copy(),
        "capacity": net.l_start.copy(),
        "started": net.l_start.copy(),
        "finished": net.l_start.copy(),
        "shipped": ordered.copy(),
        "ordered": ordered.copy(),
        "ordered_trust": zeros.copy(),
        "ordered_class": mix * ordered[:, None],
        "declined": zeros.copy(),
        "cancelled": zeros.copy(),
        "destroyed": np.zeros((lines, 2)),
        "dear": np.ones(lines),
        "book": book,
        "rated": book * mix[:, : CLASSES - 1].sum(axis=1),
    }


def _routes(net: Network, p: Parameters, flow: Floats) -> Arrays:
    routes = len(flow)
    lead = net.l_lead[net.r_supplier]
    ahead = np.arange(DUE) < lead[:, None]
    classes = _buyer_mix(net, class_mix(net, flow))
    due = (ahead * flow[:, None])[:, :, None] * classes[:, None, :]
    on_way = np.arange(TRANSIT) < net.r_transit[:, None]
    return {
        "share": net.r_share.copy(),
        "open": net.r_qualified.copy(),
        "blocked": np.zeros(routes),
        "squeeze": np.zeros(routes),
        "detour": np.zeros(routes, np.int32),
        "licensed": p.licence_headroom * flow,
        "applied": np.zeros(routes),
        "wait": np.zeros(routes),
        "honour": np.ones(routes, np.bool_),
        "due": due,
        "first": np.zeros(routes, np.int32),
        "owed": flow * lead,
        "transit": on_way * flow[:, None],
        "moving": flow * net.r_transit,
        "sent": np.zeros(routes),
        "gained": np.zeros(routes),
    }


def _buyer_mix(net: Network, mix: Floats) -> Floats:
    """Return the class shares of each route's buyer, shape (routes, CLASSES)."""
    shares = np.zeros((len(net.r_slot), CLASSES))
    slots, programs = net.r_slot != NONE, net.r_program != NONE
    shares[slots] = mix[net.k_line[net.r_slot[slots]]]
    shares[programs, net.p_rating[net.r_program[programs]]] = 1.0
    shares[~slots & ~programs, CLASSES - 1] = 1.0
    return shares


def class_mix(net: Network, flow: Floats) -> Floats:
    """Return the shares of DX, DO and unrated in each line's orders, ratings flowing down."""
    lines = len(net.l_item)
    mix = np.zeros((lines, CLASSES))
    mix[:, CLASSES - 1] = 1.0
    total = np.bincount(net.r_supplier, flow, lines)
    busy = total > EPS
    for _ in range(TIERS):
        orders = flow[:, None] * _buyer_mix(net, mix)
        for c in range(CLASSES):
            part = np.bincount(net.r_supplier, orders[:, c], lines)
            mix[busy, c] = part[busy] / total[busy]
    return mix


def _programs(net: Network, flow: Floats) -> Arrays:
    programs = len(net.p_item)
    bought = net.r_program != NONE
    in_hand = (flow * (net.l_lead[net.r_supplier] + net.r_transit))[bought]
    undelivered = net.p_on_order + np.bincount(net.r_program[bought], in_hand, programs)
    calls = (np.arange(CALLS) < net.p_span[:, None]) * (net.p_on_order / net.p_span)[:, None]
    zeros = np.zeros(programs)
    return {
        "stock": net.p_stock.copy(),
        "calls": calls,
        "undelivered": undelivered,
        "rating": net.p_rating.copy(),
        "contract": net.p_contract.copy(),
        "channel": net.p_channel.copy(),
        "appropriated": undelivered * net.p_cost,
        "obligated": undelivered * net.p_cost,
        "paid": zeros.copy(),
        "waiting": zeros.copy(),
        "delivered": zeros.copy(),
        "unmet": zeros.copy(),
        "substituted": zeros.copy(),
    }


def _deterrence(net: Network) -> Arrays:
    programs = len(net.p_item)
    return {
        "recent": net.p_on_order / net.p_span,
        "capable": np.zeros((2, len(AHEAD), programs)),
        "leverage": np.zeros(len(LEVERAGE)),
        "signals": np.zeros((AGES, SIGNALS)),
        "motivation": np.zeros(1),
        "mindset": np.full(1, NONE, np.int32),
        "rung_left": np.zeros(STEPS, np.int32),
        "chosen": np.zeros(STEPS, np.int32),
        "metrics": np.zeros(METRICS),
    }


def _fleets(net: Network) -> Arrays:
    return {
        "serviceable": net.f_fielded - net.f_unserviceable,
        "written_off": np.zeros(len(net.f_program)),
    }


def _depots(net: Network) -> Arrays:
    """Fill the way through each depot as steady failures would; what is left over waits."""
    depots, fleet = len(net.d_fleet), net.d_fleet
    unserviceable = net.f_unserviceable[fleet] * net.d_share
    failing = (net.f_fielded - net.f_unserviceable) * net.f_failures / 12
    flow = failing[fleet] * net.d_share
    steady = flow * (2 * net.d_transit + net.d_turnaround)
    flow *= np.minimum(1.0, np.divide(unserviceable, steady, out=np.zeros(depots),
                                      where=steady > EPS))  # fmt: skip
    on_way = (np.arange(TRANSIT) < net.d_transit[:, None]) * flow[:, None]
    bench = (np.arange(BENCH) < net.d_turnaround[:, None]) * flow[:, None]
    under_way = 2 * on_way.sum(axis=1) + bench.sum(axis=1)
    return {
        "depot_share": net.d_share.copy(),
        "outbound": on_way,
        "queue": np.maximum(0.0, unserviceable - under_way),
        "bench": bench,
        "homebound": on_way.copy(),
        "repaired": np.zeros(depots),
        "held": np.zeros(depots, np.int32),
        "held_since": np.zeros(depots, np.int32),
    }


def _developments(net: Network) -> Arrays:
    """Begin every development at its first milestone, all partners paying."""
    return {
        "milestone": np.zeros(len(net.v_program), np.int32),
        "work_left": np.ones(len(net.v_program)),
        "pledge": net.n_share.copy(),
        "funded": np.ones(len(net.n_share)),
        "bad": np.zeros(len(net.n_share), np.int32),
        "contributed": np.zeros(len(net.n_share)),
    }
