"""More means do no harm where theory says so: in chains with one source for every need.

Month by month even a chain can deliver less for a while with more means (it orders more, and
parts wait for others: the bullwhip), so the totals of five years are compared. A chain ends
each run with the same work under way up to a month's output of its end item; that month,
1/60 of the total, is the tolerance. It is a bound on what timing alone can move, and no effect
that these tests are after is smaller.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.model import Model
from mobilize.physics.handle import handle
from mobilize.physics.trouble import strike
from mobilize.scenario import load
from mobilize.state import EQUIPMENT, IDLE, QUALIFY, RAMP
from mobilize.synthetic import synthetic
from policies.package import Package, Setting
from tests.scenarios import write_small

MONTHS = 60
TIMING = 1 / MONTHS  # of the total

few = settings(deadline=None, max_examples=25)
factors = st.floats(1.0, 4.0)
chains = st.sampled_from(["assembly", "us-bodies", "ca-charges", "mill"])


@cache
def chain():
    """One prime, one source for each of its needs, one mill behind them."""
    with TemporaryDirectory() as folder:
        return load(write_small(Path(folder) / "chain"))


def start(months=MONTHS):
    """The chain without accidents; what it decided and its fire remain."""
    model = Model(chain(), months=months)
    world = model.world
    world.p = world.p._replace(incident_rate=0.0, hostile_rate=0.0)
    world.arrays = (*world.arrays[:2], handle(world.p))
    return model


def with_money(factor, model):
    """Scale all money for the program, before it is given."""
    grants = {
        month: [(i, amount * factor) for i, amount in rows]
        for month, rows in model.script.grants.items()
    }
    model.script = replace(model.script, grants=grants)  # models of a scenario share one script
    return model


def deliveries(model):
    return float(model.run().record.series("delivered").sum())


def no_less(more, less):
    assert more >= less * (1 - TIMING)


@few
@given(factors, factors)
def test_more_equipment_everywhere_never_lowers_deliveries(low, more):
    totals = []
    for factor in (low, low * more):
        model = start()
        model.world.s.equip[:] *= factor
        totals.append(deliveries(model))
    no_less(totals[1], totals[0])


def test_a_quarter_more_equipment_is_worth_deliveries():
    plain, rich = start(), start()
    rich.world.s.equip[:] *= 1.25
    assert deliveries(rich) > 1.05 * deliveries(plain)


@few
@given(st.floats(0.0, 0.3), factors)
def test_more_money_for_a_program_never_lowers_its_deliveries(low, more):
    less, rich = (deliveries(with_money(f, start())) for f in (low, low * more))
    no_less(rich, less)


def test_twice_the_little_money_is_worth_deliveries():
    less, rich = (deliveries(with_money(f, start())) for f in (0.02, 0.04))
    assert rich > 1.1 * less


@few
@given(st.floats(0.0, 60.0), factors)
def test_a_larger_pool_of_people_never_lowers_deliveries(people, more):
    totals = []
    for pool in (people, people * more):
        model = start()
        model.world.s.pool[:] = pool
        totals.append(deliveries(model))
    no_less(totals[1], totals[0])


def test_people_in_the_pool_are_worth_deliveries():
    totals = []
    for pool in (1.0, 200.0):
        model = start()
        model.world.s.pool[:] = pool
        totals.append(deliveries(model))
    assert totals[1] > 1.05 * totals[0]


@few
@given(chains, st.integers(0, 40), st.floats(0.05, 1.0), st.integers(1, 9), st.integers(1, 9))
def test_an_accident_never_raises_the_output_of_the_line_it_strikes(
    name, month, loss, wait, repair
):
    plain, struck = start(), start()
    line = plain.world.names.lines.index(name)
    struck.run(month)
    strike(struck.world.arrays[1], line, loss, float(wait), float(repair))
    plain.run()
    struck.run()
    ours, theirs = (m.record.output[:, line].cumsum() for m in (struck, plain))
    assert ours[month] <= theirs[month] * (1 + 1e-12)
    assert ours[-1] <= theirs[-1] * (1 + TIMING)


def test_an_accident_at_a_full_line_costs_its_output_for_good():
    """A line without room to catch up: what is lost stays lost."""
    plain, struck = start(), start()
    line = plain.world.names.lines.index("us-bodies")
    plain.run()
    month = int(np.flatnonzero(plain.record.bound[:, line] == EQUIPMENT)[0])
    struck.run(month)
    strike(struck.world.arrays[1], line, 0.5, 3.0, 3.0)
    struck.run()
    lost = (plain.record.output - struck.record.output)[:, line].sum()
    full = plain.record.equipment[month, line]
    assert lost > 0.5 * full


# ------------------------------------------------------------------------------ qualification


def every_project(scenario):
    """Start every project in the first month, with money for all of them."""
    rows = [
        Setting(scenario.start, "industrial", str(payer), 1e6)
        for payer in sorted({str(c) for c in scenario["projects"]["payer"]})
    ]
    rows += [
        Setting(scenario.start, "project-start", str(j), "on") for j in scenario["projects"]["id"]
    ]
    return Package("all", "All projects", tuple(rows))


def newcomers(model):
    """Lines without qualified equipment at the start, and the project that qualifies each."""
    net = model.world.net
    return [
        (line, int(np.flatnonzero((net.j_line == line) & net.j_source)[0]))
        for line in np.flatnonzero(~net.l_qualified)
        if ((net.j_line == line) & net.j_source).any()
    ]


@settings(deadline=None, max_examples=10)
@given(st.integers(20, 80), st.integers(0, 10_000))
def test_a_new_line_makes_nothing_before_its_tests_are_passed(firms, seed):
    scenario = synthetic(firms, seed=seed)
    check_newcomers(Model(scenario, every_project(scenario), seed, months=72))


@pytest.mark.parametrize("world", range(3))
def test_new_artillery_lines_make_nothing_before_their_tests_are_passed(world):
    made = check_newcomers(Model("artillery-2022", world=world))
    assert made  # at least one new line works in the end


def check_newcomers(model):
    """Play to the horizon, watching the lines that are not qualified; return who made units."""
    world, news, made = model.world, newcomers(model), set()
    net, s = world.net, world.s
    assert news
    begun = {}
    while model.month < model.months:
        model.step()
        for line, j in news:
            if s.phase[j] > IDLE and j not in begun:
                begun[j] = model.month - 1
            if s.phase[j] <= QUALIFY:
                assert s.equip[line] == 0.0
                assert s.started[line] == s.finished[line] == 0.0
                assert not s.open[net.sales[net.l_sales[line] : net.l_sales[line + 1]]].any()
            if s.started[line] > 0.0:
                made.add(line)
    for line, j in news:
        outputs = np.flatnonzero(model.record.output[:, line])
        if len(outputs) and model.policy.settings:  # begun in the first month, without a head start
            phases = net.j_phases[j, : RAMP - 1] * np.exp(
                net.j_spread[j] * world.slips[j, : RAMP - 1]
            )
            assert outputs[0] >= begun[j] + phases.sum() - 2
    return made
