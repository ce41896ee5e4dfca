"""Every lever moves what it says, by as much, when it says, and nothing else that month."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import ceil

import numpy as np
import pytest

from mobilize.model import Model
from mobilize.scenario import load
from mobilize.state import POLICY, State
from mobilize.terms import (
    CONTRACT_TIME,
    COORDINATION,
    FMS_CONTRACT,
    INTERAGENCY,
    SCOPES,
    TITLE3_WAIT,
    term,
)
from policies.acts import ACTS
from policies.effects import CHOICES
from policies.groups import GROUPS
from policies.levers import OFF, SIZES, catalogue
from policies.package import Package, Setting
from policies.targets import targets

SCENARIOS = ("arsenal-2026", "artillery-2022", "gmlrs-2022")
START = 2  # month in which the lever is set
TARGETS = 10  # tried beside the first
WORLDS = 6  # worlds tried until an effect that hangs on luck shows
SLOWED = (CONTRACT_TIME, FMS_CONTRACT, TITLE3_WAIT)
AFTER = 84  # months after the onset in which it must show
SHOWN = ("output", "stock", "paid", "trust", "inputs", "price", "open", "licensed", "serviceable",
         "contributed")  # fmt: skip

# What an act may touch in the month in which it takes effect.
TOUCHED = {
    "appropriated": {"appropriated"},
    "industrial": {"industrial"},
    "title3_money": {"title3"},
    "title3_award": {
        "phase",
        "left",
        "added",
        "ledger",
        "title3",
        "industrial",
        "withheld",
        "backlash",
    },
    "project": {"phase", "left", "added", "ledger", "cash", "coming", "equip"},
    "equipment_wait": {"haste"},
    "test_time": {"haste"},
    "skill_transfer": {"haste"},
    "idle": {"open", "share"},
    "foreign_test": {"open", "share"},
    "loan": {"stock", "loan", "trust"},
    "trust": {"trust"},
}


def settings_of(lever, scenario):
    """Every setting across the range of a lever: each word, each end, each size."""
    if lever.setting == "switch":
        values = [("on", size) for size in SIZES]
    else:
        values = [(value, "base") for value in lever.values]
    return [
        Setting(scenario.start + START, lever.name, aim(lever, scenario), value, size)
        for value, size in values
    ]


@cache
def aims(name, scenario_name):
    """Targets at which the lever is not yet set: where it would change its own quantity."""
    lever, scenario = catalogue()[name], load(scenario_name)
    if lever.target == "base":
        return ["base"]
    return targets(lever, scenario)


def aim(lever, scenario):
    """Return a target at which the lever's first move has room."""
    options = aims(lever.name, scenario.name)
    move = lever.moves[0]
    if move.how == "act" or move.quantity in CHOICES or lever.target == "base":
        return options[0]
    model = start(scenario.name)
    scope, row, _ = term(move.quantity)
    ids = getattr(model.world.names, lever.target)
    values = getattr(model.world.s, f"of_{scope}")
    if (scope, lever.target) not in (("country", "countries"), ("program", "programs")):
        return options[0]
    busy = np.bincount(model.world.net.l_country, minlength=len(values[row]))
    weight = busy if scope == "country" else model.world.net.p_objective
    room = [o for o in options if abs(values[row, ids.index(o)] - move.size.base) > 1e-9]
    return max(room or options, key=lambda o: weight[ids.index(o)])


@cache
def start(name):
    return Model(name)


def scenario_for(lever):
    """Return the first scenario in which the lever has something to be aimed at."""
    for name in SCENARIOS:
        if aims(lever.name, name):
            return load(name)
    raise AssertionError(f"{lever.name} has no target in {', '.join(SCENARIOS)}")


def run(scenario, setting, months=None, moved=True):
    """Return a model with a setting, or without it but with what stands beside it."""
    rows = (*beside(setting, scenario), *([setting] if moved else []))
    return Model(scenario, Package("test", "Test", rows), months=months)


def onset(lever, setting, world):
    slow = world.s.of_base[INTERAGENCY] if lever.mover.startswith("US ") else 1.0
    return ceil(lever.onset.at(setting.size) * slow - 0.5)


LEVERS = sorted(catalogue())


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_moves_what_it_claims_after_its_onset_and_nothing_else(name):
    lever = catalogue()[name]
    scenario = scenario_for(lever)
    for setting in settings_of(lever, scenario):
        months = min(scenario.horizon, START + ceil(lever.onset.high) + 4)
        plain, moved = (run(scenario, setting, months, m) for m in (False, True))
        due = START + onset(lever, setting, moved.world)
        while moved.month < due:
            plain.step()
            moved.step()
            same(plain.world.s, moved.world.s, but=paid(plain, moved, lever, START))
        plain.begin()
        moved.begin()
        check_terms(lever, setting, plain, moved)
        moves = (*lever.moves, *lever.side)
        touched = {f for m in moves for f in TOUCHED.get(m.quantity, ())}
        touched |= {m.quantity for m in lever.moves if m.quantity in CHOICES}
        touched |= {"rating"} if any(m.quantity == "dx_tokens" for m in moves) else set()
        touched |= {"hedge"} if any("hedge" in m.quantity for m in moves) else set()
        same(plain.world.s, moved.world.s, {"of_country", "of_program", "of_base", *touched})


def paid(plain, moved, lever, since):
    """Check that the cost of a lever is paid, once and by month; return what else may differ."""
    gap = moved.world.s.ledger[POLICY] - plain.world.s.ledger[POLICY]
    expected = lever.once * 1000 if moved.month > since else 0.0
    np.testing.assert_allclose(gap, expected, rtol=1e-9, atol=1e-6)
    return {"ledger"} if expected else set()


def same(plain, moved, but):
    for field in State._fields:
        a, b = getattr(plain, field), getattr(moved, field)
        if field == "ledger":
            a, b = np.delete(a, POLICY), np.delete(b, POLICY)
        if field not in but or (field == "ledger" and "phase" not in but):
            assert np.array_equal(a, b), field


def check_terms(lever, setting, plain, moved):
    """Compare every term with what the lever says of it."""
    expected = {scope: getattr(plain.world.s, f"of_{scope}").copy() for scope in SCOPES}
    for how in ("set", "scale", "add"):
        for move in (*lever.moves, *lever.side):
            counts = move.value in ("", setting.value)
            if move.how == how and move.quantity not in CHOICES and counts:
                apply(move, lever, setting, moved.world, expected)
    for row in SLOWED:  # every decision that partners share
        expected["country"][row] *= expected["base"][COORDINATION]
    changed = False
    for scope, known in SCOPES.items():
        found, before = (getattr(m.world.s, f"of_{scope}") for m in (moved, plain))
        for row, about in enumerate(known):
            wanted = np.clip(expected[scope][row], about.low, about.high)
            np.testing.assert_allclose(found[row], wanted, rtol=1e-12, err_msg=about.name)
            changed |= not np.array_equal(found[row], before[row])
    acts = any(m.how == "act" or m.quantity in CHOICES for m in lever.moves)
    neutral = all(m.size.at(setting.size) in (0.0, 1.0) for m in lever.moves)
    alone = isinstance(setting.value, float) or lever.setting == "choice" or neutral
    assert changed or acts or alone, "the lever changes no term"


def apply(move, lever, setting, world, expected):
    first = move is lever.moves[0] and isinstance(setting.value, float)
    size = setting.value if first else move.size.at(setting.size)
    scope, row, _ = term(move.quantity)
    at = where(move, lever, setting, world, scope)
    values = expected[scope]
    index = row if scope == "base" else (row, at)
    if move.how == "set":
        values[index] = size
    elif move.how == "scale":
        values[index] *= size
    else:
        values[index] += size


def where(move, lever, setting, world, scope):
    names, net = world.names, world.net
    if scope == "country" and lever.target == "countries":
        return [names.countries.index(setting.target)]
    if scope == "country" and lever.target == "programs":
        return [int(net.p_country[names.programs.index(setting.target)])]
    if scope == "program" and lever.target == "programs":
        return [names.programs.index(setting.target)]
    group = GROUPS[move.where](start(world.scenario.name).world)
    if scope == "program" and lever.target == "countries":
        return np.flatnonzero(net.p_country == names.countries.index(setting.target))
    return np.flatnonzero(group[net.p_country] if scope == "program" else group)


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_changes_what_happens(name):
    """In some world, at some target, something is made, paid or trusted otherwise."""
    lever = catalogue()[name]
    for world in range(WORLDS):
        for scenario in (load(s) for s in SCENARIOS if aims(name, s)):
            for setting in reversed(settings_of(lever, scenario)):
                for target in [setting.target, *aims(name, scenario.name)[:TARGETS]]:
                    if differs(scenario, replace(setting, target=target), world):
                        return
    raise AssertionError(f"{name} is inert: nothing differs at its targets in {WORLDS} worlds")


def beside(setting, scenario):
    """Return what must be set as well for a lever to have something to work on."""
    date = scenario.start + START
    programs = targets(catalogue()["dpas-rating"], scenario)
    return {
        "dx-tokens": [Setting(date, "dpas-rating", p, "DX") for p in programs],
        "title3-award": [Setting(date - 1, "title3-appropriation", "base", 1500.0)],
        "title3-rule": [Setting(date, "title3-appropriation", "base", 500.0)],
        "white-house-focal-point": [
            Setting(date + 12, "usml-to-ccl", "base", "both"),
        ],
        "end-item-reserve": [Setting(date, "appropriate", setting.target, 9000.0)],
    }.get(setting.lever, [])


def differs(scenario, setting, world):
    others = tuple(beside(setting, scenario))
    plain = without(scenario.name, others, world)
    moved = shown(scenario.name, (setting, *others), world)
    return any(not np.allclose(a, b, rtol=1e-9) for a, b in zip(plain, moved, strict=True))


def shown(name, rows, world):
    """Return what must differ in a world with these settings."""
    scenario = load(name)
    state = Model(scenario, Package("test", "Test", rows), world=world).run(AFTER).world.s
    return [getattr(state, field).copy() for field in SHOWN]


without = cache(shown)


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_set_off_leaves_no_trace_in_the_terms(name):
    lever = catalogue()[name]
    scenario = scenario_for(lever)
    setting = settings_of(lever, scenario)[-1]
    end = START + ceil(lever.onset.base) + 1
    off = Setting(scenario.start + end, lever.name, setting.target, OFF)
    package = Package("test", "Test", (setting, off))
    model = Model(scenario, package, months=end + 3).run()
    first = Model(scenario).world.s
    for scope in SCOPES:
        np.testing.assert_array_equal(getattr(model.world.s, f"of_{scope}"),
                                      getattr(first, f"of_{scope}"))  # fmt: skip


def test_a_program_without_a_token_is_rated_do_and_told_so():
    scenario = load("arsenal-2026")
    date = scenario.start + START
    programs = targets(catalogue()["dpas-rating"], scenario)[:5]
    rows = tuple(Setting(date, "dpas-rating", program, "DX") for program in programs)
    model = Model(scenario, Package("t", "T", rows), months=START + 3).run()
    ratings = [model.world.s.rating[model.world.names.programs.index(p)] for p in programs]
    assert ratings == [0, 0, 0, 1, 1]
    told = [d.target for d in model.decisions if "tokens are held" in d.why]
    assert told == list(programs[3:])


def test_a_setting_ended_before_its_onset_never_acts():
    scenario = load("arsenal-2026")
    date = scenario.start + START
    award = Setting(
        date, "idle-allied-capacity", aims("idle-allied-capacity", scenario.name)[0], "on"
    )
    off = Setting(date, award.lever, award.target, OFF)
    for size in SIZES[1:]:
        rows = (replace(award, size=size), off)
        plain, moved = (
            Model(scenario, months=24),
            Model(scenario, Package("t", "T", rows), months=24),
        )
        assert np.array_equal(plain.run().world.s.open, moved.run().world.s.open)
        alone = Model(scenario, Package("t", "T", rows[:1]), months=24).run()
        assert not np.array_equal(plain.world.s.open, alone.world.s.open)


def test_every_act_says_what_it_touches():
    assert set(TOUCHED) == set(ACTS)


def test_costs_by_year_are_paid_every_month_while_in_force():
    lever = next(v for v in catalogue().values() if v.yearly > 0 and v.onset.base < 3)
    scenario = scenario_for(lever)
    model = run(scenario, settings_of(lever, scenario)[-1], months=24).run()
    due = START + ceil(lever.onset.base - 0.5)
    expected = lever.once + lever.yearly / 12 * (24 - due)
    np.testing.assert_allclose(model.world.s.ledger[POLICY], expected * 1000)
