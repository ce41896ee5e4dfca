"""The catalogue of levers: every field filled, every name known, every number in order."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path

import pytest

import mobilize
from mobilize.scenario import load
from mobilize.scenario import shipped as scenarios
from mobilize.terms import SCOPES, term
from policies import groups, targets
from policies.acts import ACTS
from policies.effects import CHOICES
from policies.levers import ALL, CATALOGUE, GROUPS, OFF, ON, SIZES, catalogue
from policies.package import PackageError, load_package, shipped

LEVERS = list(catalogue().values())
TERMS = {t.name for terms in SCOPES.values() for t in terms}
KEYS = {
    "name", "title", "basis", "mover", "target", "only", "setting", "values", "unit", "onset",
    "lapse", "cost", "moves", "side", "coalition", "evidence", "source", "confidence", "terms",
    "lesson",
}  # fmt: skip
MOVE_KEYS = {
    "quantity", "how", "low", "base", "high", "unit", "where", "value", "decay", "note",
}  # fmt: skip
SOURCES = (
    Path(mobilize.__path__[0]) / "scenario" / "sources.csv",
    CATALOGUE / "sources.csv",
)
each = pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)


def written():
    """Every row of the catalogue as it stands in its file."""
    for group in GROUPS:
        text = (CATALOGUE / f"{group}.toml").read_text(encoding="utf-8")
        yield from tomllib.loads(text)["lever"]


def sources(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def both(lever):
    return (*lever.moves, *lever.side)


def test_there_are_enough_levers_in_every_group():
    assert len(LEVERS) >= 45
    assert {lever.group for lever in LEVERS} == set(GROUPS)


def test_names_are_unique_and_kebab_case():
    names = [row["name"] for row in written()]
    assert len(names) == len(set(names)) == len(LEVERS)
    assert [n for n in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", n)] == []


def test_no_key_is_unknown_or_missing():
    optional = {"only", "values", "unit"}
    for row in written():
        assert set(row) <= KEYS, row["name"]
        assert set(row) >= KEYS - optional, row["name"]
        assert set(row["onset"]) == set(SIZES), row["name"]
        assert set(row["cost"]) == {"once", "yearly", "note"}, row["name"]
        for move in (*row["moves"], *row["side"]):
            assert set(move) <= MOVE_KEYS, row["name"]


@each
def test_every_field_is_filled(lever):
    words = (
        "group",
        "title",
        "basis",
        "mover",
        "only",
        "unit",
        "cost",
        "evidence",
        "source",
        "lesson",
    )
    assert [w for w in words if not getattr(lever, w).strip()] == []
    assert lever.moves
    assert lever.terms
    assert lever.target in ("base", "countries", "programs", "projects", "lines")
    assert lever.confidence in ("documented", "estimate", "unverified", "notional")
    assert lever.once >= 0
    assert lever.yearly >= 0
    assert lever.lapse >= 0
    assert 0 <= lever.onset.low <= lever.onset.base <= lever.onset.high
    assert lever.only in (ALL, *targets.RULES)
    assert lever.only == ALL or lever.target != "base"


@each
def test_a_setting_has_the_values_it_needs(lever):
    if lever.setting == "switch":
        assert lever.values == (ON, OFF)
    elif lever.setting == "choice":
        assert len(lever.values) >= 2
        assert all(isinstance(v, str) and v not in (ON, OFF) for v in lever.values)
    else:
        low, high = lever.values
        assert low < high
        assert lever.unit
        quantity = lever.moves[0].quantity
        if quantity in TERMS:
            known = term(quantity)[2]
            assert known.low <= low
            assert high <= known.high


@each
def test_every_move_is_of_a_known_quantity_in_order_and_in_range(lever):
    for move in both(lever):
        size = move.size
        assert size.low <= size.base <= size.high, move.quantity
        assert move.unit, move.quantity
        assert move.where in groups.GROUPS, move.where
        assert move.value in ("", *lever.values), move.value
        assert 0 <= move.decay < 1
        if move.how == "act":
            assert move.quantity in ACTS
        elif move.quantity in CHOICES:
            assert move.how == "set"
        else:
            assert move.quantity in TERMS
            assert move.how in ("set", "scale", "add")
            known = term(move.quantity)[2]
            if move.how == "set":
                assert known.low <= size.low
                assert size.high <= known.high
            if move.how == "scale":
                assert size.low >= 0


@each
def test_a_move_reaches_something_the_lever_is_aimed_at(lever):
    """A lever aimed at one thing moves its terms, not silently those of all."""
    for move in both(lever):
        if move.quantity not in TERMS:
            continue
        scope = term(move.quantity)[0]
        if lever.target in ("projects", "lines"):
            assert scope == "base", move.quantity
        if lever.target == "programs":
            assert scope != "country" or lever.only == "home programs", move.quantity
        if lever.target != "base" or scope == "base":
            assert move.where == "all", move.quantity


@each
def test_acts_do_not_depend_on_a_word_that_the_engine_would_not_ask_for(lever):
    for move in both(lever):
        if move.how == "act" or move.quantity in CHOICES:
            assert move.value == ""
            assert move.where == "all"
        if move.quantity == "attention":
            assert move in lever.moves


@each
def test_a_choice_of_words_is_one_the_engine_knows(lever):
    for move in lever.moves:
        if move.quantity in CHOICES and lever.target != "base":
            assert set(lever.values) <= set(CHOICES[move.quantity])
    values = {move.value for move in lever.moves} - {""}
    if values:
        assert values == set(lever.values)


@each
def test_every_source_is_in_a_table_of_sources(lever):
    known = {row["id"] for path in SOURCES for row in sources(path)}
    assert [s for s in lever.source.split("+") if s not in known] == []
    if lever.source == "MODEL":
        assert lever.confidence in ("notional", "estimate")


def test_sources_are_cited_graded_and_told_once():
    common, own = (sources(path) for path in SOURCES)
    ids = [row["id"] for row in own]
    assert len(ids) == len(set(ids))
    assert set(ids).isdisjoint(row["id"] for row in common)
    assert set(ids) <= {s for lever in LEVERS for s in lever.source.split("+")}
    for row in own:
        assert list(row) == ["id", "title", "publisher", "year", "url", "grade"]
        assert row["title"]
        assert row["grade"] in tuple("ABCRM")


def test_every_term_and_act_is_moved_by_some_lever():
    moved = {move.quantity for lever in LEVERS for move in both(lever)}
    assert sorted(TERMS - moved) == []
    assert sorted(set(ACTS) - moved) == []
    assert sorted(set(CHOICES) - moved) == []


def test_every_rule_of_targets_is_used_and_finds_something():
    used = {lever.only for lever in LEVERS} - {""}
    worlds = [load(name) for name in scenarios()]
    for lever in LEVERS:
        if lever.target != "base":
            assert any(targets.targets(lever, s) for s in worlds), lever.name
    assert sorted(set(targets.RULES) - used) == []


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_package_loads_for_the_scenario_it_names(name):
    first = (CATALOGUE.parent / "packages" / f"{name}.toml").read_text().splitlines()[0]
    scenario = re.fullmatch(r"# ([a-z0-9-]+): .+", first)
    assert scenario is not None, "the first line is '# SCENARIO: what it asks'"
    assert load_package(name, load(scenario[1])).settings


@pytest.mark.parametrize("name", shipped())
def test_a_package_for_another_scenario_is_refused_in_words(name):
    for other in scenarios():
        told = ""
        try:
            load_package(name, load(other))
        except PackageError as fault:
            told = str(fault)
        assert told.count("allowed:") == len(told.splitlines())
