"""What every tab of this process shares: the house, set once by the server."""

from __future__ import annotations

import threading

import solara

from mobilize.game.house import House
from mobilize.game.sitting import Sitting, View

house: House | None = None


def the_house() -> House:
    """Return the house that this process serves."""
    if house is None:
        raise RuntimeError("no house: start the server by `mobilize play`")
    return house


def use_view(sitting: Sitting) -> View:
    """Return what a sitting is now, and render again whenever it changes.

    Changes come from any thread; a thread of this tab's own takes the latest to it, so that a
    slow tab skips what it has missed and holds up nobody.
    """
    view, set_view = solara.use_state(sitting.view)

    def subscribe() -> object:
        changed, over = threading.Event(), threading.Event()

        def feed() -> None:
            while changed.wait() and not over.is_set():
                changed.clear()
                set_view(sitting.view)

        end = sitting.watch(changed.set)
        threading.Thread(target=feed, daemon=True).start()
        changed.set()

        def leave() -> None:
            end()
            over.set()
            changed.set()

        return leave

    solara.use_effect(subscribe, [sitting.key])
    return view if view.game.scenario is sitting.view.game.scenario else sitting.view
