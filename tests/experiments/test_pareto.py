"""A hypervolume is that of its definition."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments import pareto
from experiments.analysis.front import undominated
from experiments.pareto import gains, hypervolume

GRID = 4


def points(objectives):
    places = st.integers(0, GRID).map(lambda n: n / GRID)
    return st.integers(1, 8).flatmap(lambda n: arrays(float, (n, objectives), elements=places))


@given(st.integers(1, 4).flatmap(points))
def test_a_hypervolume_is_the_share_of_cells_of_a_grid_that_some_point_dominates(values):
    cells = np.stack(np.meshgrid(*[np.arange(GRID)] * values.shape[1]), -1).reshape(
        -1, values.shape[1]
    )
    middle = (cells + 0.5) / GRID
    covered = (values[:, None, :] > middle[None]).all(axis=2).any(axis=0)
    assert hypervolume(values) == pytest.approx(covered.mean())


@given(points(2))
def test_gains_run_from_the_worst_to_the_best_and_keep_the_front(values):
    places = gains(values, values)
    assert ((places >= 0.0) & (places <= 1.0)).all()
    assert (places.max(axis=0) == 1.0).all()
    assert undominated(places).tolist() == undominated(values).tolist()


def test_examples_hold():
    assert doctest.testmod(pareto).failed == 0
