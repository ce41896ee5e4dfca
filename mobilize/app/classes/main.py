"""The pages of a class: `/seat/MEMBER/PAGE` is what one person sees; joining is plain HTML."""

from __future__ import annotations

import solara

from mobilize.app.classes.desk import DeskPage
from mobilize.app.main import Bare
from mobilize.app.seats.held import SeatApp


@solara.component
def App() -> None:
    """Show the desk that the address names."""
    SeatApp(DeskPage)


routes = [
    solara.Route("/", component=App, layout=Bare),
    solara.Route("seat", component=App),
]
