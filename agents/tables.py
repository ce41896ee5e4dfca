"""The challenger's data: mindsets and ladder, from the CSV files beside this module."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
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
Figures = tuple[tuple[str, float], ...]  # figures that are varied, and where to: see `moved`
KEPT = 8  # sets of figures whose tables are kept ready


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


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a file as text, units cut from the headers; nobody may change them."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple({k.split(" [")[0]: v for k, v in row.items()} for row in csv.DictReader(file))


def figures() -> tuple[str, ...]:
    """Return the figures that may be varied: rows of ``mindsets.csv``, and `opportunity`."""
    return (*(row["name"] for row in rows("mindsets.csv")), OPPORTUNITY)


def known(varied: Figures) -> dict[str, float]:
    """Return figures that are varied by name.

    Raises
    ------
    ValueError
        If there is no such figure, or its place is not from -1 to 1.
    """
    for name, place in varied:
        if name not in figures() or not -1.0 <= place <= 1.0:
            raise ValueError(f"cannot vary {name!r} to {place!r}; allowed: {', '.join(figures())}; "
                             "from -1 (low end) over 0 (as it is) to 1 (high end)")  # fmt: skip
    return dict(varied)


def moved(value: float, row: dict[str, str], place: float) -> float:
    """Return a value moved from itself (place 0) to the low (-1) or high (1) end of its row."""
    end = float(row["low" if place < 0.0 else "high"])
    return (1.0 - abs(place)) * value + abs(place) * end


@lru_cache(KEPT)
def mindsets(varied: Figures = ()) -> dict[str, Mindset]:
    """Return the reference and the three mindsets by name, each moved from its own figures."""
    table, places = {row["name"]: row for row in rows("mindsets.csv")}, known(varied)
    return {
        kind: Mindset(*(moved(float(table[name][kind]), table[name], places.get(name, 0.0))
                        for name in Mindset._fields))
        for kind in (REFERENCE, *MINDSETS)
    }  # fmt: skip


@lru_cache(KEPT)
def handles(varied: Figures = ()) -> dict[str, Any]:
    """Return the mindsets by name, as kernels take them."""
    return {name: handle(mindset) for name, mindset in mindsets(varied).items()}


@lru_cache(KEPT)
def horizons(varied: Figures = ()) -> Floats:
    """Return how many months ahead each of MINDSETS plans."""
    return np.array([mindsets(varied)[name].horizon for name in MINDSETS])


@lru_cache(KEPT)
def ladder(varied: Figures = ()) -> tuple[Rung, ...]:
    """Return the rungs from the lowest up."""
    place = known(varied).get(OPPORTUNITY, 0.0)
    return tuple(_rung(row, place) for row in rows("ladder.csv"))


def _rung(row: dict[str, str], place: float) -> Rung:
    names = ("strength", "exposure", "fragility", "price")
    numbers = {name: float(row[name]) for name in names}
    numbers[OPPORTUNITY] = moved(float(row[OPPORTUNITY]), row, place)
    weights = tuple(float(row[term]) for term in TERMS)
    return Rung(name=row["name"], title=row["title"], duration=int(row["duration"]),
                weights=weights, **numbers)  # fmt: skip
