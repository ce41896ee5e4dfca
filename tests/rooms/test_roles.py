"""Roles as data: every lever is somebody's in every scenario, or it is told why not."""

import pytest

from agents.actions import ACTIONS
from agents.adversary import STEP
from agents.rules import rules
from mobilize.interventions import HONOUR, OWN
from mobilize.rooms.players import HOLD
from mobilize.rooms.roles import aims, holdings, places, roles, word
from mobilize.scenario import shipped
from policies.levers import GROUPS, catalogue
from tests.rooms.common import scenario

each_scenario = pytest.mark.parametrize("name", shipped())
each_role = pytest.mark.parametrize("role", roles().values(), ids=lambda role: role.name)


def test_every_mover_of_a_lever_has_a_role_and_roles_name_no_other():
    movers = {lever.mover for lever in catalogue().values()}
    named = {m for role in roles().values() for m in (*role.decides, *role.asks)}
    assert named == movers


@each_scenario
def test_no_lever_belongs_to_nobody_without_a_reason(name):
    for lever, holding in holdings(scenario(name)).items():
        assert bool(holding.decides or holding.asks) != bool(holding.why_not), lever


@each_scenario
def test_every_lever_that_can_be_aimed_is_decided_by_somebody(name):
    for lever, holding in holdings(scenario(name)).items():
        assert holding.decides or holding.why_not, lever


@each_scenario
def test_an_ally_moves_nothing_of_another_country(name):
    known = scenario(name)
    programs = dict(zip(known["programs"]["id"], known["programs"]["country"], strict=True))
    for place in places(known):
        if roles()[place.role].reach == "own":
            for lever in catalogue().values():
                if lever.target in ("programs", "countries"):
                    mine = {programs.get(t, t) for t in aims(place, lever, known)}
                    assert mine <= {place.country}, lever.name


@each_role
def test_every_member_of_a_team_has_a_decision_of_their_own(role):
    groups = {lever.group for lever in catalogue().values() if word(role, lever)}
    for part in role.parts:
        assert part.acts or groups & set(part.groups), part.name
    parted = [g for p in role.parts for g in p.groups] + [a for p in role.parts for a in p.acts]
    assert len(parted) == len(set(parted)), "a decision of two parts"
    assert groups <= set(parted) | ({"money"} if role.name == "neutral" else set())
    assert {*role.acts} <= set(parted)
    assert set(parted) <= set(GROUPS) | set(role.acts)


@each_role
def test_what_a_role_takes_from_the_rules_is_something_rules_do(role):
    done = {rule.action for rule in rules()}
    assert set(role.rules) - {STEP} <= done & set(ACTIONS)
    assert set(role.acts) <= {*OWN, HONOUR, STEP, HOLD, "invest", "close"}


@each_scenario
def test_a_team_sits_at_home_and_the_white_cell_everywhere(name):
    seats = {place.id for place in places(scenario(name))}
    assert {"acquisition", "diplomacy", "industry", "white-cell", "observer", "projector"} <= seats
