"""Reading tables of TOML key by key, with every fault gathered and none raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mobilize.scenario.faults import hint, listed, shown


class LessonError(Exception):
    """A lesson that cannot be used; the text lists every fault."""


class Faults:
    """What is wrong so far, each with its place."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[str] = []

    def add(self, place: str, problem: str, allowed: str = "") -> None:
        """Remember one fault."""
        where = f"{self.file}: {place}" if place else self.file
        self.found.append(f"{where}: {problem}" + (f"; allowed: {allowed}" if allowed else ""))

    def check(self) -> None:
        """Raise LessonError if there is any."""
        if self.found:
            raise LessonError("\n".join(self.found))


class Table:
    """One table of a file: gives out its keys by type, and remembers what is wrong with them."""

    def __init__(self, row: object, place: str, faults: Faults) -> None:
        self.row: Mapping[str, Any] = row if isinstance(row, dict) else {}
        self.place, self.faults = place, faults
        self._asked: set[str] = set()
        if not isinstance(row, dict):
            faults.add(place, f"{shown(row)} is no table", "keys and values")

    def wrong(self, key: str, problem: str, allowed: str = "") -> None:
        """Remember a fault of one key."""
        place = f"{self.place}, key '{key}'" if self.place else f"key '{key}'"
        self.faults.add(place, problem, allowed)

    def has(self, key: str) -> bool:
        """Return whether a key is given."""
        self._asked.add(key)
        return key in self.row

    def _get(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        if key not in self.row and default is None:
            self.wrong(key, "is missing")
        return self.row.get(key, default)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there and say something."""
        value = self._get(key, default)
        if isinstance(value, str) and (value.strip() or default is not None):
            return value.strip()
        if value is not None:
            self.wrong(key, f"{shown(value)} is no text", "text in quotes")
        return ""

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """Return one of some words."""
        words = list(allowed)
        value = self.text(key, default)
        if value and value not in words and value != default:
            self.wrong(key, f"{shown(value)} is unknown{hint(value, words)}", listed(words))
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._get(key, default)
        if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
            return tuple(value)
        if value is not None:
            self.wrong(key, f"{shown(value)} is no list of texts", 'such as ["a", "b"]')
        return ()

    def words(
        self, key: str, allowed: Iterable[str], default: tuple[str, ...] | None = None
    ) -> tuple[str, ...]:
        """Return a list of some words."""
        known = list(allowed)
        found = self.texts(key, default)
        for word in found:
            if word not in known:
                self.wrong(key, f"{shown(word)} is unknown{hint(word, known)}", listed(known))
        return found

    def number(
        self, key: str, low: float, high: float, default: float | None = None, whole: bool = False
    ) -> float:
        """Return a number in a range."""
        value = self._get(key, default)
        kinds = int if whole else int | float
        if isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high:
            return value
        if value is not None:
            kind = "a whole number, " if whole else ""
            self.wrong(key, f"{shown(value)} cannot be", f"{kind}{low:g} to {high:g}")
        return low

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a whole number in a range."""
        return int(self.number(key, low, high, default, whole=True))

    def truth(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self._get(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(key, f"{shown(value)} is neither", "true or false")
        return default

    def any(self, key: str) -> Any:
        """Return what is given, whatever it is."""
        self._asked.add(key)
        return self.row.get(key)

    def tables(self, key: str, name: str = "name") -> list[Table]:
        """Return the tables of a list; each is told by its `name` where it has one."""
        self._asked.add(key)
        rows = self.row.get(key, [])
        if not isinstance(rows, list):
            self.wrong(key, f"{shown(rows)} is no list of tables", f"[[{key}]]")
            return []
        found = []
        for n, row in enumerate(rows, 1):
            told = f" {row[name]!r}" if isinstance(row, dict) and name in row else ""
            place = f"[[{key}]] {n}{told}"
            found.append(Table(row, f"{self.place}, {place}" if self.place else place, self.faults))
        return found

    def done(self) -> None:
        """Tell of keys that nobody asked for."""
        for key in self.row:
            if key not in self._asked:
                known = sorted(self._asked)
                self.wrong(key, f"is unknown{hint(key, known)}", listed(known))


def unique(tables: Iterable[tuple[str, Table]], what: str) -> None:
    """Tell of names that are given twice."""
    seen: set[str] = set()
    for name, table in tables:
        if name in seen:
            table.wrong("name", f"{shown(name)} is taken by another {what}", "each name once")
        seen.add(name)
