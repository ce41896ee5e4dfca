"""Designs cover what they say, begin with the nominal point, and refuse what makes no sense."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.designs import NEED, Design, Place, read_design

KINDS = [
    Design("one-at-a-time"),
    Design("factorial", levels=3),
    Design("latin", points=10),
    Design("sobol", points=10),
    Design("saltelli", points=8),
    Design("morris", trajectories=5),
]
WORDS = st.lists(st.sampled_from([0, 0, 2, 3]), min_size=2, max_size=5)


def at(places: list[Place]) -> np.ndarray:
    return np.array([place.at for place in places])


@pytest.mark.parametrize("design", KINDS, ids=lambda d: d.kind)
@settings(deadline=None)
@given(words=WORDS)
def test_every_design_begins_at_the_base_has_the_points_it_says_and_stays_in_the_range(
    design: Design, words: list[int]
) -> None:
    places = design.places(words, 7)
    assert len(places) == design.count(words)
    assert places[0].block == "base"
    assert np.isnan(places[0].at).all()
    rest = at(places[1:])
    assert ((rest >= 0) & (rest <= 1) | np.isnan(rest)).all()
    assert str(places) == str(design.places(words, 7))


def test_without_factors_there_is_the_nominal_point_alone() -> None:
    assert [len(design.places([], 1)) for design in [Design(), *KINDS]] == [1] * 7


def test_the_first_points_of_a_longer_sobol_design_are_those_of_a_shorter_one() -> None:
    short, long = (at(Design("sobol", points=n).places([0] * 6, 3)[1:]) for n in (100, 1000))
    assert np.array_equal(short, long[:100])


def test_a_latin_hypercube_has_one_point_in_every_slice_of_every_factor() -> None:
    rest = at(Design("latin", points=20).places([0, 0, 0], 5)[1:])
    assert (np.sort((rest * 20).astype(int), axis=0) == np.arange(20)[:, None]).all()


def test_one_at_a_time_moves_one_factor_to_either_end_or_each_word() -> None:
    places = Design("one-at-a-time").places([0, 3], 1)[1:]
    assert [(p.block, p.row) for p in places] == [
        ("low", 0), ("high", 0), ("word", 1), ("word", 1), ("word", 1)
    ]  # fmt: skip
    assert all(np.isnan(p.at).sum() == 1 for p in places)
    assert [p.at[0] for p in places[:2]] == [0.0, 1.0]
    assert sorted(int(p.at[1] * 3) for p in places[2:]) == [0, 1, 2]


def test_a_factorial_design_has_every_combination_once_and_every_word() -> None:
    places = Design("factorial", levels=2).places([0, 3, 0], 1)[1:]
    assert len({p.at for p in places}) == len(places) == 2 * 3 * 2


def test_saltelli_changes_one_column_of_a_by_that_of_b() -> None:
    places = Design("saltelli", points=8).places([0, 0, 0], 2)[1:]
    by = {b: at([p for p in places if p.block == b]) for b in ("A", "B", "AB:0", "AB:1", "AB:2")}
    for n in range(3):
        mixed = by[f"AB:{n}"]
        assert np.array_equal(mixed[:, n], by["B"][:, n])
        assert np.array_equal(np.delete(mixed, n, 1), np.delete(by["A"], n, 1))
    assert not np.isclose(by["A"], by["B"]).any()


def test_a_morris_trajectory_moves_one_factor_at_each_step() -> None:
    places = Design("morris", trajectories=6).places([0] * 4, 2)[1:]
    for row in range(6):
        steps = np.diff(at([p for p in places if p.row == row]), axis=0)
        assert steps.shape == (4, 4)
        assert ((np.abs(steps) > 1e-9).sum(axis=1) == 1).all()
        assert ((np.abs(steps) > 1e-9).sum(axis=0) == 1).all()


@pytest.mark.parametrize(
    ("given_", "words", "told"),
    [
        ([], [0], "table of keys"),
        ({"points": 4}, [0], "'kind' is missing"),
        ({"kind": "sobl"}, [0], "did you mean 'sobol'"),
        ({"kind": 3}, [0], "unknown"),
        ({"kind": "sobol"}, [0], "'points' is missing"),
        ({"kind": "sobol", "points": 1}, [0], "2 to"),
        ({"kind": "sobol", "points": 4.5}, [0], "whole number"),
        ({"kind": "sobol", "points": True}, [0], "whole number"),
        ({"kind": "sobol", "points": 10**9}, [0], "whole number"),
        ({"kind": "sobol", "points": 4, "levels": 2}, [0], "not one of a design"),
        ({"kind": "sobol", "points": 4, "luck": "good"}, [0], "shared, own"),
        ({"kind": "sobol", "points": 4, "worlds": 0}, [0], "whole number"),
        ({"kind": "sobol", "points": 4}, [], "needs factors"),
        ({"kind": "none"}, [0], "unused"),
        ({"kind": "factorial", "levels": 9}, [0] * 9, "points"),
    ],
)
def test_what_is_wrong_with_a_design_is_told_with_what_is_allowed(
    given_: object, words: list[int], told: str
) -> None:
    _, faults = read_design(given_, words)
    assert any(told in fault for fault in faults), faults


def test_all_faults_of_a_design_are_told_at_once() -> None:
    _, faults = read_design({"kind": "latin", "worlds": 0, "luck": 1, "pionts": 3}, [0])
    assert len(faults) == 4


@pytest.mark.parametrize("kind", NEED)
def test_each_kind_is_read_with_what_it_needs(kind: str) -> None:
    words = [0, 0] if kind != "none" else []
    design, faults = read_design({"kind": kind, **dict.fromkeys(NEED[kind], 4)}, words)
    assert not faults
    assert design.kind == kind
    assert design.luck == ("own" if kind in ("latin", "sobol") else "shared")
