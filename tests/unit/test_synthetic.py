"""Random networks: as sound as a checked folder, in balance, the same for the same seed."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize import synthetic as module
from mobilize.model import Model
from mobilize.scenario import load, schema
from mobilize.scenario.cells import reader
from mobilize.scenario.draft import Draft
from mobilize.scenario.settings import Entry, Settings
from mobilize.scenario.validate import violations
from mobilize.synthetic import synthetic

sizes = st.integers(12, 80)
seeds = st.integers(0, 2**32)


def faults(scenario):
    top = Entry(values={"start": scenario.start, "horizon": scenario.horizon})
    return list(violations(Draft(scenario.tables, Settings(top), frozenset())))


def drawn(scenario):
    """Units a month that buyers draw from each line at the start."""
    lines, routes, programs = (scenario[name] for name in ("lines", "routes", "programs"))
    bom = dict(zip(scenario["bom"].keys(), scenario["bom"]["quantity"], strict=True))
    row, order = lines.index(), programs["on_order"] / programs["span"]
    asked = lines["civil_share"] * lines["start_rate"]
    for route in routes.rows():
        if route["qualified"] == "no":
            continue
        seller = row[route["supplier"]]
        buyer = row.get(route["buyer"])
        if buyer is None:
            need = order[programs.index()[route["buyer"]]]
        else:
            pair = f"{lines['item'][buyer]}>{lines['item'][seller]}"
            need = lines["start_rate"][buyer] * bom[pair]
        asked[seller] += route["share"] * need
    return asked


@settings(deadline=None, max_examples=40)
@given(sizes, seeds, st.integers(2, 4), st.integers(1, 12))
def test_a_random_network_passes_every_rule_of_a_folder(firms, seed, tiers, countries):
    assert faults(synthetic(firms, seed, tiers, countries)) == []


@settings(deadline=None, max_examples=20)
@given(sizes, seeds)
def test_every_cell_could_stand_in_a_file(firms, seed):
    scenario = synthetic(firms, seed)
    for attribute in schema.attributes():
        read, values = reader(attribute), scenario[attribute.table][attribute.column].tolist()
        if attribute.table not in ("parameters", "sources") and attribute.type != "month":
            filled = [value for value in values if value == value]  # no number: an empty cell
            assert [read(str(value)) for value in filled] == filled


@settings(deadline=None, max_examples=20)
@given(sizes, seeds, st.integers(2, 4))
def test_each_line_makes_at_the_start_what_its_buyers_draw(firms, seed, tiers):
    scenario = synthetic(firms, seed, tiers)
    np.testing.assert_allclose(drawn(scenario), scenario["lines"]["start_rate"], rtol=1e-9)


@settings(deadline=None, max_examples=20)
@given(sizes, seeds)
def test_needs_have_few_suppliers_and_items_few_components(firms, seed):
    scenario = synthetic(firms, seed)
    _, parts = np.unique(scenario["bom"]["item"].astype(str), return_counts=True)
    assert parts.min() >= 2
    assert parts.max() <= 5
    item = dict(zip(scenario["lines"]["id"], scenario["lines"]["item"], strict=True))
    makers: dict[tuple[str, str], int] = {}
    for route in scenario["routes"].rows():
        if route["buyer"] in item and route["qualified"] == "yes":
            need = route["buyer"], item[route["supplier"]]
            makers[need] = makers.get(need, 0) + 1
    assert max(makers.values()) <= 3
    assert (scenario["lines"]["lead"] >= scenario["lines"]["cycle"]).all()


def test_it_has_the_tables_and_types_that_the_loader_gives():
    made, loaded = synthetic(100), load("artillery-2022")
    assert made.tables.keys() == loaded.tables.keys()
    for name, table in loaded.tables.items():
        assert list(made[name].columns) == list(table.columns)
        for column in table.columns:
            assert made[name][column].dtype == table[column].dtype
            assert made[name][column].shape == (len(made[name]),)


def test_it_has_what_the_rules_of_the_model_act_on():
    scenario = synthetic(300)
    assert len(scenario["lines"]) == len(scenario["firms"]) == 300
    assert len(scenario["programs"]) >= 3
    assert set(scenario["projects"]["kind"]) == {"capacity", "new_source"}
    assert set(scenario["items"]["control"]) == {"none", "licence", "agreement"}
    assert (scenario["lines"]["civil_share"] > 0).any()
    tiers = np.bincount(scenario["lines"]["tier"])[1:]
    assert (np.diff(tiers) > 0).all()


def test_the_same_seed_gives_the_same_network():
    assert synthetic(50, 5).digest == synthetic(50, 5).digest
    assert synthetic(50, 5).digest != synthetic(50, 6).digest


def test_the_model_begins_in_balance_and_then_meets_scarcity():
    model = Model(synthetic(60, months=60)).run(1)
    lines = model.world.net.l_start > 0
    np.testing.assert_allclose(model.record.output[0][lines], model.world.net.l_start[lines])
    model.run()
    assert len(np.unique(model.record.bound)) >= 4


@pytest.mark.parametrize("sizes", [{"firms": 11}, {"firms": 50, "tiers": 5}, {"countries": 13}])
def test_what_cannot_be_made_is_refused_with_what_can(sizes):
    with pytest.raises(ValueError, match="allowed: at least 12 firms, 2 to 4 tiers, 1 to 12"):
        synthetic(**{"firms": 50} | sizes)


def test_the_example_of_the_docstring_holds():
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
