"""MRAP, 2006-2008: a DX rating, money and seven makers meet tyres, people and a warehouse."""

from __future__ import annotations

import numpy as np
import pytest

from mobilize.hindcast import as_it_was, hindcast
from mobilize.model import Model
from mobilize.scenario import load, months
from mobilize.state import CREW, EQUIPMENT, INPUT
from policies.package import Package, Setting, load_package

WORLDS = 6
MAKERS = ("ladson-cougar", "west-point-maxxpro", "sealy-caiman", "york-rg33", "london-rg31")
FITTING = (("2007-07", "charleston-scale-up"), ("2007-10", "charleston-shorter"))


@pytest.fixture(scope="module")
def scenario():
    return load("mrap-2007")


@pytest.fixture(scope="module")
def result(scenario):
    return hindcast(scenario, WORLDS)


def worlds(scenario, policy):
    return [Model(scenario, policy, world=world, panel=True).run() for world in range(WORLDS)]


@pytest.fixture(scope="module")
def history(scenario):
    return worlds(scenario, as_it_was(scenario))


@pytest.fixture(scope="module")
def dx_alone(scenario):
    return worlds(scenario, load_package("mrap-dx-alone", scenario))


@pytest.fixture(scope="module")
def capacity_alone(scenario):
    return worlds(scenario, load_package("mrap-capacity-alone", scenario))


@pytest.fixture(scope="module")
def neither(scenario):
    """Charleston grows as it did; no rating, no moulds, no more armour plate."""
    settings = tuple(
        Setting(months.parse(date), "project-start", project, "on") for date, project in FITTING
    )
    return worlds(scenario, Package("neither", "Charleston alone", settings))


@pytest.fixture(scope="module")
def nothing(scenario):
    return worlds(scenario, None)


def span(run, first, last):
    """The months of a run from one label to another."""
    start = run.world.scenario.start
    return slice(months.parse(first) - start, months.parse(last) - start + 1)


def made(run, item, first="2006-11", last="2008-12"):
    """Units finished between two months, by all lines."""
    return run.record.items[span(run, first, last), run.world.names.items.index(item)].sum()


def received(run, program, first="2006-11", last="2008-12"):
    """Units delivered to a program between two months."""
    at = run.world.names.programs.index(program)
    return run.record.series("delivered")[span(run, first, last), at].sum()


def bound(run, line, first, last):
    """What binds a line by month: a code of the state, or the item it waits for."""
    at, net, names = run.world.names.lines.index(line), run.world.net, run.world.names
    months_ = span(run, first, last)
    pairs = zip(run.record.bound[months_, at], run.record.bound_slot[months_, at], strict=True)
    return [names.items[net.k_item[slot]] if code == INPUT else code for code, slot in pairs]


def civil_tyres_owed(run):
    """Tyres that civil customers of the sole source wait for at the end."""
    return run.world.s.owed[run.world.names.routes.index(("civil", "michelin-tyres"))]


def of(result, metric, target):
    """The errors of the scored rows of one metric and target, by date."""
    return {
        p.date: p.error
        for p in result.points
        if p.scored and (p.metric, p.target) == (metric, target)
    }


def test_the_hindcast_runs_with_what_was_decided_and_the_plain_scenario_without(
    scenario, history, nothing
):
    assert scenario.history == "mrap-as-it-was"
    for was, bare in zip(history, nothing, strict=True):
        assert was.world.s.rating[0] != bare.world.s.rating[0]
        assert received(was, "us-mrap") > 4 * received(bare, "us-mrap")


def test_monthly_output_is_low_by_less_than_a_third(result):
    errors = of(result, "monthly", "mrap-vehicle")
    assert list(errors) == ["2007-10", "2007-12"]
    assert all(-1 / 3 < error < 0 for error in errors.values())


def test_vehicles_accepted_are_low_by_less_than_a_fifth_at_both_dates(result):
    errors = of(result, "made", "mrap-vehicle")
    assert list(errors) == ["2008-02", "2008-06"]
    assert all(-0.2 < error < 0 for error in errors.values())


def test_the_largest_maker_is_within_a_fifth_but_for_its_first_months(result):
    assert all(abs(e) < 0.2 for e in of(result, "monthly", "west-point-maxxpro").values())
    errors = of(result, "made", "west-point-maxxpro")
    assert list(errors) == ["2007-10", "2008-03"]
    assert abs(errors["2007-10"]) < 0.3
    assert abs(errors["2008-03"]) < 0.2


def test_vehicles_in_theatre_come_too_late_while_output_grows(result):
    """Three steps of a month each where history took 50 days: half are missing, then few."""
    errors = of(result, "cumulative", "us-mrap")
    assert list(errors) == ["2007-10", "2007-12", "2008-03", "2008-07"]
    assert all(-0.6 < error < 0 for error in errors.values())
    assert abs(errors["2008-07"]) < 0.15


def test_the_mean_error_over_all_scored_rows_is_below_30_percent(result):
    scored = [p for p in result.points if p.scored]
    assert len(scored) == 12
    assert result.mape() == pytest.approx(np.mean([abs(p.error) for p in scored]))
    assert result.mape() <= 0.3


def test_the_start_and_what_set_a_capacity_are_not_scored(result):
    for point in result.points:
        if any(word in point.note for word in ("construction", "not a test", "forecast of July")):
            assert not point.scored, point


def test_output_grows_from_ten_to_hundreds_in_a_year_and_to_a_thousand_in_two(history):
    for run in history:
        assert made(run, "mrap-vehicle", "2006-11", "2006-11") == pytest.approx(10)
        assert made(run, "mrap-vehicle", "2007-10", "2007-10") > 300
        assert made(run, "mrap-vehicle", "2008-03", "2008-10") > 8 * 800
    plateau = [made(run, "mrap-vehicle", "2008-03", "2008-10") / 8 for run in history]
    assert np.mean(plateau) == pytest.approx(1150, rel=0.2)  # 5,000 in February, 10,000 in July


def test_makers_people_and_halls_bind_first(history):
    for run in history:
        for maker in ("ladson-cougar", "west-point-maxxpro"):
            held = bound(run, maker, "2007-06", "2008-02")
            assert np.mean([code in (CREW, EQUIPMENT) for code in held]) > 0.7


def test_without_moulds_tyres_hold_back_the_largest_maker_from_the_end_of_2007(neither, history):
    short = [bound(run, "west-point-maxxpro", "2008-01", "2008-05") for run in neither]
    assert min(np.mean([code == "tyre" for code in held]) for held in short) > 0.7
    eased = [bound(run, "west-point-maxxpro", "2008-01", "2008-05") for run in history]
    assert np.mean([[code == "tyre" for code in held] for held in eased]) < 0.3


def test_armour_plate_runs_at_its_limit_in_spring_2008_in_spite_of_more_mills(history):
    for run in history:
        for mill in ("oregon-plate", "mittal-plate"):
            assert EQUIPMENT in bound(run, mill, "2008-01", "2008-06")


def test_a_warehouse_for_five_a_day_would_have_held_up_the_rest(nothing):
    """Vehicles are ordered for the contract, so they pile up where they are fitted."""
    for run in nothing:
        assert set(bound(run, "charleston-integration", "2007-12", "2008-12")) <= {CREW, EQUIPMENT}
        net, names = run.world.net, run.world.names
        k = int(np.flatnonzero(net.k_item == names.items.index("mrap-vehicle"))[0])
        assert run.world.s.inputs[k] > 5000
        assert received(run, "us-mrap") < 0.2 * made(run, "mrap-vehicle")


def test_priority_makes_no_tyre(dx_alone, neither):
    for with_dx, without in zip(dx_alone, neither, strict=True):
        tyres = made(with_dx, "tyre", "2007-07", "2008-12")
        assert tyres == pytest.approx(made(without, "tyre", "2007-07", "2008-12"), rel=0.01)


def test_dx_without_capacity_takes_its_vehicles_from_other_programs(dx_alone, neither):
    for with_dx, without in zip(dx_alone, neither, strict=True):
        gain = received(with_dx, "us-mrap") - received(without, "us-mrap")
        loss = received(without, "us-fmtv") - received(with_dx, "us-fmtv")
        assert gain > 500
        assert loss > 1.2 * gain  # a truck takes five tyres, an MRAP vehicle 5.6
        assert received(with_dx, "us-stryker") < 0.8 * received(without, "us-stryker")
        assert civil_tyres_owed(with_dx) > 20_000


def test_capacity_without_dx_brings_the_same_vehicles_and_nobody_loses(
    capacity_alone, history, neither
):
    for alone, was, without in zip(capacity_alone, history, neither, strict=True):
        assert received(alone, "us-mrap") == pytest.approx(received(was, "us-mrap"), rel=0.02)
        assert received(alone, "us-fmtv", "2007-07") == pytest.approx(9000, rel=0.01)
        assert received(alone, "us-mrap") > received(without, "us-mrap") + 500
        assert made(alone, "tyre") > 1.3 * made(without, "tyre")


def test_dx_on_top_of_capacity_brings_vehicles_earlier_at_the_cost_of_trucks(
    capacity_alone, history
):
    earlier = [
        made(was, "mrap-vehicle", "2006-11", "2008-02")
        - made(alone, "mrap-vehicle", "2006-11", "2008-02")
        for was, alone in zip(history, capacity_alone, strict=True)
    ]
    assert min(earlier) > -1
    assert 20 < np.mean(earlier) < 300
    for was, alone in zip(history, capacity_alone, strict=True):
        assert received(was, "us-fmtv") < received(alone, "us-fmtv")


def test_kits_that_only_share_armour_plate_lose_nothing(dx_alone, neither):
    for with_dx, without in zip(dx_alone, neither, strict=True):
        assert received(with_dx, "us-hmmwv-armour") == pytest.approx(
            received(without, "us-hmmwv-armour"), rel=0.01
        )


def test_civil_customers_of_the_mills_wait_for_the_rated_plate(scenario):
    """Armour is priority-rated: that has reduced what the commercial market gets (M05)."""
    run = Model(scenario, as_it_was(scenario), months=18).run()
    names, s = run.world.names, run.world.s
    for mill in ("oregon-plate", "mittal-plate"):
        civil = names.routes.index(("civil", mill))
        line = names.lines.index(mill)
        assert s.owed[civil] > 2 * run.world.net.l_civil[line]
    for program in ("us-hmmwv-armour", "us-mrap"):
        assert received(run, program, "2008-01", "2008-03") > 0


def test_only_makers_named_by_the_sources_make_vehicles(scenario):
    table = scenario["lines"]
    makers = set(table["id"][table["item"] == "mrap-vehicle"])
    assert makers == {*MAKERS, "oshkosh-alpha", "north-charleston-golan"}
