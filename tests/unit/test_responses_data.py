"""The rules of responses as data: names known, numbers in range, sources cited."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

import mobilize
from agents import rules as module
from agents.actions import ACTIONS
from agents.need import NEED
from agents.rules import FILE, Rule, rules
from agents.sights import TRIGGERS
from mobilize.model import compiled
from mobilize.network import STANCES
from mobilize.scenario import ScenarioError, load, shipped
from mobilize.state import MEMORY
from policies.levers import CATALOGUE
from tests.allies import write_allies

SOURCES = (
    Path(mobilize.__path__[0]) / "scenario" / "sources.csv",
    CATALOGUE / "sources.csv",
    FILE.with_name("sources.csv"),
)
each = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)


def cited(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_row_has_every_key_and_no_other():
    known = {field.name for field in fields(Rule)}
    for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]:
        assert set(row) == known, row["name"]


@each
def test_every_name_of_a_rule_is_known_and_every_number_in_its_range(rule):
    assert set(rule.stances) <= set(STANCES) - {"none"}
    assert rule.stances
    assert rule.trigger in TRIGGERS
    assert rule.action in {*ACTIONS, NEED}
    assert 0 < rule.threshold <= 1
    assert 1 <= rule.months <= MEMORY
    assert rule.size > 0
    assert rule.action != NEED or rule.size <= 1
    assert rule.delay >= 0
    assert rule.cooldown >= 1
    for text in (rule.title, rule.unit, rule.evidence):
        assert text.strip()


@each
def test_every_source_of_a_rule_is_in_a_table_and_not_more_trusted_than_it_is(rule):
    known = {row["id"] for path in SOURCES for row in cited(path)}
    assert [s for s in rule.source.split("+") if s not in known] == []
    assert rule.confidence in ("documented", "estimate", "unverified", "notional")
    assert "MODEL" not in rule.source or rule.confidence in ("estimate", "notional")


def test_the_sources_of_rules_are_cited_and_told_once():
    own = [row["id"] for row in cited(SOURCES[2])]
    others = {row["id"] for path in SOURCES[:2] for row in cited(path)}
    assert len(own) == len(set(own))
    assert others.isdisjoint(own)
    assert set(own) <= {s for rule in rules() for s in rule.source.split("+")}


def test_names_are_unique_and_every_trigger_and_action_is_used():
    names = [rule.name for rule in rules()]
    assert len(names) == len(set(names))
    assert {rule.trigger for rule in rules()} == set(TRIGGERS)
    assert {rule.action for rule in rules()} == {*ACTIONS, NEED}


def test_each_stance_has_its_own_rules_and_none_has_none():
    found = [tuple(r for r in rules() if stance in r.stances) for stance in STANCES]
    assert found[0] == ()
    assert len(set(found)) == len(STANCES)
    assert module.rules() is rules()


def test_a_stance_left_out_is_none(tmp_path):
    scenario = load(write_allies(tmp_path / "a", {"us-shell-buy": 1.0}, {"US": "lead"}))
    assert scenario["countries"]["stance"].tolist() == ["lead", "none", "none", "none"]
    assert compiled(scenario)[0].c_stance.tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("stances", "row", "said"),
    [
        ({"US": "large"}, 2, "lead or none"),
        ({"CA": "lead"}, 3, "United States law"),
        ({"CA": "front line"}, 3, "did you mean 'front_line'?"),
    ],
)
def test_a_stance_that_makes_no_sense_is_refused(tmp_path, stances, row, said):
    with pytest.raises(ScenarioError) as caught:
        load(write_allies(tmp_path / "a", {"us-shell-buy": 1.0}, stances))
    (fault,) = caught.value.faults
    assert (fault.file, fault.row, fault.column) == ("countries.csv", row, "stance")
    assert said in str(fault)


def test_pairs_of_holders_hold_the_same_item_and_are_never_one_program():
    for name in shipped():
        net, _ = compiled(load(name))
        assert (net.p_item[net.h_lender] == net.p_item[net.h_borrower]).all()
        assert (net.h_lender != net.h_borrower).all()
