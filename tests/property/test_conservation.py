"""Nothing is made from nothing and nothing is lost: units, people, money and hours."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize import invariants, script
from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.physics import production
from mobilize.physics.handle import handle
from mobilize.physics.priority import allocate
from mobilize.scenario import load
from mobilize.state import (
    CIVIL,
    CLASSES,
    IDLE,
    INVESTMENT,
    PROGRAMS,
    PROJECTS,
    TRANSIT,
    WAGES,
    State,
)
from mobilize.synthetic import synthetic
from policies.acts import MONEY
from policies.effects import amount
from policies.levers import OFF, catalogue
from policies.package import Package, Setting

MONTHS = 60
UNRATED = CLASSES - 1
ACCIDENTS = 0.4  # a year and line: many more than the scenarios have

few = settings(deadline=None, max_examples=12)
worlds = given(st.integers(20, 80), st.integers(0, 10_000))


class Run(NamedTuple):
    """A run with its state before the first month and after every month."""

    model: Model
    states: list[State]
    arrived: list[np.ndarray]  # (routes,) units that reach the buyer in each month
    found: list[list[str]]  # faults after each month


def with_accidents(model):
    """Let accidents happen often; the network as arrays is kept by the world."""
    world = model.world
    world.p = world.p._replace(incident_rate=ACCIDENTS)
    world.arrays = (*world.arrays[:2], handle(world.p))
    return model


def random_policy(scenario, seed):
    """Change ratings, contracts and money of random programs in random months."""
    chance = np.random.default_rng(seed)
    programs = [str(i) for i in scenario["programs"]["id"]]
    payers = sorted({str(c) for c in scenario["projects"]["payer"]})
    projects = [str(j) for j in scenario["projects"]["id"]]
    rows = [Setting(scenario.start, "industrial", payer, 1e4) for payer in payers]
    rows += [Setting(scenario.start + 2, "title3-appropriation", "base", 50.0)]
    rows += [Setting(scenario.start + 3, "component-swap", "base", "on")]
    for lever, targets, values in (
        ("dpas-rating", programs, ("DX", "DO", "unrated")),
        ("contract-type", programs, ("annual", "multiyear", "framework")),
        ("appropriate", programs, (1.0, 50.0, 500.0)),
        ("project-start", projects, ("on",)),
        ("parts-stockpile", programs, (3.0, 6.0)),
    ):
        for _ in range(4):
            date = scenario.start + int(chance.integers(0, MONTHS // 2))
            value = values[chance.integers(len(values))]
            rows.append(Setting(date, lever, str(chance.choice(targets)), value))
    return Package("random", "Random", tuple(rows))


@lru_cache(maxsize=64)
def run(firms, seed):
    """Play a network with projects, accidents and a policy; remember everything."""
    scenario = synthetic(firms, seed=seed)
    return watch(
        with_accidents(Model(scenario, random_policy(scenario, seed), seed, months=MONTHS))
    )


@pytest.fixture(scope="module")
def artillery():
    return watch(with_accidents(Model(load("artillery-2022"), months=58)))


def watch(model):
    s = model.world.s
    run = Run(model, [s.copy()], [], [])
    while model.month < model.months:
        run.arrived.append(s.transit[:, model.month % TRANSIT].copy())
        model.step()
        run.states.append(s.copy())
        run.found.append(faults(model.world.net, s))
    return run


def summed(run, field):
    """Add up a monthly figure over the run."""
    return np.sum([getattr(s, field) for s in run.states[1:]], axis=0)


def same(left, right):
    np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(right).max()))


def check_everything(run):
    """All laws of this module on one run."""
    for law in (sound, units_of_items, units_in_work, routes, slots, orders, people, money):
        law(run)


# ---------------------------------------------------------------------------------- the laws


def sound(run):
    assert [(month, f) for month, found in enumerate(run.found) for f in found] == []


def units_of_items(run):
    net, first, last = run.model.world.net, run.states[0], run.states[-1]
    there = np.bincount(net.l_item, first.goods + summed(run, "finished"))
    gone = summed(run, "shipped") + last.destroyed[:, 0]
    same(there, np.bincount(net.l_item, gone + last.goods))


def units_in_work(run):
    first, last = run.states[0], run.states[-1]
    gone = summed(run, "finished") + last.destroyed[:, 1]
    same(first.in_work + summed(run, "started"), gone + last.in_work)
    same(last.output - first.output, summed(run, "finished"))


def routes(run):
    net, first, last = run.model.world.net, run.states[0], run.states[-1]
    same(first.moving + summed(run, "sent"), np.sum(run.arrived, axis=0) + last.moving)
    lines = len(net.l_item)
    same(np.bincount(net.r_supplier, summed(run, "sent"), lines), summed(run, "shipped"))


def slots(run):
    net, first, last = run.model.world.net, run.states[0], run.states[-1]
    mine = net.r_slot >= 0
    arrived = np.bincount(net.r_slot[mine], np.sum(run.arrived, axis=0)[mine], len(net.k_line))
    used = summed(run, "started")[net.k_line] * net.k_quantity
    left = first.inputs + arrived - used
    items = (np.bincount(net.k_item, units) for units in (left, last.inputs))
    same(*items)  # primes may hand parts to each other


def orders(run):
    for before, after in pairwise(run.states):
        left = after.cancelled - before.cancelled
        same(before.book + after.ordered, after.shipped + left + after.book)


def people(run):
    net = run.model.world.net
    everybody = [
        s.pool + np.bincount(net.l_country, s.crew + s.trainees, len(s.pool)) for s in run.states
    ]
    for month in everybody[1:]:
        same(month, everybody[0])


def money(run):
    model, first = run.model, run.states[0]
    for month, s in enumerate(run.states):
        book = s.ledger
        same(s.cash.sum(), book[PROGRAMS] + book[CIVIL] - book[WAGES] - book[INVESTMENT])
        same(s.paid.sum(), book[PROGRAMS])
        given, industry = granted(model, month)
        same(s.appropriated + s.waiting, first.appropriated + given)
        title3 = sum(kusd for quantity, _, kusd in enacted(model, month)
                     if quantity == "title3_money")  # fmt: skip
        kept = s.industrial.sum() + s.waiting_industry.sum() + s.withheld.sum() + s.title3.sum()
        brought = own_money(run, month) + s.contributed.sum()  # by projects; by partners
        same(industry.sum() + title3 + brought, kept + book[PROJECTS])
        assert (s.obligated <= s.appropriated + 1e-6).all()
        assert (s.paid <= s.obligated + 1e-6).all()


def own_money(run, months):
    """Money that public projects brought with them: decided by the scenario, or by a policy.

    Every project that began is counted, but those that a government paid from its budget.
    """
    names, net = run.model.world.names, run.model.world.net
    payer = run.model.world.scenario.tables["projects"]["payer"]
    said = {(d.month, d.target): d.why for d in run.model.decisions if d.kind == "project"}
    total = 0.0
    for month, (before, after) in enumerate(pairwise(run.states[: months + 1])):
        for j in np.flatnonzero((before.phase == IDLE) & (after.phase != IDLE)).tolist():
            if j >= len(names.projects) or payer[j] not in names.countries:
                continue
            why = said.get((month, names.projects[j]), "by a policy")
            if why in ("by a policy", "decided in the scenario"):
                total += net.j_cost[j]
    return total


def granted(model, months):
    """Money given to programs and to industry in the first months, from what was enacted."""
    net, names = model.world.net, model.world.names
    plan = script.read_script(model.world.scenario, names, model.months)
    programs, industry = np.zeros(len(net.p_item)), np.zeros(len(net.c_pool))
    for into, by_month in ((programs, plan.grants), (industry, plan.industrial)):
        for month, rows in by_month.items():
            for who, money in rows:
                into[who] += money * (month < months)
    for event in model.decisions:
        if event.month < months and event.kind == "disturbance" and event.unit == "MUSD":
            into = programs if event.target in names.programs else industry
            places = names.programs if event.target in names.programs else names.countries
            into[places.index(event.target)] += event.amount * 1000
    for quantity, target, kusd in enacted(model, months):
        if quantity == "appropriated":
            programs[names.programs.index(target)] += kusd
        if quantity == "industrial":
            industry[names.countries.index(target)] += kusd
    return programs, industry


def enacted(model, months):
    """Money (kUSD) that levers brought in the first months, set by the policy or by a response."""
    for made in model.world.made:
        if made.due >= months or ended_before_it_acted(model.world, made):
            continue
        lever = catalogue()[made.setting.lever]
        for move in (*lever.moves, *lever.side):
            if move.how == "act" and move.quantity in MONEY:
                size = amount(made.setting, lever, move)
                yield move.quantity, made.setting.target, size * 1000


def ended_before_it_acted(world, made):
    """Whether a setting is an end, or one was made of it until the month in which it was due."""
    mine = (made.setting.lever, made.setting.target)
    later = world.made[world.made.index(made) :]
    return any(m.setting.value == OFF and (m.setting.lever, m.setting.target) == mine
               and m.month <= made.due for m in later)  # fmt: skip


# --------------------------------------------------------------------------------- the tests


@few
@worlds
def test_every_state_of_every_run_is_sound(firms, seed):
    sound(run(firms, seed))


@few
@worlds
def test_goods_finished_and_at_the_start_are_shipped_or_on_hand(firms, seed):
    units_of_items(run(firms, seed))


@few
@worlds
def test_work_started_is_finished_or_in_work(firms, seed):
    units_in_work(run(firms, seed))


@few
@worlds
def test_what_a_route_took_has_arrived_or_is_moving(firms, seed):
    routes(run(firms, seed))


@few
@worlds
def test_inputs_that_arrived_were_used_or_are_on_hand(firms, seed):
    slots(run(firms, seed))


@few
@worlds
def test_orders_are_shipped_withdrawn_or_owed_every_month(firms, seed):
    orders(run(firms, seed))


@few
@worlds
def test_people_only_move_between_plants_and_pool(firms, seed):
    people(run(firms, seed))


@few
@worlds
def test_money_in_is_money_out_and_within_what_was_granted(firms, seed):
    money(run(firms, seed))


def test_the_laws_hold_in_the_artillery_scenario(artillery):
    check_everything(artillery)


def test_the_runs_have_in_them_what_could_break_the_laws():
    """Accidents, projects, ratings, declined and withdrawn orders, closed lines, losers."""
    seen = set()
    for seed in range(12):
        last = run(60, seed).states[-1]
        net = run(60, seed).model.world.net
        states = run(60, seed).states
        seen |= {"accident"} if any((s.loss > 0).any() for s in states) else set()
        seen |= {"equipment"} if (last.equip > net.l_qualified + 0.01).any() else set()
        seen |= {"withdrawn"} if last.cancelled.any() else set()
        seen |= {"declined"} if last.declined.any() else set()
        seen |= {"preferred"} if any(s.gained.any() for s in states) else set()
        seen |= {"invested"} if last.ledger[INVESTMENT] > 0 else set()
        seen |= {"project"} if last.ledger[PROJECTS] > 0 else set()
        seen |= {"dx"} if any((s.due[:, :, 0] > 0).any() for s in states) else set()
    assert seen >= {"accident", "equipment", "withdrawn", "declined", "preferred", "invested"}
    assert seen >= {"project", "dx"}


@few
@worlds
def test_hours_that_rated_orders_gain_others_of_the_line_lose(firms, seed):
    r = run(firms, seed)
    net = r.model.world.net
    for s in r.states[1:]:
        moved = np.bincount(net.r_supplier, s.gained, len(net.l_item))
        np.testing.assert_allclose(moved, 0.0, atol=1e-9 * max(1.0, s.shipped.max()))


@few
@worlds
def test_without_ratings_a_line_ships_as_much_in_that_month(firms, seed):
    r = run(firms, seed)
    net, preferred = r.model.world.net, 0
    for month in range(1, MONTHS, 5):
        rated = r.states[month].copy()
        refs = (handle(net), handle(rated))
        production.finish_work(*refs, month)  # the goods that the next month would share out
        plain = rated.copy()
        allocate(*refs, month)
        plain.due[:, :, UNRATED] = plain.due.sum(axis=2)
        plain.due[:, :, :UNRATED] = 0.0
        plain.rated[:] = 0.0
        plain.mix[:] = (0.0, 0.0, 1.0)
        allocate(refs[0], handle(plain), month)
        same(rated.shipped, plain.shipped)
        preferred += int(np.abs(rated.gained).max() > 1e-6)
        assert not plain.gained.any()


@pytest.mark.parametrize(
    ("field", "change", "word"),
    [
        ("goods", -1.0, "negative"),
        ("inputs", -1e9, "negative"),
        ("pool", float("nan"), "no number"),
        ("owed", 5.0, "orders due"),
        ("book", 5.0, "routes owe"),
        ("rated", 5.0, "DX and DO"),
        ("moving", 5.0, "in transit"),
        ("in_work", 5.0, "work in progress"),
        ("share", 5.0, "above 1"),
        ("loss", 5.0, "above 1"),
        ("paid", 1e12, "above obligated"),
        ("obligated", 1e12, "above appropriated"),
        ("undelivered", 5.0, "on their way"),
    ],
)
def test_a_broken_state_is_found_and_named(field, change, word):
    r = run(40, 1)
    broken = r.states[-1].copy()
    getattr(broken, field)[0] += change
    found = faults(r.model.world.net, broken)
    assert [f for f in found if f.startswith((field, "shares")) and word in f]


def test_every_field_of_a_state_is_known_to_be_never_negative_or_to_be_free():
    known = [*invariants.NEVER_NEGATIVE, *invariants.MAY_BE_NEGATIVE]
    assert sorted(known) == sorted(State._fields)


@pytest.mark.parametrize(
    ("law", "field", "month"),
    [
        (units_of_items, "finished", 7),
        (units_in_work, "started", 7),
        (routes, "sent", 7),
        (slots, "inputs", -1),
        (orders, "ordered", 7),
        (people, "crew", 7),
        (money, "cash", 7),
    ],
)
def test_each_law_notices_a_thousandth_from_nowhere(law, field, month):
    r = run(40, 1)
    states = list(r.states)
    states[month] = states[month].copy()
    getattr(states[month], field)[:] += 1e-3 * (1.0 + getattr(states[month], field).max())
    with pytest.raises(AssertionError):
        law(r._replace(states=states))


def test_a_policy_cannot_spend_industrial_money_that_nobody_granted():
    scenario = synthetic(40, seed=1)
    start = Setting(scenario.start, "project-start", str(scenario["projects"]["id"][0]), "on")
    model = Model(scenario, Package("p", "P", (start,)), months=2).run()
    assert model.world.s.industrial.min() >= 0.0
