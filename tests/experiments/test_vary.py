"""A varied scenario is a sound one, moves what it should and leaves no trace."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tables import mindsets
from experiments.factors import catalogue, read_factors
from experiments.movable import confidences, movable, spreads
from experiments.vary import moved_size, vary
from mobilize.game.file import _row
from mobilize.invariants import faults as unsound
from mobilize.ladder import MINDSETS
from mobilize.scenario import kept, keys, load, months, schema
from mobilize.scenario.load import SHIPPED, _read
from mobilize.scenario.validate import violations
from policies.levers import PLACES, Range
from policies.package import Package, PackageError, Setting, load_package, read_package

GAP = load("industrial-gap")
EVERY = ("documented", "estimate", "unverified", "notional")


def all_factors(scenario, *packages):
    found, faults = read_factors((), EVERY, scenario, packages)
    assert not faults
    return found


def point(scenario, places, *packages):
    factors = all_factors(scenario, *packages)
    return vary(scenario, factors, {f.name: f.at(u) for f, u in zip(factors, places, strict=False)})


def drafted(name, scenario):
    """Return a scenario as the checks of `load` see it."""
    draft = _read(SHIPPED / name)[0]
    lists = {}
    for kind in (kind for kind in movable().values() if not kind.is_table):
        old = getattr(draft.settings, kind.of)
        lists[kind.of] = tuple(
            replace(entry, values=entry.values | {c: getattr(new, c) for c in kind.columns})
            for entry, new in zip(lists.get(kind.of, old), getattr(scenario, kind.of), strict=True)
        )
    return replace(draft, tables=scenario.tables, settings=replace(draft.settings, **lists))


def refused(name, scenario):
    """Return what `load` would say of a scenario: figure by figure, then all its rules."""
    found = [str(fault) for fault in violations(drafted(name, scenario))]
    for attribute in (a for a in schema.attributes() if a.is_number):
        for value in scenario.tables[attribute.table][attribute.column].tolist():
            missing = value != value or (attribute.type == "integer" and value == -1)
            if not missing and (problem := attribute.limits.problem(value)):
                found.append(f"{attribute.table} {attribute.column}: {problem}")
    rows = scenario["parameters"].rows()
    found += [row["name"] for row in rows if not row["low"] <= row["value"] <= row["high"]]
    read = keys.LISTS | keys.OF_CONFLICT
    for kind in (kind for kind in movable().values() if not kind.is_table):
        schema_of = read[kind.address.partition(":")[0]]
        for entry in getattr(scenario, kind.of):
            for column in kind.columns:
                if (value := getattr(entry, column)) is not None:
                    schema_of[column][0](value)  # raises where the file could not say so
    return found


def mixed(seed, count=400):
    """Return places of factors: ends of ranges and places between."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random(count) < 0.5, rng.integers(0, 2, count), rng.random(count)).tolist()


@pytest.mark.parametrize("name", [
    "arsenal-2026", "industrial-gap", "artillery-2022", "gmlrs-2022", "jdam-2003", "mrap-2007",
    "arctic-cutter",
])  # fmt: skip
@given(seed=st.integers(0, 10**6))
@settings(max_examples=4, deadline=None)
def test_any_values_within_their_ranges_give_a_scenario_that_load_would_take(name, seed):
    assert refused(name, point(load(name), mixed(seed)).scenario) == []


@pytest.mark.parametrize("name", ["arsenal-2026", "industrial-gap", "mrap-2007"])
@pytest.mark.parametrize("end", [0.0, 1.0])
def test_the_ends_of_all_ranges_give_a_scenario_that_load_would_take(name, end):
    scenario = load(name)
    other = point(scenario, [end] * 400).scenario
    assert other is not scenario
    assert refused(name, other) == []


@given(st.integers(0, 10**6))
@settings(max_examples=4, deadline=None)
def test_a_varied_run_conserves_goods_people_and_money(seed):
    package = load_package("whole-chain", GAP)
    varied = point(GAP, mixed(seed), package)
    with varied.holding():
        world = varied.model(package, months=14).run().world
        assert unsound(world.net, world.s) == []


def test_values_of_the_scenario_itself_leave_it_as_it_is():
    package = load_package("ready-stock", GAP)
    factors = all_factors(GAP, package)
    same = vary(GAP, factors, {f.name: f.of_base() for f in factors})
    assert same.scenario is GAP
    assert same.package(package).digest == package.digest
    assert (same.figures, same.mindset) == ((), None)


@pytest.mark.parametrize("place", [-1.0, -0.3, 1.0])
def test_every_figure_moves_by_its_own_confidence(place):
    factor = catalogue(GAP)["table:items.cost"]
    other = vary(GAP, [factor], {factor.name: place}).scenario
    moved = other["items"]["cost"] / GAP["items"]["cost"]
    spread = [spreads()[word] for word in confidences(GAP, "items", "cost")]
    assert len(set(spread)) > 1
    assert moved == pytest.approx(np.array(spread) ** place)
    assert all(other.tables[t] is GAP.tables[t] for t in GAP.tables if t != "items")


def test_a_pattern_of_rows_moves_these_rows_alone():
    found, _ = read_factors([{"varies": "table:programs.stock", "rows": "jp-*"}], (), GAP)
    other = vary(GAP, found, {found[0].name: 1.0}).scenario["programs"]
    before, ids = GAP["programs"], GAP["programs"]["id"].tolist()
    mine = np.array([name.startswith("jp-") for name in ids]) & (before["stock"] > 0)
    assert mine.any()
    assert (other["stock"] != before["stock"]).tolist() == mine.tolist()


def test_whole_numbers_stay_whole_and_a_time_does_not_vanish():
    factor = catalogue(GAP)["table:projects.times"]
    other = vary(GAP, [factor], {factor.name: -1.0}).scenario["projects"]
    for column in factor_columns("table:projects.times"):
        assert other[column].dtype == np.int64
        assert ((other[column] >= 1) == (GAP["projects"][column] >= 1)).all()


def factor_columns(address):
    return movable()[address].columns


def test_a_line_can_always_make_what_is_asked_of_it_at_the_start():
    factor = catalogue(GAP)["table:bom.quantity"]
    lines = vary(GAP, [factor], {factor.name: 1.0}).scenario["lines"]
    raised = lines["rate_max"] > GAP["lines"]["rate_max"]
    assert raised.any()
    assert (lines["rate_max"] >= GAP["lines"]["rate_max"]).all()
    assert (lines["start_rate"] == GAP["lines"]["start_rate"]).all()


@pytest.mark.parametrize("word", ["low", "base", "high"])
def test_the_ends_of_a_levers_place_are_its_low_and_high_size(word):
    start = GAP.start
    setting = Setting(start, "workforce-pipeline", "US", "on")
    plain, named = (Package("p", "P", (replace(setting, size=size),)) for size in ("base", word))
    factors = [f for a, f in catalogue(GAP, [plain]).items() if a.startswith(("lever", "onset"))]
    assert len(factors) == 2
    varied = vary(GAP, factors, {f.name: PLACES[word] for f in factors})
    ran, meant = varied.model(plain, months=18).run(), varied.model(months=18)
    meant = type(meant)(GAP, named, months=18, panel=False).run()
    for name in ("programs", "items", "ledger"):
        assert np.array_equal(getattr(ran.record, name), getattr(meant.record, name))


def test_size_and_onset_of_a_lever_vary_apart():
    package = load_package("ready-stock", GAP)
    factors = catalogue(GAP, [package])
    name = next(a.partition(":")[2] for a in factors if a.startswith("lever:"))
    for kind, unmoved in (("lever", "of_onset"), ("onset", "size")):
        factor = factors[f"{kind}:{name}"]
        varied = vary(GAP, [factor], {factor.name: 0.5}).package(package)
        pairs = [(a, b) for a, b in zip(package.settings, varied.settings, strict=True)
                 if a.lever == name]  # fmt: skip
        assert all(a != b and getattr(a, unmoved) == getattr(b, unmoved) for a, b in pairs)
        others = [(a, b) for a, b in zip(package.settings, varied.settings, strict=True)
                  if a.lever != name]  # fmt: skip
        assert all(a == b for a, b in others)


def test_a_package_may_give_a_place_between_the_sizes_and_a_game_file_keeps_it():
    row = {"date": months.label(GAP.start), "lever": "workforce-pipeline", "target": "US"}
    packages = [read_package("p", {"set": [row | more]}, GAP, "p.toml")
                for more in ({}, {"size": 0.5}, {"size": 0.5, "onset": "low"})]  # fmt: skip
    assert len({package.digest for package in packages}) == 3
    for (setting,) in (package.settings for package in packages):
        told = {"date": row["date"], **_row(setting)}
        assert read_package("p", {"set": [told]}, GAP, "p.toml").settings == (setting,)
    with pytest.raises(PackageError, match=r"onset '2' is not one of low, base, high, or a number"):
        read_package("p", {"set": [row | {"onset": 2}]}, GAP, "p.toml")


@given(st.sampled_from(["low", "base", "high"]) | st.floats(-1, 1), st.floats(-1, 1))
def test_a_size_moves_from_its_own_place_towards_the_end_it_is_moved_to(own, place):
    at = PLACES.get(own, own)
    new = moved_size(own, place)
    new = PLACES.get(new, new)
    assert -1 <= new <= 1
    assert new >= at if place > 0 else new <= at
    ends = Range(2.0, 3.0, 7.0)
    assert 2.0 <= ends.at(new) <= 7.0
    assert [ends.at(end) for end in (-1.0, 0.0, 1.0, -0.5)] == [2.0, 3.0, 7.0, 2.5]


def test_a_figure_of_the_challenger_moves_from_each_mindsets_own_to_one_end():
    factor = catalogue(GAP)["challenger:short_weight"]
    low, half, high = (vary(GAP, [factor], {factor.name: at}).figures for at in (-1.0, 0.5, 1.0))
    own = mindsets()
    for name in MINDSETS:
        assert mindsets(low)[name].short_weight == 0.0
        assert mindsets(high)[name].short_weight == 1.0
        assert mindsets(half)[name].short_weight == pytest.approx((own[name].short_weight + 1) / 2)
        assert mindsets(half)[name].kappa == own[name].kappa
    plain, other = (vary(GAP, [factor], {factor.name: at}).model(months=6).run()
                    for at in (0.0, 1.0))  # fmt: skip
    assert not np.array_equal(plain.record.metrics, other.record.metrics)


def test_a_challengers_figures_stay_with_a_model_that_is_forked_or_run_again():
    factor = catalogue(GAP)["challenger:kappa"]
    model = vary(GAP, [factor], {factor.name: -1.0}).model(months=4, panel=True).run(2)
    assert model.fork().world.figures == model.world.figures == (("kappa", -1.0),)
    again = model.again(4).run()
    assert np.array_equal(again.record.metrics, model.run().record.metrics)


@pytest.mark.parametrize("word", MINDSETS)
def test_a_mindset_is_the_one_asked_for(word):
    factor = catalogue(GAP)["mindset"]
    world = vary(GAP, [factor], {"mindset": word}).model(months=1).world
    assert MINDSETS[int(world.s.mindset[0])] == word


def held():
    return sum(len(found) for found, _ in kept._EVERY)


def test_nothing_of_a_point_is_kept_once_its_runs_are_over():
    package = load_package("ready-stock", GAP)
    factors = all_factors(GAP, package)
    rng = np.random.default_rng(1)
    sizes = []
    for _ in range(3):
        values = {f.name: f.at(u) for f, u in zip(factors, rng.random(len(factors)), strict=True)}
        varied = vary(GAP, factors, values)
        with varied.holding():
            varied.model(package, months=2).run()
            sizes.append(held())
        sizes.append(held())
    assert len(set(sizes[1::2])) == 1
    assert sizes[2] > sizes[1]


def test_a_point_that_varies_nothing_keeps_what_is_ready():
    with vary(GAP, [], {}).holding() as same:
        same.model(months=1)
        before = held()
    assert held() == before


def test_a_run_does_not_depend_on_the_points_run_before_it():
    package = load_package("ready-stock", GAP)
    factors = all_factors(GAP, package)
    found = []
    for u in (0.2, 0.9, 0.2):
        varied = vary(GAP, factors, {f.name: f.at(u) for f in factors})
        with varied.holding():
            found.append(varied.model(package, world=3, months=12).run().record)
    first, other, again = found
    assert np.array_equal(first.programs, again.programs)
    assert np.array_equal(first.metrics, again.metrics)
    assert not np.array_equal(first.programs, other.programs)


def test_a_value_for_a_factor_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        vary(GAP, (), {"parameter:training": 4.0})
