"""The server of a tabletop: one process that serves rooms, to this machine or a network."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from mobilize.app.server import SETTINGS, nothing

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from mobilize.rooms.hall import Hall
    from mobilize.workers import Workers

TICK = 0.5  # seconds between two looks at the clocks of rooms
LARGEST = 10_000  # bytes of a request body: a form has three short fields
PARTS = ("/static", "/jupyter/nbextensions", "/_solara/cdn")  # of Solara: files that pages load


def application(hall: Hall, workers: Workers, hosts: frozenset[str]) -> Starlette:
    """Return the application that serves the rooms of a hall.

    Parameters
    ----------
    hosts : frozenset of str
        Host headers that are answered besides the address of a connection, with the port.
    """
    os.environ.update(SETTINGS | {"SOLARA_APP": "mobilize.app.rooms.main"})
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    import solara.server.starlette as solara_server
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    from mobilize.app.guard import Guard
    from mobilize.app.rooms import shared
    from mobilize.app.rooms.gate import Gate

    shared.hall, shared.workers = hall, workers
    over = threading.Event()

    def ticking() -> None:
        wake(hall)
        while not over.wait(TICK):
            try:
                hall.tick()
            except Exception:
                logging.getLogger(__name__).exception("the clocks of rooms")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        threading.Thread(target=ticking, daemon=True).start()
        async with solara_server.lifespan(app):
            yield
        over.set()
        workers.close()
        hall.store.close()

    guards = [Middleware(Guard, hosts=hosts, largest=LARGEST), Middleware(Gate, hall=hall)]
    return Starlette(
        routes=routes(),
        middleware=[*guards, *solara_server.middleware],
        lifespan=lifespan,
        exception_handlers={404: nothing, Exception: broken},
    )


def routes() -> list[BaseRoute]:
    """Return what is answered: own pages, and of Solara only what a seat's page needs."""
    import solara.server.starlette as solara_server
    from starlette.routing import Mount, Route

    from mobilize.app.downloads import alive
    from mobilize.app.rooms import join

    needed = [
        route
        for route in solara_server.routes
        if getattr(route, "endpoint", None)
        in (solara_server.kernel_connection, solara_server.close)
        or (isinstance(route, Mount) and route.path.startswith(PARTS))
    ]
    return [Route("/healthz", endpoint=alive), *join.routes, *needed]


def broken(request: Request, error: Exception) -> Response:
    """Say that something failed, and nothing more; the server's console has the rest."""
    from starlette.responses import PlainTextResponse

    from mobilize.app.guard import HEADERS

    return PlainTextResponse("This failed: tell the white cell.", 500, headers=HEADERS)


def wake(hall: Hall) -> None:
    """Open the latest room before anybody comes back to it."""
    from mobilize.app.rooms.shared import ready

    for row in hall.rows()[:1]:
        try:
            ready(hall.room(row.id))
        except Exception:  # whoever joins it is told
            logging.getLogger(__name__).warning("room %s cannot be opened yet", row.id)
