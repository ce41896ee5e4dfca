"""Sources: every number, its unit, what it rests on, and how sure anyone is of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.pages.filtered import use_filter
from mobilize.app.present import Ask
from mobilize.app.views.sources import sources
from mobilize.game.sitting import Sitting, View


@solara.component_vue("../components/sources.vue")
def Sources(
    sources: dict[str, Any],
    title: str,
    event_show: Callable[[dict[str, Any]], None],
) -> None:
    """Show a page of numbers and what they can be filtered by."""


@solara.component
def SourcesPage(sitting: Sitting, view: View, ask: Ask) -> None:
    """Show what every number of a game rests on."""
    wanted, show = use_filter("table", "confidence", "text")
    shown = solara.use_memo(lambda: sources(view, **wanted), [view.game, *wanted.values()])
    Sources(sources=shown, title=view.game.scenario.title, event_show=show)
