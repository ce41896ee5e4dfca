"""What a record holds is what stood in the state at the end of the month."""

import numpy as np
import pytest

from mobilize.model import Model
from mobilize.physics.recording import FLEET_SERIES, PROGRAM_SERIES, fleet_figures, total


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 22, 104, 128])
def test_a_total_is_added_up_in_the_order_of_numpy(count):
    chance = np.random.default_rng(count)
    values = chance.random(count) * 10.0 ** chance.uniform(-6.0, 6.0, count)
    plain = getattr(total, "py_func", total)
    assert total(values) == plain(values) == values.sum()


@pytest.fixture(scope="module")
def model():
    return Model("arsenal-2026", months=14).run()


def test_series_of_programs_hold_the_state_under_their_names(model):
    for name in PROGRAM_SERIES:
        np.testing.assert_array_equal(model.record.series(name)[-1], getattr(model.world.s, name))


def test_panels_and_totals_hold_the_state(model):
    record, s, net = model.record, model.world.s, model.world.net
    items = np.bincount(net.l_item, s.finished, record.items.shape[1])
    np.testing.assert_array_equal(record.items[-1], items)
    np.testing.assert_array_equal(record.output[-1], s.finished)
    np.testing.assert_array_equal(record.equipment[-1], s.equip * net.l_rate[:, 2])
    np.testing.assert_array_equal(record.bound[-1], s.bound)
    np.testing.assert_array_equal(record.gained[-1], s.gained)
    np.testing.assert_array_equal(record.milestones[-1], s.milestone + 1.0 - s.work_left)
    np.testing.assert_array_equal(record.metrics[:, -1], s.metrics)
    assert record.people[-1] == s.crew.sum() + s.trainees.sum()


def test_figures_of_a_fleet_add_up_to_what_was_fielded(model):
    figures = fleet_figures(*model.world.arrays[:2])
    assert figures.shape == (len(FLEET_SERIES), len(model.world.net.f_program))
    assert figures.sum(axis=0) == pytest.approx(model.world.net.f_fielded)
    np.testing.assert_array_equal(model.record.fleets[:, -1], figures)
