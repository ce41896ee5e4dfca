"""Regret, robustness, fronts and costs: which package to choose."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.analysis.front import cost_effectiveness, fieller, front, undominated
from experiments.analysis.robust import preferred, regret, regrets, robustness, satisficing
from tests.experiments.analysis_frames import Measure, futures_of
from tests.experiments.test_analysis_paired import tables

Y, COST = Measure("y", "more", 5.0), Measure("cost", "less")


def test_regret_is_what_hindsight_would_have_gained():
    table = [[1.0, 3.0, 2.0], [9.0, 4.0, 8.0]]
    found = regret(futures_of(y=table), [Y]).set_index("package")
    assert found["mean"].tolist() == [1.0, 2.5, 1.0]
    assert found["max"].tolist() == [2.0, 5.0, 1.0]
    assert found["max_case"].tolist() == [0, 1, 0]
    assert found["best"].tolist() == [0.5, 0.5, 0.0]
    less = regret(futures_of(y=table), [Measure("y", "less")]).set_index("package")
    assert less["max"].tolist() == [5.0, 2.0, 4.0]


@given(tables(least=1), st.sampled_from(["more", "less"]))
@settings(deadline=None)
def test_regret_is_never_negative_and_nothing_for_the_best_of_each_future(table, goal):
    found = regrets(futures_of(y=table), Measure("y", goal)).to_numpy()
    assert (found >= 0.0).all()
    best = (table if goal == "more" else -table).argmax(axis=1)
    assert (found[np.arange(len(found)), best] == 0.0).all()


def test_measures_of_robustness_prefer_different_packages_and_it_is_told():
    table = np.array([[10.0, 6.0, 5.0]] * 17 + [[0.0, 4.0, 4.9]] * 3)
    measured = robustness(futures_of(y=table), [Y])
    found = preferred(measured).set_index("measure")
    assert found["best"].to_dict() == {
        "mean": ("a",),
        "worst": ("c",),
        "decile": ("c",),
        "max_regret": ("b",),
        "satisficing": ("a", "b", "c"),
    }
    assert not found["agree"].any()
    only = preferred(robustness(futures_of(y=table[:, :1]), [Y]))
    assert only["agree"].all()


def test_the_worst_future_follows_the_goal():
    futures = futures_of(y=[[1.0], [2.0], [3.0]])
    worst = [robustness(futures, [Measure("y", g)])["worst"].iloc[0] for g in ("more", "less")]
    assert worst == [1.0, 3.0]


def test_acceptable_values_are_also_met_jointly():
    futures = futures_of(y=[[6.0], [6.0], [5.0], [1.0]], cost=[[1.0], [9.0], [2.0], [1.0]])
    both = [Y, Measure("cost", "less", 2.0)]
    assert robustness(futures, both)["satisficing"].tolist() == [0.75, 0.75]
    row = satisficing(futures, [*both, Measure("cost", "less")]).iloc[0]
    assert (row["share"], row["outcomes"], row["n"]) == (0.5, 2, 4)
    assert row["low"] < 0.5 < row["high"]
    assert satisficing(futures, [COST]).empty


def test_without_an_acceptable_value_satisficing_is_unknown_and_prefers_nothing():
    measured = robustness(futures_of(cost=[[1.0, 2.0], [1.0, 2.0]]), [COST])
    assert measured["satisficing"].isna().all()
    assert "satisficing" not in preferred(measured)["measure"].tolist()


def test_one_package_and_one_future_are_measured_without_intervals():
    futures = futures_of(y=[[4.0]])
    assert regret(futures, [Y])["mean"].tolist() == [0.0]
    row = robustness(futures, [Y]).iloc[0]
    assert (row["mean"], row["worst"], row["satisficing"]) == (4.0, 4.0, 0.0)
    assert np.isnan(row["mean_low"])
    alone = front(futures, [Y]).iloc[0]
    assert alone["on_front"]
    assert np.isnan(alone["share"])


def test_the_front_leaves_out_what_another_package_beats_in_every_goal():
    futures = futures_of(y=[[5.0, 4.0, 3.0, 5.0]] * 3, cost=[[3.0, 3.0, 1.0, 3.0]] * 3)
    found = front(futures, [Y, COST]).set_index("package")
    assert found["on_front"].to_dict() == {"a": True, "b": False, "c": True, "d": True}
    assert found["beaten_by"].to_dict() == {"a": (), "b": ("a", "d"), "c": (), "d": ()}
    assert found["share"].tolist() == [1.0, 0.0, 1.0, 1.0]


def test_a_package_on_the_front_by_luck_stays_on_it_less_often():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(50, 3))
    y += np.array([0.0, 0.02, 5.0]) - y.mean(axis=0)
    found = front(futures_of(y=y), [Y]).set_index("package")
    assert found.loc["c", "share"] == 1.0
    near = front(futures_of(y=y[:, :2]), [Y])["share"]
    assert near.between(0.05, 0.95).all()
    assert near.sum() == pytest.approx(1.0)


@given(tables(least=1))
def test_every_package_off_the_front_is_beaten_by_one_that_is_on_it(gains):
    on = undominated(gains)
    assert on.any()
    for n, row in enumerate(gains):
        beaten = [(gains[m] >= row).all() and (gains[m] > row).any() for m in np.flatnonzero(on)]
        assert any(beaten) != on[n]


def test_a_gain_is_told_for_what_it_costs_and_ranked():
    rng = np.random.default_rng(0)
    luck = rng.normal(size=(200, 1))
    gain = np.array([0.0, 4.0, 4.0, 1.0, -1.0, -2.0])
    extra = np.array([0.0, 2.0, 1.0, -1.0, -3.0, 4.0])
    small = [0.1 * rng.normal(size=(200, 6)) for _ in range(2)]
    futures = futures_of(y=luck + gain + small[0], cost=luck + 1000.0 * (extra + small[1]))
    found = cost_effectiveness(futures, Y, COST, "a", per=1000.0)
    assert dict(zip(found["package"], found["verdict"], strict=True)) == {
        "d": "dominates",
        "c": "buys",
        "b": "buys",
        "e": "saves",
        "f": "dominated",
    }
    assert found["package"].tolist() == ["d", "c", "b", "e", "f"]
    ratios = found.set_index("package")["ratio"]
    assert ratios[["c", "b"]].tolist() == pytest.approx([4.0, 2.0], rel=0.02)
    assert ratios[["d", "f"]].isna().all()
    row = found.set_index("package").loc["b"]
    assert row["low"] < 2.0 < row["high"]
    assert found["clear"].all()


def test_a_cost_that_is_not_told_from_nothing_gives_no_interval_of_the_ratio():
    rng = np.random.default_rng(0)
    gain, extra = rng.normal(1.0, 0.1, 30), rng.normal(0.01, 1.0, 30)
    assert np.isnan(fieller(gain, extra)[1:]).all()
    futures = futures_of(y=np.stack([0 * gain, gain], 1), cost=np.stack([0 * extra, extra], 1))
    assert not cost_effectiveness(futures, Y, COST, "a")["clear"].any()


def test_the_interval_of_a_ratio_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(2)
    held = []
    for _ in range(400):
        shared, own = rng.normal(size=(2, 40))
        _, low, high = fieller(1.0 + shared, 2.0 + 0.5 * shared + own)
        held.append(low <= 0.5 <= high)
    assert 0.86 < np.mean(held) < 0.94


def test_a_package_that_changes_nothing_is_the_same_and_a_cost_must_be_less():
    same = futures_of(y=[[1.0, 1.0]] * 3, cost=[[2.0, 2.0]] * 3)
    assert cost_effectiveness(same, Y, COST, "a")["verdict"].tolist() == ["same"]
    with pytest.raises(ValueError, match="allowed: less"):
        cost_effectiveness(same, Y, Y, "a")


@given(tables(least=3))
@settings(max_examples=20, deadline=None)
def test_the_order_of_futures_changes_no_measure(table):
    found, again = (
        [robustness(futures_of(y=t), [Y]), regret(futures_of(y=t), [Y]).drop(columns="max_case")]
        for t in (table, table[::-1])
    )
    for one, other in zip(found, again, strict=True):
        pd.testing.assert_frame_equal(one, other)
