"""Conflicts: phases follow the calendar, stock taken is fired, substitutes help and cost."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.conflicts import DAYS, at_war, break_out, fires, reference
from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.physics.stocks import use_stock
from mobilize.saves import resume, save
from mobilize.scenario import load, months
from mobilize.state import EPS
from mobilize.terms import SUBSTITUTION
from tests.scenarios import write_war

MONTHS = 24
EAST, SOUTH, NORTH = range(3)
SHELLS, CARE, WORK, NEW = range(4)  # programs
OUTBREAK = months.parse("2022-06") - months.parse("2022-02")
few = settings(deadline=None, max_examples=40)
units = st.floats(0, 1e5)


@cache
def war():
    """The small scenario with wars in the east (dated), the south and the north."""
    with TemporaryDirectory() as folder:
        return load(write_war(Path(folder) / "war"))


def asked(scenario, end=MONTHS, upon=lambda model: None):
    """Units asked of each program in each month of a run, and the wars under way."""
    model, use, wars = Model(scenario, months=end), [], []
    while model.month < end:
        upon(model)
        model.begin()
        use.append(fires(model.world))
        wars.append(at_war(model.world))
        for stage in model.stages()[1:]:
            stage()
    return np.array(use), np.array(wars), model


# ------------------------------------------------------------------------------ the calendar


def test_each_phase_asks_for_its_use_and_after_the_last_there_is_peace():
    use, wars, model = asked(war())
    opening, gap, protracted = slice(4, 6), slice(6, 9), slice(9, 15)
    assert use[:4, NEW].sum() == use[6:, NEW].sum() == 0.0
    np.testing.assert_allclose(use[opening, NEW], 5 * DAYS)
    np.testing.assert_allclose(use[opening, CARE], 0.1 * DAYS)
    np.testing.assert_allclose(use[gap, SHELLS], 10 + 3.5 * DAYS)
    np.testing.assert_allclose(use[protracted, SHELLS], 10 + 23.5 * DAYS)
    np.testing.assert_allclose(use[15:23, SHELLS], 10 + 3.5 * DAYS)
    assert np.flatnonzero(wars[:, SOUTH]).tolist() == list(range(4, 15))
    told = [(d.month, d.target) for d in model.decisions if d.kind == "conflict"]
    assert told == [(OUTBREAK, "south")]


def test_dated_uses_alone_make_a_conflict_in_their_months_only():
    wars = asked(war())[1]
    assert np.flatnonzero(wars[:, EAST]).tolist() == list(range(1, MONTHS))  # from 2022-03
    assert not wars[:, NORTH].any()


@given(st.integers(0, 40))
@few
def test_a_war_from_before_the_start_goes_on_where_it_stands(ago):
    south = war().conflicts[SOUTH]
    late = replace(south, outbreak=war().start - ago)
    moved = replace(war(), conflicts=(war().conflicts[EAST], late, war().conflicts[NORTH]))
    whole = np.concatenate([np.full(2, 5 * DAYS), np.zeros(60)])
    use, wars, _ = asked(moved, 3)
    np.testing.assert_allclose(use[:, NEW], whole[ago : ago + 3])
    assert wars[:, SOUTH].tolist() == [month < 11 for month in range(ago, ago + 3)]


def test_an_attack_begins_a_war_once_while_it_lasts_and_again_after_it():
    said = []

    def attack(model):
        said.append(break_out(model.world, NORTH, "an attack"))

    use, wars, model = asked(war(), 6, attack)
    assert said == [True, False, False, False, True, False]
    assert wars[:, NORTH].all()
    np.testing.assert_allclose(use[0, SHELLS], 10 + DAYS)
    whys = [(d.month, d.target, d.amount, d.why) for d in model.decisions if d.kind == "conflict"]
    assert [row for row in whys if row[1] == "north"] == [
        (0, "north", 4.0, "an attack"),
        (4, "north", 4.0, "an attack"),
    ]


def test_a_conflict_without_phases_cannot_break_out():
    with pytest.raises(ValueError, match=r"conflict east has no \[\[conflict.phase\]\]"):
        break_out(Model(war(), months=1).world, EAST, "no reason")


def test_the_reference_is_the_conflict_with_a_need_and_its_first_phase():
    found = reference(war())
    assert (found.number, found.conflict.id, found.need_days) == (SOUTH, "south", 21)
    np.testing.assert_allclose(found.per_day, [0, 0.1, 0, 5])
    assert reference(load("artillery-2022")) is None


def test_a_run_saved_or_forked_in_mid_war_goes_on_bit_for_bit(tmp_path):
    model = Model(war(), months=MONTHS).run(7)
    save(model, tmp_path / "month.npz")
    others = [resume(tmp_path / "month.npz", war()), model.fork()]
    model.run()
    for other in others:
        assert other.run().record.programs.tobytes() == model.record.programs.tobytes()
        assert other.world.s.war.tolist() == model.world.s.war.tolist()


# ------------------------------------------------------------------------------------ stocks


def drawn(stock, uses, at_hand=1.0, peace=False, pooled=0.0):
    """Draw on stocks for a month: the state before and after."""
    model = Model(war(), months=1)
    net = model.world.net._replace(u_units=np.array([at_hand]))
    s = model.world.s
    s.stock[:] = stock
    s.war[SOUTH] = -1 if peace else 0
    s.of_base[SUBSTITUTION] = pooled
    before = s.copy()
    use_stock.py_func(net, s, np.asarray(uses, dtype=np.float64))
    return before, s


@given(st.tuples(units, units, units, units), st.tuples(units, units, st.just(0.0), units),
       st.floats(0.1, 10), st.booleans(), st.floats(0, 1))  # fmt: skip
@few
def test_stock_taken_is_fired_and_what_nobody_had_is_unmet(stock, uses, ratio, peace, pooled):
    before, s = drawn(stock, uses, ratio, peace, pooled)
    taken = before.stock - s.stock
    fired = np.array(uses) - s.unmet - s.substituted
    fired[CARE] = 0.0  # repairs draw spares, elsewhere
    fired[SHELLS] += ratio * s.substituted[NEW]
    taken[NEW] += taken[WORK]  # another program's stock of the same item may lend
    taken[WORK] = 0.0
    np.testing.assert_allclose(taken, fired, rtol=1e-9, atol=1e-6)
    assert s.stock.min() >= 0.0
    assert s.unmet.min() >= -EPS
    assert s.substituted[[SHELLS, CARE, WORK]].sum() == 0.0


@given(units, units, st.floats(0.1, 10))
@few
def test_a_substitute_is_fired_only_for_what_is_short_and_only_in_its_war(stock, use, ratio):
    _, s = drawn((1e6, 0, 0, stock), (0, 0, 0, use), ratio)
    np.testing.assert_allclose(s.substituted[NEW], max(0.0, use - stock))
    assert s.unmet[NEW] == pytest.approx(0.0, abs=1e-6)
    before, s = drawn((1e6, 0, 0, stock), (0, 0, 0, use), ratio, peace=True)
    assert s.stock[SHELLS] == before.stock[SHELLS]
    np.testing.assert_allclose(s.unmet[NEW], max(0.0, use - stock))


@given(units, units, units, st.floats(0.1, 10))
@few
def test_more_of_the_substitute_is_never_less_fired(stock, more, use, ratio):
    thin = drawn((stock, 0, 0, 0), (100, 0, 0, use), ratio)[1]
    deep = drawn((stock + more, 0, 0, 0), (100, 0, 0, use), ratio)[1]
    assert deep.unmet[NEW] <= thin.unmet[NEW] + 1e-6
    assert deep.unmet[SHELLS] <= thin.unmet[SHELLS] + EPS


def test_stocks_of_the_same_item_lend_before_a_substitute_is_fired():
    s = drawn((1000, 0, 30, 0), (0, 0, 0, 50), 2.0, pooled=1.0)[1]
    assert (s.stock[WORK], s.substituted[NEW], s.stock[SHELLS]) == (0.0, 20.0, 960.0)


def test_what_a_substitute_is_used_for_itself_comes_first():
    s = drawn((100, 0, 0, 0), (100, 0, 0, 50))[1]
    assert (s.unmet[SHELLS], s.unmet[NEW], s.stock[SHELLS]) == (0.0, 50.0, 0.0)


def test_every_month_of_a_war_with_substitutes_is_sound_and_recorded():
    model = Model(war(), months=MONTHS)
    while model.month < MONTHS:
        model.step()
        assert faults(model.world.net, model.world.s) == []
    stood_in = model.record.series("substituted")[:, NEW]
    np.testing.assert_allclose(stood_in[4:6], 5 * DAYS)  # there are no new shells yet
    assert stood_in[:4].sum() == stood_in[6:].sum() == 0.0
    assert model.record.series("unmet")[4:6, NEW].sum() < EPS
