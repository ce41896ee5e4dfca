"""How much of what varies is luck: what differs between the worlds of one future."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.futures import (
    Outcome,
    array,
    cube,
    nominal,
    per_future,
    require,
    sampled_points,
)
from mobilize.compare import LEVEL
from mobilize.state import Floats

if TYPE_CHECKING:
    import pandas as pd

NAN = float("nan")
COLUMNS = "package outcome share low high futures worlds luck"


def luck(
    runs: pd.DataFrame,
    outcomes: Sequence[Outcome],
    design: pd.DataFrame | None = None,
    baseline: str | None = None,
    *,
    leave_out: bool = False,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return the share of variance that is luck, by package and outcome.

    Parameters
    ----------
    baseline : str, optional
        With it, of the paired differences of the other packages to it.

    Returns
    -------
    DataFrame
        `share` of the variance of single runs that is between the worlds of a future, with its
        interval, that of an intraclass correlation taken from one (McGraw & Wong 1996: form 1
        where no two futures share their luck, form A where all do); how many `futures` and
        `worlds` it rests on; `luck`, *shared* or *own*. Where each future has one world, the
        variance between worlds at the nominal point stands for luck (*nominal*), with the
        interval of a ratio of variances. NaN where that is unknown too or nothing varies; 1
        without an interval where there is one future.

    Raises
    ------
    MissingRunsError
        If runs are missing and `leave_out` is false.
    """
    import pandas as pd

    names = [o.name for o in outcomes]
    futures = per_future(runs, outcomes, design, leave_out=leave_out)
    packages = futures.packages
    points = sampled_points(runs, design)
    if futures.unit == "future":
        points = sorted(set(points) - set(futures.left_out))
    part = runs[runs["point"].isin(points)]
    told = "shared" if (part.groupby("replication")["world"].nunique() == 1).all() else "own"
    values = _differences(cube(part, names, packages, points)[0], packages, baseline)
    at_base = None
    if futures.unit == "future" and futures.worlds == 1 and design is not None:
        base = nominal(runs, outcomes, design, leave_out=leave_out)
        if base is not None and base.cases > 1:
            shape = (base.cases, len(packages), len(names))
            whole = array(base.frame[names]).reshape(1, *shape)
            at_base, told = _differences(whole, packages, baseline)[0], "nominal"
    rows = []
    for n, name in enumerate(names):
        for m, package in enumerate(p for p in packages if p != baseline):
            table = values[:, :, m, n]
            if at_base is not None:
                found = _ratio(at_base[:, m, n], table[:, 0], level)
            else:
                found = _share(table, told == "shared", level)
            worlds = table.shape[1] if at_base is None else len(at_base)
            rows.append((package, name, *found, len(table), worlds, told))
    return pd.DataFrame(rows, columns=COLUMNS.split())


def _differences(values: Floats, packages: Sequence[str], baseline: str | None) -> Floats:
    """Return values less those of the baseline, for the other packages (the third axis)."""
    if baseline is None:
        return values
    require(baseline, packages)
    at = list(packages).index(baseline)
    return np.delete(values - values[:, :, at : at + 1], at, axis=2)


def _ratio(some: Floats, whole: Floats, level: float) -> tuple[float, float, float]:
    """Return the ratio of two variances, at most 1, low and high."""
    from scipy.special import fdtri

    one, all_ = float(some.var(ddof=1)), float(whole.var(ddof=1))
    if not all_ > 0.0:
        return NAN, NAN, NAN
    q, (n, m) = 0.5 + level / 2, (len(some) - 1, len(whole) - 1)
    ratio = one / all_
    ends = ratio, ratio / float(fdtri(n, m, q)), ratio * float(fdtri(m, n, q))
    middle, low, high = (min(1.0, end) for end in ends)
    return middle, low, high


def _share(table: Floats, shared: bool, level: float) -> tuple[float, float, float]:
    """Return one less the intraclass correlation of worlds in futures, low and high."""
    from scipy.special import fdtri

    n, k = table.shape
    centred = table - table.mean()
    rows, columns = centred.mean(axis=1), centred.mean(axis=0)
    total = float((centred**2).sum())
    if k < 2 or not total > 1e-24 * n * k * float(abs(table).max()) ** 2:
        return NAN, NAN, NAN
    if n == 1:
        return 1.0, NAN, NAN
    msr = k * float((rows**2).sum()) / (n - 1)
    msc = n * float((columns**2).sum()) / (k - 1)
    msw = float(((centred - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    q = 0.5 + level / 2
    if not shared:
        icc = (msr - msw) / (msr + (k - 1) * msw)
        if not msw > 0.0:
            return 0.0, 0.0, 0.0
        f = msr / msw
        low = f / float(fdtri(n - 1, n * (k - 1), q))
        high = f * float(fdtri(n * (k - 1), n - 1, q))
        ends = (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)
    else:
        mse = float(((centred - rows[:, None] - columns) ** 2).sum()) / ((n - 1) * (k - 1))
        icc = (msr - mse) / (msr + (k - 1) * mse + k / n * (msc - mse))
        if not msc + mse > 0.0:
            return 0.0, 0.0, 0.0
        ends = _agreement(max(icc, 0.0), n, k, (msr, msc, mse), q)
    share, low, high = np.clip([1.0 - icc, 1.0 - ends[1], 1.0 - ends[0]], 0.0, 1.0).tolist()
    return share, low, high


def _agreement(
    icc: float, n: int, k: int, squares: tuple[float, float, float], q: float
) -> tuple[float, float]:
    """Return the interval of the intraclass correlation of form A (McGraw & Wong 1996, table 7)."""
    from scipy.special import fdtri

    msr, msc, mse = squares
    icc = min(icc, 1.0 - 1e-12)
    a = k * icc / (n * (1.0 - icc))
    b = 1.0 + k * icc * (n - 1) / (n * (1.0 - icc))
    parts = (a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * msc + b * mse) ** 2 / parts
    up, down = float(fdtri(n - 1, freedom, q)), float(fdtri(freedom, n - 1, q))
    rest = k * msc + (k * n - k - n) * mse
    low = n * (msr - up * mse) / (up * rest + n * msr)
    high = n * (down * msr - mse) / (rest + n * down * msr)
    return low, high
