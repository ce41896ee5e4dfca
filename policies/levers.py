"""Levers: what a policy may move, as data.

A lever is a row of the catalogue (``policies/catalogue``): who may move it on what legal basis,
when it takes effect, what it costs, and which terms of the model it moves by how much. What a
term does is the model's business (:mod:`mobilize.terms`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

CATALOGUE = Path(__file__).parent / "catalogue"

Value = str | float
How = Literal["set", "add", "scale", "act"]
Word = Literal["low", "base", "high"]
Size = Word | float  # a word, or a place from -1 (low) over 0 (base) to 1 (high)
SIZES: tuple[Word, ...] = ("low", "base", "high")
PLACES = {"low": -1.0, "base": 0.0, "high": 1.0}
ON, OFF = "on", "off"
ALL = "all"  # of its table may be aimed at
BEGINS = "project"  # what a lever that starts a project acts on
UNITS = {"switch": "on or off", "choice": "one of the words"}
GROUPS = {
    "title1": "DPA Title I",
    "sosa": "Security of supply",
    "title3": "DPA Title III",
    "exports": "Export control",
    "sales": "Sales channels",
    "buying": "Buying",
    "building": "Building together",
    "programs": "Developing and sustaining together",
    "hedges": "Hedges",
    "institutions": "Institutions",
    "money": "Money",
}  # one file of the catalogue each


@dataclass(frozen=True)
class Range:
    """A size or time with its bounds."""

    low: float
    base: float
    high: float

    def at(self, size: Size) -> float:
        """Return the low, base or high value, or that of a place from -1 over 0 to 1."""
        if isinstance(size, str):
            return float(getattr(self, size))
        end = self.low if size < 0.0 else self.high
        return (1.0 - abs(size)) * self.base + abs(size) * end


@dataclass(frozen=True)
class Move:
    """One quantity that a lever moves.

    `how`: *set* to the size, *add* it, *scale* by it, or *act* once with it. The first move of
    a lever set by amount takes the amount for its size. A move with a `value` counts only while
    the lever is set to that word.
    `decay` is the share lost in a year after the onset (people leave, attention fades).
    `where` says on which countries a lever aimed at the whole base works: all, or a group of
    :mod:`policies.groups`.
    """

    quantity: str
    how: How
    size: Range
    unit: str
    where: str = "all"
    value: str = ""
    decay: float = 0.0
    note: str = ""


@dataclass(frozen=True)
class Lever:
    """One lever of the catalogue; every field is filled.

    `target` is the table its target is an id of, or "base", `only` which rows of it (see
    :mod:`policies.targets`); `setting` is switch, amount or
    choice; `values` are allowed words, or the bounds of an amount in `unit`; `onset` is in
    months from the decision to the first effect; after `lapse` months (0: never) the effect
    ends by itself; `once` and `yearly` are costs in MUSD; `side` are the side effects.
    """

    name: str
    group: str
    title: str
    basis: str
    mover: str
    target: str
    only: str
    setting: Literal["switch", "amount", "choice"]
    values: tuple[Value, ...]
    unit: str
    onset: Range
    lapse: int
    once: float
    yearly: float
    cost: str
    moves: tuple[Move, ...]
    side: tuple[Move, ...]
    coalition: bool
    evidence: str
    source: str
    confidence: str
    terms: tuple[str, ...]
    lesson: str

    @cached_property
    def begins(self) -> bool:
        """Return whether a setting starts a project."""
        return any(m.how == "act" and m.quantity == BEGINS for m in self.moves)

    @cached_property
    def moves_terms(self) -> bool:
        """Return whether a setting moves terms or a choice, or takes attention."""
        return self.coalition or any(m.how != "act" for m in (*self.moves, *self.side))


@cache
def catalogue() -> dict[str, Lever]:
    """Return all levers by name, in the order of the catalogue."""
    found = {}
    for group in GROUPS:
        text = (CATALOGUE / f"{group}.toml").read_text(encoding="utf-8")
        for row in tomllib.loads(text)["lever"]:
            found[row["name"]] = _lever(group, row)
    return found


def _lever(group: str, row: dict[str, Any]) -> Lever:
    values = {"switch": [ON, OFF]}.get(row["setting"], row.get("values", []))
    return Lever(
        name=row["name"],
        group=group,
        title=row["title"],
        basis=row["basis"],
        mover=row["mover"],
        target=row["target"],
        only=row.get("only", ALL),
        setting=row["setting"],
        values=tuple(float(v) if row["setting"] == "amount" else v for v in values),
        unit=row.get("unit") or UNITS[row["setting"]],
        onset=_range(row["onset"]),
        lapse=row.get("lapse", 0),
        once=float(row["cost"]["once"]),
        yearly=float(row["cost"]["yearly"]),
        cost=row["cost"]["note"],
        moves=tuple(_move(m) for m in row["moves"]),
        side=tuple(_move(m) for m in row.get("side", [])),
        coalition=row.get("coalition", False),
        evidence=row["evidence"],
        source=row["source"],
        confidence=row["confidence"],
        terms=tuple(row["terms"]),
        lesson=row["lesson"],
    )


def _range(row: dict[str, Any]) -> Range:
    return Range(float(row["low"]), float(row["base"]), float(row["high"]))


def _move(row: dict[str, Any]) -> Move:
    return Move(
        row["quantity"],
        row["how"],
        _range(row),
        row.get("unit", ""),
        row.get("where", "all"),
        row.get("value", ""),
        float(row.get("decay", 0.0)),
        row.get("note", ""),
    )
