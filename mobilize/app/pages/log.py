"""Log: what was decided, told and suffered so far, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.views.log import log
from mobilize.game.sitting import Sitting, View

Ask = Callable[[str, str, int | None], None]
LONGEST = 100  # characters of a search that are looked at
ALL: dict[str, Any] = {"kind": "", "country": "", "text": "", "page": 0}


@solara.component_vue("../components/log.vue")
def Log(
    log: dict[str, Any],
    csv: str,
    event_show: Callable[[dict[str, Any]], None],
    event_ask: Callable[[list[Any]], None],
) -> None:
    """Show a page of the log and what it can be filtered by."""


@solara.component
def LogPage(sitting: Sitting, view: View, ask: Ask) -> None:
    """Show the log of a game, the newest month first."""
    wanted, want = solara.use_state(ALL)
    shown = solara.use_memo(lambda: log(view, **wanted), [view.game, *wanted.values()])

    def show(given: dict[str, Any]) -> None:
        words = {name: str(given.get(name, ""))[:LONGEST] for name in ("kind", "country", "text")}
        want({**words, "page": int(given.get("page", 0))})

    Log(
        log=shown,
        csv=f"/api/game/{sitting.key}/log.csv",
        event_show=show,
        event_ask=lambda about: ask(str(about[0]), str(about[1]), int(about[2])),
    )
