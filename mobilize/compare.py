"""Two policies in the same worlds: paired differences with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mobilize.runs import Results
from mobilize.scenario import months

LEVEL = 0.90
YEAR = 12


@dataclass(frozen=True)
class Difference:
    """Mean of (b - a) over worlds in the same luck, with its interval."""

    what: str
    period: str
    unit: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    better: float  # share of worlds in which b is higher


def paired(
    what: str, period: str, unit: str, a: np.ndarray, b: np.ndarray, level: float = LEVEL
) -> Difference:
    """Return the mean difference of paired worlds with its Student interval.

    Parameters
    ----------
    a, b : ndarray, shape (worlds,)
        The same worlds under two policies.
    """
    from scipy.special import stdtrit

    gap = b - a
    half = 0.0
    if len(gap) > 1:
        half = float(stdtrit(len(gap) - 1, 0.5 + level / 2) * gap.std(ddof=1) / len(gap) ** 0.5)
    mean = float(gap.mean())
    share = float((gap > 0).mean())
    return Difference(
        what, period, unit, float(a.mean()), float(b.mean()), mean, mean - half, mean + half, share
    )


def compare(a: Results, b: Results) -> list[Difference]:
    """Compare deliveries by end item and year, and money paid, of two sets of the same worlds.

    Raises
    ------
    ValueError
        If the two do not hold the same worlds of the same scenario and seed.
    """
    same = (a.scenario.digest, a.seed, a.worlds, a.months)
    if same != (b.scenario.digest, b.seed, b.worlds, b.months):
        raise ValueError("compare needs the same scenario, seed, worlds and months on both sides")
    units = dict(
        zip(a.scenario.tables["items"]["id"], a.scenario.tables["items"]["unit"], strict=True)
    )
    da, db = a.by_item("delivered"), b.by_item("delivered")
    rows = []
    for item in a.end_items():
        name = a.names.items[item]
        for first in range(0, a.months, YEAR):
            last = min(first + YEAR, a.months)
            period = months.label(a.scenario.start + first)
            period += f" to {months.label(a.scenario.start + last - 1)}"
            pair = [d[:, first:last, item].sum(axis=1) for d in (da, db)]
            rows.append(paired(name, period, str(units[name]), *pair))
        pair = [d[:, :, item].sum(axis=1) for d in (da, db)]
        rows.append(paired(name, "all", str(units[name]), *pair))
    paid = [r.series("paid")[:, -1].sum(axis=1) / 1000 for r in (a, b)]
    rows.append(paired("paid to programs", "all", "MUSD", *paid))
    return rows
