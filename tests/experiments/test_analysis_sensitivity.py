import numpy as np
import pandas as pd
import pytest
from scipy.stats import sobol_indices

from experiments.analysis.futures import MissingRunsError, per_future, response
from experiments.analysis.importance import groups, holm, importance
from experiments.analysis.luck import luck
from experiments.analysis.sensitivity import morris, sobol, tornado
from tests.experiments.analysis_frames import (
    Measure,
    by_point,
    design_of,
    ishigami,
    ishigami_indices,
    runs_of,
    saltelli,
    trajectories,
)

Y = [Measure("y")]
NAMES = ["x0", "x1", "x2"]


def at(design):
    return design[[c for c in design if c.startswith("x")]].to_numpy()


def within(table, name, truth):
    return ((table[f"{name}_low"] <= truth) & (truth <= table[f"{name}_high"])).all()


def test_sobol_indices_of_ishigami_lie_in_their_intervals():
    design = saltelli(1024, 3)
    found = sobol(design, by_point(design, ishigami(at(design))), level=0.99)
    found = found.set_index("factor").loc[NAMES]
    first, total = ishigami_indices()
    assert within(found, "S1", first)
    assert within(found, "ST", total)
    assert (found["S1_high"] - found["S1_low"] < 0.35).all()
    assert found["enough"].all()
    assert (found["n"] == 1024).all()


def test_sobol_indices_are_those_of_scipy_and_of_the_seed():
    design = saltelli(64, 3)
    y = ishigami(at(design))
    a, b, *ab = y.reshape(5, 64)
    expected = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": np.array(ab)[:, None]},
                             n=64)  # fmt: skip
    found, again = (sobol(design, by_point(design, y), seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(found, again, check_exact=True)
    found = found.set_index("factor").loc[NAMES]
    np.testing.assert_allclose(found["S1"], expected.first_order)
    np.testing.assert_allclose(found["ST"], expected.total_order)
    assert not found["enough"].any()


def test_sobol_indices_leave_out_rows_that_lack_a_value_and_name_factors_too():
    design = saltelli(64, 3)
    values = by_point(design, ishigami(at(design)))
    named = design.assign(block=design["block"].replace(r"AB:(\d)", r"AB:x\1", regex=True))
    lost = named.loc[(named["block"] == "AB:x1") & (named["row"] == 9), "point"].item()
    found = sobol(named, values.drop(lost))
    assert (found["n"] == 63).all()
    rest = named["row"] != 9
    pd.testing.assert_frame_equal(found, sobol(named[rest], values.loc[named["point"][rest]]))


def test_sobol_indices_of_what_never_varies_are_nothing_and_other_designs_are_refused():
    design = saltelli(8, 3)
    found = sobol(design, by_point(design, np.full(40, 7.0)))
    assert (found.drop(columns=["factor", "n", "enough"]) == 0.0).all(axis=None)
    plain = design_of(np.zeros((4, 2)))
    with pytest.raises(ValueError, match="need a saltelli design"):
        sobol(plain, by_point(plain, np.arange(4.0)))


def test_morris_gives_the_coefficients_of_a_line_without_spread():
    design = trajectories(6, 4)
    slopes = np.array([3.0, -2.0, 0.5, 0.0])
    found = morris(design, by_point(design, at(design) @ slopes)).set_index("factor")
    assert found.index.tolist() == ["x0", "x1", "x2", "x3"]
    np.testing.assert_allclose(found["mu"], slopes, atol=1e-9)
    np.testing.assert_allclose(found["mu_star"], abs(slopes), atol=1e-9)
    np.testing.assert_allclose(found["sigma"], 0.0, atol=1e-9)
    for name in ("mu", "mu_star", "sigma"):
        np.testing.assert_allclose(found[f"{name}_low"], found[f"{name}_high"], atol=1e-9)


def test_morris_shows_curves_and_interactions_in_sigma():
    design = trajectories(30, 3)
    x = at(design)
    y = 2.0 * x[:, 0] + 6.0 * (x[:, 1] - 0.5) * (x[:, 2] - 0.5)
    found = morris(design, by_point(design, y)).set_index("factor")
    assert found.loc["x0", "sigma_high"] < 1e-9
    assert (found.loc[["x1", "x2"], "sigma_low"] > 0.5).all()
    assert (found.loc[["x1", "x2"], "mu_star"] > abs(found.loc[["x1", "x2"], "mu"])).all()


def test_morris_agrees_with_salib_on_its_own_design():
    pytest.importorskip("SALib")
    from SALib.analyze.morris import analyze
    from SALib.sample.morris import sample

    problem = {"num_vars": 3, "names": NAMES, "bounds": [[0.0, 1.0]] * 3}
    x = sample(problem, 12, num_levels=4, seed=2)
    design = design_of(x, row=np.repeat(np.arange(12), 4))
    expected = analyze(problem, x, ishigami(x), num_levels=4, seed=2)
    found = morris(design, by_point(design, ishigami(x))).set_index("factor").loc[NAMES]
    for name in ("mu", "mu_star", "sigma"):
        np.testing.assert_allclose(found[name], np.asarray(expected[name]))


def test_morris_leaves_out_trajectories_that_lack_a_value_and_refuses_other_designs():
    design = trajectories(6, 2)
    values = by_point(design, at(design) @ [1.0, 2.0])
    assert (morris(design, values.drop(5))["n"] == 5).all()
    alone = morris(design, values.iloc[:3])
    assert alone[["mu_low", "mu_star_low", "sigma"]].isna().all(axis=None)
    with pytest.raises(ValueError, match="does not move each factor once"):
        morris(design.assign(**{"u:x0": 0.5}), values)


def one_at_a_time(effects, worlds=6, seed=0):
    """Return runs of package b that differ from a by the effects of three factors' ends."""
    ends = np.repeat(np.eye(3), 2, axis=0) * np.tile([-0.5, 0.5], 3)[:, None] + 0.5
    blocks, rows = ["low", "high"] * 3, np.repeat(np.arange(3), 2)
    design = design_of(ends, blocks, rows, base=[0.5] * 3)
    rng = np.random.default_rng(seed)
    shared = 5.0 * rng.normal(size=(1, worlds, 1))
    noise = 0.1 * rng.normal(size=(7, worlds, 2))
    change = np.concatenate([[0.0], np.ravel(effects)])[:, None, None] * [0.0, 1.0]
    return runs_of(shared + noise + change, np.arange(7)), design


def test_a_tornado_orders_factors_by_swing_with_an_interval_on_each_bar():
    effects = [[-1.0, 1.0], [-4.0, 3.0], [0.0, 0.0]]
    runs, design = one_at_a_time(effects)
    found = tornado(runs, design, "y", "b", level=0.99)
    assert found["factor"].tolist() == ["x1", "x1", "x0", "x0", "x2", "x2"]
    assert found["end"].tolist() == ["low", "high"] * 3
    truth = np.ravel([effects[1], effects[0], effects[2]])
    assert ((found["low"] < truth) & (truth < found["high"])).all()
    assert found["swing"].iloc[0] == pytest.approx(7.0, abs=0.3)
    assert (found["swing_high"] - found["swing_low"] < 1.0).all()  # the same luck at both ends
    assert (found["n"] == 6).all()


def test_a_tornado_of_the_difference_to_the_baseline_needs_only_whole_pairs():
    runs, design = one_at_a_time([[-1.0, 1.0], [-4.0, 3.0], [0.0, 0.0]])
    extra = runs[runs["point"] == 0].assign(replication=lambda r: r["replication"] + 6)
    found = tornado(pd.concat([runs, extra]), design, "y", "b", "a")
    assert found["factor"].iloc[0] == "x1"
    assert (found["n"] == 6).all()  # worlds that only the nominal point has do not count
    runs.loc[20, ["status", "y"]] = ["error", np.nan]
    with pytest.raises(MissingRunsError, match="1 runs have no value of y; point 1"):
        tornado(runs, design, "y", "b", "a")


def test_a_tornado_of_one_world_has_bars_without_intervals_and_needs_its_design():
    runs, design = one_at_a_time([[-1.0, 1.0], [-4.0, 3.0], [0.0, 0.0]], worlds=1)
    found = tornado(runs, design, "y", "b")
    assert found[["low", "high", "swing_low"]].isna().all(axis=None)
    with pytest.raises(ValueError, match="one-at-a-time"):
        tornado(runs, design.assign(block=""), "y", "b")


def test_importance_tells_the_factors_that_matter_among_a_hundred_that_do_not():
    rng = np.random.default_rng(0)
    x = rng.random((500, 100))
    y = 4.0 * x[:, 3] - 4.0 * abs(x[:, 7] - 0.5) + rng.normal(size=500)
    design = design_of(x)
    found = importance(design, by_point(design, y))
    assert set(found.loc[found["p_value"] < 0.05, "factor"]) == {"x3", "x7"}
    found = found.set_index("factor")
    assert found.loc["x3", "direction_low"] > 0.3
    assert found.loc["x7", "direction_low"] < 0.0 < found.loc["x7", "direction_high"]


def test_importance_is_the_first_sobol_index_of_any_sample():
    rng = np.random.default_rng(1)
    x = rng.random((2000, 3))
    design = design_of(x)
    found = importance(design, by_point(design, ishigami(x))).set_index("factor").loc[NAMES]
    first = ishigami_indices()[0]
    np.testing.assert_allclose(found["share"], first, atol=0.05)
    assert found.loc["x2", "p_value"] > 0.05


def test_intervals_of_importance_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(2)
    held = []
    for _ in range(200):
        x, noise = rng.random((300, 1)), rng.normal(size=300)
        design = design_of(x)
        y = 0.5 * np.sqrt(12.0) * x[:, 0] + np.sqrt(0.75) * noise
        row = importance(design, by_point(design, y)).iloc[0]
        held.append(row["low"] <= 0.25 <= row["high"])
    assert 0.83 < np.mean(held) < 0.96


def test_importance_of_words_is_that_of_the_groups_they_make():
    rng = np.random.default_rng(3)
    words = np.array(["early", "late", "never"])[rng.integers(0, 3, 400)]
    design = design_of(pd.DataFrame({"when": words, "other": rng.random(400)}))
    y = 3.0 * (words == "late") + rng.normal(size=400)
    found = importance(design, by_point(design, y)).set_index("factor")
    assert found.loc["when", "share"] == pytest.approx(2.0 / 3.0, abs=0.08)  # 9 * 2/9 : 1
    assert np.isnan(found.loc["when", "direction"])
    assert found.loc["other", "low"] == 0.0


def test_importance_does_not_depend_on_the_order_of_points_nor_on_scale():
    rng = np.random.default_rng(4)
    design = design_of(rng.random((60, 3)))
    values = by_point(design, rng.normal(size=60) + design["x1"])
    found = importance(design, values)
    mixed = importance(design.sample(frac=1.0, random_state=0), values[::-1])
    scaled = importance(design, 1000.0 * values + 5.0)
    pd.testing.assert_frame_equal(found, mixed)
    pd.testing.assert_frame_equal(found, scaled)


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_what_never_varies_has_no_important_factor_however_few_the_futures(n):
    design = design_of(np.random.default_rng(0).random((n, 2)))
    found = importance(design, by_point(design, np.full(n, 0.1)))
    assert (found["share"] == 0.0).all()
    assert (found["p_value"] == 1.0).all()


def test_values_that_are_not_finite_or_belong_to_no_point_are_refused():
    design = design_of(np.random.default_rng(0).random((4, 2)))
    with pytest.raises(ValueError, match="not finite"):
        importance(design, by_point(design, [1.0, 2.0, np.nan, 3.0]))
    with pytest.raises(ValueError, match="point 9 is missing"):
        importance(design, pd.Series([1.0], index=[9]))


def test_slices_hold_as_many_futures_each_and_few_numbers_are_groups_of_their_own():
    assert set(np.bincount(groups(pd.Series(np.arange(1000.0))))) == {50}
    assert groups(pd.Series([3.0, 1.0, 3.0, 2.0])).tolist() == [2, 0, 2, 1]
    np.testing.assert_allclose(holm(np.array([0.01, 0.6, 0.02])), [0.03, 0.6, 0.04])


@pytest.mark.parametrize("shared", [True, False])
def test_the_share_of_luck_lies_in_its_interval(shared):
    rng = np.random.default_rng(0)
    future, world = rng.normal(size=(200, 1, 1)), rng.normal(size=(1 if shared else 200, 12, 1))
    values = future + world + 0.5 * rng.normal(size=(200, 12, 1))
    worlds = None if shared else np.arange(2400)
    row = luck(runs_of(values, worlds=worlds), Y).iloc[0]
    assert row["low"] < 1.25 / 2.25 < row["high"]
    assert row["luck"] == ("shared" if shared else "own")


def test_pairs_take_out_the_luck_that_packages_share():
    rng = np.random.default_rng(0)
    future, world = rng.normal(size=(60, 1, 1)), 3.0 * rng.normal(size=(60, 4, 1))
    runs = runs_of(world + future * [0.0, 1.0] + 0.01 * rng.normal(size=(60, 4, 2)))
    assert (luck(runs, Y)["share"] > 0.7).all()
    row = luck(runs, Y, baseline="a").iloc[0]
    assert row["package"] == "b"
    assert row["high"] < 0.01


def test_with_one_world_a_future_luck_is_measured_at_the_nominal_point():
    rng = np.random.default_rng(1)
    design = design_of(rng.random((400, 1)), base=[0.5])
    sampled = runs_of(np.sqrt(2.0) * rng.normal(size=(400, 1, 1)))
    at_base = runs_of(rng.normal(size=(1, 60, 1)), points=[0])
    row = luck(pd.concat([at_base, sampled]), Y, design).iloc[0]
    assert (row["futures"], row["worlds"], row["luck"]) == (400, 60, "nominal")
    assert row["low"] < 0.5 < row["high"]
    assert np.isnan(luck(sampled, Y)["share"].iloc[0])


def test_all_is_luck_in_one_future_and_nothing_is_known_where_nothing_varies():
    values = np.random.default_rng(0).normal(size=(1, 5, 1))
    assert luck(runs_of(values), Y)["share"].tolist() == [1.0]
    assert luck(runs_of(np.full((4, 5, 1), 0.1)), Y)["share"].isna().all()
    assert luck(runs_of(np.full((1, 5, 1), 0.1)), Y)["share"].isna().all()


def test_the_paired_difference_shows_a_factor_that_the_outcome_itself_hides():
    rng = np.random.default_rng(0)
    x = rng.random((300, 4))
    values = (20.0 * x[:, :1] + (x[:, 1:2] - 0.5) * [0.0, 1.0])[:, None]
    design = design_of(x)
    futures = per_future(runs_of(values), Y, design)
    hidden = importance(design, response(futures, "y", "b")).set_index("factor")
    shown = importance(design, response(futures, "y", "b", "a")).set_index("factor")
    assert hidden.loc["x1", "p_value"] > 0.05
    assert shown.loc["x1", "share"] > 0.9
