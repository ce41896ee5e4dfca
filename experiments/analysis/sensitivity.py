"""Sensitivity from designs made for it: tornado, Morris' screening, Sobol' indices.

Each takes what is to be explained by point, an outcome of a package or its paired difference to
the baseline (`futures.response`), and gives an interval with every figure.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.futures import (
    BASE,
    MissingRunsError,
    array,
    cube,
    explained,
    factor_names,
    require,
)
from experiments.analysis.intervals import student
from mobilize.compare import LEVEL
from mobilize.state import Floats

if TYPE_CHECKING:
    import pandas as pd

ENDS = ("low", "high", "word")
ENOUGH = 512  # rows of a saltelli design from which a ranking holds (design/experiments.md)
DRAWS = 999


def tornado(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    package: str,
    baseline: str | None = None,
    *,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return what each factor alone does at the ends of its range, the widest first.

    Worlds are paired with the same worlds of the nominal point. Interactions do not show.

    Parameters
    ----------
    design : DataFrame
        One at a time: a point of block "base", the others of block "low", "high" or "word".
    baseline : str, optional
        With it, of the paired difference of the package to it.

    Returns
    -------
    DataFrame, one row a factor and end
        `value` of the factor, `effect` against the nominal point with Student's interval over
        `n` worlds (NaN of one world), `swing`, the largest less the smallest effect of the
        factor, nominal (0) included, with `swing_low` and `swing_high`.

    Raises
    ------
    MissingRunsError
        If a run that is needed has no value.
    ValueError
        If the design is not one at a time, or a package was not run.
    """
    import pandas as pd

    ends = design[design["block"].isin(ENDS)]
    base = design.loc[design["block"] == BASE, "point"].tolist()
    if ends.empty or len(base) != 1:
        raise ValueError("a tornado needs a one-at-a-time design with its nominal point")
    packages = [package] if baseline is None else [package, baseline]
    for name in packages:
        require(name, runs["package"].unique().tolist())
    part = runs[runs["package"].isin(packages)]
    worlds = part.loc[part["point"].isin(ends["point"]), "replication"].unique()
    part = part[part["replication"].isin(worlds)]  # the nominal point may have more
    points = [*base, *ends["point"].tolist()]
    values = cube(part[part["point"].isin(points)], [outcome], packages, points)[0][..., 0]
    if np.isnan(values).any():
        lost = points[int(np.argwhere(np.isnan(values))[0, 0])]
        raise MissingRunsError(
            f"{np.isnan(values).sum()} runs have no value of {outcome}; point {lost}"
        )
    y = values[:, :, 0] if baseline is None else values[:, :, 0] - values[:, :, 1]
    effects = y[1:] - y[:1]
    names, rows = factor_names(design), []
    for number, (_, at) in enumerate(ends.groupby("row", sort=True)):
        name = names[int(at["row"].iloc[0])]
        mine = np.flatnonzero(ends["row"].to_numpy() == at["row"].iloc[0])
        swing = _swing(effects[mine], level)
        for n in mine:
            effect, value = effects[n], ends[name].iloc[n]
            found = (float(effect.mean()), *student(effect, level), *swing, len(effect), number)
            rows.append((name, ends["block"].iloc[n], value, *found))
    columns = "factor end value effect low high swing swing_low swing_high n _order"
    table = pd.DataFrame(rows, columns=columns.split())
    table = table.sort_values(["swing", "_order"], ascending=[False, True], kind="stable")
    return table.drop(columns="_order").reset_index(drop=True)


def _swing(effects: Floats, level: float) -> tuple[float, float, float]:
    whole = np.vstack([np.zeros(effects.shape[1]), effects])
    means = whole.mean(axis=1)
    gap = whole[int(means.argmax())] - whole[int(means.argmin())]
    return float(gap.mean()), *student(gap, level)


def sobol(
    design: pd.DataFrame, values: pd.Series[float], *, level: float = LEVEL, seed: int = 0
) -> pd.DataFrame:
    """Return Sobol' indices from a saltelli design, by total index, the largest first.

    Parameters
    ----------
    design : DataFrame
        Blocks "A", "B" and "AB:FACTOR" (its name, or its number): A with that column of B.
    values : Series, by point
        Rows of the matrices that lack a value anywhere are left out whole.

    Returns
    -------
    DataFrame, one row a factor
        `S1`, the share of variance that the factor explains alone, and `ST`, that with all its
        interactions, with bootstrap intervals (BCa over rows); `n` rows; `enough`, whether they
        suffice for a ranking. Estimates lie below 0 or above 1 by chance. If all values are
        equal every index is 0.

    Raises
    ------
    ValueError
        If the design is not a saltelli design, or fewer than two rows are whole.
    """
    import pandas as pd

    names = factor_names(design)
    blocks = _matrices(design, explained(design, values)[1], names)
    n = blocks.shape[1]
    centred = blocks - blocks[:2].mean()  # large means would drown the products

    def indices(rows: Any) -> Floats:
        return _indices(centred[:, rows])

    found = _bootstrap(np.arange(n), indices, level, seed)
    columns = {"factor": names}
    for m, index in enumerate(("S1", "ST")):
        for k, end in enumerate(("", "_low", "_high")):
            columns[index + end] = found[k][m].tolist()
    table = pd.DataFrame(columns).assign(n=n, enough=n >= ENOUGH)
    return table.sort_values(["ST", "factor"], ascending=[False, True]).reset_index(drop=True)


def _matrices(design: pd.DataFrame, values: pd.Series[float], names: list[str]) -> Floats:
    """Return values of A, B and each AB in the rows that are whole, shape (2 + factors, rows)."""
    at = design[design["point"].isin(values.index)]
    y = array(values.loc[at["point"]])
    table = at[["block", "row"]].assign(y=y).pivot(index="row", columns="block", values="y")
    ab = [f"AB:{name}" for name in names]
    if ab[:1] and ab[0] not in table.columns:
        ab = [f"AB:{n}" for n in range(len(names))]
    needed = ["A", "B", *ab]
    if lost := [b for b in needed if b not in table.columns]:
        raise ValueError(f"Sobol' indices need a saltelli design; block {lost[0]!r} is missing")
    whole = table[needed].dropna()
    if len(whole) < 2:
        raise ValueError("Sobol' indices need two rows of the design with a value at every point")
    return array(whole).T


def _indices(blocks: Floats) -> Floats:
    """Return first and total indices (Saltelli et al. 2010, table 2 b and f), shape (2, factors).

    As `scipy.stats.sobol_indices`, which refuses a number of rows that is no power of two, as it
    is when a row has failed, and whose bootstrap cannot be given a seed.
    """
    a, b, ab = blocks[0], blocks[1], blocks[2:]
    variance = blocks[:2].var()
    if not variance > 1e-24 * float(abs(blocks).max(initial=0.0)) ** 2:
        return np.zeros((2, len(ab)))
    first = (b * (ab - a)).mean(axis=1)
    total = 0.5 * ((a - ab) ** 2).mean(axis=1)
    return np.stack([first, total]) / variance


def morris(
    design: pd.DataFrame, values: pd.Series[float], *, level: float = LEVEL, seed: int = 0
) -> pd.DataFrame:
    """Return Morris' measures of elementary effects, by mu*, the largest first.

    An elementary effect is the change of the outcome by the step of one factor, for its whole
    range (Morris 1991; mu* Campolongo et al. 2007).

    Parameters
    ----------
    design : DataFrame
        `row` numbers the trajectory, points follow each other in it, ``u:FACTOR`` are the places.
    values : Series, by point
        Trajectories that lack a value are left out whole.

    Returns
    -------
    DataFrame, one row a factor
        `mu`, mean effect with Student's interval; `mu_star`, mean of the absolute effects, and
        `sigma`, their standard deviation (interactions and curves), with bootstrap intervals;
        `n` trajectories.

    Raises
    ------
    ValueError
        If no trajectory is whole, or one does not move each factor once, one at a time.
    """
    import pandas as pd

    names = factor_names(design)
    effects = _effects(design, explained(design, values)[1], names)
    n = len(effects)

    def measures(rows: Any) -> Floats:
        some = effects[rows]
        spread = some.std(axis=0, ddof=1) if n > 1 else np.full(len(names), np.nan)
        return np.stack([abs(some).mean(axis=0), spread])

    middle, low, high = _bootstrap(np.arange(n), measures, level, seed)
    table = pd.DataFrame({"factor": names, "mu": effects.mean(axis=0)})
    ends = [student(effects[:, k], level) for k in range(len(names))]
    table["mu_low"], table["mu_high"] = zip(*ends, strict=True)
    for m, name in enumerate(("mu_star", "sigma")):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = middle[m], low[m], high[m]
    table = table.assign(n=n).sort_values(["mu_star", "factor"], ascending=[False, True])
    return table.reset_index(drop=True)


def _effects(design: pd.DataFrame, values: pd.Series[float], names: list[str]) -> Floats:
    """Return elementary effects, shape (whole trajectories, factors)."""
    places = [f"u:{name}" for name in names]
    found = []
    for number, path in design[design["block"] != BASE].groupby("row", sort=True):
        points = path.sort_values("point")
        if not points["point"].isin(values.index).all():
            continue
        steps = np.diff(array(points[places]), axis=0)
        change = np.diff(array(values.loc[points["point"]]))
        moved = steps != 0.0
        if moved.shape[0] != len(names) or not ((moved.sum(0) == 1) & (moved.sum(1) == 1)).all():
            raise ValueError(f"design: trajectory {number} does not move each factor once, alone")
        found.append((change[:, None] * moved / np.where(moved, steps, 1.0)).sum(axis=0))
    if not found:
        raise ValueError("Morris' measures need a trajectory with a value at every point")
    return np.array(found)


def _bootstrap(
    rows: NDArray[Any], statistic: Any, level: float, seed: int
) -> tuple[Floats, Floats, Floats]:
    """Return a statistic of all rows and its BCa interval; no width where it does not vary."""
    from scipy.stats import bootstrap

    middle = statistic(rows)
    if len(rows) < 2:
        return middle, np.full_like(middle, np.nan), np.full_like(middle, np.nan)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of statistics that do not vary: see below
        found = bootstrap(
            (rows,),
            statistic,
            n_resamples=DRAWS,
            confidence_level=level,
            vectorized=False,
            rng=np.random.default_rng(seed),
        )
    low, high = found.confidence_interval
    still = np.ptp(found.bootstrap_distribution, axis=-1) <= 1e-12 * np.maximum(1.0, abs(middle))
    return middle, np.where(still, middle, low), np.where(still, middle, high)
