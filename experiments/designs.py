"""Designs: at which places of the uncertain factors a study runs.

Every design begins with the nominal point, all factors at their base. The points of `sobol` are
those of a longer such design, so that a study can be made larger; a Latin hypercube cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Literal

import numpy as np

from mobilize.scenario.faults import hint, shown
from mobilize.state import Floats

Kind = Literal["none", "one-at-a-time", "factorial", "latin", "sobol", "saltelli", "morris"]
LuckRule = Literal["shared", "own"]
BASE = "base"
GRID = 4  # levels of a Morris trajectory, as usual (Campolongo et al. 2007)
MOST = 1_000_000  # points
NEED: dict[str, tuple[str, ...]] = {
    "none": (),
    "one-at-a-time": (),
    "factorial": ("levels",),
    "latin": ("points",),
    "sobol": ("points",),
    "saltelli": ("points",),
    "morris": ("trajectories",),
}
"""Kinds, and the keys that each needs beside `worlds` and `luck`."""
SAMPLED = ("latin", "sobol")
LEAST = {"levels": 2, "points": 2, "trajectories": 2, "worlds": 1}


@dataclass(frozen=True)
class Place:
    """One point: its part in the design, and where each factor stands in its range.

    `at` has a place in 0 to 1 for each factor, NaN for its base.
    """

    block: str
    row: int
    at: tuple[float, ...]


@dataclass(frozen=True)
class Design:
    """What a study says of its points.

    `points` counts points (saltelli: rows of its matrices), `worlds` the replications at each
    but the nominal one. With `luck` *shared* replication k meets the same luck at every point,
    with *own* no two points do.
    """

    kind: Kind = "none"
    points: int = 0
    levels: int = 0
    trajectories: int = 0
    worlds: int = 1
    luck: LuckRule = "shared"

    def places(self, words: Sequence[int], seed: int) -> list[Place]:
        """Return the points, the nominal one first.

        Parameters
        ----------
        words : sequence of int, shape (factors,)
            How many words each factor takes, 0 if numbers; without factors there is the nominal
            point alone.
        seed : int
            Of the points; the luck of the runs is another matter.
        """
        nominal = Place(BASE, 0, (np.nan,) * len(words))
        return [nominal, *(_PLACES[self.kind](self, words, seed) if words else ())]

    def count(self, words: Sequence[int]) -> int:
        """Return how many points there are, without making them."""
        factors = len(words)
        rest = {
            "none": 0,
            "one-at-a-time": sum(n or 2 for n in words),
            "factorial": prod(n or self.levels for n in words),
            "latin": self.points,
            "sobol": self.points,
            "saltelli": self.points * (factors + 2),
            "morris": self.trajectories * (factors + 1),
        }
        return 1 + (rest[self.kind] if factors else 0)


def _one_at_a_time(design: Design, words: Sequence[int], seed: int) -> list[Place]:
    """Return each factor at either end of its range, or at each word, all others at their base."""
    made = []
    for n, count in enumerate(words):
        ends = _middles(count) if count else [0.0, 1.0]
        for place in ends:
            at = tuple(place if k == n else np.nan for k in range(len(words)))
            made.append(Place("word" if count else "high" if place else "low", n, at))
    return made


def _factorial(design: Design, words: Sequence[int], seed: int) -> list[Place]:
    even = np.linspace(0.0, 1.0, design.levels).tolist()
    levels = (_middles(count) if count else even for count in words)
    return [Place("", n, at) for n, at in enumerate(product(*levels))]


def _latin(design: Design, words: Sequence[int], seed: int) -> list[Place]:
    from scipy.stats.qmc import LatinHypercube

    cube = LatinHypercube(len(words), rng=np.random.default_rng(seed))
    return _rows("", cube.random(design.points))


def _sobol(design: Design, words: Sequence[int], seed: int) -> list[Place]:
    return _rows("", _sequence(len(words), design.points, seed))


def _saltelli(design: Design, words: Sequence[int], seed: int) -> list[Place]:
    """Return the matrices A, B and A with one column of B (Saltelli et al. 2010)."""
    factors = len(words)
    both = _sequence(2 * factors, design.points, seed)
    a, b = both[:, :factors], both[:, factors:]
    made = _rows("A", a) + _rows("B", b)
    for n in range(factors):
        mixed = a.copy()
        mixed[:, n] = b[:, n]
        made += _rows(f"AB:{n}", mixed)
    return made


def _morris(design: Design, words: Sequence[int], seed: int) -> list[Place]:
    """Return trajectories that move one factor at a time (Morris 1991)."""
    from SALib.sample.morris import sample

    factors = len(words)
    names = [str(n) for n in range(factors)]
    problem = {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}
    at = sample(problem, design.trajectories, num_levels=GRID, seed=seed)
    return [Place("", n // (factors + 1), tuple(map(float, row))) for n, row in enumerate(at)]


def _middles(count: int) -> list[float]:
    """Return a place for each of some words."""
    return [(n + 0.5) / count for n in range(count)]


def _sequence(dimensions: int, points: int, seed: int) -> Floats:
    """Return the first points of a scrambled Sobol sequence, shape (points, dimensions)."""
    from scipy.stats.qmc import Sobol

    whole = 1 << (points - 1).bit_length()  # a power of two keeps it balanced
    found: Floats = Sobol(dimensions, rng=np.random.default_rng(seed)).random(whole)[:points]
    return found


def _rows(block: str, at: Floats) -> list[Place]:
    return [Place(block, n, tuple(row)) for n, row in enumerate(at.tolist())]


_PLACES: dict[str, Callable[[Design, Sequence[int], int], list[Place]]] = {
    "none": lambda design, words, seed: [],
    "one-at-a-time": _one_at_a_time,
    "factorial": _factorial,
    "latin": _latin,
    "sobol": _sobol,
    "saltelli": _saltelli,
    "morris": _morris,
}


def read_design(given: object, words: Sequence[int]) -> tuple[Design, list[str]]:
    """Return the design that a study's ``[design]`` table asks for, and what is wrong with it."""
    if not isinstance(given, dict):
        return Design(), ["[design] must be a table of keys, such as kind = 'sobol'"]
    kind = given.get("kind", None if words else "none")
    if not isinstance(kind, str) or kind not in NEED:
        missing = "key 'kind' is missing" if kind is None else f"kind {shown(kind)} is unknown"
        near = hint(kind, NEED) if isinstance(kind, str) else ""
        return Design(), [f"[design]: {missing}{near}; allowed: {', '.join(NEED)}"]
    allowed = ("kind", "worlds", "luck", *NEED[kind])
    faults = [
        f"[design]: key {shown(key)} is not one of a design {kind!r}{hint(key, allowed)}; "
        f"allowed: {', '.join(allowed)}"
        for key in given
        if key not in allowed
    ]
    faults += [f"[design]: key '{key}' is missing" for key in NEED[kind] if key not in given]
    numbers: dict[str, int] = {}
    for key, least in LEAST.items():
        if key not in given or key not in allowed:
            continue
        value = given[key]
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST:
            numbers[key] = value
        else:
            faults.append(
                f"[design]: {key} {shown(value)}; allowed: a whole number, {least} to {MOST:,}"
            )
    luck: Any = given.get("luck", "own" if kind in SAMPLED else "shared")
    if luck not in ("shared", "own"):
        faults.append(f"[design]: luck {shown(luck)}; allowed: shared, own")
    faults += _unfit(kind, len(words))
    if faults:
        return Design(), faults
    design = Design(kind=kind, luck=luck, **numbers)  # type: ignore[arg-type]
    if design.count(words) > MOST:
        return Design(), [
            f"[design]: {kind} of {len(words)} factors has {design.count(words):,} points; "
            f"allowed: {MOST:,}; take fewer levels or factors, or a design that samples"
        ]
    return design, []


def _unfit(kind: str, factors: int) -> list[str]:
    """Return why a kind cannot be used with so many factors."""
    if kind != "none" and not factors:
        return [f"[design]: {kind} needs factors; give [[factor]] tables or [factors] every"]
    if kind == "none" and factors:
        return [f"[design]: kind 'none' leaves {factors} factors unused; allowed: another kind"]
    if kind == "morris":
        from importlib.util import find_spec

        if find_spec("SALib") is None:
            return ["[design]: morris needs SALib; install mobilize[sensitivity]"]
    return []
