"""Packages over several outcomes at once: which are undominated, and what a gain costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.futures import Futures, Outcome, array, gap, require, signs, wide
from experiments.analysis.intervals import NOTHING, resampled_means, student
from mobilize.compare import LEVEL
from mobilize.state import EPS, Flags, Floats

if TYPE_CHECKING:
    import pandas as pd


def undominated(gains: Floats, slack: float | Floats = 0.0) -> Flags:
    """Return which rows no other row dominates: as good in all, better in one (Pareto).

    Parameters
    ----------
    gains : ndarray, shape (..., packages, outcomes)
        More is better.
    slack : float or ndarray, shape (outcomes,)
        Differences that do not count.
    """
    found = np.empty(gains.shape[:-1], dtype=np.bool_)
    for n in range(gains.shape[-2]):
        lead = gains - gains[..., n : n + 1, :]
        beaten = (lead >= -slack).all(axis=-1) & (lead > slack).any(axis=-1)
        found[..., n] = ~beaten.any(axis=-1)
    return found


def front(
    futures: Futures, outcomes: Sequence[Outcome], *, level: float = LEVEL, seed: int = 0
) -> pd.DataFrame:
    """Return which packages are on the Pareto front of their means, and how firmly.

    Returns
    -------
    DataFrame, one row a package
        The mean of each outcome (its name) with its interval (``NAME_low``, ``NAME_high``),
        `on_front`, `share` of the resamples of the cases in which the package is on the front
        (NaN of a single case), and `beaten_by`, packages that dominate it.
    """
    import pandas as pd

    tables = {o.name: wide(futures, o.name) for o in outcomes}
    packages, sign = futures.packages, np.array(list(signs(outcomes).values()))
    cases = np.stack([array(t) for t in tables.values()], axis=2)
    means = cases.mean(axis=0)
    slack = EPS * np.maximum(1.0, abs(cases).max(axis=(0, 1)))
    rows: dict[str, object] = {"package": packages}
    for n, name in enumerate(tables):
        ends = [student(cases[:, p, n], level) for p in range(len(packages))]
        rows[name] = means[:, n]
        rows[f"{name}_low"], rows[f"{name}_high"] = zip(*ends, strict=True)
    on = undominated(sign * means, slack)
    rows["on_front"], rows["share"] = on, _share_on(cases, sign, slack, seed)
    rows["beaten_by"] = [
        tuple(
            other
            for q, other in enumerate(packages)
            if not undominated(sign * means[[p, q]], slack)[0]
        )
        for p in range(len(packages))
    ]
    return pd.DataFrame(rows)


def _share_on(cases: Floats, sign: Floats, slack: Floats, seed: int) -> Floats:
    n, packages, outcomes = cases.shape
    if n < 2:
        return np.full(packages, np.nan)
    flat = cases.reshape(n, -1)
    hits, drawn = np.zeros(packages), 0
    for means in resampled_means(flat, seed):
        on = undominated(sign * means.reshape(-1, packages, outcomes), slack)
        hits, drawn = hits + on.sum(axis=0), drawn + len(on)
    return hits / drawn


def cost_effectiveness(
    futures: Futures,
    outcome: Outcome,
    cost: Outcome,
    baseline: str,
    *,
    per: float = 1.0,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Return what each package gains in an outcome for what it costs more than the baseline.

    Parameters
    ----------
    per : float
        Units of the cost outcome that the gain is told for, such as 1,000 (MUSD).

    Returns
    -------
    DataFrame, one row a package, best first
        `gain` in the outcome (positive is better) and `extra` cost, each a paired mean with its
        interval; `ratio`, gain for `per` of extra cost, with Fieller's interval (1954), which is
        NaN where the extra cost is not told from zero; `verdict`; `clear`, whether the intervals
        of gain and cost both leave out zero; `rank`. A ratio ranks packages that *buy* a gain;
        those that *dominate* (gain for no more cost) come first. A package that *saves* gives up
        some of the outcome to cost less (its ratio is what it gives up for `per` saved: smaller
        is better); *dominated* ones lose and cost more; *same* ones change neither.

    Raises
    ------
    ValueError
        If more of the cost is better, or the baseline was not run.
    """
    import pandas as pd

    if cost.goal != "less":
        raise ValueError(f"cost {cost.name!r} has goal {cost.goal!r}; allowed: less")
    require(baseline, futures.packages)
    sign = signs([outcome])[outcome.name]
    benefit, spent = wide(futures, outcome.name) * sign, wide(futures, cost.name)
    rows = []
    for package in (p for p in futures.packages if p != baseline):
        gain = array(gap(benefit[baseline], benefit[package]))
        extra = array(gap(spent[baseline], spent[package]))
        (g0, g1), (e0, e1) = student(gain, level), student(extra, level)
        clear = bool(g0 * g1 > 0.0 and e0 * e1 > 0.0)
        verdict = _verdict(float(gain.mean()), float(extra.mean()))
        ratio = (float("nan"), *NOTHING)
        if verdict in ("buys", "saves"):
            ratio = fieller(gain, extra / per, level)
        found = (gain.mean(), g0, g1, extra.mean(), e0, e1, *ratio, verdict, clear, len(gain))
        rows.append((package, *map(float, found[:9]), *found[9:]))
    names = "package gain gain_low gain_high extra extra_low extra_high ratio low high"
    table = pd.DataFrame(rows, columns=[*names.split(), "verdict", "clear", "n"])
    return _ranked(table)


def fieller(gain: Floats, extra: Floats, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the ratio of two paired means with its interval (Fieller 1954).

    The ends are NaN where the lower mean is not told from zero: no interval of finite length
    then holds at that level.
    """
    from scipy.special import stdtrit

    a, b, n = float(gain.mean()), float(extra.mean()), len(gain)
    ratio = a / b if b else float("nan")
    if n < 2:
        return ratio, *NOTHING
    (aa, ab), (_, bb) = (np.cov(gain, extra) / n).tolist()
    t2 = float(stdtrit(n - 1, 0.5 + level / 2)) ** 2
    square, middle, rest = b * b - t2 * bb, a * b - t2 * ab, a * a - t2 * aa
    if not square > 0.0:
        return ratio, *NOTHING
    half = max(0.0, middle * middle - square * rest) ** 0.5
    return ratio, (middle - half) / square, (middle + half) / square


def _verdict(gain: float, extra: float) -> str:
    if gain == 0.0 and extra == 0.0:
        return "same"
    if gain >= 0.0 and extra <= 0.0:
        return "dominates"
    if gain <= 0.0 and extra >= 0.0:
        return "dominated"
    return "buys" if gain > 0 else "saves"


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    order = {"dominates": 0, "buys": 1, "same": 2, "saves": 3, "dominated": 4}
    first = table["verdict"].map(order)
    then = table["ratio"].where(table["verdict"] == "saves", -table["ratio"]).fillna(-table["gain"])
    table = table.assign(_first=first, _then=then).sort_values(["_first", "_then", "package"])
    table = table.drop(columns=["_first", "_then"]).reset_index(drop=True)
    return table.assign(rank=range(1, len(table) + 1))
