"""The server of a tabletop: one process that serves rooms, to this machine or a network."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from mobilize.app.server import SETTINGS, nothing

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from mobilize.rooms.hall import Hall
    from mobilize.workers import Workers

TICK = 0.5  # seconds between two looks at the clocks of rooms


def application(hall: Hall, workers: Workers, hosts: frozenset[str]) -> Starlette:
    """Return the application that serves the rooms of a hall.

    Parameters
    ----------
    hosts : frozenset of str
        Host headers that are answered, with the port.
    """
    os.environ.update(SETTINGS | {"SOLARA_APP": "mobilize.app.rooms.main"})
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    import solara.server.starlette as solara_server
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Mount, Route

    from mobilize.app.downloads import alive
    from mobilize.app.guard import Guard
    from mobilize.app.rooms import join, shared

    shared.hall, shared.workers = hall, workers
    over = threading.Event()

    def ticking() -> None:
        while not over.wait(TICK):
            hall.tick()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        threading.Thread(target=ticking, daemon=True).start()
        async with solara_server.lifespan(app):
            yield
        over.set()
        workers.close()
        hall.store.close()

    own = [Route("/healthz", endpoint=alive), *join.routes]
    return Starlette(
        routes=[*own, Mount("/", routes=solara_server.routes)],
        middleware=[Middleware(Guard, hosts=hosts), *solara_server.middleware],
        lifespan=lifespan,
        exception_handlers={404: nothing},
    )
