"""Inputs bought with the contract, and people who come with a converted line."""

from __future__ import annotations

import numpy as np
import pytest

from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.physics.building import bring
from mobilize.physics.ordering import order_to_contract
from mobilize.scenario import load


@pytest.fixture(scope="module")
def scenario():
    return load("mrap-2007")


def slot(world, line, item):
    net, names = world.net, world.names
    mine = (net.k_line == names.lines.index(line)) & (net.k_item == names.items.index(item))
    return int(np.flatnonzero(mine)[0])


def covered(world, k):
    """What a slot holds, has on order and on its way."""
    net, s = world.net, world.s
    routes = slice(net.k_routes[k], net.k_routes[k + 1])
    return s.inputs[k] + s.owed[routes].sum() + s.moving[routes].sum()


def asked(world, k):
    """What the line still has to begin for the orders in its book, in units of the input."""
    net, s = world.net, world.s
    line = net.k_line[k]
    return (s.book[line] - s.in_work[line] - s.goods[line]) * net.k_quantity[k]


@pytest.mark.parametrize("month", [0, 5, 12, 20])
def test_contract_inputs_are_ordered_for_the_whole_book_and_no_further(scenario, month):
    model = Model(scenario)
    for _ in range(month):
        model.step()
    world = model.world
    for k in world.net.k_chain:
        before = covered(world, k)
        order_to_contract(*world.arrays, world.month, int(k))
        assert covered(world, k) == pytest.approx(max(before, asked(world, k)), abs=1e-6)
        order_to_contract(*world.arrays, world.month, int(k))
        assert covered(world, k) == pytest.approx(max(before, asked(world, k)), abs=1e-6)


def run_without_people(model, name, months=15):
    """Play on with nobody at a line."""
    line = model.world.names.lines.index(name)
    for _ in range(months):
        model.world.s.crew[line] = 0.0
        model.world.s.trainees[line] = 0.0
        model.step()


def test_contract_inputs_come_whatever_the_line_can_work_up(scenario):
    model = Model(scenario)
    run_without_people(model, "charleston-integration")
    assert model.world.s.inputs[slot(model.world, "charleston-integration", "mrap-vehicle")] > 500


def test_other_inputs_follow_what_the_line_can_work_up(scenario):
    model = Model(scenario)
    run_without_people(model, "sealy-fmtv")
    k = slot(model.world, "sealy-fmtv", "tyre")
    on_order = covered(model.world, k) - model.world.s.inputs[k]
    assert on_order < 0.5 * 5 * 500  # half a month's need: a first shift, while hundreds are due


def test_contract_inputs_are_passed_on_from_the_programs_down(scenario):
    net = Model(scenario).world.net
    tier = scenario["lines"]["tier"][net.k_line[net.k_chain]]
    assert (np.diff(tier) >= 0).all()
    assert set(net.k_chain) == set(np.flatnonzero(net.k_contract))


def test_the_order_of_rows_does_not_matter_to_what_is_passed_on(scenario):
    """Makers of what is bought with the contract see it in the month in which primes do."""
    model = Model(scenario)
    for _ in range(8):
        model.step()
    s, net, names = model.world.s, model.world.net, model.world.names
    prime = s.expected[names.lines.index("charleston-integration")]
    makers = net.l_item == names.items.index("mrap-vehicle")
    tyres = s.expected[net.l_item == names.items.index("tyre")].sum()
    assert prime > 100
    assert s.expected[makers].sum() == pytest.approx(prime)
    assert tyres == pytest.approx(5.6 * prime)


def test_no_scenario_that_does_not_ask_for_it_buys_inputs_with_the_contract():
    for name in ("artillery-2022", "gmlrs-2022", "arsenal-2026", "arctic-cutter"):
        assert not Model(name, months=1).world.net.k_contract.any()


@pytest.mark.parametrize("pool", [0.0, 3.0, 1e6])
def test_people_who_come_with_a_project_leave_the_pool_and_no_more_than_are_there(scenario, pool):
    world = Model(scenario).world
    j = world.names.projects.index("west-point-conversion")
    line = world.net.j_line[j]
    c = world.net.l_country[line]
    world.s.pool[c] = pool
    crew, share = float(world.s.crew[line]), 0.4 * float(world.net.j_adds[j])
    bring(*world.arrays[:2], j, share)
    came = float(world.s.crew[line]) - crew
    assert came == pytest.approx(min(pool, 0.4 * float(world.net.j_crew[j])))
    assert world.s.pool[c] == pytest.approx(pool - came)


def test_people_are_conserved_and_every_sum_its_parts_in_every_month(scenario):
    model = Model(scenario)
    s = model.world.s
    people = s.pool.sum() + s.crew.sum() + s.trainees.sum()
    for _ in range(model.months):
        model.step()
        assert s.pool.sum() + s.crew.sum() + s.trainees.sum() == pytest.approx(people)
        assert faults(model.world.net, s) == []
