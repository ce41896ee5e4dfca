"""How the metrics of deterrence are called, and their units: each stands alone, none is merged."""

from __future__ import annotations

from mobilize.ladder import MINDSETS

LABEL = "A teaching index, not a forecast."
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
