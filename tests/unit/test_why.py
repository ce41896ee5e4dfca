"""Why: the chain from what was asked about to the root, in words an analyst can repeat."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from mobilize.model import Model
from mobilize.scenario import Disturbance, load
from mobilize.state import EQUIPMENT
from mobilize.synthetic import synthetic
from mobilize.why import Link, UnknownTargetError, why

MONTHS = (1, 7, 14, 31, 50)
MACHINE_WORDS = re.compile(r"Traceback|Error|None|\bnan\b|\binf\b|array\(|np\.|float64|<|\{|\}|_")


@pytest.fixture(scope="module")
def models():
    """The artillery scenario in some of its months."""
    return {month: Model("artillery-2022").run(month) for month in MONTHS}


def targets(model):
    names, net = model.world.names, model.world.net
    items = sorted({names.items[i] for i in net.p_item})
    return [*names.programs, *items, *names.lines]


@pytest.mark.parametrize("month", MONTHS)
def test_every_chain_ends_at_a_root_that_lacks_no_input(models, month):
    model = models[month]
    for target in targets(model):
        links = why(model, target, relief=False).links
        assert links[-1].bound != "input", target
        assert all(link.bound == "input" for link in links[:-1]), target
        assert len({link.line for link in links}) == len(links)


def test_chains_of_a_random_network_end_too():
    for seed in range(8):
        model = Model(synthetic(60, seed=seed), months=60).run()
        for target in targets(model):
            links = why(model, target, relief=False).links
            assert links[-1].bound != "input", (seed, target)


@pytest.mark.parametrize("month", MONTHS)
def test_the_answer_names_item_line_and_figures_of_that_month(models, month):
    model = models[month]
    world = model.world
    for i, program in enumerate(world.names.programs):
        answer = why(model, program, relief=False)
        first = answer.links[0]
        assert first.item == world.names.items[world.net.p_item[i]]
        line = world.names.lines.index(first.line)
        assert first.made == world.s.started[line]
        assert first.wanted == world.s.wanted[line]
        for link in answer.links:
            assert link.item in answer.text()
            assert link.line in answer.text()


@pytest.mark.parametrize("month", MONTHS)
def test_each_link_makes_what_the_one_before_it_lacks(models, month):
    model = models[month]
    net, names = model.world.net, model.world.names
    for target in targets(model):
        links = why(model, target, relief=False).links
        for link, cause in pairwise(links):
            buyer, maker = (names.lines.index(x.line) for x in (link, cause))
            slot = int(model.world.s.bound_slot[buyer])
            assert net.k_line[slot] == buyer
            assert names.items[net.k_item[slot]] == cause.item
            sold_by = net.r_supplier[net.k_routes[slot] : net.k_routes[slot + 1]]
            assert maker in sold_by


@pytest.mark.parametrize("month", MONTHS)
def test_the_text_is_for_people(models, month):
    for target in targets(models[month]):
        text = why(models[month], target, relief=False).text()
        assert not MACHINE_WORDS.search(text), text
        assert target in text


def test_a_target_that_is_nothing_lists_those_there_are(models):
    model = models[31]
    with pytest.raises(UnknownTargetError, match="us-155-chargs") as told:
        why(model, "us-155-chargs")
    assert [p for p in model.world.names.programs if p not in str(told.value)] == []


def test_more_equipment_at_a_root_bound_by_it_is_worth_something(models):
    """September 2024: charges wait for Valleyfield; a fifth more of it is a fifth of charges."""
    model = models[31]
    found = 0
    for target in ("us-155-charges", "charge-155", "valleyfield-charges"):
        answer = why(model, target)
        if answer.links[-1].bound == "equipment":
            found += 1
            assert answer.relief is not None
            assert answer.relief.units >= 0.0
            assert answer.relief.units > 10_000
            assert "equipment" in answer.relief.change
            assert "Relief" in answer.text()
    assert found == 3


def test_every_relief_of_equipment_does_no_harm(models):
    model = models[31]
    world = model.world
    lines = np.flatnonzero((world.s.bound == EQUIPMENT) & (world.s.wanted > 0))
    assert len(lines)
    for line in lines:
        answer = why(model, world.names.lines[line])
        assert answer.relief is not None
        assert answer.relief.units >= -1e-6, world.names.lines[line]


def test_asking_changes_nothing(models):
    model = models[31]
    before = model.world.s.copy()
    why(model, "us-155-charges")
    for field, array in before._asdict().items():
        assert (array == getattr(model.world.s, field)).all(), field
    assert model.month == 31


def test_plain_data_says_the_same(models):
    answer = why(models[31], "us-155-projectiles", relief=False)
    data = answer.as_dict()
    assert data["target"] == "us-155-projectiles"
    assert data["month"] == "2024-08"
    assert [Link(**row) for row in data["links"]] == list(answer.links)


def test_a_line_whose_inputs_wait_at_a_border_is_bound_by_the_licence():
    """Close the only route of an input: the chain ends there, and opening it brings relief."""
    scenario = load("artillery-2022")
    closed = Disturbance(
        "shut", "closure", "valleyfield-charges>armtec-cases", scenario.start + 6, 12, 1.0, 0,
        "closed", "MODEL", "notional",
    )  # fmt: skip
    model = Model(replace(scenario, disturbances=(closed,)), months=30).run(14)
    found = why(model, "us-155-charges")
    assert found.links[-1].line == "valleyfield-charges"
    assert found.links[-1].bound == "a licence or closed route"
    assert "closed for up to" in found.links[-1].cause
    assert found.relief is not None
    assert found.relief.units > 0
