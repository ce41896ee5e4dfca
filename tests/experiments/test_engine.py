"""The engine does each chunk once, finds what ends workers, and stops where nobody is left."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from experiments import engine
from experiments.crew import NobodyError, WorkerError
from experiments.engine import AHEAD, Engine, StoppedError
from experiments.plan import Table
from experiments.work import Job, OtherCodeError, work
from tests.experiments.small import WORLDS, study

STUDY = study()
TABLE = Table(STUDY, STUDY.packages)
JOB = Job.of(STUDY)


class Crew:
    """Workers that share one fate, as those of a pool: what one dies at, all under way die at.

    Those that are `killers` end it at every try; with `unlucky` it dies at random as well, at
    handing out, at work, or having forgotten what it was given.
    """

    size, tries = 3, 2

    def __init__(self, killers=(), unlucky=0.0, error=None):
        self.killers, self.unlucky, self.error = set(killers), unlucky, error
        self.chance = random.Random(7)
        self.waiting = []
        self.dead = False
        self.begun = Counter()
        self.most = 0

    def submit(self, task, packed, chunk):
        if self.dead:
            raise BrokenProcessPool
        promise = Future()
        self.waiting.append((promise, task, packed, chunk))
        self.most = max(self.most, len(self.waiting))
        if len(self.waiting) >= self.size or len(chunk.specs) == 1:
            self.pulse()
        return promise

    def pulse(self):
        """Do what is waiting."""
        waiting, self.waiting = self.waiting, []
        self.chance.shuffle(waiting)
        for promise, task, packed, chunk in waiting:
            runs = [spec.run for spec in chunk.specs]
            self.begun.update(runs)
            if self.killers.intersection(runs) or self.chance.random() < self.unlucky:
                self.dead = True
            if self.dead and self.chance.random() < 0.3:
                promise.cancel()
                promise.set_running_or_notify_cancel()
            elif self.dead:
                promise.set_exception(BrokenProcessPool())
            elif self.error:
                promise.set_exception(self.error)
            else:
                promise.set_result(task(packed, chunk))

    def died(self, error):
        return isinstance(error, (BrokenProcessPool, CancelledError))

    def renew(self):
        self.dead = False

    def alone(self):
        return self

    def close(self):
        pass


def done(crew, chunks=None, stop=lambda: False):
    """Carry chunks out; return the rows of each."""
    kept = {}

    def keep(n, rows):
        assert n not in kept
        kept[n] = rows

    chunks = iter(range(len(TABLE))) if chunks is None else chunks
    Engine(JOB, crew, keep, stop).carry_out(TABLE, chunks)
    return kept


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(engine, "PULSE", 0.01)


@pytest.fixture(scope="module")
def expected():
    return {n: work(JOB.packed(), TABLE.chunk(n)) for n in range(len(TABLE))}


def test_chunks_come_back_whole_in_whatever_order_they_were_done(expected):
    assert done(Crew()) == expected


def test_only_the_chunks_asked_for_are_done_and_each_run_once(expected):
    crew = Crew()
    kept = done(crew, iter([1, 4]))
    assert kept == {n: expected[n] for n in (1, 4)}
    assert set(crew.begun.values()) == {1}


def test_no_more_is_handed_out_than_keeps_the_workers_busy():
    crew = Crew()
    crew.size = 2
    asked = []

    def chunks():
        for n in range(len(TABLE)):
            asked.append(n)
            yield n

    done(crew, chunks())
    assert crew.most <= AHEAD * crew.size


@pytest.mark.parametrize("unlucky", [0.05, 0.3])
def test_deaths_at_random_change_nothing(expected, unlucky, monkeypatch):
    monkeypatch.setattr(engine, "HOPELESS", 10**9)
    crew = Crew(unlucky=unlucky)
    crew.tries = 50
    assert done(crew) == expected


def test_runs_that_end_their_worker_are_found_exactly_and_no_other_is_lost(expected):
    killers = {1, 20, 21, 79}
    kept = done(Crew(killers))
    rows = [row for n in sorted(kept) for row in kept[n].to_pylist()]
    as_ever = [row for n in sorted(expected) for row in expected[n].to_pylist()]
    assert len(rows) == len(as_ever) == 2 * WORLDS
    assert {row["run"] for row in rows if row["status"] == "died"} == killers
    assert [r for r in rows if r["run"] not in killers] == [
        r for r in as_ever if r["run"] not in killers
    ]
    assert all(kept[n].schema == expected[n].schema for n in kept)


def test_where_every_run_ends_its_worker_it_stops(monkeypatch):
    monkeypatch.setattr(engine, "HOPELESS", 5)
    with pytest.raises(NobodyError, match="5 runs one after the other"):
        done(Crew(killers=range(2 * WORLDS)))


def test_a_worker_with_other_code_stops_the_study():
    with pytest.raises(OtherCodeError):
        done(Crew(error=OtherCodeError("other")))


def test_a_worker_that_cannot_work_stops_the_study_in_words():
    with pytest.raises(WorkerError, match="No module named 'mobilize'"):
        done(Crew(error=ModuleNotFoundError("No module named 'mobilize'")))


def test_asked_to_stop_it_keeps_no_more():
    asked = iter([False, False])
    with pytest.raises(StoppedError):
        done(Crew(), stop=lambda: next(asked, True))


def test_work_for_other_code_is_refused_by_the_worker(monkeypatch):
    packed = JOB.packed()
    monkeypatch.setattr("experiments.work.code_digest", lambda: "0" * 64)
    with pytest.raises(OtherCodeError, match="000000000000"):
        work(packed, TABLE.chunk(0))
