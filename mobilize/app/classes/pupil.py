"""Placeholder."""

from __future__ import annotations

from typing import Any

import solara

from mobilize.app.classes.shared import Look
from mobilize.app.rooms.shared import Act

PUPIL_PAGES = {"lesson": "Lesson"}


@solara.component_vue("../rooms/plain.vue")
def Plain(text: str, event_act: Act) -> None:
    """Show raw data."""


@solara.component
def PupilPage(key: str, look: Look, page: str, act: Act, go: Any) -> None:
    """Show a page."""
    Plain(text=str(look.room.lesson.handout), event_act=act)
