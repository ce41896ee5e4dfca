"""Kinds of disturbance, as data (``kinds.toml``): what each strikes, how hard, for how long.

This module knows no world: the checks of a scenario read it too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FORMS = {
    "line": "a line",
    "firm": "a firm",
    "item": "an item",
    "item@country": "ITEM@COUNTRY, made there",
    "country": "a country",
    "route": "BUYER>SUPPLIER",
    "program": "a program",
    "project": "a project",
    "base": "base",
}  # what a target may be, in words
BASE = "base"
MOVING, HOWS = "term", ("set", "scale", "add")  # of kinds that move a single term
PLANTS = ("line", "firm", "item", "country", "item@country")  # what stands for lines


@dataclass(frozen=True, slots=True)
class Sizes:
    """A size or time: low, base and high."""

    low: float
    base: float
    high: float

    def between(self, luck: float) -> float:
        """Return the value at a place from 0 (low) over 0.5 (base) to 1 (high)."""
        if luck < 0.5:
            return self.low + (self.base - self.low) * 2.0 * luck
        return self.base + (self.high - self.base) * (2.0 * luck - 1.0)


@dataclass(frozen=True, slots=True)
class Pressure:
    """A term that a disturbance moves while it lasts; a `size` of None is its severity."""

    quantity: str
    how: str
    size: float | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what it strikes, what it does, how severe it is and how long it lasts.

    `targets` are names of FORMS; `does` names effects of :mod:`mobilize.crises.effects`, of
    which `factor` gives some a size of their own; `bounds` limit the severity, in `unit`.
    """

    name: str
    title: str
    targets: tuple[str, ...]
    does: tuple[str, ...]
    factor: Mapping[str, float]
    moves: tuple[Pressure, ...]
    unit: str
    bounds: tuple[float, float]
    severity: Sizes
    months: Sizes
    recovery: Sizes
    expected: str
    evidence: str
    source: str
    confidence: str


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by name."""
    text = Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8")
    return {row["name"]: _kind(row) for row in tomllib.loads(text)["kind"]}


def kind_of(name: str) -> Kind:
    """Return a kind by name: one of the data, or one that moves a single term.

    Raises
    ------
    KeyError
        If there is no such kind.
    """
    return kinds()[name] if name in kinds() else _moving(name)


def moving(quantity: str, how: str) -> str:
    """Return the name of the kind that sets, scales or adds to one term of the model.

    >>> kind_of(moving("licence_time", "scale")).unit
    'multiplier'
    """
    return f"{MOVING}:{quantity}:{how}"


@cache
def _moving(name: str) -> Kind:
    from mobilize.terms import term  # the checks of a scenario, read by terms, read this module

    word, _, rest = name.partition(":")
    quantity, _, how = rest.partition(":")
    if word != MOVING or how not in HOWS:
        raise KeyError(name)
    scope, _, of = term(quantity)
    low, high = float(of.low), float(of.high)
    wide = high - low
    bounds = {"set": (low, high), "scale": (0.0, 10.0), "add": (-wide, wide)}[how]
    size = Sizes(bounds[0], 1.0 if how == "scale" else float(of.neutral), bounds[1])
    targets = (BASE,) if scope == "base" else (scope, BASE)
    return Kind(
        name=name,
        title=f"{of.text} changes",
        targets=targets,
        does=(),
        factor={},
        moves=(Pressure(quantity, how, None),),
        unit="multiplier" if how == "scale" else of.unit,
        bounds=bounds,
        severity=size,
        months=Sizes(1.0, 12.0, 120.0),
        recovery=Sizes(0.0, 0.0, 12.0),
        expected="",
        evidence="Whoever decides it says why.",
        source="MODEL",
        confidence="notional",
    )


def _kind(row: dict[str, Any]) -> Kind:
    moves = (
        Pressure(m["quantity"], m["how"], None if m["size"] == "severity" else float(m["size"]))
        for m in row.get("move", [])
    )
    low, high = map(float, row["bounds"])
    return Kind(
        name=row["name"],
        title=row["title"],
        targets=tuple(row["targets"]),
        does=tuple(row["does"]),
        factor=row.get("factor", {}),
        moves=tuple(moves),
        unit=row["unit"],
        bounds=(low, high),
        severity=Sizes(*map(float, row["severity"])),
        months=Sizes(*map(float, row["months"])),
        recovery=Sizes(*map(float, row["recovery"])),
        expected=row["expected"],
        evidence=row["evidence"],
        source=row["source"],
        confidence=row["confidence"],
    )
