"""A session as a file plays again exactly; without one decision the difference shows."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilize.cli import main
from mobilize.game.file import read_game
from mobilize.game.game import fingerprint, play
from mobilize.rooms.decided import decided, difference
from mobilize.rooms.file import read_room, write_room
from mobilize.rooms.room import RoomError
from mobilize.rooms.tables import files, session_zip, tables
from tests.rooms.common import ALLY, QUICK, US, Table, gap, quick


def session():
    room = gap()
    room.must("a", "set", lever="dpas-rating", target="us-nsm", value="DX")
    room.must("u", "offer", to=US, terms=[{"by": US, "lever": "dpas-rating",
              "target": "us-pac3-mse", "value": "DX"}])  # fmt: skip
    room.must("a", "answer", offer=1, accept=True)
    room.must("a", "predict", kind="delivered", key="pac3-mse", value=3.0, text="=1+1")
    room.must("a", "say", to=["front-line:UA"], text='line one\nline "two", with a comma')
    room.must("e", "order", what="step", target="protest", why="now").turn()
    room.must("w", "inject", to=["all"], title="A fire", text="At Elkton", effects=[
        {"what": "explosion", "target": "booster-elkton", "amount": 0.5}])  # fmt: skip
    for _ in range(3):
        room.must("w", "next")
    room.must("w", "override", what="stock", target="us-tomahawk", amount=900.0, why="a recount")
    room.must("w", "next")
    room.must("w", "undo", turn=2, why="once more").turn()
    return room.room


def test_a_session_file_plays_again_to_the_same_room_and_bytes():
    room = session()
    text = write_room(room)
    again = read_room(text, "session.json")
    assert again.room.log == room.log
    assert again.room.game.identity == room.game.identity
    assert fingerprint(play(again.room.game)) == again.result == fingerprint(play(room.game))
    assert write_room(again.room) == text


def test_the_game_of_a_session_plays_again_without_the_room():
    room = session()
    kept = read_game(files(room)["game.json"], "game.json")
    assert fingerprint(play(kept.game)) == kept.result == fingerprint(play(room.game))


def test_the_command_replay_plays_a_session_and_its_game(tmp_path, capsys):
    room = session()
    for name in ("session.json", "game.json"):
        path = tmp_path / name
        path.write_text(files(room)[name], encoding="utf-8")
        assert main(["replay", str(path)]) == 0
        told = capsys.readouterr().out
        assert "exactly as it was played" in told
        assert "step" in told
    content = json.loads(files(room)["session.json"])
    content["acts"][5]["body"] = {}
    path.write_text(json.dumps(content), encoding="utf-8")
    assert main(["replay", str(path)]) == 2
    assert "is not accepted here" in capsys.readouterr().err
    assert session_zip(room) == session_zip(room)


@pytest.mark.parametrize("key", ["seed", "acts", "scenario_sha256", "seats", "months"])
def test_a_file_that_is_not_whole_is_refused(key):
    content = json.loads(write_room(quick().room))
    del content[key]
    with pytest.raises(RoomError, match=key):
        read_room(json.dumps(content), "session.json")


def test_an_act_that_was_changed_is_refused_by_its_number():
    room = quick().must("a", "set", lever="dpas-rating", target="us-155-charges", value="DO")
    content = json.loads(write_room(room.room))
    content["acts"][-1]["body"]["lever"] = "usml-to-ccl"
    with pytest.raises(RoomError, match=r"act 6 \(set\) is not accepted"):
        read_room(json.dumps(content), "session.json")
    for wrong in (None, 5, {"number": 1}):
        content["acts"][-1] = wrong
        with pytest.raises(RoomError):
            read_room(json.dumps(content), "session.json")


def test_tables_tell_turn_and_role_of_everything():
    room = session()
    found = files(room)
    rows = {name: list(csv.DictReader(io.StringIO(text))) for name, text in found.items()
            if name.endswith(".csv")}  # fmt: skip
    assert {r["seat"] for r in rows["moves.csv"] if r["kind"] == "lever"} == {US}
    assert {r["what"] for r in rows["moves.csv"] if r["state"] == "counted"} >= {"dpas-rating"}
    assert rows["messages.csv"][0]["text"] == 'line one\nline "two", with a comma'
    assert rows["offers.csv"][0]["state"] == "accepted"
    assert rows["predictions.csv"][0]["why"] == "'=1+1"  # no spreadsheet computes it
    assert float(rows["predictions.csv"][0]["came"]) > 0
    assert len(rows["acts.csv"]) == len(room.log)
    assert all(r["turn"] and r["role"] for r in rows["acts.csv"])
    assert not rows["overrides.csv"]  # the turn it belonged to was undone
    assert "recount" in found["acts.csv"]


def test_an_agreement_is_told_with_its_size_even_none_and_the_turn_it_counts_for():
    room = gap().turn()
    terms = [{"by": ALLY, "act": "honour requests", "target": "JP", "amount": 0}]
    for number, accept in ((1, True), (2, False)):
        room.must("a", "offer", to=ALLY, terms=terms)
        room.must("j", "answer", offer=number, accept=accept)
    found = list(csv.DictReader(io.StringIO(tables(room.room)["offers.csv"])))
    assert [row["turn"] for row in found] == ["2", ""]
    assert found[0]["terms"] == "large-ally:JP honour requests 0 at JP"


def test_an_override_is_told_with_old_and_new_value_who_and_why():
    room = gap()
    for _ in range(2):
        room.must("w", "next")
    room.must("w", "override", what="stock", target="us-tomahawk", amount=900.0, why="a recount")
    (row,) = csv.DictReader(io.StringIO(files(room.room)["overrides.csv"]))
    assert (row["turn"], row["new"], row["why"]) == ("1", "900", "a recount")
    assert float(row["old"]) > 900
    assert row["who"].endswith("name of w")


def test_without_one_decision_the_difference_shows():
    room = Table(QUICK, (("a", US),))
    room.must("a", "set", lever="appropriate", target="us-155-charges", value=400.0)
    room.turn()
    for _ in range(6):
        room.turn()
    (one,) = decided(room.room)
    assert (one.seat, one.turn) == (US, 1)
    found = {d.figure.key: d for d in difference(room.room, one)}
    assert found
    assert any(d.played != d.without for d in found.values())


def test_without_an_inject_the_game_is_as_if_nobody_wrote_it():
    room = gap()
    plain = gap().turn()
    room.must("w", "inject", to=["all"], title="A fire", text="At Elkton", effects=[
        {"what": "explosion", "target": "booster-elkton", "amount": 1.0}]).turn()  # fmt: skip
    (one,) = decided(room.room)
    assert one.what.kind == "befall"
    from mobilize.rooms.decided import without

    assert fingerprint(play(without(room.room.game, one))) == fingerprint(play(plain.room.game))


RATES = st.sampled_from(["us-155-charges", "us-155-projectiles", "us-155-fuzes"])
SENT = st.one_of(
    st.builds(lambda t, v: ("a", "set", {"lever": "dpas-rating", "target": t, "value": v}), RATES,
              st.sampled_from(["DX", "DO", "off"])),
    st.builds(lambda t, v: ("a", "set", {"lever": "appropriate", "target": t, "value": v}), RATES,
              st.floats(0, 900)),
    st.builds(lambda t: ("a", "note", {"text": t}), st.text(min_size=1, max_size=9)),
    st.builds(lambda y: ("c", "answer", {"offer": 1, "accept": y}), st.booleans()),
    st.just(("a", "offer", {"to": "large-ally:CA", "terms": [{"by": "acquisition", "lever":
             "end-item-reserve", "target": "us-155-fuzes", "value": 2.0}]})),
    st.builds(lambda f: ("w", "inject", {"to": ["all"], "title": "x", "text": "y", "effects": [
              {"what": "hire_limit", "how": "scale", "target": "US", "amount": f}]}),
              st.floats(0.5, 2)),
    st.builds(lambda t, f: ("w", "override", {"what": "stock", "target": t, "amount": f,
              "why": "x"}), RATES, st.floats(0, 1e5)),
    st.builds(lambda n: ("w", "undo", {"turn": n, "why": "x"}), st.integers(1, 4)),
    st.just(("i", "submit", {})),
    *[st.just(("w", "next", {}))] * 4,
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(SENT, max_size=40))
def test_every_session_plays_again_from_its_file(sent):
    room = quick()
    for who, kind, body in sent:
        room.send(who, kind, body=body)
    text = write_room(room.room)
    again = read_room(text, "session.json")
    assert again.room.log == room.room.log
    assert again.room.game.identity == room.room.game.identity
    assert again.room.offers == room.room.offers
    assert fingerprint(play(again.room.game)) == again.result
    assert write_room(again.room) == text
