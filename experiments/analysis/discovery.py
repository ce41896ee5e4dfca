"""Scenario discovery: under which conditions a package fails, as boxes of few factors.

The patient rule induction method (Friedman & Fisher 1999) peels a box around the cases of
interest, as used in robust decision making (Bryant & Lempert 2010). Written here since the one
maintained package of it alone is under a license that does not fit; checked against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.futures import Futures, Outcome, array, explained, response, signs
from experiments.analysis.importance import correlation_ratio, slices
from experiments.analysis.robust import acceptable
from mobilize.state import EPS, Flags, Floats

if TYPE_CHECKING:
    import pandas as pd

PEEL = 0.05  # share of a box that one peel takes off (Bryant & Lempert 2010: 0.05 to 0.1)
LEAST = 0.05  # share of the cases below which a box is not peeled
DOUBT = 0.05  # restrictions that chance explains more often than this are dropped
STARTS = 4  # factors whose halves are peeled too
HALF = 50  # cases of interest, and others, from which a half is kept for checking
FEW = 5  # cases of interest that a box must have left to look for

Limits = dict[str, tuple[float, float] | frozenset[str]]
"""By factor, numbers from low to high, or words; infinite where a side is open."""


@dataclass(frozen=True)
class Discovery:
    """Boxes that hold the cases of interest, the first found first.

    `boxes`: box, n, mass (share of cases in it), coverage (share of the cases of interest in
    it), density (share of its cases that are of interest), base (that share among all cases
    outside earlier boxes), the same ``fresh_`` on the half that was kept apart, `fresh_p` (how
    often chance alone would give such a density there) and `holds` (whether that is rare); NaN
    and False where cases are too few to keep half.

    `ranges`: box, factor, low and high or words, the factor's whole range, `density_without`
    the restriction, `p_value` (how often chance explains what the restriction adds; Bryant &
    Lempert's quasi-p-value) and `fresh_p`.

    `trajectory`: box, step, n, mass, coverage, density, factors: the boxes on the way, from
    which the one with the best balance of coverage and density was taken.
    """

    cases: int
    of_interest: int
    boxes: pd.DataFrame
    ranges: pd.DataFrame
    trajectory: pd.DataFrame


BOXES = "box n mass coverage density base fresh_n fresh_mass fresh_coverage fresh_density"
BOXES += " fresh_p holds"
RANGES = "box factor low high words range_low range_high density_without p_value fresh_p"
TRAJECTORY = "box step n mass coverage density factors"


def failing(
    futures: Futures, outcome: Outcome, package: str, baseline: str | None = None
) -> pd.Series[bool]:
    """Return by point where a package misses what is acceptable, or is worse than the baseline.

    Raises
    ------
    ValueError
        If without a baseline the outcome has no acceptable value.
    """
    if baseline is None:
        response(futures, outcome.name, package)  # refuses worlds of a single future
        return ~acceptable(futures, outcome, package)
    gap = response(futures, outcome.name, package, baseline) * signs([outcome])[outcome.name]
    return gap < -EPS


def discover(
    design: pd.DataFrame,
    interest: pd.Series[bool],
    *,
    boxes: int = 3,
    beta: float = 1.0,
    seed: int = 0,
) -> Discovery:
    """Return boxes of factors that hold the cases of interest.

    Parameters
    ----------
    interest : Series of bool, by point
        See `failing`.
    boxes : int
        Most boxes to look for, each among the cases outside the earlier ones.
    beta : float
        Weight of coverage against density; 2 prefers larger boxes, 0.5 purer ones.
    seed : int
        Of the halves.

    Raises
    ------
    ValueError
        If a value belongs to no point.
    """
    import pandas as pd

    factors, values = explained(design, interest.astype(float))
    hits = array(values) > 0.5
    train, check = _halves(hits, seed)
    data = {str(c): _column(factors[c]) for c in factors.columns}
    columns: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    free = np.ones(len(hits), dtype=np.bool_)
    for number in range(1, boxes + 1):
        inside = np.flatnonzero(free & train)
        found = _Search({f: x[inside] for f, x in data.items()}, hits[inside], beta)
        if not data or found.hits.sum() < FEW or found.hits.all():
            break
        limits, path = found.box()
        if not limits:
            break
        halves = [_Search({f: x[p] for f, x in data.items()}, hits[p], beta)
                  for p in (inside, np.flatnonzero(free & check))]  # fmt: skip
        totals = (int((hits & train).sum()), int((hits & check).sum()))
        columns[0].append((number, *_row(halves, totals, limits)))
        columns[1].extend((number, *row) for row in _restrictions(halves, limits))
        columns[2].extend((number, step, *row) for step, row in enumerate(path))
        free &= ~inside_box(data, limits)
        if check.any() and not columns[0][-1][-1]:
            break  # chance has been found: no more to look for
    frames = [
        pd.DataFrame(rows, columns=names.split())
        for rows, names in zip(columns, (BOXES, RANGES, TRAJECTORY), strict=True)
    ]
    return Discovery(len(hits), int(hits.sum()), *frames)


def _halves(hits: Flags, seed: int) -> tuple[Flags, Flags]:
    """Return which cases boxes are found on, and which are kept to check them."""
    train = np.ones(len(hits), dtype=np.bool_)
    if min(hits.sum(), (~hits).sum()) >= HALF:
        train[np.random.default_rng(seed).permutation(len(hits))[1::2]] = False
    return train, ~train


def _column(column: pd.Series[Any]) -> NDArray[Any]:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return array(column)
    return column.astype(str).to_numpy(dtype=np.str_)


def _within(x: NDArray[Any], limit: tuple[float, float] | frozenset[str]) -> Flags:
    if isinstance(limit, frozenset):
        return np.isin(x, sorted(limit))
    return (x >= limit[0]) & (x <= limit[1])


def inside_box(data: Mapping[str, NDArray[Any]], limits: Limits, but: str = "") -> Flags:
    """Return which cases are in a box, one factor's limits left aside if it is named."""
    size = len(next(iter(data.values()), np.empty(0)))
    found = np.ones(size, dtype=np.bool_)
    for factor, limit in limits.items():
        if factor != but:
            found &= _within(data[factor], limit)
    return found


@dataclass(frozen=True)
class _Search:
    """Cases with their factors, and which of them are of interest."""

    data: dict[str, NDArray[Any]]
    hits: Flags
    beta: float

    def balance(self, inside: Flags) -> float:
        """Return the F-measure of coverage and density (van Rijsbergen 1979)."""
        square = self.beta**2
        both = square * float(self.hits.sum()) + float(inside.sum())
        return (1.0 + square) * float(self.hits[inside].sum()) / both if both else 0.0

    def box(self) -> tuple[Limits, list[tuple[Any, ...]]]:
        """Return the box of best balance, its edges widened again, and the boxes on the way."""
        best: tuple[float, Limits, list[Limits]] = (-1.0, {}, [])
        for start in self._starts():
            path = list(self._peeled(start))
            limits = max(path, key=lambda step: self.balance(inside_box(self.data, step)))
            limits = self._pasted(self._pruned(self._pasted(self._pruned(limits))))
            reached = self.balance(inside_box(self.data, limits))
            if reached > best[0]:
                best = reached, limits, path
        _, limits, path = best
        total = max(1, int(self.hits.sum()))
        rows = []
        for step in path:
            inside = inside_box(self.data, step)
            n, found = int(inside.sum()), int(self.hits[inside].sum())
            rows.append((n, n / len(inside), found / total, found / n, len(step)))
        return limits, rows

    def _starts(self) -> Iterator[Limits]:
        """Yield where to peel from: all cases, and halves of the factors that matter most.

        Where both ends of a factor fail but not its middle, no peel of all cases gains anything.
        """
        yield {}
        y = self.hits.astype(np.float64)
        told = []
        for factor, x in self.data.items():
            if x.dtype.kind != "U":
                share, low, _ = correlation_ratio(slices(x), y)
                told += [(share, factor)] if low > 0.0 else []
        for _, factor in sorted(told, reverse=True)[:STARTS]:
            middle = float(np.median(self.data[factor]))
            yield {factor: (-np.inf, middle)}
            yield {factor: (middle, np.inf)}

    def _peeled(self, limits: Limits) -> Iterator[Limits]:
        """Yield ever smaller boxes, each by the peel that raises density most for what it takes."""
        inside = inside_box(self.data, limits)
        least = LEAST * len(self.hits)
        while True:
            yield limits
            density, n = self.hits[inside].mean(), int(inside.sum())
            best: tuple[float, str, Any, Flags] | None = None
            for factor, limit, kept in self._peels(limits, inside) if density < 1.0 else ():
                left = int(kept.sum())
                if left < max(1.0, least) or left == n:
                    continue
                gain = (float(self.hits[kept].mean()) - density) / (n - left)
                if best is None or gain > best[0]:
                    best = gain, factor, limit, kept
            if best is None:
                return
            limits, inside = {**limits, best[1]: best[2]}, best[3]

    def _peels(self, limits: Limits, inside: Flags) -> Iterator[tuple[str, Any, Flags]]:
        """Yield what a peel may leave: either end of a number cut off, or one word taken out."""
        for factor, x in self.data.items():
            mine = x[inside]
            if x.dtype.kind == "U":
                words = frozenset(str(w) for w in np.unique(mine))
                for word in sorted(words) if len(words) > 1 else ():
                    yield factor, words - {word}, inside & (x != word)
                continue
            low, high = limits.get(factor, (-np.inf, np.inf))
            for cut, rising in ((_cut(mine), True), (-_cut(-mine), False)):
                if np.isfinite(cut):
                    limit = (cut, high) if rising else (low, cut)
                    yield factor, limit, inside & (x >= cut if rising else x <= cut)

    def _pruned(self, limits: Limits) -> Limits:
        """Return a box without restrictions that chance explains, the weakest dropped first."""
        while limits:
            doubts = {f: self.doubt(limits, f)[1] for f in limits}
            worst = max(doubts, key=lambda f: doubts[f])
            if doubts[worst] <= DOUBT:
                break
            limits = {f: limit for f, limit in limits.items() if f != worst}
        return limits

    def _pasted(self, limits: Limits) -> Limits:
        """Return a box with sides moved out again as long as its balance improves."""
        best = self.balance(inside_box(self.data, limits))
        while True:
            wider = [
                (self.balance(inside_box(self.data, other)), n, other)
                for n, other in enumerate(self._pastes(limits))
            ]
            if not wider or max(wider, key=lambda w: w[:2])[0] <= best:
                return {f: limit for f, limit in limits.items() if not self._open(f, limit)}
            best, _, limits = max(wider, key=lambda w: w[:2])

    def _pastes(self, limits: Limits) -> Iterator[Limits]:
        for factor, limit in limits.items():
            x = self.data[factor]
            around = inside_box(self.data, limits, but=factor)
            if isinstance(limit, frozenset):
                for word in sorted(set(map(str, np.unique(x[around]))) - limit):
                    yield {**limits, factor: limit | {word}}
                continue
            low, high = limit
            step = max(1, int(PEEL * inside_box(self.data, limits).sum()))
            for size in (1, step):
                if len(below := np.sort(x[around & (x < low)])):
                    cut = -np.inf if len(below) <= size else below[-size - 1 : -size + 1 or None]
                    yield {**limits, factor: (float(np.mean(cut)), high)}
                if len(above := np.sort(x[around & (x > high)])):
                    cut = np.inf if len(above) <= size else above[size - 1 : size + 1]
                    yield {**limits, factor: (low, float(np.mean(cut)))}

    def _open(self, factor: str, limit: tuple[float, float] | frozenset[str]) -> bool:
        return bool(_within(self.data[factor], limit).all())

    def doubt(self, limits: Limits, factor: str) -> tuple[float, float]:
        """Return the density without a restriction, and its quasi-p-value."""
        without, inside = inside_box(self.data, limits, but=factor), inside_box(self.data, limits)
        if not inside.any():
            return float("nan"), float("nan")
        density = float(self.hits[without].mean())
        return density, chance(int(self.hits[inside].sum()), int(inside.sum()), density)


def _cut(x: Floats) -> float:
    """Return where the lowest few are cut off, between two different values; NaN if none are."""
    ordered = np.sort(x)
    first = ordered[int(PEEL * len(x))]
    if first == ordered[0]:
        more = ordered[ordered > first]
        if not len(more):
            return float("nan")
        first = more[0]
    return float(first + ordered[ordered < first][-1]) / 2.0


def chance(hits: int, n: int, share: float) -> float:
    """Return how often n draws give so many hits or more if each does with that share."""
    from scipy.special import betainc

    return 1.0 if hits <= 0 else float(betainc(hits, n - hits + 1, share))


def _row(halves: list[_Search], totals: tuple[int, int], limits: Limits) -> tuple[Any, ...]:
    found: list[Any] = []
    p = float("nan")
    for half, total in zip(halves, totals, strict=True):
        inside = inside_box(half.data, limits)
        n, mine = int(inside.sum()), int(half.hits[inside].sum())
        base = float(half.hits.mean()) if len(half.hits) else float("nan")
        share = mine / n if n else float("nan")
        found += [n, n / max(1, len(inside)), mine / total if total else float("nan"), share]
        if half is halves[0]:
            found.append(base)
        elif n:
            p = chance(mine, n, base)
    if not len(halves[1].hits):
        found[5:] = [0] + [float("nan")] * 3
    return (*found, p, p <= DOUBT)


def _restrictions(halves: list[_Search], limits: Limits) -> Iterator[tuple[Any, ...]]:
    """Yield restrictions of a box, the one that adds most first."""
    told = {f: halves[0].doubt(limits, f) for f in limits}
    for factor in sorted(limits, key=lambda f: (told[f][0], f)):
        x, limit = halves[0].data[factor], limits[factor]
        fresh = halves[1].doubt(limits, factor)[1] if len(halves[1].hits) else float("nan")
        if isinstance(limit, frozenset):
            span: tuple[Any, ...] = (np.nan, np.nan, tuple(sorted(limit)), np.nan, np.nan)
        else:
            ends = float(x.min()), float(x.max())
            span = (max(limit[0], ends[0]), min(limit[1], ends[1]), (), *ends)
        yield (factor, *span, *told[factor], fresh)
