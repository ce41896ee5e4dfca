import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_ind, ttest_rel

from experiments.analysis.futures import per_future
from experiments.analysis.intervals import bca, quantile_interval, student, wilson
from experiments.analysis.paired import differences
from tests.experiments.analysis_frames import Measure, futures_of, runs_of

Y = [Measure("y")]
numbers = st.integers(-1000, 1000).map(float)


def tables(least=2, packages=3):
    rows = st.lists(numbers, min_size=packages, max_size=packages)
    return st.lists(rows, min_size=least, max_size=12).map(np.array)


def noisy(n=40, effect=0.3, seed=0):
    """Return a table of two packages whose futures differ ten times more than they do."""
    rng = np.random.default_rng(seed)
    before = 3.0 * rng.normal(size=n)
    return np.stack([before, before + effect + 0.3 * rng.normal(size=n)], axis=1)


def test_pairs_tell_an_effect_that_as_many_unpaired_runs_miss():
    row = differences(futures_of(y=noisy()), Y, "a").iloc[0]
    assert row["low"] > 0.0
    assert row["unpaired_low"] < 0.0 < row["unpaired_high"]
    assert row["narrower"] == pytest.approx(
        (row["unpaired_high"] - row["unpaired_low"]) / (row["high"] - row["low"])
    )
    assert row["narrower"] > 5.0


def test_intervals_are_those_of_the_tests_of_student_and_welch():
    table = noisy()
    row = differences(futures_of(y=table), Y, "a", level=0.95).iloc[0]
    paired = ttest_rel(table[:, 1], table[:, 0]).confidence_interval(0.95)
    apart = ttest_ind(table[:, 1], table[:, 0], equal_var=False).confidence_interval(0.95)
    np.testing.assert_allclose(row[["low", "high"]].astype(float), paired)
    np.testing.assert_allclose(row[["unpaired_low", "unpaired_high"]].astype(float), apart)


def test_packages_at_once_are_held_to_a_level_divided_among_them():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(30, 4))
    found = differences(futures_of(y=table), Y, "a", level=0.94)
    for n, row in enumerate(found.itertuples(), start=1):
        expected = student(table[:, n] - table[:, 0], 0.98)
        assert (row.adjusted_low, row.adjusted_high) == pytest.approx(expected)


def test_shares_of_futures_follow_the_goal():
    table = [[0.0, 1.0], [0.0, 1.0], [0.0, 0.0], [0.0, -1.0]]
    more, less = (
        differences(futures_of(y=table), [Measure("y", goal)], "a").iloc[0]
        for goal in ("more", "less")
    )
    assert (more["better"], more["same"], more["worse"]) == (0.5, 0.25, 0.25)
    assert (less["better"], less["same"], less["worse"]) == (0.25, 0.25, 0.5)
    assert more["difference"] == less["difference"] == 0.25


@given(tables(), numbers)
@settings(max_examples=25, deadline=None)
def test_adding_a_constant_to_all_packages_changes_no_difference(table, constant):
    keep = ["difference", "low", "high", "better", "same", "worse"]
    found, moved = (differences(futures_of(y=t), Y, "a")[keep] for t in (table, table + constant))
    pd.testing.assert_frame_equal(found, moved, atol=1e-6)


@given(tables())
@settings(max_examples=25, deadline=None)
def test_the_order_of_futures_does_not_matter(table):
    runs = runs_of(table[:, None, :])
    found, again = (
        differences(per_future(r, Y), Y, "a") for r in (runs, runs.sample(frac=1.0, random_state=0))
    )
    pd.testing.assert_frame_equal(found, again, check_exact=True)


def test_the_same_input_gives_the_same_bytes():
    found, again = (differences(futures_of(y=noisy()), Y, "a", seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(found, again, check_exact=True)


def test_one_future_gives_a_difference_without_an_interval():
    row = differences(futures_of(y=[[1.0, 3.0]]), Y, "a").iloc[0]
    assert row["difference"] == 2.0
    assert row[["low", "high", "bca_low", "adjusted_low", "unpaired_low"]].isna().all()


def test_the_baseline_alone_gives_no_rows_and_a_constant_difference_no_width():
    assert differences(futures_of(y=[[1.0], [2.0]]), Y, "a").empty
    row = differences(futures_of(y=[[1.0, 2.0], [5.0, 6.0]]), Y, "a").iloc[0]
    assert (row["low"], row["high"], row["bca_low"], row["bca_high"]) == (1.0,) * 4
    assert np.isnan(row["narrower"])


def test_worlds_of_one_future_are_told_as_the_unit():
    table = noisy()
    found = differences(per_future(runs_of(table[None]), Y), Y, "a").iloc[0]
    expected = differences(futures_of(y=table), Y, "a").iloc[0]
    assert (found["unit"], found["n"]) == ("world", 40)
    assert found["low"] == pytest.approx(expected["low"])


def test_the_bootstrap_of_skewed_cases_leans_to_their_tail_also_when_they_are_grouped():
    skewed = np.random.default_rng(0).lognormal(sigma=1.5, size=4001)
    low, high = bca(skewed)
    narrow, wide = student(skewed)
    assert narrow < low < skewed.mean() < wide < high
    assert high - low == pytest.approx(wide - narrow, rel=0.25)


def test_the_interval_of_a_quantile_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    ends = [quantile_interval(rng.exponential(size=80), 0.9) for _ in range(400)]
    assert np.mean([low <= np.log(10.0) <= high for low, high in ends]) > 0.87
    assert np.isnan(quantile_interval(np.arange(5.0), 0.9)[1])  # too few to bound from above


@pytest.mark.parametrize(("hits", "n"), [(0, 4), (3, 50), (50, 50)])
def test_the_interval_of_a_share_is_that_of_wilson(hits, n):
    expected = binomtest(hits, n).proportion_ci(0.9, method="wilson")
    assert wilson(hits, n, 0.9) == pytest.approx(tuple(expected), abs=1e-12)


def test_a_share_of_no_cases_has_no_interval():
    assert wilson(0, 0) == pytest.approx((np.nan, np.nan), nan_ok=True)
