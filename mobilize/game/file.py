"""A game as a file: scenario, version, seed and moves in JSON; read back whole or refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mobilize import __version__
from mobilize.game.game import Game, Turn
from mobilize.ladder import MINDSETS
from mobilize.scenario import Scenario, ScenarioError, load, months
from policies.package import BASE, PackageError, Setting, read_package

KIND, FORMAT = "mobilize game", 1
KEYS = ("kind", "format", "mobilize", "scenario", "scenario_sha256", "seed", "world", "mindset",
        "opening", "turns", "result_sha256")  # fmt: skip
LARGEST = 5_000_000  # bytes of a file that is read at all


class GameError(Exception):
    """A game that cannot be used; the text lists every fault and what is allowed."""


@dataclass(frozen=True)
class Kept:
    """A game as a file holds it, and the fingerprint of what it led to ("" if none is kept)."""

    game: Game
    result: str
    version: str


def write_game(game: Game, result: str = "") -> str:
    """Return the text of a game file: the same game gives the same bytes.

    Parameters
    ----------
    result : str
        Fingerprint of the run (:func:`mobilize.game.game.fingerprint`), to check a replay by.
    """
    turns, date = [], game.scenario.start
    for turn in game.turns:
        rows = [_row(s) for s in turn.settings]
        turns.append({"month": months.label(date), "months": turn.months, "set": rows})
        date += turn.months
    content = {
        "kind": KIND,
        "format": FORMAT,
        "mobilize": __version__,
        "scenario": game.scenario.name,
        "scenario_sha256": game.scenario.digest,
        "seed": game.seed,
        "world": game.world,
        "mindset": game.mindset,
        "opening": [{"date": months.label(s.date), **_row(s)} for s in game.opening],
        "turns": turns,
        "result_sha256": result,
    }
    return json.dumps(content, indent=1) + "\n"


def _row(setting: Setting) -> dict[str, Any]:
    row: dict[str, Any] = {"lever": setting.lever}
    if setting.target != BASE:
        row["target"] = setting.target
    return (
        row | {"value": setting.value} | ({"size": setting.size} if setting.size != "base" else {})
    )


def read_game(text: str | bytes, place: str, scenario: Scenario | None = None) -> Kept:
    """Return the game in the text of a file.

    Parameters
    ----------
    place : str
        Name of the file, for errors.
    scenario : Scenario, optional
        The one it was played in; by default the shipped one of its name.

    Raises
    ------
    GameError
        With every fault found.
    """
    content = _content(text, place)
    scenario = scenario or _scenario(content, place)
    faults = []
    if content.get("scenario_sha256") != scenario.digest:
        faults.append(
            f"it was played in another {content.get('scenario')!r} than the one here "
            f"({scenario.name}, {scenario.digest[:12]}); use the version it was made with: "
            f"Mobilize {content.get('mobilize')}"
        )
    for key, low, high in (("seed", 0, 2**63 - 1), ("world", 0, 999_999)):
        if not _whole(content.get(key), low, high):
            faults.append(f"'{key}' is {content.get(key)!r}; allowed: {low} to {high}")
    mindset = content.get("mindset")
    if mindset is not None and (mindset not in MINDSETS or scenario.challenger is None):
        allowed = f"null, {', '.join(MINDSETS)}" if scenario.challenger else "null"
        faults.append(f"'mindset' is {mindset!r}; allowed: {allowed}")
    opening, wrong = _settings(content.get("opening"), scenario, None, "opening")
    turns, more = _turns(content.get("turns"), scenario)
    faults += [*wrong, *more]
    if faults:
        raise GameError("\n".join(f"{place}: {fault}" for fault in faults))
    game = Game(scenario, content["seed"], content["world"], mindset, opening, turns)
    return Kept(game, str(content.get("result_sha256") or ""), str(content.get("mobilize")))


def load_game(path: Path, scenario: Scenario | None = None) -> Kept:
    """Return the game in a file; raises :class:`GameError` as :func:`read_game` does."""
    try:
        if path.stat().st_size > LARGEST:
            raise GameError(f"{path}: larger than {LARGEST:,} bytes; no game file is")
        return read_game(path.read_bytes(), path.name, scenario)
    except OSError as error:
        raise GameError(f"{path}: cannot be read: {error.strerror}") from error


def _content(text: str | bytes, place: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise GameError(f"{place}: larger than {LARGEST:,} bytes; no game file is")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GameError(f"{place}: not readable as JSON: {error}") from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise GameError(f'{place}: not a game; a game file says "kind": "{KIND}"')
    if content.get("format") != FORMAT:
        raise GameError(f"{place}: format {content.get('format')!r}; this version reads {FORMAT}")
    faults = [f"key {key!r} is unknown; allowed: {', '.join(KEYS)}" for key in content
              if key not in KEYS]  # fmt: skip
    if faults:
        raise GameError("\n".join(f"{place}: {fault}" for fault in faults))
    return content


def _scenario(content: dict[str, Any], place: str) -> Scenario:
    from mobilize.scenario import shipped

    name = content.get("scenario")
    if name not in shipped():
        raise GameError(f"{place}: scenario {name!r} is not among those here: "
                        f"{', '.join(shipped())}; give its folder")  # fmt: skip
    try:
        return load(str(name))
    except ScenarioError as error:
        raise GameError(f"{place}: {error}") from error


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _settings(
    rows: object, scenario: Scenario, date: int | None, place: str
) -> tuple[tuple[Setting, ...], list[str]]:
    """Return settings as the file has them, in its order, and what is wrong with them."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return (), [f"'{place}' is not a list of settings"]
    if date is not None:
        dated = [row for row in rows if "date" in row]
        if dated:
            return (), [f"{place}: a setting of a turn has no date of its own"]
        rows = [{"date": months.label(date), **row} for row in rows]
    try:
        return read_package(place, {"set": rows}, scenario, place).settings, []
    except PackageError as error:
        return (), str(error).splitlines()


def _turns(rows: object, scenario: Scenario) -> tuple[tuple[Turn, ...], list[str]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return (), ["'turns' is not a list of turns"]
    turns, faults, played = [], [], 0
    for number, row in enumerate(rows, 1):
        place, left = f"turn {number}", scenario.horizon - played
        if not _whole(row.get("months"), 1, left):
            faults.append(f"{place}: months is {row.get('months')!r}; allowed: 1 to {left}")
            break
        date = scenario.start + played
        if row.get("month") != months.label(date):
            faults.append(f"{place}: month is {row.get('month')!r}; the turns before end where "
                          f"{months.label(date)} begins")  # fmt: skip
        settings, wrong = _settings(row.get("set", []), scenario, date, place)
        faults += wrong
        turns.append(Turn(settings, row["months"]))
        played += row["months"]
    return tuple(turns), faults
