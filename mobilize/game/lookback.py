"""A review worked out by warm processes, piece by piece: it shows how far it is, and can stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from mobilize.game.after import Effect
from mobilize.game.game import Game
from mobilize.game.worth import Job, Review, jobs, keep, kept, review, work
from mobilize.pieces import Pieces
from mobilize.state import Floats
from mobilize.watchers import Watchers
from mobilize.workers import Workers

T = TypeVar("T")


class Lookback:
    """The review of one game, as far as it is worked out; every call is safe from any thread."""

    def __init__(self, game: Game, workers: Workers) -> None:
        self.game = game
        self.pieces = jobs(game)
        self.review: Review | None = kept(game)
        self.running, self.weighing, self.fault = False, False, ""
        self._work: Pieces[Job, Effect | Floats] = Pieces(
            lambda job: workers.submit(work, game, job),
            workers.processes,
            self._taken,
            self._failed,
        )
        self._wanted: set[Job] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._watchers: Watchers[[]] = Watchers("a look back")

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` after every piece, from whatever thread brought it; return the end."""
        return self._watchers.add(watcher)

    def _tell(self) -> None:
        self._watchers.tell()

    @property
    def found(self) -> dict[Job, Effect | Floats]:
        """Return the pieces that are there."""
        return self._work.found

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
            self._wanted = set(wanted)
            self.running, self.fault = bool(wanted), ""
            self.weighing = worlds and self.running
            self._over.clear()
        self._work.hand_out(wanted)

    def stop(self) -> None:
        """Hand nothing more out; what is there stays."""
        self._work.stop()
        with self._lock:
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

    def _taken(self, _piece: Job, _last: bool) -> None:
        self._finish()
        self._tell()

    def _failed(self, error: BaseException) -> None:
        with self._lock:
            self.running, self.weighing = False, False
            self.fault = f"{type(error).__name__}: {error}"
        self._over.set()
        self._tell()

    def _finish(self) -> None:
        """Put the pieces together when the last one is there."""
        with self._lock:
            if self.fault or not self._wanted <= self.found.keys():
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
    return workers.answer(make, game, found)
