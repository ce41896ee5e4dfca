"""Pictures of deterrence: a panel a metric, and the ladder; no panel merges them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agents.tables import ladder
from mobilize.ladder import MINDSETS, RUNGS
from mobilize.metrics import LABEL
from mobilize.plots import BAND, LINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from mobilize.runs import Results

FANS = ((0.05, 0.95, 0.45), (0.25, 0.75, 0.9))  # low, high, opacity
PANELS = (
    ("M1 days of sustained fires", ("fires",)),
    ("M2 months to replenish (dashed: as seen)", ("replenish", "replenish_seen")),
    ("M3 output against the start (dashed: announced)", ("output", "announced")),
    ("M4 fragile share", ("fragile",)),
    ("M5 assured supply (dashed: dependence)", ("assured", "dependence")),
    ("M7 cohesion (dashed: kept)", ("cohesion", "kept")),
    *((f"M6 view of the {name}, 0-100", (f"view {name}",)) for name in MINDSETS),
)
STYLES = ("-", "--")
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
COLOURS = ("#dbe9f6", "#bfd8ee", "#94c2e2", "#5fa2d0", "#2f79b5", "#0b4a85")


def plot_deterrence(results: Results, path: Path) -> None:
    """Draw M1-M7 as fans of worlds, and the share of worlds on each step by mindset."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    figure = Figure(figsize=(13.0, 12.0), layout="constrained")
    axes = figure.subplots(4, 3).ravel()
    years = (results.scenario.start + np.arange(results.months)) / 12
    for axis, (title, series) in zip(axes, PANELS, strict=False):
        draw_fan(axis, results, years, series)
        dress(axis, title)
    for axis, n in zip(axes[len(PANELS) :], range(len(MINDSETS)), strict=True):
        draw_ladder(axis, results, years, n)
    patches = [
        Patch(facecolor=colour, hatch=hatch, label=rung.title)
        for colour, hatch, rung in zip(COLOURS, HATCHES, ladder(), strict=True)
    ]
    figure.legend(handles=patches, loc="outside lower center", ncols=len(patches), fontsize=8)
    figure.suptitle(f"{results.scenario.title}, {results.policy.name}: median, 50 % and 90 % of "
                    f"{len(results.worlds)} worlds. {LABEL}", fontsize=11)  # fmt: skip
    figure.savefig(path, dpi=100, metadata={"Software": None})


def draw_fan(axis: Axes, results: Results, years: np.ndarray, series: tuple[str, ...]) -> None:
    """Draw the first series with its bands and every series' median."""
    first = results.metric(series[0])
    for low, high, opacity in FANS:
        edges = np.quantile(first, (low, high), axis=0)
        axis.fill_between(years, *edges, color=BAND, alpha=opacity, linewidth=0)
    for name, style in zip(series, STYLES, strict=False):
        axis.plot(years, np.median(results.metric(name), axis=0), style, color=LINE, lw=1.4)
    axis.set_ylim(bottom=0)


def draw_ladder(axis: Axes, results: Results, years: np.ndarray, mindset: int) -> None:
    """Stack the shares of worlds by the highest step that stands, for one mindset."""
    mine = results.metric("mindset")[:, -1] == mindset
    title = f"Ladder of the {MINDSETS[mindset]}: {mine.sum()} worlds"
    if mine.any():
        highest = results.metric("rung")[mine]
        parts = [(highest == n + 1).mean(axis=0) for n in range(len(RUNGS))]
        areas = axis.stackplot(years, *parts, colors=COLOURS)
        for area, hatch in zip(areas, HATCHES, strict=True):
            area.set_hatch(hatch)
    axis.set_ylim(0, 1)
    axis.set_xlim(years[0], max(years[-1], years[0] + 1 / 12))  # a single month too
    dress(axis, title)


def dress(axis: Axes, title: str) -> None:
    """Give a panel its title and take its frame away."""
    axis.set_title(title, fontsize=9, loc="left")
    axis.tick_params(labelsize=7)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
