"""Differences of packages to the baseline, in the same futures and the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.analysis.futures import Futures, Outcome, array, gap, require, signs, wide
from experiments.analysis.intervals import bca, student, welch
from mobilize.compare import LEVEL
from mobilize.state import Floats

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "package outcome baseline_mean package_mean difference low high bca_low bca_high "
    "adjusted_low adjusted_high unpaired_low unpaired_high narrower better same worse n unit"
)


def differences(
    futures: Futures,
    outcomes: Sequence[Outcome],
    baseline: str,
    *,
    level: float = LEVEL,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the mean difference of each package to the baseline, by outcome, with intervals.

    Parameters
    ----------
    level : float
        Of each interval. `adjusted` ones hold for all packages of an outcome at once
        (Bonferroni, as in Nelson & Matejcik 1995).
    seed : int
        Of the bootstrap.

    Returns
    -------
    DataFrame, one row a package and outcome
        `difference` is package less baseline, in the outcome's unit, with Student's interval
        (`low`, `high`) and the bootstrap's (`bca_low`, `bca_high`). `unpaired` is what the same
        number of runs would tell if packages had met different futures, and `narrower` how many
        times narrower pairing made the interval. `better`, `same` and `worse` are shares of the
        `n` cases, by the outcome's goal; `unit` says what a case is. Intervals of a single case
        are NaN.

    Raises
    ------
    ValueError
        If the baseline was not run, or a value is missing.
    """
    import pandas as pd

    require(baseline, futures.packages)
    sign = signs(outcomes)
    rows = []
    for outcome in outcomes:
        table = wide(futures, outcome.name)
        others = [p for p in table.columns if p != baseline]
        for package in others:
            before, after = array(table[[baseline, package]]).T
            change = array(gap(table[baseline], table[package]))
            gain = sign[outcome.name] * change
            shares = [float(met.mean()) for met in (gain > 0.0, gain == 0.0, gain < 0.0)]
            found = _means(before, after, change, level, len(others), seed)
            rows.append((package, outcome.name, *found, *shares, len(gain), futures.unit))
    return pd.DataFrame(rows, columns=COLUMNS.split())


def _means(
    before: Floats, after: Floats, change: Floats, level: float, packages: int, seed: int
) -> list[float]:
    paired, unpaired = student(change, level), welch(before, after, level)
    width = paired[1] - paired[0]
    narrower = (unpaired[1] - unpaired[0]) / width if width > 0.0 else float("nan")
    return [
        float(before.mean()),
        float(after.mean()),
        float(change.mean()),
        *paired,
        *bca(change, level, seed),
        *student(change, 1.0 - (1.0 - level) / packages),
        *unpaired,
        narrower,
    ]
