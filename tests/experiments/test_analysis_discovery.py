import numpy as np
import pandas as pd
import pytest

from experiments.analysis.discovery import discover, failing
from experiments.analysis.futures import per_future
from tests.experiments.analysis_frames import Measure, by_point, design_of, futures_of, runs_of


def found_in(x, hits, **asked):
    design = design_of(x)
    return discover(design, by_point(design, hits), **asked)


def planted(n=1000, factors=4, seed=0):
    x = np.random.default_rng(seed).random((n, factors))
    return x, (x[:, 0] < 0.4) & (x[:, 1] > 0.5)


@pytest.mark.parametrize("factors", [2, 20])
def test_a_planted_box_is_found_also_among_factors_that_do_not_matter(factors):
    found = found_in(*planted(factors=factors))
    assert len(found.boxes) == 1
    box = found.boxes.iloc[0]
    assert box[["coverage", "density", "fresh_coverage", "fresh_density"]].gt(0.9).all()
    assert box["holds"]
    ranges = found.ranges.set_index("factor")
    assert sorted(ranges.index) == ["x0", "x1"]
    assert ranges.loc["x0", "high"] == pytest.approx(0.4, abs=0.03)
    assert ranges.loc["x1", "low"] == pytest.approx(0.5, abs=0.03)
    assert ranges.loc["x0", "low"] == ranges.loc["x0", "range_low"]
    assert ranges[["p_value", "fresh_p"]].lt(1e-9).all(axis=None)


def test_a_box_of_words_and_numbers_is_found():
    rng = np.random.default_rng(1)
    words = np.array(["a", "b", "c", "d"])[rng.integers(0, 4, 800)]
    at = pd.DataFrame({"word": words, "x": rng.random(800), "y": rng.random(800)})
    hits = np.isin(words, ["b", "d"]) & (at["x"] < 0.5)
    found = found_in(at, hits)
    assert found.boxes.iloc[0][["fresh_coverage", "fresh_density"]].gt(0.9).all()
    ranges = found.ranges.set_index("factor")
    assert ranges.loc["word", "words"] == ("b", "d")
    assert sorted(ranges.index) == ["word", "x"]


def test_two_regions_are_two_boxes_although_no_peel_of_the_whole_leads_to_them():
    x = np.random.default_rng(2).random((2000, 5))
    one, two = (x[:, 0] < 0.3) & (x[:, 1] < 0.4), (x[:, 0] > 0.8) & (x[:, 2] > 0.5)
    found = found_in(x, one | two)
    assert len(found.boxes) == 2
    assert found.boxes["fresh_density"].gt(0.9).all()
    assert found.boxes["coverage"].sum() > 0.9


def test_a_box_keeps_its_bearings_when_one_case_in_ten_is_wrong():
    x, hits = planted()
    hits = hits ^ (np.random.default_rng(3).random(len(hits)) < 0.1)
    found = found_in(x, hits)
    ranges = found.ranges[found.ranges["box"] == 1].set_index("factor")
    assert sorted(ranges.index) == ["x0", "x1"]
    assert found.boxes["fresh_density"].iloc[0] > 0.8


def test_chance_gives_no_box_that_holds_in_most_samples():
    rng = np.random.default_rng(4)
    held = [
        found_in(rng.random((400, 8)), rng.random(400) < 0.3).boxes["holds"].any()
        for _ in range(40)
    ]
    assert np.mean(held) < 0.1


def test_coverage_density_and_mass_count_the_cases_that_ranges_hold():
    x, hits = planted(n=300)  # too few cases of interest to keep half of them
    found = found_in(x, hits[:300] & (np.arange(300) < 200), seed=1)
    box, inside = found.boxes.iloc[0], np.ones(300, dtype=bool)
    for row in found.ranges[found.ranges["box"] == 1].itertuples():
        column = x[:, int(row.factor[1:])]
        inside &= (column >= row.low) & (column <= row.high)
    hits = hits & (np.arange(300) < 200)
    assert np.isnan(box["fresh_density"])
    assert box["n"] == inside.sum()
    assert box["mass"] == inside.mean()
    assert box["density"] == hits[inside].mean()
    assert box["coverage"] == hits[inside].sum() / hits.sum()


def test_the_boxes_on_the_way_shrink_from_the_whole():
    path = found_in(*planted()).trajectory
    assert path["mass"].is_monotonic_decreasing
    assert path.iloc[0][["mass", "coverage"]].tolist() == [1.0, 1.0]


def test_weight_on_coverage_gives_larger_boxes_and_weight_on_density_purer_ones():
    x = np.random.default_rng(5).random((1000, 2))
    hits = x.sum(axis=1) < 0.8
    large, pure = (found_in(x, hits, boxes=1, beta=b).boxes.iloc[0] for b in (3.0, 0.3))
    assert large["coverage"] > pure["coverage"]
    assert large["density"] < pure["density"]


@pytest.mark.parametrize("hits", [np.zeros(60, dtype=bool), np.ones(60, dtype=bool)])
def test_where_none_or_all_fail_there_is_no_box(hits):
    found = found_in(np.random.default_rng(0).random((60, 2)), hits)
    assert found.boxes.empty
    assert found.ranges.empty
    assert found.of_interest == hits.sum()


@pytest.mark.parametrize("n", [1, 6])
def test_few_cases_constant_factors_and_no_factors_give_no_box_and_no_error(n):
    x = np.zeros((n, 2))
    assert found_in(x, np.arange(n) > 0).boxes.empty
    assert found_in(pd.DataFrame(index=range(n)), np.arange(n) > 0).boxes.empty


def test_equal_numbers_are_cut_off_together():
    x = np.random.default_rng(6).integers(0, 4, (600, 3)).astype(float)
    found = found_in(x, x[:, 1] >= 2.0)
    assert found.boxes.iloc[0][["coverage", "density"]].tolist() == [1.0, 1.0]
    assert found.ranges[["factor", "low"]].iloc[0].tolist() == ["x1", 1.5]


def test_the_order_of_points_does_not_matter():
    x, hits = planted(n=400)
    design = design_of(x)
    values = by_point(design, hits)
    found = discover(design, values)
    again = discover(design.sample(frac=1.0, random_state=0), values[::-1])
    pd.testing.assert_frame_equal(found.boxes, again.boxes)
    pd.testing.assert_frame_equal(found.ranges, again.ranges)


def test_a_package_fails_below_what_is_acceptable_or_behind_the_baseline():
    futures = futures_of(y=[[1.0, 3.0], [2.0, 1.0], [4.0, 4.0]])
    more, less = Measure("y", "more", 2.0), Measure("y", "less", 2.0)
    assert failing(futures, more, "b").tolist() == [False, True, False]
    assert failing(futures, less, "b").tolist() == [True, False, True]
    assert failing(futures, more, "b", "a").tolist() == [False, True, False]
    assert failing(futures, less, "b", "a").tolist() == [True, False, False]
    with pytest.raises(ValueError, match="no acceptable value"):
        failing(futures, Measure("y"), "b")
    with pytest.raises(ValueError, match="one future only"):
        failing(per_future(runs_of(np.zeros((1, 3, 2))), [more]), more, "b")
