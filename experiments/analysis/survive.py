"""Which findings survive when uncertain values vary: where the sign of a difference holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.futures import Futures, Outcome, array, gap, response, signs, wide
from experiments.analysis.importance import importance
from experiments.analysis.intervals import wilson
from experiments.analysis.paired import differences
from mobilize.compare import LEVEL
from mobilize.state import Floats

if TYPE_CHECKING:
    import pandas as pd

# Words for shares, a convention of this project: no standard says what share is enough.
SURVIVES = 0.95  # share of futures in which the sign holds
MOSTLY = 0.80
MATTERS = 0.05  # p-value below which a factor is named
NAMED = 3  # most factors to name
NAN = float("nan")
COLUMNS = (
    "package outcome nominal nominal_low nominal_high difference low high sign better "
    "holds holds_low holds_high verdict depends_on n"
)


def findings(
    futures: Futures,
    outcomes: Sequence[Outcome],
    design: pd.DataFrame,
    baseline: str,
    nominal: Futures | None = None,
    *,
    level: float = LEVEL,
    seed: int = 0,
) -> pd.DataFrame:
    """Return by package and outcome whether the sign of the difference holds across futures.

    Parameters
    ----------
    nominal : Futures, optional
        Worlds of the nominal point (`futures.nominal`), whose sign is put to the test. Without
        it, or where its difference is nothing, the sign of the mean over futures is.

    Returns
    -------
    DataFrame
        `nominal` difference and that over futures, each with its interval; `sign` put to the
        test (1, -1, 0); `better`, whether that sign is the better one by the outcome's goal;
        `holds`, the share of futures with that sign, with its interval; `verdict`:

        - *survives*: in at least 95 % of the futures, and the interval of the mean difference
          lies on the same side of zero;
        - *mostly*: in at least 80 %, the mean over futures on the same side;
        - *depends*: less than that; `depends_on` names the factors that explain most of the
          difference;
        - *none*: no difference anywhere.

        With one future there are worlds in place of futures, and nothing to depend on.
        With few worlds a future, luck turns signs too and `holds` is too low: see `luck.luck` of
        the difference.

    Raises
    ------
    ValueError
        If the baseline was not run, or a value is missing.
    """
    import pandas as pd

    goal = signs(outcomes)
    over = differences(futures, outcomes, baseline, level=level, seed=seed)
    at = None if nominal is None else differences(nominal, outcomes, baseline, level=level)
    rows = []
    for n, (package, outcome) in enumerate(zip(over["package"], over["outcome"], strict=True)):
        table = wide(futures, outcome)
        change = array(gap(table[baseline], table[package]))
        known = (NAN,) * 3 if at is None else _mean(at, n)
        mean = _mean(over, n)
        sign = float(np.sign(known[0])) if known[0] == known[0] else 0.0
        sign = sign or float(np.sign(mean[0]))
        held = int((np.sign(change) == sign).sum())
        verdict = _verdict(change, held / len(change), [sign * v for v in mean])
        factors: tuple[str, ...] = ()
        if verdict in ("mostly", "depends") and futures.unit == "future":
            factors = depends_on(design, response(futures, outcome, package, baseline))
        share = (held / len(change), *wilson(held, len(change), level))
        better = bool(sign * goal[outcome] > 0)
        said = (int(sign), better, *share, verdict, factors, len(change))
        rows.append((package, outcome, *known, *mean, *said))
    return pd.DataFrame(rows, columns=COLUMNS.split())


def _mean(table: pd.DataFrame, n: int) -> tuple[float, float, float]:
    low, middle, high = array(table[["low", "difference", "high"]].iloc[n])
    return float(middle), float(low), float(high)


def _verdict(change: Floats, held: float, mean: Sequence[float]) -> str:
    if not change.any():
        return "none"
    if held >= SURVIVES and min(mean[1:]) > 0.0:
        return "survives"
    return "mostly" if held >= MOSTLY and mean[0] > 0.0 else "depends"


def depends_on(design: pd.DataFrame, values: pd.Series[float]) -> tuple[str, ...]:
    """Return the factors that explain most of some values, the first most; none if none is told."""
    told = importance(design, values)
    return tuple(told.loc[told["p_value"] <= MATTERS, "factor"].head(NAMED))
