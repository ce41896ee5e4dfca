"""Policy packages: dated schedules of lever settings, in TOML."""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mobilize.scenario import Scenario, months
from policies.levers import OFF, SIZES, Lever, Size, Value, catalogue
from policies.targets import targets

FOLDER = Path(__file__).parent / "packages"
KEYS = ("date", "lever", "target", "value", "size", "onset")
TOP = ("title", "include", "set")
BASE = "base"  # target of a lever that works on the whole base
WHOLE = "the whole base"  # that target in words
TOLD = 200  # faults told at once; more are counted


@dataclass(frozen=True, order=True)
class Setting:
    """One lever set to a value in a month (absolute, see :mod:`mobilize.scenario.months`).

    `size` says which of the lever's sizes counts: low, base or high, or a place from -1 over 0 to
    1. `onset` says the same of its onset; by default it is as the size.
    """

    date: int
    lever: str
    target: str
    value: Value
    size: Size = "base"
    onset: Size | None = None

    @property
    def of_onset(self) -> Size:
        """Return which of the lever's onsets counts."""
        return self.size if self.onset is None else self.onset


@dataclass(frozen=True)
class Package:
    """A named schedule of settings; `digest` identifies its content."""

    name: str
    title: str
    settings: tuple[Setting, ...]

    @property
    def digest(self) -> str:
        """Return the hash of what the package does (its name and title do not count)."""
        rows = [
            [s.date, s.lever, s.target, str(s.value), s.size]
            + ([] if s.onset is None else [s.onset])
            for s in self.settings
        ]
        return hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()

    def only(self, *levers: str) -> Package:
        """Return the package with the settings of some levers alone."""
        kept = tuple(s for s in self.settings if s.lever in levers)
        return Package(f"{self.name}, only {', '.join(levers)}", self.title, kept)

    def levers(self) -> tuple[str, ...]:
        """Return the levers it moves, in the order of the schedule."""
        return tuple(dict.fromkeys(s.lever for s in self.settings))


class PackageError(Exception):
    """A package that cannot be used; the text lists every fault."""


def no_package() -> Package:
    """Return the policy that changes nothing."""
    return Package("baseline", "No change", ())


def shipped() -> list[str]:
    """Return the names of the packages that come with Mobilize."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_package(source: str | Path, scenario: Scenario) -> Package:
    """Read a package by name or path and check it against a scenario.

    Raises
    ------
    PackageError
        With every fault found: unknown keys, levers, targets, values, dates out of range.
    """
    path = Path(str(source).replace("\0", "?"))
    if path.suffix != ".toml":
        if str(source) == "baseline":
            return no_package()
        path = FOLDER / f"{source}.toml"
    if not path.is_file():
        known = ", ".join(["baseline", *shipped()])
        raise PackageError(f"{source}: no such package; shipped are {known}, or give a .toml file")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PackageError(
            f"{path.name}: not readable as TOML: byte {error.start} is not UTF-8; save it as UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:  # numbers or brackets without end too
        raise PackageError(f"{path.name}: not readable as TOML: {error}") from error
    except OSError as error:
        raise PackageError(f"{path.name}: cannot be read: {error.strerror}") from error
    return read_package(path.stem, content, scenario, path.name)


def read_package(name: str, content: dict[str, Any], scenario: Scenario, place: str) -> Package:
    """Check the content of a package and return it.

    Raises
    ------
    PackageError
        With every fault found, each with its `place`.
    """
    faults = [
        f"key {_short(k)} is unknown; allowed: {', '.join(TOP)}" for k in content if k not in TOP
    ]
    rows = content.get("set", [])
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        faults.append("'set' must be written as [[set]] tables")
        rows = []
    included, unknown = _included(content.get("include", []), scenario)
    faults += unknown
    settings = list(included)
    for n, row in enumerate(rows, 1):
        found = _faults(row, scenario)
        faults += [f"[[set]] {n}: {fault}" for fault in found]
        if not found:
            settings.append(_setting(row))
    faults += _twice(settings)
    title = content.get("title", name)
    if not isinstance(title, str):
        faults.append(f"title {_short(title)} is not text; write it in quotes")
    if faults:
        more = [f"and {len(faults) - TOLD} faults more"] if len(faults) > TOLD else []
        raise PackageError("\n".join(f"{place}: {fault}" for fault in faults[:TOLD] + more))
    return Package(name, title, tuple(sorted(settings, key=lambda s: s.date)))


def _included(given: object, scenario: Scenario) -> tuple[tuple[Setting, ...], list[str]]:
    """Return the settings of the shipped packages that a package includes, and faults."""
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        return (), ["key 'include' is not a list of packages; allowed: names of shipped packages"]
    settings: list[Setting] = []
    faults = []
    for name in given:
        if name not in shipped():
            near = _near(name, tuple(shipped()))
            faults.append(f"include '{name}' is no shipped package{near}")
        elif "include" in tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")):
            faults.append(f"include '{name}' includes others itself; name those")
        else:
            settings += load_package(name, scenario).settings
    return tuple(settings), faults


def _setting(row: dict[str, Any]) -> Setting:
    given = row.get("value", "on")
    value = float(given) if isinstance(given, int | float) else str(given)
    date = months.parse(row["date"])
    size, onset = row.get("size", "base"), row.get("onset")
    return Setting(date, row["lever"], row.get("target", BASE), value, size, onset)


def _order(setting: Setting) -> tuple[int, str, str]:
    return setting.date, setting.lever, setting.target


def _twice(settings: list[Setting]) -> list[str]:
    """Return a fault for every lever set twice on one target in one month."""
    again = [key for key, count in Counter(map(_order, settings)).items() if count > 1]
    return [
        f"lever '{lever}' is set twice on '{target}' in {months.label(date)}; allowed: once a month"
        for date, lever, target in sorted(again)
    ]


def _short(value: object) -> str:
    """Return a value in quotes, cut where it is long."""
    try:
        text = str(value)
    except ValueError:  # more digits than Python prints
        text = "a number too long to print"
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"


@cache
def _near(word: str, known: tuple[str, ...]) -> str:
    """Return the nearest known word as a question, if one is near."""
    close = difflib.get_close_matches(word[:60], known, 1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _faults(row: dict[str, Any], scenario: Scenario) -> list[str]:
    """Return what is wrong with one setting."""
    faults = [
        f"key {_short(k)} is unknown; allowed: {', '.join(KEYS)}" for k in row if k not in KEYS
    ]
    missing = [k for k in ("date", "lever") if k not in row]
    faults += [f"key '{k}' is missing" for k in missing]
    for key in ("size", "onset"):
        if key in row and not _is_size(row[key]):
            allowed = f"{', '.join(SIZES)}, or a number from -1 (low) to 1 (high)"
            faults.append(f"{key} {_short(row[key])} is not one of {allowed}")
    if "date" in row:
        faults += _date_faults(row["date"], scenario)
    return faults + (_lever_faults(row, scenario) if "lever" in row else [])


def _is_size(given: object) -> bool:
    """Return whether this is a word of SIZES, or a place between the low and the high one."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return -1.0 <= given <= 1.0
    return given in SIZES


def _date_faults(date: object, scenario: Scenario) -> list[str]:
    first, last = scenario.start, scenario.start + scenario.horizon - 1
    allowed = f"allowed: {months.label(first)} to {months.label(last)}"
    try:
        month = months.parse(date) if isinstance(date, str) else None
    except ValueError:
        month = None
    if month is None:
        return [f"date {_short(date)} is not a month in quotes, such as '2027-01'; {allowed}"]
    return [] if first <= month <= last else [f"date {date} is outside the scenario; {allowed}"]


def _lever_faults(row: dict[str, Any], scenario: Scenario) -> list[str]:
    known = catalogue()
    name = row["lever"]
    lever = known.get(name) if isinstance(name, str) else None
    if lever is None:
        near = _near(name, tuple(known)) if isinstance(name, str) else ""
        return [f"lever {_short(name)} is unknown{near}; `mobilize levers` lists all"]
    return [*_target_faults(row, lever, scenario), *value_faults(row.get("value", "on"), lever)]


def _target_faults(row: dict[str, Any], lever: Lever, scenario: Scenario) -> list[str]:
    given = row.get("target", BASE)
    if lever.target == BASE:
        if given == BASE:
            return []
        return [f"lever '{lever.name}' takes no target, not {_short(given)}; leave the key out"]
    allowed = targets(lever, scenario)
    if isinstance(given, str) and given in allowed:
        return []
    few = ", ".join(allowed[:6]) + (", ..." if len(allowed) > 6 else "")
    few = few or "none in this scenario"
    if "target" not in row:
        return [f"key 'target' is missing: one of the {lever.target} this lever is for: {few}"]
    if given in [str(i) for i in scenario.tables[lever.target]["id"]]:
        return [f"target '{given}' is not one this lever can move ({lever.only}); allowed: {few}"]
    near = _near(given, allowed) if isinstance(given, str) else ""
    return [f"target {_short(given)} is not an id of {lever.target}{near}; allowed: {few}"]


def value_faults(value: object, lever: Lever) -> list[str]:
    """Return what is wrong with the value of a setting."""
    if value == OFF:
        return []
    if lever.setting == "amount":
        low, high = (float(v) for v in lever.values)
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return []
        told = f"value {_short(value)} is not an amount from {low:g} to {high:g} {lever.unit}"
        return [f'{told}; write the number without quotes, or "off" to end it']
    if isinstance(value, str) and value in lever.values:
        return []
    words = [str(v) for v in lever.values]
    near = _near(value, tuple(words)) if isinstance(value, str) else ""
    return [f"value {_short(value)} is not one of {', '.join(dict.fromkeys([*words, OFF]))}{near}"]
