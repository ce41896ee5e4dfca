"""What can be taken home: a game and what became of it, as files."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from mobilize.app.present import the_house
from mobilize.app.views.log import log_csv
from mobilize.game.export import export_json, export_zip
from mobilize.game.file import GameError, write_game
from mobilize.game.game import fingerprint
from mobilize.game.lookback import by_workers
from mobilize.game.report import report_html
from mobilize.game.sitting import View


def alive(request: Request) -> Response:
    """Answer that the server runs."""
    return PlainTextResponse("ok")


def game_file(view: View) -> Response:
    """Return the game as a file that `mobilize replay` reads."""
    return Response(write_game(view.game, fingerprint(view.model)), media_type="application/json")


def log_file(view: View) -> Response:
    """Return every decision as a table."""
    return Response(log_csv(view), media_type="text/csv")


def report(view: View) -> Response:
    """Return the after-action report as one page."""
    return HTMLResponse(by_workers(report_html, view.game, the_house().workers))


def tables(view: View) -> Response:
    """Return the tables of the game in one archive."""
    content = by_workers(export_zip, view.game, the_house().workers)
    return Response(content, media_type="application/zip")


def everything(view: View) -> Response:
    """Return all there is about the game as JSON."""
    content = by_workers(export_json, view.game, the_house().workers)
    return Response(content, media_type="application/json")


KINDS = {
    "game.json": game_file,
    "report.html": report,
    "export.zip": tables,
    "export.json": everything,
    "log.csv": log_file,
}


def download(request: Request) -> Response:
    """Return one of the files of a game."""
    make = KINDS.get(request.path_params["name"])
    try:
        sitting = the_house().open(request.path_params["key"]) if make else None
    except GameError as error:
        return PlainTextResponse(str(error), status_code=409)
    if make is None or sitting is None:
        return PlainTextResponse("no such game or file", status_code=404)
    response = make(sitting.view)
    name = request.path_params["name"]
    scenario = re.sub(r"[^\w.-]", "_", sitting.view.game.scenario.name, flags=re.ASCII)
    if not request.query_params.get("show"):
        response.headers["content-disposition"] = f'attachment; filename="{scenario}-{name}"'
    return response


routes = [
    Route("/healthz", endpoint=alive),
    Route("/api/game/{key}/{name}", endpoint=download),
]
