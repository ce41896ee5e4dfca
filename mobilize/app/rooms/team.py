"""A team's seat: its pages, each made of what the seat may see and do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import solara

from mobilize.app.rooms.once import once
from mobilize.app.rooms.shared import Look
from mobilize.app.rooms.teams.brief import BriefPage
from mobilize.app.rooms.teams.given import Given, given
from mobilize.app.rooms.teams.plan import PlanPage
from mobilize.app.rooms.teams.situation import SituationPage
from mobilize.app.rooms.teams.talk import TalkPage
from mobilize.app.rooms.teams.views.helping import helped
from mobilize.app.seats.held import Act

TEAM_PAGES = {
    "plan": "Plan",
    "situation": "Situation",
    "talk": "Talk",
    "brief": "Brief",
    "help": "Help",
}


@solara.component_vue("teams/help.vue")
def TeamHelp(help: dict[str, Any]) -> None:
    """Show the help of a seat."""


@solara.component
def TeamPage(key: str, look: Look, page: str, act: Act, go: Callable[[str], None]) -> None:
    """Show a page of a team."""

    def to(name: str) -> None:
        go(f"/seat/{look.member.id}/{name}")

    found = given(key, look, act, to)
    if page == "talk":
        TalkPage(key, found)
    elif page == "help":
        _Help(key, found)
    else:
        {"situation": SituationPage, "brief": BriefPage}.get(page, PlanPage)(found)


@solara.component
def _Help(key: str, given: Given) -> None:
    sight = given.sight
    rows = once(_helped, sight["you"], sight["world"], given.menu, given.acts)
    seat = quote(given.seat)
    papers = {
        name: f"/api/room/{key}/{file}?seat={seat}&show=1"
        for name, file in (("handout", "handout.html"), ("report", "team.html"))
    }
    TeamHelp(help=rows | papers)


def _helped(you: Any, world: Any, menu: Any, deeds: Any) -> dict[str, Any]:
    return helped(you, world, list(TEAM_PAGES.values()), menu, deeds)
