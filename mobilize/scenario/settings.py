"""Reading ``scenario.toml``: title, clock, conflicts, disturbances, sets and objectives."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mobilize.crises.kinds import kinds
from mobilize.scenario.cells import CellError, Reader, reader
from mobilize.scenario.faults import Fault, Hints, listed, shown
from mobilize.scenario.schema import Attribute, tables
from mobilize.scenario.text import read_text

FILE = "scenario.toml"

_LARGEST = 1e15

REQUIRED = "required"
"""Marks a key that must be given."""

ATTACK = "attack"
"""Outbreak of a conflict that begins when the challenger attacks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One table of the TOML file: what could be read of it, and where it stands.

    Parameters
    ----------
    name : str
        Name shown in faults, such as ``conflict 1, use 2``; empty for the top of the file.
    row : int or None
        Line of its header, where known.
    rows : dict of str to int
        Line of each key, where known.
    values : dict
        Values of the sound keys; a faulty key is absent.
    owner : str
        Name of the entry it is a part of, such as ``conflict 1``; empty where of none.
    """

    name: str = ""
    row: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    owner: str = ""

    def fault(self, key: str, problem: str, allowed: str = "") -> Fault:
        """Make a fault of one key of this entry."""
        named = ": ".join(part for part in (self.name, key) if part)
        return Fault(FILE, self.rows.get(key, self.row), named, problem, allowed)

    def get(self, key: str) -> Any:
        """Return a sound value, or None."""
        return self.values.get(key)

    def given(self, key: str) -> bool:
        """Whether the key was written, soundly or not."""
        return key not in self.values or self.values[key] is not None


@dataclass(frozen=True, slots=True)
class Settings:
    """Entries of the TOML file."""

    top: Entry = field(default_factory=Entry)
    conflicts: tuple[Entry, ...] = ()
    uses: tuple[Entry, ...] = ()
    disturbances: tuple[Entry, ...] = ()
    events: tuple[Entry, ...] = ()
    hazards: tuple[Entry, ...] = ()
    sets: tuple[Entry, ...] = ()
    objectives: tuple[Entry, ...] = ()
    phases: tuple[Entry, ...] = ()
    substitutes: tuple[Entry, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        yield from self.conflicts + self.uses + self.disturbances + self.sets + self.objectives
        yield from self.phases + self.substitutes
        yield from self.events + self.hazards


def _attribute(kind: str, allowed: str = "") -> Reader:
    return reader(Attribute("", "", kind, "", "", allowed, ""))


def _text(kind: str, allowed: str = "") -> Reader:
    """Read a TOML string as a cell of the given type."""
    read = _attribute(kind, allowed)

    def value(given: Any) -> Any:
        if not isinstance(given, str):
            raise CellError(f"{shown(given)} is not a text in quotes", 'a text, such as "2022-02"')
        if not given.strip():
            raise CellError("the text is empty", "a text in quotes")
        return read(given.strip())

    return value


def _number(kind: str, allowed: str) -> Reader:
    """Read a TOML number as a cell of the given type."""
    read = _attribute(kind, allowed)

    def value(given: Any) -> Any:
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise CellError(f"{shown(given)} is not a number", "a number without quotes")
        if abs(given) > _LARGEST:
            raise CellError(f"{shown(given)} is too large a number", f"at most {_LARGEST:g}")
        return read(repr(given))

    return value


def _outbreak(given: Any) -> Any:
    """Read a month, or the word for a conflict that a challenger's attack begins."""
    if given == ATTACK:
        return ATTACK
    try:
        return _text("month")(given)
    except CellError as error:
        raise CellError(error.problem, f'a month, such as "2026-12", or "{ATTACK}"') from None


def _texts(given: Any) -> tuple[str, ...]:
    """Read a list of texts; one or more."""
    if not isinstance(given, list) or not given:
        raise CellError(f"{shown(given)} is no list of texts", '["text", "text"]')
    read = _text("text")
    return tuple(read(text) for text in given)


def _trigger(given: Any) -> dict[str, Any]:
    """Read what fires an event."""
    allowed = '{ on = "unmet", of = "program-id", above = 0 }'
    if not isinstance(given, dict):
        raise CellError(f"{shown(given)} is no trigger", allowed)
    for key in given:
        if key not in _TRIGGER:
            raise CellError(f"unknown key {shown(key)}", listed(_TRIGGER))
    found: dict[str, Any] = {}
    for key, (read, default) in _TRIGGER.items():
        if key not in given and default is REQUIRED:
            raise CellError(f"the key {shown(key)} is missing", allowed)
        found[key] = read(given[key]) if key in given else default
    return found


def _parts(given: Any) -> dict[str, float]:
    """Read the parts of a complete set: units of each program."""
    if not isinstance(given, dict) or not given:
        raise CellError(f"{shown(given)} names no parts", "{ program-id = units }")
    return {program: _units(program, number) for program, number in given.items()}


def _without(given: Any) -> tuple[tuple[str, str], ...]:
    """Read the rows of the base to leave out: tables, each with a list of keys."""
    if not isinstance(given, dict) or not given:
        raise CellError(f"{shown(given)} names no rows", 'a table [without] with lines = ["id"]')
    for table in given:
        if table not in tables():
            raise CellError(
                f"unknown table {shown(table)}{Hints(tables())(table)}", listed(tables())
            )
    return tuple((table, key) for table, keys in given.items() for key in _texts(keys))


def _units(program: str, given: Any) -> float:
    try:
        return float(_number("number", ">0")(given))
    except CellError as error:
        raise CellError(f"units of {shown(program)}: {error.problem}", error.allowed) from None


_SCALARS: dict[str, tuple[Reader, Any]] = {
    "title": (_text("text"), REQUIRED),
    "summary": (_text("text"), REQUIRED),
    "start": (_text("month"), REQUIRED),
    "horizon": (_number("integer", "1..1200"), REQUIRED),
    "seed": (_number("integer", ">=0"), 1),
    "based_on": (_text("text"), None),
    "without": (_without, ()),
    "history": (_text("key"), ""),
}
_CITED: dict[str, tuple[Reader, Any]] = {
    "source": (_text("source"), REQUIRED),
    "confidence": (_text("confidence"), REQUIRED),
}
_NAMED: dict[str, tuple[Reader, Any]] = {
    "id": (_text("key"), REQUIRED),
    "name": (_text("text"), REQUIRED),
}
_CONFLICT: dict[str, tuple[Reader, Any]] = {
    **_NAMED,
    "outbreak": (_outbreak, None),
    "need_days": (_number("number", ">0"), None),
    "source": (_text("source"), None),
    "confidence": (_text("confidence"), None),
}
_PHASE: dict[str, tuple[Reader, Any]] = {
    "name": (_text("text"), REQUIRED),
    "months": (_number("integer", "1..1200"), REQUIRED),
}
_USE: dict[str, tuple[Reader, Any]] = {
    "program": (_text("text"), REQUIRED),
    "phase": (_text("text"), None),
    "from": (_text("month"), None),
    "to": (_text("month"), None),
    "per_day": (_number("number", ">=0"), REQUIRED),
    **_CITED,
}
_SUBSTITUTE: dict[str, tuple[Reader, Any]] = {
    "program": (_text("text"), REQUIRED),
    "instead": (_text("text"), REQUIRED),
    "units": (_number("number", ">0"), REQUIRED),
    **_CITED,
}
_DISTURBANCE: dict[str, tuple[Reader, Any]] = {
    "id": (_text("key"), REQUIRED),
    "kind": (_text("choice", "|".join(kinds())), REQUIRED),
    "target": (_text("text"), REQUIRED),
    "start": (_text("month"), None),
    "months": (_number("integer", "0..1200"), None),
    "severity": (_number("number", ">=0"), None),
    "recovery": (_number("integer", "0..1200"), None),
    "text": (_text("text"), REQUIRED),
    **_CITED,
}
_TRIGGER: dict[str, tuple[Reader, Any]] = {
    "on": (_text("choice", "unmet|stock|metric|conflict|rung|after"), REQUIRED),
    "of": (_text("text"), REQUIRED),
    "below": (_number("number", ">=0"), None),
    "above": (_number("number", ">=0"), None),
    "months": (_number("integer", "0..1200"), 0),
}
_EVENT: dict[str, tuple[Reader, Any]] = {
    "id": (_text("key"), REQUIRED),
    "title": (_text("text"), REQUIRED),
    "when": (_text("month"), None),
    "trigger": (_trigger, None),
    "audience": (_texts, REQUIRED),
    "text": (_text("text"), REQUIRED),
    "effects": (_texts, ()),
    "expected": (_text("text"), REQUIRED),
    "objective": (_text("text"), REQUIRED),
}
_HAZARD: dict[str, tuple[Reader, Any]] = {
    "id": (_text("key"), REQUIRED),
    "kind": (_text("choice", "|".join(kinds())), REQUIRED),
    "targets": (_texts, REQUIRED),
    "per_year": (_number("number", ">0"), REQUIRED),
    "text": (_text("text"), REQUIRED),
    **_CITED,
}
_SET: dict[str, tuple[Reader, Any]] = {**_NAMED, "parts": (_parts, REQUIRED)}
_OBJECTIVE: dict[str, tuple[Reader, Any]] = {
    "text": (_text("text"), REQUIRED),
    "program": (_text("text"), REQUIRED),
    "month": (_text("month"), REQUIRED),
    "stock": (_number("number", ">=0"), None),
    "deliveries": (_number("number", ">=0"), None),
}
_LISTS = {
    "conflict": _CONFLICT,
    "disturbance": _DISTURBANCE,
    "event": _EVENT,
    "hazard": _HAZARD,
    "set": _SET,
    "objective": _OBJECTIVE,
}
_OF_CONFLICT = {"use": _USE, "phase": _PHASE, "substitute": _SUBSTITUTE}


def read_settings(folder: Path) -> tuple[Settings | None, list[Fault]]:
    """Read ``scenario.toml``; None where it is no TOML at all."""
    text = read_text(folder / FILE)
    if isinstance(text, Fault):
        return None, [text]
    try:
        content = tomllib.loads(text)
    except RecursionError:
        return None, [Fault(FILE, None, None, "nested too deeply", "tables as in the manual")]
    except ValueError as error:
        return None, [_broken(str(error))]
    return _Reading(text).settings(content)


def _broken(error: str) -> Fault:
    place = re.search(r" \(at line (\d+), column (\d+)\)", error)
    row = int(place[1]) if place else None
    where = f" at character {place[2]}" if place else ""
    problem = f"broken TOML{where}: {re.sub(r' *[(]at .*[)]$', '', error)[:200]}"
    return Fault(FILE, row, None, problem, 'lines like key = "text", key = 60 or [[conflict]]')


class _Reading:
    """Reads the entries of one file and gathers their faults."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._faults: list[Fault] = []

    def settings(self, content: dict[str, Any]) -> tuple[Settings, list[Fault]]:
        schema = _SCALARS | dict.fromkeys(_LISTS, (dict, None))
        scalars = {key: value for key, value in content.items() if key not in _LISTS}
        rows = self._header("without") | self._keys(0)
        top = self._entry(Entry(rows=rows), scalars, schema, _SCALARS)
        raw = {name: self._tables(content.get(name, []), Entry(), name) for name in _LISTS}
        entries = {
            name: self._list(name, name, raw[name], schema) for name, schema in _LISTS.items()
        }
        parts = {
            key: self._of_conflicts(key, raw["conflict"], entries["conflict"])
            for key in _OF_CONFLICT
        }
        found = Settings(
            top,
            entries["conflict"],
            parts["use"],
            entries["disturbance"],
            entries["event"],
            entries["hazard"],
            entries["set"],
            entries["objective"],
            parts["phase"],
            parts["substitute"],
        )
        return found, self._faults

    def _tables(self, given: Any, owner: Entry, key: str) -> list[dict[str, Any]]:
        if isinstance(given, list) and all(isinstance(table, dict) for table in given):
            return given
        self._faults.append(owner.fault(key, "this is not a list of tables", f"[[{key}]] headers"))
        return []

    def _list(
        self,
        header: str,
        title: str,
        tables: list[dict[str, Any]],
        schema: dict[str, tuple[Reader, Any]],
    ) -> tuple[Entry, ...]:
        parts = _OF_CONFLICT if header == "conflict" else {}
        known = schema | dict.fromkeys(parts, (dict, None))
        rows = self._headers(header, len(tables))
        return tuple(
            self._entry(
                Entry(f"{title} {place}", row, self._keys(row) if row else {}),
                {key: value for key, value in table.items() if key not in parts},
                known,
                schema,
            )
            for place, (table, row) in enumerate(zip(tables, rows, strict=True), start=1)
        )

    def _of_conflicts(
        self, key: str, conflicts: list[dict[str, Any]], owners: tuple[Entry, ...]
    ) -> tuple[Entry, ...]:
        """Read the uses, phases or substitutes of all conflicts; each learns its conflict."""
        schema = _OF_CONFLICT[key]
        lists = [
            self._tables(conflict.get(key, []), owner, key)
            for conflict, owner in zip(conflicts, owners, strict=True)
        ]
        rows = iter(self._headers(f"conflict.{key}", sum(map(len, lists))))
        found = []
        for parts, owner in zip(lists, owners, strict=True):
            for place, table in enumerate(parts, start=1):
                row = next(rows)
                name, keys = f"{owner.name}, {key} {place}", self._keys(row) if row else {}
                entry = self._entry(Entry(name, row, keys, {}, owner.name), table, schema, schema)
                entry.values["conflict"] = owner.get("id")
                found.append(entry)
        return tuple(found)

    def _entry(
        self,
        entry: Entry,
        given: dict[str, Any],
        known: Mapping[str, Any],
        schema: dict[str, tuple[Reader, Any]],
    ) -> Entry:
        hints = Hints(known)
        for key in (key for key in given if key not in schema):
            problem = f"unknown key {shown(key)}{hints(key)}"
            self._faults.append(entry.fault(key[:60], problem, listed(known)))
        for key, (read, default) in schema.items():
            if key in given:
                self._value(entry, key, given[key], read)
            elif default is REQUIRED:
                self._faults.append(entry.fault(key, "the key is missing", f"{key} = ..."))
            else:
                entry.values[key] = default
        return entry

    def _value(self, entry: Entry, key: str, given: Any, read: Reader) -> None:
        try:
            entry.values[key] = read(given)
        except CellError as error:
            self._faults.append(entry.fault(key, error.problem, error.allowed))

    def _headers(self, header: str, count: int) -> list[int] | list[None]:
        """Find the lines of all ``[[header]]``; unknown unless as many as there are tables."""
        pattern = re.compile(rf"\s*\[\[\s*{re.escape(header)}\s*\]\]")
        rows = [row for row, line in enumerate(self._lines, start=1) if pattern.match(line)]
        return rows if len(rows) == count else [None] * count

    def _header(self, name: str) -> dict[str, int]:
        """Find the line of a ``[name]`` header."""
        pattern = re.compile(rf"\s*\[\s*{re.escape(name)}\s*\]")
        rows = [row for row, line in enumerate(self._lines, start=1) if pattern.match(line)]
        return dict.fromkeys([name] if rows else [], rows[0] if rows else 0)

    def _keys(self, row: int) -> dict[str, int]:
        """Find the lines of the keys between a header and the next."""
        found: dict[str, int] = {}
        for number, line in enumerate(self._lines[row:], start=row + 1):
            if re.match(r"\s*\[", line):
                break
            key = re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)
            if key:
                found.setdefault(key[1], number)
        return found
