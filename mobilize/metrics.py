"""How the metrics of deterrence are called, and their units: each stands alone, none is merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mobilize.ladder import MINDSETS

if TYPE_CHECKING:
    from mobilize.runs import Results

LABEL = "A teaching index, not a forecast."
DATES = (0, 12, 24, 36, 60)  # months shown, and the last
ROWS = (
    ("M1", "days of sustained fires", "fires", "days"),
    ("M2", "months to replenish", "replenish", "months"),
    ("M2", "as a challenger sees it", "replenish_seen", "months"),
    ("M3", "deliveries to the start's", "output", "ratio"),
    ("M3", "announced, 3 years ahead", "announced", "ratio"),
    ("M4", "fragile share", "fragile", "fraction"),
    ("M5", "assured allied supply", "assured", "0-1"),
    ("M5", "dependence", "dependence", "0-1"),
    *(("M6", f"view: {name}", f"view {name}", "0-100") for name in MINDSETS),
    ("M7", "trust less backlash", "cohesion", "0-1"),
    ("M7", "commitments kept", "kept", "fraction"),
)
"""Metric, words, its series in :data:`mobilize.deterrence.SERIES`, unit."""


def dates(results: Results) -> list[int]:
    """Return the months that are shown: some from the start on, and the last."""
    last = results.months - 1
    return [month for month in DATES if month < last] + [last]
