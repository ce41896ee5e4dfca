"""A review by warm processes: the same figures, in pieces, that can be stopped and gone on with."""

import os
import signal
import threading

import pytest

from mobilize.app.views.after import after_view, files, progress, worth_view
from mobilize.game import worth as core
from mobilize.game.lookback import Lookback, by_workers
from mobilize.game.report import report_html
from mobilize.game.worth import review
from mobilize.workers import Workers
from tests.game.common import LEVERS, fresh, sample, turn

PATIENCE = 300  # seconds; only a hang takes so long


@pytest.fixture(scope="module")
def workers():
    found = Workers(2)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def forgetful():
    core._KEPT.clear()


def waiting_for(work, ready):
    """Wait until something is true of a review."""
    changed = threading.Semaphore(0)
    end = work.watch(changed.release)
    while not ready():
        assert changed.acquire(timeout=PATIENCE)
    end()


def test_a_review_by_processes_is_the_review_made_here(workers):
    game = sample()
    assert Lookback(game, workers).result() == review(game)


def test_a_report_by_processes_is_the_report_made_here(workers):
    game = turn(fresh(), 6, LEVERS[3])
    assert by_workers(report_html, game, workers) == report_html(game, review(game))


def test_effects_come_first_and_alone_if_nothing_more_is_asked(workers):
    work = Lookback(sample(), workers)
    work.start(worlds=False)
    waiting_for(work, lambda: not work.running)
    assert sorted(work.effects) == list(range(6))
    assert (work.done, work.review) == (6, None)
    assert work.result() == review(sample())
    assert progress(work) == {"done": len(work.pieces), "total": len(work.pieces),
                              "running": False, "fault": "", "whole": True}  # fmt: skip


def test_a_review_that_is_stopped_keeps_what_is_there_and_goes_on_from_it(workers):
    work = Lookback(sample(), workers)
    work.start()
    waiting_for(work, lambda: work.done >= 3)
    work.stop()
    assert (work.running, work.review) == (False, None)
    before = set(work.found)
    assert len(before) >= 3
    assert work.result() == review(sample())
    assert before <= set(work.found)


def test_no_more_pieces_are_out_than_there_are_processes(workers):
    out = []

    class Counting:
        processes = workers.processes

        def submit(self, *arguments):
            out.append(len(work._work.out))
            return workers.submit(*arguments)

    work = Lookback(sample(), Counting())
    work.result()
    assert max(out) <= workers.processes


def test_killed_processes_change_no_figure(workers):
    work = Lookback(sample(), workers)
    work.start()
    waiting_for(work, lambda: work.done >= 2)
    for process in list((workers._pool._processes or {}).values()):
        os.kill(process.pid, signal.SIGKILL)
    assert work.result() == review(sample())


def test_a_piece_that_fails_ends_the_review_and_is_told():
    class Failing:
        processes = 1

        def submit(self, *arguments):
            raise RuntimeError("closed")

    work = Lookback(sample(), Failing())
    with pytest.raises(RuntimeError, match="closed"):
        work.result()
    assert (work.running, progress(work)["fault"]) == (False, "RuntimeError: closed")


def test_a_review_once_made_is_not_made_again(workers):
    game = sample()
    found = Lookback(game, workers).result()
    assert Lookback(sample(), workers).review is found


def test_a_game_without_decisions_is_reviewed_at_once(workers):
    assert Lookback(fresh().after((), 2), workers).result().worths == ()


def test_the_page_tells_effects_not_known_yet_from_none():
    game, found = sample(), review(sample(), 2)
    first = after_view(game, {0: found.effects[0]})
    assert [row["known"] for row in first["rows"]] == [True] + [False] * 5
    whole = after_view(game, {e.number: e for e in found.effects})
    assert all(row["known"] for row in whole["rows"])
    assert [r["due"] for r in first["rows"]] == [r["due"] for r in whole["rows"]]
    assert [lane["count"] for lane in whole["lanes"]] == [
        sum(len(m["text"].split(";")) for m in lane["marks"]) for lane in whole["lanes"]
    ]
    assert sum(lane["count"] for lane in whole["lanes"]) == whole["events"]["count"]


def test_the_page_shows_the_figures_of_the_review():
    found = review(sample(), 2)
    shown = worth_view(found)
    assert shown["figures"]
    for figure in shown["figures"]:
        kind, key = figure["id"].split(":")
        bars = shown["rows"][figure["id"]]
        assert any(bar["felt"] for bar in bars)
        for bar, worth in zip(bars, found.worths, strict=True):
            row = next(r for r in worth.rows if (r.figure.kind, r.figure.key) == (kind, key))
            assert (bar["mean"], bar["low"], bar["high"], bar["here"]) == (
                row.mean, row.low, row.high, row.here)  # fmt: skip


def test_links_lead_to_this_machine_alone():
    assert all(link["href"].startswith("/api/game/key/") for link in files("key"))


def test_a_game_not_begun_has_a_page():
    shown = after_view(fresh(), {})
    assert (shown["played"], shown["rows"], len(shown["ticks"])) == (0, [], 1)
