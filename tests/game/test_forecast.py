"""Looking ahead: worlds of other luck only, paired between policies, the same bytes in pieces."""

from dataclasses import fields

import numpy as np
import pytest

from mobilize.forecast import FIRST, SHARES, Future, StoppedError, fan, foresee, together
from mobilize.game.game import play
from mobilize.luck import Luck
from mobilize.record import PROGRAM_SERIES
from tests.game.common import LEVERS, fresh, sample, turn

PARTS = [field.name for field in fields(Future)][1:]


def same(a, b):
    return a.month == b.month and all(
        getattr(a, n).tobytes() == getattr(b, n).tobytes() for n in PARTS
    )


@pytest.mark.parametrize("name", ["arsenal-2026", "artillery-2022"])
def test_the_luck_of_the_game_itself_is_never_used(name):
    model = play(fresh(name).after((), 3))
    told = foresee(model, model.policy, range(3), 12)
    other = model.fork()
    other.world.luck = Luck(model.world.luck.seed, 777)
    other.world.slips = other.world.slips + 5.0
    other.world.lengths = other.world.lengths * 3.0
    assert same(foresee(other, model.policy, range(3), 12), told)


def test_what_the_challenger_is_cannot_be_read_from_a_forecast_made_before_it_acts():
    """Games that stand the same but for a hidden mindset are foreseen the same.

    At the start nothing has come of a mindset; later what the challenger has begun is part of what
    stands, so that forecasts may differ by it, as far as it shows.
    """
    told = []
    for mindset in ("opportunist", "fearful", "patient"):
        model = play(fresh("industrial-gap", mindset=mindset))
        told.append(foresee(model, model.policy, range(2), 4))
    assert same(told[0], told[1])
    assert same(told[0], told[2])


def test_a_mindset_changes_what_is_played_though_not_what_is_foreseen():
    runs = [
        play(fresh("industrial-gap", mindset=m).after((), 12)) for m in ("opportunist", "patient")
    ]
    assert not np.array_equal(runs[0].record.metrics, runs[1].record.metrics)


def test_forecast_worlds_are_none_that_is_played():
    model = play(fresh(world=2).after((), 1))
    ahead = foresee(model, model.policy, [0], 6)
    played = model.fork(model.policy, Luck(model.world.luck.seed, FIRST)).run(6).record
    assert ahead.programs[0].tobytes() == played.programs[:, 1:7].tobytes()


def test_two_policies_meet_the_same_worlds():
    game = fresh().after((), 2)
    draft = game.policy(turn(game, 1, LEVERS[3], LEVERS[5]).turns[-1].settings)
    now, then = (foresee(play(game), policy, range(4), 36) for policy in (game.policy(), draft))
    alike = [np.array_equal(now.items[:, m], then.items[:, m]) for m in range(36)]
    assert alike[0]  # nothing has taken effect yet, and the luck is the same
    assert not alike[-1]
    assert not np.array_equal(now.items[0], now.items[1])
    alone = foresee(play(game), draft, [3], 36)
    assert alone.programs[0].tobytes() == then.programs[3].tobytes()


def test_a_draft_that_changes_nothing_is_foreseen_as_what_is_decided():
    game = sample()
    policy = game.policy(turn(game, 1, ("dpas-rating", "us-155-fuzes", "off")).turns[-1].settings)
    model = play(game)
    now, then = foresee(model, game.policy(), range(2), 9), foresee(model, policy, range(2), 9)
    assert now.series("delivered").tobytes() == then.series("delivered").tobytes()


def test_chunks_together_are_all_at_once():
    model = play(sample())
    whole = foresee(model, model.policy, range(6), 9)
    parts = [foresee(model, model.policy, part, 9) for part in (range(2), range(2, 5), [5])]
    assert same(together(parts), whole)


def test_looking_ahead_leaves_the_game_as_it_was():
    model = play(sample())
    state = [array.tobytes() for array in model.world.s]
    foresee(model, model.policy, range(2), 12)
    assert [array.tobytes() for array in model.world.s] == state
    assert model.month == 14


@pytest.mark.parametrize(("played", "months"), [(0, 12), (50, 8), (57, 1)])
def test_a_forecast_ends_at_the_horizon(played, months):
    game = fresh().after((), played) if played else fresh()
    ahead = foresee(play(game), game.policy(), range(2), 12)
    assert ahead.month == played
    assert ahead.programs.shape[:3] == (2, len(PROGRAM_SERIES), months)
    assert ahead.items.shape[:2] == ahead.ledger.shape[:2] == (2, months)


def test_a_forecast_stops_before_the_next_world_when_nobody_waits():
    asked = []

    def stop():
        asked.append(True)
        return len(asked) > 2

    with pytest.raises(StoppedError):
        foresee(play(fresh()), fresh().policy(), range(9), 1, stop)
    assert len(asked) == 3


def test_a_fan_is_ordered_and_holds_its_share_of_worlds():
    values = np.random.default_rng(1).normal(size=(400, 7))
    lines = fan(values)
    assert lines.shape == (len(SHARES), 7)
    assert (np.diff(lines, axis=0) > 0).all()
    below = (values[None] < lines[:, None]).mean(axis=1)
    assert np.abs(below - np.array(SHARES)[:, None]).max() < 0.01
