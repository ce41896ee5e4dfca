"""A game as a file: scenario, version, seed and moves in JSON; read back whole or refused."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.tables import Figures, known
from mobilize import __version__
from mobilize.game.game import Game, Turn
from mobilize.game.interventions import read_interventions, write_intervention
from mobilize.ladder import MINDSETS
from mobilize.scenario import Scenario, ScenarioError, load, months
from policies.package import BASE, TOLD, PackageError, Setting, read_package

KIND, FORMAT = "mobilize game", 1
KEYS = ("kind", "format", "mobilize", "scenario", "scenario_sha256", "seed", "world", "mindset",
        "opening", "turns", "result_sha256")  # fmt: skip
OPTIONAL = ("figures",)
TURN = ("month", "months", "set", "acts")  # the last where a room was played
LARGEST = 5_000_000  # bytes of a file that is read at all
MOST = 5_000  # settings
HASH = re.compile(r"(?:[0-9a-f]{64})?")


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
    turns: list[dict[str, Any]] = []
    date = game.scenario.start
    for turn in game.turns:
        rows = [_row(s) for s in turn.settings]
        row: dict[str, Any] = {"month": months.label(date), "months": turn.months, "set": rows}
        if turn.interventions:
            row["acts"] = [write_intervention(one) for one in turn.interventions]
        turns.append(row)
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
        **({"figures": dict(game.figures)} if game.figures else {}),
        "opening": [{"date": months.label(s.date), **_row(s)} for s in game.opening],
        "turns": turns,
        "result_sha256": result,
    }
    return json.dumps(content, indent=1) + "\n"


def _row(setting: Setting) -> dict[str, Any]:
    row: dict[str, Any] = {"lever": setting.lever}
    if setting.target != BASE:
        row["target"] = setting.target
    row |= {"value": setting.value} | ({"size": setting.size} if setting.size != "base" else {})
    return row | ({} if setting.onset is None else {"onset": setting.onset})


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
    faults = [f"key {_short(key)} is unknown; allowed: {', '.join(KEYS + OPTIONAL)}"
              for key in content if key not in KEYS + OPTIONAL]  # fmt: skip
    faults += [f"key '{key}' is missing" for key in KEYS if key not in content]
    scenario = scenario or _scenario(content, place, faults)
    if content.get("scenario_sha256") != scenario.digest:
        faults.append(
            f"it was played in another {_short(content.get('scenario'))} than the one here "
            f"({scenario.name}, {scenario.digest[:12]}); use the version it was made with: "
            f"Mobilize {_short(content.get('mobilize'))}"
        )
    for key, low, high in (("seed", 0, 2**63 - 1), ("world", 0, 999_999)):
        if key in content and not _whole(content[key], low, high):
            faults.append(f"'{key}' is {_short(content[key])}; allowed: {low} to {high}")
    mindset = content.get("mindset")
    if mindset is not None and (mindset not in MINDSETS or scenario.challenger is None):
        allowed = f"null, {', '.join(MINDSETS)}" if scenario.challenger else "null"
        faults.append(f"'mindset' is {_short(mindset)}; allowed: {allowed}")
    figures, wrong = _figures(content.get("figures", {}))
    faults += wrong
    result = content.get("result_sha256", "")
    if not isinstance(result, str) or HASH.fullmatch(result) is None:
        faults.append(f"'result_sha256' is {_short(result)}; allowed: 64 digits 0-9, a-f, or empty")
    opening, wrong = _settings(content.get("opening", []), scenario, None, "opening")
    turns, more = _turns(content.get("turns", []), scenario)
    faults += [*wrong, *more]
    if faults:
        raise _refused(place, faults)
    game = Game(scenario, content["seed"], content["world"], mindset, opening, turns, figures)
    return Kept(game, result, str(content["mobilize"]))


def _refused(place: str, faults: list[str]) -> GameError:
    """Return the error that tells every fault, in letters that any screen can show."""
    told = "\n".join(f"{place}: {fault}" for fault in faults[:TOLD])
    more = f"\n{place}: and {len(faults) - TOLD} faults more" if len(faults) > TOLD else ""
    return GameError((told + more).encode("utf-8", "backslashreplace").decode())


def _short(value: object) -> str:
    """Return a value as it was given, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of the file, in which no key may stand twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"key {_short(next(k for k in keys if keys.count(k) > 1))} stands twice")
    return found


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
        content = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _refused(place, [f"not readable as JSON: {error}"]) from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise _refused(place, [f'not a game; a game file says "kind": "{KIND}"'])
    if content.get("format") != FORMAT:
        told = f"format {_short(content.get('format'))}; this version reads {FORMAT}"
        raise _refused(place, [told])
    return content


def _scenario(content: dict[str, Any], place: str, faults: list[str]) -> Scenario:
    from mobilize.scenario import shipped

    name = content.get("scenario")
    if name not in shipped():
        told = f"scenario {_short(name)} is not among those here: {', '.join(shipped())}"
        raise _refused(place, [*faults, f"{told}; give its folder"])
    try:
        return load(str(name))
    except ScenarioError as error:
        raise _refused(place, [*faults, str(error)]) from error


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _settings(
    rows: object, scenario: Scenario, date: int | None, place: str
) -> tuple[tuple[Setting, ...], list[str]]:
    """Return settings as the file has them, in its order, and what is wrong with them."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return (), [f"{place}: the settings are not a list of tables"]
    if len(rows) > MOST:
        return (), [f"{place}: {len(rows)} settings; allowed: {MOST} at most"]
    if date is not None:
        dated = [row for row in rows if "date" in row]
        if dated:
            return (), [f"{place}: a setting of a turn has no date of its own"]
        rows = [{"date": months.label(date), **row} for row in rows]
    try:
        return read_package(place, {"set": rows}, scenario, place).settings, []
    except PackageError as error:
        return (), str(error).splitlines()


def _figures(given: object) -> tuple[Figures, list[str]]:
    """Return the figures of the challenger that are moved, and what is wrong with them."""
    rows = given.items() if isinstance(given, dict) else [("", None)]
    if any(isinstance(v, bool) or not isinstance(v, float | int) for _, v in rows):
        return (), [f"'figures' is {_short(given)}; allowed: a table of numbers from -1 to 1"]
    found = tuple(sorted((str(name), float(place or 0.0)) for name, place in rows))
    try:
        known(found)
    except ValueError as error:
        return (), [f"'figures': {error}"]
    return found, []


def _turns(rows: object, scenario: Scenario) -> tuple[tuple[Turn, ...], list[str]]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return (), ["'turns' is not a list of turns"]
    turns, faults, played = [], [], 0
    if len(rows) > scenario.horizon:
        return (), [f"{len(rows)} turns; the scenario has {scenario.horizon} months"]
    for number, row in enumerate(rows, 1):
        faults += [f"turn {number}: key {_short(key)} is unknown; allowed: {', '.join(TURN)}"
                   for key in row if key not in TURN]  # fmt: skip
        place, left = f"turn {number}", scenario.horizon - played
        if not _whole(row.get("months"), 1, left):
            faults.append(f"{place}: months is {_short(row.get('months'))}; allowed: 1 to {left}")
            break
        date = scenario.start + played
        if row.get("month") != (due := months.label(date)):
            given = _short(row.get("month"))
            faults.append(f"{place}: month is {given}; the turns before end where {due} begins")
        settings, wrong = _settings(row.get("set", []), scenario, date, place)
        acts, more = read_interventions(row.get("acts", []), scenario, date, place)
        faults += [*wrong, *more]
        turns.append(Turn(settings, row["months"], acts))
        played += row["months"]
    return tuple(turns), faults
