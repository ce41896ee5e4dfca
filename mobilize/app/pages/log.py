"""Log: what was decided, told and suffered so far, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.pages.filtered import use_filter
from mobilize.app.present import Ask
from mobilize.app.views.log import log
from mobilize.game.sitting import Sitting, View


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
    wanted, show = use_filter("kind", "country", "text")
    shown = solara.use_memo(lambda: log(view, **wanted), [view.game, *wanted.values()])
    Log(
        log=shown,
        csv=f"/api/game/{sitting.key}/log.csv",
        event_show=show,
        event_ask=lambda about: ask(str(about[0]), str(about[1]), int(about[2])),
    )
