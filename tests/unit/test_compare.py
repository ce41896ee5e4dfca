"""Paired differences: what pairing buys, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mobilize.compare import compare, paired
from mobilize.runs import run_worlds
from mobilize.scenario import load
from policies.package import no_package


def test_pairing_finds_an_effect_that_unpaired_worlds_hide():
    chance = np.random.default_rng(1)
    luck = chance.normal(1000, 100, 32)
    a, b = luck, luck + 5 + chance.normal(0, 2, 32)
    found = paired("x", "all", "units", a, b)
    assert found.low > 0
    unpaired = np.hypot(a.std(ddof=1), b.std(ddof=1)) / np.sqrt(32)
    assert found.difference < unpaired  # lost in the luck without pairing


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    chance = np.random.default_rng(2)
    hits = 0
    for _ in range(400):
        gap = chance.normal(3.0, 1.0, 12)
        found = paired("x", "all", "units", np.zeros(12), gap)
        hits += found.low <= 3.0 <= found.high
    assert 0.85 < hits / 400 < 0.95


def test_a_policy_compared_with_itself_differs_by_nothing():
    scenario = load("artillery-2022")
    results = run_worlds(scenario, no_package(), 3, length=12)
    assert all(d.difference == d.low == d.high == 0 for d in compare(results, results))


def test_other_worlds_are_refused():
    results = run_worlds(load("artillery-2022"), no_package(), 2, length=6)
    with pytest.raises(ValueError, match="same scenario, seed, worlds and months"):
        compare(results, replace(results, seed=99))
