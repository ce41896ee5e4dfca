"""Brief: what became of the plans, what was expected and came, what was told and happened."""

from __future__ import annotations

from typing import Any

import solara

from mobilize.app.rooms.once import once
from mobilize.app.rooms.teams.given import Given
from mobilize.app.rooms.teams.plan import PhaseNote
from mobilize.app.rooms.teams.views import briefing
from mobilize.app.rooms.teams.views.foretelling import predicted
from mobilize.app.rooms.teams.views.seats import over_note

Plain = dict[str, Any]


@solara.component_vue("turns.vue")
def Turns(turns: list[Plain]) -> None:
    """Show what became of plans."""


@solara.component_vue("foretold.vue")
def Foretold(rows: list[Plain]) -> None:
    """Show predictions beside what came."""


@solara.component_vue("heard.vue")
def Heard(told: list[Plain], feed: list[Plain]) -> None:
    """Show what was told, and what happened with its reason."""


@solara.component
def BriefPage(given: Given) -> None:
    """Show the brief of a seat."""
    sight, scenario = given.sight, given.scenario
    note = once(over_note, sight["room"])
    with solara.Div(classes=["seat-brief"]):
        if note is not None:
            with solara.Div(classes=["a-note"]).key("a-note"):
                PhaseNote(note=note, event_go=given.go)
        with solara.Div(classes=["a-own"]).key("a-own"):
            Turns(turns=once(briefing.turn_rows, sight["results"], sight["moves"], given.act_rows,
                             scenario))  # fmt: skip
            Foretold(rows=once(predicted, sight["predictions"], given.figures))
        Heard(told=once(briefing.told_rows, sight["told"]),
              feed=once(briefing.feed_rows, sight["feed"], scenario))  # fmt: skip
