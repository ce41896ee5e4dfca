"""Rooms on disk: an act is kept before it counts, a killed server loses and doubles nothing."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mobilize.game.game import Game
from mobilize.rooms.codes import (
    EVERYBODY,
    JOINS,
    LETTERS,
    LONG,
    WRONG,
    Attempts,
    new_code,
    new_token,
    read_code,
)
from mobilize.rooms.hall import Hall
from mobilize.rooms.room import Refusal, RoomError
from mobilize.rooms.store import RoomStore, hashed
from tests.rooms.common import QUICK, US, WHITE, scenario

PLAYER = """
import sys
from pathlib import Path
from mobilize.rooms.hall import Hall
from mobilize.rooms.store import RoomStore, hashed
hall = Hall(RoomStore(Path(sys.argv[1])))
token, key = sys.argv[2], sys.argv[3]
member = hall.who(token)[1]
print("ready", flush=True)
while True:
    n = hall.room(key).members[member].sequence + 1
    if hall.dispatch(token, "note" if n % 180 else "part",
                     {"text": f"note {n}"} if n % 180 else {"part": ""}, n) is None:
        print(n, flush=True)
    else:
        break
"""


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        self.now += 1.0
        return self.now


@pytest.fixture
def hall(tmp_path):
    hall = Hall(RoomStore(tmp_path / "rooms.db"), clock=Clock())
    yield hall
    hall.store.close()


def opened(hall, **parts):
    return hall.open(Game(scenario(QUICK), 5), **parts)


def test_a_seat_is_kept_by_its_token_and_by_nothing_else(hall):
    room = opened(hall)
    joined = hall.join(room.code, "Ann", US)
    assert hall.who(joined.token) == (room.id, joined.member)
    assert hall.dispatch(joined.token, "note", {"text": "hello"}, 1) is None
    for wrong in ("", joined.member, joined.token[:-1], hall.join(room.code, "Bo", US).member):
        assert hall.who(wrong) is None
        assert isinstance(hall.dispatch(wrong, "note", {"text": "x"}, 2), Refusal)


def test_the_white_cell_comes_in_by_its_own_code_alone(hall):
    room = opened(hall)
    assert isinstance(hall.join(room.code, "Eve", WHITE), Refusal)
    assert not isinstance(hall.join(room.staff, "Wanda", WHITE), Refusal)
    assert isinstance(hall.join(room.code, "wanda ", US), Refusal)  # the same name
    assert isinstance(hall.join(room.code, "Ann", "no-such-seat"), Refusal)


def test_a_new_hall_finds_every_room_as_it_was(hall):
    room = opened(hall)
    ann = hall.join(room.code, "Ann", US)
    rate = {"lever": "dpas-rating", "target": "us-155-charges", "value": "DX"}
    assert hall.dispatch(ann.token, "set", rate, 1) is None
    again = Hall(RoomStore(hall.store.path), clock=Clock())
    assert again.room(room.id).log == hall.room(room.id).log
    assert again.who(ann.token) == (room.id, ann.member)
    known = again.dispatch(ann.token, "set", rate, 1)  # the answer was lost: it is sent again
    assert known.known
    assert again.dispatch(ann.token, "unset", {k: rate[k] for k in ("lever", "target")}, 2) is None
    again.store.close()


def test_an_act_that_cannot_be_kept_has_not_happened(hall, monkeypatch):
    room = opened(hall)
    ann = hall.join(room.code, "Ann", US)
    before, heard = hall.room(room.id), []
    hall.watch(room.id, heard.append)

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(hall.store, "append", full)
        told = hall.dispatch(ann.token, "note", {"text": "x"}, 1)
        assert "disk is full" in told.why
    assert hall.room(room.id) is before
    assert not heard
    assert hall.dispatch(ann.token, "note", {"text": "x"}, 1) is None
    assert len(heard) == 1


def test_tokens_stand_on_disk_as_hashes_alone(hall):
    room = opened(hall)
    ann = hall.join(room.code, "Ann", US)
    hall.store.close()
    kept = b"".join(p.read_bytes() for p in hall.store.path.parent.iterdir())
    assert ann.member.encode() in kept
    assert ann.token.encode() not in kept


def test_codes_cannot_be_guessed_and_attempts_are_limited(hall):
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(len(code) == LONG and read_code(f" {code[:3].lower()}-{code[3:]}") == code
               for code in codes)  # fmt: skip
    assert len({new_token() for _ in range(100)}) == 100
    room = opened(hall)
    for n in range(200):
        told = hall.join(new_code(), "Eve", US, source="10.0.0.9")
        assert ("Too many" in told.why) == (n >= WRONG)
    assert "Too many" in hall.join(room.code, "Eve", US, source="10.0.0.9").why
    assert not isinstance(hall.join(room.code, "Ann", US, source="10.0.0.8"), Refusal)
    hall.clock.now += 3600
    assert not isinstance(hall.join(room.code, "Eve", US, source="10.0.0.9"), Refusal)


def test_a_class_behind_one_address_that_mistypes_is_let_in(hall):
    """A telephone's network gives everybody one address; a code read out wrong is one code."""
    room, wrong, source = opened(hall), new_code(), "10.0.0.9"
    for n in range(40):
        told = [hall.behind(wrong, source), hall.behind(wrong, source)]
        if n % 2:
            told.append(hall.behind(room.code[:-1] + LETTERS[n % len(LETTERS)] * 2, source))
        assert all(t.why == "No room has this code." for t in told)
        assert not isinstance(hall.join(room.code, f"pupil {n}", US, source), Refusal)


def test_people_who_join_without_end_do_not_fill_the_room(hall):
    hall.clock = lambda: 5000.0
    room = opened(hall)
    joined = [hall.join(room.code, f"p{n}", US, source="10.0.0.9") for n in range(110)]
    assert [isinstance(j, Refusal) for j in joined] == [n >= JOINS for n in range(110)]
    assert "wait 10 minutes" in joined[-1].why
    assert not isinstance(hall.join(room.code, "Ann", US, source="10.0.0.8"), Refusal)


def test_guesses_from_many_places_are_limited_and_never_keep_out_this_machine():
    attempts = Attempts()
    for n in range(EVERYBODY):
        assert not attempts.wait("a new place", 30.0)
        attempts.wrong(f"place {n}", float(n) / 100, f"code {n}")
    assert attempts.wait("a new place", 60.0) > 0
    assert attempts.wait("127.0.0.1", 60.0) == 0
    assert attempts.wait("a new place", 6000.0) == 0


def test_somebody_who_sends_without_end_is_slowed_down(hall):
    hall.clock = lambda: 5000.0
    room = opened(hall)
    ann = hall.join(room.code, "Ann", US)
    told = [hall.dispatch(ann.token, "note", {"text": "x"}, n) for n in range(1, 60)]
    assert told[0] is None
    assert "Too many" in told[-1].why
    assert len(hall.room(room.id).notes) < 60


def test_a_watcher_that_fails_keeps_nobody_from_hearing(hall):
    room = opened(hall)
    ann, heard = hall.join(room.code, "Ann", US), []

    def broken(_):
        raise RuntimeError

    hall.watch(room.id, broken)
    end = hall.watch(room.id, heard.append)
    assert hall.dispatch(ann.token, "note", {"text": "x"}, 1) is None
    end()
    assert hall.dispatch(ann.token, "note", {"text": "y"}, 2) is None
    assert len(heard) == 1


def test_people_who_act_at_once_are_taken_one_after_the_other(hall):
    room = opened(hall)
    people = [hall.join(room.code, f"p{n}", US) for n in range(6)]

    def play(joined):
        for n in range(1, 11):
            assert hall.dispatch(joined.token, "note", {"text": f"{joined.member} {n}"}, n) is None

    threads = [threading.Thread(target=play, args=(p,)) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = hall.room(room.id).log
    assert [e.number for e in log] == list(range(1, len(log) + 1))
    assert [json.loads(t)["number"] for _, t in hall.store.acts(room.id)] == [e.number for e in log]
    assert len(hall.room(room.id).notes) == 60


def test_the_clock_moves_a_room_on(hall):
    room = opened(hall, minutes=1.0, auto=True)
    white = hall.join(room.staff, "Wanda", WHITE)
    assert hall.dispatch(white.token, "timer", {"do": "start"}, 1) is None
    hall.tick()
    assert hall.room(room.id).phase == "plan"
    hall.clock.now += 61
    hall.tick()
    assert hall.room(room.id).phase == "lock"


def test_a_room_that_is_damaged_on_disk_is_told(hall):
    room = opened(hall)
    hall.join(room.code, "Ann", US)
    with sqlite3.connect(hall.store.path) as db:
        db.execute("UPDATE acts SET text = replace(text, 'acquisition', 'nowhere')")
    again = Hall(RoomStore(hall.store.path))
    with pytest.raises(RoomError, match=r"act 1 \(join\)"):
        again.room(room.id)
    assert "cannot be opened" in again.join(room.code, "Bo", US).why
    again.store.close()


ODD = [
    None,
    5,
    True,
    "",
    "x" * 10**5,
    "\ud800",
    b"x",
    [],
    {},
    [["a"]],
    {"a": {"b": 1}},
    1e308,
    10**5000,
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_whatever_a_browser_sends_is_refused_in_words(hall, odd):
    room = opened(hall)
    ann = hall.join(room.code, "Ann", US)
    before = hall.room(room.id)
    tries = [
        hall.join(odd, "Eve", US),
        hall.join(room.code, odd, US),
        hall.join(room.code, "Eve", odd),
        hall.dispatch(odd, "note", {"text": "x"}, 1),
        hall.dispatch(ann.token, odd, {"text": "x"}, 1),
        hall.dispatch(ann.token, "note", odd, 1),
        hall.dispatch(ann.token, "note", {"text": odd}, 1),
        hall.dispatch(ann.token, "set", {"lever": "dpas-rating", "value": odd}, 1),
        hall.dispatch(ann.token, "note", {"text": "x"}, odd if odd is not True else 2),
    ]
    assert all(isinstance(told, Refusal) and told.why for told in tries)
    assert hall.room(room.id) is before


def test_who_watches_does_nothing(hall):
    room = opened(hall)
    watcher = hall.join(room.code, "Wall", "projector")
    for kind, body in (("note", {"text": "x"}), ("say", {"to": [US], "text": "x"}), ("next", {})):
        assert "Projector cannot" in hall.dispatch(watcher.token, kind, body, 1).why


def test_a_forgotten_room_is_gone_with_its_tokens(hall):
    room = opened(hall)
    ann = hall.join(room.code, "Ann", US)
    hall.forget(room.id)
    assert not hall.store.rooms()
    assert hall.store.holder(hashed(ann.token)) is None
    with pytest.raises(RoomError):
        hall.room(room.id)


def test_an_act_that_waits_while_a_room_is_thrown_away_leaves_nothing(hall, monkeypatch):
    room = opened(hall)
    ann = hall.join(room.code, "Ann", US)
    monkeypatch.setattr(hall, "_too_fast", lambda live, member: hall.forget(room.id))
    assert "no such room" in hall.dispatch(ann.token, "note", {"text": "hello"}, 1).why
    assert hall.store.acts(room.id) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes in another way")
def test_a_server_killed_at_any_moment_loses_and_doubles_no_act(tmp_path):
    path = tmp_path / "rooms.db"
    store = RoomStore(path)
    hall = Hall(store)
    room = opened(hall)
    ann = hall.join(room.code, "Ann", US)
    acknowledged, luck = [], random.Random(4)
    for _ in range(4):
        done = run_and_kill(path, ann.token, room.id, luck.randint(1, 12))
        acknowledged += done
        again = Hall(RoomStore(path))
        now = again.room(room.id)
        mine = [e.sequence for e in now.log if e.who == ann.member]
        assert mine == list(range(1, len(mine) + 1)), "an act is lost or stands twice"
        assert acknowledged == sorted(set(acknowledged))
        assert len(acknowledged) <= len(mine)
        assert set(acknowledged) <= set(mine), "an act that was acknowledged is lost"
        again.store.close()
    store.close()


def run_and_kill(path, token, key, after):
    """Let another process act until it has acknowledged some; kill it at once; return which."""
    root = Path(__file__).parents[2]
    server = subprocess.Popen([sys.executable, "-c", PLAYER, str(path), token, key],
                              stdout=subprocess.PIPE, text=True, cwd=root,
                              env={**os.environ, "PYTHONPATH": str(root)})  # fmt: skip
    assert server.stdout.readline() == "ready\n"
    done = [int(server.stdout.readline()) for _ in range(after)]
    os.kill(server.pid, signal.SIGKILL)
    rest, _ = server.communicate()
    return done + [int(line) for line in rest.splitlines() if line.strip().isdigit()]
