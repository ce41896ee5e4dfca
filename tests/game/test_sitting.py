"""A game under somebody's hands: drafts, turns, undoing, watching; safe from any thread."""

import sqlite3
import threading

import pytest

from mobilize.forecast import foresee
from mobilize.game.file import read_game
from mobilize.game.game import fingerprint, play
from mobilize.game.sitting import NEWS, PATIENCE, KeepError, Sitting
from mobilize.game.store import Store
from policies.package import PackageError
from tests.game.common import LEVERS, fresh

LONG = 300  # seconds; only a hang takes so long


class Idle:
    """Workers that only note what they are asked for, and answer when the test says."""

    def __init__(self):
        self.asked, self.stopped, self.left = [], [], []
        self.slots = iter(range(1000))

    def slot(self):
        return next(self.slots)

    def foresee(self, slot, game, policy, told):
        self.asked.append((slot, game, policy, told))

    def stop(self, slot):
        self.stopped.append(slot)

    def leave(self, slot):
        self.left.append(slot)

    def answer(self, number, worlds=1):
        _, game, policy, told = self.asked[number]
        found = foresee(play(game), policy, range(worlds), 2)
        told(found)
        return found


@pytest.fixture
def workers():
    return Idle()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "games.sqlite")


@pytest.fixture
def sitting(workers, store):
    sitting = Sitting("key", fresh(), workers, store)
    sitting.keep()
    return sitting


def kept(store):
    return read_game(store.text("key"), "kept").game


def drafted(sitting):
    return [(s.lever, s.target, s.value) for s in sitting.view.draft]


def test_the_last_word_on_a_lever_is_the_draft(sitting):
    sitting.set(*LEVERS[1])
    sitting.set(*LEVERS[0])
    sitting.set("dpas-rating", "us-155-charges", "DX")
    assert drafted(sitting) == [LEVERS[0], ("dpas-rating", "us-155-charges", "DX")]
    sitting.unset("project-start", "marion-charges-plant")
    sitting.unset("project-start", "never set")
    assert drafted(sitting) == [("dpas-rating", "us-155-charges", "DX")]
    sitting.discard()
    assert drafted(sitting) == []


def test_what_cannot_be_set_leaves_the_draft_alone(sitting):
    sitting.set(*LEVERS[0])
    with pytest.raises(PackageError):
        sitting.set("dpas-rating", "us-155-charges", "XX")
    assert drafted(sitting) == [LEVERS[0]]


def test_advancing_decides_the_draft_and_undoing_restores_it(sitting, store):
    sitting.set(*LEVERS[0])
    sitting.set(*LEVERS[3])
    sitting.advance(3)
    assert (sitting.view.draft, sitting.view.game.month) == ((), 3)
    assert len(sitting.view.game.turns[0].settings) == 2
    assert kept(store).identity == sitting.view.game.identity
    sitting.undo()
    assert (drafted(sitting), sitting.view.game.turns) == ([LEVERS[0], LEVERS[3]], ())
    assert kept(store).turns == ()
    sitting.undo()
    assert drafted(sitting) == [LEVERS[0], LEVERS[3]]


def test_undone_and_played_again_is_the_same_game(sitting):
    sitting.set(*LEVERS[0])
    sitting.advance(4)
    before = fingerprint(sitting.view.model)
    sitting.undo()
    sitting.advance(4)
    assert fingerprint(sitting.view.model) == before


def test_nothing_goes_beyond_the_horizon(sitting, workers):
    sitting.advance(1000)
    assert sitting.view.game.left == 0
    view, asked = sitting.view, len(workers.asked)
    sitting.advance(1)
    sitting.advance_to_event()
    sitting.run(0.0)
    assert sitting.view is view
    assert (len(workers.asked), view.waiting) == (asked, False)


@pytest.mark.parametrize("name", ["artillery-2022", "industrial-gap"])
def test_a_wait_ends_with_the_first_news(workers, name):
    sitting = Sitting("key", fresh(name), workers)
    for _ in range(3):
        since = sitting.view.game.month
        sitting.advance_to_event()
        game = sitting.view.game
        news = [d.month for d in play(game).decisions if d.month >= since and d.kind in NEWS]
        if news:
            assert news == [game.month - 1] * len(news)
        else:
            assert game.month - since == PATIENCE
    assert len(sitting.view.game.turns) == 3


def test_a_turn_that_cannot_be_kept_has_not_happened(sitting, store):
    sitting.set(*LEVERS[0])
    view = sitting.view
    store.close()
    with pytest.raises(KeepError, match=r"cannot be kept in games\.sqlite"):
        sitting.advance(2)
    assert (sitting.view.game, sitting.view.draft) == (view.game, view.draft)
    assert "cannot be kept" in sitting.view.unkept


def test_running_ends_with_a_word_where_a_month_cannot_be_kept(sitting, store):
    store.close()
    changed = threading.Semaphore(0)
    sitting.watch(changed.release)
    sitting.run(0.01)
    while sitting.view.running:
        assert changed.acquire(timeout=LONG)
    assert sitting.view.game.month == 0
    assert "cannot be kept" in sitting.view.unkept


def test_what_could_not_be_kept_is_forgotten_once_a_move_is(sitting, store, monkeypatch):
    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "save", full)
        with pytest.raises(KeepError, match="disk is full"):
            sitting.advance(1)
    assert "disk is full" in sitting.view.unkept
    sitting.advance(1)
    assert (sitting.view.unkept, sitting.view.game.month) == ("", 1)


def test_watchers_hear_every_change_once_and_none_after_they_end(sitting):
    heard = []
    end = sitting.watch(lambda: heard.append(sitting.view.game.month))
    sitting.set(*LEVERS[0])
    sitting.advance(2)
    assert heard == [0, 2]
    end()
    end()
    sitting.advance(1)
    assert heard == [0, 2]


def test_a_watcher_may_wait_for_another_who_uses_the_sitting(sitting):
    begun, done = [], []

    def use():
        sitting.unset("no", "lever")
        done.append(True)

    def watcher():
        if not begun:
            begun.append(True)
            other = threading.Thread(target=use)
            other.start()
            other.join(LONG)

    sitting.watch(watcher)
    sitting.set(*LEVERS[0])
    assert done


def test_a_watcher_that_fails_keeps_nobody_from_hearing(sitting, caplog):
    heard = []
    sitting.watch(lambda: 1 / 0)
    sitting.watch(lambda: heard.append(1))
    sitting.advance(1)
    assert (sitting.view.game.month, heard) == (1, [1])
    assert "a watcher of key failed" in caplog.text


def test_a_forecast_of_what_is_no_longer_on_the_table_is_not_taken(sitting, workers):
    sitting.set(*LEVERS[0])
    sitting.set(*LEVERS[3])
    workers.answer(1)
    assert sitting.view.then is None
    assert workers.answer(2) is sitting.view.then
    assert workers.answer(0) is sitting.view.now
    sitting.advance(1)
    workers.answer(0)
    assert (sitting.view.now, sitting.view.then, sitting.view.waiting) == (None, None, True)


def test_a_forecast_that_failed_is_told_and_sought_again(sitting, workers):
    workers.asked[0][3](RuntimeError("lost"))
    assert "lost" in sitting.view.fault
    assert not sitting.view.waiting
    sitting.set(*LEVERS[0])
    assert sitting.view.waiting
    assert [asked[0] for asked in workers.asked[1:]] == [0, 1]
    workers.answer(1)
    workers.answer(2)
    assert sitting.view.now is not None
    assert not sitting.view.waiting


def test_a_sitting_that_is_closed_gives_its_slots_back_once_and_keeps_nothing(
    sitting, workers, store
):
    sitting.close()
    sitting.close()
    assert workers.left == [0, 1]
    store.forget("key")
    asked = len(workers.asked)
    with pytest.raises(KeepError, match="deleted"):
        sitting.advance(1)
    assert (store.text("key"), len(workers.asked)) == (None, asked)


def test_threads_that_play_at_once_lose_no_month(sitting, store):
    months, each = 5, 6

    def play_on():
        for _ in range(each):
            sitting.set(*LEVERS[0])
            sitting.advance(1)

    threads = [threading.Thread(target=play_on) for _ in range(months)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    game = sitting.view.game
    assert game.month == len(game.turns) == months * each
    assert kept(store).identity == game.identity


def test_running_adds_months_to_one_turn_until_paused(sitting):
    running = threading.Semaphore(0)
    sitting.watch(running.release)
    sitting.set(*LEVERS[0])
    sitting.run(0.001)
    while sitting.view.game.month < 4:
        assert running.acquire(timeout=LONG)
    sitting.pause()
    while sitting.view.running:
        assert running.acquire(timeout=LONG)
    game = sitting.view.game
    assert (len(game.turns), len(game.turns[0].settings)) == (1, 1)


def test_running_ends_when_somebody_takes_a_turn_back(sitting):
    changed = threading.Semaphore(0)
    sitting.watch(changed.release)
    sitting.advance(3)
    sitting.run(0.05)
    while len(sitting.view.game.turns) < 2:
        assert changed.acquire(timeout=LONG)
    sitting.undo()
    while sitting.view.running:
        assert changed.acquire(timeout=LONG)
    assert sitting.view.game.month == 3
