"""How pictures of a report are made: colours that follow the page's theme, marks by package."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from experiments.report.blocks import Picture
from experiments.report.style import FAINT, MARKS, ROLES, SERIES
from mobilize.game.pictures import svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = ("-", "--", "-.", ":")
GRID, AXES = "#e3e8ee", "#5b6675"  # of mobilize.game.pictures
_COLOURS = ROLES | {GRID: "rule", "#000000": "ink"}


def drawn(
    name: str, label: str, caption: str, draw: Callable[[Figure], None], size: tuple[float, float]
) -> Picture:
    """Return a picture; its colours follow the page, and stand alone where there is no page.

    Parameters
    ----------
    size : tuple of float
        Width and height, inches.
    """

    def spaced(figure: Figure) -> None:
        figure.set_layout_engine("constrained", h_pad=0.07, w_pad=0.06)
        draw(figure)

    return Picture(name, _themed(_rounded(svg(name, label, spaced, size))), label, caption)


def _themed(text: str) -> str:
    """Return SVG whose colours are variables of the page, with the colour itself as fallback."""

    def themed(found: re.Match[str]) -> str:
        name = _COLOURS.get(found[2])
        return f"{found[1]}var(--{name}, {found[2]})" if name else found[0]

    return re.sub(r"((?:fill|stroke): ?)(#[0-9a-f]{6})", themed, text)


def _rounded(text: str) -> str:
    """Return SVG with coordinates of two digits: a hundredth of a point is not seen."""
    return re.sub(r"(?<=[ \"(,])(-?\d+\.\d{3,})", lambda n: f"{float(n[0]):.2f}".rstrip("0")
                  .rstrip("."), text)  # fmt: skip


def alone(picture: Picture) -> str:
    """Return the SVG of a picture as a file of its own, on white."""
    text = re.sub(r"var\(--[a-z0-9]+, (#[0-9a-f]{6})\)", r"\1", picture.svg)
    head, rest = text.split(">", 1)
    return f'{head}><rect width="100%" height="100%" fill="#ffffff"/>{rest}'


def colour(n: int) -> str:
    """Return the colour of package `n`; the baseline is 0."""
    return SERIES[0] if n == 0 else SERIES[1 + (n - 1) % (len(SERIES) - 1)]


def mark(n: int) -> str:
    """Return the mark of package `n`."""
    return MARKS[n % len(MARKS)]


def dash(n: int) -> str | tuple[int, tuple[float, ...]]:
    """Return the line of package `n`; the baseline is dashed."""
    return "--" if n == 0 else DASHES[0 if n <= 7 else 2]


def zero(axis: Axes, vertical: bool = True) -> None:
    """Draw where nothing changes."""
    (axis.axvline if vertical else axis.axhline)(0.0, color=FAINT, linewidth=0.9)


def bare(axis: Axes) -> None:
    """Leave the lines of rows away: their names are enough."""
    axis.grid(True, axis="x")
    axis.grid(False, axis="y")
    axis.tick_params(axis="y", length=0)
    axis.tick_params(labelsize=8)
