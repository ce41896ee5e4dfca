"""The server of rooms or classes: one process, for this machine or a network."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from mobilize.app.server import SETTINGS, nothing

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from mobilize.rooms.host import Host
    from mobilize.workers import Workers

TICK = 0.5  # seconds between two looks at the clocks of rooms
LARGEST = 10_000  # bytes of a request body: a form has three short fields
PARTS = ("/static", "/jupyter/nbextensions", "/_solara/cdn")  # of Solara: files that pages load


def prepare(pages: str) -> None:
    """Tell Solara which module its pages are in; before anything imports it."""
    os.environ.update(SETTINGS | {"SOLARA_APP": pages})
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)


def served(
    host: Host[Any],
    workers: Workers,
    hosts: frozenset[str],
    own: Sequence[BaseRoute],
    tick: Callable[[], None] = lambda: None,
    ready: Callable[[Any], object] = lambda _: None,
) -> Starlette:
    """Return the application that serves what people change together; see :func:`prepare`.

    Parameters
    ----------
    own : sequence of routes
        Beside those that its pages need of Solara.
    tick : callable
        Called twice a second.
    hosts : frozenset of str
        Host headers that are answered besides the address of a connection, with the port.
    """
    import solara.server.starlette as solara_server
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    from mobilize.app.guard import Guard
    from mobilize.app.seats.gate import Gate

    over = threading.Event()

    def ticking() -> None:
        wake(host, ready)
        while not over.wait(TICK):
            try:
                tick()
            except Exception:
                logging.getLogger(__name__).exception("the clocks")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        threading.Thread(target=ticking, daemon=True).start()
        async with solara_server.lifespan(app):
            yield
        over.set()
        workers.close()
        host.store.close()

    guards = [Middleware(Guard, hosts=hosts, largest=LARGEST), Middleware(Gate, host=host)]
    return Starlette(
        routes=[*own, *routes()],
        middleware=[*guards, *solara_server.middleware],
        lifespan=lifespan,
        exception_handlers={404: nothing, Exception: broken},
    )


def routes() -> list[BaseRoute]:
    """Return what is answered besides own pages: of Solara only what a seat's page needs."""
    import solara.server.starlette as solara_server
    from starlette.routing import Mount, Route

    from mobilize.app.downloads import alive

    called = (solara_server.kernel_connection, solara_server.close)
    needed = [
        route
        for route in solara_server.routes
        if getattr(route, "endpoint", None) in called
        or (isinstance(route, Mount) and route.path.startswith(PARTS))
    ]
    own = [Route("/healthz", endpoint=alive), Route("/favicon.ico", endpoint=no_icon)]
    return [*own, *needed]


def no_icon(request: Request) -> Response:
    """Answer browsers that ask for a picture of their own accord."""
    from starlette.responses import Response

    return Response(status_code=204)


def broken(request: Request, error: Exception) -> Response:
    """Say that something failed, and nothing more; the server's console has the rest."""
    from starlette.responses import PlainTextResponse

    from mobilize.app.guard import HEADERS

    return PlainTextResponse("This failed: tell whoever leads here.", 500, headers=HEADERS)


def wake(host: Host[Any], ready: Callable[[Any], object]) -> None:
    """Open the latest room or class before anybody comes back to it, and make it ready."""
    for row in host.rows()[:1]:
        try:
            ready(host.value(row.id))
        except Exception:  # whoever joins it is told
            logging.getLogger(__name__).warning("%s %s cannot be opened yet", host.of, row.id)
