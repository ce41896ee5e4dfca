"""Pictures of the stress analysis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from mobilize.removal import Removal
    from mobilize.stress import Node

LOOK = {  # colour, hatch and mark of a node's state: never by colour alone
    "fragile": ("#D55E00", "///", "x"),
    "late": ("#E69F00", "..", "^"),
    "safe": ("#0072B2", "", "o"),
}
SHOWN = 40  # failures drawn at most
PREDICTED, SIMULATED = "#0072B2", "#D55E00"


def plot_survival(nodes: Sequence[Node], path: Path) -> None:
    """Draw time to survive as a bar and time to recover as a mark, a node to a row."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure = Figure(figsize=(8.5, 1.6 + 0.3 * len(nodes)), layout="constrained")
    axis = figure.subplots()
    ends = [t for n in nodes for t in (n.survives, n.recovers) if np.isfinite(t)]
    edge = 1.1 * max(ends, default=1.0)
    for row, node in enumerate(nodes):
        colour, hatch, mark = LOOK[node.state]
        axis.barh(row, min(node.survives, edge), color=colour, hatch=hatch, edgecolor="white")
        axis.plot(node.recovers, row, mark, color="black", markersize=7)
    axis.set_yticks(range(len(nodes)), [n.name for n in nodes], fontsize=8)
    axis.invert_yaxis()
    axis.set_xlim(0, edge)
    axis.set_xlabel("months; a bar that reaches the edge never ends")
    axis.set_title("Time to survive (bar) and time to recover (mark)", fontsize=10, loc="left")
    keys: list[Any] = [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=f"{state}: survives")
        for state, (colour, hatch, _) in LOOK.items()
    ]
    keys += [
        Line2D([], [], color="black", marker=mark, linestyle="", label=f"{state}: recovers")
        for state, (_, _, mark) in LOOK.items()
    ]
    figure.legend(handles=keys, loc="outside lower center", fontsize=7, ncols=3)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def plot_failures(found: Removal, path: Path) -> None:
    """Draw the order of failure: the predicted and the simulated month of each."""
    from matplotlib.figure import Figure

    rows = min(SHOWN, len(found.falls))
    figure = Figure(figsize=(8.5, 1.5 + 0.24 * rows), layout="constrained")
    axis = figure.subplots()
    draw_failures(axis, found)
    axis.set_xlabel(
        f"months since {found.node} stopped, for {found.months} (grey); open diamond predicted, "
        "dot simulated"
    )
    axis.set_title(f"What fails when {found.node} stands still", fontsize=10, loc="left")
    figure.savefig(path, dpi=110, metadata={"Software": None})


def draw_failures(axis: Axes, found: Removal) -> None:
    """Draw the first failures in a panel: an open diamond predicted, a dot simulated."""
    falls = found.falls[:SHOWN]
    axis.axvspan(0, found.months, color="#EEEEEE")
    for row, fall in enumerate(falls):
        if fall.predicted is not None:
            axis.plot(fall.predicted, row, "D", color=PREDICTED, fillstyle="none")
        if fall.simulated is not None:
            axis.plot(fall.simulated, row, "o", color=SIMULATED, markersize=4)
    labels = [f"{f.name} (program)" if f.kind == "program" else f.name for f in falls]
    axis.set_yticks(range(len(falls)), labels, fontsize=7)
    axis.invert_yaxis()
