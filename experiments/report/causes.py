"""Which assumptions matter: tornado, Morris' measures, Sobol' indices, shares of variance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.catalogue import PLACE
from experiments.factor import Factor
from experiments.outcome import Outcome
from experiments.report.answer import telling
from experiments.report.blocks import Block, Cell, Fold, Part, Picture, Table, Text
from experiments.report.drawing import bare, colour, drawn, zero
from experiments.report.facts import Facts, Weights
from experiments.report.words import (
    between,
    count,
    cut,
    figure,
    gap_unit,
    level,
    percent,
    percents,
    quoted,
    scale,
    signed,
    some,
)
from mobilize.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TOP = 12  # factors drawn and shown unfolded
NAMED = 3
TITLES = {
    "one-at-a-time": "Each assumption moved alone",
    "morris": "Which assumptions matter (Morris\u2019 screening)",
    "saltelli": "Which assumptions matter (Sobol\u2019 indices)",
    "share": "Which assumptions matter",
}
SAYS = {
    "one-at-a-time": "Each assumption goes alone to the ends of its range, all others at their "
    "usual values, in the same worlds. Interactions do not show.",
    "morris": "Mu*: mean size of the change when an assumption moves, scaled to its whole range, "
    "from several starting points; sigma: how much that change differs between them "
    "(interactions and curves).",
    "saltelli": "S1: share of the variance between futures that an assumption explains alone; ST: "
    "with all its interactions. Estimates may lie below 0 or above 1 by chance.",
    "share": "Share of the variance between futures that goes with one assumption alone, estimated "
    "from the sampled futures. What matters only together with others does not show.",
}


def causes(facts: Facts) -> list[Block]:
    """Return which assumptions matter for the main outcome, and in short for the others."""
    weights = facts.weights
    if weights is None or weights.frame.empty:
        return []
    package, baseline = facts.weighed
    what = quoted(facts.packages[package])
    what = f"the difference of {what} to the baseline in" if baseline else f"{what} in"
    told: list[Block] = [
        Text(f"For {what} {quoted(facts.title(facts.main))}. {SAYS[weights.kind]}")
    ]
    told.append(_picture(facts, weights))
    whole = _table(facts, weights)
    heads, rows, caption = whole.heads, whole.rows, whole.caption
    some_rows = _tops(weights) * (2 if weights.kind == "one-at-a-time" else 1)
    told.append(Table(heads, rows[:some_rows], caption))
    if len(rows) > some_rows:
        title = f"All {count(weights.frame['factor'].nunique(), 'assumption')}"
        told.append(Fold(title, [whole], keep=False))
    if len(facts.outcomes) > 1:
        told.append(_others(facts))
    return [Part(TITLES[weights.kind], told)]


def _tops(weights: Weights) -> int:
    return min(TOP, weights.frame["factor"].nunique())


def label_of(factor: Factor) -> str:
    """Return how an assumption is called."""
    return factor.title or factor.name


def _picture(facts: Facts, weights: Weights) -> Picture:
    names = weights.frame["factor"].drop_duplicates().head(TOP).tolist()
    labels = [cut(label_of(facts.factor(f)), 52) for f in names]

    def draw(figure: Figure) -> None:
        axis = figure.subplots()
        if weights.kind == "one-at-a-time":
            _tornado(axis, weights.frame, names, scale(facts.main))
        else:
            by = scale(facts.main) if weights.kind == "morris" else 100.0
            _bars(axis, weights.frame, by, weights.kind == "saltelli")
        zero(axis)
        bare(axis)
        axis.set_yticks(range(len(labels)), labels)
        axis.set_ylim(len(labels) - 0.4, -0.6)
        axis.set_xlabel(_axis(facts, weights.kind), fontsize=8)
        if weights.kind in ("one-at-a-time", "saltelli"):
            axis.legend(frameon=False, fontsize=8, loc="lower right")

    said = {
        "one-at-a-time": "Bars: change of the difference at the low and the high end (or at "
        "words); lines: intervals over worlds.",
        "morris": f"Bars: mu*; lines: its {level()} interval.",
        "saltelli": f"Bars: ST; marks: S1; lines: their {level()} intervals.",
        "share": f"Bars: shares of variance; lines: their {level()} intervals.",
    }[weights.kind]
    top = f"The {len(names)} that matter most of {weights.frame['factor'].nunique():,}. "
    return drawn("assumptions", f"Assumptions by importance: {some(labels, 5)}.", top + said, draw,
                 (9.0, 0.9 + 0.3 * len(names)))  # fmt: skip


def _axis(facts: Facts, kind: str) -> str:
    if kind == "one-at-a-time":
        return f"change, {gap_unit(facts.main)}"
    return f"mu*, {gap_unit(facts.main)}" if kind == "morris" else "% of variance between futures"


def _tornado(axis: Axes, frame: pd.DataFrame, names: list[str], by: float) -> None:
    told: set[str] = set()
    for row in frame[frame["factor"].isin(names)].to_dict("records"):
        y = names.index(row["factor"])
        n = {"low": 1, "high": 2, "word": 4}[row["end"]]
        words = None if row["end"] in told else {"low": "low end", "high": "high end"}.get(
            row["end"], "a word")  # fmt: skip
        told.add(row["end"])
        axis.barh(y, row["effect"] * by, color=colour(n), height=0.55, alpha=0.75, label=words)
        axis.plot([row["low"] * by, row["high"] * by], [y, y], color=colour(n), linewidth=1.6)


def _bars(axis: Axes, frame: pd.DataFrame, by: float, indices: bool) -> None:
    for y, row in enumerate(frame.head(TOP).to_dict("records")):
        first = y == 0
        axis.barh(y, row["value"] * by, color=colour(1), height=0.5, alpha=0.6,
                  label="ST" if first and indices else None)  # fmt: skip
        axis.plot([row["low"] * by, row["high"] * by], [y, y], color=colour(1), linewidth=1.6)
        if indices:
            axis.plot(row["S1"] * by, y + 0.28, "D", color=colour(2), markersize=4,
                      label="S1" if first else None)  # fmt: skip
            axis.plot([row["S1_low"] * by, row["S1_high"] * by], [y + 0.28] * 2, color=colour(2),
                      linewidth=1.2)  # fmt: skip


def range_words(factor: Factor) -> str:
    """Return the range of a factor with its unit."""
    if factor.words:
        return ", ".join(factor.words)
    if factor.unit == PLACE:
        return "low to high of each figure"
    unit = f" {factor.unit}" if factor.unit else ""
    return f"{number(factor.low)} to {number(factor.high)}{unit} (usual {number(factor.base)})"


def _table(facts: Facts, weights: Weights) -> Table:
    make = {
        "one-at-a-time": _of_ends,
        "morris": _of_morris,
        "saltelli": _of_indices,
        "share": _of_shares,
    }[weights.kind]
    heads, cells, caption = make(facts.main, weights.frame)
    rows = [
        (label_of(factor), range_words(factor), *told)
        for name, told in zip(weights.frame["factor"], cells, strict=True)
        for factor in [facts.factor(name)]
    ]
    return Table(("assumption", "range", *heads), rows, caption)


Cells = tuple[Sequence[str], list[Sequence[Cell]], str]


def _of_ends(main: Outcome, frame: pd.DataFrame) -> Cells:
    rows = [
        ((r["value"] if isinstance(r["value"], str) else number(r["value"])), r["end"],
         signed(r["effect"], main), between(r["low"], r["high"], main), figure(r["swing"], main),
         between(r["swing_low"], r["swing_high"], main, sign=False))
        for r in frame.to_dict("records")
    ]  # fmt: skip
    n = int(frame["n"].iloc[0])
    return (
        ("value", "end", f"change [{gap_unit(main)}]", "interval", "swing", "interval"),
        list(rows),
        f"Change against the usual values, {level()} intervals over {count(n, 'world')}",
    )


def _of_morris(main: Outcome, frame: pd.DataFrame) -> Cells:
    rows = [
        (figure(r["value"], main), between(r["low"], r["high"], main, sign=False),
         figure(r["sigma"], main), between(r["sigma_low"], r["sigma_high"], main, sign=False),
         signed(r["mu"], main), between(r["mu_low"], r["mu_high"], main))
        for r in frame.to_dict("records")
    ]  # fmt: skip
    n = int(frame["n"].iloc[0])
    return (
        (f"mu* [{gap_unit(main)}]", "interval", "sigma", "interval", "mu", "interval"),
        list(rows),
        f"Morris\u2019 measures from {count(n, 'trajectory', 'trajectories')}, {level()} intervals",
    )


def _of_indices(main: Outcome, frame: pd.DataFrame) -> Cells:
    rows = [
        tuple(text for k in ("value", "S1") for text in _index(r, k))
        for r in frame.rename(columns={"low": "value_low", "high": "value_high"}).to_dict("records")
    ]
    n, enough = int(frame["n"].iloc[0]), bool(frame["enough"].all())
    more = "" if enough else "; too few for a ranking to hold (about 512)"
    return (
        ("ST", "interval", "S1", "interval"),
        list(rows),
        f"Sobol\u2019 indices from {count(n, 'row')} of the design{more}; {level()} intervals",
    )


def _index(row: Any, name: str) -> tuple[str, str]:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    told = "-" if low != low else f"{low:.2f} to {high:.2f}"
    return f"{row[name]:.2f}".replace("-", "\u2212"), told.replace("-", "\u2212")


def _of_shares(main: Outcome, frame: pd.DataFrame) -> Cells:
    rows = []
    for r in frame.to_dict("records"):
        way = r["direction"]
        told = "-" if way != way else f"{way:+.2f}".replace("-", "\u2212")
        chance = "<0.001" if r["p_value"] < 0.001 else f"{r['p_value']:.3f}"
        rows.append((percent(r["value"]), percents(r["low"], r["high"]), told, chance))
    n = int(frame["n"].iloc[0])
    return (
        ("share of variance", "interval", "direction", "by chance"),
        list(rows),
        f"Shares over {count(n, 'sampled future')}, {level()} intervals. Direction: rank "
        "correlation, + means that more of it makes the difference larger. By chance: how often "
        "chance alone would set futures so far apart, corrected for the number of assumptions.",
    )


def _others(facts: Facts) -> Block:
    """Return which assumptions matter most for each of the other outcomes."""
    rows = []
    for outcome in facts.outcomes:
        if outcome is facts.main:
            continue
        weights = facts.weights_of(outcome)
        top = None if weights is None else telling(weights)
        names = [] if top is None else [label_of(facts.factor(f)) for f in top["factor"]]
        rows.append(
            (facts.title(outcome), some(names, NAMED) if names else "none told from chance")
        )
    return Table(("outcome", "assumptions that matter most"), rows,
                 "The same package, the other outcomes")  # fmt: skip
