"""Pieces of work that processes do: a few at once, again where a process died, until stopped."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future as Promise
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Generic, TypeVar

TRIES = 3  # of a piece whose process died
Piece = TypeVar("Piece", bound=Hashable)
Found = TypeVar("Found")


class Pieces(Generic[Piece, Found]):
    """What is handed out of some work, and what has come back; safe from any thread.

    Parameters
    ----------
    submit : callable
        Lets a process do a piece.
    most : int
        Pieces under way at once, so that whoever else needs the processes waits for few.
    taken : callable
        Called after every piece with whether it was the last of those asked for, once; from
        whatever thread brought it.
    failed : callable
        Called once with what went wrong; nothing more is handed out then.

    Attributes
    ----------
    found : dict
        What came of each piece; also what was under way when the rest was stopped.
    out : set
        The pieces under way.
    stopped : bool
        Whether somebody, or a fault, has stopped it.
    """

    def __init__(
        self,
        submit: Callable[[Piece], Promise[Found]],
        most: int,
        taken: Callable[[Piece, bool], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._submit, self._most, self._taken, self._failed = submit, most, taken, failed
        self.found: dict[Piece, Found] = {}
        self.out: set[Piece] = set()
        self.stopped = False
        self._waiting: deque[Piece] = deque()
        self._died: Counter[Piece] = Counter()
        self._lock = threading.Lock()

    def hand_out(self, pieces: Iterable[Piece]) -> None:
        """Have pieces done in this order, less those done or under way; what waited is dropped."""
        with self._lock:
            known = self.found.keys() | self.out
            self._waiting = deque(piece for piece in pieces if piece not in known)
            self.stopped = False
        self._next()

    def stop(self) -> None:
        """Hand nothing more out; pieces under way end by themselves."""
        with self._lock:
            self._waiting.clear()
            self.stopped = True

    def _next(self) -> None:
        while True:
            with self._lock:
                if not self._waiting or len(self.out) >= self._most:
                    return
                piece = self._waiting.popleft()
                self.out.add(piece)
            try:
                promise = self._submit(piece)
            except Exception as error:  # the processes have been closed, or nobody waits any more
                self._fail(piece, error)
                return
            promise.add_done_callback(partial(self._arrived, piece))

    def _arrived(self, piece: Piece, promise: Promise[Found]) -> None:
        if promise.cancelled():
            self._fail(piece, RuntimeError("the processes were closed"))
            return
        error = promise.exception()
        if error is None:
            with self._lock:
                self.out.discard(piece)
                self.found[piece] = promise.result()
                last = not (self.stopped or self._waiting or self.out)
            self._next()
            self._taken(piece, last)
        elif isinstance(error, BrokenProcessPool) and self._again(piece):
            # In a thread of its own: the one that calls belongs to the processes that are gone.
            threading.Thread(target=self._next, daemon=True).start()
        else:
            self._fail(piece, error)

    def _again(self, piece: Piece) -> bool:
        """Put a piece back whose process has died, unless that happens again and again."""
        with self._lock:
            self._died[piece] += 1
            if self._died[piece] >= TRIES:
                return False
            self.out.discard(piece)
            if not self.stopped:
                self._waiting.appendleft(piece)
            return True

    def _fail(self, piece: Piece, error: BaseException) -> None:
        with self._lock:
            self.out.discard(piece)
            self._waiting.clear()
            first, self.stopped = not self.stopped, True
        if first:
            self._failed(error)
