"""The app in the browser: start it, and measure how fast it answers."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from dataclasses import asdict
from pathlib import Path

from mobilize.playing import CommandError
from mobilize.words import number, show, show_json


def data_file(name: str) -> Path:
    """Return where a file is kept on this machine unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("mobilize", appauthor=False) / name


def play(options: argparse.Namespace) -> int:
    """Serve the app on this machine and open it in the browser."""
    from mobilize.app.server import serve
    from mobilize.scenario import shipped

    kept = Path(options.saves) if options.saves else data_file("games.sqlite")
    folders = [options.scenario] if options.scenario not in (None, *shipped()) else []
    try:
        serve(options.port, kept, Path(options.results), not options.no_browser, folders)
    except (OSError, sqlite3.Error) as error:
        raise CommandError(f"cannot play: {error}") from error
    return 0


def bench_app(options: argparse.Namespace) -> int:
    """Print how fast the app, or a room, answers, as figures and ratios to their targets."""
    try:
        from mobilize.bench_app import measure_app
        from mobilize.bench_room import measure_room

        def progress(what: str) -> None:
            print(what, file=sys.stderr, flush=True)

        if options.room:
            tabs = 0 if options.quick else options.tabs
            found = measure_room(options.clients, tabs, progress)
        else:
            found = measure_app(progress)
    except (ImportError, OSError, RuntimeError) as error:
        raise CommandError(f"cannot measure the app: {error}") from error
    if options.json:
        show_json([asdict(f) | {"ratio": f.ratio} for f in found])
        return 0
    rows = [
        (f.what, f.unit, number(f.median), f"{number(f.low)} to {number(f.high)}",
         number(f.target), number(f.ratio))
        for f in found
    ]  # fmt: skip
    title = "A room and its clients" if options.room else "The app in Chromium"
    show(title, ("figure", "unit", "median", "range", "target", "ratio"), rows)
    return 0
