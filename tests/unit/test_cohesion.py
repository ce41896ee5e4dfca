"""Cohesion and commitments kept: what raises them, what lowers them, who counts."""

import pytest

from mobilize.cohesion import cohesion, commitments_kept, forget, move_trust, promise
from mobilize.model import Model
from mobilize.physics.politics import allies
from mobilize.scenario import load
from mobilize.terms import BACKLASH
from tests.allies import write_allies

US, CA, PL, CH = range(4)


@pytest.fixture
def world(tmp_path):
    return Model(load(write_allies(tmp_path / "a", {"us-shell-buy": 1.0}))).world


def test_allies_are_neither_at_home_nor_neutral_nor_opposed(world):
    assert allies(world.arrays[0]).tolist() == [False, True, True, False]
    world.net.c_alignment[PL] = 0.0
    try:
        assert allies(world.arrays[0]).tolist() == [False, True, False, False]
    finally:
        world.net.c_alignment[PL] = 0.9  # the network is shared by models of a scenario


def test_nothing_asked_is_nothing_broken(world):
    assert commitments_kept(world) == 1.0


def test_commitments_kept_is_the_share_of_allies_alone(world):
    promise(world, CA, 1.0)
    promise(world, PL, 0.5)
    promise(world, CH, 0.0)
    assert commitments_kept(world) == pytest.approx(0.75)


def test_what_is_long_past_counts_less(world):
    promise(world, CA, 0.0)
    forget(world)
    promise(world, CA, 1.0)
    memory = world.p.promise_memory
    assert commitments_kept(world) == pytest.approx(1.0 / (1.0 + memory))


def test_cohesion_is_the_trust_that_resistance_at_home_leaves(world):
    world.s.trust[:] = 0.0, 0.9, 0.7, 0.0
    assert cohesion(world) == pytest.approx(0.8)
    world.s.backlash[0] = 0.2
    world.s.of_base[BACKLASH] = 0.1
    assert cohesion(world) == pytest.approx(0.8 * 0.7)
    world.s.backlash[0] = 1.0
    assert cohesion(world) == 0.0
    world.s.of_base[BACKLASH] = -1.0
    assert cohesion(world) == pytest.approx(0.8)


def test_trust_stays_between_0_and_1_and_the_united_states_have_none_toward_themselves(world):
    before = float(world.s.trust[US])
    for c in (US, CA):
        move_trust(world, c, 5.0)
    assert world.s.trust[CA] == 1.0
    assert world.s.trust[US] == before
    move_trust(world, CA, -5.0)
    assert world.s.trust[CA] == 0.0
