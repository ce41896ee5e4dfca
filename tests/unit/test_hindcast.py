"""How the model is read at a dated figure, and with which decisions a hindcast runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mobilize.hindcast import SMOOTH, as_it_was, hindcast, reading
from mobilize.model import Model
from mobilize.scenario import load, shipped
from policies.package import PackageError

MONTH = 14


@pytest.fixture(scope="module")
def run():
    scenario = load("mrap-2007")
    return Model(scenario, as_it_was(scenario), panel=True).run()


def of_item(run, item):
    return run.record.items[:, run.world.names.items.index(item)]


def test_a_months_output_is_that_month_and_a_rate_the_mean_of_three(run):
    series = of_item(run, "mrap-vehicle")
    assert reading(run, "monthly", "mrap-vehicle", MONTH) == pytest.approx(series[MONTH])
    rate = reading(run, "output", "mrap-vehicle", MONTH)
    assert rate == pytest.approx(series[MONTH + 1 - SMOOTH : MONTH + 1].mean())
    assert rate < 0.9 * series[MONTH]


def test_what_was_made_is_counted_from_the_first_month_by_item_or_line(run):
    series = of_item(run, "mrap-vehicle")
    assert reading(run, "made", "mrap-vehicle", MONTH) == pytest.approx(series[: MONTH + 1].sum())
    lines = run.world.scenario["lines"]
    makers = [str(line) for line in lines["id"][lines["item"] == "mrap-vehicle"]]
    by_line = sum(reading(run, "made", maker, MONTH) for maker in makers)
    assert by_line == pytest.approx(reading(run, "made", "mrap-vehicle", MONTH))


def test_what_arrived_is_less_than_what_was_made_while_goods_are_on_their_way(run):
    arrived = reading(run, "cumulative", "us-mrap", MONTH)
    fitted = reading(run, "made", "mrap", MONTH)
    assert 0 < arrived < fitted < reading(run, "made", "mrap-vehicle", MONTH)


def test_every_history_that_a_scenario_names_is_a_package_that_fits_it():
    named = [name for name in shipped() if as_it_was(load(name)) is not None]
    assert "mrap-2007" in named
    assert as_it_was(load("artillery-2022")) is None


def test_a_history_that_is_no_package_is_refused_by_name():
    scenario = replace(load("mrap-2007"), history="mrap-as-it-wasnt")
    with pytest.raises(PackageError, match="mrap-as-it-wasnt"):
        hindcast(scenario, 1)


def test_what_bound_in_the_model_stands_beside_what_bound_in_fact():
    found = {(c.date, c.target): c for c in hindcast(load("artillery-2022"), 2).constraints}
    charges = found["2024-09", "valleyfield-charges"]
    assert charges.history.startswith("propelling charges")
    assert charges.model == "equipment"
    assert charges.share > 0.5
    assert charges.made < 0.5  # an order book far above what one plant makes
    assert found["2025-07", "mesquite-bodies"].model == "qualification"
    assert found["2024-05", "iowa-lap"].model.startswith("short of ")
