"""The designs of a study, as its store writes them, fit the analyses made for them."""

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.analysis.discovery import discover, failing
from experiments.analysis.futures import factor_names, nominal, per_future, response
from experiments.analysis.importance import importance
from experiments.analysis.luck import luck
from experiments.analysis.paired import differences
from experiments.analysis.sensitivity import morris, sobol, tornado
from experiments.analysis.survive import findings
from experiments.designs import Design
from experiments.stored import design_table
from tests.experiments.analysis_frames import Measure, runs_of

WORDS = ("early", "late", "never")
Y = [Measure("y", "more", 1.0)]


def study(**keys):
    """Return design and runs of a model: b gains by the first factor and when a word is late."""
    design = Design(**keys)
    places = design.places([0, 0, len(WORDS)], seed=7)
    at = np.array([[0.5 if u != u else u for u in place.at] for place in places])
    word = [WORDS[min(2, int(3 * u))] for u in at[:, 2]]
    table = design_table(
        SimpleNamespace(
            factors=[SimpleNamespace(name=name) for name in ("gain", "idle", "when")],
            places=places,
            points=len(places),
            values=lambda p: {"gain": at[p, 0], "idle": at[p, 1], "when": word[p]},
        )
    ).to_pandas()
    rng = np.random.default_rng(0)
    worlds = rng.normal(size=(1, 3, 1)) + 0.001 * rng.normal(size=(len(places), 3, 2))
    effect = 4.0 * at[:, 0] - 1.0 + (np.array(word) == "late")
    values = worlds + effect[:, None, None] * [0.0, 1.0]
    return runs_of(values, np.arange(len(places))), table


def test_one_at_a_time_gives_a_tornado_and_differences_at_the_nominal_point():
    runs, design = study(kind="one-at-a-time")
    found = tornado(runs, design, "y", "b", "a").set_index(["factor", "end"])
    assert found.loc[("gain", "high"), "effect"] == pytest.approx(2.0, abs=0.01)
    assert found.loc[("idle", "low"), "effect"] == pytest.approx(0.0, abs=0.01)
    words = found.loc[("when", "word")].set_index("value")
    assert words.loc["early", "effect"] == pytest.approx(-1.0, abs=0.01)
    assert words.loc["late", "effect"] == pytest.approx(0.0, abs=0.01)
    futures = per_future(runs, Y, design)
    assert (futures.unit, futures.cases) == ("world", 3)
    assert differences(futures, Y, "a")["difference"].iloc[0] == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(
    ("kind", "size"), [("saltelli", {"points": 128}), ("morris", {"trajectories": 20})]
)
def test_designs_of_sensitivity_tell_which_factors_move_the_difference(kind, size):
    if kind == "morris":
        pytest.importorskip("SALib")
    runs, design = study(kind=kind, **size)
    values = response(per_future(runs, Y, design, every=True), "y", "b", "a")
    found = sobol(design, values) if kind == "saltelli" else morris(design, values)
    assert found["factor"].tolist() == ["gain", "when", "idle"]
    assert found.iloc[2, 1:7].astype(float).abs().max() < 0.02


@pytest.mark.parametrize("kind", ["sobol", "latin"])
def test_sampled_designs_go_through_every_analysis(kind):
    runs, design = study(kind=kind, points=256)
    assert factor_names(design) == ["gain", "idle", "when"]
    futures = per_future(runs, Y, design)
    assert futures.cases == 256
    values = response(futures, "y", "b", "a")
    assert importance(design, values)["factor"].tolist()[:2] == ["gain", "when"]
    found = discover(design, failing(futures, Y[0], "b", "a"))
    assert found.boxes.iloc[0][["coverage", "density"]].gt(0.9).all()
    ranges = found.ranges[found.ranges["box"] == 1].set_index("factor")
    assert ranges.loc["gain", "high"] == pytest.approx(0.25, abs=0.03)
    assert ranges.loc["when", "words"] == ("early", "never")
    row = findings(futures, Y, design, "a", nominal(runs, Y, design)).iloc[0]
    assert (row["verdict"], row["depends_on"][0]) == ("mostly", "gain")
    assert luck(runs, Y, design, "a")["high"].iloc[0] < 0.01


def test_without_factors_worlds_are_compared():
    runs, design = study(kind="none")
    runs, design = runs[runs["point"] == 0], design[:1]
    row = differences(per_future(runs, Y, design), Y, "a").iloc[0]
    assert (row["unit"], row["n"]) == ("world", 3)
