"""Every term does in the month what its name says, in that direction.

Each row puts one term to a low and to a high value in the default scenario and looks at the
quantity that the term is about. Terms of fleets and developments: test_programs.py; of deterrence:
test_deterrence.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from agents.politics import play_politics
from agents.requests import honour_chance
from agents.title3 import award, by_loudest, by_shadow_price, eligible, evenly
from mobilize.model import Model, compiled
from mobilize.physics.building import pace
from mobilize.physics.contracts import stage_months, unit_price
from mobilize.physics.licences import licence_free, process_licences, within_licence
from mobilize.physics.ordering import pipeline_weight, program_credibility, ratable
from mobilize.physics.sourcing import welcome
from mobilize.physics.stocks import swap_parts, use_stock
from mobilize.physics.trouble import accidents
from mobilize.physics.workforce import hires_wanted, leaving, training
from mobilize.scenario import load
from mobilize.state import BUILD, FUND, IDLE, INPUT, QUALIFY
from mobilize.terms import SCOPES, term
from policies.effects import Force, attention, choose, coordinate, hedge, make
from policies.levers import catalogue
from policies.package import Setting

NAME = "arsenal-2026"
NET, IDS = compiled(load(NAME))
JP, US, PL = (IDS.countries.index(c) for c in ("JP", "US", "PL"))
ELSEWHERE = {"repair_time", "repair_abroad", "development_time", "funding_volatility",
             "reassurance", "publicity"}  # fmt: skip


def routes(condition):
    found = np.flatnonzero(condition)
    assert len(found)
    return found


SELLER = NET.l_country[NET.r_supplier]
FROM_JAPAN = routes((SELLER == JP) & (NET.r_buyer == US) & (NET.r_slot >= 0))[0]
CONTROLLED = routes((NET.r_partner >= 0) & (NET.r_licence == 1) & (NET.r_program < 0))[0]
AGREEMENT = routes((NET.r_licence == 2) & (NET.r_program < 0))[0]
FMS_PROGRAM = int(np.flatnonzero((NET.p_channel == 1) & (NET.p_country == PL))[0])
HOME_PROGRAM = int(np.flatnonzero(NET.p_country == US)[0])
LINE = int(np.flatnonzero(NET.l_country == US)[0])
OWN = len(IDS.projects)
GRANT = OWN + len(NET.l_item) + LINE
SOURCE = int(np.flatnonzero(NET.j_source)[0])


def model(months=0):
    return Model(NAME).run(months) if months else Model(NAME)


def of_handles(function, *rest):
    """Return an observable that calls a kernel on net, s and p."""
    return lambda m: function(*m.world.arrays, *rest)


def of_state(function, *rest):
    return lambda m: function(*m.world.arrays[:2], *rest)


def stage(place, program):
    def observe(m):
        found = np.zeros(4)
        stage_months(*m.world.arrays, program, found)
        return found[place]

    return observe


def chance_in(country):
    return lambda m: honour_chance(m.world)[NET.l_country == country].mean()


def wait_for(route):
    def observe(m):
        within_licence(*m.world.arrays, route, 1e9)
        return m.world.s.wait[route]

    return observe


def granted(m):
    """Licences granted in a month in which all wanted are nearly done."""
    s = m.world.s
    s.applied[NET.r_licence > 0], s.wait[NET.r_licence > 0] = 1.0, 0.01
    s.of_country[5] = 0.5  # alignment
    process_licences(*m.world.arrays, np.linspace(0, 1, len(s.wait)))
    return (s.applied[NET.r_licence > 0] < 0.5).sum()


def work_left(m):
    s = m.world.s
    s.applied[NET.r_licence > 0], s.wait[NET.r_licence > 0] = 1.0, 9.0
    process_licences(*m.world.arrays, np.ones(len(s.wait)))
    return s.wait.sum()


def rate_of_work(project, phase):
    def observe(m):
        m.world.s.phase[project] = phase
        return pace(*m.world.arrays[:2], project)

    return observe


def struck(m):
    m.world.s.loss[:] = 0.0
    accidents(*m.world.arrays, np.full(len(m.world.s.loss), 0.002))
    return (m.world.s.loss > 0).sum()


def leaks(m):
    for month in range(240):
        m.world.month = month
        play_politics(m.world)
    return sum(d.kind == "leak" for d in m.world.log)


def mapped(m):
    m.world.illuminate()
    return m.world.visible.sum()


def withheld(m):
    c = next(c for c in range(len(NET.c_pool)) if not NET.c_home[c] and m.world.s.industrial[c] > 0)
    line = int(np.flatnonzero(NET.l_country == c)[0])
    award(m.world, "US", line, 100.0, "test")
    return m.world.s.withheld.sum()


def played(observe, months=24):
    def later(m):
        m.run(months)
        return observe(m)

    return later


def swapped(m):
    """Parts that reach a line which stands still for want of them."""
    s = m.world.s
    items, where = NET.k_item, NET.l_country[NET.k_line]
    pair = next((a, b) for a in range(len(items)) for b in range(a + 1, len(items))
                if items[a] == items[b] and where[a] == where[b])  # fmt: skip
    s.inputs[pair[0]], s.inputs[pair[1]] = 1e6, 0.0
    line = NET.k_line[pair[1]]
    s.bound[line], s.bound_slot[line] = INPUT, pair[1]
    swap_parts(*m.world.arrays[:2])
    return s.inputs[pair[1]]


def unmet(m):
    s, uses = m.world.s, np.zeros(len(NET.p_item))
    lender = int(np.argmax(np.bincount(NET.p_item)[NET.p_item] > 1))
    for i in np.flatnonzero(NET.p_item == NET.p_item[lender]):
        s.stock[i] = 1e6
    s.stock[lender], uses[lender] = 0.0, 100.0
    use_stock(*m.world.arrays[:2], uses)
    return s.unmet[lender]


def dx_programs(m):
    lever, date = catalogue()["dpas-rating"], m.world.scenario.start
    home = np.flatnonzero(NET.p_country == US)[:6].tolist()
    forces = [Force(Setting(date, lever.name, IDS.programs[i], "DX"), lever, i, 0) for i in home]
    choose(m.world, forces)
    return (m.world.s.rating == 0).sum()


def due(m):
    make(m.world, Setting(m.world.scenario.start, "usml-to-ccl", "base", "both"), "US", "test")
    return m.world.made[-1].due


def slowed(m):
    country = m.world.s.of_country.copy()
    coordinate(m.world, [], country, m.world.s.of_base)
    return country[term("contract_time")[1], JP]


def covered(m):
    hedge(m.world)
    return m.world.s.hedge.sum()


def focus(m):
    lever = catalogue()["nato-forum"]
    assert lever.coalition
    forces = [Force(Setting(0, lever.name, "base", "on"), lever, 0, 0)] * 6
    return attention(forces, m.world.s.of_base)


def crew_short(m):
    m.world.s.wanted[LINE], m.world.s.pool[:] = 1e6, 1e6
    return hires_wanted(*m.world.arrays, LINE, 1e6)


def rated_for(country):
    def observe(m):
        mine = (NET.r_buyer == country) & NET.l_ratings[NET.r_supplier]
        return m.world.s.due[mine][:, :, :2].sum()

    return observe


ROWS = {
    "sosa": (0, 1, chance_in(JP), +1),
    "code": (0, 1, chance_in(JP), +1),
    "legal": (0, 1, chance_in(JP), +1),
    "own_need": (0, 1, chance_in(JP), -1),
    "alignment": (0, 1, chance_in(JP), +1),
    "assured": (0, 1, played(rated_for(PL), 12), +1),
    "rdp": (0, 1, of_handles(welcome, FROM_JAPAN), +1),
    "title3_eligible": (0, 1, lambda m: eligible(m.world)[NET.l_country == JP].sum(), +1),
    "exempt": (0, 1, of_state(licence_free, CONTROLLED), +1),
    "licence_time": (0.5, 2, wait_for(CONTROLLED), +1),
    "agreement_time": (0.5, 2, wait_for(AGREEMENT), +1),
    "denial": (0, 10, granted, -1),
    "leak_hazard": (0, 10, leaks, +1),
    "fms_offer": (0.5, 2, stage(0, FMS_PROGRAM), +1),
    "fms_notify": (0.5, 2, stage(1, FMS_PROGRAM), +1),
    "fms_review": (0.5, 2, stage(2, FMS_PROGRAM), +1),
    "fms_contract": (0.5, 2, stage(3, FMS_PROGRAM), +1),
    "contract_time": (0.5, 2, stage(3, HOME_PROGRAM), +1),
    "allocation": (0.5, 2, stage(0, FMS_PROGRAM), -1),
    "project_time": (0.5, 2, rate_of_work(GRANT, BUILD), -1),
    "title3_wait": (0.5, 2, rate_of_work(GRANT, FUND), -1),
    "new_source_time": (0.5, 2, rate_of_work(SOURCE, QUALIFY), -1),
    "training_time": (0.5, 2, of_handles(training, LINE), +1),
    "hire_limit": (0.5, 2, crew_short, +1),
    "attrition": (0.5, 2, of_handles(leaving, LINE), +1),
    "ceiling": (0.5, 2, lambda m: m.world.has_room(0.25).sum(), +1),
    "openness": (0.5, 2, of_handles(welcome, FROM_JAPAN), +1),
    "domestic_only": (0, 1, of_handles(welcome, FROM_JAPAN), -1),
    "price_factor": (1, 2, of_handles(welcome, FROM_JAPAN), -1),
    "incident_rate": (0.5, 5, struck, +1),
    "hostile_control": (0, 10, struck, +1),
    "duplication": (0.5, 2, of_handles(pipeline_weight, LINE), -1),
    "visibility": (0, 1, mapped, +1),
    "civil_leave": (0, 10, played(lambda m: m.world.s.cancelled.sum(), 60), +1),
    "free_riding": (0, 1, withheld, +1),
    "unit_cost": (0.5, 2, played(lambda m: m.world.s.price.sum()), +1),
    "credibility": (-0.5, 0.5, lambda m: program_credibility(*m.world.arrays[1:], 0), +1),
    "price": (0.5, 2, of_handles(unit_price, HOME_PROGRAM), +1),
    "objective": (0.5, 2, lambda m: m.world.shortfall().sum(), +1),
    "hedge": (0, 12, covered, +1),
    "hedge_foreign": (0, 12, covered, +1),
    "award_time": (0.5, 2, stage(3, HOME_PROGRAM), +1),
    "authority": (0, 1, of_state(ratable, int(routes(NET.l_ratings[NET.r_supplier])[0])), +1),
    "dx_tokens": (1, 5, dx_programs, +1),
    "officers": (0.1, 5, work_left, -1),
    "knowledge": (0, 1, of_handles(welcome, FROM_JAPAN), +1),
    "price_spread": (0, 2, played(lambda m: m.world.s.price.sum()), +1),
    "detection": (0.5, 5, played(lambda m: (m.world.s.phase[OWN:] != IDLE).sum(), 36), -1),
    "swap": (0, 1, swapped, +1),
    "substitution": (0, 1, unmet, -1),
    "interagency": (0.5, 2, due, +1),
    "coordination": (1, 2, slowed, +1),
    "hedge_material": (0, 12, covered, +1),
    "attention": (0, 6, focus, +1),
    "backlash": (0, 1, of_handles(welcome, FROM_JAPAN), -1),
}


@pytest.mark.parametrize("name", list(ROWS))
def test_a_term_moves_what_it_is_about(name):
    low, high, observe, sign = ROWS[name]
    found = []
    for value in (low, high):
        m = model(6 if name in ("free_riding",) else 0)
        scope, row, about = term(name)
        assert about.low <= value <= about.high
        getattr(m.world.s, f"of_{scope}")[row] = value
        found.append(float(observe(m)))
    assert (found[1] - found[0]) * sign > 0, (
        f"{name}: {found[0]:g} at {low}, {found[1]:g} at {high}"
    )


def test_the_rule_of_title3_names_other_lines():
    world = model(60).world
    claims = [rule(world) for rule in (by_shadow_price, by_loudest, evenly)]
    first = [int(np.argmax(c * eligible(world))) for c in claims]
    assert claims[0].any()
    assert claims[1].any()
    assert len({tuple(np.flatnonzero(c > 0)) for c in claims}) == 3
    assert first[0] != first[1]  # the loudest prime is not the one that holds its item up


def test_every_term_has_its_row():
    names = {t.name for known in SCOPES.values() for t in known}
    assert names == {*ROWS, "title3_rule", *ELSEWHERE}
