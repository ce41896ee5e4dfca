"""The DPAS desk to practise at, and the words of the course."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.classes.shared import Look
from mobilize.app.seats.held import Act
from mobilize.app.views.practice import desk
from mobilize.app.views.words import words
from mobilize.lessons.desk.generate import levels


@solara.component_vue("practice.vue")
def Practice(desk: dict[str, Any], event_level: Callable[[int], None], event_act: Act) -> None:
    """Show a case, take the answer, show its marks."""


@solara.component_vue("words.vue")
def Words(words: list[dict[str, Any]], lesson: str) -> None:
    """Show the words of the course."""


@solara.component
def PracticePage(look: Look, act: Act) -> None:
    """Show the next case of the level that one chose."""
    level, choose = solara.use_state(1)
    mine = tuple(one for one in look.room.attempts if one.member == look.person.id)
    told = solara.use_memo(lambda: desk(look.room, look.person, level), [mine, level])
    Practice(
        desk=told,
        event_level=lambda n: choose(min(max(int(n), 1), len(levels()))),
        event_act=act,
    )


@solara.component
def WordsPage(look: Look) -> None:
    """Show the words, those of the lesson first."""
    lesson = look.room.lesson
    found = solara.use_memo(lambda: words(lesson), [lesson.name])
    Words(words=found, lesson=lesson.handout)
