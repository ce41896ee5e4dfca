"""A review worked out by warm processes, piece by piece: it shows how far it is, and can stop."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future as Promise
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import TypeVar

from mobilize.game.after import Effect
from mobilize.game.game import Game
from mobilize.game.worth import Job, Review, jobs, keep, kept, review, work
from mobilize.state import Floats
from mobilize.workers import Workers

TRIES = 3  # of a piece whose process died
T = TypeVar("T")


class Lookback:
    """The review of one game, as far as it is worked out; every call is safe from any thread.

    No more pieces are handed out at once than there are processes, so that whoever else needs
    them never waits for more than one piece.
    """

    def __init__(self, game: Game, workers: Workers) -> None:
        self.game = game
        self.pieces = jobs(game)
        self.found: dict[Job, Effect | Floats] = {}
        self.review: Review | None = kept(game)
        self.running, self.weighing, self.fault = False, False, ""
        self._workers = workers
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._out: set[Job] = set()
        self._tries: dict[Job, int] = {}
        self._over = threading.Event()
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` after every piece, from whatever thread brought it; return the end."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def _tell(self) -> None:
        for watcher in list(self._watchers):
            watcher()

    @property
    def effects(self) -> dict[int, Effect]:
        """Return the effects known so far, by number of the decision."""
        if self.review is not None:
            return {e.number: e for e in self.review.effects}
        return {e.number: e for e in list(self.found.values()) if isinstance(e, Effect)}

    @property
    def done(self) -> int:
        """Return how many pieces are there."""
        return len(self.pieces) if self.review is not None else len(self.found)

    def start(self, worlds: bool = True) -> None:
        """Work out what is missing; without `worlds` only the effects of the decisions."""
        with self._lock:
            if self.review is not None:
                return
            wanted = [j for j in self.pieces if (worlds or not j.worlds) and j not in self.found]
            self._waiting = deque(j for j in wanted if j not in self._out)
            self.running, self.fault = bool(wanted), ""
            self.weighing = worlds and self.running
            self._over.clear()
        self._hand_out()

    def stop(self) -> None:
        """Hand nothing more out; what is there stays."""
        with self._lock:
            self._waiting.clear()
            self.running = self.weighing = False
        self._over.set()
        self._tell()

    def result(self) -> Review:
        """Return the review, worked out now if it is not there; waits for it.

        Raises
        ------
        RuntimeError
            If it was stopped, or a piece failed.
        """
        self.start()
        if self.review is None and self.pieces:
            self._over.wait()
        self._finish()
        if self.review is None:
            raise RuntimeError(self.fault or "the review was stopped")
        return self.review

    def _hand_out(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or len(self._out) >= self._workers.processes:
                    break
                job = self._waiting.popleft()
                self._out.add(job)
            try:
                self._workers.submit(work, self.game, job).add_done_callback(
                    partial(self._arrived, job)
                )
            except RuntimeError as error:  # the processes have been closed
                self._failed(job, error)
                return

    def _arrived(self, job: Job, promise: Promise[Effect | Floats]) -> None:
        """Take a piece in; a piece whose process died is handed out again."""
        error = None if promise.cancelled() else promise.exception()
        if promise.cancelled():
            self._failed(job, RuntimeError("the processes were closed"))
            return
        if isinstance(error, BrokenProcessPool) and self._tries.get(job, 1) < TRIES:
            with self._lock:
                self._tries[job] = self._tries.get(job, 1) + 1
                self._out.discard(job)
                if self.running:
                    self._waiting.appendleft(job)
            threading.Thread(target=self._hand_out, daemon=True).start()
            return
        if error is not None:
            self._failed(job, error)
            return
        with self._lock:
            self._out.discard(job)
            self.found[job] = promise.result()
        self._hand_out()
        self._finish()
        self._tell()

    def _failed(self, job: Job, error: BaseException) -> None:
        with self._lock:
            self._out.discard(job)
            self._waiting.clear()
            self.running, self.weighing = False, False
            self.fault = f"{type(error).__name__}: {error}"
        self._over.set()
        self._tell()

    def _finish(self) -> None:
        """Put the pieces together when the last one is there."""
        with self._lock:
            if self._waiting or self._out or self.fault:
                return
            whole = len(self.found) == len(self.pieces)
            if whole and self.review is None:
                self.review = review(self.game, found=self.found)
                keep(self.review)
            self.running = self.weighing = False
        self._over.set()


def by_workers(make: Callable[[Game, Review], T], game: Game, workers: Workers) -> T:
    """Return what is made of a game and its review, all of it worked out by other processes."""
    found = kept(game) or Lookback(game, workers).result()
    return workers.submit(make, game, found).result()
