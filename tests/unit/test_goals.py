"""Objectives and complete sets are read off the results as the scenario states them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mobilize.goals import complete_sets, goals
from mobilize.runs import run_worlds
from mobilize.scenario import CompleteSet, Objective, load
from policies.package import no_package


@pytest.fixture(scope="module")
def results():
    scenario = load("artillery-2022")
    wanted = (
        Objective("low", "us-155-charges", scenario.start + 5, None, 100.0),
        Objective("high", "us-155-charges", scenario.start + 5, None, 1e6),
        Objective("stock", "us-155-charges", scenario.start + 5, 1.0, None),
        Objective("too late", "us-155-charges", scenario.start + 40, 1.0, None),
    )
    sets = (CompleteSet("s", "set", {"us-155-projectiles": 1.0, "us-155-charges": 2.0}),)
    asked = replace(scenario, objectives=wanted, sets=sets)
    return run_worlds(asked, no_package(), 3, length=12)


def test_an_objective_is_met_where_its_figure_is_reached(results):
    found = {goal.text: goal for goal in goals(results)}
    assert (found["low"].met, found["high"].met, found["stock"].met) == (3, 0, 3)
    assert "too late" not in found
    last = results.series("delivered")[:, 3:6, results.names.programs.index("us-155-charges")]
    assert found["low"].reached == pytest.approx(np.median(last.mean(axis=1)))


def test_a_set_is_as_many_as_its_scarcest_part_allows(results):
    [found] = complete_sets(results)
    charges = results.names.programs.index("us-155-charges")
    rate = np.median(results.series("delivered")[:, :, charges].mean(axis=1))
    assert found.short_of == "us-155-charges"
    assert found.per_month == pytest.approx(rate / 2)
