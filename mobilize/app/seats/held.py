"""Whoever holds a seat of a room or a class: their page, and how a click becomes an act."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import solara
from solara.lab import cookies

from mobilize.app.seats.tokens import token_of
from mobilize.rooms.host import Host
from mobilize.rooms.room import RoomError

Act = Callable[[dict[str, Any]], None]
"""Does what a browser sends: {"kind", "body", "n"}, `n` being the number of the act."""
Go = Callable[[str], None]
Show = Callable[[], object]
GONE = (
    "This browser has no seat here, or it was given away. Join again with the code; if you sat "
    "here a moment ago in another browser, go back to that one."
)


@solara.component_vue("nowhere.vue")
def NowhereNotice(title: str, text: str) -> None:
    """Say what is wrong, and offer to join."""


@solara.component
def Nowhere(text: str, title: str = "Not here") -> None:
    """Say that something is not there."""
    NowhereNotice(title=title, text=text)


@solara.component
def Broken(fault: Exception) -> None:
    """Say that something cannot be shown; the traceback is for the server's console alone."""
    solara.use_memo(lambda: traceback.print_exception(fault), [fault])
    Nowhere("Nothing is lost. Load the page again; the server's console says more.",
            "This page cannot be shown")  # fmt: skip


@solara.component
def Held(host: Host[Any], member: str, show: Callable[[str, str], solara.Element]) -> None:
    """Show a member their seat by its room's key and their token, if this browser holds it."""
    token = token_of(cookies.value, member)
    fault, _ = solara.use_exception()
    try:
        held = host.who(token) if token else None
        told = GONE
    except RoomError as error:
        held, told = None, str(error)
    if fault is not None:
        Broken(fault).key("fault")
    elif held is None or held[1] != member:
        Nowhere(told, "No seat here").key("none")
    else:
        show(held[0], token).key(member)


@solara.component
def Guarded(show: Show) -> None:
    """Show a page, or the fault that keeps it from being shown."""
    fault, _ = solara.use_exception()
    if fault is not None:
        Broken(fault).key("fault")
    else:
        _Shown(show).key("page")


@solara.component
def _Shown(show: Show) -> None:
    show()


def use_acts(host: Host[Any], token: str) -> tuple[Act, dict[str, Any]]:
    """Return how a page's clicks become acts, and what was refused last, for its bar."""
    fault, set_fault = solara.use_state({"text": "", "number": 0})

    def act(given: dict[str, Any]) -> None:
        try:
            kind, body, n = given["kind"], given["body"], given["n"]
        except (KeyError, TypeError):
            kind, body, n = "", {}, 0
        refused = host.dispatch(token, kind, body, n)
        told = "" if refused is None or refused.known else refused.why
        set_fault(lambda before: {"text": told, "number": int(before["number"]) + 1})

    return act, fault


@solara.component
def Main(children: list[solara.Element] = []) -> None:  # noqa: B006 - Solara's way of saying so
    """Put a page below the bar, where the keyboard can jump to."""
    solara.v.Html(tag="main", class_="page", attributes={"id": "page", "tabindex": "-1"},
                  children=children)  # fmt: skip


@solara.component
def SeatApp(seat: Callable[[str, str, Go], solara.Element]) -> None:
    """Show what the address `/seat/MEMBER/PAGE` names."""
    router = solara.use_router()
    parts = [part for part in router.path.split("/") if part]
    with solara.Div(classes=["mob"]):
        if len(parts) in (2, 3) and parts[0] == "seat":
            seat(parts[1], parts[2] if len(parts) == 3 else "", router.push).key(parts[1])
        else:
            Nowhere("There is no such page.").key("none")
