"""What every tab of this process shares: the house and the laboratory, set once by the server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

import solara

from experiments.laboratory.house import Laboratory
from mobilize.game.house import House
from mobilize.game.sitting import Sitting, View

ENDS = 0.2  # seconds that a closing tab waits for its thread
AGAIN, TRIES = 0.5, 5  # seconds until a tab that could not be brought up to date tries again; times
T = TypeVar("T")
Ask = Callable[[str, str, int | None], None]
"""Asks why: what kind of thing, which, and in which month of the game (None: now)."""


class Source(Protocol):
    """What can be watched from any thread; `watch` returns how to end it."""

    def watch(self, watcher: Callable[[], None], /) -> Callable[[], None]:
        """Call `watcher` after every change."""


house: House | None = None
laboratory: Laboratory | None = None


def the_house() -> House:
    """Return the house that this process serves."""
    if house is None:
        raise RuntimeError("no house: start the server by `mobilize play`")
    return house


def the_laboratory() -> Laboratory:
    """Return the laboratory that this process serves."""
    if laboratory is None:
        raise RuntimeError("no laboratory: start the server by `mobilize play`")
    return laboratory


def use_latest(source: Source, look: Callable[[], T], pause: float = 0.0) -> T:
    """Return what `look` finds now, and render again whenever a source says it has changed.

    Changes come from any thread; a thread of this tab's own takes the latest to it, so that a
    slow tab skips what it has missed and holds up nobody. One that fails says so in the log and
    tries again: else it would stand still until it is loaded again.

    Parameters
    ----------
    source
        What is watched; another one is watched from the next rendering on.
    pause : float
        Seconds between two looks, at least.
    """
    found, set_found = solara.use_state(look())
    _, set_failures = solara.use_state(0)

    def subscribe() -> Callable[[], None]:
        changed, over = threading.Event(), threading.Event()

        def feed() -> None:
            failed = 0
            while changed.wait() and not over.is_set():
                changed.clear()
                try:
                    set_found(look())
                    if failed:
                        set_failures(lambda n: n + 1)  # paints what the failure left unpainted
                    failed = 0
                except Exception:
                    failed += 1
                    logging.getLogger(__name__).exception("a tab is not up to date")
                    over.wait(AGAIN)
                    if failed < TRIES:
                        changed.set()
                if pause:
                    over.wait(pause)

        end = source.watch(changed.set)
        thread = threading.Thread(target=feed, daemon=True)
        thread.start()
        changed.set()

        def leave() -> None:
            end()
            over.set()
            changed.set()
            if thread is not threading.current_thread():
                thread.join(ENDS)  # ended while Solara counts threads, it breaks a tab's close

        return leave

    solara.use_effect(subscribe, [source])
    return found


def use_view(sitting: Sitting) -> View:
    """Return what a sitting is now, and render again whenever it changes."""
    return use_latest(sitting, lambda: sitting.view)
