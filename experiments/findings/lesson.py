"""What a lesson consists of, and how its pictures look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito (2008): told apart by colour-blind readers, and in grey by their lightness.
BLUE, ORANGE, RED, GREEN, GREY = "#0072B2", "#E69F00", "#D55E00", "#009E73", "#8A8A8A"
STYLE: Any = {
    "svg.hashsalt": "mobilize",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.5,
}
WIDE = 8.0  # inches
Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Lesson:
    """One lesson: what it says, the experiment behind it, and how that is told.

    `find` runs the experiment and returns its figures; `draw`, `told`, `table` and `alt` turn
    them into a picture, sentences, the table beside the picture (heads first) and the text in
    the picture's place.
    """

    name: str
    title: str
    find: Callable[[], Any]
    draw: Callable[[Any], Figure]
    told: Callable[[Any], str]
    table: Callable[[Any], Rows]
    alt: Callable[[Any], str]
    mechanism: str
    limits: str


def panels(count: int, height: float = 3.0, **how: Any) -> tuple[Figure, list[Axes]]:
    """Return a figure with panels side by side."""
    figure = Figure(figsize=(WIDE, height), layout="constrained")
    axes = figure.subplots(1, count, squeeze=False, **how)
    return figure, list(axes.ravel())


def label(axis: Axes, x: float, y: float, text: str, colour: str = "black", **how: Any) -> None:
    """Write what a line or bar is right beside it."""
    axis.text(x, y, text, color=colour, **{"va": "center", "fontsize": 8, **how})


def save(lesson: Lesson, figures: Any, path: Path) -> None:
    """Draw a lesson's picture as SVG."""
    write(lambda: lesson.draw(figures), path)


def write(draw: Callable[[], Figure], path: Path) -> None:
    """Draw a picture in the style of the pages and write it as SVG, the same bytes each time."""
    with rc_context(STYLE):
        draw().savefig(path, format="svg", metadata={"Date": None, "Creator": None})
