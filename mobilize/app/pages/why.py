"""The drawer that answers why: first the chain, then what relief would have been worth."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any

import solara

from mobilize.app.views.answers import empty
from mobilize.app.views.why import answer
from mobilize.game.sitting import View
from mobilize.workers import Workers

Question = dict[str, Any]  # kind, target, month
Answered = dict[str, Any]


@solara.component_vue("../components/why.vue")
def Drawer(
    answer: Answered,
    waiting: bool,
    measuring: bool,
    event_ask: Callable[[Question], None],
    event_close: Callable[[Any], None],
) -> None:
    """Show an answer in a panel at the right."""


@solara.component
def WhyDrawer(
    workers: Workers,
    view: View,
    asked: Question | None,
    ask: Callable[[str, str, int | None], None],
    close: Callable[[], None],
) -> None:
    """Answer the question asked, if there is one; the work is done in a worker."""
    found, set_found = solara.use_state({})

    def look() -> Callable[[], None]:
        over = threading.Event()
        if asked is not None:
            told = (asked["kind"], asked["target"], asked["month"])

            def follow() -> None:
                for relief in (False, True):
                    said = _answer(workers, view, told, relief)
                    if over.is_set():
                        return
                    set_found({"of": (told, view.game.month), "answer": said})
                    if said["error"] or said["relief_known"]:
                        return

            threading.Thread(target=follow, daemon=True).start()
        return over.set

    key = (asked and (asked["kind"], asked["target"], asked["month"]), view.game.month)
    solara.use_effect(look, [key, view.game])
    if asked is None:
        return
    here = found.get("of") == key
    said = found["answer"] if here else empty(asked["kind"], asked["target"])
    Drawer(
        answer=said,
        waiting=not here,
        measuring=here and not said["relief_known"],
        event_ask=lambda q: ask(str(q["kind"]), str(q["target"]), q.get("month")),
        event_close=lambda _: close(),
    )


def _answer(
    workers: Workers, view: View, told: tuple[str, str, int | None], relief: bool
) -> Answered:
    """Let a worker answer; where it fails, say so instead."""
    try:
        return workers.answer(answer, view.game, *told, relief)
    except (Exception, CancelledError) as error:  # whatever happened there, the page stands
        text = f"The answer failed: {type(error).__name__}: {error}"
        return empty(told[0], told[1]) | {"error": text}
