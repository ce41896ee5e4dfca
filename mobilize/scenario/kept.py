"""What follows from the content of a scenario is worked out once a process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from mobilize.scenario.content import Scenario

P = ParamSpec("P")
T = TypeVar("T")
Answers = OrderedDict[tuple[Hashable, ...], Any]
KEPT = 1024  # answers of a function, unless it says otherwise
_EVERY: list[tuple[Answers, threading.Lock]] = []  # what each function has found
_MISSING: Any = object()


def by_content(
    most: int = KEPT,
) -> Callable[[Callable[Concatenate[Scenario, P], T]], Callable[Concatenate[Scenario, P], T]]:
    """Keep what a function returns, by its scenario's digest and its further arguments.

    Two scenarios of the same content share an answer, which nobody may change. Arguments given
    by name do not count: they are for what follows from those that do, or makes no difference to
    the answer, and are not kept. Safe from any thread.

    Parameters
    ----------
    most : int
        Answers kept; the longest unused is forgotten first.
    """

    def decorate(
        make: Callable[Concatenate[Scenario, P], T],
    ) -> Callable[Concatenate[Scenario, P], T]:
        found: Answers = OrderedDict()
        lock = threading.Lock()
        _EVERY.append((found, lock))

        @wraps(make)
        def kept(scenario: Scenario, /, *args: P.args, **beside: P.kwargs) -> T:
            key = (scenario.digest, *args)
            with lock:
                answer = found.get(key, _MISSING)
                if answer is not _MISSING:
                    found.move_to_end(key)
                    return answer
            answer = make(scenario, *args, **beside)
            with lock:
                answer = found.setdefault(key, answer)  # of two made at once, everybody has one
                while len(found) > most:
                    found.popitem(last=False)
            return answer

        return kept

    return decorate


def forget(scenario: Scenario) -> None:
    """Let go of all that is kept of a scenario, such as one that was needed for a few runs only."""
    for found, lock in _EVERY:
        with lock:
            for key in [key for key in found if key[0] == scenario.digest]:
                del found[key]
