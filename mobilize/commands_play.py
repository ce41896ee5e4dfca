"""The command that starts the app in the browser."""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path

from mobilize.playing import CommandError


def saves() -> Path:
    """Return where this machine's games are kept unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("mobilize", appauthor=False) / "games.sqlite"


def play(options: argparse.Namespace) -> int:
    """Serve the app on this machine and open it in the browser."""
    from mobilize.app.server import serve
    from mobilize.scenario import shipped

    kept = Path(options.saves) if options.saves else saves()
    folders = [options.scenario] if options.scenario not in (None, *shipped()) else []
    try:
        serve(options.port, kept, not options.no_browser, folders)
    except (OSError, sqlite3.Error) as error:
        raise CommandError(f"cannot play: {error}") from error
    return 0
