"""Intervals of a mean, a share and a quantile, and means of resampled cases.

All take cases that are exchangeable: futures drawn at random, or worlds of one future. Of Latin
hypercubes and Sobol sequences, which spread more evenly than chance, they are somewhat too wide.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mobilize.compare import LEVEL, interval
from mobilize.state import Floats

RESAMPLES = 1999  # leaves 100 beyond either end of a 90 % interval
GROUPS = 2000  # cases above which the bootstrap takes means of groups of them
BATCH = 4_000_000  # numbers that a resampling holds at once
NOTHING = (float("nan"), float("nan"))


def student(values: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return Student's interval of the mean, low and high; NaN of a single case."""
    return interval(values, level)[1:] if len(values) > 1 else NOTHING


def welch(a: Floats, b: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of mean(b) - mean(a) as if the two were not paired (Welch 1947)."""
    from scipy.special import stdtrit

    if len(a) < 2 or len(b) < 2:
        return NOTHING
    gap = float(b.mean() - a.mean())
    one, two = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    if not one + two > 0.0:
        return gap, gap
    freedom = (one + two) ** 2 / (one**2 / (len(a) - 1) + two**2 / (len(b) - 1))
    half = float(stdtrit(freedom, 0.5 + level / 2) * (one + two) ** 0.5)
    return gap - half, gap + half


def bca(values: Floats, level: float = LEVEL, seed: int = 0) -> tuple[float, float]:
    """Return the bias-corrected and accelerated bootstrap interval of the mean (Efron 1987).

    More than `GROUPS` cases are first averaged in groups drawn at random: their mean, its
    variance and its skewness are the same, and the time no longer grows with the square.
    """
    from scipy.stats import bootstrap

    if len(values) < 2:
        return NOTHING
    if np.ptp(values) == 0.0:
        return float(values[0]), float(values[0])
    rng = np.random.default_rng(seed)
    size = -(-len(values) // GROUPS)
    if size > 1:
        shuffled = rng.permutation(values)
        whole = len(values) // size * size
        values = shuffled[:whole].reshape(-1, size).mean(axis=1)
    found = bootstrap(
        (values,),
        np.mean,
        confidence_level=level,
        n_resamples=RESAMPLES,
        batch=max(1, BATCH // len(values)),
        rng=rng,
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def wilson(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a share of n cases (Wilson 1927); it never leaves 0 to 1."""
    from scipy.special import ndtri

    if n == 0:
        return NOTHING
    z = float(ndtri(0.5 + level / 2))
    share, wide = hits / n, 1.0 + z * z / n
    middle = (share + z * z / (2 * n)) / wide
    half = z / wide * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def quantile_interval(values: Floats, q: float, level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a quantile between two of the cases, whatever their distribution.

    An end is NaN where there are too few cases to bound that side (Conover 1999, section 3.2).
    """
    from scipy.special import betainc

    n = len(values)
    if n == 0:
        return NOTHING
    ranks = np.arange(1, n + 1)
    above = betainc(ranks, n - ranks + 1, q)  # chance that so many cases lie below the quantile
    ordered, tail = np.sort(values), 0.5 - level / 2
    low = np.flatnonzero(above >= 1.0 - tail)
    high = np.flatnonzero(above <= tail)
    return (
        float(ordered[low[-1]]) if len(low) else float("nan"),
        float(ordered[high[0]]) if len(high) else float("nan"),
    )


def resampled_means(values: Floats, seed: int = 0, resamples: int = RESAMPLES) -> Iterator[Floats]:
    """Yield means of cases drawn with replacement, many at a time.

    Parameters
    ----------
    values : ndarray, shape (cases, columns)
        All columns of a case are drawn together.

    Yields
    ------
    ndarray, shape (some resamples, columns)
    """
    rng = np.random.default_rng(seed)
    n = len(values)
    step = max(1, BATCH // max(1, n))
    even = np.full(n, 1.0 / n)
    for first in range(0, resamples, step):
        times = rng.multinomial(n, even, size=min(step, resamples - first))
        yield times.astype(np.float64) @ values / n
