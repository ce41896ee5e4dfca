"""What may vary: every figure is accounted for, ranges carry evidence, faults are told at once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tables import ladder, mindsets
from experiments.factor import CONFIDENCES, SHAPES, Factor
from experiments.factors import catalogue, describe, read_factors
from experiments.movable import cells, movable, read, spreads
from experiments.vary import vary
from mobilize.conflicts import theatres
from mobilize.model import compiled, scripted
from mobilize.parameters import parameters
from mobilize.scenario import load, schema, shipped
from policies.package import load_package

SCENARIO = load("industrial-gap")
PACKAGES = tuple(load_package(name, SCENARIO) for name in ("ready-stock", "whole-chain"))
OWN = {"source": "S383", "confidence": "estimate"}


def asked(*rows, every=(), leave=(), scenario=SCENARIO, packages=PACKAGES):
    return read_factors(rows, every, scenario, packages, leave)


def faults(*rows, **more):
    return asked(*rows, **more)[1]


def factors(*rows, **more):
    found, wrong = asked(*rows, **more)
    assert wrong == []
    return {factor.name: factor for factor in found}


def test_every_number_of_the_tables_may_vary_or_is_left_out_for_a_reason():
    numbers = {(a.table, a.column) for a in schema.attributes() if a.is_number}
    named = [(k.of, column) for k in movable().values() if k.is_table for column in k.columns]
    left = [(row["of"], column) for row in read("fixed.csv") for column in row["columns"].split()]
    assert sorted(named + left) == sorted(numbers)
    assert all(row["why"] for row in read("fixed.csv"))


def test_the_firmer_a_figure_the_less_it_moves():
    found = [spreads()[word] for word in CONFIDENCES]
    assert found == sorted(found)
    assert found[0] > 1
    assert all(row["source"] and row["grade"] and row["why"] for row in read("spread.csv"))


RANGES = st.tuples(*[st.floats(0.01, 1000)] * 3).map(sorted).filter(lambda r: r[0] < 0.9 * r[2])


@given(RANGES, st.sampled_from(SHAPES), st.floats(0, 1), st.floats(0, 1))
def test_a_place_in_the_range_gives_a_value_in_it_and_back(ends, shape, u, v):
    factor = Factor("x", "x", *ends, shape)
    low, high = sorted((u, v))
    assert ends[0] <= factor.at(low) <= factor.at(high) <= ends[2]
    assert factor.at(0), factor.at(1) == pytest.approx((ends[0], ends[2]))
    assert factor.at(factor.place(factor.at(u))) == pytest.approx(factor.at(u), rel=1e-6)


def test_shapes_put_half_of_the_futures_where_they_say():
    assert Factor("x", "x", 1, 2, 9).at(0.5) == 5
    assert Factor("x", "x", 1, 2, 100, "log-uniform").at(0.5) == pytest.approx(10)
    assert Factor("x", "x", 0, 1, 2, "triangular").at(0.125) == pytest.approx(0.5)


def test_words_have_equal_parts_of_the_range():
    factor = Factor("x", "x", 0, 0, 2, words=("a", "b", "c"), word="drawn")
    assert [factor.at(u) for u in (0, 0.32, 0.34, 0.65, 0.67, 1)] == ["a", "a", "b", "b", "c", "c"]
    assert all(factor.at(factor.place(word)) == word for word in factor.words)
    assert factor.of_base() == "drawn"


def inputs(point, packages):
    """Return a hash of all that a model of a point starts from."""
    scenario = point.scenario
    arrays = [*compiled(scenario)[0], *(t.phases for t in theatres(scenario))]
    tables = ("hazards", "disturbances", "conflicts", "phases", "substitutes")
    text = [
        parameters(scenario),
        scripted(scenario, 600).grants,
        scripted(scenario, 600).industrial,
        scenario["programs"]["training_use"].tolist(),
        [[asdict(entry) for entry in getattr(scenario, name)] for name in tables],
        [(t.dated) for t in theatres(scenario)],
        [point.package(package).settings for package in packages],
        mindsets(point.figures), ladder(point.figures), point.mindset,
    ]  # fmt: skip
    sha = hashlib.sha256(json.dumps(text, default=str).encode())
    for array in arrays:
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()


@pytest.mark.parametrize(("name", "chosen"), [
    ("arsenal-2026", ()), ("industrial-gap", ("ready-stock", "whole-chain")), ("mrap-2007", ()),
])  # fmt: skip
def test_every_factor_changes_what_a_model_starts_from_at_both_ends(name, chosen):
    scenario = load(name)
    packages = tuple(load_package(package, scenario) for package in chosen)
    every = catalogue(scenario, packages)
    plain = inputs(vary(scenario, [], {}), packages)
    still = []
    for address, factor in every.items():
        ends = factor.words or (factor.low, factor.high)
        for end in (end for end in ends if end != factor.of_base()):
            point = vary(scenario, [factor], {factor.name: end})
            with point.holding():
                if inputs(point, packages) == plain:
                    still.append((address, end))
    assert still == []
    assert len(every) > 130


@pytest.mark.parametrize("name", shipped())
def test_every_factor_says_what_it_is_and_on_what_evidence(name):
    for factor in catalogue(load(name), ()).values():
        assert factor.title, factor.name
        assert factor.unit or factor.words
        assert factor.source
        assert factor.confidence in CONFIDENCES
        assert factor.low <= factor.base <= factor.high


def test_a_challenger_varies_only_where_there_is_one_that_acts():
    assert {"mindset", "challenger:opportunity", "challenger:kappa"} <= set(catalogue(SCENARIO))
    watched = catalogue(load("arsenal-2026"))
    assert "challenger:kappa" in watched
    assert not {"mindset", "challenger:opportunity"} & set(watched)
    assert not [a for a in catalogue(load("mrap-2007")) if a.startswith(("mind", "challenger"))]
    wrong = faults({"varies": "mindset"}, {"varies": "challenger:opportunity"},
                   scenario=load("arsenal-2026"), packages=())  # fmt: skip
    assert len(wrong) == 2
    assert all("it would change nothing" in fault for fault in wrong)
    assert "need_days" in faults({"varies": "challenger:kappa"}, scenario=load("mrap-2007"),
                                 packages=())[0]  # fmt: skip


def test_a_lever_that_no_package_sets_is_a_fault():
    set_by = {setting.lever for package in PACKAGES for setting in package.settings}
    levers = {a.partition(":")[2] for a in catalogue(SCENARIO, PACKAGES)
              if a.startswith(("lever:", "onset:"))}  # fmt: skip
    assert levers
    assert levers <= set_by
    assert factors({"varies": "lever:workforce-pipeline"})
    assert "no package of the study" in faults({"varies": "lever:workforce-pipeline"},
                                               packages=())[0]  # fmt: skip


def test_every_of_some_confidences_takes_no_figure_of_another():
    found = factors(every=["notional", "unverified"])
    assert {f.confidence for f in found.values()} == {"notional", "unverified"}
    firm = {"documented", "estimate"}
    for factor in found.values():
        if factor.varies in movable():
            parts = cells(SCENARIO, factor.varies, factor.rows, factor.only)
            assert not firm & {word for part in parts for word in part.confidences}
    assert len(found) < len(catalogue(SCENARIO, PACKAGES))
    assert any(f.varies.startswith("lever:") for f in found.values())


def test_a_row_takes_the_place_of_what_every_brings_and_leave_leaves_out():
    row = {"varies": "parameter:training", "name": "training", "low": 3, "high": 5} | OWN
    found = factors(row, every=["notional"], leave=["challenger:*"])
    assert found["training"].high == 5
    assert "parameter:training" not in found
    assert not any(name.startswith("challenger") for name in found)
    assert "leaves out nothing" in faults(every=["documented"], leave=["table:x"])[0]


def test_a_range_of_its_own_lies_within_the_datas_and_says_its_evidence():
    row = {"varies": "parameter:training", "low": 1, "high": 8}
    wrong = faults(row)
    assert any("low 1 lies outside 2 to 12 months" in fault for fault in wrong)
    assert sum("is missing: the range is not the data's own" in fault for fault in wrong) == 2
    assert faults({"varies": "parameter:training"}) == []
    assert "give base too" in faults(row | OWN | {"low": 6})[0]
    given = factors(row | OWN | {"low": 6, "base": 7, "shape": "triangular"})
    assert given["parameter:training"].source == "S383"


@pytest.mark.parametrize(("row", "told"), [
    ({"name": "x"}, "the key 'varies' is missing"),
    ({"varies": "parameter:trainng"}, "did you mean 'parameter:training'?"),
    ({"varies": "parameter:training", "hihg": 3}, "unknown key 'hihg'"),
    ({"varies": "parameter:training", "high": "3"}, "high '3' is not a number"),
    ({"varies": "parameter:training", "high": True}, "high True is not a number"),
    ({"varies": "parameter:training", "low": float("nan")}, "is not a number"),
    ({"varies": "parameter:training", "low": 5, "high": 4} | OWN, "is not below high"),
    ({"varies": "parameter:training", "shape": "normal"}, "shape 'normal' is not one of"),
    ({"varies": "parameter:sight", "shape": "log-uniform"}, "needs low above 0"),
    ({"varies": "parameter:training", "rows": "*"}, "leave the key out"),
    ({"varies": "parameter:training", "words": ["a", "b"]}, "takes numbers"),
    ({"varies": "parameter:training", "confidence": "sure"}, "confidence 'sure' is not one of"),
    ({"varies": "table:lines.rates", "rows": "no-such-*"}, "matches none of lines"),
    ({"varies": "table:lines.rates", "only": ["sure"]}, "not all confidences"),
    ({"varies": "table:projects.crew"}, "has no such figures"),
    ({"varies": "mindset", "low": 0}, "takes words"),
    ({"varies": "mindset", "words": ["patient"]}, "at least two"),
    ({"varies": "mindset", "words": ["patient", "bold"]}, "'bold' is not one of"),
    ({"varies": 3}, "varies 3 is not a text"),
    ({"varies": "mindset", "name": "point"}, "is a column of the design already"),
])  # fmt: skip
def test_a_broken_row_says_what_is_wrong(row, told):
    found = faults(row)
    assert any(told in fault for fault in found), found
    assert all(fault.startswith("[[factor]] 1: ") for fault in found)


def test_all_faults_are_told_at_once():
    found = faults({"varies": "x"}, {"varies": "mindset", "low": 1}, {"name": 3}, every=["sure"])
    assert [n for n in (1, 2, 3) if any(f"[[factor]] {n}:" in fault for fault in found)] == [
        1,
        2,
        3,
    ]
    assert any("'sure' is no confidence" in fault for fault in found)


def test_two_factors_may_share_a_table_but_no_figure():
    us, allies = ({"varies": "table:programs.stock", "name": name, "rows": rows}
                  for name, rows in (("us", "us-*"), ("japan", "jp-*")))  # fmt: skip
    assert len(factors(us, allies)) == 2
    assert "move the same figures" in faults(us, {**allies, "rows": "*"})[0]
    assert any("called 'us'" in fault for fault in faults(us, {**allies, "name": "us"}))


def test_the_table_for_reports_has_a_row_a_factor():
    found, _ = asked({"varies": "mindset"}, {"varies": "parameter:training"})
    frame = describe(found)
    assert frame["name"].tolist() == ["mindset", "parameter:training"]
    assert frame["words"].tolist() == ["opportunist, fearful, patient", ""]
    assert frame["confidence"].tolist() == ["notional", "notional"]
    assert describe(()).columns.tolist() == frame.columns.tolist()
