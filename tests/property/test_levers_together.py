"""Whatever levers are set, in whatever months: the state stays sound, and saves go on alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.saves import resume, save
from mobilize.scenario import load, shipped
from mobilize.state import State
from policies.levers import OFF, SIZES, catalogue
from policies.package import Package, Setting
from policies.targets import targets

MONTHS = 60


def anything(scenario, seed, count):
    """A package of random levers at random targets, values, sizes and months; some ended again."""
    chance = np.random.default_rng(seed)
    rows = []
    for name in chance.choice(sorted(catalogue()), count):
        lever = catalogue()[str(name)]
        aims = ["base"] if lever.target == "base" else list(targets(lever, scenario))
        if not aims:
            continue
        date = scenario.start + int(chance.integers(0, MONTHS // 2))
        values = {"amount": lever.values, "switch": ("on",), "choice": lever.values}
        value = values[lever.setting][int(chance.integers(len(values[lever.setting])))]
        aim = str(chance.choice(aims))
        rows.append(Setting(date, lever.name, aim, value, SIZES[int(chance.integers(3))]))
        if chance.random() < 0.3:
            end = date + int(chance.integers(1, MONTHS // 2))
            rows.append(Setting(end, lever.name, aim, OFF))
    return Package("anything", "Anything", tuple(sorted(rows, key=lambda r: r.date)))


@settings(deadline=None, max_examples=12)
@given(st.sampled_from(sorted(shipped())), st.integers(0, 10_000), st.sampled_from((5, 30, 150)))
def test_no_package_makes_a_state_unsound(name, seed, count):
    scenario = load(name)
    model = Model(scenario, anything(scenario, seed, count), world=seed % 7, months=MONTHS)
    while model.month < model.months:
        model.step()
        assert faults(model.world.net, model.world.s) == [], model.month


@settings(deadline=None, max_examples=4)
@given(seed=st.integers(0, 10_000), month=st.integers(1, MONTHS - 1))
def test_a_saved_month_goes_on_alike_under_any_package(tmp_path_factory, seed, month):
    scenario = load("gmlrs-2022")
    package = anything(scenario, seed, 60)
    path = tmp_path_factory.mktemp("saves") / "month.npz"
    whole = Model(scenario, package, months=MONTHS).run()
    half = Model(scenario, package, months=MONTHS).run(month)
    save(half, path)
    again = resume(path, scenario, package).run()
    for field in State._fields:
        assert np.array_equal(getattr(again.world.s, field), getattr(whole.world.s, field)), field


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_lever_at_once(name):
    scenario = load(name)
    rows = []
    for lever in catalogue().values():
        aims = ["base"] if lever.target == "base" else list(targets(lever, scenario))[:2]
        value = {"switch": "on"}.get(lever.setting, lever.values[-1])
        rows += [Setting(scenario.start + 2, lever.name, aim, value) for aim in aims]
    model = Model(scenario, Package("all", "All", tuple(rows)))
    while model.month < model.months:
        model.step()
        assert faults(model.world.net, model.world.s) == [], model.month
