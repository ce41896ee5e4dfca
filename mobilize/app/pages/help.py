"""Help: a page to read, search and print."""

from __future__ import annotations

from typing import Any

import solara

from mobilize.app.present import Ask
from mobilize.app.views.help import help_page
from mobilize.game.sitting import Sitting, View


@solara.component_vue("../components/help.vue")
def Help(help: dict[str, Any], play: str) -> None:
    """Show the help."""


@solara.component
def HelpPage(sitting: Sitting, view: View, ask: Ask) -> None:
    """Show what this is, how to use it and what its words mean."""
    scenario = view.game.scenario
    said = solara.use_memo(lambda: help_page(view), [scenario.digest])
    Help(help=said, play=f"/play/{sitting.key}/situation")
