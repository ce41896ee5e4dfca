"""Fleets and developments: units and money are conserved, more means do no harm."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.conflicts import DAYS
from mobilize.development import funded_share
from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.physics.handle import handle
from mobilize.record import FLEET_SERIES
from mobilize.saves import resume, save
from mobilize.scenario import Use, load
from mobilize.state import PROJECTS, REPAIRS, SPARES
from mobilize.terms import DEVELOPMENT_TIME, FUNDING_VOLATILITY, REPAIR_ABROAD, REPAIR_TIME
from tests.scenarios import write_kinds

ROOT = Path(__file__).parents[2]
MONTHS = 60
FLEET, CARE, WORK = 0, 1, 0  # position of the fleet, its program, the development
HOME, THEATRE = 0, 1

few = settings(deadline=None, max_examples=10)
chances = st.floats(0.0, 1.0)
alone = st.just((1.0, 0.0))  # one depot: of two, more repairs in one feed the other's queue
plans = st.fixed_dictionaries(
    {
        "d_capacity": st.tuples(st.floats(0, 10), st.floats(0, 10)),
        "d_turnaround": st.tuples(st.integers(1, 20), st.integers(1, 20)),
        "d_transit": st.tuples(st.integers(0, 6), st.integers(0, 6)),
        "d_share": st.floats(0, 1).map(lambda share: (share, 1.0 - share)),
        "d_parts": st.tuples(st.floats(0, 3), st.floats(0, 3)),
        "f_unserviceable": st.tuples(st.floats(0, 100)),
        "f_failures": st.tuples(st.floats(0, 12)),
    }
)


@cache
def kinds():
    """The small scenario with a program of every kind."""
    with TemporaryDirectory() as folder:
        return load(write_kinds(Path(folder) / "kinds"))


def start(world=0, hits=0.0, repair_time=1.0, p=None, **fixed):
    """A model with parts of its network and parameters changed before the first month."""
    from mobilize.start import first_state

    scenario = kinds()
    model = Model(scenario, world=world, months=MONTHS)
    changed = {name: np.array(v, getattr(model.world.net, name).dtype) for name, v in fixed.items()}
    net = model.world.net._replace(**changed)
    parameters = model.world.p._replace(incident_rate=0.0, **(p or {}))
    model = Model(scenario, world=world, months=MONTHS, state=first_state(net, parameters))
    model.world.net, model.world.p = net, parameters
    model.world.arrays = (handle(net), handle(model.world.s), handle(parameters))
    model.world.s.of_country[REPAIR_TIME] = repair_time
    model.world.lengths = model.world.lengths * net.m_months / scenario["milestones"]["months"]
    if hits:
        model.world.scenario = shot_at(hits)
    return model


def shot_at(hits):
    """The scenario with a conflict that hits units of the fleet every month."""
    first, last = kinds().start, kinds().start + MONTHS
    use = Use("east", "radar-care", first, last, hits / DAYS, "MODEL", "notional")
    return replace(kinds(), uses=(use,))


def serviceable(model):
    return model.run().record.fleet("serviceable")[:, FLEET]


def so_far(model):
    """Service given up to each month, unit-months: a month's figure alone may fall with more.

    A queue that is worked off sooner gives its last units back sooner, too.
    """
    return np.cumsum(serviceable(model))


# ------------------------------------------------------------------------------- conservation


@few
@given(plans, st.floats(0, 4), st.floats(0.1, 5))
def test_every_fielded_unit_is_somewhere_in_every_month(plan, hits, repair_time):
    model = start(hits=hits, repair_time=repair_time, **plan)
    while model.month < MONTHS:
        model.step()
        assert faults(model.world.net, model.world.s) == []
    total = model.record.fleets.sum(axis=0)
    np.testing.assert_allclose(total, 100.0, rtol=1e-9)


@few
@given(plans, st.floats(0, 4))
def test_spares_are_used_by_repairs_and_repairs_are_paid(plan, hits):
    model = start(hits=hits, **plan)
    net, s = model.world.net, model.world.s
    before, bench = s.stock[CARE], s.bench.sum(axis=1)
    model.run()
    begun = s.repaired + s.bench.sum(axis=1) - bench
    used = before + model.record.series("delivered")[:, CARE].sum() - s.stock[CARE]
    np.testing.assert_allclose(used, (begun * net.d_parts).sum(), rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(s.ledger[REPAIRS], (begun * net.d_cost).sum(), rtol=1e-9, atol=1e-6)


@few
@given(st.integers(0, 10_000), st.floats(0, 3), st.floats(0.3, 3))
def test_partners_pay_for_the_work_done_and_for_nothing_else(world, volatility, time):
    model = start(world=world)
    s, net = model.world.s, model.world.net
    s.of_program[FUNDING_VOLATILITY], s.of_program[DEVELOPMENT_TIME] = volatility, time
    while model.month < MONTHS:
        model.step()
        done = int(s.milestone[WORK])
        worth = net.m_cost[:done].sum()
        if done < len(net.m_cost):
            worth += (1.0 - s.work_left[WORK]) * net.m_cost[done]
        np.testing.assert_allclose(s.contributed.sum(), worth, rtol=1e-9)
        started = sum(d.amount * 1000 for d in model.decisions if d.kind == "project")
        np.testing.assert_allclose(s.ledger[PROJECTS], worth + started, rtol=1e-9)
        assert s.pledge.sum() <= 1.0 + 1e-9


def test_hits_write_off_what_cannot_be_repaired():
    model = start(hits=1.0)
    serviceable(model)
    lost = (1.0 - model.world.p.battle_repairable) * MONTHS
    np.testing.assert_allclose(model.world.s.written_off[FLEET], lost)
    assert model.record.series("unmet")[:, CARE].sum() == 0.0  # hits draw no spares


def test_a_fleet_in_balance_stays_so():
    """As many under way as fail, spares in plenty, no routing: nothing moves."""
    flow = 100 / (1 / 0.04 + 12)  # with 0.48 failures a year, 12 months out of service
    model = start(f_failures=(0.48,), f_unserviceable=(12 * flow,), d_share=(1.0, 0.0),
                  d_capacity=(99, 0))  # fmt: skip
    model.world.s.stock[CARE] = 1e6
    model.world.s.of_country[REPAIR_ABROAD] = 0.0
    found = serviceable(model)
    np.testing.assert_allclose(found, found[0], rtol=1e-9)


# ------------------------------------------------------------------------------- directions


@few
@given(plans, alone, st.floats(0, 200))
def test_more_spares_never_mean_fewer_serviceable(plan, share, more):
    plan["d_share"], totals = share, []
    for extra in (0.0, more):
        model = start(p={"resource_step": 0.0}, **plan)
        model.script = replace(model.script, grants={})  # else more in stock means fewer bought
        model.world.s.stock[CARE] += extra
        totals.append(so_far(model))
    assert (totals[1] >= totals[0] - 1e-6).all()


@few
@given(plans, alone, st.floats(1, 5))
def test_more_capacity_never_means_fewer_serviceable(plan, share, factor):
    plan["d_share"], totals = share, []
    for times in (1.0, factor):
        capacity = tuple(times * c for c in plan["d_capacity"])
        model = start(p={"resource_step": 0.0}, **{**plan, "d_capacity": capacity})
        model.world.s.stock[CARE] = 1e6
        totals.append(so_far(model))
    assert (totals[1] >= totals[0] - 1e-6).all()


@few
@given(plans, alone, st.floats(0.1, 1))
def test_a_shorter_time_in_repair_never_means_fewer_serviceable(plan, share, factor):
    plan["d_share"], totals = share, []
    for time in (1.0, factor):
        model = start(p={"resource_step": 0.0}, repair_time=time, **plan)
        model.world.s.stock[CARE] = 1e6
        totals.append(so_far(model))
    assert (totals[1] >= totals[0] - 1e-6).all()


def test_a_theatre_depot_shortens_the_way_back():
    """The law lets half of it be used; without the law nearly all of it would be."""
    found = {}
    for share in (0.0, 0.5, 1.0):
        model = start()
        model.world.s.of_country[REPAIR_ABROAD] = share
        found[share] = serviceable(model)[-1], model.world.s.depot_share[THEATRE]
    assert found[0.0][0] < found[0.5][0] < found[1.0][0]
    assert [round(float(share), 2) for _, share in found.values()] == [0.0, 0.5, 1.0]


def test_home_repairs_more_when_the_depot_in_theatre_is_slow():
    model = start(d_turnaround=(2, 20), d_transit=(0, 3))
    serviceable(model)
    assert model.world.s.depot_share[HOME] > 0.99


def test_without_spares_units_wait_and_the_lack_is_counted():
    model = start(d_parts=(5, 5))
    serviceable(model)
    s = model.world.s
    assert s.stock[CARE] < 1e-9
    assert (s.held == SPARES).any()
    assert model.record.series("unmet")[-1, CARE] > 0


@few
@given(chances, st.floats(0, 2), st.floats(0, 2))
def test_a_larger_swing_never_brings_more_money(chance, low, more):
    assert funded_share(low + more, chance) <= funded_share(low, chance)
    assert 0.0 <= funded_share(low, chance) <= 1.0


@few
@given(st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 3))
def test_steadier_money_brings_every_milestone_earlier_in_the_same_luck(world, low, more):
    found = []
    for volatility in (low, low + more):
        model = start(world=world, p={"bad_years": 1e9})
        model.world.s.of_program[FUNDING_VOLATILITY] = volatility
        found.append(model.run().record.milestones[:, WORK])
    assert (found[0] >= found[1] - 1e-9).all()


@few
@given(st.integers(0, 10_000), st.floats(0.1, 1))
def test_a_faster_development_passes_every_milestone_earlier(world, factor):
    found = []
    for time in (1.0, factor):
        model = start(world=world)
        model.world.s.of_program[DEVELOPMENT_TIME] = time
        found.append(model.run().record.milestones[:, WORK])
    assert (found[1] >= found[0] - 1e-9).all()


def test_a_partner_that_is_not_trusted_swings_more():
    found = []
    for trust in (1.0, 0.0):
        model = start(n_volatility=(0.0, 0.3))
        model.world.s.trust[:] = trust
        model.run(1)
        found.append(model.world.s.funded[1])
    assert found[1] <= found[0]


def test_a_partner_leaves_after_two_bad_years_and_the_others_carry_less_than_all():
    for world in range(40):
        model = start(n_volatility=(0.0, 1.0), m_months=(100.0, 100.0), world=world).run()
        left = [d for d in model.decisions if d.kind == "exit" and d.unit == "fraction"]
        if left:
            break
    assert (left[0].who, left[0].target, left[0].amount) == ("CA", "new-shell-work", 0.4)
    np.testing.assert_allclose(model.world.s.pledge, [0.6 + 0.4 * model.world.p.takeover, 0.0])


# ------------------------------------------------------------------- from milestone to delivery


def test_a_milestone_starts_the_line_that_then_makes_the_new_item():
    model = Model(kinds(), months=MONTHS).run()
    kinds_of = [(d.kind, d.target) for d in model.decisions if d.kind in ("milestone", "project")]
    assert kinds_of.index(("milestone", "tests")) + 1 == kinds_of.index(("project", "new-hall"))
    passed = next(d.month for d in model.decisions if d.target == "tests")
    buyer = model.world.names.programs.index("new-shell-buy")
    delivered = model.record.series("delivered")[:, buyer]
    assert delivered[: passed + 1].sum() == 0.0
    assert delivered.sum() > 0.0
    assert model.record.milestones[-1, WORK] == 2.0


def test_nobody_starts_the_project_before_its_milestone():
    model = start(m_months=(1e4, 1e4))
    model.world.s.industrial[:] = 1e9
    model.run()
    j = model.world.names.projects.index("new-hall")
    assert model.world.s.phase[j] == 0


# ----------------------------------------------------------------------- the same in every form


def test_a_saved_fleet_and_development_go_on_bit_for_bit(tmp_path):
    model = Model(kinds(), months=MONTHS).run(15)
    save(model, tmp_path / "month.npz")
    twin, fork = resume(tmp_path / "month.npz", kinds()), model.fork()
    for other in (model, twin, fork):
        other.run()
    for other in (twin, fork):
        np.testing.assert_array_equal(other.record.fleets, model.record.fleets)
        np.testing.assert_array_equal(other.record.milestones, model.record.milestones)
        assert other.decisions == model.decisions


PLAY = """
import sys
import numba
import numpy as np
from tests.property.test_programs import start

assert numba.config.DISABLE_JIT
model = start(hits=0.5, repair_time=1.3, d_parts=(2, 2), world=3).run()
np.savez(sys.argv[1], fleets=model.record.fleets, milestones=model.record.milestones,
         **model.world.s._asdict())
"""


def test_compiled_and_plain_kernels_agree_on_fleets(tmp_path):
    path = tmp_path / "run.npz"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", PLAY, path], check=True, env=environment, timeout=300)
    model = start(hits=0.5, repair_time=1.3, d_parts=(2, 2), world=3).run()
    compiled = {"fleets": model.record.fleets, "milestones": model.record.milestones}
    with np.load(path) as plain:
        for name, values in {**compiled, **model.world.s._asdict()}.items():
            np.testing.assert_allclose(values, plain[name], rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("name", FLEET_SERIES)
def test_results_of_many_worlds_are_those_of_each(name):
    from mobilize.runs import run_worlds
    from policies.package import no_package

    results = run_worlds(kinds(), no_package(), worlds=2)
    alone = Model(kinds(), world=1).run().record
    np.testing.assert_array_equal(results.fleet(name)[1], alone.fleet(name))
    np.testing.assert_array_equal(results.milestones[1], alone.milestones)
    assert len(results.fleet_frame()) == 2 * results.months
    assert list(results.milestone_frame().columns) == ["world", "month", "program", "milestones"]
