"""US 155 mm, 2022-2026: the model against what happened, and against what was promised."""

from __future__ import annotations

import numpy as np
import pytest

from mobilize.hindcast import hindcast
from mobilize.model import Model
from mobilize.scenario import load, months

WORLDS = 8
PROMISE = 100_000  # projectiles a month for October 2025, promised in February 2024 (S002)


@pytest.fixture(scope="module")
def scenario():
    return load("artillery-2022")


@pytest.fixture(scope="module")
def result(scenario):
    return hindcast(scenario, WORLDS)


@pytest.fixture(scope="module")
def runs(scenario):
    return [Model(scenario, world=world).run() for world in range(WORLDS)]


def delivered(run, program, first, last):
    """Units delivered by month, from one month to another."""
    ids, start = run.world.names.programs, run.world.scenario.start
    series = run.record.series("delivered")[:, ids.index(program)]
    return series[months.parse(first) - start : months.parse(last) - start + 1]


def test_the_mean_error_over_scored_months_of_projectiles_is_within_15_percent(result):
    scored = [p for p in result.points if p.scored]
    assert {p.target for p in scored} == {"projectile-155"}
    assert len(scored) >= 8
    assert result.mape() == pytest.approx(np.mean([abs(p.error) for p in scored]))
    assert result.mape("projectile-155") <= 0.15


def test_the_dates_scored_are_not_chosen_by_the_model(result):
    """Every dated output of projectiles after the start counts; promises do not."""
    for point in result.points:
        output = point.metric == "output" and point.target == "projectile-155"
        by_construction = point.date == "2022-02"
        assert point.scored == (output and not by_construction), point
        assert not ("promise" in point.note and point.scored)


def test_output_stays_flat_for_the_first_half_year(runs):
    """Money moves in weeks, contracts in months: February to August 2022."""
    for run in runs:
        units = delivered(run, "us-155-projectiles", "2022-02", "2022-08")
        assert len(units) == 7
        assert units == pytest.approx(14_500, rel=0.10)


def test_the_plateau_of_2025_is_found_and_the_promise_is_not_met(runs):
    """March to October 2025: 40,000 a month were made, 100,000 were promised."""
    plateau = [delivered(run, "us-155-projectiles", "2025-03", "2025-10").mean() for run in runs]
    assert np.mean(plateau) == pytest.approx(40_000, rel=0.15)
    assert max(plateau) < 0.6 * PROMISE


def test_output_more_than_doubles_between_the_start_and_the_plateau(runs):
    """The model must rise as well as stay low."""
    for run in runs:
        first = delivered(run, "us-155-projectiles", "2022-02", "2022-08").mean()
        last = delivered(run, "us-155-projectiles", "2025-03", "2025-10").mean()
        assert last > 2 * first


def test_charges_limit_complete_rounds_in_september_2024(runs):
    for run in runs:
        charges = delivered(run, "us-155-charges", "2024-09", "2024-09")[0]
        projectiles = delivered(run, "us-155-projectiles", "2024-09", "2024-09")[0]
        assert 0 < charges < projectiles
        fuzes, primers = (
            delivered(run, f"us-155-{part}", "2024-09", "2024-09")[0]
            for part in ("fuzes", "primers")
        )
        assert charges < min(fuzes, primers)


def test_mesquite_makes_nothing_up_to_february_2026(runs):
    """Its building opened in May 2024; first-article tests were not passed."""
    for run in runs:
        line = run.world.names.lines.index("mesquite-bodies")
        last = months.parse("2026-02") - run.world.scenario.start
        assert last < run.months
        assert not run.record.output[: last + 1, line].any()
