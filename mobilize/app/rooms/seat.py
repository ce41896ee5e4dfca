"""A seat: who holds it, the bar above its pages, and the one way from a click to the room."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import solara
from solara.lab import cookies

from mobilize.app.rooms.once import once
from mobilize.app.rooms.shared import Act, Look, the_hall, use_look
from mobilize.app.rooms.team import TEAM_PAGES, TeamPage
from mobilize.app.rooms.teams.views.seats import news
from mobilize.app.rooms.tokens import token_of
from mobilize.app.rooms.watch import WATCH_PAGES, WatchPage
from mobilize.app.rooms.white import WHITE_PAGES, WhitePage
from mobilize.rooms.roles import WATCHERS, WHITE_CELL
from mobilize.rooms.room import RoomError

Go = Callable[[str], None]
GONE = (
    "This browser has no seat here, or it was given away. Join again with the code of the room; "
    "if you sat here a moment ago in another browser, go back to that one."
)


@solara.component_vue("nowhere.vue")
def NowhereNotice(title: str, text: str) -> None:
    """Say what is wrong, and offer to join."""


@solara.component_vue("bar.vue")
def Bar(
    room: dict[str, Any],
    seat: dict[str, Any],
    pages: list[dict[str, Any]],
    current: str,
    sequence: int,
    fault: dict[str, Any],
    event_go: Callable[[str], None],
    event_act: Act,
) -> None:
    """Show the room, the phase, the clock and who you are; take the keys."""


@solara.component
def Nowhere(text: str, title: str = "Not here") -> None:
    """Say that something is not there."""
    NowhereNotice(title=title, text=text)


@solara.component
def SeatPage(member: str, page: str, go: Go) -> None:
    """Show a member its seat, if this browser holds the member's token."""
    token = token_of(cookies.value, member)
    fault, _ = solara.use_exception()
    try:
        held = the_hall().who(token) if token else None
        told = GONE
    except RoomError as error:
        held, told = None, str(error)
    if fault is not None:
        _Broken(fault).key("fault")
    elif held is None or held[1] != member:
        Nowhere(told, "No seat here").key("none")
    else:
        _Seat(held[0], member, token, page, go).key(member)


@solara.component
def _Broken(fault: Exception) -> None:
    """Say that something cannot be shown; the traceback is for the server's console alone."""
    solara.use_memo(lambda: traceback.print_exception(fault), [fault])
    Nowhere("The room is safe. Load the page again; the server's console says more.",
            "This page cannot be shown")  # fmt: skip


@solara.component
def _Seat(key: str, member: str, token: str, page: str, go: Go) -> None:
    """Show a page of a seat; what is refused is told in the bar."""
    look = use_look(key, member)
    fault, set_fault = solara.use_state({"text": "", "number": 0})

    def act(given: dict[str, Any]) -> None:
        try:
            kind, body, n = given["kind"], given["body"], given["n"]
        except (KeyError, TypeError):
            kind, body, n = "", {}, 0
        refused = the_hall().dispatch(token, kind, body, n)
        told = "" if refused is None or refused.known else refused.why
        set_fault(lambda before: {"text": told, "number": int(before["number"]) + 1})

    if look is None:
        Nowhere(GONE, "No seat here").key("gone")
        return
    shown = look.sight["you"]["role"]
    pages = pages_of(shown)
    current = page if page in pages else next(iter(pages))
    Bar(
        room=look.sight["room"],
        seat=badge(look),
        pages=once(_tabs, shown, look.sight),
        current=current,
        sequence=look.member.sequence,
        fault=fault,
        event_go=lambda name: go(f"/seat/{member}/{name}"),
        event_act=act,
    )
    with solara.v.Html(tag="main", class_="page", attributes={"id": "page", "tabindex": "-1"}):
        _Guarded(key, look, current, act, go).key(f"{shown}-{current}")


@solara.component
def _Guarded(key: str, look: Look, page: str, act: Act, go: Go) -> None:
    """Show a page, or the fault that keeps it from being shown."""
    fault, _ = solara.use_exception()
    if fault is not None:
        _Broken(fault).key("fault")
    else:
        _Page(key, look, page, act, go).key("page")


@solara.component
def _Page(key: str, look: Look, page: str, act: Act, go: Go) -> None:
    role = look.sight["you"]["role"]
    if role == WHITE_CELL:
        WhitePage(key, look, page, act, go)
    elif role in WATCHERS:
        WatchPage(key, look, page, act, go)
    else:
        TeamPage(key, look, page, act, go)


def pages_of(role: str) -> dict[str, str]:
    """Return the pages of a role, by name."""
    if role == WHITE_CELL:
        return WHITE_PAGES
    return WATCH_PAGES if role in WATCHERS else TEAM_PAGES


def _tabs(role: str, sight: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pages of a role; `news` counts what has come there so far."""
    count = news(sight) if pages_of(role) is TEAM_PAGES else {}
    return [
        {"id": name, "label": label, "news": count.get(name, 0)}
        for name, label in pages_of(role).items()
    ]


def badge(look: Look) -> dict[str, Any]:
    """Return who sits here, for the bar."""
    you = look.sight["you"]
    part = next((p["title"] for p in you["parts"] if p["name"] == look.member.part), "")
    return {
        "id": you["seat"],
        "role": you["role"],
        "title": you["title"],
        "country": you["country"],
        "name": look.member.name,
        "member": look.member.id,
        "part": part,
        "submitted": look.sight["plan"]["submitted"],
        "plays": you["role"] not in (*WATCHERS, WHITE_CELL),
    }
