"""A scenario that has been checked: what the model starts from."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from mobilize.scenario import schema
from mobilize.scenario.table import Table


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a number comes from: source ids joined by ``+``, and how far to trust it."""

    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    A theatre that consumes.

    `outbreak` is a month, ``attack`` (the challenger's), or None where only dated uses consume.
    `need_days` are the days of fires that the plan requires: it makes the conflict the
    reference of the deterrence metrics.
    """

    id: str
    name: str
    outbreak: int | Literal["attack"] | None = None
    need_days: float | None = None
    source: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a conflict, `months` long, from the outbreak or the end of the one before."""

    conflict: str
    name: str
    months: int


@dataclass(frozen=True, slots=True)
class Use:
    """
    A conflict's daily draw on a program's stock.

    In months `start` to `end` inclusive, or all through `phase`; the other is None.
    """

    conflict: str
    program: str
    start: int | None
    end: int | None
    per_day: float
    source: str
    confidence: str
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class Substitute:
    """In a conflict, `units` of program `instead` are fired for one of `program` that is short."""

    conflict: str
    program: str
    instead: str
    units: float
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Disturbance:
    """
    Something that goes wrong on a date, or when an event calls for it.

    `kind` is one of :func:`mobilize.crises.kinds.kinds`, which says what `target` may be and in
    which unit `severity` is; `recovery` are the months back to normal after `months`.
    """

    id: str
    kind: str
    target: str
    start: int | None
    months: int
    severity: float
    recovery: int
    text: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """
    When an event fires without a date: the first month in which something holds.

    `on` says what: ``unmet`` or ``stock`` of the program `of`, a deterrence ``metric``, the
    outbreak of the ``conflict`` or the ``rung`` of the challenger's ladder `of`, or `months`
    ``after`` another event. Figures are compared with `below` or `above`.
    """

    on: str
    of: str
    below: float | None = None
    above: float | None = None
    months: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """
    One row of the events list of an exercise: what is told to whom, and what then goes wrong.

    It fires in the month `when` or by its `trigger`; `effects` are ids of disturbances.
    """

    id: str
    title: str
    when: int | None
    trigger: Trigger | None
    audience: tuple[str, ...]
    text: str
    effects: tuple[str, ...]
    expected: str
    objective: str


@dataclass(frozen=True, slots=True)
class Hazard:
    """
    A kind of disturbance that may happen in any month: `per_year` times a year in the mean.

    It strikes one of `targets`, or one of the lines they stand for.
    """

    id: str
    kind: str
    targets: tuple[str, ...]
    per_year: float
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


@dataclass(frozen=True, slots=True)
class Challenger:
    """
    A country that may act against the coalition, or only watches it.

    `mindset` is a name, or ``drawn``: from luck, one a world. `near` is the ally whose shipping
    it can hold up, or None.
    """

    country: str
    acts: bool
    mindset: str
    near: str | None
    source: str
    confidence: str


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
    based_on : str or None
        Scenario whose tables this one's are laid over, as ``scenario.toml`` writes it.
    conflicts, uses, disturbances, events, hazards, sets, objectives, phases, substitutes : tuple
        What ``scenario.toml`` lists, in its order.
    challenger : Challenger or None
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
    events: tuple[Event, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    sets: tuple[CompleteSet, ...] = ()
    objectives: tuple[Objective, ...] = ()
    phases: tuple[Phase, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    based_on: str | None = None
    challenger: Challenger | None = None
    history: str = ""

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content: not of its comments, quoting or order of columns."""
        sha = hashlib.sha256(json.dumps(self._settings(), sort_keys=True).encode())
        for name in sorted(self.tables):
            table = self.tables[name]
            own = table.take((table.file_rows != 0).nonzero()[0]) if name == "sources" else table
            sha.update(f"\n{name} {len(own)}".encode())
            for column in sorted(own.columns):
                sha.update(f"\n{column}\n".encode())
                sha.update(_bytes(own, column))
        return sha.hexdigest()

    def _settings(self) -> dict[str, object]:
        lists: tuple[tuple[Any, ...], ...] = (
            self.conflicts, self.uses, self.disturbances, self.events, self.hazards,
            self.sets, self.objectives, self.phases, self.substitutes,
        )  # fmt: skip
        lists += ((self.challenger,),) if self.challenger else ()
        scalars = (self.title, self.summary, self.start, self.horizon, self.seed, self.history)
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
