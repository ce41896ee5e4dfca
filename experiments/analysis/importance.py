"""Which factors matter, from any sampled design: no points beyond those that were run.

The measure is the correlation ratio of Pearson (1905): the share of the variance between futures
that goes with one factor alone, whatever the form of the dependence. It is the first-order Sobol'
index estimated from given data (Plischke, Borgonovo & Smith 2013), so it stands beside indices
and the share of luck on one scale, and words are as good as numbers. It sees no interactions: a
factor that matters only together with another shows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.futures import array, explained
from mobilize.compare import LEVEL
from mobilize.state import Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = "factor share low high p_value direction direction_low direction_high n"


def importance(
    design: pd.DataFrame, values: pd.Series[float], *, level: float = LEVEL
) -> pd.DataFrame:
    """Return the share of variance that each factor explains alone, the largest first.

    Parameters
    ----------
    values : Series, by point
        An outcome of a package, or its difference to the baseline: see `futures.response`.

    Returns
    -------
    DataFrame, one row a factor
        `share`, 0 to 1, without the share that chance groups explain (Kelley 1935), and its
        interval; `p_value` of the test of Kruskal & Wallis (1952), corrected for the number of
        factors (Holm 1979); `direction`, Spearman's rank correlation with its interval (Bonett &
        Wright 2000), NaN for words; `n` futures. If all values are equal every share is 0.

    Raises
    ------
    ValueError
        If a value is not finite or belongs to no point.
    """
    import pandas as pd

    factors, values = explained(design, values)
    y = array(values)
    ranks = array(values.rank())
    rows = []
    for name in factors.columns:
        column = factors[name]
        group = groups(column)
        share = correlation_ratio(group, y, level)
        rows.append((name, *share, _kruskal(group, ranks), *_direction(column, ranks, level)))
    table = pd.DataFrame([(*row, len(y)) for row in rows], columns=COLUMNS.split())
    table["p_value"] = holm(array(table["p_value"]))
    table = table.sort_values(["share", "p_value", "factor"], ascending=[False, True, True])
    return table.reset_index(drop=True)


def groups(column: pd.Series[float]) -> Ints:
    """Return a group for each future: one a word, or a slice of the numbers."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return slices(array(column))
    return pd.factorize(column, sort=True)[0].astype(np.int32)


def slices(x: Floats) -> Ints:
    """Return a group for each number.

    Slices hold as many cases each and are twice the cube root of the cases (the rule of Rice);
    equal numbers stay together, and few different ones are a group each.
    """
    most = int(np.ceil(2.0 * len(x) ** (1 / 3)))
    values, group = np.unique(x, return_inverse=True)
    if len(values) > most:
        edges = np.quantile(x, np.linspace(0.0, 1.0, most + 1)[1:-1])
        group = np.unique(np.searchsorted(edges, x), return_inverse=True)[1]
    return group.astype(np.int32)


def correlation_ratio(group: Ints, y: Floats, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the share of the variance of y between groups, low and high.

    The error is that of the ratio of two means (delta method), and that of groups which chance
    alone sets apart, which the former does not see.
    """
    from scipy.special import ndtri

    n, k = len(y), int(group.max(initial=-1)) + 1
    centred = y - y.mean() if n else y
    total = float((centred**2).mean()) if n else 0.0
    if k < 2 or not total > (1e-12 * abs(y).max()) ** 2:
        return 0.0, 0.0, 0.0
    if n <= k:
        return float("nan"), float("nan"), float("nan")
    within = centred - (np.bincount(group, centred) / np.bincount(group))[group]
    left = float((within**2).mean()) / total  # share within groups
    share = 1.0 - left * (n - 1) / (n - k)
    spread = (within**2 - left * centred**2) / total
    error = (spread.var() / n + 2.0 * (k - 1) / n**2 * left**2) ** 0.5
    half = float(ndtri(0.5 + level / 2)) * error
    low, middle, high = np.clip([share - half, share, share + half], 0.0, 1.0).tolist()
    return middle, low, high


def _kruskal(group: Ints, ranks: Floats) -> float:
    """Return the chance of groups so far apart in rank if they were drawn alike."""
    from scipy.special import chdtrc

    counts = np.bincount(group)
    centred = ranks - ranks.mean()
    total = float((centred**2).sum())
    if len(counts) < 2 or not total > 0.0:
        return 1.0
    between = float((np.bincount(group, centred) ** 2 / counts).sum())
    return float(chdtrc(len(counts) - 1, (len(ranks) - 1) * between / total))


def _direction(column: pd.Series[float], ranks: Floats, level: float) -> tuple[float, float, float]:
    import pandas as pd
    from scipy.special import ndtri

    nothing = (float("nan"),) * 3
    if not pd.api.types.is_numeric_dtype(column) or column.nunique() < 2 or not np.ptp(ranks):
        return nothing
    n = len(ranks)
    rho = float(np.corrcoef(array(column.rank()), ranks)[0, 1])
    if n < 4 or abs(rho) > 1.0 - 1e-12:
        return rho, nothing[0], nothing[0]
    half = float(ndtri(0.5 + level / 2)) * ((1.0 + rho * rho / 2.0) / (n - 3)) ** 0.5
    middle = np.arctanh(rho)
    return rho, float(np.tanh(middle - half)), float(np.tanh(middle + half))


def holm(p: Floats) -> Floats:
    """Return p-values corrected for their number, so that one false alarm in all is rare."""
    order = np.argsort(p, kind="stable")
    found = np.empty_like(p)
    scaled = p[order] * np.arange(len(p), 0, -1)
    found[order] = np.minimum(1.0, np.maximum.accumulate(scaled))
    return found
