"""What the Compare page of a game is busy with: it goes on while nobody looks."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mobilize.app.views.verdict import Verdict, conclude
from mobilize.game.versus import Job, Progress, Question, shares, versus
from mobilize.watchers import Watchers
from mobilize.workers import Workers

ANSWERS = 64  # kept in the process; they are small
DESKS = 64  # games whose comparison is remembered
Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Bench:
    """What a desk is at one moment.

    `asked` is the question under way or answered, with its `progress`; `split` that of the
    levers' shares of the question's second package.
    """

    asked: Question | None = None
    progress: Progress | None = None
    split: Progress | None = None

    @property
    def verdict(self) -> Verdict | None:
        """Return the answer, if it is there."""
        return self.progress.answer if self.progress else None


class Desk:
    """One comparison at a time and the shares of its levers; every call is safe from any thread."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._bench = Bench()
        self.wanted: dict[str, Any] = {}  # choices last made on the page
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._watchers: Watchers[[]] = Watchers("a comparison")

    @property
    def bench(self) -> Bench:
        """Return what it is now."""
        return self._bench

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` after every change, from whatever thread; return how to end it."""
        return self._watchers.add(watcher)

    def ask(self, question: Question) -> None:
        """Begin to answer a question; whatever was under way stops."""
        with self._lock:
            self.stop()
            known, parts = _ANSWERS.get(question.key), _ANSWERS.get(_parts(question))
            done = Progress(0, 0, 0.0, known) if known is not None else None
            shared = Progress(0, 0, 0.0, parts) if parts is not None else None
            self._change(Bench(question, done, shared))
            if known is None:
                told = partial(self._told, "progress", question, question.key)
                job = versus(self._workers, question, told, conclude=conclude)
                self._begun("progress", job)

    def divide(self) -> None:
        """Begin to split what the second package brings among its levers."""
        with self._lock:
            q = self._bench.asked
            if q is None or not q.b.settings or self._bench.split is not None:
                return
            told = partial(self._told, "split", q, _parts(q))
            job = shares(self._workers, q.scenario, q.b, q.worlds, q.seed, q.months, told)
            self._begun("split", job)

    def stop(self) -> None:
        """Stop what is under way; what is answered stays."""
        with self._lock:
            for job in self._jobs.values():
                job.stop()
            self._jobs.clear()
            bench = self._bench
            ended = Bench(bench.asked, _over(bench.progress), _over(bench.split))
            if (ended.progress, ended.split) != (bench.progress, bench.split):
                self._change(ended)

    def _begun(self, which: str, job: Job) -> None:
        self._jobs[which] = job
        if getattr(self._bench, which) is None:
            self._put(which, job.progress)

    def _told(self, which: str, asked: Question, key: Key, progress: Progress) -> None:
        """Take news of a job in, if it is still about what is asked."""
        with self._lock:
            if progress.answer is not None:
                _ANSWERS.put(key, progress.answer)
            if self._bench.asked is asked:
                self._put(which, progress)

    def _put(self, which: str, progress: Progress) -> None:
        if which == "split":
            self._change(replace(self._bench, split=progress))
        else:
            self._change(replace(self._bench, progress=progress))

    def _change(self, bench: Bench) -> None:
        with self._lock:
            self._bench = bench
        self._watchers.tell()


def _over(progress: Progress | None) -> Progress | None:
    """Return a job's progress if the job is over."""
    return progress if progress is not None and progress.over else None


def _parts(question: Question) -> Key:
    """Return what the shares of a question's levers follow from: its first package is not in it."""
    return ("shares", *replace(question, a=question.b).key)


class _Answers:
    """Answers by what they follow from, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Key, Any] = OrderedDict()

    def get(self, key: Key) -> Any:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Key, answer: Any) -> None:
        with self._lock:
            self._found[key] = answer
            while len(self._found) > ANSWERS:
                self._found.popitem(last=False)


_ANSWERS = _Answers()
_DESKS: OrderedDict[str, Desk] = OrderedDict()
_OPENING = threading.Lock()


def desk_of(key: str, workers: Workers) -> Desk:
    """Return the desk of a game, by the game's key."""
    with _OPENING:
        desk = _DESKS.get(key)
        if desk is None:
            desk = _DESKS[key] = Desk(workers)
        _DESKS.move_to_end(key)
        while len(_DESKS) > DESKS:
            _DESKS.popitem(last=False)[1].stop()
        return desk
