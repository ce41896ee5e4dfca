"""A game looked back on: what each decision moved, when, and what it was worth."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.compare import ACCOUNTS, interval
from mobilize.deterrence import SERIES
from mobilize.game.after import (
    by_item,
    choices,
    effect,
    fate,
    happened,
    timeline,
    without,
)
from mobilize.game.game import PLAYED, Game, decide, play
from mobilize.game.seen import HIDDEN
from mobilize.game.worth import (
    Job,
    ends,
    figures,
    jobs,
    others,
    review,
    totals,
    work,
    worth,
)
from mobilize.metrics import ROWS
from mobilize.model import Model
from mobilize.runs import run_worlds
from mobilize.scenario import shipped
from mobilize.state import LEDGER
from tests.game.common import LEVERS, fresh, games, sample, scenario, turn


def words(game):
    """Return what was decided, with its month, in order."""
    return [(c.setting.date, c.setting.lever, c.setting.target, c.setting.value)
            for c in choices(game)]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(games(), st.data())
def test_leaving_one_decision_out_leaves_all_others_as_they_were(game, data):
    known = words(game)
    if not known:
        return
    number = data.draw(st.integers(0, len(known) - 1))
    other = without(game, number)
    assert words(other) == known[:number] + known[number + 1 :]
    assert [t.months for t in other.turns] == [t.months for t in game.turns]
    assert replace(other, turns=game.turns) == game


def test_setting_a_lever_and_changing_it_later_are_two_decisions():
    game = turn(fresh(), 3, LEVERS[1])
    game = turn(game, 3, LEVERS[2])
    first, second = (without(game, n).policy().settings for n in (0, 1))
    assert [s.value for s in first] == ["off"]
    assert [s.value for s in second] == ["DO"]


def test_only_what_was_decided_up_to_now_counts():
    start = fresh()
    early = decide(start, *LEVERS[0])
    late = decide(start.after((), 30), *LEVERS[1])
    game = turn(fresh(opening=(early, late)), 4, LEVERS[3])
    assert [c.turn for c in choices(game)] == [0, 1]
    assert words(without(game, 0))[0][1] == "appropriate"
    assert late in without(game, 0).opening


@pytest.mark.parametrize("number", [-1, 6, 99])
def test_a_decision_that_was_never_made_cannot_be_left_out(number):
    with pytest.raises(ValueError, match="allowed: 0 to 5"):
        without(sample(), number)


def test_a_decision_takes_effect_after_its_onset_and_its_delay_is_told():
    game = turn(fresh(), 12, ("end-item-reserve", "us-155-fuzes", 2.0))
    found = effect(game, 0)
    made = play(game).world.made[0]
    assert (found.month, found.due, found.moved) == (0, made.due, made.due)
    assert found.due > 0
    assert found.state == "in effect"
    assert "stock the government wants of us-155-fuzes: 2 instead of 1" in found.terms[0]
    (row,) = timeline(game, (found,))
    assert row["delay"] == found.due
    assert row["value"].startswith("2 ")


def test_the_state_of_a_decision_follows_what_came_after():
    game = turn(fresh(), 1, LEVERS[1], LEVERS[0])
    assert fate(game, 0).state == ("not yet in effect" if fate(game, 0).due else "in effect")
    assert fate(game, 1).state == "done once"
    ended = turn(turn(game, 12), 2, LEVERS[2])
    assert [fate(ended, n).state for n in range(3)] == ["ended later", "done once", "ended it"]
    at_once = turn(turn(fresh(), 1, ("end-item-reserve", "us-155-fuzes", 2.0)), 9,
                   ("end-item-reserve", "us-155-fuzes", "off"))  # fmt: skip
    assert fate(at_once, 0).state == "ended before it took effect"
    again = turn(turn(game, 12), 2, ("dpas-rating", "us-155-charges", "DX"))
    assert fate(turn(again, 6), 0).state == "replaced later"


def test_what_is_first_seen_is_the_first_month_that_differs():
    game = turn(fresh(), 24, LEVERS[3], LEVERS[5])
    found = effect(game, 1)
    a, b = (play(g) for g in (game, without(game, 1)))
    flows = {found.made: [m.record.items[:24] for m in (a, b)],
             found.delivered: [by_item(m, "delivered") for m in (a, b)]}  # fmt: skip
    for seen, (one, two) in flows.items():
        assert seen is not None
        item = a.world.names.items.index(seen.item)
        assert (one - two)[seen.month, item] == seen.difference != 0.0
        earlier = slice(0, seen.month)
        most = np.maximum(one, two)[earlier]
        assert (np.abs(one - two)[earlier] <= np.maximum(0.01 * most, 1e-9)).all()


def test_a_decision_without_effect_has_none():
    game = turn(fresh(), 6, ("dpas-rating", "us-155-fuzes", "off"))
    found = effect(game, 0)
    assert (found.moved, found.terms, found.made, found.delivered) == (None, (), None, None)
    assert not any(row.felt for row in worth(game, 0, 3).rows)


def test_worth_is_what_the_model_gives_for_the_same_moves_to_the_digit():
    game = turn(fresh(world=1), 3)
    game = turn(turn(game, 9, LEVERS[3], LEVERS[5]), 12, LEVERS[1])
    found = worth(game, 1, 4)
    other = without(game, 1)

    def model(played, world):
        package = played.policy()
        return Model(played.scenario, package, played.seed, world, mindset=played.mindset).run(24)

    names, felt = figures(game.scenario), 0
    for n, row in enumerate(found.rows):
        assert row.figure == names[n]
        if row.figure.kind == "delivered":
            item = play(game).world.names.items.index(row.figure.key)
            gaps = [by_item(model(game, w), "delivered").sum(axis=0)[item]
                    - by_item(model(other, w), "delivered").sum(axis=0)[item]
                    for w in (1, 0, 2, 3, 4)]  # fmt: skip
        elif row.figure.kind == "money":
            account = LEDGER.index(row.figure.key)
            gaps = [model(game, w).record.ledger[23, account] / 1000
                    - model(other, w).record.ledger[23, account] / 1000
                    for w in (1, 0, 2, 3, 4)]  # fmt: skip
        else:
            continue
        felt += row.felt
        assert row.here == gaps[0]
        assert (row.mean, row.low, row.high) == interval(np.array(gaps[1:]))
    assert felt


def test_worth_is_what_a_batch_run_of_the_same_packages_gives():
    game = turn(fresh(), 20, LEVERS[3], LEVERS[5])
    worlds = others(game, 3)
    runs = [run_worlds(game.scenario, g.policy(), worlds, game.seed)
            for g in (game, without(game, 1))]  # fmt: skip
    a, b = (r.by_item("delivered")[:, :20].sum(axis=1) for r in runs)
    found = worth(game, 1, 3).rows
    assert any(row.felt for row in found if row.figure.kind == "delivered")
    for row in found:
        if row.figure.kind == "delivered":
            item = runs[0].names.items.index(row.figure.key)
            assert row.mean == interval((a - b)[:, item])[0]


def test_every_metric_stands_alone_and_none_is_added_to_another():
    game = fresh("arsenal-2026", mindset="patient")
    game = turn(game, 4, ("title3-award-waiver", "base", "on"))
    found = {r.figure.key: r for r in worth(game, 0, 1).rows if r.figure.kind == "metric"}
    assert list(found) == [series for _, _, series, _ in ROWS]
    model = play(game)
    for key, row in found.items():
        assert row.played == model.record.metrics[SERIES.index(key), 3]


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_can_be_looked_back_on(name):
    game = turn(fresh(name), 2, ("title3-award-waiver", "base", "on"))
    kinds = {figure.kind for figure in figures(game.scenario)}
    found = review(game, 1)
    assert len(found.effects) == len(found.worths) == 1
    assert {"delivered", "money"} <= kinds
    assert ("metric" in kinds) == play(game).watched
    assert sum(f.kind == "money" for f in figures(game.scenario)) == len(ACCOUNTS)
    assert np.isfinite(totals(play(game))).all()


def test_pieces_put_together_in_any_order_are_the_review_done_at_once():
    game = sample()
    pieces = jobs(game, 6)
    assert len(set(pieces)) == len(pieces)
    found = {job: work(game, job) for job in reversed(pieces)}
    assert review(game, 6, found) == review(game, 6)
    assert review(game, 6).worths[2] == worth(game, 2, 6)


def test_other_worlds_are_never_the_one_that_was_played():
    for world in (0, 2, 9):
        assert world not in others(fresh(world=world), 4)
        assert len(others(fresh(world=world), 4)) == 4
    with pytest.raises(ValueError, match="give its number"):
        work(fresh(), Job(None))


def test_a_game_nobody_decided_anything_in_has_nothing_to_weigh():
    game = fresh().after((), 3)
    assert (jobs(game), review(game).worths, review(game).effects) == ((), (), ())
    assert review(fresh()).worths == ()


def test_ends_of_the_played_world_are_those_of_the_game():
    game = sample()
    assert ends(game, None, (game.world,))[0].tobytes() == totals(play(game)).tobytes()


def test_what_players_may_not_see_is_told_only_when_the_game_is_over():
    game = fresh("industrial-gap", seed=1).after((), 24)
    every = play(game).decisions
    assert any(d.kind in HIDDEN for d in every)
    assert not any(d.kind in HIDDEN for d in happened(game))
    over = game.after((), game.left)
    assert any(d.kind in HIDDEN for d in happened(over))


def test_what_players_decided_is_not_told_as_something_that_befell():
    game = sample()
    assert any(d.who == PLAYED for d in play(game).decisions)
    assert not any(d.who == PLAYED and d.kind == "policy" for d in happened(game))


def test_a_game_and_its_world_follow_from_their_numbers():
    assert Game(scenario(), 5).after((), 2).identity == fresh().after((), 2).identity
