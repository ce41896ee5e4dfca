"""A scenario that has been checked: what the model starts from."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

from mobilize.scenario import schema
from mobilize.scenario.table import Table


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a number comes from: source ids joined by ``+``, and how far to trust it."""

    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A theatre that consumes."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Use:
    """A conflict's daily draw on a program's stock, from `start` to `end` inclusive."""

    conflict: str
    program: str
    start: int
    end: int
    per_day: float
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Disturbance:
    """
    Something that goes wrong on a date.

    `target` is a line (outage), or a country or ``buyer>supplier`` (closure: routes out of
    that country, or that route). `severity` is the share lost; `recovery` the months back
    to full after `months`.
    """

    id: str
    kind: Literal["outage", "closure"]
    target: str
    start: int
    months: int
    severity: float
    recovery: int
    text: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class CompleteSet:
    """Programs of which one of each kind is useless without the others: units by program."""

    id: str
    name: str
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Objective:
    """A stock, or deliveries a month, that a program should reach by a month."""

    text: str
    program: str
    month: int
    stock: float | None
    deliveries: float | None


@dataclass(frozen=True, eq=False)
class Scenario:
    """
    A checked scenario.

    Parameters
    ----------
    name, title, summary : str
    start : int
        First month (see `mobilize.scenario.months`).
    horizon : int
        Length of the run, months.
    seed : int
    tables : dict of str to Table
        Every table of the schema; those left out are empty. `parameters` and `sources`
        include the defaults of the package.
    conflicts, uses, disturbances, sets, objectives : tuple
        What ``scenario.toml`` lists, in its order.
    history : str
        Policy package that tells what was decided in fact; empty where the scenario itself does.
    """

    name: str
    title: str
    summary: str
    start: int
    horizon: int
    seed: int
    tables: dict[str, Table]
    conflicts: tuple[Conflict, ...] = ()
    uses: tuple[Use, ...] = ()
    disturbances: tuple[Disturbance, ...] = ()
    sets: tuple[CompleteSet, ...] = ()
    objectives: tuple[Objective, ...] = ()
    history: str = ""

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: not of its comments, quoting or order of columns."""
        sha = hashlib.sha256(json.dumps(self._settings(), sort_keys=True).encode())
        for name in sorted(self.tables):
            table = self.tables[name]
            own = table.take((table.file_rows > 0).nonzero()[0]) if name == "sources" else table
            sha.update(f"\n{name} {len(own)}".encode())
            for column in sorted(own.columns):
                sha.update(f"\n{column}\n".encode())
                sha.update(_bytes(own, column))
        return sha.hexdigest()

    def _settings(self) -> dict[str, object]:
        lists = (self.conflicts, self.uses, self.disturbances, self.sets, self.objectives)
        scalars = (
            self.title,
            self.summary,
            self.start,
            self.horizon,
            self.seed,
            self.history,
        )
        return {"scalars": scalars, "lists": [[asdict(entry) for entry in part] for part in lists]}

    def provenance(self, table: str, row: str, column: str) -> Provenance:
        """
        Find the source and confidence of one cell.

        A row of ``provenance.csv`` for the very cell comes first, then one for the whole
        column (id ``*``), then the cell's own row.

        Parameters
        ----------
        table, row, column : str
            `row` is an id, or ``item>component``, ``buyer>supplier``, a parameter's name.

        Raises
        ------
        KeyError
            If there is no such cell, or its table has no sources.
        """
        known = schema.tables().get(table, {})
        place = self._places(table).get(row) if column in known and "source" in known else None
        if place is None:
            raise KeyError(f"no sourced cell {table}.csv, row {row!r}, column {column!r}")
        for key in ((table, row, column), (table, "*", column)):
            if key in self._overrides:
                return self._overrides[key]
        own = self.tables[table]
        return Provenance(own["source"][place], own["confidence"][place])

    def _places(self, table: str) -> dict[str, int]:
        if table not in self._key_index:
            keys = self.tables[table].keys()
            self._key_index[table] = {key: row for row, key in enumerate(keys)}
        return self._key_index[table]

    @cached_property
    def _key_index(self) -> dict[str, dict[str, int]]:
        return {}

    @cached_property
    def _overrides(self) -> dict[tuple[str, str, str], Provenance]:
        return {
            (row["table"], row["id"], row["column"]): Provenance(row["source"], row["confidence"])
            for row in self.tables["provenance"].rows()
        }


def _bytes(table: Table, column: str) -> bytes:
    values = table[column]
    if values.dtype == object:
        return _lengthwise(values.tolist())
    return values.astype(values.dtype.newbyteorder("<")).tobytes()


def _lengthwise(words: Iterable[str]) -> bytes:
    """Join words so that no two lists give the same bytes."""
    return json.dumps(list(words)).encode()
