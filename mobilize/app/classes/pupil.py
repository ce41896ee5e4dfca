"""The pages of somebody in a team; what they show comes from one sight of the class."""

from __future__ import annotations

from typing import Any

import solara

from mobilize.app.classes.pupils.game import GamePage
from mobilize.app.classes.pupils.lesson import LessonPage
from mobilize.app.classes.pupils.practice import PracticePage, WordsPage
from mobilize.app.classes.shared import Look, the_workers
from mobilize.app.pages.why import WhyDrawer
from mobilize.app.seats.held import Act
from mobilize.game.sitting import View

PUPIL_PAGES = {"lesson": "Lesson", "game": "Our game", "desk": "DPAS desk", "words": "Words"}


@solara.component
def PupilPage(key: str, look: Look, page: str, act: Act, go: Any) -> None:
    """Show a page, and the drawer that answers why about the team's own game."""
    nothing: dict[str, Any] | None = None
    asked, set_asked = solara.use_state(nothing)
    team = look.room.teams[look.person.team]
    view = solara.use_memo(lambda: View(team.game, team.draft), [team])

    def ask(kind: str, target: str, month: int | None = None) -> None:
        set_asked({"kind": kind, "target": target, "month": month})

    if page == "game":
        GamePage(view, ask)
    elif page == "desk":
        PracticePage(look, act)
    elif page == "words":
        WordsPage(look)
    else:
        LessonPage(look, view, act, ask, lambda: go(f"/seat/{look.person.id}/game"))
    if page in ("lesson", "game"):
        WhyDrawer(the_workers(), view, asked, ask, lambda: set_asked(None))
