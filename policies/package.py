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
from mobilize.world import World
from policies.levers import LEVERS, Value

FOLDER = Path(__file__).parent / "packages"
KEYS = ("date", "lever", "target", "value")


@dataclass(frozen=True, order=True)
class Setting:
    """One lever set to a value in a month (absolute, see :mod:`mobilize.scenario.months`)."""

    date: int
    lever: str
    target: str
    value: Value


@dataclass(frozen=True)
class Package:
    """A named schedule of settings; `digest` identifies its content."""

    name: str
    title: str
    settings: tuple[Setting, ...]

    @property
    def digest(self) -> str:
        """Return the hash of what the package does (its name and title do not count)."""
        rows = [[s.date, s.lever, s.target, s.value] for s in sorted(self.settings)]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


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
    faults = [f"key '{k}' is unknown; allowed: title, set" for k in content if k not in _TOP]
    rows = content.get("set", [])
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise PackageError(f"{path.name}: 'set' must be written as [[set]] tables")
    settings = []
    for n, row in enumerate(rows, 1):
        found = _faults(row, scenario)
        faults += [f"[[set]] {n}: {fault}" for fault in found]
        if not found:
            value = row["value"] if isinstance(row["value"], str) else float(row["value"])
            date = months.parse(row["date"])
            settings.append(Setting(date, row["lever"], row["target"], value))
    if faults:
        raise PackageError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return Package(path.stem, str(content.get("title", path.stem)), tuple(settings))


_TOP = ("title", "set")


def _near(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _faults(row: dict[str, Any], scenario: Scenario) -> list[str]:
    """Return what is wrong with one setting."""
    faults = [f"key '{k}' is unknown; allowed: {', '.join(KEYS)}" for k in row if k not in KEYS]
    missing = [k for k in KEYS if k not in row]
    faults += [f"key '{k}' is missing" for k in missing]
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
    lever = LEVERS.get(str(row["lever"]))
    if lever is None:
        known = list(LEVERS)
        near = _near(str(row["lever"]), known)
        return [f"lever '{row['lever']}' is unknown; allowed: {', '.join(known)}{near}"]
    faults = []
    ids = [str(i) for i in scenario.tables[lever.target]["id"]]
    if str(row["target"]) not in ids:
        near = _near(str(row["target"]), ids)
        faults.append(f"target '{row['target']}' is not an id of {lever.target}{near}")
    value = row["value"]
    if lever.values and value not in lever.values:
        faults.append(f"value '{value}' is not one of {', '.join(lever.values)}")
    if not lever.values and (
        isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e7
    ):
        faults.append(f"value '{value}' is not an amount above 0 and below 10,000,000 {lever.unit}")
    return faults


def apply_package(package: Package, world: World) -> None:
    """Set the levers that a package moves this month."""
    now = world.scenario.start + world.month
    for setting in package.settings:
        if setting.date == now:
            lever = LEVERS[setting.lever]
            lever.effect(world, setting.target, setting.value)
            amount = setting.value if isinstance(setting.value, float) else 0.0
            why = f"{package.title}: {setting.lever} = {setting.value}"
            world.note(package.name, "policy", setting.target, amount, lever.unit, why)
