"""Who is to be told of changes: one list, safe from any thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Watchers(Generic[P]):
    """Those who watch something; whoever owns it tells them outside its own lock.

    Parameters
    ----------
    of : str
        What is watched, as the log names it.
    """

    def __init__(self, of: str) -> None:
        self._of = of
        self._lock = threading.Lock()
        self._them: list[Callable[P, object]] = []

    def __bool__(self) -> bool:
        """Return whether anybody watches."""
        return bool(self._them)

    def add(self, watcher: Callable[P, object]) -> Callable[[], None]:
        """Tell somebody from now on; return how to end it."""
        with self._lock:
            self._them.append(watcher)

        def end() -> None:
            with self._lock:
                if watcher in self._them:
                    self._them.remove(watcher)

        return end

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell everybody; one that fails does not keep the others from hearing."""
        with self._lock:
            them = list(self._them)
        for watcher in them:
            try:
                watcher(*args, **kwargs)
            except Exception:
                logging.getLogger(__name__).exception("a watcher of %s failed", self._of)
