"""The challenger follows its reasons; its luck is its own; without it nothing happens."""

from __future__ import annotations

import numpy as np
import pytest

from agents.adversary import ATTACK, KIND, veto
from agents.tables import ladder, mindsets
from mobilize.conflicts import at_war
from mobilize.crises.course import befall
from mobilize.crises.kinds import BASE
from mobilize.deterrence import SERIES, metric
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.luck import Stream
from mobilize.model import Model
from mobilize.physics.reasons import hazard, monthly
from mobilize.runs import run_worlds
from mobilize.saves import resume, save
from mobilize.state import STEPS
from policies.package import Package, Setting, no_package
from tests.deterrence import arsenal

MONTHS = 36
KINDS = {"slow-roll": "licence-slow-roll", "embargo": "export-ban", "quarantine": "shipping-delay"}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return arsenal(tmp_path_factory.mktemp("acts") / "acts")


@pytest.fixture(scope="module")
def watcher(tmp_path_factory):
    return arsenal(tmp_path_factory.mktemp("watches") / "watches", acts=False)


def pressed(scenario, world=0, motive=3.0, **options):
    """Return a model whose challenger wants to act."""
    model = Model(scenario, world=world, months=MONTHS, **options)
    befall(model.world, "motivation", BASE, motive, why="a test")
    return model


def moves(model):
    return [d for d in model.decisions if d.kind == KIND]


def test_a_challenger_that_watches_makes_no_move(watcher):
    model = pressed(watcher).run()
    assert moves(model) == []
    assert not model.world.s.rung_left.any()
    assert metric(model.world, "mindset") >= 0


def test_moves_have_effects_and_reasons(scenario):
    seen = set()
    for world in range(12):
        model = pressed(scenario, world).run()
        for move in moves(model):
            assert move.who == "CN"
            assert any(reason in move.why for reason in ("motivation", "exposure", "status quo"))
        public = [d for d in model.decisions if d.kind in ("disturbance", "conflict")]
        assert not any("motivation" in d.why or "+0." in d.why for d in public)
        troubles = {d.target for d in public}
        wars = {d.target for d in model.decisions if d.kind == "conflict"}
        trust = set(model.world.names.countries)
        assert {m.target for m in moves(model)} <= troubles | wars | trust
        for rung in ladder():
            seen |= {rung.name for m in moves(model) if m.why.startswith(f"{rung.title}:")}
    assert seen == set(RUNGS)


def test_an_embargo_closes_the_item_on_which_most_depends(scenario):
    model = pressed(scenario)
    model.run(2)
    world = model.world
    item, _, country = model.adversary.take(world, RUNGS.index("embargo")).target.partition("@")
    net = world.net
    at = (net.l_item == world.names.items.index(item)) & (net.l_country == country_of(world))
    abroad = at[net.r_supplier] & (net.r_buyer != country_of(world))
    assert country == "CN"
    assert abroad.any()
    assert (world.s.blocked[abroad] > 0).all()


def country_of(world):
    return world.names.countries.index("CN")


def test_sabotage_hits_a_plant_that_it_sees_and_that_matters(scenario):
    model = pressed(scenario).run(2)
    world, front = model.world, model.adversary.front
    for month in range(2, 12):
        world.month = month
        target = model.adversary.take(world, RUNGS.index("sabotage")).target
        line = world.names.lines.index(target)
        assert front.seen[line]
        assert not front.abroad[line]
        assert world.s.loss[line] > 0


def test_pressure_costs_the_least_committed_supplier_some_trust(scenario):
    world = pressed(scenario).world
    adversary = Model(scenario).adversary
    before = world.s.trust.copy()
    adversary.take(world, RUNGS.index("protest"))
    c = int(np.argmax(before - world.s.trust))
    supplies = np.bincount(world.net.l_country, minlength=len(before)) > 0
    others = supplies & ~world.net.c_home & (before > 0)
    assert before[c] == before[others].min()
    assert before[c] - world.s.trust[c] == pytest.approx(ladder()[0].strength)


def test_an_attack_begins_the_war_that_waits_for_it_once(scenario):
    model = pressed(scenario).run(2)
    adversary, world = model.adversary, model.world
    assert adversary.chances(world)[ATTACK] > 0
    assert adversary.take(world, ATTACK).target == "strait"
    assert at_war(world).any()
    assert adversary.chances(world)[ATTACK] == 0
    model.run(1)
    assert metric(world, "rung attack") == 1
    model.run(3)
    assert metric(world, "rung attack") == 0


def test_the_hazard_of_an_attack_is_that_of_the_model(scenario):
    model = Model(scenario, months=MONTHS).run(5)
    world = model.world
    mindset = mindsets()[MINDSETS[int(world.s.mindset[0])]]
    model.begin()
    terms, *_ = model.adversary.reasons(world, world.month - 1)
    model.adversary.decide(world)
    chance = model.adversary.chances(world)[ATTACK]
    terms, *_ = model.adversary.reasons(world, world.month)
    assert chance == pytest.approx(monthly(hazard(0.02, mindset.kappa, sum(terms))))


def test_motivation_raises_every_chance_and_fades(scenario):
    model = Model(scenario, months=MONTHS).run(5)
    calm = model.adversary.chances(model.world)
    befall(model.world, "motivation", BASE, 0.5, why="an insult")
    angry = model.adversary.chances(model.world)
    assert all(a < b for a, b in zip(calm, angry, strict=True) if a > 0)
    model.run(2)
    fades = 1 - model.world.p.motivation_decay
    assert model.world.s.motivation[0] == pytest.approx(0.5 * fades**2)


def test_more_ready_stock_lowers_the_chance_of_an_attack(scenario):
    model = Model(scenario, months=MONTHS).run(3)
    twin = model.fork()
    twin.world.s.stock[model.adversary.front.critical] *= 4
    model.run(6)
    twin.run(6)
    thin, deep = (m.adversary.chances(m.world)[ATTACK] for m in (model, twin))
    assert 0 < deep < thin


def test_a_step_is_taken_when_luck_lies_below_its_chance_and_one_a_month(scenario):
    model = pressed(scenario, motive=0.5)
    for _ in range(MONTHS - 1):
        model.begin()
        model.disturb()
        model.decide()
        model.work()
        from mobilize.deterrence import assess

        assess(model.world)
        chances = np.array(model.adversary.chances(model.world))
        luck = model.world.luck.uniform(Stream.ADVERSARY, model.month, STEPS)
        model.adversary.decide(model.world)
        drawn = np.flatnonzero(luck < chances)
        assert np.flatnonzero(model.world.s.chosen).tolist() == drawn[-1:].tolist()
        model.remember()


def test_policy_shifts_neither_its_mindset_nor_its_luck(scenario):
    stock = tuple(
        Setting(scenario.start, "appropriate", program, 500.0) for program in ("us-lrasm", "us-sm6")
    )
    plain, rich = (
        run_worlds(scenario, policy, 4, length=12)
        for policy in (no_package(), Package("t", "T", stock))
    )
    assert np.array_equal(plain.metric("mindset"), rich.metric("mindset"))
    for world in range(3):
        a, b = (
            Model(scenario, p, world=world).world.luck for p in (None, Package("t", "T", stock))
        )
        for stream in (Stream.ADVERSARY, Stream.PERCEPTION, Stream.TARGETS):
            assert np.array_equal(a.uniform(stream, 9, STEPS), b.uniform(stream, 9, STEPS))


def test_the_mindset_is_drawn_once_a_world_or_named(scenario):
    drawn = {int(Model(scenario, world=w).world.s.mindset[0]) for w in range(20)}
    assert drawn == {0, 1, 2}
    for n, name in enumerate(MINDSETS):
        model = Model(scenario, world=3, mindset=name)
        assert model.world.s.mindset[0] == n
        assert model.again(3).world.s.mindset[0] == n
    with pytest.raises(ValueError, match="allowed: one of opportunist, fearful, patient"):
        Model(scenario, mindset="bold")
    with pytest.raises(ValueError, match=r"it has no \[challenger\]"):
        Model("artillery-2022", mindset="fearful")


def test_the_same_world_is_the_same_bytes_also_saved_and_forked(scenario, tmp_path):
    whole, again = (pressed(scenario, 2).run() for _ in range(2))
    assert np.array_equal(whole.record.metrics, again.record.metrics)
    assert whole.decisions == again.decisions
    half = pressed(scenario, 2).run(17)
    twin = half.fork()
    save(half, tmp_path / "month")
    for model in (twin.run(), resume(tmp_path / "month", scenario).run()):
        assert np.array_equal(whole.record.metrics, model.record.metrics)
        assert np.array_equal(whole.record.programs, model.record.programs)
        assert model.decisions == whole.decisions


def test_rungs_end_when_they_run_out(scenario):
    model = pressed(scenario, motive=0.0)
    model.world.p = model.world.p._replace(steps_at_once=0)
    model.adversary.take(model.world, RUNGS.index("quarantine"))
    stands = [metric(model.run(1).world, "rung quarantine") for _ in range(6)]
    assert stands == [1, 1, 1, 0, 0, 0]
    assert "rung quarantine" in SERIES


def test_the_white_cell_may_veto_what_was_chosen(scenario):
    model = pressed(scenario, motive=0.0).run(2)
    world = model.world
    world.s.chosen[:] = 0
    world.s.chosen[ATTACK] = 1
    assert [d.target for d in veto(world, "too soon")] == ["attack"]
    model.run(1)
    assert metric(world, "rung attack") == 0
    assert "vetoed: too soon" in [d.why for d in model.decisions]
