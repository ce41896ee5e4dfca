"""The pages of a class: `/seat/MEMBER/PAGE` is what one person sees; joining is plain HTML."""

from __future__ import annotations

import solara

from mobilize.app.classes.desk import DeskPage
from mobilize.app.main import Bare
from mobilize.app.rooms.seat import Nowhere


@solara.component
def App() -> None:
    """Show the desk that the address names."""
    router = solara.use_router()
    parts = [part for part in router.path.split("/") if part]
    with solara.Div(classes=["mob"]):
        if len(parts) in (2, 3) and parts[0] == "seat":
            page = parts[2] if len(parts) == 3 else ""
            DeskPage(parts[1], page, router.push).key(parts[1])
        else:
            Nowhere("There is no such page.").key("none")


routes = [
    solara.Route("/", component=App, layout=Bare),
    solara.Route("seat", component=App),
]
