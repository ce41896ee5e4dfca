"""The pages, by address: `/` is home, `/play/KEY/PAGE` a page of a game, `/lab` the laboratory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import solara

from mobilize.app.frame import Broken, GameFrame, NotFound
from mobilize.app.pages.home import HomePage
from mobilize.app.pages.laboratory import LaboratoryPage
from mobilize.app.pages.study import StudyPage
from mobilize.app.present import the_house
from mobilize.game.file import GameError


@solara.component
def App() -> None:
    """Show what the address names; whatever fails there is said, and never a traceback."""
    router = solara.use_router()
    go: Callable[[str], None] = router.push
    with solara.Div(classes=["mob"]):
        _Whole(router.path, go).key(router.path.split("/")[1] or "home")


@solara.component
def _Whole(path: str, go: Callable[[str], None]) -> None:
    fault, _ = solara.use_exception()
    parts = [part for part in path.split("/") if part]
    if fault is not None:
        Broken(fault, go).key("fault")
    elif not parts:
        HomePage(go).key("home")
    elif parts[0] == "play" and len(parts) > 1:
        page = parts[2] if len(parts) > 2 else "situation"
        _Game(parts[1], page, go).key(parts[1])
    elif parts == ["lab"]:
        LaboratoryPage(go).key("lab")
    elif parts[0] == "lab" and len(parts) == 2:
        StudyPage(parts[1], go).key(parts[1])
    else:
        NotFound("There is no such page.", go).key("none")


@solara.component
def _Game(key: str, page: str, go: Callable[[str], None]) -> None:
    """Show a page of a game, or say why it cannot be shown."""

    def find() -> object:
        try:
            return the_house().open(key)
        except (GameError, sqlite3.Error) as error:
            return str(error)

    found = solara.use_memo(find, [key])
    if found is None:
        NotFound("There is no such game on this machine.", go).key("none")
    elif isinstance(found, str):
        NotFound(found, go).key("fault")
    else:
        GameFrame(found, page, go).key("game")


@solara.component
def Bare(children: list[solara.Element] = []) -> None:  # noqa: B006 - Solara's way of saying so
    """Put nothing around the pages."""
    solara.Div(children=children)


routes = [
    solara.Route("/", component=App, layout=Bare),
    solara.Route("play", component=App),
    solara.Route("lab", component=App),
]
