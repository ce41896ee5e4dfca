"""Months behind the outcomes: by quarter, for each package, at the usual values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.outcome import Outcome
from experiments.report.blocks import Block, Fold, Part, Picture, Table
from experiments.report.drawing import colour, drawn
from experiments.report.facts import Facts
from experiments.report.style import FAINT
from experiments.report.words import cut, in_parts, quoted, unit
from experiments.work import QUARTER
from mobilize.scenario import months
from mobilize.state import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import MultipleLocator

SHARES = (0.1, 0.5, 0.9)
ACROSS = 4  # panels side by side at most
OPEN = 3  # outcomes whose fan stays unfolded
YEAR = 4  # quarters
Fan = dict[str, Floats]
"""By package the 10, 50 and 90 % of worlds in each quarter, shape (3, quarters)."""


def fans(facts: Facts) -> list[Block]:
    """Return pictures of the quarters, a panel a package, and tables of them."""
    found = _fans(facts)
    told: list[Block] = [
        block
        for n, o in enumerate(facts.outcomes[:OPEN])
        if o.name in found
        for block in _of(facts, o, found[o.name], n)
    ]
    rest = [
        block
        for n, o in enumerate(facts.outcomes[OPEN:], OPEN)
        if o.name in found
        for block in _of(facts, o, found[o.name], n)
    ]
    if rest:
        told.append(Fold("The other outcomes by quarter", rest, keep=False))
    return [Part("How it goes, quarter by quarter", told)] if told else []


def _of(facts: Facts, outcome: Outcome, fan: Fan, n: int) -> list[Block]:
    title = f"Figures by quarter: {cut(facts.title(outcome), 70)}"
    table = _table(facts, outcome, fan)
    return [_picture(facts, outcome, fan, n), Fold(title, [table], keep=False)]


def _fans(facts: Facts) -> dict[str, Fan]:
    """Return the fan of every outcome by package."""
    found: dict[str, Fan] = {}
    for outcome in facts.outcomes:
        worlds = {name: facts.results.fan(outcome.name, name) for name in facts.packages}
        fan = {name: np.quantile(w, SHARES, axis=0) for name, w in worlds.items() if len(w)}
        if fan:
            found[outcome.name] = fan
    return found


def _dates(facts: Facts) -> tuple[Floats, list[str]]:
    """Return the middle of each quarter in years, and the month in which it begins."""
    start, length = int(facts.about["start"]), int(facts.about["months"])
    firsts = np.arange(0, length, QUARTER)
    return (start + firsts + QUARTER / 2) / 12, [months.label(start + m) for m in firsts.tolist()]


def _measured(outcome: Outcome) -> str:
    """Return the unit of the months behind an outcome: what happens is told by month."""
    if outcome.how == "sum":
        return f"{unit(outcome)} a month"
    if outcome.how in ("ever", "share of months") or outcome.how.startswith(
        ("months until", "share of months")
    ):
        return "what is counted"
    return unit(outcome)


def _by(outcome: Outcome) -> float:
    plain = outcome.how in ("mean", "last", "lowest", "highest", "sum")
    return 100.0 if plain and in_parts(outcome) else 1.0


def _picture(facts: Facts, outcome: Outcome, fan: Fan, n: int) -> Picture:
    packages = [p for p in facts.packages if p in fan]
    lines = -(-len(packages) // ACROSS)
    across = -(-len(packages) // lines)
    at, _ = _dates(facts)
    order = list(facts.packages)

    def panel(axis: Axes, name: str) -> None:
        k, by = order.index(name), _by(outcome)
        low, middle, high = fan[name] * by
        axis.fill_between(at[: len(low)], low, high, color=colour(k), alpha=0.22, linewidth=0)
        if name != facts.baseline and facts.baseline in fan:
            axis.plot(at, fan[facts.baseline][1] * by, color=FAINT, linewidth=1.1,
                      linestyle="--")  # fmt: skip
        axis.plot(at[: len(middle)], middle, color=colour(k), linewidth=1.8)
        axis.set_title(cut(facts.packages[name], 30), fontsize=8.5, loc="left")
        axis.tick_params(labelsize=7.5, labelbottom=True)
        axis.xaxis.set_major_locator(_whole_years(len(at)))
        axis.xaxis.set_major_formatter(lambda x, _: f"{x:.0f}")

    def draw(figure: Figure) -> None:
        grid = figure.subplots(lines, across, squeeze=False, sharex=True,
                               sharey=True)  # fmt: skip
        for axis, name in zip(grid.ravel(), packages, strict=False):
            panel(axis, name)
        for axis in grid.ravel()[len(packages) :]:
            axis.set_visible(False)
        figure.supylabel(cut(_measured(outcome), 34), fontsize=8)

    said = (
        f"{facts.title(outcome)}: quarterly means by package. Line: the median of the worlds at "
        "the usual values; band: 10 to 90 % of them; dashed: the median of the baseline."
    )
    label = f"{quoted(facts.title(outcome))} by quarter and package; figures in the table below."
    return drawn(f"fan-{n + 1}", label, said, draw, (9.6, 0.4 + 1.9 * lines))


def _whole_years(quarters: int) -> MultipleLocator:
    from matplotlib.ticker import MultipleLocator

    return MultipleLocator(max(1, round(quarters / YEAR / 4)))


def _table(facts: Facts, outcome: Outcome, fan: Fan) -> Table:
    _, dates = _dates(facts)
    by = _by(outcome)
    rows = []
    for n, date in enumerate(dates):
        cells = [date]
        for name in fan:
            low, middle, high = (f"{v * by:.4g}" for v in fan[name][:, n])
            cells.append(f"{middle} ({low} to {high})")
        rows.append(cells)
    heads = ("quarter from", *(facts.packages[name] for name in fan))
    return Table(heads, rows, f"{facts.title(outcome)} [{_measured(outcome)}]: median (10 to 90 %)")
