import numpy as np
import pandas as pd
import pytest

from experiments.analysis.futures import nominal, per_future
from experiments.analysis.survive import findings
from tests.experiments.analysis_frames import Measure, design_of, runs_of

Y = [Measure("y")]


def study(effect, n=400, worlds=2, seed=0):
    """Return findings on package b, whose effect is a function of the factors' places."""
    rng = np.random.default_rng(seed)
    x = np.vstack([np.full(3, 0.5), rng.random((n, 3))])
    shared, noise = rng.normal(size=(n + 1, worlds, 1)), 0.01 * rng.normal(size=(n + 1, worlds, 2))
    values = shared + noise + (effect(x)[:, None] * [0.0, 1.0])[:, None]
    design, runs = design_of(x[1:], base=x[0]), runs_of(values, np.arange(n + 1))
    futures = per_future(runs, Y, design)
    return findings(futures, Y, design, "a", nominal(runs, Y, design)).iloc[0]


def test_a_sign_that_holds_nearly_everywhere_survives():
    row = study(lambda x: 0.5 + x[:, 0])
    assert (row["verdict"], row["sign"], row["better"]) == ("survives", 1, True)
    assert row["holds"] == 1.0
    assert row["depends_on"] == ()


def test_a_sign_that_holds_in_most_futures_mostly_does_and_names_the_factor():
    row = study(lambda x: x[:, 1] - 0.12)
    assert row["verdict"] == "mostly"
    assert row["holds_low"] < row["holds"] < row["holds_high"]
    assert row["depends_on"] == ("x1",)


def test_a_sign_that_turns_depends_on_the_factors_that_turn_it():
    row = study(lambda x: x[:, 2] - 0.48)
    assert (row["verdict"], row["depends_on"]) == ("depends", ("x2",))


def test_the_nominal_sign_is_put_to_the_test_even_if_most_futures_say_otherwise():
    row = study(lambda x: 4.0 * (abs(x - 0.5).max(axis=1) < 0.25) - 1.0)
    assert row["nominal"] > 0.0 > row["difference"]
    assert row["sign"] == 1
    assert row["verdict"] == "depends"
    assert row["holds"] < 0.2


def test_a_rare_disaster_that_turns_the_mean_does_not_let_a_sign_survive():
    row = study(lambda x: np.where(x[:, 0] > 0.97, -100.0, 1.0))
    assert row["holds"] > 0.95
    assert row["difference"] < 0.0
    assert row["verdict"] == "depends"


def test_without_any_difference_there_is_no_finding():
    runs = runs_of(np.ones((5, 2, 2)))
    design = design_of(np.random.default_rng(0).random((5, 2)))
    row = findings(per_future(runs, Y, design), Y, design, "a").iloc[0]
    assert (row["verdict"], row["sign"], row["better"]) == ("none", 0, False)
    assert np.isnan(row["nominal"])


@pytest.mark.parametrize("packages", [1, 2])
def test_one_future_is_judged_by_its_worlds_and_depends_on_no_factor(packages):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(1, 30, 1)) + 0.1 * rng.normal(size=(1, 30, packages))
    found = findings(per_future(runs_of(values), Y), Y, pd.DataFrame({"point": [1]}), "a")
    assert len(found) == packages - 1
    assert found["depends_on"].map(len).sum() == 0
