"""Every kind of disturbance: its effect, its recovery, its record, and that nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from mobilize.crises import events
from mobilize.crises.course import befall, lift
from mobilize.crises.effects import PRESSES, STRIKES, passed_on
from mobilize.crises.handbook import EFFECTS, sources
from mobilize.crises.kinds import BASE, FORMS, kinds
from mobilize.crises.places import struck
from mobilize.crises.trouble import Trouble
from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.saves import resume, save
from mobilize.scenario import Disturbance, Event, Hazard, Trigger, load
from mobilize.state import EQUIP, QUALIFY
from mobilize.terms import term
from mobilize.why import why
from tests.property.test_conservation import check_everything, watch

SCENARIO, BEFORE, AFTER = "arsenal-2026", 3, 36
TARGETS = {
    "outage": "fill-holston",
    "closure": "CA",
    "export-ban": "antimony@CN",
    "licence-slow-roll": "antimony@CN",
    "price-shock": "antimony",
    "cyber": "boeing",
    "sabotage": "projectile-raufoss",
    "explosion": "rdx-holston",
    "plant-strike": "pac3-camden",
    "walkout": "pac3-camden",
    "pandemic": BASE,
    "shipping-delay": "NO",
    "export-denial": "crystal@CH",
    "own-need": "NO",
    "authority-lapse": BASE,
    "continuing-resolution": "US",
    "supplemental": "us-155-charge",
    "design-flaw": "body-mesquite-lines",
    "exit": "charge-valleyfield",
    "motivation": BASE,
}
KEPT = (
    *("loss", "destroyed", "blocked", "sent", "detour", "moving", "dear", "price", "squeeze"),
    *("of_country", "of_program", "of_base", "resolution", "rated", "appropriated", "obligated"),
    *("phase", "left", "coming", "added", "alive", "book", "started", "ordered", "waiting"),
    "finished",
)  # fields of every month that tests look at
LASTING = {"fund", "leave", "rework", "motivate"}  # effects that no time takes back


def again(months=BEFORE):
    """Return the scenario some months on, always the same."""
    return Model(SCENARIO, months=BEFORE + AFTER, panel=True).run(months)


@cache
def undisturbed():
    """Return the states of every month without disturbance."""
    return [s for _, s in played(again())]


def played(model):
    """Play on month by month; yield the model and what is looked at of its state after each."""
    while model.month < model.months:
        model.step()
        s = model.world.s
        assert faults(model.world.net, s) == []
        yield model, SimpleNamespace(**{name: getattr(s, name).copy() for name in KEPT})


@cache
def disturbed(kind):
    """Return the model that met a disturbance of its kind's base size, and its states."""
    model = again()
    befall(model.world, kind, TARGETS[kind], why="a test")
    states = [s for _, s in played(model)]
    return model, states


def differences(kind, field):
    """Return by month how far a field is from the undisturbed one, summed."""
    pairs = zip(disturbed(kind)[1], undisturbed(), strict=True)
    return np.array([(getattr(a, field) - getattr(b, field)).sum() for a, b in pairs])


def lines(kind):
    """Return the lines that the test's target stands for."""
    world = disturbed(kind)[0].world
    return struck(world, Trouble(kind, TARGETS[kind], 1.0, 0, 0, 0, "", ""))


def with_effect(effect):
    """Return the kinds that have an effect."""
    return [name for name, kind in kinds().items() if effect in kind.does]


def test_every_kind_is_tested_and_every_effect_known():
    assert set(TARGETS) == set(kinds())
    used = {name for kind in kinds().values() for name in kind.does}
    assert used == {*STRIKES, *PRESSES} == set(EFFECTS)


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda k: k.name)
def test_a_kind_is_whole(kind):
    assert set(kind.targets) <= set(FORMS)
    assert kind.does or kind.moves
    for move in kind.moves:
        term(move.quantity)
    for sizes in (kind.severity, kind.months, kind.recovery):
        assert 0 <= sizes.low <= sizes.base <= sizes.high
        assert sizes.between(0.0) == sizes.low
        assert sizes.between(0.5) == sizes.base
        assert sizes.between(1.0) == sizes.high
    assert kind.bounds[0] <= kind.severity.low
    assert kind.severity.high <= kind.bounds[1]
    assert set(kind.source.split("+")) <= {*sources(), "MODEL"}
    assert kind.confidence in ("documented", "estimate", "unverified", "notional")


@pytest.mark.parametrize("kind", list(TARGETS))
def test_a_disturbance_is_on_the_record(kind):
    world = disturbed(kind)[0].world
    mine = [d for d in world.log if d.kind == "disturbance" and d.why == "a test"]
    assert [(d.month, d.who, d.target) for d in mine] == [(BEFORE, "scenario", TARGETS[kind])]
    assert mine[0].amount == kinds()[kind].severity.base
    assert mine[0].unit == kinds()[kind].unit


@pytest.mark.parametrize("kind", list(TARGETS))
def test_what_presses_ends_without_a_trace(kind):
    of, (model, states) = kinds()[kind], disturbed(kind)
    end = round(of.months.base + of.recovery.base)
    assert model.world.troubles == []
    last = states[-1]
    assert not last.squeeze.any()
    assert not last.detour.any()
    assert not last.resolution.any()
    assert not last.waiting.any()
    assert (last.dear == 1.0).all()
    for scope in ("of_country", "of_program", "of_base"):
        mine, other = getattr(states[end], scope), getattr(undisturbed()[end], scope)
        np.testing.assert_array_equal(mine, other)
    assert np.abs(last.loss - undisturbed()[-1].loss).max() < 1e-9


@pytest.mark.parametrize("kind", with_effect("stop"))
def test_what_stops_takes_availability_and_is_repaired(kind):
    of, mine = kinds()[kind], lines(kind)
    states = disturbed(kind)[1]
    size = of.factor.get("stop", of.severity.base)
    assert (states[0].loss[mine] >= size - 1e-9).all()
    others = np.setdiff1d(np.arange(len(states[0].loss)), mine)
    np.testing.assert_array_equal(states[0].loss[others], undisturbed()[0].loss[others])
    end = round(of.months.base + of.recovery.base) + 1
    assert np.abs(states[end].loss - undisturbed()[end].loss).max() < 1e-9
    made = sum(s.finished[mine].sum() for s in states[:18])
    assert made < sum(s.finished[mine].sum() for s in undisturbed()[:18])


@pytest.mark.parametrize("kind", with_effect("destroy"))
def test_what_burns_takes_goods_and_work_in_progress(kind):
    mine, of = lines(kind), kinds()[kind]
    before = again().world.s
    lost = of.severity.base * np.column_stack([before.goods, before.in_work])[mine]
    np.testing.assert_allclose(disturbed(kind)[1][0].destroyed[mine], lost)
    assert lost.sum() > 0


@pytest.mark.parametrize("kind", with_effect("close"))
def test_no_goods_leave_on_closed_routes_until_they_open(kind):
    world, states = disturbed(kind)[0].world, disturbed(kind)[1]
    length = round(kinds()[kind].months.base)
    mine = np.flatnonzero(states[0].blocked > undisturbed()[0].blocked)
    assert len(mine)
    assert all(s.sent[mine].sum() == 0.0 for s in states[:length])
    assert sum(s.sent[mine].sum() for s in undisturbed()[:length]) > 0
    assert sum(s.sent[mine].sum() for s in states[length:]) > 0
    assert (world.net.l_country[world.net.r_supplier[mine]] != world.net.r_buyer[mine]).all()


@pytest.mark.parametrize("kind", with_effect("delay"))
def test_late_goods_make_a_gap_of_the_delays_length(kind):
    world, states = disturbed(kind)[0].world, disturbed(kind)[1]
    of = kinds()[kind]
    size = round(of.factor.get("delay", of.severity.base))
    mine = np.flatnonzero(states[0].detour)
    assert (states[0].detour[mine] == size).all()
    net = world.net
    crossing = net.l_country[net.r_supplier[mine]] != net.r_buyer[mine]
    assert crossing.all()
    more = states[size].moving[mine].sum() - undisturbed()[size].moving[mine].sum()
    assert more > 0  # goods under way longer


@pytest.mark.parametrize("kind", with_effect("dear"))
def test_a_shock_raises_prices_of_the_item_and_of_what_contains_it(kind):
    world, states = disturbed(kind)[0].world, disturbed(kind)[1]
    item = world.names.items.index(TARGETS[kind].partition("@")[0])
    mine = world.net.l_item == item
    assert (states[0].dear[mine] == pytest.approx(2.0)) or (states[0].dear[mine] >= 2.0).all()
    users = np.unique(world.net.k_line[world.net.k_item == item])
    cost, q = world.net.l_cost, dict(zip(world.net.k_line, world.net.k_quantity, strict=True))
    for line in users.tolist():
        slot = np.flatnonzero((world.net.k_line == line) & (world.net.k_item == item))[0]
        part = world.net.k_quantity[slot] * cost[mine][0] * 1.0 / cost[line]
        assert states[0].dear[line] >= 1.0 + part - 1e-12
    assert q
    price = [s.price[mine].mean() for s in states]
    assert max(price) > 1.3 * undisturbed()[0].price[mine].mean()


@pytest.mark.parametrize("kind", with_effect("squeeze"))
def test_a_state_that_needs_its_output_keeps_a_share_of_its_exports(kind):
    world, states = disturbed(kind)[0].world, disturbed(kind)[1]
    mine = np.flatnonzero(states[0].squeeze)
    assert (states[0].squeeze[mine] == kinds()[kind].severity.base).all()
    assert (world.net.l_country[world.net.r_supplier[mine]] != world.net.r_buyer[mine]).all()
    months = round(kinds()[kind].months.base)
    abroad = sum(s.sent[mine].sum() for s in states[:months])
    assert 0 < abroad < sum(s.sent[mine].sum() for s in undisturbed()[:months])


def test_an_ally_in_need_honours_less_and_comes_back():
    place = term("own_need")[1]
    world, states = disturbed("own-need")[0].world, disturbed("own-need")[1]
    c = world.names.countries.index("NO")
    more = [a.of_country[place, c] - b.of_country[place, c]
            for a, b in zip(states, undisturbed(), strict=True)]  # fmt: skip
    assert more[0] == pytest.approx(0.6)
    assert 0 < more[10] < more[0]  # recovering
    assert more[16] == 0.0


def test_a_lapse_of_authority_ends_new_ratings_until_it_is_renewed():
    states = disturbed("authority-lapse")[1]
    place = term("authority")[1]
    assert [s.of_base[place] for s in states[:8]] == [0.0] * 6 + [1.0] * 2
    rated = differences("authority-lapse", "rated")
    assert rated[5] < 0


def test_a_continuing_resolution_holds_money_and_new_starts_and_lets_them_go():
    """In the months in which the year's money of the United States falls due."""
    plain, held = Model(SCENARIO, months=30).run(12), Model(SCENARIO, months=30).run(12)
    befall(held.world, "continuing-resolution", "US")
    us = held.world.names.countries.index("US")
    mine = held.world.net.p_country == us
    short = []
    for month in range(12, 20):
        plain.step()
        held.step()
        assert held.world.s.resolution[us] == (0.5 if month < 17 else 0.0)
        short.append((plain.world.s.appropriated - held.world.s.appropriated)[mine].sum())
        if month < 17:
            assert short[-1] == pytest.approx(held.world.s.waiting.sum())
    assert short[4] > 0
    assert short[5:] == [pytest.approx(0.0, abs=1e-3)] * 3
    assert started_by(plain, "US", 12, 17)
    assert not started_by(held, "US", 12, 17)


def started_by(model, who, first, last):
    """Return the projects a government started by its own rule."""
    return [d for d in model.decisions if d.kind == "project" and first <= d.month < last
            and d.who == who and "asked for more" in d.why]  # fmt: skip


def test_a_supplemental_is_put_on_contract():
    more = differences("supplemental", "appropriated")
    assert more[0] == pytest.approx(500_000)
    assert differences("supplemental", "obligated")[:12].max() > 100_000


def test_a_wrong_design_sends_a_project_back_to_its_equipment():
    world = disturbed("design-flaw")[0].world
    j = world.names.projects.index("body-mesquite-lines")
    before = again().world.s
    assert before.phase[j] == QUALIFY
    first = disturbed("design-flaw")[1][0]
    assert first.phase[j] == EQUIP
    assert 10 < first.left[j] <= 12
    line = world.net.j_line[j]
    assert first.coming[line] < before.coming[line]
    late = [a.added[j] - b.added[j] for a, b in
            zip(disturbed("design-flaw")[1], undisturbed(), strict=True)]  # fmt: skip
    assert min(late) < -0.2


def test_a_wrong_design_sets_a_development_and_a_product_back():
    model = again()
    befall(model.world, "design-flaw", "us-gpi-work", severity=0.3)
    plain = again()
    assert model.world.s.work_left[0] == pytest.approx(min(1, plain.world.s.work_left[0] + 0.3))
    befall(model.world, "design-flaw", "us-pac3-mse", severity=0.4)
    net, names = model.world.net, model.world.names
    i = names.programs.index("us-pac3-mse")
    makers = net.r_supplier[net.p_sales[net.p_routes[i] : net.p_routes[i + 1]]]
    assert (model.world.s.loss[makers] == 0.4).all()


def test_a_motive_of_the_challenger_touches_nothing_industrial():
    plain, moved = again(), again()
    befall(moved.world, "motivation", BASE)
    assert moved.world.s.motivation[0] == pytest.approx(0.2)
    plain.run()
    moved.run()
    assert 0.0 < moved.world.s.motivation[0] < 0.2  # it fades
    for name, mine, other in zip(plain.world.s._fields, moved.world.s, plain.world.s, strict=True):
        if name not in ("motivation", "metrics"):  # of these the view holds it
            np.testing.assert_array_equal(mine, other, name)


def test_orders_of_a_firm_that_leaves_are_asked_of_others():
    world, states = disturbed("exit")[0].world, disturbed("exit")[1]
    line = lines("exit")[0]
    assert not states[-1].alive[line]
    assert states[0].book[line] == 0.0
    assert states[-1].started[line] == 0.0
    net = world.net
    rivals = np.flatnonzero((net.l_item == net.l_item[line]) & states[-1].alive)
    gained = sum((a.ordered - b.ordered)[rivals].sum() + (a.book - b.book)[rivals].sum()
                 for a, b in zip(states[:12], undisturbed(), strict=False))  # fmt: skip
    assert gained > 0


def test_nothing_is_lost_when_everything_goes_wrong_at_once():
    scenario = load(SCENARIO)
    wrong = (_dated(scenario, kind, target, 2 + n % 6)
             for n, (kind, target) in enumerate(TARGETS.items()))  # fmt: skip
    check_everything(watch(Model(replace(scenario, disturbances=tuple(wrong)), months=40)))


def _dated(scenario, kind, target, month):
    of = kinds()[kind]
    return Disturbance(kind, kind, target, scenario.start + month, round(of.months.base),
                       of.severity.base, round(of.recovery.base), "a test", "MODEL",
                       "notional")  # fmt: skip


def test_what_began_before_the_start_is_felt_for_what_is_left_of_it():
    scenario = load(SCENARIO)
    ago = _dated(scenario, "explosion", "rdx-holston", -6)
    model = Model(replace(scenario, disturbances=(ago,)), months=30)
    line = model.world.names.lines.index("rdx-holston")
    loss = []
    for _ in range(14):
        model.step()
        loss.append(model.world.s.loss[line])
    assert loss[:6] == [pytest.approx(0.8)] * 6
    assert loss[8] < 0.8
    assert loss[13] == pytest.approx(0.0)
    assert model.world.s.destroyed[line].sum() == 0.0  # what burned then is not on the books


@pytest.mark.parametrize("kind", list(TARGETS))
def test_a_saved_disturbance_goes_on_bit_for_bit(kind, tmp_path):
    model = again()
    befall(model.world, kind, TARGETS[kind], why="a test")
    model.run(2)
    save(model, tmp_path / "month.npz")
    found = resume(tmp_path / "month.npz", SCENARIO)
    assert found.world.troubles == model.world.troubles
    for a, b in zip(found.run(6).world.s, model.run(6).world.s, strict=True):
        np.testing.assert_array_equal(a, b)


# ------------------------------------------------------------------------- events and hazards


def exercise(**changes):
    """Return the scenario with one event that calls for a walkout."""
    scenario = load(SCENARIO)
    strike = replace(_dated(scenario, "walkout", "pac3-camden", 0), id="strike", start=None)
    event = Event("pay", "Pay", None, None, ("industry",), "They strike.", ("strike",), "Talk", "X")
    return replace(scenario, disturbances=(strike,), events=(replace(event, **changes),))


def fired(scenario, months=12):
    """Return the month in which its event fired, or None, and the model."""
    model = Model(scenario, months=24).run(months)
    assert [t.kind for t in model.world.troubles][:1] in ([], ["walkout"])
    return model.world.agenda.fired.get("pay"), model


def test_an_event_fires_on_its_date_and_brings_its_disturbance_about():
    scenario = load(SCENARIO)
    month, model = fired(exercise(when=scenario.start + 4), 6)
    assert month == 4
    line = model.world.names.lines.index("pac3-camden")
    assert model.world.s.loss[line] == pytest.approx(0.8)
    said = [(d.who, d.kind, d.why) for d in model.world.log if d.month == 4]
    assert ("events list", "event", "Pay: They strike.") in said


def test_an_event_fires_when_its_trigger_holds():
    stock = Trigger("stock", "us-pac3-mse", above=0.0)
    assert fired(exercise(trigger=stock))[0] == 0
    never = Trigger("stock", "us-pac3-mse", below=0.0)
    assert fired(exercise(trigger=never))[0] is None
    unmet = Trigger("unmet", "ua-155-charge", above=0.0)
    month, model = fired(exercise(trigger=unmet), 20)
    i = model.world.names.programs.index("ua-155-charge")
    short = np.flatnonzero(model.record.series("unmet")[:, i] > 0)
    assert month == (short[0] + 1 if len(short) else None)


def test_an_event_may_follow_another_after_some_months():
    scenario = exercise(when=load(SCENARIO).start + 2)
    later = replace(scenario.events[0], id="later", when=None, effects=(),
                    trigger=Trigger("after", "pay", months=5))  # fmt: skip
    model = Model(replace(scenario, events=(*scenario.events, later)), months=12).run()
    assert model.world.agenda.fired == {"pay": 2, "later": 7}


def test_the_white_cell_fires_delays_and_skips():
    dated = exercise(when=load(SCENARIO).start + 4)
    model = Model(dated, months=24).run(2)
    events.delay(model.world, "pay", 3, "the room is late")
    assert model.run(8).world.agenda.fired == {"pay": 7}
    model = Model(dated, months=24).run(2)
    events.skip(model.world, "pay", "not needed")
    assert model.run(8).world.agenda.fired == {}
    events.fire(model.world, "pay")
    assert model.world.agenda.fired == {"pay": 10}
    acts = [d.why for d in model.world.log if d.who == "white cell" and d.kind == "event"]
    assert acts == ["skipped: not needed", "Pay: They strike."]
    with pytest.raises(KeyError, match="the scenario has: pay"):
        events.fire(model.world, "pai")


def test_hazards_happen_as_often_as_they_say_and_the_same_under_every_policy():
    scenario = load(SCENARIO)
    hazard = Hazard("cyber", "cyber", ("US", "NO"), 6.0, "a test", "MODEL", "notional")
    often = replace(scenario, hazards=(hazard,), disturbances=())
    seen = []
    for world in range(6):
        model = Model(often, world=world, months=60).run()
        mine = [(d.month, d.target) for d in model.decisions if d.kind == "disturbance"]
        seen.append(mine)
        assert mine == [
            (d.month, d.target)
            for d in Model(often, world=world, months=60).run().decisions
            if d.kind == "disturbance"
        ]
    count = sum(map(len, seen))
    expected = 6 * 60 * (1 - np.exp(-0.5))
    assert abs(count - expected) < 4 * np.sqrt(expected)
    assert len({target for mine in seen for _, target in mine}) > 40


def test_policy_that_hardens_plants_makes_hazards_rarer():
    from policies.package import Package, Setting

    scenario = load(SCENARIO)
    hazard = Hazard("cyber", "sabotage", ("US",), 6.0, "a test", "MODEL", "notional")
    often = replace(scenario, hazards=(hazard,), disturbances=())
    hardened = Package("h", "H", (Setting(scenario.start, "harden-and-disperse", "US", "on"),))
    counts = []
    for policy in (None, hardened):
        runs = [Model(often, policy, world=w, months=72).run() for w in range(4)]
        counts.append(sum(d.kind == "disturbance" for m in runs for d in m.decisions))
    assert counts[1] < counts[0]


@pytest.mark.parametrize("kind", [k for k, of in kinds().items() if not LASTING & set(of.does)])
def test_a_disturbance_lifted_at_once_leaves_only_what_burned(kind):
    model = again()
    trouble = befall(model.world, kind, TARGETS[kind])
    lift(model.world, trouble)
    left = again().world.s
    for name, mine, other in zip(left._fields, model.world.s, left, strict=True):
        if name not in ("destroyed", "goods", "wip", "in_work", "loss_left", "loss_heal"):
            np.testing.assert_array_equal(mine, other, name)


def test_why_names_the_disturbance_at_the_root():
    model = again()
    befall(model.world, "explosion", "rdx-holston", severity=1.0, why="The nitrator burned")
    model.run(2)
    told = str(why(model, "rdx-holston", relief=False).chain())
    assert "The nitrator burned (explosion by scenario, since 2026-04)" in told


@pytest.mark.parametrize(
    ("kind", "target", "other", "field"),
    [
        ("outage", "fill-holston", "explosion", "loss"),
        ("closure", "CA", "export-denial", "blocked"),
    ],
)
def test_what_else_stops_or_closes_the_same_goes_on_when_one_is_lifted(kind, target, other, field):
    both, one = again(), again()
    lifted = befall(both.world, kind, target)
    for model in (both, one):
        befall(model.world, other, target)
    lift(both.world, lifted)
    assert getattr(one.world.s, field).max() > 0
    np.testing.assert_array_equal(getattr(both.world.s, field), getattr(one.world.s, field))


def test_a_route_that_a_government_has_closed_for_longer_stays_closed_when_trade_is_free_again():
    model = again()
    trouble = befall(model.world, "closure", "CA", months=4)
    mine = np.flatnonzero(model.world.s.blocked == 4.0)
    model.world.s.blocked[mine[0]] = 9.0
    lift(model.world, trouble)
    assert model.world.s.blocked[mine].tolist() == [9.0, *[0.0] * (len(mine) - 1)]


def test_a_shock_is_passed_on_through_all_tiers_of_a_long_chain():
    """Each item is a part of the next, one for one, and costs one more."""
    deep = 14
    names = SimpleNamespace(items=tuple(map(str, range(deep))))
    chain = np.arange(deep)
    net = SimpleNamespace(l_cost=1.0 + chain, l_item=chain, k_line=chain[1:], k_item=chain[:-1],
                          k_quantity=np.ones(deep - 1))  # fmt: skip
    dear = passed_on(SimpleNamespace(net=net, names=names), 0, 2.0)
    np.testing.assert_allclose(dear, 1.0 + 1.0 / (1.0 + chain))
