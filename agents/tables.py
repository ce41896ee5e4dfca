"""The challenger's data: mindsets and ladder, from the CSV files beside this module."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mobilize.ladder import MINDSETS
from mobilize.physics.handle import handle
from mobilize.physics.reasons import TERMS, Mindset
from mobilize.state import Floats

FOLDER = Path(__file__).parent
REFERENCE = "reference"
OPPORTUNITY = "opportunity"  # of a step of the ladder
LEVELS = ("low", "high")  # ends of the range in which a figure may be varied
_LEVEL: dict[str, str] = {}  # figures that are varied now, and to which end


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder; units and sources stand in ``ladder.csv``.

    `opportunity` is the chance a quarter at a net utility of zero, `duration` in months;
    `weights` belong to the terms of the waterfall; `exposure` and `fragility` are what it gains
    where critical chains depend on its materials, and where they are fragile; `price` is what
    the step costs it in any case.
    """

    name: str
    title: str
    opportunity: float
    duration: int
    strength: float
    weights: tuple[float, ...]
    exposure: float
    fragility: float
    price: float

    def net(self, terms: tuple[float, ...], exposure: float, fragility: float) -> float:
        """Return the net utility of the step."""
        reasons = sum(w * term for w, term in zip(self.weights, terms, strict=True))
        return reasons + self.exposure * exposure + self.fragility * fragility - self.price


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file as text, units cut from the headers."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [{k.split(" [")[0]: v for k, v in row.items()} for row in csv.DictReader(file)]


@cache
def mindsets() -> dict[str, Mindset]:
    """Return the reference and the three mindsets by name."""
    table = {row["name"]: row for row in rows("mindsets.csv")}
    return {
        kind: Mindset(*(float(table[name][_LEVEL.get(name, kind)]) for name in Mindset._fields))
        for kind in (REFERENCE, *MINDSETS)
    }


@cache
def handles() -> dict[str, Any]:
    """Return the mindsets by name, as kernels take them."""
    return {name: handle(mindset) for name, mindset in mindsets().items()}


@cache
def horizons() -> Floats:
    """Return how many months ahead each of MINDSETS plans."""
    return np.array([mindsets()[name].horizon for name in MINDSETS])


@cache
def ladder() -> tuple[Rung, ...]:
    """Return the rungs from the lowest up."""
    return tuple(_rung(row) for row in rows("ladder.csv"))


def _rung(row: dict[str, str]) -> Rung:
    names = (OPPORTUNITY, "strength", "exposure", "fragility", "price")
    numbers = {name: float(row[_LEVEL.get(name, name)]) for name in names}
    weights = tuple(float(row[term]) for term in TERMS)
    return Rung(name=row["name"], title=row["title"], duration=int(row["duration"]),
                weights=weights, **numbers)  # fmt: skip


@contextmanager
def varied(name: str, level: str) -> Iterator[None]:
    """Give a figure the end of its range, in all mindsets or steps alike, for sensitivity.

    Holds in this process alone, while the context lasts.

    Parameters
    ----------
    name : str
        A row of ``mindsets.csv``, or `opportunity`: that of every step of ``ladder.csv``.
    level : str
        One of LEVELS.

    Raises
    ------
    ValueError
        If there is no such figure or level.
    """
    known = [row["name"] for row in rows("mindsets.csv")] + [OPPORTUNITY]
    if name not in known or level not in LEVELS:
        raise ValueError(f"cannot vary {name!r} to {level!r}; allowed: {', '.join(known)}; "
                         f"{' or '.join(LEVELS)}")  # fmt: skip
    _LEVEL[name] = level
    _read_again()
    try:
        yield
    finally:
        del _LEVEL[name]
        _read_again()


def _read_again() -> None:
    for read in (mindsets, handles, horizons, ladder):
        read.cache_clear()
