"""Pictures of results, for files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mobilize.scenario import months

if TYPE_CHECKING:
    from mobilize.attribution import Attribution
    from mobilize.runs import Results

COLUMNS = 4
LINE, BAND = "#1f5fa8", "#9cc1e8"
SMOOTH = 3


def plot_deliveries(results: Results, path: Path) -> None:
    """Draw deliveries a month of every end item: median and 10-90 % of worlds."""
    from matplotlib.figure import Figure

    items = results.end_items()
    delivered = results.by_item("delivered")
    rows = -(-len(items) // COLUMNS)
    figure = Figure(figsize=(3.2 * COLUMNS, 2.3 * rows), layout="constrained")
    axes = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    start = results.scenario.start
    dates = np.arange(results.months) / 12 + start / 12
    names = dict(zip(*(results.scenario.tables["items"][c] for c in ("id", "name")), strict=True))
    for axis, item in zip(axes, items, strict=False):
        low, middle, high = np.quantile(_smooth(delivered[:, :, item]), (0.1, 0.5, 0.9), axis=0)
        axis.fill_between(dates, low, high, color=BAND, linewidth=0)
        axis.plot(dates, middle, color=LINE, linewidth=1.4)
        axis.set_title(names[results.names.items[item]], fontsize=9, loc="left")
        axis.set_ylim(bottom=0)
        axis.tick_params(labelsize=7)
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    for axis in axes[len(items) :]:
        axis.set_visible(False)
    figure.suptitle(
        f"{results.scenario.title}: deliveries a month, median and 10-90 % of "
        f"{len(results.worlds)} worlds, from {months.label(start)}",
        fontsize=11,
    )
    figure.savefig(path, dpi=110, metadata={"Software": None})


def plot_attribution(found: Attribution, path: Path, item: str | None = None) -> None:
    """Draw what each lever contributed as a bar with its interval, an item to a panel."""
    from matplotlib.figure import Figure

    items = [item] if item else sorted(found.whole, key=lambda i: -abs(found.whole[i]))[:6]
    levers = list(dict.fromkeys(p.lever for p in found.parts))
    height = 1.0 + 0.28 * len(levers)
    figure = Figure(figsize=(5.4 * min(2, len(items)), height * -(-len(items) // 2)),
                    layout="constrained")  # fmt: skip
    axes = figure.subplots(-(-len(items) // 2), min(2, len(items)), squeeze=False).ravel()
    for axis, name in zip(axes, items, strict=False):
        parts = {p.lever: p for p in found.parts if p.item == name}
        middle = np.array([parts[lever].share for lever in levers])
        low = middle - np.array([parts[lever].low for lever in levers])
        high = np.array([parts[lever].high for lever in levers]) - middle
        axis.barh(levers, middle, xerr=(low, high), color=BAND, ecolor=LINE, capsize=3)
        axis.axvline(0.0, color="#555555", linewidth=0.8)
        axis.invert_yaxis()
        axis.set_title(f"{name}: {found.whole[name]:+,.0f} in all", fontsize=9, loc="left")
        axis.tick_params(labelsize=7)
    for axis in axes[len(items) :]:
        axis.set_visible(False)
    figure.suptitle(f"What each lever contributed, units, {found.worlds} worlds", fontsize=10)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def _smooth(series: np.ndarray) -> np.ndarray:
    """Return the mean of the last months, shape (worlds, months)."""
    total = np.cumsum(np.pad(series, ((0, 0), (SMOOTH, 0)), mode="edge"), axis=1)
    return np.asarray((total[:, SMOOTH:] - total[:, :-SMOOTH]) / SMOOTH)
