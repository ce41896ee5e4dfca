"""The command `host`: a tabletop in the browser, for the people in one room."""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path
from typing import Any

from mobilize.playing import CommandError
from mobilize.scenario import load, shipped


def host(options: argparse.Namespace) -> int:
    """Open a room of a scenario, or serve again those that are kept."""
    from mobilize.app.rooms.hosting import host as serve
    from mobilize.commands_play import data_file
    from mobilize.game.store import StoreError
    from mobilize.rooms.room import RoomError

    scenario = load(options.scenario) if options.scenario else None
    known = {scenario.name: scenario} if scenario and scenario.name not in shipped() else {}
    given = {"title": options.title, "banner": options.banner, "months": options.turn,
             "minutes": options.minutes}  # fmt: skip
    parts: dict[str, Any] = {key: value for key, value in given.items() if value}
    saves = Path(options.saves) if options.saves else data_file("rooms.sqlite")
    try:
        serve(scenario, parts, saves, options.port, options.lan, not options.no_browser,
              options.seed, options.mindset, known)  # fmt: skip
    except (RoomError, StoreError, OSError, sqlite3.Error) as error:
        raise CommandError(f"cannot host: {error}") from error
    return 0
