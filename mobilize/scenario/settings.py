"""Reading ``scenario.toml``: title, clock, conflicts, disturbances, sets and objectives."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mobilize.scenario import keys
from mobilize.scenario.cells import CellError, Reader
from mobilize.scenario.faults import Fault, Hints, listed, shown
from mobilize.scenario.text import read_text

FILE = "scenario.toml"
CHALLENGER = "challenger"


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
    challenger: tuple[Entry, ...] = ()  # none or one

    def __iter__(self) -> Iterator[Entry]:
        yield from self.conflicts + self.uses + self.disturbances + self.sets + self.objectives
        yield from self.phases + self.substitutes
        yield from self.events + self.hazards
        yield from self.challenger


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
        schema = keys.SCALARS | dict.fromkeys((*keys.LISTS, CHALLENGER), (dict, None))
        scalars = {k: v for k, v in content.items() if k not in keys.LISTS and k != CHALLENGER}
        rows = self._header("without") | self._keys(0)
        top = self._entry(Entry(rows=rows), scalars, schema, keys.SCALARS)
        raw = {name: self._tables(content.get(name, []), Entry(), name) for name in keys.LISTS}
        entries = {
            name: self._list(name, name, raw[name], schema) for name, schema in keys.LISTS.items()
        }
        parts = {
            key: self._of_conflicts(key, raw["conflict"], entries["conflict"])
            for key in keys.OF_CONFLICT
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
            self._challenger(content),
        )
        return found, self._faults

    def _challenger(self, content: dict[str, Any]) -> tuple[Entry, ...]:
        """Read the one table of the challenger, where there is one."""
        if CHALLENGER not in content:
            return ()
        row = self._header(CHALLENGER).get(CHALLENGER)
        given = content[CHALLENGER]
        if not isinstance(given, dict):
            problem, allowed = "this is not a table", f"one [{CHALLENGER}] header"
            self._faults.append(Entry(row=row).fault(CHALLENGER, problem, allowed))
            return ()
        entry = Entry(CHALLENGER, row, self._keys(row) if row else {})
        return (self._entry(entry, given, keys.CHALLENGER, keys.CHALLENGER),)

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
        schema: keys.Schema,
    ) -> tuple[Entry, ...]:
        parts = keys.OF_CONFLICT if header == "conflict" else {}
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
        schema = keys.OF_CONFLICT[key]
        lists = [
            self._tables(conflict.get(key, []), owner, key)
            for conflict, owner in zip(conflicts, owners, strict=True)
        ]
        rows = iter(self._headers(f"conflict.{key}", sum(map(len, lists))))
        found = []
        for parts, owner in zip(lists, owners, strict=True):
            for place, table in enumerate(parts, start=1):
                row = next(rows)
                name, places = f"{owner.name}, {key} {place}", self._keys(row) if row else {}
                entry = self._entry(Entry(name, row, places, {}, owner.name), table, schema, schema)
                entry.values["conflict"] = owner.get("id")
                found.append(entry)
        return tuple(found)

    def _entry(
        self,
        entry: Entry,
        given: dict[str, Any],
        known: Mapping[str, Any],
        schema: keys.Schema,
    ) -> Entry:
        hints = Hints(known)
        for key in (key for key in given if key not in schema):
            problem = f"unknown key {shown(key)}{hints(key)}"
            self._faults.append(entry.fault(key[:60], problem, listed(known)))
        for key, (read, default) in schema.items():
            if key in given:
                self._value(entry, key, given[key], read)
            elif default is keys.REQUIRED:
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
        """Find the line of a ``[name]`` header, or of ``[[name]]``, which is wrong."""
        pattern = re.compile(rf"\s*\[+\s*{re.escape(name)}\s*\]")
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
