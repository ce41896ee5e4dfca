"""Known answers come out of the whole pipeline: study file, design, engine, files, analysis.

The model alone is replaced: a run gives the value of a function of its factors, and of its luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from experiments import work
from experiments.analysis import discovery, futures, paired, sensitivity
from experiments.crew import Here
from experiments.results import Results, open_results
from experiments.run import run_study
from experiments.study import read_study
from experiments.work import Found, Job

NAMES = ("cover", "plan_smooth", "training")
STUDY = """
title = "Known"
question = "Does the known answer come out?"
scenario = "artillery-2022"
worlds = {worlds}
design = {design}
package = [{{ name = "other", title = "Other", use = "charges-first" }}]
outcome = [{{ name = "y", measure = "deliveries", of = "all", goal = "{goal}"{acceptable} }}]
"""
Function = Callable[[np.ndarray, str, int], float]


def factor(name: str) -> str:
    return f'[[factor]]\nname = "{name}"\nvaries = "parameter:{name}"\nshape = "uniform"\n'


@pytest.fixture
def answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Function, int, str, str], Results]:
    """Run a study whose runs are a function of places in the unit cube, package and world."""

    def run(
        design: str, function: Function, worlds: int = 1, goal: str = "more", acceptable: str = ""
    ) -> Results:
        text = STUDY.format(design=design, worlds=worlds, goal=goal, acceptable=acceptable)
        text += "".join(map(factor, NAMES)) if "none" not in design else ""
        study = read_study("known", text, Path())
        ends = np.array([(f.low, f.high) for f in study.factors]).reshape(-1, 2)

        def runs(job: Job, chunk: work.Chunk) -> Iterator[Found]:
            for spec in chunk.specs:
                values = np.array([chunk.points[spec.point][f.name] for f in job.factors])
                places = (values - ends[:, 0]) / (ends[:, 1] - ends[:, 0])
                y = function(places, chunk.packages[spec.package].name, spec.world)
                yield Found("ok", figures=(y,), series=(np.zeros(4),))

        monkeypatch.setattr(work, "_runs", runs)
        run_study(study, tmp_path / "study", Here())
        return open_results(tmp_path / "study")

    return run


def by_factor(frame: object, *columns: str) -> dict[str, tuple[float, ...]]:
    rows = frame.set_index("factor")  # type: ignore[attr-defined]
    return {name: tuple(float(rows.loc[name, c]) for c in columns) for name in NAMES}


def test_sobol_indices_of_the_ishigami_function_lie_in_their_intervals(answers: Function) -> None:
    """Ishigami & Homma (1990) with a = 7, b = 0.1: S1 and ST are known exactly."""

    def ishigami(u: np.ndarray, package: str, world: int) -> float:
        x = (2.0 * u - 1.0) * np.pi
        return float(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))

    results = answers("{ kind = 'saltelli', points = 1024 }", ishigami)  # type: ignore[call-arg,arg-type]
    cases = futures.per_future(results.runs(), results.outcomes, results.design, every=True)
    found = sensitivity.sobol(results.design, futures.response(cases, "y", "baseline"), level=0.99)
    first = by_factor(found, "S1_low", "S1_high")
    total = by_factor(found, "ST_low", "ST_high")
    b, pi4 = 0.1, np.pi**4
    variance = 7**2 / 8 + b * pi4 / 5 + b**2 * pi4**2 / 18 + 0.5
    v1 = 0.5 * (1 + b * pi4 / 5) ** 2
    v13 = 8 * b**2 * pi4**2 / 225
    truth = {"cover": (v1, v1 + v13), "plan_smooth": (7**2 / 8,) * 2, "training": (0.0, v13)}
    for name, (s1, st) in truth.items():
        assert first[name][0] <= s1 / variance <= first[name][1], (name, first[name])
        assert total[name][0] <= st / variance <= total[name][1], (name, total[name])
        assert total[name][1] - total[name][0] < 0.3, "the interval says something"


def test_morris_of_a_linear_model_are_its_coefficients(answers: Function) -> None:
    weights = np.array([3.0, -1.0, 0.0])

    def linear(u: np.ndarray, package: str, world: int) -> float:
        return float(weights @ u)

    results = answers("{ kind = 'morris', trajectories = 12 }", linear)  # type: ignore[call-arg,arg-type]
    cases = futures.per_future(results.runs(), results.outcomes, results.design, every=True)
    found = sensitivity.morris(results.design, futures.response(cases, "y", "other"))
    effects = by_factor(found, "mu", "mu_star", "sigma")
    for name, weight in zip(NAMES, weights, strict=True):
        assert effects[name] == pytest.approx((weight, abs(weight), 0.0), abs=1e-9)


def test_pairing_finds_an_effect_that_as_many_unpaired_runs_miss(answers: Function) -> None:
    """Luck moves both packages by 100; the package adds 3, and 1 of luck of its own."""

    def luck(u: np.ndarray, package: str, world: int) -> float:
        common, own = np.random.default_rng(world).normal(size=2)
        return float(100.0 * common + ((3.0 + own) if package == "other" else 0.0))

    results = answers("{ kind = 'none' }", luck, 32)  # type: ignore[call-arg,arg-type]
    cases = futures.per_future(results.runs(), results.outcomes, results.design)
    row = paired.differences(cases, results.outcomes, "baseline").iloc[0]
    assert row["low"] < 3.0 < row["high"]
    assert row["low"] > 0.0, "paired: the effect is clear"
    assert row["unpaired_low"] < 0.0 < row["unpaired_high"], "unpaired: it is not"
    assert (row["unpaired_high"] - row["unpaired_low"]) > 20 * (row["high"] - row["low"])


def test_a_box_finds_the_region_that_was_planted(answers: Function) -> None:
    def fails(u: np.ndarray, package: str, world: int) -> float:
        return 0.0 if u[0] > 0.6 and u[2] < 0.5 else 1.0

    results = answers(  # type: ignore[call-arg]
        "{ kind = 'sobol', points = 512 }", fails, 1, "more", ", acceptable = 0.5"  # type: ignore[arg-type]
    )  # fmt: skip
    cases = futures.per_future(results.runs(), results.outcomes, results.design)
    values = futures.response(cases, "y", "other")
    found = discovery.discover(results.points(), values < 0.5)
    box = found.boxes.iloc[0]
    for measure in ("coverage", "density", "fresh_coverage", "fresh_density"):
        assert box[measure] > 0.9, measure
    assert box["holds"]
    limits = found.ranges[found.ranges["box"] == box["box"]].set_index("factor")
    assert set(limits.index) == {"cover", "training"}
    assert limits.loc["cover", "low"] == pytest.approx(0.5 + 0.6 * 1.5, abs=0.1)
    assert limits.loc["training", "high"] == pytest.approx(2 + 0.5 * 10, abs=0.6)
