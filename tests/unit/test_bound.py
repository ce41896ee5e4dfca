"""The upper bound: known answers by hand, and the laws of linear programs."""

import numpy as np
import pytest

from mobilize.bound import (
    compare_with_model,
    lacking,
    line_capacity,
    root_line,
    upper_bound,
    upper_bound_for,
)
from mobilize.model import Model
from mobilize.scenario import load
from mobilize.state import CREW, EQUIPMENT, INPUT
from tests.scenarios import edit, write_small

TOP_LINE = "scranton-bodies"


@pytest.fixture
def artillery():
    """Return the world of February 2022."""
    return Model("artillery-2022", months=1).world


@pytest.fixture
def small(tmp_path):
    """Return the world of a network in which 200 bodies a month are the least."""
    folder = write_small(tmp_path / "small")
    edit(folder, "lines.csv", "2,40,120,250,100", "2,40,120,200,100")
    return Model(load(folder)).world


@pytest.fixture(scope="module")
def run():
    """Return a run of the artillery scenario and, by month from 24 to 47, its bounds."""
    model = Model("artillery-2022", months=58)
    bounds, start = [], None
    while model.month < 48:
        if model.month == 24:
            start = model.world.s.copy()
        if model.month >= 24:
            bounds.append(upper_bound(model.world))
        model.step()
    return model, bounds, start


def line(world, name):
    return world.names.lines.index(name)


def test_the_small_network_has_the_answer_of_the_hand(small):
    bound = upper_bound(small)
    assert bound.deliveries == pytest.approx([200])  # shells; bodies 200, charges 500 / 2
    assert bound.value == pytest.approx(200 * 3.5)
    assert bound.output[line(small, "ca-charges")] == pytest.approx(400)
    assert bound.output[line(small, "mill")] == pytest.approx(200 * 0.05)
    [row] = bound.binding
    assert row.line == "us-bodies"
    assert row[1:] == pytest.approx((200, 3.5, 20 * 3.5))
    assert "us-bodies" in bound.table()
    assert "700" in bound.table()


def test_lines_that_limit_jointly_gain_nothing_alone(tmp_path):
    world = Model(load(write_small(tmp_path / "small"))).world  # bodies 250, charges 500 / 2
    bound = upper_bound(world)
    assert bound.value == pytest.approx(250 * 3.5)
    assert [row.gain for row in bound.binding] == [0] * len(bound.binding)
    assert "only jointly" in bound.table()
    for name in ("us-bodies", "ca-charges"):
        assert bound.change(line(world, name), 0.9) == pytest.approx(-25 * 3.5)


def test_artillery_starts_with_36000_bodies_and_18000_charges(artillery):
    bound = upper_bound(artillery)
    made = dict(zip(bound.programs, bound.deliveries, strict=True))
    assert made["us-155-projectiles"] == pytest.approx(27_360 + 8_640)
    assert made["us-155-charges"] == pytest.approx(18_000)
    assert [row.line for row in bound.binding[:2]] == [TOP_LINE, "valleyfield-charges"]
    gains = [row.gain for row in bound.binding]
    assert gains == sorted(gains, reverse=True)
    assert (bound.shadow >= 0).all()


def test_more_of_the_top_line_is_worth_its_shadow_price(artillery):
    before = upper_bound(artillery)
    top, delta = before.binding[0], 50.0
    i = line(artillery, top.line)
    artillery.s.equip[i] *= 1 + delta / top.capacity
    after = upper_bound(artillery)
    assert after.value - before.value == pytest.approx(top.shadow * delta, rel=1e-6)
    assert before.change(i, 1 + delta / top.capacity) == pytest.approx(top.shadow * delta)


def test_shadow_prices_times_capacity_add_up_to_the_value(artillery):
    for present in (False, True):
        bound = upper_bound(artillery, present)  # strong duality: nothing else is limited
        assert (bound.shadow * bound.capacity).sum() == pytest.approx(bound.value)


@pytest.mark.parametrize("factor", [0.1, 0.5, 3.0])
def test_the_bound_scales_with_all_capacities(artillery, factor):
    before = upper_bound(artillery)
    artillery.s.equip[:] *= factor
    after = upper_bound(artillery)
    assert after.value == pytest.approx(factor * before.value)
    assert after.deliveries == pytest.approx(factor * before.deliveries)


def test_without_its_only_source_a_program_gets_nothing(artillery):
    artillery.s.alive[line(artillery, "us-packing-a-line")] = False
    bound = upper_bound(artillery)
    made = dict(zip(bound.programs, bound.deliveries, strict=True))
    assert made["us-155-projectiles"] == made["ca-155-m107"] == 0
    assert made["us-155-charges"] == pytest.approx(18_000)


@pytest.mark.parametrize("how", ["open", "blocked", "loss"])
def test_closed_blocked_and_broken_carry_nothing(small, how):
    if how == "loss":
        small.s.loss[line(small, "mill")] = 1.0
    else:
        route = small.names.routes.index(("us-bodies", "mill"))
        getattr(small.s, how)[route] = 0 if how == "open" else 2
    bound = upper_bound(small)
    assert bound.value == 0
    assert compare_with_model(small, Model(small.scenario).record)[0].bound == 0


def test_present_crew_can_only_lower_the_bound(artillery):
    full, present = line_capacity(artillery), line_capacity(artillery, present=True)
    assert (present <= full).all()
    i = line(artillery, "iowa-lap")  # 14,500 a month on one shift, 1.2 with overtime
    assert present[i] == pytest.approx(14_500 * artillery.p.overtime)
    assert upper_bound(artillery, present=True).value < upper_bound(artillery).value


def test_no_program_gets_more_than_it_asks(artillery):
    ask = np.array([5_000.0, 0.0, 1e9, 7.0, 0.0])
    bound = upper_bound(artillery, ask=ask)
    assert bound.deliveries == pytest.approx([5_000, 0, 52_200, 7, 0])
    artillery.s.stock[0] = artillery.net.p_objective[0] - 123
    assert upper_bound(artillery, ask=lacking(artillery)).deliveries[0] == pytest.approx(123)
    with pytest.raises(ValueError, match="5 numbers"):
        upper_bound(artillery, ask=ask[:2])


def test_civil_customers_served_first_leave_less(small):
    mill = line(small, "mill")
    small.s.equip[mill] = 50.0 / 80.0  # 45 tonnes are civil: 5 are left, for 100 bodies
    assert upper_bound(small).deliveries == pytest.approx([200])
    assert upper_bound(small, civil=True).deliveries == pytest.approx([100], rel=1e-5)
    small.s.equip[mill] = 30.0 / 80.0  # less than the usual civil order: nothing is left
    assert upper_bound(small, civil=True).deliveries == pytest.approx([0], abs=1e-3)


def test_one_program_alone_gets_at_least_its_part_of_the_whole(artillery):
    whole = upper_bound(artillery)
    for i, name in enumerate(whole.programs):
        alone = upper_bound_for(artillery, name)
        assert alone.deliveries[i] >= whole.deliveries[i] * (1 - 1e-6)
        assert np.delete(alone.deliveries, i) == pytest.approx(0)
    with pytest.raises(ValueError, match="no program 'x'; allowed: us-155-projectiles"):
        upper_bound_for(artillery, "x")


def test_others_keep_what_they_get_as_far_as_it_can_be_sustained(artillery):
    packing = line(artillery, "us-packing-a-line")
    artillery.s.equip[packing] = 17_500 / 63_000
    artillery.s.delivered[:] = [0, 0, 0, 0, 2_500]
    alone = upper_bound_for(artillery, "us-155-projectiles")
    kept = upper_bound_for(artillery, "us-155-projectiles", keep=True)
    assert alone.deliveries[[0, 4]] == pytest.approx([17_500, 0])
    assert kept.deliveries[[0, 4]] == pytest.approx([15_000, 2_500], rel=1e-5)
    artillery.s.delivered[4] = 1e6  # only 3,000 bodies are made for it
    kept = upper_bound_for(artillery, "us-155-projectiles", keep=True)
    assert kept.deliveries[[0, 4]] == pytest.approx([14_500, 3_000], rel=1e-5)
    with pytest.raises(RuntimeError, match="keep promises"):
        kept.change(line(artillery, "imt-m107-bodies"), 0.5)


def test_no_year_of_a_run_delivers_more_than_the_bound_and_its_stocks(run):
    model, bounds, start = run
    net, made = model.world.net, model.record.series("delivered")
    whole = start.goods + start.in_work  # what was made before may be delivered now
    on_way = np.bincount(net.r_supplier, start.moving, len(whole))
    bought = net.r_program >= 0
    head = np.zeros(len(net.p_item))
    np.maximum.at(head, net.r_program[bought], (whole + on_way)[net.r_supplier[bought]])
    prices = net.p_cost
    for first in (24, 36):
        best = [b.value for b in bounds[first - 24 : first - 12]]
        delivered = made[first : first + 12].mean(0)
        assert delivered @ prices <= np.mean(best) * (1 + 1e-6)
    both = np.mean([b.deliveries for b in bounds], 0)  # these programs share no bottleneck
    assert (made[24:48].mean(0) <= both + head / 24).all()


def test_the_run_reaches_the_bound_where_bodies_and_charges_limit_it(run):
    model, bounds, _ = run
    made = model.record.series("delivered")
    assert made[36:48, 0].mean() > 0.95 * bounds[12].deliveries[0]
    rows = {row.program: row for row in compare_with_model(model.world, model.record)}
    row = rows["us-155-projectiles"]
    assert row.bound_line == row.model_line == TOP_LINE
    assert row.model_bound == "equipment"
    assert row.agree
    assert row.delivered == pytest.approx(made[-3:, 0].mean())


def test_the_root_is_the_first_line_not_short_of_input(small):
    s, net = small.s, small.net
    bodies, mill, assembly = (line(small, n) for n in ("us-bodies", "mill", "assembly"))
    s.bound[[assembly, bodies]] = EQUIPMENT
    assert root_line(small, assembly) == assembly
    s.bound[assembly], s.bound_slot[assembly] = INPUT, net.l_slots[assembly]
    assert root_line(small, assembly) == bodies
    s.bound[bodies], s.bound_slot[bodies] = INPUT, net.l_slots[bodies]
    s.bound[mill] = CREW
    assert root_line(small, assembly) == mill
    s.open[small.names.routes.index(("us-bodies", "mill"))] = False
    assert root_line(small, assembly) == bodies  # nobody to ask


def test_the_root_lies_behind_the_open_route_that_owes_most(artillery):
    s, net = artillery.s, artillery.net
    iowa = line(artillery, "iowa-lap")
    s.bound[iowa], s.bound_slot[iowa] = INPUT, net.l_slots[iowa]  # bodies
    wilkes, scranton = line(artillery, "wilkes-barre-bodies"), line(artillery, TOP_LINE)
    assert root_line(artillery, iowa) == scranton  # the larger share
    s.owed[artillery.names.routes.index(("iowa-lap", "wilkes-barre-bodies"))] *= 50
    assert root_line(artillery, iowa) == wilkes
