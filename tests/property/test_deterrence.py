"""The metrics against small networks worked out by hand, and what moves them in which direction."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from agents.requests import honour_chance
from mobilize.deterrence import SERIES, assess, metric, sighted, watch
from mobilize.invariants import faults
from mobilize.ladder import MINDSETS
from mobilize.model import Model
from mobilize.physics.capability import able_at, dependence, passing
from mobilize.runs import run_worlds
from mobilize.saves import resume, save
from mobilize.scenario import load
from mobilize.state import AHEAD, EPS, METRICS
from policies.levers import catalogue
from policies.package import Package, Setting, no_package
from policies.targets import targets
from tests.deterrence import add_war, arsenal, peaceful
from tests.scenarios import write_small

ROOT = Path(__file__).parents[2]
USES = {"us-shell-buy": 400}
MONTHS = 30
STEEL_LEFT = 80 * 5 / 50 / 0.05  # bodies a month from the mill's part that civil customers leave


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = write_small(tmp_path_factory.mktemp("small") / "small")
    return load(add_war(folder, USES, acts=None))


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    return arsenal(tmp_path_factory.mktemp("arsenal") / "arsenal", acts=False, mindset="fearful")


@pytest.fixture(scope="module")
def assessed(small):
    model = Model(small)
    model.world.s.delivered[:] = model.world.s.recent  # a month as at the start
    assess(model.world)
    return model


def lines(world, *ids):
    return np.isin(world.names.lines, ids)


def test_series_have_the_length_of_the_state():
    assert len(SERIES) == METRICS == len(set(SERIES))


def test_days_of_fires_of_a_small_network(assessed):
    assert metric(assessed.world, "fires") == np.ceil(10000 / (400 - 100 / (365.25 / 12)))


def test_what_a_small_network_could_deliver_is_bound_by_its_deepest_tier(assessed):
    capable = assessed.world.s.capable
    np.testing.assert_allclose(capable[0, :, 0], STEEL_LEFT)
    np.testing.assert_allclose(capable[1, :, 0], 300)  # its prime alone, by its equipment


def replenish(able):
    made = months = 0
    while made < 30 * 400 - EPS:
        made += min(able, 100 * 1.06**months) - 10
        months += 1
    return months


def test_months_to_replenish_of_a_small_network(small):
    blind = Model(small)
    blind.world.s.delivered[:] = blind.world.s.recent
    assess(blind.world)
    assert metric(blind.world, "replenish") == replenish(STEEL_LEFT)
    assert metric(blind.world, "replenish_seen") == replenish(300)


def test_a_project_counts_from_its_ramp_and_only_as_far_as_its_inputs_go(small):
    model = Model(small)
    model.world.start_project(0)  # more shells: 23 months to the ramp of 6, then 200 a month more
    model.world.s.left[0] = 3  # without the slip of its luck
    model.world.s.delivered[:] = model.world.s.recent
    assess(model.world)
    true, seen = model.world.s.capable[:, :, 0]
    np.testing.assert_allclose(true, STEEL_LEFT)
    np.testing.assert_allclose(seen, [300, 300, 300 + 200 / 6, 500, 500])
    assert able_at.py_func(model.world.s.capable[1], 0, 30.0) == pytest.approx(416.6666667)


def test_a_new_source_counts_once_it_has_passed_its_tests(small):
    model = Model(small)
    world = model.world
    world.s.equip[lines(world, "us-bodies", "mill")] *= 9
    world.start_project(1)  # charges at home
    world.s.delivered[:] = world.s.recent
    assess(world)
    limit = [min(300, (500 + more) / 2) for more in (0, 0, 0, 200, 200)]
    np.testing.assert_allclose(world.s.capable[0, :, 0], limit)


def test_assured_supply_and_dependence_of_a_small_network(assessed):
    world = assessed.world
    chance = honour_chance(world)[lines(world, "ca-charges")][0]
    assert 0.5 < chance < 1.0
    assert metric(world, "assured") == pytest.approx(chance)
    assert metric(world, "dependence") == pytest.approx((1 - chance) / 4)  # one of four parts


def test_all_of_a_chain_depends_on_its_only_source_and_half_on_one_of_two(assessed):
    world = assessed.world
    net, s, _ = world.arrays
    order, part = watch(world).order, np.zeros(1)
    for ids, wanted in ((("ca-charges",), 1.0), (("us-charges",), 0.0), (("mill",), 1.0)):
        dependence(net, s, order, lines(world, *ids), part)
        assert part[0] == wanted
    twin = assessed.fork().world
    for r, (_, supplier) in enumerate(twin.names.routes):
        if supplier.endswith("-charges"):
            twin.s.open[r], twin.s.share[r] = True, 0.5
    dependence(*twin.arrays[:2], order, lines(twin, "ca-charges"), part)
    assert part[0] == 0.5
    through = np.zeros(5)
    passing(*twin.arrays[:2], order, np.zeros(1, np.int32), through)
    assert dict(zip(twin.names.lines, through, strict=True)) == {
        "assembly": 1.0, "us-bodies": 1.0, "ca-charges": 0.5, "us-charges": 0.5, "mill": 1.0,
    }  # fmt: skip


def test_the_sweep_compiled_does_what_it_does_as_plain_python(tmp_path):
    play = (
        "import sys, numpy as np\nfrom mobilize.model import Model\n"
        "model = Model(sys.argv[1], months=8)\nmodel.world.start_project(0)\nmodel.run()\n"
        "np.save(sys.argv[2], model.record.metrics)\n"
    )
    folder = write_small(tmp_path / "small")
    add_war(folder, USES, acts=None)
    found = []
    for disabled in ("0", "1"):
        path = tmp_path / f"{disabled}.npy"
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", play, str(folder), str(path)]
        subprocess.run(command, check=True, env=environment, timeout=300)
        found.append(np.load(path))
    np.testing.assert_allclose(*found, rtol=1e-10, atol=1e-10)


def test_every_supplier_stands_before_its_buyers(big):
    world = Model(big).world
    net, place = world.net, np.argsort(watch(world).order)
    bought = net.r_slot >= 0
    buyers = net.k_line[net.r_slot[bought]]
    assert (place[net.r_supplier[bought]] < place[buyers]).all()


def test_the_truth_sees_no_more_than_the_challenger_believes(big):
    model = Model(big, months=MONTHS).run()
    true, seen = model.world.s.capable
    assert (true <= seen + EPS).all()
    assert true.max() > 0
    assert sighted(model.world, watch(model.world)).sum() < len(model.world.net.l_item)


def test_metrics_are_finite_and_the_state_stays_sound(big):
    model = Model(big, months=MONTHS)
    while model.month < MONTHS:
        model.step()
        assert faults(model.world.net, model.world.s) == []
    assert np.isfinite(model.record.metrics).all()


def test_no_metric_is_taken_without_a_reference_conflict():
    results = run_worlds(load("artillery-2022"), no_package(), 1, length=3)
    assert results.metrics.shape == (1, 0, 3)


def test_watching_changes_nothing(big, tmp_path):
    quiet = load(peaceful(tmp_path / "quiet"))
    plain, watched = (run_worlds(s, no_package(), 1, length=MONTHS) for s in (quiet, big))
    for name in ("programs", "items", "ledger"):
        assert np.array_equal(getattr(plain, name), getattr(watched, name))
    assert watched.metrics.shape == (1, METRICS, MONTHS)


def later(model, months=6):
    return {name: metric(model.run(months).world, name) for name in SERIES}


def test_more_ready_stock_makes_a_short_war_less_promising(big):
    model = Model(big, months=MONTHS).run(3)
    twin = model.fork()
    critical = watch(twin.world).critical
    twin.world.s.stock[critical] *= 4
    thin, deep = later(model), later(twin)
    assert deep["fires"] > thin["fires"]
    for name in MINDSETS:
        assert deep[f"view {name}"] < thin[f"view {name}"]


def ramped(model):
    """Start to double every line of the primes and nothing below."""
    world = model.world
    for line in np.flatnonzero(watch(world).prime & (world.s.equip > 0)).tolist():
        world.net.j_adds[world.private(line)] = 1.0
        world.start_project(world.private(line))
    return model


def test_a_ramp_at_the_primes_alone_shows_before_it_delivers_and_closes_the_window(big):
    model = Model(big, months=MONTHS).run(3)
    adds = model.world.net.j_adds.copy()
    twin = ramped(model.fork())
    try:
        plain, ramp = later(model), later(twin)
    finally:
        model.world.net.j_adds[:] = adds  # the network is shared
    assert ramp["announced"] > plain["announced"] + 0.1
    assert ramp["output"] < plain["output"] + 0.01
    assert ramp["replenish_seen"] < plain["replenish_seen"]
    for name in MINDSETS:
        assert ramp[f"{name} window"] > plain[f"{name} window"]


def test_reassurance_takes_its_share_of_the_window_and_nothing_else(big):
    onset = round(catalogue()["reassurance"].onset.base)
    rows = (Setting(big.start, "reassurance", "base", "on"),)
    plain, calm = (Model(big, Package("t", "T", r), months=MONTHS) for r in ((), rows))
    before, after = (later(m, MONTHS) for m in (plain, calm))
    assert onset < MONTHS
    for name in MINDSETS:
        assert before[f"{name} window"] > EPS
        assert after[f"{name} window"] < before[f"{name} window"]


def test_publicity_makes_the_picture_sharper_and_not_better(big):
    rows = (Setting(big.start, "publicity", "base", "on"),)
    plain, shown = (later(Model(big, Package("t", "T", r), months=12), 12) for r in ((), rows))
    size = catalogue()["publicity"].moves[0].size.base
    floor = Model(big).world.p.visibility_floor
    gain = shown["visibility"] - plain["visibility"]
    assert gain == pytest.approx((1 - floor) * size, rel=0.05)
    assert shown["fires"] == plain["fires"]
    assert shown["replenish"] == plain["replenish"]


def package(lever, scenario):
    aims = ["base"] if lever.target == "base" else list(targets(lever, scenario))
    if not aims:
        return None
    value = "on" if lever.setting == "switch" else lever.values[-1]
    return Package("t", "T", (Setting(scenario.start, lever.name, aims[0], value),))


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_no_lever_moves_the_motivation(name, big):
    policy = package(catalogue()[name], big)
    if policy is None:
        pytest.skip(f"{name} has nothing to be aimed at here")
    model = Model(big, policy, months=12)
    model.world.s.motivation[0] = 0.3
    places = [SERIES.index(f"{m} motivation") for m in MINDSETS]
    faded = 0.3 * (1 - model.world.p.motivation_decay) ** np.arange(12)
    np.testing.assert_allclose(model.run().record.metrics[places], [faded] * len(MINDSETS))


def test_a_saved_month_goes_on_bit_for_bit(big, tmp_path):
    whole = Model(big, months=12).run()
    half = Model(big, months=12).run(7)
    save(half, tmp_path / "month")
    again = resume(tmp_path / "month", big).run()
    assert np.array_equal(whole.record.metrics, again.record.metrics)
    assert np.array_equal(whole.record.metrics, half.fork().run().record.metrics)


def test_the_horizons_begin_today_and_rise():
    assert AHEAD[0] == 0
    assert list(AHEAD) == sorted(set(AHEAD))
