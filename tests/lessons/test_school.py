"""Classes on disk: an act is kept before it counts, a killed server loses and doubles nothing."""

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

from mobilize.lessons.classroom.file import write_class
from mobilize.lessons.classroom.progress import marks
from mobilize.lessons.classroom.school import School
from mobilize.lessons.classroom.value import INSTRUCTOR, ClassroomError
from mobilize.rooms.codes import LETTERS, WRONG
from mobilize.rooms.room import Refusal, RoomError
from mobilize.rooms.store import RoomStore
from tests.lessons.common import lesson

STUDENT = """
import sys
from pathlib import Path
from mobilize.lessons.classroom.school import School
from mobilize.rooms.store import RoomStore
school = School(RoomStore(Path(sys.argv[1])))
token, key = sys.argv[2], sys.argv[3]
member = school.who(token)[1]
print("ready", flush=True)
while True:
    n = school.value(key).members[member].sequence + 1
    body = {"question": "gain", "answer": n}
    if school.dispatch(token, "answer", body, n) is None:
        print(n, flush=True)
"""


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        self.now += 1.0
        return self.now


@pytest.fixture
def school(tmp_path):
    school = School(RoomStore(tmp_path / "classes.db"), clock=Clock())
    yield school
    school.store.close()


def begun(school, teams=("Red", "Blue")):
    """Open a class, let an instructor and Ann in, and go to the predictions."""
    opened = school.open(lesson(), teams=teams)
    boss = school.join(opened.staff, "Ida", INSTRUCTOR)
    ann = school.join(opened.code, "Ann", "Red")
    for n, act in enumerate(("begin", "next"), 1):
        assert school.dispatch(boss.token, act, {}, n) is None
    return opened, boss, ann


def test_people_come_in_by_code_and_back_by_token_and_the_instructor_by_a_code_of_its_own(school):
    opened, boss, ann = begun(school)
    assert school.who(ann.token) == (opened.id, ann.member)
    assert school.who(ann.token[:-1]) is None
    assert "code of its own" in school.join(opened.code, "Eve", INSTRUCTOR).why
    assert "No class" in school.join("BBBBBBB", "Eve", "Red").why
    assert "another name" in school.join(opened.code, "ann", "Blue").why
    assert list(school.behind(opened.code).teams) == ["Red", "Blue"]
    assert school.is_staff(opened.staff)
    assert not school.is_staff(opened.code)
    remove = {"member": ann.member}
    assert school.dispatch(boss.token, "remove", remove, 3) is None
    assert school.who(ann.token) is None


def test_wrong_codes_are_limited(school):
    opened = school.open(lesson(), teams=2)
    for n in range(WRONG + 1):
        code = "BCDF" + LETTERS[n % 28] + LETTERS[n // 28] + "J"
        told = school.join(code, "Eve", "Team 1", source="10.0.0.9")
    assert "Too many" in told.why
    assert "Too many" in school.join(opened.code, "Eve", "Team 1", source="10.0.0.9").why
    assert not isinstance(school.join(opened.code, "Ann", "Team 1", source="10.0.0.8"), Refusal)


def test_a_new_server_finds_every_class_as_it_was(school):
    opened, _, ann = begun(school)
    assert school.dispatch(ann.token, "answer", {"question": "sum", "answer": "leaves"}, 1) is None
    again = School(RoomStore(school.store.path))
    assert again.value(opened.id).log == school.value(opened.id).log
    assert again.who(ann.token) == (opened.id, ann.member)
    known = again.dispatch(ann.token, "answer", {"question": "sum", "answer": "leaves"}, 1)
    assert known.known
    again.store.close()


def test_several_classes_are_open_at_once_and_know_nothing_of_each_other(school):
    one, _, ann = begun(school)
    two, _, bob = begun(school)
    assert one.code != two.code
    school.dispatch(ann.token, "answer", {"question": "sum", "answer": "leaves"}, 1)
    assert not school.value(two.id).answers
    assert school.who(bob.token)[0] == two.id
    assert [row.id for row in school.rows()] == [two.id, one.id]
    school.forget(one.id)
    assert [row.id for row in school.rows()] == [two.id]
    with pytest.raises(RoomError, match="no such class"):
        school.value(one.id)


def test_next_term_a_class_is_copied_in_one_call_with_nobody_in_it(school):
    old, _, ann = begun(school, ("Red", "Blue", "Green"))
    school.dispatch(ann.token, "answer", {"question": "sum", "answer": "leaves"}, 1)
    new = school.copy(old.id, "Autumn term")
    room, before = school.value(new.id), school.value(old.id)
    assert len({old.code, new.code, old.staff, new.staff}) == 4
    assert (room.lesson.digest, room.lesson.seed) == (before.lesson.digest, before.lesson.seed)
    assert list(room.teams) == list(before.teams)
    assert room.title == "Autumn term"
    assert (room.members, room.answers, room.log) == ({}, {}, ())
    assert school.value(school.copy(old.id).id).title == before.title


def test_who_leads_a_class_leads_those_opened_or_copied_from_it_and_no_other(school):
    mine, hers = (school.open(lesson(), teams=2) for _ in range(2))
    beside = school.open(lesson(), mine.id, teams=3)
    copied = school.copy(beside.id, "Autumn")
    family = [copied.id, beside.id, mine.id]
    for one in family:
        assert [row.id for row in school.led_with(one)] == family
    assert [row.id for row in school.led_with(hers.id)] == [hers.id]
    assert [row.id for row in school.led_with(hers.id, [mine.id])] == [hers.id, mine.id]
    school.forget(mine.id)
    assert [row.id for row in school.led_with(copied.id)] == family[:2]
    assert "beside" not in json.loads(write_class(school.value(copied.id)))


def test_a_class_of_a_lesson_that_is_not_here_or_another_version_is_told(school):
    opened, *_ = begun(school)
    with sqlite3.connect(school.store.path) as db:
        db.execute("UPDATE rooms SET header = replace(header, '\"priority\"', '\"gone\"')")
    again = School(RoomStore(school.store.path))
    with pytest.raises(ClassroomError, match="not among those here"):
        again.value(opened.id)
    assert "cannot be opened" in again.join(opened.code, "Bo", "Red").why
    again.store.close()


def test_an_act_that_cannot_be_kept_has_not_happened(school, monkeypatch):
    opened, _, ann = begun(school)
    before, heard = school.value(opened.id), []
    school.watch(opened.id, heard.append)
    body = {"question": "sum", "answer": "leaves"}

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(school.store, "append", full)
        told = school.dispatch(ann.token, "answer", body, 1)
        assert "disk is full" in told.why
        assert "instructor" in told.why
    assert school.value(opened.id) is before
    assert not heard
    assert school.dispatch(ann.token, "answer", body, 1) is None
    assert heard == [school.value(opened.id)]


def test_people_who_act_at_once_are_taken_one_after_the_other(school):
    opened, *_ = begun(school, (*(f"T{n}" for n in range(6)), "Red"))
    people = [school.join(opened.code, f"p{n}", f"T{n}") for n in range(6)]

    def play(joined):
        for n in range(1, 11):
            body = {"question": "gain", "answer": n}
            assert school.dispatch(joined.token, "answer", body, n) is None

    threads = [threading.Thread(target=play, args=(p,)) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    room = school.value(opened.id)
    assert [entry.number for entry in room.log] == list(range(1, len(room.log) + 1))
    assert [room.answers[f"T{n}", "gain"].answer for n in range(6)] == [10] * 6


def test_a_class_of_sixty_is_taught_and_marked(school):
    teams = tuple(f"T{n}" for n in range(15))
    opened, *_ = begun(school, (*teams, "Red"))
    school.clock = lambda: 5000.0
    for n in range(60):
        one = school.join(opened.code, f"student {n}", teams[n % 15])
        body = {"question": "sum", "answer": "leaves" if n % 2 else "raises"}
        assert school.dispatch(one.token, "answer", body, 1) is None
    found = marks(school.value(opened.id))
    assert len(found.teams) == 16
    assert len({team.total for team in found.teams}) == 2


ODD = [None, 5, True, "", "x" * 10**5, "\ud800", b"x", [], {}, [["a"]], {"a": {"b": 1}}, 10**5000]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_whatever_a_browser_sends_is_refused_in_words(school, odd):
    opened, boss, ann = begun(school)
    before = school.value(opened.id)
    tries = [
        school.join(odd, "Eve", "Red"),
        school.join(opened.code, odd, "Red"),
        school.join(opened.code, "Eve", odd),
        school.dispatch(odd, "answer", {"question": "sum", "answer": "leaves"}, 1),
        school.dispatch(ann.token, odd, {"question": "sum", "answer": "leaves"}, 1),
        school.dispatch(ann.token, "answer", odd, 1),
        school.dispatch(ann.token, "answer", {"question": odd, "answer": "leaves"}, 1),
        school.dispatch(ann.token, "answer", {"question": "sum", "answer": odd}, 1),
        school.dispatch(ann.token, "answer", {"question": "place", "answer": [odd]}, 1),
        school.dispatch(boss.token, "move", {"member": odd, "team": "Red", "part": ""}, 3),
        school.dispatch(boss.token, "reveal", {"step": odd if odd is not None else 5}, 3),
    ]
    assert all(isinstance(told, Refusal) and told.why for told in tries)
    assert school.value(opened.id) is before


@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes in another way")
def test_a_server_killed_at_any_moment_loses_and_doubles_no_act(tmp_path):
    path = tmp_path / "classes.db"
    store = RoomStore(path)
    opened, _, ann = begun(School(store))
    acknowledged, luck = [], random.Random(4)
    for _ in range(3):
        acknowledged += run_and_kill(path, ann.token, opened.id, luck.randint(1, 12))
        again = School(RoomStore(path))
        room = again.value(opened.id)
        mine = [e.sequence for e in room.log if e.who == ann.member]
        assert mine == list(range(1, len(mine) + 1)), "an act is lost or stands twice"
        assert set(acknowledged) <= set(mine), "an act that was acknowledged is lost"
        assert room.answers["Red", "gain"].answer == mine[-1]
        again.store.close()
    store.close()


def run_and_kill(path, token, key, after):
    """Let another process answer until it has acknowledged some; kill it; return which."""
    root = Path(__file__).parents[2]
    server = subprocess.Popen([sys.executable, "-c", STUDENT, str(path), token, key],
                              stdout=subprocess.PIPE, text=True, cwd=root,
                              env={**os.environ, "PYTHONPATH": str(root)})  # fmt: skip
    assert server.stdout.readline() == "ready\n"
    done = [int(server.stdout.readline()) for _ in range(after)]
    os.kill(server.pid, signal.SIGKILL)
    rest, _ = server.communicate()
    return done + [int(line) for line in rest.splitlines() if line.strip().isdigit()]
