"""Warm processes that look ahead and explain, so that whoever serves people never has to wait.

A forecast belongs to a slot; the next one of the same slot makes the one before stop at its next
world. A process that dies is replaced, and the worlds it was at are run again.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future as Promise
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import count
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

from mobilize.forecast import AHEAD, WORLDS, Future, StoppedError, foresee, together
from mobilize.game.game import Game, play
from mobilize.pieces import TRIES, Pieces
from mobilize.processes import end_with_parent
from mobilize.scenario import load
from policies.package import Package

SLOTS = 4096  # two a game that is open
CHUNK = 4  # worlds that one process runs before another may take over
PULSE = 1.0  # seconds
LONGEST = 4  # processes at most: a forecast has few worlds
Told = Callable[[Future | BaseException], None]
P = ParamSpec("P")
T = TypeVar("T")
_LATEST: Any = None  # in a worker: number of the newest forecast of each slot


def _ready(latest: Any) -> None:
    global _LATEST
    _LATEST = latest
    end_with_parent()


def _warm(name: str) -> int:
    """Compile, or read from the cache, everything a forecast of a scenario needs."""
    game = Game(load(name), 1)
    foresee(play(game), game.policy(), range(1), 1)
    return os.getpid()


def _ahead(slot: int, number: int, game: Game, policy: Package, worlds: Sequence[int]) -> Future:
    model = play(game)
    return foresee(model, policy, worlds, AHEAD, lambda: _LATEST[slot] != number)


class Workers:
    """A few processes, started once.

    Parameters
    ----------
    processes : int, optional
        By default one a core, four at most.
    """

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or min(LONGEST, os.cpu_count() or 1)
        # Without a lock: a process killed while it holds one would stop everybody for ever.
        self._latest = get_context("spawn").Array("q", SLOTS, lock=False)
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._free = list(range(SLOTS - 1, -1, -1))
        self._out: set[Promise[Any]] = set()
        self._closed = threading.Event()
        self._pool = self._start()
        threading.Thread(target=self._pulse, daemon=True).start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.processes, get_context("spawn"), initializer=_ready, initargs=(self._latest,)
        )

    def warm(self, name: str) -> list[Promise[int]]:
        """Start every process and let it get ready for a scenario."""
        return [self.submit(_warm, name) for _ in range(self.processes)]

    def slot(self) -> int:
        """Return a slot for the forecasts of one game.

        Raises
        ------
        RuntimeError
            If all are in use.
        """
        with self._lock:
            if not self._free:
                raise RuntimeError(f"{SLOTS} slots are in use; close a game to open another")
            return self._free.pop()

    def leave(self, slot: int) -> None:
        """Stop the forecast of a slot and give the slot back."""
        self.stop(slot)
        with self._lock:
            self._free.append(slot)

    def stop(self, slot: int) -> None:
        """Stop the forecast of a slot."""
        self._latest[slot] = next(self._numbers)

    def submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Promise[T]:
        """Let a process do some work; it must be a function of a module."""
        with self._lock:
            for _ in range(TRIES):
                try:
                    return self._followed(self._pool.submit(work, *args, **kwargs))
                except (BrokenProcessPool, OSError):  # OSError: one died while it was started
                    self._pool = self._start()
            return self._followed(self._pool.submit(work, *args, **kwargs))

    def _followed(self, promise: Promise[T]) -> Promise[T]:
        self._out.add(promise)
        promise.add_done_callback(self._out.discard)
        return promise

    def _pulse(self) -> None:
        """Wake the pool now and then while work is out.

        It looks for dead processes when it is woken. One that it started after it had fallen asleep
        it does not know of: should that one die, its work would be waited for without end.
        """
        while not self._closed.wait(PULSE):
            if self._out:
                with self._lock, suppress(BrokenProcessPool, OSError, RuntimeError):
                    self._pool.submit(os.getpid)

    def answer(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Let a process do some work and wait for it; if the process dies, it is done again.

        Raises
        ------
        BrokenProcessPool
            If that happens time and again.
        """
        for _ in range(TRIES - 1):
            try:
                return self.submit(work, *args, **kwargs).result()
            except BrokenProcessPool:
                continue
        return self.submit(work, *args, **kwargs).result()

    def foresee(self, slot: int, game: Game, policy: Package, told: Told) -> None:
        """Look ahead of a game; whatever the slot was busy with stops.

        Parameters
        ----------
        told : callable
            Called once, from another thread, with the future or with what went wrong; never for
            a forecast that was stopped.
        """
        number = next(self._numbers)
        self._latest[slot] = number

        def submit(first: int) -> Promise[Future]:
            if self._latest[slot] != number:
                raise StoppedError
            return self.submit(_ahead, slot, number, game, policy, range(first, first + CHUNK))

        def taken(_: int, last: bool) -> None:
            if last:
                tell(together(pieces.found[first] for first in chunks))

        def tell(found: Future | BaseException) -> None:
            if self._latest[slot] == number and not isinstance(found, StoppedError):
                told(found)

        chunks = range(0, WORLDS, CHUNK)
        pieces = Pieces(submit, len(chunks), taken, tell)
        pieces.hand_out(chunks)

    def close(self) -> None:
        """Stop everything."""
        self._closed.set()
        for slot in range(SLOTS):
            self._latest[slot] = -1
        self._pool.shutdown(wait=False, cancel_futures=True)
