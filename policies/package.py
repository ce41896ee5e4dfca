"""Policy packages: dated schedules of lever settings, in TOML."""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mobilize.scenario import Scenario, months
from policies.levers import OFF, SIZES, Lever, Size, Value, catalogue
from policies.targets import targets

FOLDER = Path(__file__).parent / "packages"
KEYS = ("date", "lever", "target", "value", "size")
TOP = ("title", "set")
BASE = "base"  # target of a lever that works on the whole base


@dataclass(frozen=True, order=True)
class Setting:
    """One lever set to a value in a month (absolute, see :mod:`mobilize.scenario.months`).

    `size` says which of the lever's sizes and onsets counts: low, base or high.
    """

    date: int
    lever: str
    target: str
    value: Value
    size: Size = "base"


@dataclass(frozen=True)
class Package:
    """A named schedule of settings; `digest` identifies its content."""

    name: str
    title: str
    settings: tuple[Setting, ...]

    @property
    def digest(self) -> str:
        """Return the hash of what the package does (its name and title do not count)."""
        rows = [[s.date, s.lever, s.target, str(s.value), s.size] for s in self.settings]
        return hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()

    def without(self, lever: str) -> Package:
        """Return the package less all settings of one lever."""
        kept = tuple(s for s in self.settings if s.lever != lever)
        return Package(f"{self.name}, without {lever}", self.title, kept)

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
    path = Path(source)
    if path.suffix != ".toml":
        if str(source) == "baseline":
            return no_package()
        path = FOLDER / f"{source}.toml"
    if not path.is_file():
        known = ", ".join(["baseline", *shipped()])
        raise PackageError(f"{source}: no such package; shipped are {known}, or give a .toml file")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackageError(f"{path.name}: not readable as TOML: {error}") from error
    return read_package(path.stem, content, scenario, path.name)


def read_package(name: str, content: dict[str, Any], scenario: Scenario, place: str) -> Package:
    """Check the content of a package and return it.

    Raises
    ------
    PackageError
        With every fault found, each with its `place`.
    """
    faults = [f"key '{k}' is unknown; allowed: {', '.join(TOP)}" for k in content if k not in TOP]
    rows = content.get("set", [])
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise PackageError(f"{place}: 'set' must be written as [[set]] tables")
    settings = []
    for n, row in enumerate(rows, 1):
        found = _faults(row, scenario)
        faults += [f"[[set]] {n}: {fault}" for fault in found]
        if not found:
            settings.append(_setting(row))
    faults += _twice(settings)
    if faults:
        raise PackageError("\n".join(f"{place}: {fault}" for fault in faults))
    return Package(name, str(content.get("title", name)), tuple(sorted(settings, key=_order)))


def _setting(row: dict[str, Any]) -> Setting:
    given = row.get("value", "on")
    value = float(given) if isinstance(given, int | float) else str(given)
    date = months.parse(row["date"])
    return Setting(date, row["lever"], row.get("target", BASE), value, row.get("size", "base"))


def _order(setting: Setting) -> tuple[int, str, str]:
    return setting.date, setting.lever, setting.target


def _twice(settings: list[Setting]) -> list[str]:
    """Return a fault for every lever set twice on one target in one month."""
    seen = [_order(s) for s in settings]
    again = {key for key in seen if seen.count(key) > 1} if len(seen) > len(set(seen)) else set()
    return [
        f"lever '{lever}' is set twice on '{target}' in {months.label(date)}; allowed: once a month"
        for date, lever, target in sorted(again)
    ]


def _near(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _faults(row: dict[str, Any], scenario: Scenario) -> list[str]:
    """Return what is wrong with one setting."""
    faults = [f"key '{k}' is unknown; allowed: {', '.join(KEYS)}" for k in row if k not in KEYS]
    missing = [k for k in ("date", "lever") if k not in row]
    faults += [f"key '{k}' is missing" for k in missing]
    if row.get("size", "base") not in SIZES:
        faults.append(f"size '{row['size']}' is not one of {', '.join(SIZES)}")
    if missing:
        return faults
    return faults + _date_faults(row["date"], scenario) + _lever_faults(row, scenario)


def _date_faults(date: object, scenario: Scenario) -> list[str]:
    first, last = scenario.start, scenario.start + scenario.horizon - 1
    allowed = f"allowed: {months.label(first)} to {months.label(last)}"
    try:
        month = months.parse(str(date))
    except ValueError:
        return [f"date '{date}' is not a month; {allowed}"]
    return [] if first <= month <= last else [f"date {date} is outside the scenario; {allowed}"]


def _lever_faults(row: dict[str, Any], scenario: Scenario) -> list[str]:
    known = catalogue()
    lever = known.get(str(row["lever"]))
    if lever is None:
        near = _near(str(row["lever"]), list(known))
        return [f"lever '{row['lever']}' is unknown{near}; `mobilize levers` lists all"]
    return [*_target_faults(row, lever, scenario), *value_faults(row.get("value", "on"), lever)]


def _target_faults(row: dict[str, Any], lever: Lever, scenario: Scenario) -> list[str]:
    if lever.target == BASE:
        given = row.get("target", BASE)
        return [] if given == BASE else [f"lever '{lever.name}' takes no target, not '{given}'"]
    allowed = targets(lever, scenario)
    if "target" not in row:
        return [f"key 'target' is missing: one of the {lever.target} this lever is for"]
    target = str(row["target"])
    if target in allowed:
        return []
    if target in {str(i) for i in scenario.tables[lever.target]["id"]}:
        few = ", ".join(allowed[:6]) or "none in this scenario"
        return [f"target '{target}' is not one this lever can move ({lever.only}); allowed: {few}"]
    return [f"target '{target}' is not an id of {lever.target}{_near(target, allowed)}"]


def value_faults(value: object, lever: Lever) -> list[str]:
    """Return what is wrong with the value of a setting."""
    if value == OFF:
        return []
    if lever.setting == "amount":
        low, high = (float(v) for v in lever.values)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and low <= float(value) <= high:  # type: ignore[arg-type]
            return []
        return [f"value '{value}' is not an amount from {low:g} to {high:g} {lever.unit}"]
    if value in lever.values:
        return []
    return [f"value '{value}' is not one of {', '.join(str(v) for v in lever.values)}"]
