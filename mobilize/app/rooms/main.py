"""The pages of a room: `/seat/MEMBER/PAGE` is what one person sees; joining is plain HTML."""

from __future__ import annotations

import solara

from mobilize.app.main import Bare
from mobilize.app.rooms.seat import SeatPage
from mobilize.app.seats.held import SeatApp


@solara.component
def App() -> None:
    """Show the seat that the address names."""
    SeatApp(SeatPage)


routes = [
    solara.Route("/", component=App, layout=Bare),
    solara.Route("seat", component=App),
]
