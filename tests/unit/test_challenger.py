"""The challenger's view, against the worked example of the design, digit for digit."""

from pathlib import Path

import numpy as np
import pytest

from agents.tables import REFERENCE, ladder, mindsets, rows
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.physics.fires import days_of_fires, months_to_replenish
from mobilize.physics.reasons import (
    TERMS,
    Picture,
    drift,
    hazard,
    index,
    long_war,
    monthly,
    perceive,
    short_war,
    success,
    waterfall,
)
from mobilize.state import EPS, STEPS

SOURCES = Path(__file__).parents[2] / "policies" / "catalogue" / "sources.csv"
NEED = 21
STOCKS = {"thin": 600.0, "deep": 2400.0}
WEAK, STRONG = 0.35, 0.75
FLAT = np.full(240, 40.0)
RAMP = np.interp(np.arange(240), (18, 36), (40.0, 160.0))
# stock, deliveries, allies, closing window: M1, M2, p_short, p_long, U_act, q
TABLE = [
    ("thin", FLAT, WEAK, 0.0, 11, 90, 0.81, 0.96, 0.33, 0.031),
    ("thin", RAMP, WEAK, 0.0, 11, 37, 0.81, 0.64, 0.09, 0.024),
    ("thin", RAMP, WEAK, 0.25, 11, 37, 0.81, 0.64, 0.09, 0.032),
    ("deep", FLAT, WEAK, 0.0, 41, 90, 0.19, 0.96, -0.34, 0.008),
    ("deep", RAMP, STRONG, 0.0, 41, 37, 0.19, 0.49, -0.78, 0.002),
]
REFERENCED = mindsets()[REFERENCE]
ATTACK = ladder()[RUNGS.index("attack")]
THIN = Picture(11.0, 90.0, WEAK)


def near(value, printed, digits):
    return abs(value - printed) <= 0.5 * 10.0**-digits + EPS


@pytest.mark.parametrize(
    ("stock", "deliveries", "allies", "closing", "m1", "m2", "short", "long", "act", "q"), TABLE
)
def test_the_worked_example_comes_out_to_its_printed_digits(
    stock, deliveries, allies, closing, m1, m2, short, long, act, q
):
    fires = days_of_fires(STOCKS[stock], deliveries[0], 60.0, 365.0)
    replenish = months_to_replenish(deliveries, 20.0, 60.0 * 30)
    seen = Picture(fires, replenish, allies)
    terms = waterfall(REFERENCED, seen, NEED, closing, 0.0)
    assert (fires, replenish) == (m1, m2)
    assert near(short_war(REFERENCED, fires, NEED), short, 2)
    assert near(long_war(REFERENCED, replenish, allies), long, 2)
    assert near(sum(terms) - closing, act, 2)  # of waiting, status quo is worth nothing here
    assert near(hazard(ATTACK.opportunity, REFERENCED.kappa, sum(terms)), q, 3)


def test_the_kernels_of_the_example_are_the_ones_that_run():
    assert days_of_fires.py_func(600.0, 40.0, 60.0, 365.0) == 11
    assert months_to_replenish.py_func(RAMP, 20.0, 1800.0) == 37


def test_a_stock_that_deliveries_keep_up_with_lasts_as_long_as_is_counted():
    assert days_of_fires(10.0, 60.0 * 365.25 / 12, 60.0, 365.0) == 365
    assert days_of_fires(0.0, 0.0, 60.0, 365.0) == 1
    assert months_to_replenish(np.full(240, 20.0), 20.0, 1800.0) == 240
    assert months_to_replenish(FLAT, 20.0, 0.0) == 0


def test_the_waterfall_adds_up_to_acting_less_waiting():
    m = REFERENCED
    p = success(m, THIN, NEED)
    act = p * m.victory - (1 - p) * m.failure - m.war - m.trade * THIN.assured
    wait = m.status_quo - 0.25 - 0.1
    assert abs(sum(waterfall(m, THIN, NEED, 0.25, 0.1)) - (act - wait)) < EPS


def test_motivation_is_a_term_of_its_own_that_nothing_else_moves():
    place = TERMS.index("motivation")
    for seen in (THIN, Picture(200.0, 12.0, 0.9)):
        terms = waterfall(REFERENCED, seen, NEED, 0.25, 0.4)
        assert abs(terms[place] - 0.4) < EPS


def test_the_window_closes_only_where_the_ramp_makes_waiting_worse_and_reassurance_opens_it():
    better, worse = Picture(41.0, 37.0, WEAK), Picture(5.0, 120.0, WEAK)
    m = REFERENCED
    full = drift(m, THIN, better, NEED, 0.0)
    assert full > 0.1
    assert drift(m, THIN, worse, NEED, 0.0) == 0.0
    assert abs(drift(m, THIN, better, NEED, 0.4) - 0.6 * full) < EPS
    assert drift(m, THIN, better, NEED, 1.0) == 0.0


def test_more_ready_stock_lowers_the_short_war_and_more_output_the_long_one():
    m = REFERENCED
    assert short_war(m, 41.0, NEED) < short_war(m, 11.0, NEED)
    assert long_war(m, 37.0, WEAK) < long_war(m, 90.0, WEAK)
    assert long_war(m, 37.0, STRONG) < long_war(m, 37.0, WEAK)


def test_the_index_runs_from_nothing_to_a_hundred_and_is_even_at_no_gain():
    assert index(REFERENCED, 0.0) == 50.0
    assert index(REFERENCED, -1e6) == 0.0
    assert index(REFERENCED, 1e6) == 100.0


def test_three_months_make_up_a_quarter():
    assert abs(1 - (1 - monthly(0.031)) ** 3 - 0.031) < EPS
    assert hazard(0.9, 4.0, 10.0) == 1.0


def test_little_that_is_public_blurs_the_picture_and_bias_shifts_it():
    luck = (1.0, 1.0, -1.0)
    sharp, blurred = (perceive(REFERENCED, THIN, luck, v) for v in (1.0, 0.25))
    assert abs(blurred.fires - THIN.fires) > 3 * abs(sharp.fires - THIN.fires)
    assert perceive(REFERENCED, THIN, (0.0,) * 3, 0.3) == THIN
    weaker = perceive(mindsets()["opportunist"], THIN, (0.0,) * 3, 1.0)
    assert weaker.fires < THIN.fires
    assert weaker.replenish > THIN.replenish
    assert weaker.assured < THIN.assured


def test_mindsets_differ_as_described():
    opportunist, fearful, patient = (mindsets()[name] for name in MINDSETS)
    assert opportunist.short_weight == 0.8
    assert patient.short_weight == 0.3
    assert patient.horizon > REFERENCED.horizon > opportunist.horizon
    assert patient.window < REFERENCED.window < fearful.window
    assert fearful.status_quo < REFERENCED.status_quo
    costs = [(m.failure, m.war, m.trade) for m in (fearful, REFERENCED)]
    assert all(a < b for a, b in zip(*costs, strict=True))


def test_every_figure_of_mindsets_and_ladder_is_within_its_bounds_and_has_a_source():
    known = {row.split(",")[0] for row in SOURCES.read_text(encoding="utf-8").splitlines()}
    for row in rows("mindsets.csv"):
        values = [float(row[kind]) for kind in (REFERENCE, *MINDSETS)]
        assert all(float(row["low"]) <= v <= float(row["high"]) for v in values), row["name"]
    for row in rows("ladder.csv"):
        assert float(row["low"]) <= float(row["opportunity"]) <= float(row["high"])
    for row in (*rows("mindsets.csv"), *rows("ladder.csv")):
        assert set(row["source"].split("+")) <= {*known, "MODEL"}, row["name"]
        assert row["confidence"] == "notional"
        assert row["description"]


def test_the_ladder_has_the_rungs_of_the_state_and_attack_weighs_as_the_model_does():
    assert tuple(rung.name for rung in ladder()) == RUNGS
    assert len(RUNGS) == STEPS
    assert ATTACK.weights == (1.0,) * len(TERMS)
    terms = waterfall(REFERENCED, THIN, NEED, 0.25, 0.1)
    assert abs(ATTACK.net(terms, 0.7, 0.3) - sum(terms)) < EPS
