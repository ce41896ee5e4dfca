"""A desk in a class: who sits there, the bar above its pages, and the one way from a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.classes.pupil import PUPIL_PAGES, PupilPage
from mobilize.app.classes.shared import Look, the_school, use_look
from mobilize.app.classes.teacher import TEACHER_PAGES, TeacherPage
from mobilize.app.seats.held import GONE, Act, Go, Guarded, Held, Main, Nowhere, use_acts
from mobilize.lessons.classroom.sight import common
from mobilize.lessons.classroom.value import INSTRUCTOR


@solara.component_vue("classbar.vue")
def ClassBar(
    lesson: dict[str, Any],
    you: dict[str, Any],
    pages: list[dict[str, Any]],
    current: str,
    sequence: int,
    fault: dict[str, Any],
    event_go: Callable[[str], None],
    event_act: Act,
) -> None:
    """Show the lesson, its steps, the clock and who you are; take the keys."""


@solara.component
def DeskPage(member: str, page: str, go: Go) -> None:
    """Show a member their desk, if this browser holds the member's token."""
    Held(the_school(), member, lambda key, token: _Desk(key, member, token, page, go))


@solara.component
def _Desk(key: str, member: str, token: str, page: str, go: Go) -> None:
    """Show a page of a desk; what is refused is told in the bar."""
    look = use_look(key, member)
    act, fault = use_acts(the_school(), token)
    if look is None:
        Nowhere(GONE, "No seat here").key("gone")
        return
    leads = look.person.team == INSTRUCTOR
    pages = TEACHER_PAGES if leads else PUPIL_PAGES
    current = page if page in pages else next(iter(pages))
    ClassBar(
        lesson=common(look.room),
        you=badge(look),
        pages=[{"id": name, "label": label} for name, label in pages.items()],
        current=current,
        sequence=look.person.sequence,
        fault=fault,
        event_go=lambda name: go(f"/seat/{member}/{name}"),
        event_act=act,
    )
    shown = TeacherPage if leads else PupilPage
    with Main():
        Guarded(lambda: shown(key, look, current, act, go)).key(f"{leads}-{current}")


def badge(look: Look) -> dict[str, Any]:
    """Return who sits here, for the bar; `open`: there is work that can be handed in."""
    person, room = look.person, look.room
    leads = person.team == INSTRUCTOR
    step = room.step
    handed = not leads and step is not None and step.name in room.teams[person.team].handed
    return {
        "name": person.name,
        "team": person.team,
        "part": next((p.title for p in room.lesson.parts if p.name == person.part), ""),
        "leads": leads,
        "handed": handed,
        "open": step is not None and room.takes(step) and bool(room.asked(step) or step.levers),
    }
