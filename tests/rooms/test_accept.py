"""The door into a room: what is accepted changes it, what is not leaves it as it is, in words."""

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.game.game import Game, fingerprint, play
from mobilize.interventions import HONOUR
from mobilize.rooms import turns
from mobilize.rooms.accept import KINDS
from mobilize.rooms.door import LARGEST
from mobilize.rooms.room import PHASES, SYSTEM
from mobilize.rooms.sight import sight
from mobilize.rooms.turns import due, waiting_for
from tests.rooms.common import ALLY, FRONT, GAP, QUICK, US, WHITE, Table, gap, quick, scenario

RATE = {"lever": "dpas-rating", "target": "us-155-charges", "value": "DO"}
ASK = {"lever": "appropriate", "target": "us-155-charges", "value": 400.0}


def test_acts_of_another_seat_are_refused():
    room = quick()
    assert "does not move" in room.told("s", "set", **RATE)
    assert "cannot go on" in room.told("a", "next")
    assert "not yours" in room.told("a", "submit", seat="diplomacy")
    assert "for people" in room.told(SYSTEM, "submit")
    assert "cannot" in room.told("a", "join", member="x", name="x", seat=WHITE)
    assert "join it again" in room.told("nobody", "note", sequence=1, text="hello")


def test_acts_out_of_phase_are_refused():
    room = quick().must("a", "set", **RATE).must("w", "next")
    assert "locked" in room.told("a", "set", **RATE)
    room.must("w", "next")
    for act, body in (("set", RATE), ("submit", {})):
        assert "phase" in room.told("a", act, **body)


def test_an_act_sent_twice_is_done_once_and_called_known():
    room = quick().must("a", "set", **RATE)
    log = room.room.log
    assert not room.send("a", "set", sequence=1, **RATE)
    assert room.refused.known
    assert room.room.log == log
    assert not room.send("a", "set", sequence=1, **{**RATE, "value": "DX"})
    assert not room.refused.known


@pytest.mark.parametrize("sequence", [0, 3, -1, 10**30, True, None, "2", 1.0])
def test_acts_out_of_order_are_refused(sequence):
    room = quick().must("a", "set", **RATE)
    before = room.room
    assert not room.send("a", "note", body={"text": "x"}, sequence=sequence or 0)
    assert room.room is before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**RATE, "extra": 1},
        {**RATE, "lever": "x" * 100},
        {**RATE, "lever": "no-such-lever"},
        {**RATE, "target": "nothing"},
        {**RATE, "value": "XX"},
        {**RATE, "value": float("nan")},
        {**RATE, "value": None},
        {**RATE, "value": True},
        {**RATE, "target": {"a": 1}},
        {"lever": 5, "value": "DO"},
        {**RATE, "seat": "white-cell"},
    ],
)
def test_a_malformed_move_is_refused(body):
    quick().told("a", "set", body=body)


@pytest.mark.parametrize("text", ["", "  ", "\x00", "a\x1b[31m", "\u202eabc", "\ud800", "x" * 2001])
def test_text_that_is_no_plain_text_is_refused(text):
    quick().told("a", "note", text=text)


def test_a_body_beyond_all_bounds_is_refused():
    room = quick()
    assert "long" in room.told("a", "note", text="x" * (LARGEST + 1))
    deep = body = {}
    for _ in range(5000):
        deep["text"] = deep = {}
    assert room.told("a", "note", body=body)
    assert room.told("a", "note", body=["text"])
    assert room.told("a", "note", body={"text": b"bytes"})


def test_a_member_does_what_is_their_own_part():
    room = Table(QUICK, (("a", US), ("b", US))).must("a", "part", part="contracting-officer")
    assert "name of a" in room.told("b", "set", **RATE)
    room.must("a", "set", **RATE)
    room.must("b", "set", **ASK)  # nobody is program manager


def test_a_late_team_never_holds_the_room_up_and_what_it_planned_counts():
    room = quick().must("a", "set", **RATE).must("s", "submit")
    assert "acquisition" in waiting_for(room.room)
    room.turn()
    turn = room.room.play.turns[0]
    assert [(seat, s.lever) for seat, s in turn.settings] == [("acquisition", "dpas-rating")]
    assert turn.stood_in == ("industry", "large-ally:CA")  # nothing planned, nothing handed in


def test_the_clock_locks_a_turn_by_itself_only_when_it_has_run_out():
    room = quick(minutes=1.0, auto=True)
    room.must("w", "timer", do="start")
    room.now = 59.0
    assert due(room.room, room.now) is None
    room.must("w", "timer", do="pause")
    room.now = 500.0
    assert due(room.room, room.now) is None
    room.must("w", "timer", do="start")
    room.now = 500.9
    assert not room.send(SYSTEM, "next")
    room.now = 501.5
    act = due(room.room, room.now)
    room.must(SYSTEM, act.kind)
    assert room.room.phase == "lock"
    assert due(room.room, 10**6) is None


def test_who_goes_on_leaves_the_phase_they_see_and_no_other():
    room = quick(auto=True, minutes=1)
    room.must("w", "timer", do="start")
    room.now = 61.0
    room.must(SYSTEM, "next")
    assert "in the phase lock" in room.told("w", "next", phase="plan")
    room.must("w", "next", phase="lock")
    assert "in the phase resolve" in room.told("w", "next", phase="lock")
    assert room.told("w", "next", phase="tea")


def test_time_never_goes_back():
    room = quick()
    room.now = 10.0
    room.must("a", "note", text="late")
    room.now = 3.0
    room.must("a", "note", text="early")
    assert [entry.at for entry in room.room.log][-2:] == [10.0, 10.0]


def test_what_is_asked_of_congress_needs_its_word():
    counted = {}
    for congress, yes in ((True, None), (True, False), (False, None), (False, True)):
        room = quick(congress=congress).must("a", "set", **ASK)
        if yes is not None:
            room.must("w", "grant", seat="acquisition", lever=ASK["lever"], target=ASK["target"],
                      yes=yes)  # fmt: skip
        room.turn()
        turn = room.room.play.turns[0]
        counted[congress, yes] = len(turn.settings)
        assert len(turn.settings) + len(turn.set_aside) == 1
    assert counted == {(True, None): 1, (True, False): 0, (False, None): 0, (False, True): 1}


def test_what_is_asked_in_an_accepted_offer_needs_the_word_of_congress_too():
    counted = {}
    for congress in (True, False):
        room = quick(congress=congress)
        room.must("c", "offer", to="acquisition", terms=[{"by": "acquisition", **ASK}])
        room.must("a", "answer", offer=1, accept=True)
        (row,) = sight(room.room, "white-cell")["world"]["all"]["asked"]
        assert (row["seat"], row["lever"], row["yes"]) == ("acquisition", ASK["lever"], congress)
        at = {"seat": "acquisition", "lever": ASK["lever"], "target": ASK["target"]}
        room.must("w", "grant", **at, yes=not congress).turn()
        counted[congress] = len(room.room.play.turns[0].settings)
    assert counted == {True: 0, False: 1}


def test_an_accepted_offer_binds_both_sides_and_a_word_is_recorded():
    room = quick()
    terms = [{"by": "acquisition", **RATE}, {"by": "large-ally:CA", "promise": "we open our plant"}]
    room.must("c", "offer", to="acquisition", text="a deal", terms=terms)
    assert "not made to you" in room.told("s", "answer", offer=1, accept=True)
    room.must("a", "answer", offer=1, accept=True)
    assert "no such open" in room.told("a", "answer", offer=1, accept=False)
    room.turn()
    ((seat, setting),) = room.room.play.turns[0].settings
    assert (seat, setting.lever, setting.value) == ("acquisition", "dpas-rating", "DO")
    room.must("w", "judge", promise=1, kept=False)
    assert room.room.promises[0].kept is False


def test_a_seat_cannot_plan_away_an_act_that_it_agreed_to():
    room, word = gap(), {"act": HONOUR, "target": "JP"}
    for share in (0.2, 0.9):  # of two agreements the later one
        terms = [{"by": ALLY, **word, "amount": share}]
        room.must("a", "offer", to=ALLY, terms=terms)
        room.must("j", "answer", offer=len(room.room.offers), accept=True)
    room.must("j", "order", what=HONOUR, target="JP", amount=0.0)
    room.must("j", "order", what="ask for a loan", target="jp-pac3-mse", amount=0.5).turn()
    (turn,) = room.room.play.turns
    done = [(one.kind, one.amount) for seat, one in turn.interventions if seat == ALLY]
    assert done == [(HONOUR, 0.9), ("act", 0.5)]
    assert "own country" in room.told("j", "order", what=HONOUR, target="PL")
    told = sight(room.room, ALLY)["results"][0]["done"]
    assert [(o["what"], o["amount"]) for o in told] == [(HONOUR, 0.9), ("ask for a loan", 0.5)]


def test_nobody_binds_their_team_to_what_is_another_members_own_part():
    room = Table(QUICK, (("a", US), ("b", US), ("c", "large-ally:CA")))
    room.must("a", "part", part="contracting-officer")
    terms = [{"by": US, **RATE}]
    assert "decision: ask" in room.told("b", "offer", to="large-ally:CA", terms=terms)
    room.must("c", "offer", to=US, terms=terms)
    assert "decision: ask" in room.told("b", "answer", offer=1, accept=True)
    room.must("a", "answer", offer=1, accept=True)
    assert room.room.play.bound


def test_nobody_offers_what_the_other_side_cannot_do():
    room = quick()
    row = {"by": "large-ally:CA", **RATE}
    assert "does not move" in room.told("a", "offer", to="large-ally:CA", terms=[row])
    assert room.told("a", "offer", to="large-ally:CA", terms=[{"by": "diplomacy", "promise": "x"}])
    assert room.told("a", "offer", to="large-ally:CA", terms=[])
    assert room.told("a", "offer", to="observer", terms=[{"by": "acquisition", "promise": "x"}])


def test_undo_goes_back_to_a_plan_and_forgets_no_word():
    room = quick().must("a", "set", **RATE).must("a", "note", text="remember").turn()
    first = room.room.starts[0].game
    room.must("a", "set", **ASK).turn()
    assert "There is no turn" in room.told("w", "undo", turn=3, why="x")
    room.must("w", "undo", turn=1, why="the room agreed")
    assert room.room.game == first
    assert room.room.phase == "plan"
    assert [s.lever for s in room.room.draft("acquisition").settings] == ["dpas-rating"]
    assert len(room.room.notes) == 1
    assert room.room.log[-1].body["why"] == "the room agreed"
    room.turn()
    assert len(room.room.game.turns) == 1


def test_what_was_agreed_or_ruled_for_an_undone_turn_is_open_again():
    room = quick().turn()
    terms = [{"by": "acquisition", **RATE}, {"by": "large-ally:CA", "promise": "we open our plant"}]
    room.must("c", "offer", to="acquisition", terms=terms)
    room.must("a", "answer", offer=1, accept=True)
    room.must("a", "move", text="something new")
    room.must("w", "rule", move=1, text="nothing comes of it", effects=[]).turn()
    room.must("w", "undo", turn=2, why="x")
    assert room.room.offers[0].state == "accepted"  # for the turn that is planned again
    assert room.room.play.bound
    room.must("w", "undo", turn=1, why="x")
    assert room.room.offers[0].state == "open"
    assert not room.room.promises
    assert not room.room.moves[0].ruling
    assert not room.room.play.bound


def test_what_was_told_of_undone_turns_is_not_told_any_more():
    room = quick()

    def tell(title):
        room.must("w", "inject", to=["all"], title=title, text="so it is said")

    def heard():
        return [row["title"] for row in sight(room.room, "acquisition")["told"]]

    tell("as turn 1 is planned")
    room.must("w", "next").must("w", "next")
    tell("once turn 1 is resolved")
    room.must("w", "next").must("w", "next")
    tell("as turn 2 is planned")
    room.turn()
    assert len(heard()) == 3
    room.must("w", "undo", turn=2, why="x")
    assert len(heard()) == 3  # all of it belongs to the plan of turn 2
    room.must("w", "undo", turn=1, why="x")
    assert heard() == ["as turn 1 is planned"]


def test_what_is_agreed_and_no_longer_possible_never_blocks_the_room(monkeypatch):

    room = quick().must("c", "offer", to="acquisition", terms=[{"by": "acquisition", **RATE}])
    room.must("a", "answer", offer=1, accept=True)

    def never(*_):
        raise turns.RefusedError("not any more")

    monkeypatch.setattr(turns, "setting", never)
    room.turn()
    assert not room.room.play.turns[0].settings


def test_a_step_may_come_later_in_the_turn():
    room = gap().told("e", "order", what="step", target="protest", amount=3) and gap()
    room.must("e", "order", what="step", target="protest", amount=2).turn()
    model = play(room.room.game)
    assert [d.month for d in model.decisions if d.kind == "adversary" and "chosen" in d.why] == [2]


def test_of_two_seats_with_one_lever_the_first_has_the_word_and_the_other_is_told():
    room = quick()
    one = {"lever": "america-first-weights", "target": "base", "value": "on"}
    room.must("c", "offer", to="diplomacy", terms=[{"by": "diplomacy", **one, "value": "off"}])
    room.must("s", "set", **one).must("s", "answer", offer=1, accept=True).turn()

    (turn,) = sight(room.room, "diplomacy")["results"]
    assert [row["value"] for row in turn["counted"]] == ["off"]
    assert [row["value"] for row in turn["set_aside"]] == ["on"]
    assert sight(room.room, "acquisition")["results"][0]["set_aside"] == []


def test_what_a_seat_gives_leaves_its_own_stock():
    def played(given):
        room = Table(GAP, (("n", "large-ally:NO"),)).must("n", "submit").turn()
        if given:
            room.must("n", "order", what="give", target="us-nsm", amount=0.5, why="take them")
        room.must("n", "submit").turn()
        return play(room.room.game)

    free, gave = played(False), played(True)
    told = [d for d in gave.decisions if d.kind == "gift" and d.why == "take them"]
    assert [(d.who, d.target) for d in told] == [("NO", "us-nsm")]
    assert told[0].amount > 0
    assert not [d for d in free.decisions if d.kind == "gift" and d.who == "NO"]
    i = gave.world.names.programs.index("no-nsm")
    assert gave.record.series("stock")[3, i] < free.record.series("stock")[3, i]


def test_a_rung_is_chosen_by_the_seat_and_the_white_cell_may_strike_it():
    for struck in (False, True):
        room = gap().must("e", "order", what="step", target="protest", why="now").must("w", "next")
        if struck:
            room.must("w", "veto", step="protest", why="too soon")
        room.must("w", "next")
        model = play(room.room.game)
        taken = [d for d in model.decisions if d.kind == "adversary" and d.why.startswith("dipl")]
        assert len(taken) == (not struck)
        assert any("vetoed: too soon" in d.why for d in model.decisions) == struck


def test_a_veto_that_can_strike_nothing_is_refused_and_says_why_once():
    assert quick().told("w", "veto", why="no") == "the scenario has no challenger that acts"
    room = gap(months=12)
    while room.room.game.left:
        room.turn()
    assert room.told("w", "veto", why="no") == "The game is over."


def test_an_override_is_part_of_the_turn_that_is_told():
    room = gap()
    for _ in range(2):
        room.must("w", "next")
    room.must("w", "override", what="stock", target="us-tomahawk", amount=777.0, why="a recount")
    model = play(room.room.game)
    i = model.world.names.programs.index("us-tomahawk")
    assert model.record.series("stock")[-1, i] == 777.0
    told = next(d for d in model.decisions if d.kind == "override")
    assert "-> 777 units: a recount" in told.why
    assert "name of w" in told.who
    row = {"what": "stock", "target": "us-tomahawk", "amount": 1.0}
    assert "'why'" in room.told("w", "override", **row, why=" ")
    assert "allowed" in room.told("w", "override", **{**row, "amount": -1.0}, why="x")
    assert "allowed" in room.told("w", "override", **{**row, "target": "nothing"}, why="x")


def test_a_move_in_words_becomes_quantities_with_size_and_delay():
    room = gap().must("u", "move", text="We open our licences to everybody")
    effect = {"what": "licence_time", "how": "scale", "target": "US", "amount": 0.5, "months": 12,
              "delay": 2}  # fmt: skip
    room.must("w", "rule", move=1, text="licences in half the time, in two months",
              effects=[effect])  # fmt: skip
    assert "no such move" in room.told("w", "rule", move=1, text="again", effects=[])
    room.turn()
    world = play(room.room.game).world
    trouble = next(t for t in world.troubles if t.kind.startswith("term:"))
    assert (trouble.since, trouble.severity, trouble.months) == (2, 0.5, 12)
    assert room.room.moves[0].ruling


def test_the_events_list_is_fired_put_off_and_skipped():
    room = gap()
    room.must("w", "event", do="fire", event="walkout")
    room.must("w", "event", do="skip", event="booster-fire", why="we have had one")
    assert "Say why" in room.told("w", "event", do="delay", event="sunset", months=2)
    room.must("w", "event", do="delay", event="seeker-outage", months=3, why="too much at once")
    room.turn().turn().turn()
    agenda = play(room.room.game).world.agenda
    assert agenda.fired["walkout"] == 0
    assert "booster-fire" not in agenda.fired
    assert agenda.fired["seeker-outage"] == 7


def test_empty_seats_play_by_their_rules_bit_for_bit():

    room = Table(GAP).turn()
    assert not room.room.game.interventions
    alone = Game(scenario(GAP), 5).after((), 3)
    assert fingerprint(play(room.room.game)) == fingerprint(play(alone))


def test_a_seat_takes_its_rules_over_and_gives_them_back():
    room = gap()
    room.must("u", "submit").turn()
    assert ("UA", "give") in play(room.room.game).world.seated
    room.must("w", "stand-in", seat=FRONT, on=True).turn()
    assert not [who for who, _ in play(room.room.game).world.seated if who == "UA"]
    room.must("w", "remove", member="u")
    room.turn()
    assert ("UA", "give") not in play(room.room.game).world.seated


words = st.text(string.printable, max_size=30) | st.sampled_from(["dpas-rating", "us-155-charges"])
values = st.none() | st.booleans() | st.integers() | st.floats() | words
bodies = st.dictionaries(
    st.sampled_from(["lever", "target", "value", "text", "to", "terms", "seat", "number", "turn",
                     "why", "do", "event", "offer", "accept", "kind", "key", "what", "effects"]),
    values | st.lists(values, max_size=3) | st.dictionaries(words, values, max_size=3),
    max_size=6,
)  # fmt: skip
people = st.sampled_from(["w", "a", "s", "i", "c", SYSTEM])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(people, st.sampled_from(sorted(KINDS)), bodies), max_size=12))
def test_whatever_is_sent_is_accepted_into_a_sound_room_or_refused_in_words(sent):
    room = quick()
    for who, kind, body in sent:
        before = room.room
        if who not in before.members and who != SYSTEM:
            continue
        if room.send(who, kind, body=body):
            assert len(room.room.log) == len(before.log) + 1
            json.dumps(dict(room.room.log[-1].body), allow_nan=False)
        else:
            assert room.room is before
            assert room.refused.why
        assert room.room.phase in PHASES


def test_what_the_white_cell_has_planned_is_taken_back_until_the_turn_is_resolved():
    t = gap()
    t.must("w", "event", do="fire", event="booster-fire")
    t.must("w", "event", do="skip", event="norway-first", why="too much")
    t.must("w", "cancel", number=1, kind="fire", target="booster-fire")
    assert [one.kind for one in t.room.play.pending] == ["skip"]
    t.must("w", "next").must("w", "cancel", number=1)
    assert t.room.play.pending == ()
    t.must("w", "next")
    assert not [d for d in play(t.room.game).decisions if d.target == "norway-first"]


def test_an_act_is_not_taken_back_in_the_place_of_another():
    t = gap()
    t.must("w", "event", do="fire", event="booster-fire")
    t.must("w", "event", do="skip", event="norway-first", why="too much")
    t.must("w", "cancel", number=1, kind="fire", target="booster-fire")
    told = t.told("w", "cancel", number=1, kind="fire", target="booster-fire")
    assert "The list has changed" in told
    assert "no such act" in t.told("w", "cancel", number=2)
    assert len(t.room.play.pending) == 1
