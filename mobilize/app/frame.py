"""What surrounds every page of a game: where you are, what time it is, and how to go on."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import solara

from mobilize.app.pages.after import AfterPage
from mobilize.app.pages.compare import ComparePage
from mobilize.app.pages.help import HelpPage
from mobilize.app.pages.log import LogPage
from mobilize.app.pages.map import MapPage
from mobilize.app.pages.network import NetworkPage
from mobilize.app.pages.situation import SituationPage
from mobilize.app.pages.sources import SourcesPage
from mobilize.app.pages.why import Question, WhyDrawer
from mobilize.app.present import the_house, use_view
from mobilize.app.views.frame import clock, told
from mobilize.app.views.help import TOUR
from mobilize.app.views.network import worst_item
from mobilize.game.sitting import KeepError, Sitting, View

PAGES = {
    "situation": "Situation",
    "network": "Network",
    "map": "Map",
    "compare": "Compare",
    "log": "Log",
    "after": "After action",
    "sources": "Sources",
    "help": "Help",
}


@solara.component_vue("components/frame.vue")
def Frame(
    pages: list[dict[str, str]],
    current: str,
    clock: dict[str, Any],
    told: str,
    event_go: Callable[[str], None],
    event_advance: Callable[[int], None],
    event_next: Callable[[Any], None],
    event_run: Callable[[bool], None],
    event_undo: Callable[[Any], None],
    event_discard: Callable[[Any], None],
    event_why: Callable[[Any], None],
) -> None:
    """Show the bar above every page; it takes the keys."""


@solara.component_vue("components/tour.vue")
def Tour(steps: list[dict[str, str]]) -> None:
    """Show a newcomer around, once."""


@solara.component_vue("components/notice.vue")
def Notice(title: str, text: str, event_home: Callable[[Any], None]) -> None:
    """Say what is wrong, and offer the way home."""


@solara.component
def NotFound(text: str, go: Callable[[str], None]) -> None:
    """Say that something is not there."""
    Notice(title="Not here", text=text, event_home=lambda _: go("/"))


@solara.component
def Broken(fault: Exception, go: Callable[[str], None]) -> None:
    """Say that something cannot be shown; the traceback is for the server's console alone."""
    solara.use_memo(lambda: traceback.print_exception(fault), [fault])
    Notice(
        title="This page cannot be shown",
        text=f"{type(fault).__name__}. The game is safe; the server's console says more.",
        event_home=lambda _: go("/"),
    )


@solara.component
def GameFrame(sitting: Sitting, page: str, go: Callable[[str], None]) -> None:
    """Show a page of a game inside the frame; a fault on a page leaves the frame standing."""
    view = use_view(sitting)
    nothing: Question | None = None
    asked, set_asked = solara.use_state(nothing)

    def ask(kind: str, target: str, month: int | None = None) -> None:
        set_asked({"kind": kind, "target": target, "month": month})

    def ask_worst(_: Any) -> None:
        ask("item", worst_item(sitting.view.model.world))

    Frame(
        pages=[{"id": name, "label": label} for name, label in PAGES.items()],
        current=page,
        clock=clock(view, sitting.key),
        told=told(view),
        event_go=lambda name: go("/" if name == "home" else f"/play/{sitting.key}/{name}"),
        event_advance=lambda played: _move(lambda: sitting.advance(int(played))),
        event_next=lambda _: _move(sitting.advance_to_event),
        event_run=lambda on: sitting.run() if on else sitting.pause(),
        event_undo=lambda _: _move(sitting.undo),
        event_discard=lambda _: sitting.discard(),
        event_why=ask_worst,
    )
    with solara.v.Html(tag="main", class_="page", attributes={"id": "page", "tabindex": "-1"}):
        _Guarded(sitting, view, page, ask, go).key(page)
        if page == "situation":
            Tour(steps=list(TOUR))
        WhyDrawer(the_house().workers, view, asked, ask, lambda: set_asked(None))


def _move(make: Callable[[], None]) -> None:
    """Make a move; where it cannot be kept, the view says why to every tab."""
    with suppress(KeepError):
        make()


@solara.component
def _Guarded(
    sitting: Sitting, view: View, page: str, ask: Callable[..., None], go: Callable[[str], None]
) -> None:
    """Show a page, or the fault that keeps it from being shown."""
    fault, _ = solara.use_exception()
    if fault is not None:
        Broken(fault, go).key("fault")
    else:
        _Page(sitting, view, page, ask, go).key("page")


Page = Callable[[Sitting, View, Callable[..., None]], Any]
SHOWN: dict[str, Page] = {
    "situation": SituationPage,
    "network": NetworkPage,
    "map": MapPage,
    "compare": ComparePage,
    "log": LogPage,
    "sources": SourcesPage,
    "help": HelpPage,
    "after": AfterPage,
}


@solara.component
def _Page(
    sitting: Sitting, view: View, page: str, ask: Callable[..., None], go: Callable[[str], None]
) -> None:
    if page in SHOWN:
        SHOWN[page](sitting, view, ask)
    else:
        NotFound("There is no such page.", go)
