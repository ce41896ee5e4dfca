"""Warm processes: the same bytes as here, nothing from what was stopped, and they may die."""

import os
import signal
import threading
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields

import pytest

from mobilize import workers as core
from mobilize.forecast import AHEAD, WORLDS, Future, foresee
from mobilize.game.game import play
from mobilize.workers import Workers
from tests.game.common import LEVERS, fresh, sample, turn

PATIENCE = 300  # seconds; only a hang takes so long


@pytest.fixture(scope="module")
def workers():
    found = Workers(2)
    yield found
    found.close()


class Told:
    """Where a forecast reports to."""

    def __init__(self):
        self.found, self.some = [], threading.Event()

    def __call__(self, found):
        self.found.append(found)
        self.some.set()

    def wait(self):
        assert self.some.wait(PATIENCE)
        return self.found[0]


def same(a, b):
    names = [field.name for field in fields(Future)][1:]
    return all(getattr(a, n).tobytes() == getattr(b, n).tobytes() for n in names)


def here(game, policy=None):
    return foresee(play(game), policy or game.policy(), range(WORLDS), AHEAD)


def add(a, b=0):
    return a + b


def fail():
    raise ValueError("as asked")


def test_a_forecast_is_the_same_bytes_in_a_process_as_here(workers):
    game, told = sample(), Told()
    policy = game.policy(turn(game, 1, LEVERS[0]).turns[-1].settings)
    workers.foresee(workers.slot(), game, policy, told)
    assert same(told.wait(), here(game, policy))


def test_a_forecast_that_was_superseded_never_reports(workers):
    slot, first, last = workers.slot(), [Told() for _ in range(6)], Told()
    games = [fresh(seed=n).after((), n) for n in range(1, 7)]
    for game, told in zip(games, first, strict=True):
        workers.foresee(slot, game, game.policy(), told)
    workers.foresee(slot, sample(), sample().policy(), last)
    assert same(last.wait(), here(sample()))
    workers.submit(add, 1).result(PATIENCE)
    assert [told.found for told in first] == [[]] * 6
    assert len(last.found) == 1


def test_a_forecast_that_was_stopped_never_reports(workers):
    slot, other, told, second = workers.slot(), workers.slot(), Told(), Told()
    workers.foresee(slot, fresh(), fresh().policy(), told)
    workers.stop(slot)
    workers.foresee(other, fresh(), fresh().policy(), second)
    second.wait()
    assert told.found == []


def kill_all(workers):
    for process in list((workers._pool._processes or {}).values()):
        os.kill(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("times", [1, 2])
def test_killed_processes_are_replaced_and_the_forecast_is_the_same(workers, times):
    game, told = fresh(seed=40 + times).after((), 5), Told()
    workers.submit(add, 1).result(PATIENCE)
    workers.foresee(workers.slot(), game, game.policy(), told)
    for _ in range(times):
        kill_all(workers)
        if not told.some.is_set():
            told.some.wait(0.2)
    assert same(told.wait(), here(game))
    assert len(told.found) == 1
    assert workers.submit(add, 2, b=3).result(PATIENCE) == 5


def test_a_process_killed_while_it_reads_what_is_newest_stops_nobody(workers):
    """What is newest is shared without a lock that a dead process could hold."""
    assert not hasattr(workers._latest, "get_lock")


def test_an_error_is_told_once(workers):
    told, game = Told(), fresh()
    workers.foresee(workers.slot(), game, "no policy", told)
    assert isinstance(told.wait(), AttributeError)
    workers.submit(add, 1).result(PATIENCE)
    assert len(told.found) == 1


def test_work_raises_where_it_is_waited_for_and_others_go_on(workers):
    with pytest.raises(ValueError, match="as asked"):
        workers.submit(fail).result(PATIENCE)
    assert workers.submit(add, 2).result(PATIENCE) == 2


def _die_once(path):
    """End this process like a kill, the first time; afterwards work."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return "done"
    os._exit(1)


def test_an_answer_is_worked_out_again_when_its_process_dies(workers, tmp_path):
    assert workers.answer(_die_once, tmp_path / "begun") == "done"


def test_an_answer_that_kills_every_process_is_told(workers):
    with pytest.raises(BrokenProcessPool):
        workers.answer(os._exit, 1)
    assert workers.answer(add, 2) == 2


def test_slots_are_given_back_and_run_out_with_a_word(monkeypatch):
    monkeypatch.setattr(core, "SLOTS", 2)
    few = Workers(1)
    first, second = few.slot(), few.slot()
    assert first != second
    with pytest.raises(RuntimeError, match="2 slots are in use; close a game"):
        few.slot()
    few.leave(second)
    assert few.slot() == second
    few.close()


def test_every_process_is_warmed(workers):
    pids = {promise.result(PATIENCE) for promise in workers.warm("artillery-2022")}
    assert pids
    assert os.getpid() not in pids


def hold(mark, release):
    """Say who works here, and work until a file appears."""
    mark.write_text(str(os.getpid()))
    while not release.exists():
        threading.Event().wait(0.02)


def pid_in(mark):
    """Return the process that has written its number to a file."""
    for _ in range(PATIENCE * 50):
        if mark.exists() and mark.read_text():
            return int(mark.read_text())
        threading.Event().wait(0.02)
    raise AssertionError(f"nobody works: {mark}")


def test_the_death_of_a_process_that_the_pool_did_not_see_start_is_noticed(tmp_path):
    """The second process starts after the pool has fallen asleep over the first one's work."""
    found, release = Workers(2), tmp_path / "release"
    try:
        first, second = tmp_path / "first", tmp_path / "second"
        found.submit(hold, first, release)
        assert pid_in(first)
        promise = found.submit(hold, second, release)
        os.kill(pid_in(second), signal.SIGKILL)
        assert isinstance(promise.exception(PATIENCE), BrokenProcessPool)
        assert found.submit(add, 1).result(PATIENCE) == 1
    finally:
        release.touch()
        found.close()
