"""Reading ``scenario.toml``: title, clock, conflicts, disturbances, sets and objectives."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mobilize.scenario.cells import CellError, Reader, reader
from mobilize.scenario.faults import Fault, Hints, listed, shown
from mobilize.scenario.schema import Attribute
from mobilize.scenario.text import read_text

FILE = "scenario.toml"

_LARGEST = 1e15

REQUIRED = "required"
"""Marks a key that must be given."""


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
    """

    name: str = ""
    row: int | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def fault(self, key: str, problem: str, allowed: str = "") -> Fault:
        """Make a fault of one key of this entry."""
        named = ": ".join(part for part in (self.name, key) if part)
        return Fault(FILE, self.rows.get(key, self.row), named, problem, allowed)

    def get(self, key: str) -> Any:
        """Return a sound value, or None."""
        return self.values.get(key)


@dataclass(frozen=True, slots=True)
class Settings:
    """Entries of the TOML file."""

    top: Entry = field(default_factory=Entry)
    conflicts: tuple[Entry, ...] = ()
    uses: tuple[Entry, ...] = ()
    disturbances: tuple[Entry, ...] = ()
    sets: tuple[Entry, ...] = ()
    objectives: tuple[Entry, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        yield from self.conflicts + self.uses + self.disturbances + self.sets + self.objectives


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


def _parts(given: Any) -> dict[str, float]:
    """Read the parts of a complete set: units of each program."""
    if not isinstance(given, dict) or not given:
        raise CellError(f"{shown(given)} names no parts", "{ program-id = units }")
    return {program: _units(program, number) for program, number in given.items()}


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
    "history": (_text("key"), ""),
}
_CITED: dict[str, tuple[Reader, Any]] = {
    "source": (_text("source"), REQUIRED),
    "confidence": (_text("confidence"), REQUIRED),
}
_CONFLICT: dict[str, tuple[Reader, Any]] = {
    "id": (_text("key"), REQUIRED),
    "name": (_text("text"), REQUIRED),
}
_USE: dict[str, tuple[Reader, Any]] = {
    "program": (_text("text"), REQUIRED),
    "from": (_text("month"), REQUIRED),
    "to": (_text("month"), REQUIRED),
    "per_day": (_number("number", ">=0"), REQUIRED),
    **_CITED,
}
_DISTURBANCE: dict[str, tuple[Reader, Any]] = {
    "id": (_text("key"), REQUIRED),
    "kind": (_text("choice", "outage|closure"), REQUIRED),
    "target": (_text("text"), REQUIRED),
    "start": (_text("month"), REQUIRED),
    "months": (_number("integer", "1..1200"), REQUIRED),
    "severity": (_number("number", "0..1"), None),
    "recovery": (_number("integer", "0..1200"), REQUIRED),
    "text": (_text("text"), REQUIRED),
    **_CITED,
}
_SET: dict[str, tuple[Reader, Any]] = {**_CONFLICT, "parts": (_parts, REQUIRED)}
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
    "set": _SET,
    "objective": _OBJECTIVE,
}


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
        top = self._entry(Entry(rows=self._keys(0)), scalars, schema, _SCALARS)
        raw = {name: self._tables(content.get(name, []), Entry(), name) for name in _LISTS}
        entries = {
            name: self._list(name, name, raw[name], schema) for name, schema in _LISTS.items()
        }
        uses = self._uses(raw["conflict"], entries["conflict"])
        found = Settings(
            top,
            entries["conflict"],
            uses,
            entries["disturbance"],
            entries["set"],
            entries["objective"],
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
        known = schema | ({"use": (dict, None)} if header == "conflict" else {})
        rows = self._headers(header, len(tables))
        return tuple(
            self._entry(
                Entry(f"{title} {place}", row, self._keys(row) if row else {}),
                {key: value for key, value in table.items() if key != "use" or key not in known},
                known,
                schema,
            )
            for place, (table, row) in enumerate(zip(tables, rows, strict=True), start=1)
        )

    def _uses(
        self, conflicts: list[dict[str, Any]], owners: tuple[Entry, ...]
    ) -> tuple[Entry, ...]:
        """Read the uses of all conflicts; each entry learns its conflict."""
        lists = [
            self._tables(conflict.get("use", []), owner, "use")
            for conflict, owner in zip(conflicts, owners, strict=True)
        ]
        rows = iter(self._headers("conflict.use", sum(map(len, lists))))
        found = []
        for uses, owner in zip(lists, owners, strict=True):
            for place, use in enumerate(uses, start=1):
                row = next(rows)
                blank = Entry(f"{owner.name}, use {place}", row, self._keys(row) if row else {})
                entry = self._entry(blank, use, _USE, _USE)
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
