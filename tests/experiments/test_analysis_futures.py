import numpy as np
import pandas as pd
import pytest

from experiments.analysis.futures import (
    MissingRunsError,
    nominal,
    per_future,
    response,
    sampled_points,
    wide,
)
from tests.experiments.analysis_frames import Measure, design_of, runs_of, saltelli, trajectories

Y = [Measure("y")]


def study(points=4, worlds=3, packages=2, seed=0):
    rng = np.random.default_rng(seed)
    design = design_of(rng.random((points, 2)), base=[0.5, 0.5])
    values = rng.normal(size=(points + 1, worlds, packages))
    return runs_of(values, np.arange(points + 1)), design, values


def test_replications_are_averaged_by_future_and_package_without_the_nominal_point():
    runs, design, values = study()
    found = per_future(runs, Y, design)
    assert (found.unit, found.worlds, found.cases) == ("future", 3, 4)
    np.testing.assert_allclose(wide(found, "y"), values[1:].mean(axis=1))


def test_with_one_future_its_worlds_are_the_unit_and_nothing_explains_them():
    runs, design, values = study(points=1)
    runs, design = runs[runs["point"] == 0], design[:1]
    found = per_future(runs, Y, design)
    assert (found.unit, found.worlds, found.cases) == ("world", 1, 3)
    np.testing.assert_array_equal(wide(found, "y"), values[0])
    with pytest.raises(ValueError, match="one future only"):
        response(found, "y", "a")


def test_the_nominal_point_stands_apart_with_worlds_of_its_own_number():
    runs, design, values = study(worlds=5)
    fewer = runs[(runs["point"] == 0) | (runs["replication"] < 2)]
    assert per_future(fewer, Y, design).worlds == 2
    np.testing.assert_array_equal(wide(nominal(fewer, Y, design), "y"), values[0])


def test_runs_without_a_value_are_refused_and_named_each_with_its_reason():
    runs, design, _ = study()
    runs.loc[runs.index[8], ["status", "error", "y"]] = ["error", "Traceback\nKeyError: x", np.nan]
    runs.loc[runs.index[15], "y"] = np.inf
    runs = runs.drop(runs.index[22])
    with pytest.raises(MissingRunsError) as told:
        per_future(runs, Y, design)
    assert str(told.value).splitlines()[1:] == [
        "point 1, package a, replication 1: error: KeyError: x",
        "point 2, package b, replication 1: y is inf",
        "point 3, package a, replication 2: not run",
    ]


def test_futures_with_a_missing_run_are_left_out_for_every_package_and_told():
    runs, design, values = study()
    runs.loc[8, ["status", "y"]] = ["died", np.nan]
    found = per_future(runs, Y, design, leave_out=True)
    assert found.left_out == (1,)
    assert found.missing["why"].tolist() == ["died"]
    np.testing.assert_allclose(wide(found, "y"), values[2:].mean(axis=1))
    assert found.told() == (
        "3 futures, each the mean of 3 worlds; "
        "1 left out for every package, because a run is missing."
    )


def test_points_that_never_ran_are_missing_too():
    runs, design, _ = study()
    with pytest.raises(MissingRunsError, match="point 4, package a, replication 0: not run"):
        per_future(runs[runs["point"] < 4], Y, design)


@pytest.mark.parametrize("leave_out", [False, True])
def test_a_study_in_which_every_run_failed_is_refused(leave_out):
    runs, design, _ = study()
    runs["status"], runs["error"], runs["y"] = "timeout", "longer than 60 s", np.nan
    with pytest.raises(MissingRunsError, match="timeout: longer than 60 s"):
        per_future(runs, Y, design, leave_out=leave_out)


def test_a_run_that_is_there_twice_is_refused():
    runs, design, _ = study()
    with pytest.raises(ValueError, match="point 1, replication 0, package a is there twice"):
        per_future(pd.concat([runs, runs[6:7]]), Y, design)


def test_the_order_of_rows_does_not_matter():
    runs, design, _ = study(points=9)
    mixed = runs.sample(frac=1.0, random_state=1)
    found, again = (per_future(r, Y, design).frame for r in (runs, mixed))
    pd.testing.assert_frame_equal(found, again, check_exact=True)


def test_only_points_that_were_drawn_independently_count_as_futures():
    design = saltelli(8, 3)
    runs = runs_of(np.zeros((len(design), 1, 1)))
    assert sampled_points(runs, design) == list(range(1, 17))  # A and B
    assert per_future(runs, Y, design, every=True).cases == 8 * 5
    design = trajectories(5, 3)
    assert sampled_points(runs, design) == [1, 5, 9, 13, 17]  # where each starts
    ends = design_of([[0.0, 0.5], [1.0, 0.5]], ["low", "high"], [0, 0], base=[0.5, 0.5])
    assert sampled_points(runs, ends) == [0]


def test_an_unknown_package_or_outcome_is_refused_with_what_is_allowed():
    runs, design, _ = study()
    found = per_future(runs, Y, design)
    with pytest.raises(ValueError, match="package 'c' was not run; allowed: a, b"):
        response(found, "y", "c")
    with pytest.raises(ValueError, match="outcome 'z' is not a column"):
        wide(found, "z")
