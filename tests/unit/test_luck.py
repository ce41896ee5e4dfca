"""Streams of chance: named, addressed by month, independent of who else draws."""

from __future__ import annotations

import numpy as np
import pytest

from mobilize.luck import BLOCK, Luck, Stream

GOLDEN = [0.7865174866329816, 0.2776991426469566, 0.4220057693236552]  # world 7 of seed 1, month 30


def test_a_draw_can_be_had_again_and_out_of_order():
    forward = [Luck(1, 2).uniform(Stream.INCIDENTS, month, 5) for month in range(3 * BLOCK)]
    luck = Luck(1, 2)
    for month in reversed(range(3 * BLOCK)):
        np.testing.assert_array_equal(luck.uniform(Stream.INCIDENTS, month, 5), forward[month])


def test_months_things_streams_worlds_and_seeds_all_have_their_own_luck():
    rows = [
        Luck(seed, world).uniform(stream, month, 4)
        for seed in (0, 1)
        for world in (0, 1)
        for stream in Stream
        for month in (0, 1, BLOCK)
    ]
    numbers = np.concatenate(rows)
    assert len(np.unique(numbers)) == len(numbers)


def test_luck_drawn_once_does_not_move_luck_by_month():
    luck, other = Luck(3, 4), Luck(3, 4)
    luck.normal(Stream.SLIPS, 50)
    luck.uniform(Stream.SLIPS, 7, 50)
    np.testing.assert_array_equal(luck.normal(Stream.SLIPS, 9), other.normal(Stream.SLIPS, 9))
    np.testing.assert_array_equal(
        luck.uniform(Stream.HONOUR, 7, 9), other.uniform(Stream.HONOUR, 7, 9)
    )


@pytest.mark.parametrize("stream", list(Stream))
def test_numbers_lie_in_the_unit_interval_and_spread_over_it(stream):
    numbers = np.concatenate([Luck(0, w).uniform(stream, 5, 200) for w in range(20)])
    assert numbers.min() >= 0.0
    assert numbers.max() < 1.0
    assert abs(numbers.mean() - 0.5) < 0.02
    assert abs((numbers < 0.1).mean() - 0.1) < 0.02


def test_the_numbers_of_streams_never_change():
    """They are part of the saved format."""
    known = {"INCIDENTS": 0, "SLIPS": 1, "HONOUR": 2, "LICENCES": 3}
    assert known.items() <= {stream.name: int(stream) for stream in Stream}.items()


def test_the_luck_of_a_world_never_changes():
    """Drawn when the format was made: a change would alter every published result."""
    first = Luck(1, 7).uniform(Stream.INCIDENTS, 30, 3)
    np.testing.assert_array_equal(first, GOLDEN)
