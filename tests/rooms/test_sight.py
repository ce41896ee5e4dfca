"""What a seat is sent holds only what it may know, in every game and whatever is hidden."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mobilize.conflicts import at_war
from mobilize.deterrence import SERIES
from mobilize.game import worth
from mobilize.game.game import play
from mobilize.game.seen import ID, unmapped
from mobilize.game.worth import standing
from mobilize.ladder import MINDSETS
from mobilize.network import HOME
from mobilize.rooms.acting import doable
from mobilize.rooms.players import hidden_at_start
from mobilize.rooms.roles import roles
from mobilize.rooms.sight import figures_to_predict, menu, sight
from tests.rooms.common import ENEMY, FRONT, GAP, US, WHITE, Table, gap, quick, scenario

OTHERS = ("us-pac3-mse", "us-nsm")
PRIVATE = ("need", "contract", "loan", "gift", "repayment", "response")
TEAMS = (US, "diplomacy", "industry", "large-ally:JP", FRONT, ENEMY)
WATCH = ("observer", "projector")
PEOPLE = {US: "a", "diplomacy": "s", "industry": "i", "large-ally:JP": "j", FRONT: "u", ENEMY: "e"}


def canary(kind, seat):
    return f"{kind} secret of {seat}"


@cache
def played(seed, turns=2):
    """Return a room in which every team notes, says, plans and is answered, after some turns."""
    room = gap(seed=seed)
    world = play(room.room.game).world
    unknown = [n for n in world.names.lines if n in unmapped(world)][:3]
    for turn in range(turns):
        room.must("w", "inject", to=[US], title="A stop", text="Somewhere", effects=[
            {"what": "outage", "target": n, "months": 1} for n in unknown])  # fmt: skip
        for seat, who in PEOPLE.items():
            other = US if seat != US else FRONT
            room.must(who, "note", text=canary("note", seat))
            room.must(who, "say", to=[WHITE], text=canary("word", seat))
            room.must(who, "move", text=canary("move", seat))
            terms = [{"by": seat, "promise": canary("promise", seat)}]
            room.must(who, "offer", to=other, text=canary("offer", seat), terms=terms)
            room.must(who, "predict", kind="delivered", key="pac3-mse", value=float(turn),
                      text=canary("prediction", seat))  # fmt: skip
        room.must("a", "set", lever="dpas-rating", target=OTHERS[turn % 2], value="DX")
        room.must("e", "order", what="step", target="protest", why=canary("order", ENEMY))
        room.must("u", "order", what="keep output", target="ua-155-projectile", amount=2,
                  why=canary("order", FRONT))  # fmt: skip
        room.must("w", "inject", to=["large-ally:JP"], title="A call", effects=[],
                  text=canary("inject", "large-ally:JP"))  # fmt: skip
        room.turn()
    room.must("u", "order", what="ask for a loan", target="ua-155-projectile", amount=0.5,
              why=canary("draft", FRONT))  # fmt: skip
    return room


def sent(room, seat, model=None):
    """Return everything that is sent to a seat, as text."""
    found = [sight(room, seat, model), menu(room, seat, model), doable(room, seat, model)]
    found.append(figures_to_predict(room, seat))
    return json.dumps(found, sort_keys=True, allow_nan=False)


every_seat = pytest.mark.parametrize("seat", [*TEAMS, *WATCH])


@every_seat
@pytest.mark.parametrize("seed", [1, 2])
def test_no_word_of_another_seat_is_sent(seat, seed):
    room = played(seed).room
    text = sent(room, seat)
    parties = {US: set(TEAMS), FRONT: {US, FRONT}}.get(seat, {seat})  # offers went to these
    for other in TEAMS:
        mine = other == seat
        for kind in ("note", "word", "move", "prediction", "order", "draft", "inject"):
            assert canary(kind, other) not in text or mine, kind
        for kind in ("offer", "promise"):
            assert canary(kind, other) not in text or other in parties, kind
    if seat in TEAMS:
        assert canary("note", seat) in text
        assert canary("prediction", seat) in text


@every_seat
def test_no_event_to_come_and_no_hidden_plant_is_sent(seat):
    room = played(1).room
    model = play(room.shown)
    text = sent(room, seat)
    for event in room.game.scenario.events:
        if event.id not in model.world.agenda.fired:
            assert event.text not in text
            assert event.title not in text
        assert event.expected not in text
        assert event.objective not in text
    hidden = unmapped(model.world)
    assert hidden
    struck = {d.target for d in model.decisions if d.kind == "disturbance"}
    assert struck & hidden  # something befell a plant that nobody knows
    assert not hidden & set(ID.findall(text))


def secrets(room, seat, model, luck):
    """Return a twin of a model in which everything is otherwise that this seat may not know."""
    twin = model.fork()
    world, s, net = twin.world, twin.world.s, twin.world.net
    role, country = roles()[room.place(seat).role], room.place(seat).country
    mine = np.zeros(len(s.stock), np.bool_)
    if "programs" in role.sees:
        mine = net.p_country == world.names.countries.index(country)
    for array in (s.stock, s.undelivered, s.calls):
        array[~mine] *= 1.0 + luck.random()
    s.appropriated[~mine] += 1e6 * luck.random()
    s.trust[:], s.need[:] = luck.random(len(s.trust)), luck.random(len(s.need))
    others = np.ones(len(s.capacity), np.bool_)
    if "firms" in role.sees:
        others = (net.l_country != world.names.countries.index(HOME)) | ~world.visible
    for array in (s.capacity, s.wanted, s.crew, s.finished, s.goods, s.cash):
        array[others] = 1.0 + luck.random()
    if seat != ENEMY:
        s.mindset[0] = (s.mindset[0] + 1 + int(luck.integers(2))) % len(MINDSETS)
        s.chosen[:] = luck.integers(0, 2, len(s.chosen))
        s.motivation[0] += 0.3
    else:
        s.chosen[:] = 1
    world.agenda.not_before["sunset"] = int(luck.integers(1, 40))
    world.agenda.skipped.append("convoys")
    twin.record.series("stock")[:, ~mine] += 1.0
    programs = dict(zip(world.names.programs, net.p_country.tolist(), strict=True))
    home = world.names.countries.index(country) if country else -1
    world.log[:] = [
        d._replace(amount=d.amount + 1.0, why="otherwise")
        if d.kind in PRIVATE
        and (
            (d.who != country and programs.get(d.target, home) != home)
            or ("firms" in role.sees and d.kind != "contract")
        )
        else d
        for d in world.log
    ]
    twin.record.metrics[SERIES.index("mindset")] = luck.integers(3)
    return twin


@settings(max_examples=80, deadline=None, phases=[Phase.generate])
@given(st.sampled_from((*TEAMS, *WATCH)), st.integers(1, 2), st.integers(0, 10**6))
def test_what_a_seat_may_not_know_changes_no_letter_of_what_it_is_sent(seat, seed, luck):
    room = played(seed).room
    model = play(room.shown)
    twin = secrets(room, seat, model, np.random.default_rng(luck))
    assert sent(room, seat, model) == sent(room, seat, twin)


def test_the_white_cell_does_see_what_others_may_not():
    room = played(1).room
    model = play(room.shown)
    twin = secrets(room, US, model, np.random.default_rng(0))
    assert sent(room, WHITE, model) != sent(room, WHITE, twin)
    text = sent(room, WHITE)
    for seat in TEAMS:
        assert canary("word", seat) in text
        assert canary("note", seat) not in text  # a team's own
    assert canary("draft", FRONT) in text


def test_plans_of_others_change_nothing_but_whether_they_are_handed_in():
    room = played(2)
    before = {seat: sent(room.room, seat) for seat in (*TEAMS, *WATCH)}
    other = Table.__new__(Table)
    other.room, other.now, other.refused = room.room, 0.0, None
    other.must("u", "order", what="lend", target="us-155-projectile", amount=0.3, why="xyzzy")
    other.must("w", "veto", why="xyzzy")
    other.must("w", "mindset", mindset="drawn", why="xyzzy")
    other.must("w", "event", do="skip", event="convoys", why="xyzzy")
    for seat in (*TEAMS, *WATCH):
        if seat != FRONT:
            assert sent(other.room, seat) == before[seat], seat


def test_what_came_of_a_turn_is_told_in_its_brief_and_not_before():
    room = Table.__new__(Table)
    room.room, room.now, room.refused = played(1).room, 0.0, None
    before = sight(room.room, US)["world"]
    predicted = sight(room.room, US)["predictions"]
    assert [("came" in row) for row in predicted] == [True] * 2
    room.must("a", "predict", kind="delivered", key="pac3-mse", value=3.0)
    room.must("w", "next").must("w", "next")
    assert sight(room.room, US)["world"] == before
    assert sight(room.room, WHITE)["world"]["all"]["programs"] == {
        name: {"stock": float(stock), "unmet": float(unmet)}
        for world in [play(room.room.game).world]
        for name, stock, unmet in zip(
            world.names.programs, world.s.stock, world.s.unmet, strict=True
        )
    }  # it may override an outcome before it is told
    assert "came" not in sight(room.room, US)["predictions"][-1]
    room.must("w", "next")
    assert sight(room.room, US)["world"] != before
    assert sight(room.room, US)["predictions"][-1]["came"] > 0.0


def test_what_came_of_every_turn_is_read_from_one_game_and_no_other_is_played(monkeypatch):
    room = quick(seed=4)
    for turn in range(3):
        room.must("a", "predict", kind="unmet", key="projectile-155", value=turn).turn()
    game = room.room.game
    ends = [
        {(s.figure.kind, s.figure.key): s.value for s in standing(game.before(n))}
        for n in range(1, 4)
    ]
    model = play(game)
    monkeypatch.setattr(worth, "play", None)
    np.testing.assert_equal(worth.turn_ends(game, model), tuple(ends))
    came = [row["came"] for row in sight(room.room, US, model)["predictions"]]
    assert came == [end["unmet", "projectile-155"] for end in ends]


def test_a_plant_that_is_not_mapped_is_refused_as_one_that_is_not_there():
    known = scenario(GAP)
    room = gap()
    hidden = unmapped(play(room.room.game).world)
    lines = [str(n) for n in known["lines"]["id"] if n in hidden]
    assert lines
    assert set(lines) <= hidden_at_start(known)

    def told(target):
        words = room.told("a", "set", lever="title3-award", target=target, value="on")
        also = room.told("i", "order", what="invest", target=target)
        return words.replace(target, "X"), also.replace(target, "X")

    for line in lines[:20]:
        assert told(line) == told("no-such-plant")


def test_wars_and_fires_unmet_are_public():
    room = played(1).room
    model = play(room.shown)
    public = sight(room, "observer")["world"]["public"]
    assert len(public["wars"]) == int(at_war(model.world).sum())
    assert public["unmet"]


def test_a_sight_is_plain_data():
    room = replace(played(1).room)
    for seat in (*TEAMS, *WATCH, WHITE):
        found = sight(room, seat)
        assert json.loads(json.dumps(found, allow_nan=False)) == json.loads(json.dumps(found))
