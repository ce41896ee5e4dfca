"""Pictures of the industrial gap: metrics as fans, the ladder, the waterfall of the worst month."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from agents.tables import ladder
from experiments.findings.gap import BASE, PACKAGES, Gap
from experiments.findings.lesson import BLUE, GREEN, RED, WIDE
from mobilize.ladder import MINDSETS
from mobilize.physics.reasons import TERMS
from mobilize.plots_deterrence import COLOURS, HATCHES, PANELS, draw_fan, draw_ladder, dress
from mobilize.state import Floats

LOOKS = {"ready-stock": (BLUE, "-"), "announced-ramp": (RED, ":"), "whole-chain": (GREEN, "-.")}


def years(found: Gap) -> Floats:
    """Return the months of the run as years."""
    base = found.runs[BASE]
    return (base.scenario.start + np.arange(base.months)) / 12


def draw_metrics(found: Gap) -> Figure:
    """Draw a panel a metric: the fan of worlds without change, the medians of the packages."""
    figure = Figure(figsize=(WIDE, 8.0), layout="constrained")
    when, base = years(found), found.drawn(BASE)
    drawn = {package: found.drawn(package) for package in LOOKS}
    for axis, (title, series) in zip(figure.subplots(3, 3).ravel(), PANELS, strict=True):
        draw_fan(axis, base, when, series)
        for package, (colour, dash) in LOOKS.items():
            median = np.median(drawn[package].metric(series[0]), axis=0)
            axis.plot(when, median, color=colour, linestyle=dash, lw=1.4, label=PACKAGES[package])
        dress(axis, title)
        axis.title.set_fontsize(8)
    handles, names = axis.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), frameon=False)
    return figure


def draw_ladders(found: Gap) -> Figure:
    """Draw the highest step that stands by share of worlds: rows packages, columns mindsets."""
    figure = Figure(figsize=(WIDE, 8.5), layout="constrained")
    rows = figure.subplots(len(PACKAGES), len(MINDSETS), sharex=True, sharey=True)
    for row, (package, title) in zip(rows, PACKAGES.items(), strict=True):
        for n, axis in enumerate(row):
            draw_ladder(axis, found.runs[package], years(found), n)
            axis.set_title(f"{title}, {MINDSETS[n]}", fontsize=8, loc="left")
    patches = [Patch(facecolor=colour, hatch=hatch, label=rung.title)
               for colour, hatch, rung in zip(COLOURS, HATCHES, ladder(), strict=True)]  # fmt: skip
    figure.legend(handles=patches, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    return figure


def fall(axis: Axes, parts: dict[str, float]) -> None:
    """Draw a waterfall: each part where the sum of those before it ends, then the sum."""
    ends = np.cumsum(list(parts.values()))
    for row, (size, end) in enumerate(zip(parts.values(), ends, strict=True)):
        axis.barh(row, size, left=end - size, color=RED if size > 0 else BLUE,
                  hatch="" if size > 0 else "//", edgecolor="white")  # fmt: skip
        axis.text(max(end, end - size) + 0.03, row, f"{size:+.2f}", va="center", fontsize=7)
    axis.barh(len(parts), ends[-1], color="black")
    axis.text(max(ends[-1], 0.0) + 0.03, len(parts), f"{ends[-1]:+.2f}", va="center", fontsize=7)
    axis.axvline(0.0, color="black", linewidth=0.6)
    axis.set_yticks(range(len(parts) + 1), [*parts, "acting less waiting"], fontsize=8)
    axis.invert_yaxis()
    axis.set_xlabel("utility, notional", fontsize=8)


def waterfall(found: Gap, package: str, mindset: str) -> dict[str, float]:
    """Return the reasons of a mindset in the worst month of that world, under a package."""
    drawn, worst = found.drawn(package), found.worst
    place = drawn.worlds.index(worst.world)
    return {t: float(drawn.metric(f"{mindset} {t}")[place, worst.month]) for t in TERMS}


def draw_waterfalls(found: Gap) -> Figure:
    """Draw what each mindset adds up in the worst month, without change."""
    figure = Figure(figsize=(WIDE, 3.2), layout="constrained")
    axes = figure.subplots(1, len(MINDSETS), sharex=True, sharey=True)
    for axis, mindset in zip(axes, MINDSETS, strict=True):
        fall(axis, waterfall(found, BASE, mindset))
        axis.set_title(mindset)
    axes[0].set_ylim(len(TERMS) + 0.6, -0.6)
    low, high = axes[0].get_xlim()
    axes[0].set_xlim(low - 0.1, high + 0.15)
    return figure


PICTURES: dict[str, Callable[[Gap], Figure]] = {
    "metrics": draw_metrics,
    "ladder": draw_ladders,
    "waterfall": draw_waterfalls,
}
