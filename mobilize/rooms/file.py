"""A whole session as a file: how a room was opened and every accepted act; played again exactly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mobilize import __version__
from mobilize.game.file import GameError, Kept, load_game
from mobilize.game.game import Game, fingerprint, play
from mobilize.ladder import MINDSETS
from mobilize.rooms.accept import accept
from mobilize.rooms.again import played_again
from mobilize.rooms.room import Entry, Room, RoomError, found
from mobilize.scenario import Scenario, ScenarioError, load, shipped

KIND, FORMAT = "mobilize room", 1
HEADER = ("scenario", "scenario_sha256", "seed", "world", "mindset", "title", "seats", "months",
          "minutes", "congress", "auto", "banner", "shape")  # fmt: skip
KEYS = ("kind", "format", "mobilize", *HEADER, "acts", "result_sha256")
ENTRY = ("number", "at", "who", "kind", "body", "sequence")
TOLD = ("seat", "turn", "phase")  # follow from the acts before; written for whoever reads the file
LARGEST = 50_000_000  # bytes


@dataclass(frozen=True)
class Session:
    """A room as a file holds it, and the fingerprint of its game ("" if none is kept)."""

    room: Room
    result: str
    version: str


def header(room: Room) -> dict[str, Any]:
    """Return how a room was opened."""
    game = room.game
    return {
        "scenario": game.scenario.name,
        "scenario_sha256": game.scenario.digest,
        "seed": game.seed,
        "world": game.world,
        "mindset": game.mindset,
        "title": room.title,
        "seats": [place.id for place in room.seats],
        "months": room.months,
        "minutes": room.minutes,
        "congress": room.congress,
        "auto": room.auto,
        "banner": room.banner,
        "shape": room.shape,
    }


def reopened(given: Mapping[str, Any], scenario: Scenario) -> Room:
    """Return the room of a header, before anybody came.

    Raises
    ------
    RoomError
        With everything that is wrong.
    """
    faults = [f"key '{key}' is missing" for key in HEADER if key not in given]
    if not faults and given["scenario_sha256"] != scenario.digest:
        faults.append("it was played in another version of its scenario than the one here")
    for key, low, high in (("seed", 0, 2**63 - 1), ("world", 0, 999_999), ("months", 1, 12)):
        value = given.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            faults.append(f"'{key}' is {str(value)[:40]}; allowed: {low} to {high}")
    minutes, seats, mindset = given.get("minutes"), given.get("seats"), given.get("mindset")
    if not isinstance(minutes, int | float):
        faults.append("'minutes' is no number")
    if not isinstance(seats, list) or not all(isinstance(s, str) for s in seats):
        faults.append("'seats' is no list of seats")
    if mindset is not None and (mindset not in MINDSETS or scenario.challenger is None):
        faults.append(f"'mindset' is {str(mindset)[:40]}; allowed: null, {', '.join(MINDSETS)}")
    if faults or not isinstance(seats, list) or not isinstance(minutes, int | float):
        raise RoomError("\n".join(faults))
    game = Game(scenario, given["seed"], given["world"], mindset)
    return found(game, tuple(seats), str(given["title"])[:200], given["months"], float(minutes),
                 bool(given["congress"]), bool(given["auto"]), str(given["banner"]),
                 str(given["shape"]))  # fmt: skip


def replayed(room: Room, rows: Iterable[Mapping[str, Any]]) -> Room:
    """Return a room after acts that were accepted once, each through the same door again.

    Raises
    ------
    RoomError
        If one is not accepted now: the file is damaged, or of another version.
    """
    return played_again(room, rows, accept, RoomError)


def row_of(entry: Entry) -> dict[str, Any]:
    """Return an accepted act as it is kept."""
    return {key: getattr(entry, key) for key in (*ENTRY, *TOLD)} | {"body": dict(entry.body)}


def write_room(room: Room) -> str:
    """Return the text of a session file: the same room gives the same bytes."""
    content = {
        "kind": KIND,
        "format": FORMAT,
        "mobilize": __version__,
        **header(room),
        "acts": [row_of(entry) for entry in room.log],
        "result_sha256": fingerprint(play(room.game)),
    }
    return json.dumps(content, indent=1) + "\n"


def read_room(text: str | bytes, place: str, scenario: Scenario | None = None) -> Session:
    """Return the session in the text of a file, played again.

    Raises
    ------
    RoomError
        If it cannot be read, or an act of it is not accepted.
    """
    if len(text) > LARGEST:
        raise RoomError(f"{place}: larger than {LARGEST:,} bytes; no session file is")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RoomError(f"{place}: not readable as JSON: {error}") from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise RoomError(f'{place}: not a session; a session file says "kind": "{KIND}"')
    if content.get("format") != FORMAT:
        raise RoomError(f"{place}: format {content.get('format')}; this version reads {FORMAT}")
    wrong = [key for key in content if key not in KEYS] + [k for k in KEYS if k not in content]
    if wrong:
        raise RoomError(f"{place}: keys unknown or missing: {', '.join(map(str, wrong[:10]))}")
    try:
        room = reopened(content, scenario or _scenario(content))
        rows = content["acts"]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RoomError("'acts' is not a list of acts")
        return Session(replayed(room, rows), content["result_sha256"], str(content["mobilize"]))
    except (RoomError, ScenarioError) as error:
        told = "\n".join(f"{place}: {line}" for line in str(error).splitlines())
        raise RoomError(told) from error


def load_any(path: Path, scenario: Scenario | None = None) -> Kept:
    """Return the game in a file: of a game, or of a session, whose every act is played again.

    Raises
    ------
    GameError
        With everything that is wrong.
    """
    try:
        with path.open("rb") as file:
            session = f'"{KIND}"'.encode() in file.read(100)
        if not session:
            return load_game(path, scenario)
        if path.stat().st_size > LARGEST:
            raise GameError(f"{path}: larger than {LARGEST:,} bytes; no session file is")
        found = read_room(path.read_bytes(), path.name, scenario)
    except OSError as error:
        raise GameError(f"{path}: cannot be read: {error.strerror}") from error
    except RoomError as error:
        raise GameError(str(error)) from error
    return Kept(found.room.game, found.result, found.version)


def _scenario(content: Mapping[str, Any]) -> Scenario:
    name = content["scenario"]
    if name not in shipped():
        raise RoomError(f"scenario {str(name)[:40]} is not among those here; give its folder")
    return load(str(name))
