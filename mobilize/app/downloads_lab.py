"""What can be taken home from the laboratory: a report, all runs, and one run as a game."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from experiments.laboratory.playable import NotPlayableError, Playable, playable
from experiments.results import ResultsError, open_results
from mobilize.app.present import the_laboratory
from mobilize.game.file import write_game
from mobilize.scenario import shipped
from mobilize.scenario.write import write_scenario

RUN = re.compile(r"run-([0-9]{1,9})\.zip")
READ_ME = """Run {run} of the study {study} as a game, to be played again exactly:

mobilize replay {name}-run-{run}.json{scenario}

To play on from it: open the file on the first page of `mobilize play{folder}`.
"""


def report_page(folder: str) -> bytes:
    """Return the report on a study as one page."""
    from experiments.report import write_report

    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "report.html"
        write_report(folder, out)
        return out.read_bytes()


def runs_csv(folder: str) -> bytes:
    """Return all runs with their figures as a table."""
    text: str = open_results(folder).runs().to_csv(index=False)
    return text.encode()


def run_zip(folder: str, run: int, folders: tuple[str, ...]) -> bytes:
    """Return a run as a game file, with its scenario where that is none of the shipped ones."""
    study = open_results(folder).name
    found = playable(folder, run, folders)
    scenario = found.game.scenario
    name, own = f"{study}-run-{run}", scenario.name not in shipped()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, f"{name}.json", write_game(found.played, found.result))
        told = (f" --scenario {scenario.name}", f" {scenario.name}") if own else ("", "")
        _put(archive, "README.txt", READ_ME.format(run=run, study=study, name=study,
                                                   scenario=told[0], folder=told[1]))  # fmt: skip
        if own:
            _put_scenario(archive, found)
    return out.getvalue()


def _put_scenario(archive: zipfile.ZipFile, found: Playable) -> None:
    scenario = found.game.scenario
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / scenario.name
        write_scenario(scenario, folder)
        for file in sorted(folder.iterdir()):
            _put(archive, f"{scenario.name}/{file.name}", file.read_text(encoding="utf-8"))


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    """Add a file under a date that is always the same, so that the bytes are."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)


def download(request: Request) -> Response:
    """Return one of the files of a study; this is a thread that serves this request alone."""
    folder, name = request.path_params["folder"], request.path_params["name"]
    lab = the_laboratory()
    lab.look()
    if lab.bench.work(folder) is None:
        return PlainTextResponse("there are no such results", status_code=404)
    run = RUN.fullmatch(name)
    if run is not None:
        return _made(f"{folder}-{name}", "application/zip", run_zip, folder, int(run[1]),
                     lab.folders)  # fmt: skip
    if name == "runs.csv":
        return _made(f"{folder}-{name}", "text/csv", runs_csv, folder)
    if name == "report.html":
        shown = bool(request.query_params.get("show"))
        return _made("" if shown else f"{folder}-{name}", "text/html", report_page, folder)
    return PlainTextResponse("there is no such file", status_code=404)


def _made(name: str, kind: str, make: Callable[..., bytes], folder: str, *args: Any) -> Response:
    try:
        content = the_laboratory().submit(make, folder, *args).result()
    except (NotPlayableError, ResultsError) as error:
        return PlainTextResponse(str(error), status_code=409)
    except Exception as error:  # whatever it is, a person waits for an answer
        return PlainTextResponse(f"cannot be made: {error}", status_code=500)
    if kind == "text/html":
        response: Response = HTMLResponse(content)
    else:
        response = Response(content, media_type=kind)
    if name:
        response.headers["content-disposition"] = f'attachment; filename="{name}"'
    return response


routes = [Route("/api/lab/{folder}/{name}", endpoint=download)]
