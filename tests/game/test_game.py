"""A game is a value: its state follows from it alone, however it was played."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.game import game as core
from mobilize.game.game import Game, Turn, decide, fingerprint, play
from mobilize.model import Model
from policies.package import PackageError
from tests.game.common import LEVERS, fresh, games, sample, turn


@pytest.fixture(autouse=True)
def cold():
    """Let every test begin with no game ready."""
    core._READY.clear()


def straight(game, **parts):
    """Return the model of the package that the turns of a game add up to, run from its start."""
    model = Model(
        game.scenario, game.policy(), game.seed, game.world, mindset=game.mindset, **parts
    )
    return model.run(game.month)


def same(a, b):
    """Return whether two models stand in the same state to the last bit, with the same past."""
    states = zip(a.world.s, b.world.s, strict=True)
    return fingerprint(a) == fingerprint(b) and all(
        x.tobytes() == y.tobytes() for x, y in states
    ) and a.world.log == b.world.log and a.world.made == b.world.made  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(games())
def test_a_game_is_the_model_of_the_package_of_its_moves(game):
    assert same(play(game), straight(game))


@settings(max_examples=25, deadline=None)
@given(games(), st.data())
def test_any_split_into_turns_gives_the_same_state(game, data):
    split = Game(game.scenario, game.seed, game.world)
    for each in game.turns:
        left, moves = each.months, each.settings
        while left:
            part = data.draw(st.integers(1, left))
            split, moves, left = split.after(moves, part), (), left - part
            play(split)
    assert same(play(split), straight(game))


@settings(max_examples=20, deadline=None)
@given(games(), st.integers(0, 4))
def test_undoing_is_forgetting(game, kept):
    ahead = fingerprint(play(game))
    assert same(play(game.before(kept)), straight(game.before(kept)))
    assert fingerprint(play(game)) == ahead


def test_stepping_from_a_game_that_is_ready_equals_starting_anew():
    game = sample()
    anew = straight(game)
    for n in range(len(game.turns) + 1):
        play(game.before(n) if n < len(game.turns) else game)
    assert same(play(game), anew)


def test_a_challenger_and_a_war_go_on_as_in_one_run():
    game = fresh("industrial-gap", mindset="fearful")
    for played in (2, 1, 3):
        game = game.after((), played)
        play(game)
    assert same(play(game), straight(game))


def test_playing_on_leaves_the_game_before_as_it_was():
    game = sample()
    before = fingerprint(play(game))
    model = play(game)
    month, log = model.month, len(model.decisions)
    play(turn(game, 3, LEVERS[0]))
    assert (model.month, len(model.decisions), fingerprint(model)) == (month, log, before)


def test_a_long_game_of_single_months_is_not_too_deep_to_play():
    game = fresh("arctic-cutter")
    for _ in range(game.left):
        game = game.after((), 1)
    assert play(game).month == game.scenario.horizon


def test_no_more_games_stay_ready_than_are_meant_to():
    for seed in range(core.KEPT + 5):
        play(fresh(seed=seed).after((), 1))
    assert len(core._READY) == core.KEPT


def test_the_last_word_in_a_month_counts_and_an_opening_is_decided_before_it():
    opening = (decide(fresh(), "dpas-rating", "us-155-charges", "DX"),)
    game = turn(fresh(opening=opening), 4, ("dpas-rating", "us-155-charges", "DO"))
    assert [s.value for s in game.policy().settings] == ["DO"]
    assert same(play(game), straight(game))


@pytest.mark.parametrize("played", [0, -1, 59])
def test_no_turn_goes_beyond_the_scenario_or_nowhere(played):
    with pytest.raises(ValueError, match="allowed: 1 to 58"):
        fresh().after((), played)


def test_no_turn_sets_a_lever_in_another_month():
    late = decide(fresh().after((), 3), *LEVERS[0])
    with pytest.raises(ValueError, match="project-start set in another month; allowed: 2022-02"):
        fresh().after((late,), 1)


@pytest.mark.parametrize(
    ("lever", "target", "value"),
    [("nothing", "base", "on"), ("dpas-rating", "nobody", "DO"), ("dpas-rating", "base", "DO"),
     ("dpas-rating", "us-155-charges", "XX"), ("appropriate", "us-155-charges", float("nan"))],
)  # fmt: skip
def test_what_does_not_exist_cannot_be_decided(lever, target, value):
    with pytest.raises(PackageError):
        decide(fresh(), lever, target, value)


def test_equal_games_are_told_to_be_equal_and_others_not():
    game = sample()
    assert sample().identity == game.identity
    others = [game.before(2), fresh(), Game(game.scenario, 6, 0, None, (), game.turns),
              Game(game.scenario, 5, 1, None, (), game.turns),
              Game(game.scenario, 5, 0, None, (), (*game.turns, Turn((), 1)))]  # fmt: skip
    assert len({g.identity for g in [game, *others]}) == len(others) + 1


def test_a_fingerprint_tells_a_run_that_differs_by_one_bit():
    model = straight(fresh().after((), 3))
    before = fingerprint(model)
    model.record.items[2, 0] = np.nextafter(model.record.items[2, 0], np.inf)
    assert fingerprint(model) != before
