"""Fronts and hypervolumes are those of their definitions."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments import pareto
from experiments.pareto import gains, hypervolume, non_dominated

GRID = 4


def points(objectives):
    places = st.integers(0, GRID).map(lambda n: n / GRID)
    return st.integers(1, 8).flatmap(lambda n: arrays(float, (n, objectives), elements=places))


@given(st.integers(1, 3).flatmap(points))
def test_a_front_holds_exactly_what_nothing_dominates(values):
    front = non_dominated(values)
    for n, point in enumerate(values):
        beaten = any((o >= point).all() and (o > point).any() for o in values)
        assert front[n] == (not beaten)
    assert front.any()


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
    assert non_dominated(places).tolist() == non_dominated(values).tolist()


def test_examples_hold():
    assert doctest.testmod(pareto).failed == 0
