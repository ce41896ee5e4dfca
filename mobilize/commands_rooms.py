"""Commands of rooms: `host` one, print its papers (`guide`), tell what came of it (`debrief`)."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from mobilize.playing import HONEST, CommandError, progress_bar
from mobilize.scenario import load, shipped
from mobilize.words import show_json

if TYPE_CHECKING:
    from mobilize.game.game import Game
    from mobilize.game.worth import Review


def host(options: argparse.Namespace) -> int:
    """Open a room of a scenario, or serve again those that are kept."""
    from mobilize.app.rooms.hosting import host as serve
    from mobilize.commands_play import data_file
    from mobilize.game.store import StoreError
    from mobilize.rooms.room import RoomError
    from mobilize.rooms.shapes import fitted, shape

    scenario = load(options.scenario) if options.scenario else None
    known = {scenario.name: scenario} if scenario and scenario.name not in shipped() else {}
    given = {"title": options.title, "banner": options.banner, "months": options.turn,
             "minutes": options.minutes}  # fmt: skip
    parts: dict[str, Any] = {key: value for key, value in given.items() if value}
    if options.shape and scenario is None:
        raise CommandError("--shape is for a new room: name a scenario too")
    saves = Path(options.saves) if options.saves else data_file("rooms.sqlite")
    try:
        if scenario is not None and options.shape:
            parts = {**fitted(shape(options.shape), scenario), **parts}
        serve(scenario, parts, saves, options.port, options.lan, not options.no_browser,
              options.seed, options.mindset, known)  # fmt: skip
    except (RoomError, StoreError, OSError, sqlite3.Error) as error:
        raise CommandError(f"cannot host: {error}") from error
    return 0


def guide(options: argparse.Namespace) -> int:
    """Write the facilitator's guide, a handout for every team, and a page that leads to them."""
    from mobilize.rooms.paper.bundle import papers
    from mobilize.rooms.shapes import ShapeError, shape

    scenario = load(options.scenario)
    try:
        files = papers(scenario, shape(options.shape))
    except ShapeError as error:
        raise CommandError(str(error)) from None
    return _told(options, write_files(Path(options.out or f"papers/{scenario.name}"), files))


def debrief(options: argparse.Namespace) -> int:
    """Write the room's report, that of every team and the tables of a session file.

    The exit code is 1 where the session led to something else than what is stored in the file.
    """
    from mobilize.game.game import fingerprint, play
    from mobilize.rooms.file import read_room
    from mobilize.rooms.report.bundle import reports
    from mobilize.rooms.room import RoomError

    path = Path(options.file)
    scenario = load(options.scenario) if options.scenario else None
    try:
        session = read_room(_session(path), path.name, scenario)
    except OSError as error:
        raise CommandError(f"{path}: cannot be read: {error.strerror}") from None
    except (BadZipFile, KeyError):
        raise CommandError(f"{path}: an archive without a session.json") from None
    except RoomError as error:
        raise CommandError(str(error)) from None
    files = reports(session.room, _review(session.room.game, options.processes))
    written = write_files(Path(options.out or f"debrief/{path.stem}"), files)
    same = fingerprint(play(session.room.game)) == session.result
    if not same:
        print(f"NOT as it was played: the session was made with Mobilize {session.version}, or "
              "the file was changed")  # fmt: skip
    _told(options, written)
    return 0 if same else 1


def _session(path: Path) -> bytes:
    """Return a session file, or the one in an archive of a session."""
    from mobilize.rooms.file import LARGEST

    if not is_zipfile(path):
        return path.read_bytes()
    with ZipFile(path) as archive, archive.open("session.json") as file:
        return file.read(LARGEST + 1)


def _review(game: Game, processes: int | None) -> Review:
    """Return a game looked back on by other processes, with a progress bar."""
    from mobilize.game.lookback import Lookback
    from mobilize.workers import Workers

    workers = Workers(processes)
    try:
        work = Lookback(game, workers)
        with progress_bar("pieces") as bar:
            task = bar.add_task("each decision left out", total=len(work.pieces))
            work.watch(lambda: bar.update(task, completed=work.done))
            return work.result()
    finally:
        workers.close()


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write files into a folder, each whole or not at all; return where they are.

    Raises
    ------
    CommandError
        If it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            part = folder / f"{name}.part"
            part.write_bytes(content if isinstance(content, bytes) else content.encode())
            part.replace(folder / name)
    except OSError as error:
        told = f"cannot write into {folder}: {error.strerror}; give another --out"
        raise CommandError(told) from None
    return [folder / name for name in files]


def _told(options: argparse.Namespace, written: list[Path]) -> int:
    """Say what was written."""
    if options.json:
        show_json({"files": [str(path) for path in written]})
        return 0
    for path in written:
        print(path)
    print(HONEST)
    return 0
