"""A seat: who holds it, the bar above its pages, and the one way from a click to the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from mobilize.app.rooms.once import once
from mobilize.app.rooms.shared import Look, the_hall, use_look
from mobilize.app.rooms.team import TEAM_PAGES, TeamPage
from mobilize.app.rooms.teams.views.seats import news
from mobilize.app.rooms.watch import WATCH_PAGES, WatchPage
from mobilize.app.rooms.white import WHITE_PAGES, WhitePage
from mobilize.app.seats.held import GONE, Act, Go, Guarded, Held, Main, Nowhere, use_acts
from mobilize.rooms.roles import WATCHERS, WHITE_CELL


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
def SeatPage(member: str, page: str, go: Go) -> None:
    """Show a member its seat, if this browser holds the member's token."""
    Held(the_hall(), member, lambda key, token: _Seat(key, member, token, page, go))


@solara.component
def _Seat(key: str, member: str, token: str, page: str, go: Go) -> None:
    """Show a page of a seat; what is refused is told in the bar."""
    look = use_look(key, member)
    act, fault = use_acts(the_hall(), token)
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
    with Main():
        Guarded(lambda: _Page(key, look, current, act, go)).key(f"{shown}-{current}")


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
