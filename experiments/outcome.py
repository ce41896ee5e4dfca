"""One figure of a run: a measure, of something, over a window of months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.measurable import MEASURES, Goal
from mobilize.model import Model
from mobilize.state import EPS, Floats

YEAR = 12
AT_MOST = " at most"  # ends the name of a way that counts months at or below the level
UNTIL = "months until"
SUMS: dict[str, Callable[[Floats], Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "last": lambda values: values[-1],
    "lowest": np.min,
    "highest": np.max,
}
COUNTS = ("ever", "share of months", f"share of months{AT_MOST}", UNTIL, f"{UNTIL}{AT_MOST}")
HOWS = {"flow": (*SUMS, *COUNTS), "stock": (*list(SUMS)[1:], *COUNTS)}
"""Ways from a series to a figure: what stands at the end of a month is not added up."""
DEFAULT = {"flow": "sum", "stock": "last"}


@dataclass(frozen=True)
class Outcome:
    """One figure of a run.

    `of` is empty for a measure of the whole; `first` and `last` are months since the start,
    inclusive; `goal` says which way is better, `acceptable` from where on it is good enough.
    `level` is what *ever*, *share of months* and *months until* compare with; None there means
    anything above zero.
    """

    name: str
    title: str
    measure: str
    of: str
    how: str
    first: int
    last: int
    unit: str
    goal: Goal
    acceptable: float | None = None
    level: float | None = None


def series(model: Model, outcome: Outcome) -> Floats:
    """Return the series behind an outcome, one value a month played, shape (months,).

    In the unit of the measure, of the whole run: the window does not count.
    """
    values: Floats = MEASURES[outcome.measure].take(model, outcome.of)
    return values


def figure(model: Model, outcome: Outcome) -> float:
    """Return the figure of an outcome's window.

    *months until* is the months before the level is reached, and the length of the window where
    it is not: its mean over runs is the restricted mean waiting time (Royston and Parmar 2013).
    Against a level, what happens in a month is taken there as the mean of the twelve months up to
    it, so that one large lot is no lasting rate; such a mean is there from the run's twelfth month.

    Raises
    ------
    ValueError
        If the run has not come to the end of the window.
    """
    values = series(model, outcome)
    if len(values) <= outcome.last:
        raise ValueError(
            f"outcome {outcome.name} needs {outcome.last + 1} months; the run has {len(values)}"
        )
    window = slice(outcome.first, outcome.last + 1)
    if outcome.how in SUMS:
        return float(SUMS[outcome.how](values[window]))
    reached = _reached(values, outcome)[window]
    if outcome.how.startswith(UNTIL):
        return float(reached.argmax() if reached.any() else len(reached))
    return float(reached.any() if outcome.how == "ever" else reached.mean())


def _reached(values: Floats, outcome: Outcome) -> np.ndarray:
    """Return in which months the level is reached, from below or (at most) from above."""
    if outcome.level is None:
        return np.asarray(values > EPS)
    if smoothed(outcome.measure, outcome.how, outcome.level):
        values = trailing_mean(values)
    slack = EPS * max(1.0, abs(outcome.level))
    if outcome.how.endswith(AT_MOST):
        return np.asarray(values <= outcome.level + slack)
    return np.asarray(values >= outcome.level - slack)


def smoothed(measure: str, how: str, level: float | None) -> bool:
    """Say whether a level is held against means of twelve months instead of single ones."""
    return level is not None and how.startswith(UNTIL) and MEASURES[measure].kind == "flow"


def trailing_mean(values: Floats) -> Floats:
    """Return the mean of the twelve months up to each; NaN before the twelfth.

    >>> trailing_mean(np.arange(13.0))[10:]
    array([nan, 5.5, 6.5])
    """
    means = np.full(len(values), np.nan)
    if len(values) >= YEAR:
        means[YEAR - 1 :] = np.convolve(values, np.full(YEAR, 1 / YEAR), "valid")
    return means
