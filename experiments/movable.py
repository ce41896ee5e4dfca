"""Figures of a scenario that move together: which cells, how far each, within which limits.

One place from -1 (low) over 0 (as it is) to 1 (high) moves all cells of a kind of figure, each
by its own confidence (``spread.csv``): a figure that is documented moves less than one that rests
on judgement. ``movable.csv`` lists the kinds of figure, ``fixed.csv`` those left out and why.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mobilize.crises.kinds import kinds
from mobilize.scenario import Scenario, Table, by_content
from mobilize.scenario.schema import Limits, tables

Floats = NDArray[np.float64]
FOLDER = Path(__file__).parent
BOUNDS_OF_KIND = "kind"  # limits of a disturbance's severity
KEPT = 512  # selections of cells that are kept ready


@dataclass(frozen=True, slots=True)
class Movable:
    """A kind of figure; `how`: *scale* it, *whole* (and round), or the *odds* of its place."""

    address: str
    of: str
    columns: tuple[str, ...]
    how: str
    limits: str
    title: str

    @property
    def is_table(self) -> bool:
        """Whether its figures stand in a table, not in ``scenario.toml``."""
        return self.address.startswith("table:")


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Chosen cells of one column: their rows, how far each moves, and the confidences there."""

    column: str
    rows: NDArray[np.intp]
    spread: Floats
    confidences: tuple[str, ...]


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file of this folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def movable() -> dict[str, Movable]:
    """Return every kind of figure by address."""
    return {
        row["address"]: Movable(**row | {"columns": tuple(row["columns"].split())})  # type: ignore[arg-type]
        for row in read("movable.csv")
    }


@cache
def spreads() -> dict[str, float]:
    """Return by what figures of each confidence are multiplied at the high end."""
    return {row["confidence"]: float(row["spread"]) for row in read("spread.csv")}


def entries(scenario: Scenario, of: str) -> tuple[Any, ...]:
    """Return a list of ``scenario.toml``."""
    found: tuple[Any, ...] = getattr(scenario, of)
    return found


def keys(scenario: Scenario, of: str) -> list[str]:
    """Name every row of a table, or entry of a list: ``conflict>program`` and the like."""
    if of in scenario.tables:
        return scenario.tables[of].keys()
    names = {
        "uses": ("conflict", "program", "phase"),
        "phases": ("conflict", "name"),
        "substitutes": ("conflict", "program", "instead"),
    }.get(of, ("id",))
    parts = ([getattr(entry, name) for name in names] for entry in entries(scenario, of))
    return [">".join(part for part in found if part) for found in parts]


def confidences(scenario: Scenario, of: str, column: str) -> list[str]:
    """Return how far to trust each figure of a column."""
    if of == "phases":
        known = {conflict.id: conflict.confidence for conflict in scenario.conflicts}
        return [known[phase.conflict] or "notional" for phase in scenario.phases]
    if of not in scenario.tables:
        return [entry.confidence or "notional" for entry in entries(scenario, of)]
    places = {key: row for row, key in enumerate(keys(scenario, of))}
    found: list[str] = scenario.tables[of]["confidence"].tolist()
    own = [r for r in scenario["provenance"].rows() if (r["table"], r["column"]) == (of, column)]
    for row in sorted(own, key=lambda r: r["id"] != "*"):
        chosen = places.values() if row["id"] == "*" else [places[row["id"]]]
        for place in chosen:
            found[place] = row["confidence"]
    return found


def figures(scenario: Scenario, of: str, column: str) -> Floats:
    """Return the figures of a column; NaN where there is none."""
    if of in scenario.tables:
        return np.asarray(scenario.tables[of][column], np.float64)
    values = [getattr(entry, column) for entry in entries(scenario, of)]
    return np.array([np.nan if value is None else value for value in values], np.float64)


@by_content(KEPT)
def cells(
    scenario: Scenario, address: str, rows: str = "*", only: tuple[str, ...] = ()
) -> tuple[Cells, ...]:
    """
    Return the cells that an address moves, by column; none whose figure would not change.

    Parameters
    ----------
    rows : str
        Pattern of row keys.
    only : tuple of str
        Confidences of the cells; none: all.
    """
    kind, found = movable()[address], []
    named = np.array([fnmatchcase(key, rows) for key in keys(scenario, kind.of)], np.bool_)
    for column in kind.columns:
        trust = confidences(scenario, kind.of, column)
        may = named & np.array([not only or word in only for word in trust], np.bool_)
        place = np.flatnonzero(may & _given(scenario, kind, column))
        spread = np.array([spreads()[trust[row]] for row in place], np.float64)
        now = figures(scenario, kind.of, column)[place]
        ends = [_within(scenario, kind, column, place, _moved(kind, column, now, spread, s))
                for s in (-1.0, 1.0)]  # fmt: skip
        moves = (ends[0] != now) | (ends[1] != now)
        words = tuple(trust[row] for row in place[moves])
        found.append(Cells(column, place[moves], spread[moves], words))
    return tuple(part for part in found if len(part.rows))


def _given(scenario: Scenario, kind: Movable, column: str) -> NDArray[np.bool_]:
    """Return where there is a figure that a factor may move: nothing that lies in the past."""
    there = np.isfinite(figures(scenario, kind.of, column))
    if kind.of == "disturbances":
        start = [entry.start for entry in scenario.disturbances]
        there &= np.array([s is None or s >= scenario.start for s in start], np.bool_)
    return there


def moved(scenario: Scenario, kind: Movable, part: Cells, values: Floats, place: float) -> Floats:
    """Return the figures of chosen cells, `values`, moved to a place from -1 to 1."""
    new = _moved(kind, part.column, values, part.spread, place)
    return _within(scenario, kind, part.column, part.rows, new)


def _moved(kind: Movable, column: str, values: Floats, spread: Floats, place: float) -> Floats:
    times = spread**place
    if kind.how != "odds":
        return np.asarray(values * times)
    limits = tables()[kind.of][column].limits
    share = (values - limits.low) / (limits.high - limits.low)
    odds = share * times / (1.0 - share + share * times)
    return np.asarray(limits.low + (limits.high - limits.low) * odds)


def _within(
    scenario: Scenario, kind: Movable, column: str, rows: NDArray[np.intp], values: Floats
) -> Floats:
    """Return figures as they may be written: whole where they must be, and within limits."""
    low, high = _limits(scenario, kind, column, rows)
    if is_whole(kind, column):
        now = figures(scenario, kind.of, column)[rows]
        values = np.maximum(np.rint(values), np.minimum(now, 1.0))  # a time there is stays one
    return np.asarray(np.clip(values, low, high))


def is_whole(kind: Movable, column: str) -> bool:
    """Return whether the figures of a column are whole numbers."""
    return kind.how == "whole" or (kind.is_table and tables()[kind.of][column].type == "integer")


def _limits(
    scenario: Scenario, kind: Movable, column: str, rows: NDArray[np.intp]
) -> tuple[Any, Any]:
    if kind.limits == BOUNDS_OF_KIND:
        bounds = [kinds()[scenario.disturbances[row].kind].bounds for row in rows]
        both = np.array(bounds, np.float64).reshape(-1, 2)
        return both[:, 0], both[:, 1]
    limits = tables()[kind.of][column].limits if kind.is_table else Limits.parse(kind.limits)
    return limits.low, limits.high


def changed(scenario: Scenario, of: str, columns: dict[str, Floats]) -> dict[str, Any]:
    """Return what of a scenario is replaced where a table or list has other figures."""
    if of in scenario.tables:
        table = scenario.tables[of]
        new = {name: values.astype(table[name].dtype) for name, values in columns.items()}
        return {of: Table(of, table.columns | new, table.file_rows)}
    return {of: tuple(_entries(scenario, of, columns))}


def _entries(scenario: Scenario, of: str, columns: dict[str, Floats]) -> Iterator[Any]:
    for row, entry in enumerate(entries(scenario, of)):
        old = {name: getattr(entry, name) for name in columns}
        given = {name: values[row] for name, values in columns.items() if old[name] is not None}
        yield replace(entry, **{name: type(old[name])(value) for name, value in given.items()})
