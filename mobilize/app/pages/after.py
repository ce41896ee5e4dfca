"""After action: what was decided, what came of it, and what each decision was worth."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.present import Ask, the_house, use_latest
from mobilize.app.views.after import after_view, files, progress, worth_view
from mobilize.game.game import Game
from mobilize.game.lookback import Lookback
from mobilize.game.sitting import Sitting, View
from mobilize.workers import Workers

OPEN = 16  # games whose review goes on while nobody looks


@solara.component_vue("../components/after.vue")
def AfterPicture(
    shown: dict[str, Any],
    worth: dict[str, Any] | None,
    progress: dict[str, Any],
    files: list[dict[str, str]],
    event_start: Callable[[Any], None],
    event_stop: Callable[[Any], None],
    event_ask: Callable[[list[Any]], None],
) -> None:
    """Draw the timeline, what each decision was worth, and the files to take home."""


@solara.component
def AfterPage(sitting: Sitting, view: View, ask: Ask) -> None:
    """Show a game looked back on; what takes long is worked out by other processes."""
    game = view.game
    work, done = _use_lookback(sitting.key, game, the_house().workers)
    effects = work.effects
    shown = solara.use_memo(lambda: after_view(game, effects), [game, len(effects)])
    found = work.review
    worth = solara.use_memo(
        lambda: None if found is None else worth_view(found), [found is None, game]
    )
    AfterPicture(
        shown=shown,
        worth=worth,
        progress=solara.use_memo(lambda: progress(work), [done, game]),
        files=files(sitting.key),
        event_start=lambda _: work.start(),
        event_stop=lambda _: work.stop(),
        event_ask=lambda about: ask(about[0], about[1], about[2]),
    )


def _use_lookback(key: str, game: Game, workers: Workers) -> tuple[Lookback, object]:
    """Return the review of a game and what changes with it; the effects are worked out at once."""
    work = solara.use_memo(lambda: _lookback(key, game, workers), [key, game.identity])
    state = use_latest(work, lambda: (work.done, work.weighing, work.fault))
    solara.use_effect(lambda: work.start(worlds=False), [work])
    return work, state


_LOOKBACKS: OrderedDict[str, Lookback] = OrderedDict()
_LOCK = threading.Lock()


def _lookback(key: str, game: Game, workers: Workers) -> Lookback:
    """Return the review of a game that every tab shares; one of an earlier month stops."""
    with _LOCK:
        work = _LOOKBACKS.get(key)
        if work is None or work.game.identity != game.identity:
            if work is not None:
                work.stop()
            work = _LOOKBACKS[key] = Lookback(game, workers)
        _LOOKBACKS.move_to_end(key)
        while len(_LOOKBACKS) > OPEN:
            _LOOKBACKS.popitem(last=False)[1].stop()
        return work
