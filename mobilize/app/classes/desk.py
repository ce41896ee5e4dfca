"""A desk in a class: who sits there, the bar above its pages, and the one way from a click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara.lab import cookies

from mobilize.app.classes.pupil import PUPIL_PAGES, PupilPage
from mobilize.app.classes.shared import Look, the_school, use_look
from mobilize.app.classes.teacher import TEACHER_PAGES, TeacherPage
from mobilize.app.rooms.seat import GONE, Nowhere, _Broken
from mobilize.app.rooms.shared import Act
from mobilize.app.rooms.tokens import token_of
from mobilize.lessons.classroom.sight import common
from mobilize.lessons.classroom.value import INSTRUCTOR
from mobilize.rooms.room import RoomError

Go = Callable[[str], None]


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
    token = token_of(cookies.value, member)
    fault, _ = solara.use_exception()
    try:
        held = the_school().who(token) if token else None
        told = GONE
    except RoomError as error:
        held, told = None, str(error)
    if fault is not None:
        _Broken(fault).key("fault")
    elif held is None or held[1] != member:
        Nowhere(told, "No seat here").key("none")
    else:
        _Desk(held[0], member, token, page, go).key(member)


@solara.component
def _Desk(key: str, member: str, token: str, page: str, go: Go) -> None:
    """Show a page of a desk; what is refused is told in the bar."""
    look = use_look(key, member)
    fault, set_fault = solara.use_state({"text": "", "number": 0})

    def act(given: dict[str, Any]) -> None:
        try:
            kind, body, n = given["kind"], given["body"], given["n"]
        except (KeyError, TypeError):
            kind, body, n = "", {}, 0
        refused = the_school().dispatch(token, kind, body, n)
        told = "" if refused is None or refused.known else refused.why
        set_fault(lambda before: {"text": told, "number": int(before["number"]) + 1})

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
    with solara.v.Html(tag="main", class_="page", attributes={"id": "page", "tabindex": "-1"}):
        _Guarded(key, look, current, act, go).key(f"{leads}-{current}")


@solara.component
def _Guarded(key: str, look: Look, page: str, act: Act, go: Go) -> None:
    """Show a page, or the fault that keeps it from being shown."""
    fault, _ = solara.use_exception()
    if fault is not None:
        _Broken(fault).key("fault")
    elif look.person.team == INSTRUCTOR:
        TeacherPage(key, look, page, act, go).key("page")
    else:
        PupilPage(key, look, page, act, go).key("page")


def badge(look: Look) -> dict[str, Any]:
    """Return who sits here, for the bar."""
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
        "open": step is not None and room.takes(step),
    }
