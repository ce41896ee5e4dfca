"""Governments respond to a crisis by the rules of their stance, and only then."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from agents.actions import denied_routes
from agents.loans import hand_over, lender_of, loans, repay, spare
from agents.need import NEED, SPARE
from agents.relief import relieving
from agents.requests import honour_chance
from agents.responses import act, respond
from agents.rules import rules
from agents.settings import tokens_left
from agents.sights import alarms
from mobilize.cohesion import cohesion, commitments_kept
from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.network import RATINGS
from mobilize.network import STANCES as WORDS
from mobilize.physics.lending import above_floor
from mobilize.physics.sourcing import own_need
from mobilize.saves import resume, save
from mobilize.scenario import load
from mobilize.state import EPS, LACK, MEMORY, UNMET, WAR
from mobilize.terms import AUTHORITY, DX_TOKENS, OBJECTIVE, OWN_NEED
from policies.effects import make
from policies.package import Package, Setting
from tests.allies import STANCES, write_allies

US, CA, PL, CH = range(4)
EVERYBODY = (("us-shell-buy", 100.0), ("pl-shell-buy", 60.0))
ALL_STANCES = tuple(STANCES.items())
RULES = {rule.name: rule for rule in rules()}
each_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("allies")


@pytest.fixture(scope="session")
def crisis(folder):
    """Return a function that loads the scenario with what a conflict takes a day."""

    @cache
    def loaded(use=EVERYBODY, stances=ALL_STANCES, to="2023-12"):
        name = f"c{len(list(folder.iterdir()))}"
        return load(write_allies(folder / name, dict(use), dict(stances), to))

    return loaded


@pytest.fixture
def calm(crisis):
    """Return a model in its 24th month in which nobody fights and nobody acts yet."""
    model = Model(crisis(use=(("us-shell-buy", 0.0001),)), months=60).run(24)
    model.world.s.seen[:] = 0.0
    model.world.answered.clear()
    model.world._seen.clear()
    return model


def program(world, name):
    return world.names.programs.index(name)


def show(world, sight, i, share, months):
    """Let governments have seen a share of a program in each of the last months."""
    world.s.seen[sight][i, [(world.month - back) % MEMORY for back in range(1, months + 1)]] = share
    world._seen.clear()


def alarmed(world, c, rule):
    """Return the programs of which a country's rule holds."""
    return [i for seen, i in alarms(world).get(c, []) if seen == rule]


def lose_stock(world, i):
    """Leave a program without stock or money at hand."""
    world.s.stock[i] = 0.0
    world.s.obligated[i] = world.s.appropriated[i]


def done(model, *kinds):
    return [d for d in model.decisions if d.kind in kinds]


SEEN = {
    "own fires unmet": (UNMET, "own"),
    "own stock low": (LACK, "own"),
    "own conflict": (WAR, "own"),
    "partner out of fires": (UNMET, "partner"),
    "front line out of fires": (UNMET, "pl-shell-buy"),
    "buyer at war": (WAR, "partner"),
}
OWN = {US: "us-shell-buy", CA: "ca-shell-buy", PL: "pl-shell-buy", CH: "ch-shell-buy"}
PARTNER = {US: "ca-shell-buy", CA: "pl-shell-buy", PL: "ca-shell-buy", CH: "us-shell-buy"}


def aim(world, rule, c):
    """Return what a trigger looks at: a sight, and a program on which it can hold."""
    sight, whose = SEEN[rule.trigger]
    return sight, program(world, {"own": OWN, "partner": PARTNER}.get(whose, {}).get(c, whose))


# ---------------------------------------------------------------------------------- triggers


@each_rule
def test_a_trigger_holds_when_it_was_seen_long_enough_and_not_otherwise(calm, rule):
    world = calm.world
    if rule.trigger == "own fires met":
        i = program(world, OWN[US])
        assert i in alarmed(world, US, rule)
        show(world, UNMET, i, rule.threshold, 1)
        assert i not in alarmed(world, US, rule)
        return
    for c, stance in enumerate(STANCES.values()):
        if stance not in rule.stances:
            continue
        sight, i = aim(world, rule, c)
        if rule.trigger == "front line out of fires":
            show(world, WAR, i, 1.0, 1)
        assert not alarmed(world, c, rule)
        show(world, sight, i, rule.threshold - 2 * EPS, MEMORY)
        assert not alarmed(world, c, rule)
        show(world, sight, i, 0.0, MEMORY)
        show(world, sight, i, 1.0, rule.months - 1)
        assert not alarmed(world, c, rule)
        show(world, sight, i, rule.threshold, rule.months)
        assert alarmed(world, c, rule) == [i]


def test_nothing_is_seen_of_a_partner_but_that_it_fights_and_runs_out(calm):
    """Its empty shelves are its own affair."""
    world = calm.world
    before = len(world.log)
    show(world, LACK, program(world, "pl-shell-buy"), 1.0, MEMORY)
    for c in (US, CA, CH):
        respond(world, c)
    assert world.log[before:] == []


@each_rule
def test_every_rule_works_in_some_crisis(crisis, rule):
    """A rule that never did anything would be a text."""
    assert rule.name in worked(crisis)


@cache
def worked(crisis):
    names = set()
    for use in (EVERYBODY, (("pl-shell-buy", 60.0),), (("ca-shell-buy", 100.0),)):
        for world in range(2):
            model = Model(crisis(use=use), world=world, months=48).run()
            assert faults(model.world.net, model.world.s) == []
            names |= {rule for rule, _, _ in model.world.answered}
    return names


@pytest.mark.parametrize(
    "rule", [rule for rule in rules() if rule.action != NEED], ids=lambda r: r.name
)
def test_a_rule_rests_for_its_cooldown(crisis, rule):
    model = Model(crisis(), months=48)
    last = {}
    while model.month < 48:
        model.step()
        for key, month in model.world.answered.items():
            if key[0] == rule.name and last.get(key, -99) != month:
                assert month - last.get(key, -99) >= rule.cooldown
                last[key] = month


def test_nobody_without_a_stance_responds(crisis):
    nobody = Model(crisis(stances=()), months=48).run()
    world = nobody.world
    assert done(nobody, "response", "need", "ask", "loan", "gift", "repayment", "denial") == []
    assert world.s.unmet.sum() + world.s.asked.sum() > 0
    for field in ("need", "seen", "loan", "gift"):
        assert not getattr(world.s, field).any()


# ---------------------------------------------------------------------------------- own need


def test_a_front_line_state_at_war_needs_its_output_more_than_a_large_ally(crisis):
    fought = Model(crisis(use=(("ca-shell-buy", 100.0), ("pl-shell-buy", 100.0))), months=12).run()
    s = fought.world.s
    assert s.need[PL] > s.need[CA] > 0.3
    assert s.need[CH] == 0.0


def test_need_lowers_the_chance_that_a_request_is_honoured_and_is_at_least_the_term(calm):
    world = calm.world
    lines = np.flatnonzero(world.net.l_country == PL)
    before = honour_chance(world)[lines]
    term = world.s.of_country[OWN_NEED, PL]
    assert term > 0.1
    assert own_need(world.arrays[1])[PL] == term
    world.s.need[PL] = term / 2
    np.testing.assert_array_equal(honour_chance(world)[lines], before)
    world.s.need[PL] = 1.0
    assert (honour_chance(world)[lines] < before - 0.05).all()


def test_a_need_is_told_once_while_it_lasts(crisis):
    model = Model(crisis(use=(("pl-shell-buy", 100.0),)), months=48).run(20)
    told = [d.why.split(":")[0] for d in done(model, "need") if d.who == "PL"]
    assert told == [RULES["need-front-war"].title, RULES["need-front-unmet"].title]


def test_need_fades_when_the_crisis_is_over(crisis):
    model = Model(crisis(use=(("ca-shell-buy", 20.0),), to="2022-08"), months=60).run(8)
    high = float(model.world.s.need[CA])
    model.run(18)
    assert high > 0.3
    assert model.world.s.need[CA] < high / 10


# ------------------------------------------------------------------------------ loans and gifts


def test_large_allies_lend_front_line_states_not_in_need_and_neutrals_never(calm):
    world = calm.world
    s = world.s
    s.stock[:] = 50_000.0
    assert spare(world)[program(world, "ca-shell-buy")] > 40_000
    assert (
        0
        < spare(world)[program(world, "pl-shell-buy")]
        < above_floor(*world.arrays)[program(world, "ca-shell-buy")]
    )
    assert spare(world)[program(world, "ch-shell-buy")] == 0.0
    s.need[PL] = 1.0
    world.forget(SPARE)
    assert spare(world)[program(world, "pl-shell-buy")] == 0.0


def test_a_lender_keeps_its_floor(calm):
    world = calm.world
    i = program(world, "ca-shell-buy")
    keeps = world.p.lend_floor * world.net.p_objective[i]
    world.s.stock[i] = keeps
    assert spare(world)[i] == 0.0
    world.s.stock[i] = keeps + 100.0
    world.forget(SPARE)
    assert spare(world)[i] == pytest.approx(100.0)


def test_loans_and_gifts_move_units_and_make_none(calm):
    world = calm.world
    total = world.s.stock.sum()
    us, pl = program(world, "us-shell-buy"), program(world, "pl-shell-buy")
    hand_over(world, us, pl, 120.0)
    hand_over(world, us, pl, 30.0, gift=True)
    assert world.s.stock.sum() == pytest.approx(total)
    found = {loan.gift: loan for loan in loans(world)}
    assert found[False].units == pytest.approx(120.0)
    assert found[True].units == pytest.approx(30.0)
    assert (found[False].lender_country, found[False].borrower_country) == ("US", "PL")
    assert found[False].item == "shell"


def test_what_is_owed_and_what_was_handed_over_agree_over_a_whole_crisis(crisis):
    model = Model(crisis(to="2023-03"), months=60).run()
    lent = sum(d.amount for d in done(model, "loan"))
    back = sum(d.amount for d in done(model, "repayment"))
    assert lent > 1000
    assert model.world.s.loan.sum() == pytest.approx(lent - back)
    assert model.world.s.gift.sum() == pytest.approx(sum(d.amount for d in done(model, "gift")))


def test_a_loan_comes_back_from_what_stands_above_a_share_of_the_objective(calm):
    world = calm.world
    ca, pl = program(world, "ca-shell-buy"), program(world, "pl-shell-buy")
    world.s.stock[pl] = 0.0
    hand_over(world, ca, pl, 1000.0)
    total, floor = world.s.stock.sum(), world.p.repay_above * world.net.p_objective[pl]
    repay(world, PL)
    assert world.s.loan.sum() == pytest.approx(1000.0)  # nothing to spare
    world.s.stock[pl] = floor + 400.0
    world.s.unmet[pl] = 1.0
    repay(world, PL)
    assert world.s.loan.sum() == pytest.approx(1000.0)  # fires go unmet
    world.s.unmet[pl] = 0.0
    repay(world, PL)
    assert world.s.loan.sum() == pytest.approx(600.0)
    assert world.s.stock[pl] == pytest.approx(floor)
    world.s.stock[pl] += 10_000.0
    repay(world, PL)
    assert world.s.loan.sum() == pytest.approx(0.0)
    assert world.s.stock.sum() == pytest.approx(total - 1000.0 + floor + 400.0 + 10_000.0)


def test_a_gift_is_never_repaid(calm):
    world = calm.world
    us, pl = program(world, "us-shell-buy"), program(world, "pl-shell-buy")
    hand_over(world, us, pl, 50.0, gift=True)
    world.s.stock[pl] = 1e6
    repay(world, PL)
    assert world.s.stock[pl] == 1e6
    assert world.s.gift.sum() == pytest.approx(50.0)


def test_repaying_is_the_duty_of_any_government_in_time(crisis):
    model = Model(crisis(stances=()), months=60)
    world = model.world
    us, ca = program(world, "us-shell-buy"), program(world, "ca-shell-buy")
    hand_over(world, us, ca, 200.0)
    model.run(6)
    assert world.s.loan.sum() == pytest.approx(0.0)
    assert [d.amount for d in done(model, "repayment")] == [pytest.approx(200.0)]


def test_help_raises_the_trust_of_whom_it_reaches(calm):
    world = calm.world
    before = world.s.trust.copy()
    hand_over(world, program(world, "ca-shell-buy"), program(world, "pl-shell-buy"), 1.0)
    assert world.s.trust[PL] == pytest.approx(min(1.0, before[PL] + world.p.lend_trust))
    assert world.s.trust[CA] == before[CA]


def test_the_lead_gives_only_to_the_front_line_at_war(crisis):
    model = Model(crisis(use=(("pl-shell-buy", 60.0),)), months=24).run()
    gifts = done(model, "gift")
    assert {(d.who, d.target) for d in gifts} == {("US", "pl-shell-buy")}
    other = Model(crisis(use=(("ca-shell-buy", 100.0),)), months=24).run()
    assert done(other, "gift") == []


# -------------------------------------------------------------------- ratings, money, projects


def test_the_lead_rates_dx_while_tokens_and_authority_last(calm):
    world, rule = calm.world, RULES["rate-dx"]
    i = program(world, "us-shell-buy")
    world.s.of_base[DX_TOKENS] = 0.0
    assert tokens_left(world) == 0
    act(world, US, rule, i)
    assert world.made == []
    world.s.of_base[DX_TOKENS] = 1.0
    world.s.of_base[AUTHORITY] = 0.0
    act(world, US, rule, i)
    assert world.made == []
    world.s.of_base[AUTHORITY] = 1.0
    act(world, US, rule, i)
    assert [(m.setting.lever, m.setting.value, m.rule) for m in world.made] == [
        ("dpas-rating", "DX", "rate-dx")
    ]
    assert tokens_left(world) == 0
    show(world, UNMET, i, 1.0, 1)  # else it would be given back at once
    calm.run(2)
    assert world.s.rating[i] == RATINGS.index("DX")


def test_emergency_money_is_what_is_missing_within_the_cap_and_comes_late(calm):
    world, rule = calm.world, RULES["fund-lead"]
    i = program(world, "us-shell-buy")
    lose_stock(world, i)
    act(world, US, rule, i)
    amount = world.made[0].setting.value
    price = float(world.s.price[world.names.lines.index("assembly")])
    assert amount == pytest.approx(world.shortfall()[i] * price / 1000)
    assert amount < rule.size
    assert world.made[0].due == world.month + rule.delay
    world.made.clear()
    world.answered.clear()
    world.s.of_program[OBJECTIVE, i] = 200.0  # an objective beyond the cap
    act(world, US, rule, i)
    assert world.made[0].setting.value == rule.size


def test_relief_is_sought_only_on_the_chain_that_can_be_seen(crisis):
    world = Model(crisis(), months=60).run(8).world
    i, every = program(world, "us-shell-buy"), np.ones(len(world.s.phase), bool)
    found = [world.names.projects[j] for j in relieving(world, i, US, every)]
    assert "third-shop" in found
    assert relieving(world, i, CA, every) == []  # others' projects are theirs
    assert relieving(world, i, US, ~every) == []
    world.visible[:] = False
    assert relieving(world, i, US, every) == []
    before = len(world.made)
    act(world, US, RULES["start-relief"], i)
    assert len(world.made) == before


# ------------------------------------------------------------------------------------ refusals


def test_a_front_line_state_keeps_the_item_it_lacks_and_nothing_else(calm):
    world, net = calm.world, calm.world.net
    trust, backlash = world.s.trust.copy(), float(world.s.backlash[0])
    act(world, PL, RULES["keep-output"], program(world, "pl-shell-buy"))
    closed = np.flatnonzero(world.s.blocked > EPS)
    assert len(closed)
    assert (net.l_country[net.r_supplier[closed]] == PL).all()
    assert (net.r_buyer[closed] != PL).all()
    assert (world.s.blocked[closed] == RULES["keep-output"].size).all()
    for c in {PL, *net.r_buyer[closed].tolist()}:
        assert world.s.trust[c] == pytest.approx(max(0.0, trust[c] - world.p.deny_trust))
    assert world.s.backlash[0] == backlash  # nothing of it went to the United States


def test_a_neutral_withholds_from_countries_at_war_alone(calm):
    world = calm.world
    backlash = float(world.s.backlash[0])
    show(world, WAR, program(world, "pl-shell-buy"), 1.0, 3)
    respond(world, CH)
    assert not world.s.blocked.any()  # it sells nothing to Poland
    show(world, WAR, program(world, "us-shell-buy"), 1.0, 3)
    respond(world, CH)
    closed = np.flatnonzero(world.s.blocked > EPS)
    assert {world.names.routes[r] for r in closed} == {("assembly", "swiss-charges")}
    assert world.s.backlash[0] == pytest.approx(backlash + world.p.backlash_denial)
    assert "100%" in done(calm, "denial")[0].why


def test_a_refused_call_costs_trust_and_kept_promises_and_an_honoured_one_brings_them(calm):
    world = calm.world
    i = program(world, "us-shell-buy")
    world.s.stock[:] = 50_000.0
    world.s.need[PL] = 1.0
    world.s.unmet[i] = 500.0
    world.s.stock[i] = 0.0
    world.s.trust[:] = 0.5
    world.s.promised[:] = world.s.kept[:] = 0.0
    before = cohesion(world)
    act(world, US, RULES["ask-loan"], i)
    assert world.s.trust[CA] == pytest.approx(0.5 + world.p.ask_trust)
    assert world.s.trust[PL] == pytest.approx(0.5 - world.p.ask_trust)
    assert world.s.trust[CH] == 0.5  # never asked
    assert commitments_kept(world) == pytest.approx(0.5)
    assert cohesion(world) < before  # a refusal is felt at home
    assert [m.setting.lever for m in world.made] == ["loan-of-stock"]


# ------------------------------------------------------------------------- the policy comes first


@pytest.mark.parametrize(
    ("lever", "target", "value", "rule"),
    [
        ("dpas-rating", "us-shell-buy", "DO", "rate-dx"),
        ("dpas-rating", "us-shell-buy", "off", "rate-dx"),
        ("appropriate", "us-shell-buy", 1.0, "fund-lead"),
        ("loan-of-stock", "us-shell-buy", 0.01, "ask-loan"),
    ],
)
def test_a_rule_leaves_alone_what_the_policy_has_set(crisis, lever, target, value, rule):
    scenario = crisis()
    assert any(m.rule == rule for m in Model(scenario, months=40).run().world.made)
    policy = Package("p", "P", (Setting(scenario.start + 1, lever, target, value),))
    world = Model(scenario, policy, months=40).run().world
    at = [m for m in world.made if (m.setting.lever, m.setting.target) == (lever, target)]
    assert [m.setting.value for m in at] == [value]


def test_a_rule_does_not_repeat_a_setting_in_force_but_may_pay_again(calm):
    world = calm.world
    i = program(world, "us-shell-buy")
    lose_stock(world, i)
    for _ in range(2):
        act(world, US, RULES["rate-dx"], i)
        act(world, US, RULES["fund-lead"], i)
        world.answered.clear()
    assert [m.setting.lever for m in world.made] == ["dpas-rating", "appropriate"]
    world.month += 30
    act(world, US, RULES["fund-lead"], i)
    assert [m.setting.lever for m in world.made] == ["dpas-rating", "appropriate", "appropriate"]


def test_only_what_a_rule_has_rated_is_rated_back(calm):
    world, rule = calm.world, RULES["rate-back"]
    i = program(world, "us-shell-buy")
    act(world, US, rule, i)
    assert world.made == []
    make(world, Setting(world.scenario.start, "dpas-rating", "us-shell-buy", "DX"), "me", "mine")
    act(world, US, rule, i)
    assert len(world.made) == 1


# -------------------------------------------------------------------------------- fork and save


def test_a_fork_and_a_saved_month_go_on_bit_for_bit_with_loans_owed(crisis, tmp_path):
    scenario = crisis()
    model = Model(scenario, months=40).run(15)
    assert model.world.s.loan.max() > 100
    assert model.world.answered
    save(model, tmp_path / "month.npz")
    others = [model.fork(), resume(tmp_path / "month.npz", scenario)]
    model.run()
    for other in others:
        other.run()
        for field, array in model.world.s._asdict().items():
            assert array.tobytes() == getattr(other.world.s, field).tobytes(), field
        assert other.decisions == model.decisions
        assert other.world.answered == model.world.answered
        assert other.world.made == model.world.made


def test_lender_of_is_the_one_with_most_to_spare(calm):
    world = calm.world
    world.s.stock[:] = 20_000.0
    assert lender_of(world, program(world, "us-shell-buy")) == program(world, "ca-shell-buy")
    world.s.stock[:] = 0.0
    world.forget(SPARE)
    assert lender_of(world, program(world, "us-shell-buy")) is None


def test_stances_of_the_tests_are_those_of_the_model():
    assert set(STANCES.values()) == set(WORDS) - {"none"}


# --------------------------------------------------------------------------- calls for priority


def test_a_call_for_priority_asks_again_where_it_was_denied_and_nowhere_else(crisis):
    model = Model(crisis(use=(("us-shell-buy", 100.0),)), months=60).run(7)
    world, net, rule = model.world, model.world.net, RULES["ask-priority"]
    i = program(world, "us-shell-buy")
    world.s.honour[:] = True
    assert len(denied_routes(world, i)) == 0
    act(world, US, rule, i)
    assert (rule.name, "US", "us-shell-buy") not in world.answered
    world.s.honour[~net.l_ratings[net.r_supplier]] = False
    assert len(denied_routes(world, i)) == 2  # charges from Canada and from Switzerland
    kept = net.c_alignment[CH]
    net.c_alignment[CH] = 0.0  # nobody asks an adversary
    assert len(denied_routes(world, i)) == 1
    net.c_alignment[CH] = kept
    routes = denied_routes(world, i)
    assert len(routes)
    assert set(net.r_buyer[routes].tolist()) == {US}
    world.s.trust[:] = 1.0
    world.answered.clear()
    for _ in range(40):  # other months, other luck
        world.month += 2 if (world.month + 1) % 3 == 0 else 1
        world.s.honour[routes] = False
        world.answered.clear()
        act(world, US, rule, i)
        if world.s.honour[routes].any():
            break
    assert world.s.honour[routes].any()
    others = np.setdiff1d(np.flatnonzero(~net.l_ratings[net.r_supplier]), routes)
    assert not world.s.honour[others].any()


def test_no_call_for_priority_in_the_months_in_which_all_are_answered(crisis):
    model = Model(crisis(), months=48).run()
    calls = [m for (rule, _, _), m in model.world.answered.items() if rule == "ask-priority"]
    assert calls
    assert all(d.month % 3 for d in done(model, "ask") if d.unit == "routes")


# ------------------------------------------------------------------------------------- the seat


def test_a_seat_that_is_taken_decides_otherwise(crisis):
    model = Model(crisis(), months=36)
    model.governments[US].respond = lambda world: []
    model.run()
    kinds = {(d.who, d.kind) for d in model.decisions}
    assert ("US", "response") not in kinds
    assert ("US", "ask") not in kinds
    assert ("PL", "denial") in kinds


def test_help_is_no_more_than_what_is_missing(calm):
    world, rule = calm.world, RULES["give"]
    us, pl = program(world, "us-shell-buy"), program(world, "pl-shell-buy")
    world.s.stock[us], world.s.stock[pl], world.s.unmet[pl] = 1e6, 0.0, 70.0
    act(world, US, rule, pl)
    assert world.s.gift.sum() == pytest.approx(70.0 * rule.cooldown)


def test_a_reason_gives_the_figures_that_made_a_rule_work(crisis):
    responses = done(Model(crisis(), months=36).run(), "response", "need", "gift", "denial")
    assert responses
    for decision in responses:
        assert re.search(r"\d+% .*\d+ months?", decision.why), decision.why
