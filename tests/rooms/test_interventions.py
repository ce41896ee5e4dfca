"""What people do beside setting levers is part of a game: it replays, forks and is checked."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.game import game as core
from mobilize.game.file import GameError, read_game, write_game
from mobilize.game.game import Game, fingerprint, play
from mobilize.game.interventions import faults_of, read_intervention, write_intervention
from mobilize.interventions import HONOUR, OWN, Intervention, held, intervene, outcomes, requests_of
from mobilize.invariants import faults
from mobilize.model import Model
from mobilize.saves import SaveError, save
from mobilize.state import EPS
from tests.rooms.common import GAP, gap, scenario

START = scenario(GAP).start
MONTHS = 4


def acts(date=START):
    """Return one intervention of nearly every kind."""
    return (
        Intervention(date, "sit", "CN", "step"),
        Intervention(date, "step", "protest", who="CN", why="to see"),
        Intervention(date, "fire", "walkout"),
        Intervention(date, "delay", "booster-fire", amount=3, why="later"),
        Intervention(date, "skip", "sunset", why="no"),
        Intervention(date + 1, "befall", "US", "term:licence_time:scale", 2.0, 3, 1, why="queues"),
        Intervention(date, "befall", "us-nsm", "term:credibility:add", 0.3, 6, 0, why="a promise"),
        Intervention(date, "sit", "PL", "keep output"),
        Intervention(date, "act", "ua-155-projectile", "keep output", 2, who="PL", why="ours"),
        Intervention(date, HONOUR, "JP", amount=0.5, months=3, who="JP", why="half of them"),
        Intervention(date + 2, "override", "us-tomahawk", "stock", 1234.0, why="a recount"),
        Intervention(date + 1, "mindset", what="fearful", why="drawn"),
        Intervention(date + 2, "lift", "pac3-camden", "walkout", why="settled"),
    )


def game(*given, months=MONTHS):
    return Game(scenario(GAP), 3).after((), months, given)


@pytest.mark.parametrize("one", acts(), ids=lambda a: f"{a.kind}-{a.what}")
def test_each_is_sound_is_written_and_read_back(one):
    assert faults_of(one, scenario(GAP)) == []
    row = json.loads(json.dumps(write_intervention(one)))
    assert read_intervention(row, scenario(GAP), START) == (one, [])


@pytest.mark.parametrize(
    "change",
    [
        {"date": "2020-01"},
        {"date": "2099-01"},
        {"kind": "bless"},
        {"what": "health"},
        {"target": "nothing"},
        {"amount": -1.0},
        {"amount": float("inf")},
        {"why": ""},
        {"why": "x" * 501},
        {"months": -1},
        {"extra": 1},
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(change):
    row = write_intervention(acts()[10]) | change
    one, told = read_intervention(row, scenario(GAP), START)
    assert one is None
    assert told


def test_a_game_with_interventions_is_the_same_however_it_is_played():
    core._READY.clear()
    whole = play(game(*acts()))
    split = Game(scenario(GAP), 3)
    for n in range(MONTHS):
        split = split.after((), 1, acts() if n == 0 else ())
        play(split)
    alone = Model(scenario(GAP), whole.policy, 3, 0, interventions=acts()).run(MONTHS)
    for other in (play(split), alone, alone.again(alone.months).run(MONTHS)):
        assert fingerprint(other) == fingerprint(whole)
        assert other.world.log == whole.world.log
    assert faults(whole.world.net, whole.world.s) == []


def test_a_fork_carries_what_is_still_to_come():
    late = (Intervention(START + 2, "override", "us-tomahawk", "stock", 5.0, why="lost"),)
    model = play(game(*late, months=1))
    assert fingerprint(model.fork().run(3)) == fingerprint(play(game(*late, months=4)))


def test_a_game_file_keeps_them_and_refuses_wrong_ones():
    played = game(*acts())
    text = write_game(played, fingerprint(play(played)))
    kept = read_game(text, "game.json")
    assert kept.game.identity == played.identity
    assert fingerprint(play(kept.game)) == kept.result
    with pytest.raises(GameError, match="act 11: target"):
        read_game(text.replace('"us-tomahawk"', '"no-such"'), "game.json")
    assert '"acts"' not in write_game(game(), "")


def test_the_same_game_without_interventions_keeps_its_bytes():
    assert fingerprint(play(game())) == fingerprint(Model(scenario(GAP), seed=3).run(MONTHS))


def test_a_month_with_them_is_not_saved_as_if_there_were_none(tmp_path):
    with pytest.raises(SaveError, match="keep the game"):
        save(play(game(*acts())), tmp_path / "month.npz")


each_outcome = pytest.mark.parametrize("outcome", outcomes().values(), ids=lambda o: o.name)


@each_outcome
def test_an_override_sets_just_that_and_the_log_tells_old_and_new(outcome):
    model = Model(scenario(GAP), seed=3, interventions=()).run(1)
    names, before = model.world.names, model.world.s.copy()
    target = "base" if outcome.of == "base" else getattr(names, outcome.of)[0]
    new = min(outcome.high, 0.5 if outcome.high <= 1 else 20.0)
    old = held(model.world, outcome.name, target)
    one = Intervention(START + 1, "override", target, outcome.name, new, why="because")
    assert faults_of(one, scenario(GAP)) == []
    twin = model.fork(interventions=(one,))
    intervene(twin.world, twin.interventions, late=True)
    assert held(twin.world, outcome.name, target) == pytest.approx(new)
    pairs = ((f, getattr(before, f), getattr(twin.world.s, f)) for f in before._fields)
    changed = [f for f, a, b in pairs if not np.array_equal(a, b, equal_nan=a.dtype.kind == "f")]
    assert changed == ([outcome.state] if abs(old - new) > EPS else [])
    assert f"{old:.10g} -> {new:.10g}" in twin.world.log[-1].why


def test_the_rules_of_a_seat_are_off_for_what_it_decides_and_for_nothing_else():
    """Without the seat Poland's rules work in this war; with it only those it has not taken."""

    def done(given):
        log = play(game(*given, months=6)).decisions
        return {(d.who, d.kind, d.target) for d in log if d.who in countries and d.month < 6}

    countries = ("PL", "UA", "TW", "DE", "KR", "JP", "GB")
    free = done(())
    sat = tuple(
        Intervention(START, "sit", c, a) for c in countries for a in (*OWN, "fund", "withhold",
                     "start a project", "hasten a project")
    )  # fmt: skip
    acts_of = {kind for _, kind, _ in free}
    assert acts_of & {"response", "denial", "gift", "loan", "ask"}
    assert {kind for _, kind, _ in done(sat)} <= {"need", "contract", "project", "ask", "repayment"}


def test_a_word_on_requests_holds_for_its_quarter_and_moves_trust():
    def after(share, months):
        one = Intervention(START, HONOUR, "JP", amount=share, months=3, who="JP")
        world = play(game(one, months=months)).world
        routes = requests_of(world, "JP")
        assert routes.size
        return world, world.s.honour[routes], world.s.trust[world.names.countries.index("JP")]

    _, none, little = after(0.0, 3)
    world, every, much = after(1.0, 3)
    assert not none.any()
    assert every.all()
    assert much > little
    assert world.words == {"JP": (1.0, 3)}
    later, by_luck, _ = after(0.0, 12)
    assert later.month > later.words["JP"][1]
    assert by_luck.any()


def test_a_step_is_taken_only_where_it_may_be():
    sit = Intervention(START, "sit", "CN", "step")
    steps = [Intervention(START, "step", n, who="CN", why="x") for n in ("protest", "sabotage")]
    log = play(game(sit, *steps, months=1)).decisions
    told = [(d.target, d.why) for d in log if d.kind == "adversary" and "chosen" in d.why]
    assert told == [("protest", "chosen: x"),
                    ("sabotage", "not chosen: as many steps are chosen as may be")]  # fmt: skip
    quiet = play(game(sit, months=12)).decisions
    assert not [d for d in quiet if d.kind == "adversary"]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(acts()), max_size=8), st.integers(1, 5))
def test_any_of_them_in_any_order_leaves_a_sound_world(given_acts, months):
    model = play(game(*given_acts, months=months))
    assert faults(model.world.net, model.world.s) == []


def test_an_ally_is_asked_for_priority_again_between_the_rounds_of_requests():
    room = gap(seed=3)
    for program in scenario(GAP)["programs"]["id"][:12]:
        room.must("a", "order", what="ask for priority", target=str(program))
    room.turn()
    asked = [d for d in play(room.room.game).decisions if d.kind == "ask" and d.who == "US"]
    assert {d.month for d in asked} == {1}  # in month 0 all requests are answered anyway
