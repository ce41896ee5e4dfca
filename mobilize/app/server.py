"""The server: one process that serves the pages of one house on this machine."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import warnings
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from experiments.laboratory.house import Laboratory
    from mobilize.game.house import House

LOOPBACK = "127.0.0.1"
TRIES = 20  # ports tried after the one asked for, if that is taken
SETTINGS = {
    "SOLARA_APP": "mobilize.app.main",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_ASSETS_EXTRA_LOCATIONS": (Path(__file__).parent / "assets").as_posix(),
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ALLOW_GLOBAL_CONTEXT": "False",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_KERNEL_CULL_TIMEOUT": "20m",
    "SOLARA_THEME_FORCE_REFRESH": "True",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Mobilize",
}
"""What Solara reads when it is imported: no word to anybody else, pages come back by themselves."""

NOTHING = """<!doctype html><html lang="en"><title>Not here · Mobilize</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto">
<main><h1>Not here</h1><p>There is no such page.</p><p><a href="/">Home</a></p></main>"""


def nothing(request: Request, error: Exception) -> Response:
    """Say that there is no such page."""
    from starlette.responses import HTMLResponse

    return HTMLResponse(NOTHING, status_code=404)


def application(house: House, laboratory: Laboratory, port: int) -> Starlette:
    """Return the application that serves a house and a laboratory on a port of this machine."""
    os.environ.update(SETTINGS)
    # Over plain http on this machine the cookie is kept to this site, which is what is wanted.
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    import solara.server.starlette as solara_server
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Mount

    from mobilize.app import downloads, downloads_lab, present
    from mobilize.app.guard import Guard

    present.house, present.laboratory = house, laboratory

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with solara_server.lifespan(app):
            yield
        laboratory.close()
        house.close()

    hosts = frozenset(f"{name}:{port}" for name in (LOOPBACK, "localhost"))
    return Starlette(
        routes=[*downloads.routes, *downloads_lab.routes, Mount("/", routes=solara_server.routes)],
        middleware=[Middleware(Guard, hosts=hosts), *solara_server.middleware],
        lifespan=lifespan,
        exception_handlers={404: nothing},
    )


def free_port(wanted: int, host: str = LOOPBACK) -> int:
    """Return a port of this machine that is free: the one wanted, or one of the next.

    Raises
    ------
    OSError
        If none of them is.
    """
    for port in range(wanted, wanted + TRIES):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"ports {wanted} to {wanted + TRIES - 1} are all taken; give another --port")


def serve(
    port: int,
    saves: Path,
    results: Path,
    browser: bool = True,
    folders: Sequence[str] = (),
) -> None:
    """Serve until interrupted; print the address first, and open it if wanted.

    Parameters
    ----------
    saves : Path
        SQLite file of the games.
    results : Path
        Folder of the results of studies.
    folders : sequence of str
        Scenario folders besides the shipped ones.
    """
    from experiments.laboratory.house import Laboratory
    from mobilize.game.house import House
    from mobilize.game.store import Store
    from mobilize.workers import Workers

    port = free_port(port)
    workers = Workers()
    house = House(Store(saves), workers, folders)
    workers.warm("arsenal-2026")
    address = f"http://{LOOPBACK}:{port}/"
    told = (
        f"Mobilize is at {address}\nGames are kept in {saves}\n"
        f"Results of studies are kept in {results}\nCtrl+C ends it."
    )
    app = application(house, Laboratory(results, workers, folders), port)
    run(app, LOOPBACK, port, told, address if browser else "")


def run(app: Starlette, host: str, port: int, told: str, opened: str = "") -> None:
    """Serve an application until interrupted.

    Parameters
    ----------
    told : str
        Printed once it answers.
    opened : str
        Address that is then opened in a browser, if any.
    """
    import uvicorn

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        ws_max_size=1_000_000,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)

    def tell() -> None:
        while not server.started:
            if server.should_exit:
                return
            threading.Event().wait(0.05)
        print(told, flush=True)
        if opened:
            webbrowser.open(opened)

    threading.Thread(target=tell, daemon=True).start()
    asyncio.run(server.serve())
