"""Regret and robustness of packages over futures, several measures side by side.

The measures weigh futures differently and may prefer different packages: that they do is a
finding, not a fault (McPhail et al. 2018, Earth's Future 6, 169-191).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.futures import Futures, Outcome, array, signs, wide
from experiments.analysis.intervals import quantile_interval, student, wilson
from mobilize.compare import LEVEL
from mobilize.state import EPS

if TYPE_CHECKING:
    import pandas as pd

MEASURES = {
    "mean": "mean over futures",
    "worst": "worst future",
    "decile": "value that nine futures in ten reach",
    "max_regret": "largest regret in any future",
    "satisficing": "share of futures that are acceptable",
}
"""Measures of robustness, each a column of `robustness`."""
BAD = 0.10  # share of futures in the worst decile


def regrets(futures: Futures, outcome: Outcome) -> pd.DataFrame:
    """Return regret by case and package: how far behind the best with hindsight, never negative.

    In the outcome's unit (Savage 1951).
    """
    gain = wide(futures, outcome.name) * signs([outcome])[outcome.name]
    return gain.rsub(gain.max(axis=1), axis=0)


def regret(futures: Futures, outcomes: Sequence[Outcome], *, level: float = LEVEL) -> pd.DataFrame:
    """Return by package and outcome how much regret there is.

    Returns
    -------
    DataFrame
        `mean` with its interval `low`, `high`; `p90`, which nine futures in ten do not exceed,
        with `p90_low`, `p90_high`; `max`, a sample's, in case `max_case`; `best`, the share of
        cases without regret.
    """
    import pandas as pd

    rows = []
    for outcome in outcomes:
        table = regrets(futures, outcome)
        scale = EPS * max(1.0, float(wide(futures, outcome.name).abs().to_numpy().max()))
        for package in table.columns:
            values = array(table[package])
            row = {"package": package, "outcome": outcome.name, "mean": float(values.mean())}
            row["low"], row["high"] = student(values, level)
            row["p90"] = float(np.quantile(values, 1.0 - BAD))
            row["p90_low"], row["p90_high"] = quantile_interval(values, 1.0 - BAD, level)
            row["max"], row["max_case"] = (
                float(values.max()),
                int(table.index[int(values.argmax())]),
            )
            row["best"] = float((values <= scale).mean())
            rows.append(row | {"n": len(values)})
    return pd.DataFrame(rows)


def robustness(
    futures: Futures, outcomes: Sequence[Outcome], *, level: float = LEVEL
) -> pd.DataFrame:
    """Return measures of robustness by package and outcome, each with its rank (1 is best).

    Returns
    -------
    DataFrame
        The columns of `MEASURES`, ranks as ``NAME_rank``; intervals ``NAME_low`` and
        ``NAME_high`` of mean, decile and satisficing. The worst future and the largest regret
        are those of the sample: more futures can only make them worse. `satisficing` is NaN
        where the outcome has no acceptable value.
    """
    import pandas as pd

    blocks = []
    for outcome in outcomes:
        sign = signs([outcome])[outcome.name]
        table, largest = wide(futures, outcome.name), regrets(futures, outcome).max()
        rows = [
            {"package": p, "outcome": outcome.name, "max_regret": float(largest[p])}
            | _measures(table[p], sign, outcome.acceptable, level)
            for p in table.columns
        ]
        block = pd.DataFrame(rows)
        for name in MEASURES:
            up = sign > 0 if name in ("mean", "worst", "decile") else name == "satisficing"
            rounded = block[name].map(lambda v: float(f"{v:.9g}"))
            block[f"{name}_rank"] = rounded.rank(method="min", ascending=not up)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()


def _measures(
    values: pd.Series[float], sign: float, acceptable: float | None, level: float
) -> dict[str, float]:
    found = array(values)
    tail = BAD if sign > 0 else 1.0 - BAD
    row = {"mean": float(found.mean()), "decile": float(np.quantile(found, tail))}
    row["worst"] = float(found.min() if sign > 0 else found.max())
    row["mean_low"], row["mean_high"] = student(found, level)
    row["decile_low"], row["decile_high"] = quantile_interval(found, tail, level)
    names = ("satisficing", "satisficing_low", "satisficing_high")
    if acceptable is None:
        return row | dict.fromkeys(names, float("nan"))
    met = sign * (found - acceptable) >= 0.0
    share = (float(met.mean()), *wilson(int(met.sum()), len(met), level))
    return row | dict(zip(names, share, strict=True))


def satisficing(
    futures: Futures, outcomes: Sequence[Outcome], *, level: float = LEVEL
) -> pd.DataFrame:
    """Return by package in which share of the cases all acceptable values are met at once.

    Outcomes without an acceptable value do not count; if none has one, there are no rows. With
    the interval `low`, `high`, and `outcomes`, how many had to be met.
    """
    import pandas as pd

    asked = [o for o in outcomes if o.acceptable is not None]
    rows = []
    for package in futures.packages if asked else []:
        met = np.all([acceptable(futures, o, package) for o in asked], axis=0)
        low, high = wilson(int(met.sum()), len(met), level)
        rows.append((package, float(met.mean()), low, high, len(asked), len(met)))
    return pd.DataFrame(rows, columns=["package", "share", "low", "high", "outcomes", "n"])


def acceptable(futures: Futures, outcome: Outcome, package: str) -> pd.Series[bool]:
    """Return by case whether a package reaches the outcome's acceptable value.

    Raises
    ------
    ValueError
        If the outcome has none.
    """
    if outcome.acceptable is None:
        raise ValueError(f"outcome {outcome.name!r} has no acceptable value; give it one")
    values = wide(futures, outcome.name)[package]
    return values <= outcome.acceptable if outcome.goal == "less" else values >= outcome.acceptable


def preferred(measured: pd.DataFrame) -> pd.DataFrame:
    """Return by outcome which package each measure prefers, and whether they agree.

    Parameters
    ----------
    measured : DataFrame
        What `robustness` returns.

    Returns
    -------
    DataFrame, one row an outcome and measure
        `best`, the packages of rank 1 (several if they tie); `agree`, whether one package is
        among the best by every measure of that outcome. Measures without values are left out.
    """
    import pandas as pd

    rows = []
    for outcome, block in measured.groupby("outcome", sort=False):
        best = {
            name: tuple(block.loc[block[f"{name}_rank"] == 1, "package"])
            for name in MEASURES
            if block[name].notna().all()
        }
        agree = bool(set.intersection(*map(set, best.values())))
        rows += [(outcome, name, found, agree) for name, found in best.items()]
    return pd.DataFrame(rows, columns=["outcome", "measure", "best", "agree"])
