"""Answers about results, worked out in processes apart and kept until there are more runs."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future as Promise
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from mobilize.workers import Workers

AGAIN = 2.0  # seconds between two answers about a study that runs
KEPT = 96  # answers
Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Answer:
    """What a question about results found so far.

    `value` is None while nothing is known, `fault` says why the last try found nothing;
    `version` is that of the results that it rests on.
    """

    value: Any = None
    fault: str = ""
    version: Key = ()
    waiting: bool = False
    at: float = 0.0


class Answers:
    """Answers by question, the longest unused forgotten first; safe from any thread.

    Parameters
    ----------
    workers : Workers
        They work the answers out.
    tell : callable
        Called, from another thread, whenever something was found.
    """

    def __init__(self, workers: Workers, tell: Callable[[], None]) -> None:
        self._workers, self._tell = workers, tell
        self._lock = threading.Lock()
        self._found: OrderedDict[Key, Answer] = OrderedDict()

    def ask(
        self, work: Callable[..., Any], folder: Path, args: Key, version: Key, moving: bool
    ) -> Answer:
        """Return what is known; where the results have moved on, begin to work it out anew.

        Parameters
        ----------
        work : callable
            A function of a module; called with the path of the folder and `args`.
        version : tuple
            Of the results as they are now.
        moving : bool
            Whether they will soon be others, so that a while may pass between two answers.
        """
        key = (work.__module__, work.__name__, str(folder), *args)
        with self._lock:
            known = self._found.get(key, Answer())
            soon = moving and known.version and time.time() - known.at < AGAIN
            due = known.version != version and not known.waiting and not soon
            if due:
                known = replace(known, waiting=True)
            self._found[key] = known
            self._found.move_to_end(key)
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
        if due:  # without the lock: the pool has locks of its own
            promise = self._workers.submit(work, str(folder), *args)
            promise.add_done_callback(partial(self._take, key, version))
        return known

    def _take(self, key: Key, version: Key, promise: Promise[Any]) -> None:
        """Take an answer in, or why there is none; what was known before stays."""
        if promise.cancelled():
            return
        error = promise.exception()
        with self._lock:
            before = self._found.get(key, Answer())
            value, fault = before.value, str(error) or type(error).__name__
            if error is None:
                value, fault = promise.result(), ""
            self._found[key] = Answer(value, fault, version, False, time.time())
        self._tell()
