"""What packages do: paired differences, months drawn, what a gain costs, and the front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.outcome import Outcome
from experiments.report.blocks import Block, Cell, Fold, Marked, Part, Picture, Table, Text
from experiments.report.drawing import bare, colour, drawn, mark, zero
from experiments.report.facts import PER, Facts
from experiments.report.style import FAINT
from experiments.report.words import (
    SPACE,
    between,
    count,
    cut,
    figure,
    level,
    listed,
    percent,
    quoted,
    scale,
    signed,
    some,
    unit,
)
from mobilize.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = 3
MOST = 1000  # times narrower that are told
NAME = 34  # characters of a package beside a picture
MANY = 3  # outcomes whose effect on cost stays unfolded
VERDICTS = {
    "dominates": "better and no dearer",
    "buys": "buys a gain",
    "same": "changes neither",
    "saves": "saves money, loses some",
    "dominated": "worse and no cheaper",
}


def differences(facts: Facts) -> list[Block]:
    """Return paired differences to the baseline, drawn and as a table."""
    at, over = facts.at_nominal, facts.over_futures
    if at is None or facts.nominal is None:
        return [_levels(facts)] if facts.nominal is not None else []
    told: list[Block] = [Text(
        f"Each package against {quoted(facts.packages[facts.baseline])} in the same worlds and the "
        f"same luck. At the usual values: {facts.nominal.told()}"
        + (f" Sampled: {facts.sampled.told()}" if facts.sampled else "")
    )]  # fmt: skip
    told.append(_forest(facts, at, over))
    tables = _tables(facts, at, "at the usual values")
    told += tables[:MANY]
    if len(tables) > MANY:
        told.append(Fold("The other outcomes", tables[MANY:], keep=False))
    if over is not None:
        tables = _tables(facts, over, "over the sampled futures")
        told.append(Fold("The same over the sampled futures", tables, keep=False))
    told.append(
        Text(
            "Narrower by: how many times wider the interval would be had the packages not "
            "met the same worlds.",
            "muted",
        )
    )
    return [Part("What each package changes", told)]


def _levels(facts: Facts) -> Block:
    assert facts.nominal is not None
    means = facts.nominal.frame.groupby("package")[[o.name for o in facts.outcomes]].mean()
    rows = [(facts.title(o), o.unit, figure(means[o.name].iloc[0], o)) for o in facts.outcomes]
    return Table(("outcome", "unit", "mean"), rows, f"The one package: {facts.nominal.told()}")


def _forest(facts: Facts, at: pd.DataFrame, over: pd.DataFrame | None) -> Picture:
    names = [cut(facts.packages[p], NAME) for p in facts.others]
    count_rows = -(-len(facts.outcomes) // COLUMNS)

    def draw(figure: Figure) -> None:
        grid = figure.subplots(count_rows, min(COLUMNS, len(facts.outcomes)), squeeze=False,
                               sharey=True).ravel()  # fmt: skip
        for axis, outcome in zip(grid, facts.outcomes, strict=False):
            for frame, shift, hollow in ((at, -0.14, False), (over, 0.14, True)):
                if frame is not None:
                    _bars(axis, facts, frame[frame["outcome"] == outcome.name], outcome, shift,
                          hollow)  # fmt: skip
            zero(axis)
            bare(axis)
            axis.set_yticks(range(len(names)), names)
            axis.set_ylim(len(names) - 0.4, -0.6)
            axis.margins(x=0.08)
            axis.locator_params(axis="x", nbins=4)
            better = "\u2190 better" if outcome.goal == "less" else "better \u2192"
            axis.set_xlabel(f"{cut(unit(outcome), 30)}   {better}", fontsize=8)
            axis.set_title(cut(facts.title(outcome), 38), fontsize=8.5, loc="left")
        for axis in grid[len(facts.outcomes) :]:
            axis.set_visible(False)

    said = (
        f"Differences to the baseline with {level()} intervals, corrected for the number of "
        "packages: full marks at the usual values, hollow ones over the sampled futures. What "
        "crosses the line in the middle may be chance."
    )
    label = "Paired differences to the baseline by outcome and package; figures in the table below."
    return drawn("differences", label, said, draw,
                 (9.6, count_rows * (1.0 + 0.32 * len(names))))  # fmt: skip


def _bars(
    axis: Axes, facts: Facts, rows: pd.DataFrame, outcome: Outcome, shift: float, hollow: bool
) -> None:
    for y, row in enumerate(rows.to_dict("records")):
        n = list(facts.packages).index(row["package"])
        x, ends = row["difference"], np.array([row["adjusted_low"], row["adjusted_high"]])
        axis.plot(ends * scale(outcome), [y + shift] * 2, color=colour(n), linewidth=1.8)
        axis.plot(x * scale(outcome), y + shift, mark(n), color=colour(n), markersize=5,
                  markerfacecolor="none" if hollow else colour(n))  # fmt: skip


def _tables(facts: Facts, frame: pd.DataFrame, where: str) -> list[Block]:
    """Return a table of differences for each outcome."""
    return [_table(facts, frame[frame["outcome"] == o.name], o, where) for o in facts.outcomes]


def _table(facts: Facts, frame: pd.DataFrame, outcome: Outcome, where: str) -> Table:
    heads = ("package", "difference", f"{level()} interval", "bootstrap",
             "for all packages at once", "better / same / worse in", "narrower by")  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for row in frame.to_dict("records"):
        ends = [between(row[f"{k}low"], row[f"{k}high"], outcome)
                for k in ("", "bca_", "adjusted_")]  # fmt: skip
        shares = [percent(row[k]).rstrip(f"{SPACE}%") for k in ("better", "same", "worse")]
        narrower = _times(row["narrower"])
        rows.append((facts.packages[row["package"]], _shade(row, outcome), *ends,
                     f"{' / '.join(shares)}{SPACE}%", narrower))  # fmt: skip
    base = f"{figure(frame['baseline_mean'].iloc[0], outcome)} {unit(outcome)}"
    n = count(int(frame["n"].iloc[0]), frame["unit"].iloc[0])
    told = f"{facts.title(outcome)} [{unit(outcome)}], {outcome.goal} is better"
    return Table(heads, rows, f"{told}. Baseline {base}; {where}, {n}.")


def _times(narrower: float) -> str:
    if narrower != narrower:
        return "-"
    return f"{narrower:,.1f}x" if narrower < MOST else f">{MOST:,}x"


def _shade(row: Any, outcome: Outcome) -> Cell:
    """Return a difference, shaded where its corrected interval leaves out zero."""
    told = signed(row["difference"], outcome)
    low, high = row["adjusted_low"], row["adjusted_high"]
    if not (low > 0.0 or high < 0.0):
        return told
    good = (row["difference"] > 0.0) == (outcome.goal == "more")
    return Marked(told, "good" if good else "bad")


def costs(facts: Facts) -> list[Block]:
    """Return what gains cost, drawn and as tables, and the front of what is traded."""
    cost = facts.cost
    gains = [o for o in facts.outcomes if o is not cost]
    told: list[Block] = []
    tables = [(o, t) for o in gains if (t := facts.effectiveness(o)) is not None]
    if cost is not None and tables:
        told.append(_plane(facts, tables, cost))
        parts = [_effect_table(facts, o, t, cost) for o, t in tables]
        told += parts[:MANY]
        if len(parts) > MANY:
            told.append(Fold("The other outcomes", parts[MANY:], keep=False))
    if facts.front is not None:
        told.append(_front_table(facts))
    return [Part("What a gain costs", told)] if told else []


def _plane(facts: Facts, tables: list[tuple[Outcome, pd.DataFrame]], cost: Outcome) -> Picture:
    shown = tables[:6]
    lines = -(-len(shown) // COLUMNS)

    def draw(figure: Figure) -> None:
        grid = figure.subplots(lines, min(COLUMNS, len(shown)), squeeze=False).ravel()
        for axis, (outcome, table) in zip(grid, shown, strict=False):
            for row in table.to_dict("records"):
                n = list(facts.packages).index(row["package"])
                by = scale(outcome)
                ends = ((row["extra_low"], row["extra_high"]), (row["gain"] * by,) * 2)
                axis.plot(*ends, color=colour(n), linewidth=1.2)
                ends = ((row["extra"],) * 2, (row["gain_low"] * by, row["gain_high"] * by))
                axis.plot(*ends, color=colour(n), linewidth=1.2)
                axis.plot(row["extra"], row["gain"] * by, mark(n), color=colour(n), markersize=6)
            axis.axhline(0.0, color=FAINT, linewidth=0.9)
            zero(axis)
            axis.margins(0.12)
            axis.locator_params(nbins=4)
            axis.tick_params(labelsize=8)
            axis.set_title(cut(facts.title(outcome), 38), fontsize=8.5, loc="left")
            axis.set_xlabel(f"extra cost, {cost.unit}", fontsize=8)
            axis.set_ylabel(f"gain, {cut(unit(outcome), 24)}", fontsize=8)
        for axis in grid[len(shown) :]:
            axis.set_visible(False)
        _legend(figure, facts, facts.others)

    over = "the sampled futures" if facts.sampled else "the worlds at the usual values"
    said = (
        f"Gain (up is better) against extra cost (left is cheaper), means over {over} with "
        f"{level()} intervals. What lies above and left of another beats it in both."
    )
    label = "Gain against extra cost by package, a panel an outcome; figures in the tables below."
    return drawn("cost", label, said, draw, (9.6, 0.5 + 2.5 * lines))


def _legend(figure: Figure, facts: Facts, packages: Sequence[str], lines: bool = False) -> None:
    from matplotlib.lines import Line2D

    order = list(facts.packages)
    handles = [
        Line2D([], [], color=colour(order.index(p)), label=cut(facts.packages[p], NAME),
               marker=mark(order.index(p)), markersize=5, linestyle="-" if lines else "none")
        for p in packages
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower left", ncols=3, frameon=False, fontsize=8)


def _effect_table(facts: Facts, outcome: Outcome, table: pd.DataFrame, cost: Outcome) -> Table:
    rows = [
        (facts.packages[r["package"]], signed(r["gain"], outcome),
         between(r["gain_low"], r["gain_high"], outcome), signed(r["extra"], cost),
         between(r["extra_low"], r["extra_high"], cost),
         VERDICTS[r["verdict"]] + ("" if r["clear"] else " (not told from chance)"),
         figure(r["ratio"], outcome), between(r["low"], r["high"], outcome, sign=False))
        for r in table.to_dict("records")
    ]  # fmt: skip
    heads = ("package", f"gain [{unit(outcome)}]", "interval", f"extra cost [{cost.unit}]",
             "interval", "verdict", f"gain for {number(PER)} {cost.unit}", "interval")  # fmt: skip
    return Table(heads, rows, f"{facts.title(outcome)}: gain for what it costs; positive is better")


def _front_table(facts: Facts) -> Table:
    assert facts.front is not None
    assert facts.base is not None
    rows: list[Sequence[Cell]] = []
    by_name = {r["package"]: r for r in facts.front.to_dict("records")}
    for name in facts.packages:
        row = by_name[name]
        beaten = some([facts.packages[p] for p in row["beaten_by"]], 3)
        means = [_mean(row, o) for o in facts.traded]
        on = Marked("on the front", "good") if row["on_front"] else f"beaten by {beaten}"
        rows.append((facts.packages[name], *means, on, percent(row["share"])))
    heads = (
        "package",
        *(f"{facts.title(o)} [{unit(o)}]" for o in facts.traded),
        "standing",
        "stays on it in",
    )
    titles = listed(quoted(facts.title(o), 60) for o in facts.traded)
    said = (
        f"The front of {titles}: packages that no other beats in all. Stays on it in: share "
        f"of resamples of the {facts.base.unit}s."
    )
    return Table(heads, rows, said)


def _mean(row: Any, outcome: Outcome) -> str:
    ends = between(row[f"{outcome.name}_low"], row[f"{outcome.name}_high"], outcome, sign=False)
    return f"{figure(row[outcome.name], outcome)} ({ends})"
